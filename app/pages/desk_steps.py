"""The steps of a case on a desk: the clock that shows them, and what the person may do with
theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.text import Language, dates, local, say


@dataclass(frozen=True)
class ClockStep:
    """One step on the clock: `state` is done, now, todo or stopped."""

    title: str
    state: str
    state_text: str
    when: str
    is_late: bool = False
    note: str = ""
    referral: str = ""


@dataclass(frozen=True)
class Act:
    """What ends the person's step: `kind` is forward, decide or ""; the words name where it
    goes."""

    kind: str = ""
    step_id: str = ""
    label: str = ""
    text: str = ""
    confirm: str = ""
    said: str = ""


def moment(language: Language, text: str | None) -> str:
    """A moment of today by its time alone, any other with its day."""
    at = dates.parsed(text)
    if at is not None and at.date() == dates.today():
        return say(language, "desk.at_today", time=f"{at:%H:%M}")
    return dates.moment(language, text)


def short_title(language: Language, item: dict[str, Any]) -> str:
    """Whose case of what, short enough for a line of a list."""
    name = local(language, item.get("short_name")) or local(language, item["service"])
    return f"{item['applicant']} · {name}" if item["applicant"] else name


def referral(language: Language, found: dict[str, Any] | None) -> str:
    """To whom a step was referred and what they answered; "" when it was not."""
    if not found:
        return ""
    level = say(language, f"desk.refer.level.{found['level']}")
    at = dates.day(language, found["at"])
    words = say(language, "desk.refer.said", level=level, authority=found["authority"], day=at)
    answer = found.get("answer")
    if answer:
        words += " " + say(language, "desk.refer.answered", reference=answer["reference"])
    return words


def _clock_step(language: Language, step: dict[str, Any]) -> ClockStep | None:
    title, referred = local(language, step["name"]), referral(language, step.get("referral"))

    def of(state: str, when: str, *, title: str = title, is_late: bool = False) -> ClockStep:
        words = say(language, f"desk.clock.state.{state}")
        return ClockStep(title, state, words, when, is_late, step["note"] or "", referred)

    if step["status"] == "done":
        by = local(language, step["by"]) or local(language, step["who"])
        when = say(language, "desk.clock.done", by=by, at=moment(language, step["done_at"]))
        if step["outcome"] == "refused":
            return of("stopped", when, title=say(language, "desk.step.refused", step=title))
        return of("done", when)
    if step["status"] == "current" and step["due_at"] is None:
        return of("now", f"{local(language, step['who'])} · {say(language, 'desk.clock.stands')}")
    if step["status"] == "current":
        due, due_at = moment(language, step["due_at"]), dates.parsed(step["due_at"])
        is_late = due_at is not None and due_at < datetime.now(dates.ZONE)
        when = say(language, "desk.clock.late" if is_late else "desk.clock.due", due=due)
        return of("now", f"{local(language, step['who'])} · {when}", is_late=is_late)
    if step["status"] == "waiting":
        limit = dates.limit(language, step["limit"]["value"], step["limit"]["unit"])
        return of("todo", f"{local(language, step['who'])} · {limit}")
    return None


def clock(language: Language, page: dict[str, Any]) -> list[ClockStep]:
    """Received, each step with who and until when, and where it ended."""
    case = page["case"]
    rows = [
        ClockStep(
            say(language, "desk.clock.received"),
            "done",
            say(language, "desk.clock.state.done"),
            moment(language, case["submitted_at"]),
        )
    ]
    rows += [row for step in page["steps"] if (row := _clock_step(language, step))]
    if case["status"] == "withdrawn":
        rows.append(
            ClockStep(
                say(language, "desk.clock.withdrawn"),
                "stopped",
                say(language, "desk.clock.state.stopped"),
                moment(language, case["updated_at"]),
            )
        )
    return rows


def _next_steps(page: dict[str, Any]) -> list[dict[str, Any]]:
    waiting = [other for other in page["steps"] if other["status"] == "waiting"]
    stage = min((other["stage"] for other in waiting), default=None)
    return [other for other in waiting if other["stage"] == stage]


def _runs_beside(page: dict[str, Any], mine: dict[str, Any]) -> bool:
    return any(
        other["status"] == "current" and other["id"] != mine["id"] for other in page["steps"]
    )


def _going_on(language: Language, page: dict[str, Any], mine: dict[str, Any]) -> str:
    following = _next_steps(page)
    if _runs_beside(page, mine):
        return say(language, "desk.forward.text_beside")
    if not following:
        return say(language, "desk.forward.text_end")
    first = following[0]
    limit = dates.limit(language, first["limit"]["value"], first["limit"]["unit"])
    return say(language, "desk.forward.text", step=local(language, first["name"]), limit=limit)


def act(language: Language, page: dict[str, Any]) -> Act:
    """What the person may do with their step, in words that name where the case goes."""
    mine = next((step for step in page["steps"] if step["id"] == page["my_step_id"]), None)
    if mine is None:
        return Act()
    title = short_title(language, {**page["case"], "applicant": page["applicant"]})
    following = _next_steps(page)
    going_on = _going_on(language, page, mine)
    if mine["actor"] == "department":
        return Act(
            kind="decide",
            step_id=mine["id"],
            label=say(language, "desk.act.approve"),
            text=going_on,
            confirm=say(language, "desk.approve.confirm"),
            said=say(language, "desk.said.approved", title=title),
        )
    if following:
        places = dict.fromkeys(local(language, step["who"]) for step in following)
        who = ("、" if language == "zh" else ", ").join(places)
        return Act(
            kind="forward",
            step_id=mine["id"],
            label=say(language, "desk.act.forward", who=who),
            text=going_on,
            confirm=say(language, "desk.forward.confirm"),
            said=say(language, "desk.said.forwarded", who=who, title=title),
        )
    key = "produce" if mine["kind"] == "produce" else "finish"
    return Act(
        kind="forward",
        step_id=mine["id"],
        label=say(language, f"desk.act.{key}"),
        text=going_on,
        confirm=say(language, "desk.forward.confirm_end"),
        said=say(language, "desk.said.finished", title=title),
    )
