"""Acts on a case between receipt and decision: what its applicant and its desks do with it while it
runs. The transitions are SQL; these are their verbs.

Every act of a desk raises NotFound case_not_found, NotAllowed own_case or not_your_step, Conflict
case_claimed or step_already_done (detail: who was faster), case_withdrawn, case_closed,
case_waits_for_citizen, case_suspended, step_not_current, and Invalid text_too_long.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict

from supabase import AsyncClient

from backend.applications import FormIncomplete
from backend.database import call
from backend.errors import Invalid


class NoticeUnanswered(Invalid):
    """Items of the notice that nothing was done about, by material code or field name."""

    code = "notice_unanswered"

    def __init__(self, items: list[str]) -> None:
        self.items = items
        super().__init__(detail=json.dumps(items))


class NoticeItem(TypedDict, total=False):
    """One thing to be mended: a `material` with `points` (0-based places among its acceptance
    points) or a `field`; `text` says what is wrong and how to mend it, 5 to 500 characters."""

    material: str
    field: str
    points: list[int]
    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """What the citizen gets for an answer: late ones are taken as well."""

    application_id: str
    replied_at: str
    is_late: bool
    promised_at: str
    is_repeated: bool


async def reply(db: AsyncClient, application_id: str, *, submission_key: str) -> Replied:
    """Hand in what the open notice asks for; the same key again: the same answer.

    Raises NoticeUnanswered, FormIncomplete, Conflict no_open_notice, case_withdrawn, case_closed.
    """
    try:
        answer = await call(
            db, "reply_to_notice", application_id=application_id, submission_key=submission_key
        )
    except Invalid as error:
        if error.code == "notice_unanswered":
            raise NoticeUnanswered(json.loads(error.detail)) from error
        if error.code == "form_incomplete":
            raise FormIncomplete(json.loads(error.detail)) from error
        raise
    return Replied(**answer)


async def ask(db: AsyncClient, application_id: str, text: str) -> str:
    """Ask an own case a question of 2 to 500 characters; returns its id. Raises Invalid
    question_needed, Conflict too_many_questions."""
    return await call(db, "ask_case", application_id=application_id, text=text)


async def ask_return(db: AsyncClient, application_id: str) -> None:
    """Ask the desk to send an own case back. Raises Conflict case_closed."""
    await call(db, "ask_return", application_id=application_id)


async def hand_in_owed(db: AsyncClient, owed_id: str) -> None:
    """Hand in a material that the approval still waits for. Raises Invalid owed_file_missing."""
    await call(db, "hand_in_owed", owed_id=owed_id)


async def claim(db: AsyncClient, application_id: str) -> None:
    """Take what runs of a case at the own desk: the first asked stays responsible."""
    await call(db, "claim_case", application_id=application_id)


async def hand_over(db: AsyncClient, application_id: str, person_id: str) -> None:
    """Give a case to a colleague of the same desk. Raises Invalid not_a_colleague."""
    await call(db, "hand_over_case", application_id=application_id, person_id=person_id)


async def send_notice(db: AsyncClient, application_id: str, items: list[NoticeItem]) -> str:
    """Say once and for all what is to be mended; returns the notice's id.

    Raises NotAllowed second_notice_needs_supervisor, Invalid notice_empty, material_not_in_guide,
    point_not_in_guide, notice_point_needed, field_not_in_form, notice_text_needed,
    notice_item_invalid (detail: material or field).
    """
    return await call(db, "send_notice", application_id=application_id, items=items)


async def ask_second_notice(db: AsyncClient, application_id: str, *, reason: str) -> None:
    """Ask the supervisor for another notice. Raises Conflict second_notice_not_needed, Invalid
    reason_needed."""
    await call(db, "ask_second_notice", application_id=application_id, reason=reason)


async def allow_second_notice(db: AsyncClient, application_id: str, *, reason: str) -> None:
    """A supervisor allows another notice; the window bears a mark for it. Raises as
    ask_second_notice()."""
    await call(db, "allow_second_notice", application_id=application_id, reason=reason)


async def refer_up(
    db: AsyncClient,
    step_id: str,
    *,
    level: Literal["prefecture", "province"] | str,
    authority: str,
    days: int,
    note: str = "",
) -> None:
    """Refer a step to a higher level for 1 to 90 working days. Raises Invalid authority_needed,
    days_invalid, choice_invalid, Conflict step_referred."""
    await call(
        db,
        "refer_up",
        step_id=step_id,
        to_level=level,
        authority=authority,
        days=days,
        note=note,
    )


async def record_referred_answer(
    db: AsyncClient,
    step_id: str,
    *,
    outcome: Literal["approve", "refuse"] | str,
    reference: str,
    note: str = "",
    reason_code: str = "",
) -> None:
    """What the higher level answered, by the number of its document, decides the step. Raises
    Invalid reference_needed and as applications.refuse(), Conflict step_not_referred."""
    await call(
        db,
        "record_referred_answer",
        step_id=step_id,
        outcome=outcome,
        note=note,
        reference=reference,
        reason_code=reason_code,
    )


async def suspend(
    db: AsyncClient, step_id: str, *, reason_code: str, text: str, until: date
) -> None:
    """Let the clock stand for site_visit, public_notice or expert_opinion, 180 days at most. Raises
    Invalid suspension_reason_needed, reason_needed, until_invalid."""
    await call(
        db,
        "suspend_case",
        step_id=step_id,
        reason_code=reason_code,
        text=text,
        until=until.isoformat(),
    )


async def resume(db: AsyncClient, application_id: str) -> None:
    """Let the clock of a suspended case go on."""
    await call(db, "resume_case", application_id=application_id)


async def send_back(db: AsyncClient, application_id: str, *, reason: str) -> None:
    """Return a case whose applicant asked for it or did not answer in time. Raises Conflict
    return_not_due, Invalid reason_needed."""
    await call(db, "return_application", application_id=application_id, reason=reason)


async def answer(db: AsyncClient, question_id: str, text: str) -> None:
    """Answer a question to the case, 2 to 1000 characters. Raises Conflict
    question_already_answered (detail: who), Invalid answer_needed."""
    await call(db, "answer_question", question_id=question_id, answer=text)


async def confirm_owed(db: AsyncClient, owed_id: str, *, is_accepted: bool, text: str = "") -> None:
    """Take a material that came after the approval, or send it back with what is wrong. Raises
    Conflict owed_not_handed_in, Invalid notice_text_needed."""
    await call(db, "confirm_owed", owed_id=owed_id, is_accepted=is_accepted, text=text)
