"""What supervision shows, made of the database's answers: offices and numbers, never an applicant's
name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.text import Language, dates, local, say
from app.views import grouped

_TONES = {"red": "late", "yellow": "you", "green": "done"}


@dataclass(frozen=True)
class TimedStep:
    """One step in progress: what, who has it, until when, and where its case is heading."""

    key: str
    link: str
    title: str
    note: str
    due: str
    light: str
    tone: str
    over: str
    due_at: str = ""


@dataclass(frozen=True)
class Request:
    """A desk that asks for a second notice."""

    id: str
    link: str
    title: str
    note: str
    reason: str


@dataclass(frozen=True)
class Fact:
    """One line about something that happened."""

    key: str
    link: str
    title: str
    note: str
    at: str


@dataclass(frozen=True)
class Gap:
    """A department in which nobody can decide, why, and what waits there."""

    department: str
    title: str
    why: str
    steps: list[Fact]


@dataclass(frozen=True)
class StandIn:
    """Somebody who decides for a department that is not their own."""

    id: str
    title: str
    note: str


def gap(language: Language, item: dict[str, Any]) -> Gap:
    """A department in which nobody can decide."""
    return Gap(
        department=item["department"],
        title=local(language, item["name"]),
        why=say(language, f"supervision.gap.{item['why']}"),
        steps=[
            Fact(
                key=f"{step['id']} {local(language, step['step'])}",
                link=f"/desk/?id={step['id']}",
                title=local(language, step["service"]),
                note=" · ".join((local(language, step["step"]), grouped(step["receipt_number"]))),
                at=dates.moment(language, step["due_at"]),
            )
            for step in item["steps"]
        ],
    )


def stand_in(language: Language, item: dict[str, Any]) -> StandIn:
    """Somebody who decides for a while, until when and why."""
    until = datetime.combine(date.fromisoformat(item["until"]), time(12), dates.ZONE)
    return StandIn(
        id=item["id"],
        title=say(
            language,
            "supervision.stand_in",
            person=local(language, item["person"]),
            department=local(language, item["name"]),
        ),
        note=say(
            language,
            "supervision.stand_in_until",
            day=dates.day(language, until.isoformat()),
            reason=item["reason"],
        ),
    )


def timed_step(language: Language, step: dict[str, Any]) -> TimedStep:
    """A step of the forecast in the reader's language."""
    due = dates.moment(language, step["due_at"])
    days = step["over_days"] or 0
    return TimedStep(
        key=step["step_id"],
        link=f"/desk/?id={step['id']}",
        title=local(language, step["service"]),
        note=" · ".join(
            (
                local(language, step["who"]),
                local(language, step["step"]),
                grouped(step["receipt_number"]),
            )
        ),
        due=say(
            language,
            "desk.clock.late" if step["light"] == "red" else "desk.clock.due",
            due=due,
        ),
        light=say(language, f"supervision.light.{step['light']}"),
        tone=_TONES[step["light"]],
        over=say(language, "supervision.over", days=days) if days > 0 else "",
        due_at=step["due_at"],
    )


def request(language: Language, item: dict[str, Any]) -> Request:
    """A request for a second notice."""
    return Request(
        id=item["id"],
        link=f"/desk/?id={item['id']}",
        title=local(language, item["service"]),
        note=" · ".join(
            (
                local(language, item["window"]),
                local(language, item["by"]),
                grouped(item["receipt_number"]),
                dates.moment(language, item["asked_at"]),
            )
        ),
        reason=item["reason"],
    )


def mark(language: Language, item: dict[str, Any]) -> Fact:
    """A fault on a window's record."""
    return Fact(
        key=f"{item['id']} {item['at']}",
        link=f"/desk/?id={item['id']}",
        title=local(language, item["window"]),
        note=" · ".join(
            (grouped(item["receipt_number"]), local(language, item["by"]), item["reason"])
        ),
        at=dates.moment(language, item["at"]),
    )


def moved(language: Language, item: dict[str, Any]) -> Fact:
    """A case that a change of the calendar moved."""
    return Fact(
        key=item["id"],
        link=f"/desk/?id={item['application_id']}",
        title=say(
            language,
            "supervision.moved_line",
            old=dates.moment(language, item["old_promised_at"]),
            new=dates.moment(language, item["new_promised_at"]),
        ),
        note=grouped(item["receipt_number"]),
        at=dates.moment(language, item["at"]),
    )


def counted(number: int, most: int) -> str:
    """How many there are; a list that is full may go on."""
    return f"{most}+" if number >= most else str(number)
