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
    """One case in a list: what it is, whose turn it is, until when."""

    id: str
    title: str
    tag: str
    tone: str
    note: str
    href: str
    is_draft: bool


@dataclass(frozen=True)
class ServiceRow:
    """One service in a list."""

    code: str
    title: str
    summary: str
    note: str
    href: str


@dataclass(frozen=True)
class StepRow:
    """One line of a case's story."""

    title: str
    note: str
    state: str


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
        "withdrawn": "plain",
    }
    return say(language, f"turn.{status}"), tones.get(status, "plain")


def when(language: Language, case: dict[str, Any]) -> str:
    """The one date that matters now."""
    if case["status"] == "draft":
        return say(language, "when.draft", day=dates.day(language, case["updated_at"]))
    if case["status"] in ("approved", "refused"):
        return dates.day(language, case["decided_at"])
    if case["status"] == "withdrawn":
        return dates.day(language, case["updated_at"])
    return say(language, "when.promised", day=dates.day(language, case["promised_at"]))


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
        href=f"/{page}/?id={case['id']}",
        is_draft=is_draft,
    )


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


def _done_title(language: Language, step: dict[str, Any]) -> str:
    name = local(language, step["name"])
    return say(language, f"story.{step['outcome']}", step=name)


def story(language: Language, page: dict[str, Any]) -> list[StepRow]:
    """What happened, what is happening, what comes: one row each, oldest first."""
    case = page["case"]
    rows = [
        StepRow(
            say(language, "story.submitted"),
            say(language, "story.submitted_note", at=dates.moment(language, case["submitted_at"])),
            "done",
        )
    ]
    for step in page["steps"]:
        who = local(language, step["who"])
        if step["status"] == "done":
            by = local(language, step["by"]) or who
            note = f"{dates.moment(language, step['done_at'])} · {by}"
            rows.append(StepRow(_done_title(language, step), note, "done"))
        elif step["status"] == "current":
            note = say(language, "story.now", who=who, due=dates.moment(language, step["due_at"]))
            rows.append(StepRow(local(language, step["name"]), note, "now"))
        elif step["status"] == "waiting":
            limit = dates.limit(language, step["limit"]["value"], step["limit"]["unit"])
            rows.append(StepRow(local(language, step["name"]), f"{who} · {limit}", "todo"))
    endings = {"approved": "done", "refused": "stopped", "withdrawn": "stopped"}
    if case["status"] in endings:
        at = case["decided_at"] or case["updated_at"]
        rows.append(
            StepRow(
                say(language, f"story.end.{case['status']}"),
                dates.moment(language, at),
                endings[case["status"]],
            )
        )
    else:
        rows.append(
            StepRow(say(language, "story.result"), local(language, page["result"]["name"]), "todo")
        )
    return rows


def grouped(number: str, size: int = 4) -> str:
    """A long number in groups, to be read aloud."""
    return "-".join(number[i : i + size] for i in range(0, len(number), size))


def spaced(code: str) -> str:
    """A six-digit code as two groups of three."""
    return f"{code[:3]} {code[3:]}"
