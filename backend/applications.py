"""Applications: a person's case of a service, and what desks do with it. The transitions are SQL;
these are their verbs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from supabase import AsyncClient

from backend import forms
from backend.database import call
from backend.errors import Invalid, NotFound


class FormIncomplete(Invalid):
    """Fields that are missing or wrong, by error code."""

    code = "form_incomplete"

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(detail=json.dumps(problems))


class MaterialsMissing(Invalid):
    """Materials of the guide that are not there yet, by code."""

    code = "materials_missing"

    def __init__(self, materials: list[str]) -> None:
        self.materials = materials
        super().__init__(detail=json.dumps(materials))


@dataclass(frozen=True, slots=True)
class Saved:
    """Result of saving a draft: its version, and what another phone's text was replaced."""

    version: int
    overwritten: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the citizen gets for a submission."""

    application_id: str
    receipt_number: str
    case_code: str
    promised_at: str
    is_repeated: bool


async def start(db: AsyncClient, service_code: str) -> str:
    """Open a draft for a service, or the one that is open; returns its id. Raises NotFound
    service_not_applicable."""
    return await call(db, "start_application", service_code=service_code)


async def save_draft(
    db: AsyncClient, application_id: str, changes: dict[str, Any], *, base_version: int
) -> Saved:
    """Keep changed fields as typed (they may be wrong). Raises Conflict already_submitted, NotFound
    case_not_found."""
    answer = await call(
        db, "save_draft", application_id=application_id, changes=changes, base_version=base_version
    )
    return Saved(answer["version"], answer["overwritten"])


async def earlier(db: AsyncClient, application_id: str) -> dict[str, Any] | None:
    """The person's last case of the same service as this draft, {id, submitted_at,
    receipt_number}; None when there is none."""
    return await call(db, "earlier_application", application_id=application_id)


async def copy(db: AsyncClient, application_id: str, *, from_id: str) -> int:
    """Take the answers of an own earlier case over into an own draft, but nothing declared, signed
    or photographed; returns the draft's version. Raises NotFound case_not_found."""
    return await call(db, "copy_application", application_id=application_id, from_id=from_id)


async def discard_draft(db: AsyncClient, application_id: str) -> None:
    """Delete an own draft with its files."""
    await call(db, "discard_draft", application_id=application_id)


async def take_newest_guide(db: AsyncClient, application_id: str) -> None:
    """Move an own draft to the guide published now; typed text stays."""
    await call(db, "take_newest_guide", application_id=application_id)


async def page(db: AsyncClient, application_id: str) -> dict[str, Any]:
    """Everything a page about one case shows; shape as SQL application_page(). Raises NotFound
    case_not_found."""
    try:
        UUID(application_id)
    except ValueError:
        # An address that names no case at all is as unknown as somebody else's.
        raise NotFound("case_not_found") from None
    return await call(db, "application_page", application_id=application_id)


async def submit(
    db: AsyncClient, application_id: str, *, submission_key: str, today: date
) -> Receipt:
    """Hand a draft in. The same key, or the same draft, again: the same receipt.

    Raises FormIncomplete, MaterialsMissing, Conflict guide_changed, NotFound case_not_found.
    """
    current = await page(db, application_id)
    if current["case"]["status"] == "draft":
        found = forms.problems(current["form_schema"], current["form"], today=today)
        if found:
            raise FormIncomplete(found)
    try:
        answer = await call(
            db, "submit_application", application_id=application_id, submission_key=submission_key
        )
    except Invalid as error:
        if error.code == "form_incomplete":
            raise FormIncomplete(json.loads(error.detail)) from error
        if error.code == "materials_missing":
            raise MaterialsMissing(json.loads(error.detail)) from error
        raise
    return Receipt(**answer)


async def mine(
    db: AsyncClient, *, before: tuple[str, str] | None = None, limit: int = 20
) -> list[dict[str, Any]]:
    """Own cases and drafts, last changed first; `before` is (updated_at, id) of the last one
    shown."""
    return await call(
        db,
        "my_applications",
        before_at=before[0] if before else None,
        before_id=before[1] if before else None,
        limit=limit,
    )


async def home(db: AsyncClient) -> dict[str, Any]:
    """What the home of a signed-in person shows; shape as SQL home_page()."""
    return await call(db, "home_page")


async def withdraw(db: AsyncClient, application_id: str) -> None:
    """Take an own case back before it is decided. Raises Conflict already_decided."""
    await call(db, "withdraw_application", application_id=application_id)


async def queue(
    db: AsyncClient,
    *,
    after: tuple[str, str] | None = None,
    limit: int = 30,
    only_mine: bool = False,
) -> list[dict[str, Any]]:
    """Steps that wait for the caller's desks, due first, or only those they own or stand in for;
    `after` is (due_at, step_id) of the last one shown."""
    return await call(
        db,
        "desk_queue",
        after_due=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
        only_mine=only_mine,
    )


async def supervision(db: AsyncClient) -> dict[str, Any]:
    """Late and running steps of the county, without personal data. Raises NotAllowed
    not_your_desk."""
    return await call(db, "supervision_page")


async def forecast(
    db: AsyncClient, *, after: tuple[str, str] | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Running steps of the county, due first, each with its light and how far its case will miss
    its promise; `after` is (due_at, step_id) of the last one seen. Raises NotAllowed
    not_your_desk."""
    return await call(
        db,
        "supervision_forecast",
        after_due=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )


async def forward(db: AsyncClient, step_id: str, *, note: str = "") -> None:
    """Pass a case on from the window. Raises as every act of a desk: see case_acts."""
    await call(db, "forward_application", step_id=step_id, note=note)


async def approve(
    db: AsyncClient, step_id: str, *, note: str = "", owed: Sequence[dict[str, str]] = ()
) -> None:
    """Approve the department's step; `owed` are materials {material: code, until: date} that may
    come afterwards. Raises as forward(), Conflict step_referred, Invalid material_not_in_guide,
    until_invalid."""
    await call(
        db,
        "decide_application",
        step_id=step_id,
        decision="approve",
        reason=note,
        owed=list(owed),
    )


async def refuse(db: AsyncClient, step_id: str, *, reason_code: str, reason: str) -> None:
    """Refuse with a reason of the guide, which carries legal basis and the way on. Raises Invalid
    at its field."""
    await call(
        db,
        "decide_application",
        step_id=step_id,
        decision="refuse",
        reason_code=reason_code,
        reason=reason,
    )


async def reveal(db: AsyncClient, application_id: str, field_name: str, *, purpose: str) -> str:
    """One field of a case in the clear; staff's look is recorded for the applicant to read."""
    return await call(
        db, "reveal_field", application_id=application_id, field=field_name, purpose=purpose
    )
