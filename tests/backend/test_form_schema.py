"""The check of a form's schema before it is published: every seed passes, every fault is named."""

import copy
import time
from typing import Any

import pytest

from backend import form_schema, seed

GUIDES = {s["code"]: s["guide"] for s in seed.services() if s["guide"].get("form_schema")}


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "kind"],
    "properties": {
        "name": {"type": "string", "x-field": "text", "x-label": both("name"), "maxLength": 50},
        "kind": {
            "type": "string", "x-field": "radio", "x-label": both("kind"), "enum": ["a", "b"],
            "x-options": {"a": both("a"), "b": both("b")},
        },
        "more": {
            "type": "string", "x-field": "text", "x-label": both("more"),
            "x-shown-when": {"field": "kind", "equals": ["a", "b"]}, "pattern": "^[a-z]{1,9}$",
        },
        "children": {
            "type": "array", "x-field": "group", "x-label": both("children"), "maxItems": 3,
            "items": {
                "type": "object", "additionalProperties": False, "required": ["born"],
                "properties": {
                    "born": {"type": "string", "x-field": "date", "x-label": both("born")},
                    "sum": {"type": "integer", "x-field": "money", "x-label": both("sum")},
                },
            },
        },
        "proof": {"x-field": "file", "x-material": "proof"},
        "signed": {"x-field": "signature", "x-material": "signature", "x-label": both("sign")},
    },
    "x-sections": [
        {"code": "who", "title": both("who"), "fields": ["name", "kind", "more"]},
        {"code": "rest", "title": both("rest"), "fields": ["children", "proof", "signed"],
         "x-shown-when": {"field": "kind", "equals": "a"}},
    ],
}  # fmt: skip
MATERIALS = {"proof", "signature"}


@pytest.mark.parametrize("code", GUIDES)
def test_every_seeded_form_passes(code: str) -> None:
    guide = GUIDES[code]
    photographed = {m["code"] for m in guide["materials"] if m["source"] == "upload"}
    assert (
        form_schema.problems(
            guide["form_schema"], materials=photographed, questions=guide.get("check", [])
        )
        == []
    )


def test_a_whole_form_passes() -> None:
    questions = [{"code": "kind", "options": [{"value": "a"}, {"value": "b"}]}]
    assert form_schema.problems(SCHEMA, materials=MATERIALS, questions=questions) == []


def broken(path: str, value: Any) -> dict[str, Any]:
    """The schema with one place changed; None takes it away."""
    schema = copy.deepcopy(SCHEMA)
    place: Any = schema
    *steps, last = path.split("/")
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    if value is None:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return schema


