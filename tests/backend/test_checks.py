"""The check "what do I need?": conditions as the database reads them, and what answers make of a
guide."""

import random
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from backend import checks
from backend.seed import services

_NAMES = ("kind", "with", "is_married")
_VALUES: tuple[Any, ...] = (
    "a", "b", "", True, False, None, 0, 1, 1.0, 1.5, ["a"], ["a", 1], [], {"x": 1}, {}, {"x": [1]},
)  # fmt: skip


def _condition(dice: random.Random) -> list[dict[str, Any]]:
    def wanted() -> Any:
        if dice.random() < 0.4:
            return [dice.choice(_VALUES) for _ in range(dice.randrange(4))]
        return dice.choice(_VALUES)

    return [
        {name: wanted() for name in dice.sample(_NAMES, dice.randrange(len(_NAMES) + 1))}
        for _ in range(dice.randrange(4))
    ]


def test_a_condition_holds_in_python_exactly_when_it_holds_in_sql(
    superuser: psycopg.Connection,
) -> None:
    dice = random.Random(7)  # noqa: S311
    cases = [
        (
            _condition(dice),
            {n: dice.choice(_VALUES) for n in dice.sample(_NAMES, dice.randrange(len(_NAMES) + 1))},
        )
        for _ in range(4000)
    ]
    rows = superuser.execute(
        "select private.holds(w, a) from unnest(%s::jsonb[], %s::jsonb[])"
        " with ordinality as c(w, a, n) order by n",
        ([Jsonb(w) for w, _ in cases], [Jsonb(a) for _, a in cases]),
    ).fetchall()
    found = [row[0] for row in rows]
    assert {True, False} <= set(found)
    differing = [c for c, held in zip(cases, found, strict=True) if checks.holds(*c) is not held]
    assert differing == []


def test_what_holds_may_hold_and_what_may_hold_waits_for_an_answer() -> None:
    dice = random.Random(8)  # noqa: S311
    for _ in range(3000):
        when = _condition(dice)
        answers = {n: dice.choice(_VALUES) for n in dice.sample(_NAMES, 2)}
        if checks.holds(when, answers):
            assert checks.may_hold(when, answers)
        elif checks.may_hold(when, answers):
            assert {name for alternative in when for name in alternative} - set(answers)


def _page(**guide: Any) -> dict[str, Any]:
    needs = ([], [{"kind": "a"}], [{"kind": ["b", "c"]}], [{"other": True}])
    return {
        "guide": {"fee_fen": 500, "fee_note": {"zh": "普通"}, "fee_rules": [], **guide},
        "materials": [{"code": str(n), "needed_when": when} for n, when in enumerate(needs)],
        "steps": [{"code": str(n), "needed_when": when} for n, when in enumerate(needs)],
    }


def test_answers_choose_materials_steps_and_the_first_fee_that_fits() -> None:
    page = _page(
        fee_rules=[
            {"when": [{"kind": "a"}], "fee_fen": 0, "note": {"zh": "免"}},
            {"when": [], "fee_fen": 900, "note": {"zh": "别的"}},
        ]
    )
    mine = checks.outcome(page, {"kind": "a"})
    assert [m["code"] for m in mine.materials] == ["0", "1"]
    assert [m["code"] for m in mine.perhaps] == ["3"], "nobody asked for that answer yet"
    assert [s["code"] for s in mine.steps] == ["0", "1"]
    assert (mine.fee_fen, mine.fee_note) == (0, {"zh": "免"})
    other = checks.outcome(page, {"kind": "c", "other": True})
    assert [m["code"] for m in other.materials] == ["0", "2", "3"]
    assert (other.perhaps, other.fee_fen) == ([], 900)
    assert checks.outcome(_page(), {"kind": "a"}).fee_fen == 500


def test_only_answers_that_a_question_offers_are_read() -> None:
    questions = [
        {"code": "kind", "options": [{"value": "a"}, {"value": "b"}]},
        {"code": "is_married", "options": [{"value": True}, {"value": False}]},
    ]
    typed = {"kind": "b", "is_married": "no", "name": "王"}
    answers = checks.read_answers(questions, typed)
    assert answers == {"kind": "b", "is_married": False}
    assert checks.unanswered(questions, answers) == []
    assert checks.read_answers(questions, {"kind": "<b>", "is_married": "true"}) == {}
    assert checks.unanswered(questions, {"is_married": True}) == ["kind"]


def test_a_draft_gets_the_answers_that_its_form_asks_for() -> None:
    schema = {
        "properties": {
            "kind": {"type": "string", "enum": ["a", "b"]},
            "is_married": {"type": "boolean"},
        }
    }
    assert checks.for_draft({"kind": "a", "is_married": True, "far": "x"}, schema) == {
        "kind": "a",
        "is_married": True,
    }
    assert checks.for_draft({"kind": "z", "is_married": "yes"}, schema) == {}


CHECKED = [service for service in services() if service["guide"].get("check")]


@pytest.mark.parametrize("service", CHECKED, ids=lambda s: s["code"])
def test_every_answer_of_a_check_leads_to_a_list(service: dict[str, Any]) -> None:
    """After the check of a seeded guide nothing is left to "perhaps"."""
    guide = service["guide"]
    page = {
        "guide": {"fee_fen": guide["fee_fen"], "fee_note": guide["fee_note"],
                  "fee_rules": guide.get("fee_rules", [])},
        "materials": [{"needed_when": [], **m} for m in guide["materials"]],
        "steps": [{"needed_when": [], **s} for s in guide["steps"]],
    }  # fmt: skip
    for nth in range(max(len(q["options"]) for q in guide["check"])):
        answers = {
            q["code"]: q["options"][min(nth, len(q["options"]) - 1)]["value"]
            for q in guide["check"]
        }
        mine = checks.outcome(page, answers)
        assert mine.steps, answers
        if service["is_applicable"]:
            assert checks.for_draft(answers, guide["form_schema"]) == answers
