"""The catalogue in English, gathered from one module per area."""

from app.text.en import citizen, desk, errors, find, forms, guide, shell, wallet

TEXT: dict[str, str] = {
    **shell.TEXT,
    **errors.TEXT,
    **citizen.TEXT,
    **desk.TEXT,
    **find.TEXT,
    **forms.TEXT,
    **guide.TEXT,
    **wallet.TEXT,
}
