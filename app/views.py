"""What pages show of a case or a service: rows in the reader's language, made of the database's
answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.text import Language, dates, local, say

LIFE_EVENTS: tuple[tuple[str, str], ...] = (
    ("birth", "child"),
    ("retirement", "elder"),
    ("medical", "medical"),
    ("housing", "house"),
    ("work", "work"),
    ("farm", "farm"),
    ("shop", "shop"),
)


@dataclass(frozen=True)
class CaseCard:
    """One case in a list: what it is, whose turn, until when, why it stands or what else waits;
    `asks` is what its owner has to do now (draft, mend, owed), else ""."""

    id: str
    title: str
    tag: str
    tone: str
    note: str
    more: str
    href: str
    is_draft: bool
    asks: str


@dataclass(frozen=True)
class ServiceRow:
    """One service in a list."""

    code: str
    title: str
    summary: str
    note: str
    href: str


def turn(language: Language, case: dict[str, Any]) -> tuple[str, str]:
    """Whose turn it is, as words and tone of a tag."""
    status, step = case["status"], case.get("step")
    if status == "in_progress" and step:
        who = local(language, step["who"])
        key = "turn.department" if step["actor"] == "department" else "turn.window"
        return say(language, key, who=who), "they"
    tones = {
        "draft": "you",
        "waiting_for_citizen": "you",
        "suspended": "they",
        "approved": "done",
        "refused": "late",
        "returned": "plain",
        "withdrawn": "plain",
    }
    if status == "approved" and case.get("owed_open"):
        return say(language, "turn.owed"), "you"
    return say(language, f"turn.{status}"), tones.get(status, "plain")


def when(language: Language, case: dict[str, Any]) -> str:
    """The one date that matters now."""
    status, stand = case["status"], case.get("stand")
    if status == "draft":
        return say(language, "when.draft", day=dates.day(language, case["updated_at"]))
    if status in ("approved", "refused", "returned"):
        return dates.day(language, case["decided_at"])
    if status == "withdrawn":
        return dates.day(language, case["updated_at"])
    if status == "waiting_for_citizen" and stand and stand["until"]:
        return say(language, "when.answer_by", day=dates.day(language, stand["until"]))
    if stand:
        return say(language, "when.stands")
    return say(language, "when.promised", day=dates.day(language, case["promised_at"]))


def why_it_stands(language: Language, case: dict[str, Any]) -> str:
    """Why the clock of a case stands, since when and until when; "" while it runs."""
    stand = case.get("stand")
    if not stand:
        return ""
    said = [say(language, f"stand.{stand['reason']}"), span(language, stand)]
    if stand["reason"] != "notice" and stand.get("text"):
        said.append(say(language, "stand.says", text=stand["text"]))
    return _sentences(language, said)


def span(language: Language, stand: dict[str, Any]) -> str:
    """Since when a clock stands, and until when at the latest."""
    since = dates.day(language, stand["since"])
    if not stand["until"]:
        return say(language, "stand.since", since=since)
    return say(language, "stand.until", since=since, until=dates.day(language, stand["until"]))


def _sentences(language: Language, said: list[str]) -> str:
    return ("" if language == "zh" else " ").join(said)


def _more(language: Language, case: dict[str, Any]) -> str:
    """What a list says of a case besides whose turn it is."""
    stands = why_it_stands(language, case)
    if stands:
        return stands
    step = case.get("step") or {}
    said = [referred(language, step.get("referral"))] if case["status"] == "in_progress" else []
    if case.get("owed_open"):
        said.append(say(language, "when.owed", count=case["owed_open"]))
    if case.get("questions_open"):
        said.append(say(language, "when.question", count=case["questions_open"]))
    return " · ".join(text for text in said if text)


def referred(language: Language, referral: dict[str, Any] | None) -> str:
    """To whom a step was referred up; "" when it was not, or the answer is there."""
    if not referral or referral.get("answer"):
        return ""
    level = say(language, f"case.level.{referral['level']}")
    authority, days = referral["authority"], referral["days"]
    return say(language, "case.referred", authority=authority, level=level, days=days)


_ASKS = {"draft": "draft", "waiting_for_citizen": "mend", "approved": "owed"}


def case_card(language: Language, case: dict[str, Any]) -> CaseCard:
    """A case in a list of its owner."""
    tag, tone = turn(language, case)
    is_draft = case["status"] == "draft"
    page = "apply" if is_draft else "case"
    return CaseCard(
        id=case["id"],
        title=local(language, case["service"]),
        tag=tag,
        tone=tone,
        note=when(language, case),
        more=_more(language, case),
        href=f"/{page}/?id={case['id']}",
        is_draft=is_draft,
        asks=_ASKS.get(case["status"], "") if tone == "you" else "",
    )


_URGENCY = ("mend", "owed", "draft")


def waiting_first(cards: list[CaseCard]) -> list[CaseCard]:
    """The one card that waits most for its owner; none when nothing waits."""
    waiting = [card for card in cards if card.asks]
    return sorted(waiting, key=lambda card: _URGENCY.index(card.asks))[:1]


def yuan(fen: int) -> str:
    """An amount of fen in yuan, without needless noughts."""
    return f"{fen / 100:.2f}".rstrip("0").rstrip(".")


def service_row(language: Language, card: dict[str, Any]) -> ServiceRow:
    """A service in a list: who does it and how fast."""
    promised = dates.limit(language, card["promised"]["value"], card["promised"]["unit"])
    near = [say(language, "near.1")] if card.get("is_near") else []
    return ServiceRow(
        code=card["code"],
        title=local(language, card["name"]),
        summary=local(language, card["summary"]),
        note=" · ".join([local(language, card["department"]), promised, *near]),
        href=f"/service/?code={card['code']}",
    )


def grouped(number: str, size: int = 4) -> str:
    """A long number in groups, to be read aloud."""
    return "-".join(number[i : i + size] for i in range(0, len(number), size))


def spaced(code: str) -> str:
    """A six-digit code, each digit apart, to be read out."""
    return " ".join(code)
