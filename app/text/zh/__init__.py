"""The catalogue in Chinese, gathered from one module per area."""

from app.text.zh import citizen, desk, errors, forms, guide, shell, wallet

TEXT: dict[str, str] = {
    **shell.TEXT,
    **errors.TEXT,
    **citizen.TEXT,
    **desk.TEXT,
    **guide.TEXT,
    **forms.TEXT,
    **wallet.TEXT,
}
