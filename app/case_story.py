"""A case's story in plain words: what happened, what is happening, what comes, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.text import Language, dates, local, say
from app.views import span

_BY_STEP = ("forwarded", "approved", "refused", "produced")
_STOPS = ("withdrawn", "returned", "refused")


@dataclass(frozen=True)
class StoryRow:
    """One line of a case's story; `state_text` says the state to who does not see it."""

    id: str
    title: str
    note: str
    state: str
    state_text: str


def _row(language: Language, row_id: str, title: str, note: str, state: str) -> StoryRow:
    return StoryRow(row_id, title, note, state, say(language, f"story.state.{state}"))


def _title(language: Language, kind: str, details: dict[str, Any], by: str, actor: str) -> str:
    """What an event was, as its applicant would tell it."""
    if kind in _BY_STEP:
        return say(language, f"story.{kind}", step=local(language, details.get("step")))
    if kind == "submitted":
        return say(language, "story.submitted")
    if kind == "withdrawn":
        return say(language, "story.end.withdrawn")
    if kind == "replied" and details.get("is_late"):
        return say(language, "event.replied_late")
    if kind == "owed" and actor == "citizen":
        return say(language, "event.owed_handed_in")
    level = details.get("level")
    return say(
        language,
        f"event.{kind}",
        who=by,
        to=local(language, details.get("to")),
        authority=details.get("authority", ""),
        level=say(language, f"case.level.{level}") if level else "",
        reason=say(language, f"reason.{details['reason']}") if kind == "suspended" else "",
    )


def _note(language: Language, kind: str, details: dict[str, Any], at: str, by: str) -> str:
    if kind == "submitted":
        return say(language, "story.submitted_note", at=at)
    if kind == "notice_sent":
        due = dates.day(language, details.get("due_at"))
        return say(language, "event.notice_sent_note", at=at, due=due)
    if kind == "clock_moved":
        old, new = details.get("old_promised_at"), details.get("new_promised_at")
        if old == new:
            return say(language, "event.clock_moved_step_note", at=at)
        days = {"old": dates.day(language, old), "new": dates.day(language, new)}
        return say(language, "event.clock_moved_note", at=at, **days)
    return f"{at} · {by}" if by else at


def _past(language: Language, events: list[dict[str, Any]]) -> list[StoryRow]:
    rows: list[StoryRow] = []
    for event in events:
        kind, details, by = event["kind"], event["details"], local(language, event["by"])
        at = dates.moment(language, event["at"])
        rows.append(
            _row(
                language,
                event["id"],
                _title(language, kind, details, by, event["actor"]),
                _note(language, kind, details, at, by),
                "stopped" if kind in _STOPS else "done",
            )
        )
    return rows


def _now(language: Language, step: dict[str, Any]) -> str:
    who, referral = local(language, step["who"]), step.get("referral")
    if referral and not referral.get("answer"):
        authority = referral.get("authority", "")
        return say(language, "story.step_referred", who=who, authority=authority)
    return say(language, "story.now", who=who, due=dates.moment(language, step["due_at"]))


def _coming(language: Language, page: dict[str, Any]) -> list[StoryRow]:
    """What runs now, and what comes after it."""
    stand, rows = page["case"]["stand"], []
    if stand and stand["reason"] == "notice":
        note = say(language, "story.you_mend_note", due=dates.day(language, stand["until"]))
        rows.append(_row(language, "stand", say(language, "story.you_mend"), note, "now"))
    elif stand:
        reason = say(language, f"reason.{stand['reason']}")
        title, note = say(language, "story.pause", reason=reason), span(language, stand)
        rows.append(_row(language, "stand", title, note, "now"))
    for step in page["steps"]:
        name, who = local(language, step["name"]), local(language, step["who"])
        if step["status"] == "current" and stand:
            note = say(language, "story.after_pause", who=who)
            rows.append(_row(language, step["id"], name, note, "todo"))
        elif step["status"] == "current":
            rows.append(_row(language, step["id"], name, _now(language, step), "now"))
        elif step["status"] == "waiting":
            limit = dates.limit(language, step["limit"]["value"], step["limit"]["unit"])
            rows.append(_row(language, step["id"], name, f"{who} · {limit}", "todo"))
    result = local(language, page["result"]["name"])
    return [*rows, _row(language, "result", say(language, "story.result"), result, "todo")]


def story(language: Language, page: dict[str, Any]) -> list[StoryRow]:
    """What happened, what is happening, what comes: one row each, oldest first."""
    case, rows = page["case"], _past(language, page["events"])
    if case["status"] in ("in_progress", "waiting_for_citizen", "suspended"):
        return rows + _coming(language, page)
    if case["status"] in ("approved", "refused"):
        state = "done" if case["status"] == "approved" else "stopped"
        title, at = say(language, f"story.end.{case['status']}"), case["decided_at"]
        end = _row(language, "end", title, dates.moment(language, at), state)
        # What came after the decision stands after it.
        after = [e["id"] for e in page["events"] if e["at"] > at or e["kind"].startswith("owed")]
        rows = [r for r in rows if r.id not in after] + [end] + [r for r in rows if r.id in after]
    return rows
