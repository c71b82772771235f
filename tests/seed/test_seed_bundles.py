"""Bundles and frequent questions: every part ends in a licence, every question leads somewhere."""

from typing import Any

import pytest
from seed_files import SERVICE_FILES, read

BUNDLES = ("newborn-bundle", "retirement-bundle")


@pytest.fixture(params=BUNDLES)
def guide(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(f"services/{request.param}.json")["guide"]


def test_every_part_is_decided_by_its_department(guide: dict[str, Any]) -> None:
    parts = {part["code"]: part["department"] for part in guide["parts"]}
    deciding = {
        step["part"]: step["department"] for step in guide["steps"] if step["kind"] == "approve"
    }
    assert deciding == parts
    assert len({part["result"]["name"]["zh"] for part in guide["parts"]}) == len(parts)


def test_departments_decide_beside_each_other(guide: dict[str, Any]) -> None:
    stages = [step["stage"] for step in guide["steps"] if step["kind"] == "approve"]
    assert len(set(stages)) < len(stages)


def test_the_first_licence_comes_before_what_needs_it() -> None:
    """Insurance and card need the child's number; insurance and fund need the pension decision."""
    for bundle, first in (("newborn-bundle", "household"), ("retirement-bundle", "pension")):
        steps = read(f"services/{bundle}.json")["guide"]["steps"]
        stage = {step.get("part"): step["stage"] for step in steps}
        later = {part for part in stage if part and stage[part] > stage[first]}
        assert len(later) == 2, bundle


def test_conditions_speak_of_the_form(guide: dict[str, Any]) -> None:
    fields = guide["form_schema"]["properties"]
    for owner in (*guide["materials"], *guide["steps"]):
        for alternative in owner.get("needed_when", []):
            for name, wanted in alternative.items():
                values = wanted if isinstance(wanted, list) else [wanted]
                allowed = fields[name].get("enum", [True, False])
                assert set(values) <= set(allowed), (owner["code"], name)


def test_the_check_asks_what_the_form_asks(guide: dict[str, Any]) -> None:
    assert 2 <= len(guide["check"]) <= 5
    for question in guide["check"]:
        field = guide["form_schema"]["properties"][question["code"]]
        values = [option["value"] for option in question["options"]]
        assert sorted(map(str, values)) == sorted(map(str, field.get("enum", [True, False])))


def test_thirty_questions_have_answers() -> None:
    questions = read("questions.json")
    assert len(questions) >= 30
    for key in ("code", "question"):
        values = [str(question[key]) for question in questions]
        assert len(values) == len(set(values)), key
    for question in questions:
        assert question["service"] is None or question["service"] in SERVICE_FILES, question["code"]
        assert question["question"]["zh"].endswith("？"), question["code"]
        assert question["question"]["en"].endswith(("?", ".")), question["code"]
        assert 20 <= len(question["answer"]["zh"]) <= 200, question["code"]
        assert 0 <= question["popularity"] <= 100
        assert question["keywords"]["zh"] and question["keywords"]["en"]
