"""What desk and applicant said to each other about a case, and what became of its parts, in the
reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.pages.desk_rows import whole
from app.pages.desk_steps import moment
from app.text import Language, dates, local, say

_SEPARATORS = {"zh": "；", "en": "; "}


@dataclass(frozen=True)
class NoticeLine:
    """One thing a notice asks for, and whether it was mended."""

    name: str
    points: list[str]
    text: str
    state: str = ""
    is_answered: bool = False


@dataclass(frozen=True)
class NoticeView:
    """One notice as its applicant reads it."""

    title: str
    note: str
    lines: list[NoticeLine] = field(default_factory=list)


@dataclass(frozen=True)
class QuestionView:
    """A question to the case and its answer."""

    id: str
    text: str
    asked: str
    answer: str
    answered: str
    may_answer: bool


@dataclass(frozen=True)
class OwedView:
    """A material that may come after the approval."""

    id: str
    name: str
    state: str
    tone: str
    note: str
    may_confirm: bool


@dataclass(frozen=True)
class PartView:
    """One part of a bundle with a decision of its own."""

    name: str
    state: str
    tone: str
    note: str


def _line(language: Language, item: dict[str, Any]) -> NoticeLine:
    is_answered = item.get("is_answered", False)
    state = say(language, f"desk.notice.{'answered' if is_answered else 'open'}")
    return NoticeLine(
        name=local(language, item["name"]),
        points=[local(language, point) for point in item["points"]],
        text=item["text"],
        state=state,
        is_answered=is_answered,
    )


def notice_view(language: Language, notice: dict[str, Any]) -> NoticeView:
    """A notice that was sent."""
    if notice["replied_at"]:
        key = "desk.notice.replied_late" if notice["is_late"] else "desk.notice.replied"
        came = say(language, key, at=moment(language, notice["replied_at"]))
    elif notice["is_open"]:
        key = "desk.notice.overdue" if notice["is_late"] else "desk.notice.due"
        came = say(language, key, day=dates.day(language, notice["due_at"]))
    else:
        came = say(language, "desk.notice.never")
    sent = say(
        language,
        "desk.notice.sent",
        at=moment(language, notice["sent_at"]),
        by=local(language, notice["by"]),
    )
    return NoticeView(
        title=say(language, "desk.notice.title", number=notice["number"]),
        note=f"{sent} · {came}",
        lines=[_line(language, item) for item in notice["items"]],
    )


def question_view(language: Language, question: dict[str, Any], *, may: bool) -> QuestionView:
    """A question, with who answered it and when."""
    answered = ""
    if question["answered_at"]:
        at = moment(language, question["answered_at"])
        answered = f"{local(language, question['by'])} · {at}"
    return QuestionView(
        id=question["id"],
        text=question["text"],
        asked=moment(language, question["asked_at"]),
        answer=question["answer"] or "",
        answered=answered,
        may_answer=may and not question["answered_at"],
    )


def owed_view(language: Language, owed: dict[str, Any], *, may: bool) -> OwedView:
    """A material that may come afterwards: until when, whether it came, whether it was taken."""
    status = owed["status"]
    tones = {"owed": "you", "handed_in": "they", "confirmed": "done"}
    notes = [say(language, "desk.owed.until", day=dates.day(language, whole(owed["until"])))]
    if owed["handed_in_at"] and status == "handed_in":
        at = moment(language, owed["handed_in_at"])
        notes.append(say(language, "desk.owed.came", at=at))
    if owed["text"] and status == "owed":
        notes.append(say(language, "desk.owed.sent_back", text=owed["text"]))
    if status == "confirmed":
        notes.append(f"{local(language, owed['by'])} · {moment(language, owed['confirmed_at'])}")
    return OwedView(
        id=owed["id"],
        name=local(language, owed["name"]),
        state=say(language, f"desk.owed.{status}"),
        tone=tones[status],
        note=" · ".join(notes),
        may_confirm=may and status == "handed_in",
    )


def part_view(language: Language, part: dict[str, Any]) -> PartView:
    """A part of a bundle: approved with its result, refused with the reason, or on its way."""
    tones = {"approved": "done", "refused": "late", "current": "they"}
    note = local(language, (part.get("result") or {}).get("name"))
    refusal = part["refusal"]
    if refusal:
        pieces = [local(language, refusal.get("name")), refusal.get("reason") or ""]
        pieces.append(
            say(language, "desk.refuse.basis", text=local(language, refusal.get("legal_basis")))
        )
        pieces.append(
            say(language, "desk.refuse.way_on", text=local(language, refusal.get("way_on")))
        )
        note = _SEPARATORS[language].join(piece for piece in pieces if piece)
    return PartView(
        name=local(language, part["name"]),
        state=say(language, f"desk.part.{part['state']}"),
        tone=tones.get(part["state"], "plain"),
        note=note,
    )


def stand_words(language: Language, stand: dict[str, Any] | None) -> str:
    """Why the clock stands, since when and until when; "" while it runs."""
    if not stand:
        return ""
    why = say(language, f"desk.stand.{stand['reason']}")
    since = say(language, "desk.stand.since", day=dates.day(language, stand["since"]))
    until = dates.day(language, whole(stand.get("until")))
    words = [say(language, "desk.stand.words", why=why, since=since)]
    if until:
        words.append(say(language, "desk.stand.words_until", day=until))
    if stand.get("text"):
        words.append(say(language, "desk.stand.words_text", text=stand["text"]))
    return ("" if language == "zh" else " ").join(words)
