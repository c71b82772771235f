"""The lines of a desk's lists: what waits, what stands, what came afterwards, what was done, what
was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from app.pages.desk_steps import moment, short_title
from app.text import Language, dates, local, say
from app.views import grouped

_SOON_HOURS = 2


@dataclass(frozen=True)
class Mark:
    """A few words about a line that matter before it is opened; `tone` as of tags."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Row:
    """One line of a list: whose case, of what, until when; `tone` is late, you or ""."""

    key: str
    id: str
    link: str
    title: str
    note: str
    due: str
    tone: str
    due_at: str = ""
    marks: list[Mark] = field(default_factory=list)


def _link(case_id: str, view: str) -> str:
    return f"/desk/?id={case_id}" if view == "waiting" else f"/desk/?view={view}&id={case_id}"


def _claim(language: Language, item: dict[str, Any]) -> list[Mark]:
    owner = local(language, item.get("owner"))
    claim = item.get("claim")
    if item.get("is_own_case"):
        return [Mark(say(language, "desk.mark.own"), "late")]
    if claim == "mine":
        return [Mark(say(language, "desk.mark.mine"), "done")]
    if claim == "substitute":
        return [Mark(say(language, "desk.mark.substitute", who=owner), "done")]
    if claim == "other":
        return [Mark(say(language, "desk.mark.other", who=owner), "they")]
    return []


def _marks(language: Language, item: dict[str, Any]) -> list[Mark]:
    marks = _claim(language, item)
    if item.get("question_waits"):
        marks.append(Mark(say(language, "desk.mark.question"), "you"))
    if item.get("return_asked"):
        marks.append(Mark(say(language, "desk.mark.return_asked"), "you"))
    referral = item.get("referral")
    if referral:
        marks.append(
            Mark(say(language, "desk.mark.referral", authority=referral["authority"]), "they")
        )
    return marks


def queue_row(language: Language, item: dict[str, Any], view: str = "waiting") -> Row:
    """A step that waits; late ones say how late, those due soon say how soon."""
    hours = item["hours_left"]
    due, tone = dates.left(language, item["due_at"], item["days_left"]), ""
    if item["is_late"]:
        tone = "late"
    elif hours is not None and hours <= _SOON_HOURS:
        due, tone = say(language, "desk.due.hours", value=f"{hours:g}"), "you"
    notes = [
        say(language, f"desk.channel.{item['channel']}"),
        moment(language, item["submitted_at"]),
        say(language, f"kind.{item['kind']}"),
    ]
    return Row(
        key=item["step_id"],
        id=item["id"],
        link=_link(item["id"], view),
        title=short_title(language, item),
        note=" · ".join(notes),
        due=due,
        tone=tone,
        due_at=item["due_at"] or "",
        marks=_marks(language, item),
    )


def standing_row(language: Language, item: dict[str, Any]) -> Row:
    """A step whose clock stands, with why and until when."""
    stand = item["stand"] or {}
    until = dates.day(language, whole(stand.get("until")))
    return Row(
        key=item["step_id"],
        id=item["id"],
        link=_link(item["id"], "standing"),
        title=short_title(language, item),
        note=say(language, "desk.stand.since", day=dates.day(language, stand.get("since"))),
        due=say(language, "desk.stand.until", day=until) if until else "",
        tone="",
        marks=[
            Mark(say(language, f"desk.stand.{stand.get('reason', 'notice')}"), "they"),
            *_marks(language, item),
        ],
    )


def owed_row(language: Language, item: dict[str, Any]) -> Row:
    """A material that came after the approval."""
    return Row(
        key=item["owed_id"],
        id=item["id"],
        link=_link(item["id"], "owed"),
        title=short_title(language, item),
        note=local(language, item["name"]),
        due=moment(language, item["handed_in_at"]),
        tone="",
    )


def done_row(language: Language, item: dict[str, Any]) -> Row:
    """A step that the person finished."""
    outcome = say(language, f"desk.outcome.{item['outcome']}")
    return Row(
        key=f"{item['id']} {item['done_at']}",
        id=item["id"],
        link=_link(item["id"], "done"),
        title=short_title(language, item),
        note=f"{outcome} · {local(language, item['step'])}",
        due=moment(language, item["done_at"]),
        tone="",
    )


def found_row(language: Language, item: dict[str, Any]) -> Row:
    """A case that a search found."""
    return Row(
        key=item["id"],
        id=item["id"],
        link=_link(item["id"], "found"),
        title=short_title(language, item),
        note=grouped(item["receipt_number"]),
        due=say(language, f"desk.found.{item['status']}"),
        tone="",
    )


def row(language: Language, item: dict[str, Any], view: str) -> Row:
    """A line of the list that is being looked at."""
    match view:
        case "standing":
            return standing_row(language, item)
        case "owed":
            return owed_row(language, item)
        case "done":
            return done_row(language, item)
        case "found":
            return found_row(language, item)
        case _:
            return queue_row(language, item, view)


def whole(text: str | None) -> str | None:
    """A date of the database as a moment of that day; a moment stays what it is."""
    if text and len(text) == 10:
        return datetime.combine(
            datetime.fromisoformat(text).date(), time(12), dates.ZONE
        ).isoformat()
    return text


def following_case(rows: list[Row], case_id: str) -> str:
    """Which case to open after one is finished: the next of the list, else its first; "" when
    nothing is left."""
    ids = [row.id for row in rows]
    if case_id in ids:
        place = ids.index(case_id)
        ids = ids[place:] + ids[:place]
    return next((other for other in ids if other != case_id), "")