CONDITION = "properties/more/x-shown-when"
INNER = "properties/children/items/properties"
FAULTS: list[tuple[str, Any, str, str]] = [
    ("type", "array", "$.type", "schema_type_wrong"),
    ("properties/name/type", "text", "$.properties.name.type", "schema_invalid"),
    ("properties/name/maxLength", -1, "$.properties.name.maxLength", "schema_invalid"),
    ("properties/name/x-field", "photo", "$.properties.name.x-field", "schema_kind_unknown"),
    ("properties/name/type", "integer", "$.properties.name.type", "schema_type_wrong"),
    ("properties/name/x-labl", both("x"), "$.properties.name.x-labl", "schema_keyword_unknown"),
    ("properties/name/$ref", "#/x", "$.properties.name.$ref", "schema_keyword_unknown"),
    ("properties/name/x-label", {"zh": "名"}, "$.properties.name.x-label",
     "schema_text_not_bilingual"),
    ("properties/name/x-prefill", "bank", "$.properties.name.x-prefill", "schema_prefill_unknown"),
    ("properties/Name", {}, "$.properties.Name", "schema_name_invalid"),
    ("required", ["nam"], "$.required", "schema_field_unknown"),
    ("additionalProperties", True, "$.additionalProperties", "schema_must_be_closed"),
    ("properties/kind/enum", None, "$.properties.kind.enum", "schema_choices_missing"),
    ("properties/kind/x-options/a", None, "$.properties.kind.x-options.a",
     "schema_text_not_bilingual"),
    ("properties/kind/x-options/c", both("c"), "$.properties.kind.x-options.c",
     "schema_choice_unknown"),
    (f"{CONDITION}/field", "kin", "$.properties.more.x-shown-when.field", "schema_field_unknown"),
    (f"{CONDITION}/equals", "c", "$.properties.more.x-shown-when.equals",
     "schema_value_impossible"),
    (f"{CONDITION}/equals", True, "$.properties.more.x-shown-when.equals",
     "schema_value_impossible"),
    (CONDITION, {"field": "kind"}, "$.properties.more.x-shown-when", "schema_condition_invalid"),
    ("properties/name/x-shown-when", {"field": "kind", "equals": "a"},
     "$.properties.name.x-shown-when.field", "schema_condition_not_before"),
    ("x-sections/0/x-shown-when", {"field": "kind", "equals": "a"},
     "$.x-sections[0].x-shown-when.field", "schema_condition_not_before"),
    ("properties/more/pattern", "^(a+)+$", "$.properties.more.pattern",
     "schema_pattern_runs_away"),
    ("properties/more/pattern", "(?<=a)b", "$.properties.more.pattern", "schema_pattern_foreign"),
    ("properties/more/pattern", "(a|b", "$.properties.more.pattern", "schema_invalid"),
    ("x-sections/0/fields/0", "nobody", "$.x-sections[0].fields[0]", "schema_field_unknown"),
    ("x-sections/0/fields", ["name", "kind"], "$.properties.more", "schema_field_not_placed"),
    ("x-sections/1/fields/0", "name", "$.x-sections[1].fields[0]", "schema_field_twice"),
    ("x-sections/1/code", "who", "$.x-sections[1].code", "schema_code_not_once"),
    ("x-sections/1/titel", both("t"), "$.x-sections[1].titel", "schema_keyword_unknown"),
    ("x-sections", [], "$.x-sections", "schema_sections_missing"),
    ("properties/proof/x-material", "prof", "$.properties.proof.x-material",
     "schema_material_unknown"),
    ("properties/children/maxItems", 99, "$.properties.children.maxItems",
     "schema_too_many_items"),
    (f"{INNER}/born/x-field", "day", "$.properties.children.items.properties.born.x-field",
     "schema_kind_unknown"),
    (f"{INNER}/born", {"x-field": "file", "x-material": "proof"},
     "$.properties.children.items.properties.born.x-field", "schema_kind_not_in_group"),
    ("properties/children/items/x-order", ["born"], "$.properties.children.items.x-order",
     "schema_order_incomplete"),
    ("x-checks", [{"kind": "is_rich"}], "$.x-checks[0].kind", "schema_check_unknown"),
    ("x-checks", [{"kind": "age_at_least", "field": "age", "years": 80}], "$.x-checks[0].field",
     "schema_field_unknown"),
    ("allOf", [{"if": {"not": {}}, "then": {"required": ["more"]}}], "$.allOf[0].if",
     "schema_branch_invalid"),
    ("allOf", [{"if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["mor"]}}],
     "$.allOf[0]", "schema_field_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "code"), FAULTS)
def test_a_fault_is_named_with_its_path(path: str, value: Any, where: str, code: str) -> None:
    found = form_schema.problems(broken(path, value), materials=MATERIALS)
    assert (where, code) in [(at, what) for at, what, _ in found]


@pytest.mark.parametrize("schema", [None, [], "form", {}, {"properties": []}, {"type": "object"}])
def test_what_is_no_form_at_all_is_refused(schema: Any) -> None:
    assert form_schema.problems(schema)


def test_questions_of_the_check_name_fields_and_their_values() -> None:
    questions = [
        {"code": "nobody", "options": []},
        {"code": "kind", "options": [{"value": "z"}]},
    ]
    found = form_schema.problems(SCHEMA, materials=MATERIALS, questions=questions)
    assert [(at, code) for at, code, _ in found] == [
        ("check[0].code", "schema_field_unknown"),
        ("check[1].options[0].value", "schema_value_impossible"),
    ]


def test_the_order_of_a_groups_fields_is_written_down() -> None:
    kept = form_schema.ordered(SCHEMA)
    assert kept["properties"]["children"]["items"]["x-order"] == ["born", "sum"]
    assert form_schema.problems(kept, materials=MATERIALS) == []


@pytest.mark.parametrize(
    "pattern", ["^[0-9]{6}$", r"^(\+?86)?1[3-9][0-9]{9}$", "^([A-Z]{2,3}-)?[0-9]+$", "^[^(]{1,5}$"]
)
def test_plain_patterns_pass(pattern: str) -> None:
    assert form_schema.pattern_problem(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    ["^(a+)+$", "(a|aa)+", "(ab*)*", "x{20000}", "(?i)a", r"(a)\1", "a*?", "[[:alpha:]]", "(",
     "a" * 300, r"\bword", 5],
)  # fmt: skip
def test_other_patterns_do_not(pattern: Any) -> None:
    begun = time.monotonic()
    assert form_schema.pattern_problem(pattern)
    assert time.monotonic() - begun < 0.5
