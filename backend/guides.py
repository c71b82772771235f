"""Guides as those write them who answer for them: drafts, a second person who publishes, the
quarterly check, and changes of laws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from supabase import AsyncClient

from backend import guide_check
from backend.config import Settings
from backend.database import call, service_db
from backend.errors import Conflict, Invalid
from backend.guide_fields import Body, Finding, at, changes, empty_item

ITEMS = (
    "content", "legal_basis", "conditions", "materials", "procedure", "promised", "fee", "result",
)  # fmt: skip
"""The eight public items (八公开)."""
PLACES = ("system", "portal", "printed")
"""Where a guide is read; all three must say the same."""


class GuideBroken(Invalid):
    """The draft cannot become a guide; `findings` say where and why."""

    code = "guide_broken"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        worst = next(f for f in findings if not f.is_warning)
        super().__init__(field=worst.path, detail=worst.detail or worst.path)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to: the version now, and others' texts that it replaced
    ({field, text, by, at})."""

    version: int
    replaced: list[dict[str, Any]]


async def desk(
    db: AsyncClient,
    *,
    view: str = "all",
    after: str = "",
    law_change_id: str | None = None,
    is_done: bool = False,
    limit: int = 50,
) -> dict[str, Any]:
    """Guides the caller writes; `view` is all, drafts, due or law. Raises NotAllowed
    guide_not_yours."""
    return await call(
        db,
        "guides_desk",
        view=view,
        after=after,
        law_change_id=law_change_id,
        is_done=is_done,
        limit=limit,
    )


async def record(
    db: AsyncClient, code: str, *, old: int | None = None, new: int | None = None
) -> dict[str, Any]:
    """Versions, checks, flags and the two bodies to compare; shape as SQL guide_record(). Raises
    NotAllowed guide_not_yours."""
    return await call(db, "guide_record", service_code=code, old=old, new=new)


async def open_draft(db: AsyncClient, code: str) -> str:
    """The open draft of a service's next guide, begun if there is none; returns its id."""
    return await call(db, "open_guide_draft", service_code=code)


async def draft(db: AsyncClient, draft_id: str) -> dict[str, Any]:
    """Everything the editor shows; shape as SQL guide_draft_page(). Raises NotAllowed
    guide_not_yours."""
    return await call(db, "guide_draft_page", draft_id=draft_id)


async def save(
    db: AsyncClient, draft_id: str, body: Body, typed: dict[str, Any], *, base_version: int
) -> Saved:
    """Keep what was typed, right or wrong; `body` is what the page had.

    Raises NotAllowed guide_not_yours, Conflict guide_draft_is_<status> or guide_draft_moved.
    """
    found = changes(body, typed)
    if not found:
        return Saved(base_version, [])
    answer = await call(
        db, "save_guide_draft", draft_id=draft_id, changes=found, base_version=base_version
    )
    return Saved(answer["version"], answer["replaced"])


async def change_list(
    db: AsyncClient,
    draft_id: str,
    body: Body,
    path: str,
    *,
    act: str,
    number: int = 0,
    version: int,
) -> int:
    """Add an item to a list of the draft, or remove, raise or lower one; returns the version.

    Raises Conflict guide_draft_moved, Invalid field_invalid.
    """
    items = list(cast("list[Any]", at(body, path) or []))
    other = number + {"up": -1, "down": 1}.get(act, 0)
    if act == "add":
        items.append(empty_item(path))
    elif not (0 <= number < len(items) and 0 <= other < len(items)):
        raise Invalid(field=path)
    elif act == "remove":
        del items[number]
    else:
        items[number], items[other] = items[other], items[number]
    return await call(
        db, "reshape_guide_draft", draft_id=draft_id, list=path, items=items, version=version
    )


def look_over(page: dict[str, Any]) -> list[Finding]:
    """What is wrong in a draft as draft() tells it."""
    return _reading(page).findings


def _reading(page: dict[str, Any]) -> guide_check.Reading:
    return guide_check.checked(
        page["body"],
        departments=[department["code"] for department in page["departments"]],
        is_applicable=page["is_applicable"],
    )


