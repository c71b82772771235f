"""A case as people at desks see it, and new people beside them."""

from collections.abc import Callable
from typing import Any

from county import Actor, DraftOf

MakeStaff = Callable[..., Actor]


def page(who: Actor, case: DraftOf) -> dict[str, Any]:
    return who.call("application_page", application_id=case.id)


def claim(who: Actor, case: DraftOf) -> None:
    who.call("claim_case", application_id=case.id)


def line_of(who: Actor, case: DraftOf, **which: Any) -> dict[str, Any] | None:
    lines = who.call("desk_queue", limit=100, **which)
    return next((line for line in lines if line["id"] == case.id), None)
