"""The check "what do I need?": a guide's questions, and what a person's answers make of the guide.

Conditions read as SQL private.holds() reads them; a test compares the two on random conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Answers = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody with these answers has to bring, to pay and to wait for.

    `perhaps` are materials whose condition names an answer that nobody asked for yet.
    """

    materials: list[Row] = field(default_factory=list[Row])
    perhaps: list[Row] = field(default_factory=list[Row])
    steps: list[Row] = field(default_factory=list[Row])
    fee_fen: int = 0
    fee_note: dict[str, str] = field(default_factory=dict[str, str])


def _is_same(one: Any, other: Any) -> bool:
    """Equal as jsonb values: true is not 1, and 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(cast("list[Any]", one), cast("list[Any]", other), strict=False)
        return len(cast("list[Any]", one)) == len(cast("list[Any]", other)) and all(
            _is_same(a, b) for a, b in pairs
        )
    if isinstance(one, dict) and isinstance(other, dict):
        left, right = cast("Row", one), cast("Row", other)
        return left.keys() == right.keys() and all(_is_same(left[k], right[k]) for k in left)
    return one == other


def _contains(one: Any, other: Any) -> bool:
    """jsonb @>: every element of `other` is in `one`, in any order and depth for depth."""
    if isinstance(one, list) and isinstance(other, list):
        elements = cast("list[Any]", one)
        return all(any(_contains(e, o) for e in elements) for o in cast("list[Any]", other))
    if isinstance(one, dict) and isinstance(other, dict):
        left, right = cast("Row", one), cast("Row", other)
        return all(k in left and _contains(left[k], right[k]) for k in right)
    return _is_same(one, other)


def _is_met(wanted: Any, name: str, answers: Mapping[str, Any]) -> bool:
    if name not in answers:
        return False
    if isinstance(wanted, list):
        return _contains(cast("list[Any]", wanted), [answers[name]])
    return _is_same(answers[name], wanted)


def holds(when: list[Row] | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition of a guide holds: one of its alternatives, all answers of it; [] always.

    The same as SQL private.holds().
    """
    return not when or any(
        all(_is_met(wanted, name, answers) for name, wanted in alternative.items())
        for alternative in when
    )


def may_hold(when: list[Row] | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition can still come to hold with answers that were not given yet."""
    return not when or any(
        all(name not in answers or _is_met(wanted, name, answers) for name, wanted in each.items())
        for each in when
    )


def outcome(page: Row, answers: Mapping[str, Any]) -> Outcome:
    """A guide as SQL service_page() tells it, for somebody with these answers; fees in fen."""
    guide = page["guide"]
    fee, note = guide["fee_fen"], guide["fee_note"]
    for rule in guide["fee_rules"]:
        if holds(rule["when"], answers):
            fee, note = rule["fee_fen"], rule["note"]
            break
    needed = [m for m in page["materials"] if holds(m["needed_when"], answers)]
    perhaps = [
        m for m in page["materials"] if m not in needed and may_hold(m["needed_when"], answers)
    ]
    steps = [s for s in page["steps"] if holds(s["needed_when"], answers)]
    return Outcome(needed, perhaps, steps, fee, note)


def as_text(value: Any) -> str:
    """An option's value as inputs and addresses carry it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def read_answers(questions: list[Row], typed: Mapping[str, Any]) -> Answers:
    """The answers among typed text: only questions of the guide, only options they have."""
    return {
        question["code"]: option["value"]
        for question in questions
        for option in question["options"]
        if as_text(option["value"]) == typed.get(question["code"])
    }


def unanswered(questions: list[Row], answers: Mapping[str, Any]) -> list[str]:
    """Codes of questions without an answer, in their order."""
    return [q["code"] for q in questions if q["code"] not in answers]


def for_draft(answers: Mapping[str, Any], schema: Row) -> Answers:
    """The answers that a form asks for as well, under the same name and within its choices."""
    rules = schema["properties"]
    return {
        name: value
        for name, value in answers.items()
        if name in rules
        and ("enum" not in rules[name] or value in rules[name]["enum"])
        and (rules[name].get("type") == "boolean") == isinstance(value, bool)
    }
