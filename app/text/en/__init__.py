"""The catalogue in English, gathered from one module per area."""

from app.text.en import (
    case,
    citizen,
    desk,
    desk_acts,
    errors,
    find,
    forms,
    guide,
    guides,
    shell,
    wallet,
)

TEXT: dict[str, str] = {
    **shell.TEXT,
    **errors.TEXT,
    **citizen.TEXT,
    **case.TEXT,
    **desk.TEXT,
    **desk_acts.TEXT,
    **find.TEXT,
    **forms.TEXT,
    **guide.TEXT,
    **guides.TEXT,
    **wallet.TEXT,
}
