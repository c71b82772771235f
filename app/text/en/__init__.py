"""The catalogue in English, gathered from one module per area."""

from app.text.en import citizen, desk, errors, forms, guide, shell, wallet

TEXT: dict[str, str] = {
    **shell.TEXT,
    **errors.TEXT,
    **citizen.TEXT,
    **desk.TEXT,
    **guide.TEXT,
    **forms.TEXT,
    **wallet.TEXT,
}
