"""The catalogue in Chinese, gathered from one module per area."""

from app.text.zh import citizen, desk, errors, find, forms, guide, guides, shell, wallet

TEXT: dict[str, str] = {
    **shell.TEXT,
    **errors.TEXT,
    **citizen.TEXT,
    **desk.TEXT,
    **find.TEXT,
    **forms.TEXT,
    **guide.TEXT,
    **guides.TEXT,
    **wallet.TEXT,
}
