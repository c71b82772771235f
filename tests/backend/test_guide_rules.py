"""What the check of a draft finds, and that it finds nothing in the guides that came with it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from backend import guide_check, guide_difference, guide_fields
from backend.guide_fields import Finding
from backend.seed import content, services

SERVICES = {service["code"]: service for service in services()}
DEPARTMENTS = [department["code"] for department in content("departments.json")]
ALLOWANCE = SERVICES["elderly-allowance"]


def findings(body: dict[str, Any], *, is_applicable: bool = True) -> list[Finding]:
    return guide_check.checked(body, departments=DEPARTMENTS, is_applicable=is_applicable).findings


@pytest.mark.parametrize("code", sorted(SERVICES))
def test_every_seeded_guide_passes_and_comes_out_as_it_went_in(code: str) -> None:
    service = SERVICES[code]
    reading = guide_check.checked(
        service["guide"], departments=DEPARTMENTS, is_applicable=service["is_applicable"]
    )
    assert [f for f in reading.findings if not f.is_warning] == []
    known = {
        "form_schema", "content", "legal_basis", "conditions", "promised", "fee_fen", "result",
        "questions", "refusal_reasons", "procedure", "how_to_apply",
    }  # fmt: skip
    for name in known & service["guide"].keys():
        assert reading.guide.get(name) == service["guide"][name], name
    for before, after in zip(
        service["guide"]["materials"], reading.guide["materials"], strict=True
    ):
        assert {k: v for k, v in after.items() if v != []} == {
            k: v for k, v in before.items() if v != []
        }


def test_what_the_editor_shows_is_read_back_as_it_was() -> None:
    body = copy.deepcopy(ALLOWANCE["guide"])
    whole = guide_fields.read(body)
    for name, spec in list(guide_fields.every_field(body)):
        *above, last = name.split(".")
        parent = guide_fields.at(body, ".".join(above)) if above else body
        text = guide_fields.shown(spec, guide_fields.at(body, name))
        if text and isinstance(parent, dict):
            parent[last] = text
    again = guide_fields.read(body)
    assert again.findings == whole.findings == []
    assert again.guide == whole.guide


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        *above, last = path.split(".")
        place = guide_fields.at(body, ".".join(above)) if above else body
        if value is ...:
            del place[last]
        else:
            place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (_set("content.en", " "), "content.en", "guide_text_missing"),
        (_set("legal_basis", []), "legal_basis", "guide_law_missing"),
        (_set("conditions", []), "conditions", "guide_conditions_missing"),
        (_set("promised.value", "999"), "promised.value", "guide_promise_beyond_law"),
        (_set("promised.value", "soon"), "promised.value", "number_invalid"),
        (_set("fee_fen", "1.005"), "fee_fen", "money_invalid"),
        (_set("steps.0.kind", "approve"), "steps.0.kind", "guide_window_approves"),
        (_set("steps.1.department", "nobody"), "steps.1.department", "choice_invalid"),
        (
            _set("materials.0.acceptance_points", []),
            "materials.0.acceptance_points",
            "guide_points_missing",
        ),
        (
            _set("materials.0.needed_when", '[{"hair": "red"}]'),
            "materials.0.needed_when",
            "guide_condition_unknown",
        ),
        (_set("materials.0.needed_when", "[{"), "materials.0.needed_when", "json_invalid"),
        (_set("materials.1.code", "id-card"), "materials.1.code", "guide_code_twice"),
        (_set("form_schema", ...), "form_schema", "guide_form_missing"),
        (_set("form_schema", '{\n "a": }'), "form_schema", "json_invalid"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(change: Any, path: str, code: str) -> None:
    body = copy.deepcopy(ALLOWANCE["guide"])
    change(body)
    found = findings(body)
    assert (path, code) in [(f.path, f.code) for f in found]
    assert guide_check.is_broken(found)


def test_a_broken_schema_is_told_with_its_path() -> None:
    body = copy.deepcopy(ALLOWANCE["guide"])
    body["form_schema"]["properties"]["name"]["x-field"] = "telepathy"
    assert [(f.code, f.detail) for f in findings(body)] == [
        ("schema_kind_unknown", "$.properties.name.x-field telepathy")
    ]


def test_a_typing_slip_in_a_schema_is_told_with_its_line() -> None:
    body = {**ALLOWANCE["guide"], "form_schema": '{\n  "type": object\n}'}
    [found] = [f for f in findings(body) if f.code == "json_invalid"]
    assert found.detail.startswith("2:11 ")


def test_steps_longer_than_the_promise_only_warn() -> None:
    body = copy.deepcopy(ALLOWANCE["guide"])
    body["steps"][0]["limit"] = {"value": 400, "unit": "working_day"}
    found = [f for f in findings(body) if f.code == "guide_steps_beyond_promise"]
    assert [f.is_warning for f in found] == [True]


def test_only_what_was_changed_is_saved() -> None:
    body = ALLOWANCE["guide"]
    typed = {"content.zh": body["content"]["zh"], "fee_fen": "12.50", "nobody": "x"}
    assert guide_fields.changes(body, typed) == {"fee_fen": "12.50"}


def test_a_difference_says_which_words_went_and_came() -> None:
    old = ALLOWANCE["guide"]
    new = copy.deepcopy(old)
    new["content"]["en"] += " Paid monthly."
    gone = new["materials"].pop(0)
    new["conditions"].append({"zh": "住在本县", "en": "Lives in the county"})
    new["steps"].reverse()
    found = guide_difference.differences(old, new)
    assert [(c.path, c.kind) for c in found] == [
        ("content.en", "changed"),
        ("conditions", "added"),
        ("materials", "removed"),
        ("steps", "moved"),
    ]
    assert "".join(p.text for p in found[0].pieces if p.kind == "added").strip() == "Paid monthly."
    assert found[2].item == gone["name"]
    assert guide_difference.differences(old, copy.deepcopy(old)) == []


def test_words_put_together_are_the_two_texts() -> None:
    for old, new in (("五个工作日办好", "三个工作日办好。"), ("", "new"), ("old text", "")):
        pieces = guide_difference.words(old, new)
        assert "".join(p.text for p in pieces if p.kind != "added") == old
        assert "".join(p.text for p in pieces if p.kind != "removed") == new