async def _attest(settings: Settings, page: dict[str, Any]) -> None:
    reading = _reading(page)
    if guide_check.is_broken(reading.findings):
        raise GuideBroken(reading.findings)
    await call(
        service_db(settings),
        "attest_guide_draft",
        draft_id=page["id"],
        version=page["version"],
        guide=reading.guide,
    )


async def propose(
    settings: Settings, db: AsyncClient, draft_id: str, *, effective_on: date
) -> None:
    """Ask a second person to publish the draft from a day on.

    Raises GuideBroken, Invalid effective_on_past or effective_on_far, Conflict
    guide_draft_is_<status>, guide_draft_unchanged.
    """
    page = await draft(db, draft_id)
    await _attest(settings, page)
    await call(
        db,
        "propose_guide_draft",
        draft_id=draft_id,
        version=page["version"],
        effective_on=effective_on.isoformat(),
    )


async def publish(
    settings: Settings, db: AsyncClient, draft_id: str, *, version: int
) -> dict[str, Any]:
    """Publish as the second person what this version proposes: {status, …}, on its day if that is
    still to come.

    Raises GuideBroken, NotAllowed own_guide_draft, Conflict guide_base_superseded,
    guide_draft_moved, guide_draft_is_<status>.
    """
    page = await draft(db, draft_id)
    if page["version"] != version:
        raise Conflict("guide_draft_moved")
    await _attest(settings, page)
    return await call(db, "publish_guide_draft", draft_id=draft_id, version=version)


async def reject(db: AsyncClient, draft_id: str, *, reason: str) -> None:
    """Send a proposal back with a reason. Raises NotAllowed own_guide_draft, Invalid
    reason_needed."""
    await call(db, "reject_guide_draft", draft_id=draft_id, reason=reason)


async def reopen(db: AsyncClient, draft_id: str) -> None:
    """Take a draft back to write on."""
    await call(db, "reopen_guide_draft", draft_id=draft_id)


async def rebase(db: AsyncClient, draft_id: str) -> None:
    """Go on from the version that was published meanwhile, with the draft's own text."""
    await call(db, "rebase_guide_draft", draft_id=draft_id)


async def give_up(db: AsyncClient, draft_id: str) -> None:
    """End a draft without publishing it."""
    await call(db, "withdraw_guide_draft", draft_id=draft_id)


async def propose_withdrawal(db: AsyncClient, code: str, *, reason: dict[str, str]) -> None:
    """Ask a second person to end a service, for a reason {zh, en} that people will read. Raises
    Invalid reason_needed_in_both, Conflict guide_withdrawn, guide_withdrawal_proposed."""
    await call(db, "propose_guide_withdrawal", service_code=code, reason=reason)


async def keep(db: AsyncClient, code: str) -> None:
    """Take back or turn down a proposal to end a service."""
    await call(db, "keep_guide", service_code=code)


async def withdraw(db: AsyncClient, code: str, *, proposed_at: str) -> None:
    """End a service as the second person, as it was proposed at that moment. Raises NotAllowed
    own_guide_withdrawal, Conflict guide_withdrawal_moved, guide_withdrawn."""
    await call(db, "withdraw_guide", service_code=code, proposed_at=proposed_at)


async def review(
    db: AsyncClient,
    code: str,
    *,
    version: int,
    result: str,
    notes: str,
    ticks: dict[str, dict[str, bool]],
) -> str | None:
    """Record a full check of the published guide; returns the draft that mends it, or None.

    Raises Invalid review_ticks_missing, reason_needed, choice_invalid, Conflict
    guide_changed_meanwhile.
    """
    found = await call(
        db,
        "record_guide_review",
        service_code=code,
        version=version,
        result=result,
        notes=notes,
        ticks=ticks,
    )
    return found["draft_id"]


async def enter_law_change(
    db: AsyncClient, *, law: str, article: str, changed_on: date, note: str
) -> dict[str, Any]:
    """Say that a law changed; returns {id, flagged}. Raises Invalid law_needed."""
    return await call(
        db,
        "enter_law_change",
        law=law,
        article=article,
        changed_on=changed_on.isoformat(),
        note=note,
    )


async def publish_due(db: AsyncClient) -> int:
    """Put in force what was published for today; `db` is the service. Returns how many."""
    return await call(db, "publish_due_guides")
