"""Form schemas: valid JSON Schema, every field placed and explained, and they decide rightly."""

from copy import deepcopy
from typing import Any

import pytest
from filled_forms import FILLED
from jsonschema import Draft202012Validator
from seed_files import SERVICE_FILES, read

FORMS = tuple(code for code in SERVICE_FILES if read(f"services/{code}.json")["is_applicable"])
FIELD_KINDS = {
    "text", "textarea", "id_number", "date", "radio", "select",
    "phone", "bank_card", "division", "money", "yes_no", "address", "group", "file", "signature",
}  # fmt: skip
PAPER_KINDS = {"file", "signature"}
PREFILLS = {"name", "phone", "id_number", "division", "birthday"}
CHECKS = {"birthday_matches_id_number", "age_at_least"}

ANSWERS: dict[str, dict[str, Any]] = {
    "elderly-allowance": {
        "name": "王秀英",
        "id_number": "622101194312060027",
        "birthday": "1943-12-06",
        "phone": "+8613800000001",
        "household_division": "620981101200",
        "address": "二组 15 号",
        "pay_method": "social_card",
        "is_applying_for_self": True,
        "declaration": True,
    },
    "resident-medical-insurance": {
        "name": "马小山",
        "id_number": "622101198009180032",
        "birthday": "1980-09-18",
        "phone": "13800000002",
        "household_division": "620981206200",
        "is_registered_here": True,
        "registration_kind": "again",
        "person_kind": "adult",
        "assistance_kind": "none",
        "has_employee_insurance": False,
        "is_applying_for_self": True,
        "declaration": True,
    },
    "own-shop-sign": {
        "name": "马小山",
        "id_number": "622101198009180032",
        "phone": "+8613800000002",
        "shop_name": "小山牛肉面馆",
        "credit_code": "92620981MA7ABCDE0X",
        "shop_division": "620981002009",
        "address": "人民路 8 号",
        "premises_kind": "own",
        "sign_text": "小山牛肉面",
        "sign_kind": "lintel",
        "width_m": "3.6",
        "height_m": "0.9",
        "clearance_m": "3",
        "is_lit": False,
        "install_on": "2026-12-20",
        "declaration": True,
    },
} | FILLED

# Each line: the form, what is answered differently (None takes the answer away), the faulty field.
REFUSED = [
    ("elderly-allowance", {"name": None}, "name"),
    ("elderly-allowance", {"id_number": "62210119431206"}, "id_number"),
    ("elderly-allowance", {"phone": "12345"}, "phone"),
    ("elderly-allowance", {"household_division": "110101001001"}, "household_division"),
    ("elderly-allowance", {"declaration": False}, "declaration"),
    ("elderly-allowance", {"pay_method": "bank_card"}, "bank_card_number"),
    ("elderly-allowance", {"is_applying_for_self": False}, "agent_phone"),
    ("elderly-allowance", {"points": 5}, "points"),
    ("resident-medical-insurance", {"is_applying_for_self": False}, "agent_relation"),
    ("resident-medical-insurance", {"person_kind": "pensioner"}, "person_kind"),
    ("own-shop-sign", {"credit_code": "92620981"}, "credit_code"),
    ("own-shop-sign", {"width_m": "about three"}, "width_m"),
    ("own-shop-sign", {"premises_kind": "rented"}, "has_owner_consent"),
    ("own-shop-sign", {"is_lit": True}, "light_kind"),
    ("own-shop-sign", {"sign_text": "字" * 201}, "sign_text"),
    ("newborn-bundle", {"card_pickup": None}, "card_pickup"),
    ("newborn-bundle", {"joins_household": "uncle"}, "joins_household"),
    ("newborn-bundle", {"birth_certificate_number": "12"}, "birth_certificate_number"),
    ("sewage-discharge-permit", {"water_per_day": "some"}, "water_per_day"),
    ("unemployment-registration", {"registration_kind": "employed"}, "employer"),
    ("unemployment-registration", {"bank_card_number": None}, "bank_card_number"),
    ("social-security-card", {"is_applying_for_self": False}, "agent_relation"),
    ("animal-quarantine", {"animals": []}, "animals"),
    ("animal-quarantine", {"destination": None}, "destination"),
    ("disability-card", {"home": {"division": "620981206200"}}, "home"),
    ("disability-card", {"hospital": None}, "hospital"),
    ("temporary-relief", {"cost": 12.5}, "cost"),
    ("temporary-relief", {"members": [{"name": "马小山"}]}, "members"),
    ("real-estate-registration", {"mortgage_bank": None}, "mortgage_bank"),
    ("livestock-farm-permit", {"manure": None}, "manure"),
    ("urban-renewal-bundle", {"risk_category": "none"}, "risk_category"),
    ("urban-renewal-bundle", {"road_until": None}, "road_until"),
    ("shop-tax-deregistration", {"stopped_on": "last year"}, "stopped_on"),
    ("retirement-bundle", {"retire_kind": "special_work"}, "special_work_name"),
    ("retirement-bundle", {"pay_method": "bank_card"}, "bank_card_number"),
]


def schema_of(code: str) -> dict[str, Any]:
    return read(f"services/{code}.json")["guide"]["form_schema"]


@pytest.fixture(params=FORMS)
def schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    return schema_of(request.param)


def test_every_form_has_an_honest_answer() -> None:
    assert set(ANSWERS) == set(FORMS)


def test_it_is_json_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= set(schema["properties"])


def test_sections_order_every_field_once(schema: dict[str, Any]) -> None:
    placed = [field for section in schema["x-sections"] for field in section["fields"]]
    assert sorted(placed) == sorted(schema["properties"])
    codes = [section["code"] for section in schema["x-sections"]]
    assert len(codes) == len(set(codes))


def test_every_field_is_explained(schema: dict[str, Any]) -> None:
    for code, field in schema["properties"].items():
        assert field["x-field"] in FIELD_KINDS, code
        assert field["x-label"] and field["x-help"], code
        is_paper = field["x-field"] in PAPER_KINDS
        assert is_paper or field["x-autocomplete"], code
        assert is_paper is ("type" not in field), code
        assert field.get("x-prefill") in PREFILLS | {None}, code
        assert (field.get("type") == "boolean") is (field["x-field"] == "yes_no"), code
        has_choices = field["x-field"] in {"radio", "select"}
        assert has_choices is ("enum" in field), code
        if has_choices:
            assert set(field["x-options"]) == set(field["enum"]), code


def test_hidden_fields_are_asked_only_when_shown(schema: dict[str, Any]) -> None:
    """What is shown on condition is required by the same condition and never prefilled; papers
    are required by the guide's list of materials."""
    asked = {
        field: {"field": name, "equals": rule.get("const", rule.get("enum"))}
        for branch in schema.get("allOf", [])
        for name, rule in branch["if"]["properties"].items()
        for field in branch["then"]["required"]
    }
    shown = {
        code: field["x-shown-when"]
        for code, field in schema["properties"].items()
        if "x-shown-when" in field
    } | {
        code: section["x-shown-when"]
        for section in schema["x-sections"]
        for code in section["fields"]
        if "x-shown-when" in section
    }
    papers = {
        code for code, field in schema["properties"].items() if field["x-field"] in PAPER_KINDS
    }
    assert {code: rule for code, rule in shown.items() if code not in papers} == asked
    order = [field for section in schema["x-sections"] for field in section["fields"]]
    for code, condition in shown.items():
        assert code not in schema["required"]
        assert "x-prefill" not in schema["properties"][code]
        assert order.index(condition["field"]) < order.index(code)


def test_papers_in_the_form_are_materials_of_the_guide(applicable: list[dict[str, Any]]) -> None:
    """A file or a signature stores nothing in the form: the material is there, once, and shown
    to whom it is needed by."""
    for service in applicable:
        guide = service["guide"]
        uploads = {m["code"]: m for m in guide["materials"] if m["source"] == "upload"}
        fields = guide["form_schema"]["properties"]
        papers = {code: field for code, field in fields.items() if field["x-field"] in PAPER_KINDS}
        named = [field["x-material"] for field in papers.values()]
        assert len(named) == len(set(named)), service["code"]
        for code, field in papers.items():
            material = uploads[field["x-material"]]
            assert code not in guide["form_schema"]["required"], code
            if field["x-field"] == "signature":
                assert material["min_files"] == material["max_files"] == 1, code


def test_groups_explain_their_fields(schema: dict[str, Any]) -> None:
    for code, field in schema["properties"].items():
        if field["x-field"] != "group":
            continue
        items = field["items"]
        assert 0 <= field["minItems"] <= field["maxItems"] <= 20, code
        assert field["x-item-label"]["zh"] and field["x-add-label"]["zh"], code
        assert items["x-order"] == list(items["properties"]), code
        assert set(items["required"]) <= set(items["properties"]), code
        for name, inner in items["properties"].items():
            assert inner["x-field"] in FIELD_KINDS - {"group", *PAPER_KINDS}, (code, name)
            assert inner["x-label"] and inner["x-help"], (code, name)


def test_every_kind_of_field_is_used() -> None:
    used: set[str] = set()
    for code in FORMS:
        for field in schema_of(code)["properties"].values():
            used |= {field["x-field"]}
            used |= {i["x-field"] for i in field.get("items", {}).get("properties", {}).values()}
    assert used == FIELD_KINDS


def test_checks_name_fields(schema: dict[str, Any]) -> None:
    for check in schema["x-checks"]:
        assert check["kind"] in CHECKS
        assert set(check.get("fields", [check.get("field")])) <= set(schema["properties"])


@pytest.mark.parametrize("code", FORMS)
def test_an_honest_answer_passes(code: str) -> None:
    assert not list(Draft202012Validator(schema_of(code)).iter_errors(ANSWERS[code]))


@pytest.mark.parametrize(("code", "change", "field"), REFUSED)
def test_a_wrong_answer_is_refused_at_its_field(
    code: str, change: dict[str, Any], field: str
) -> None:
    answers = deepcopy(ANSWERS[code]) | change
    answers = {key: value for key, value in answers.items() if value is not None}
    errors = list(Draft202012Validator(schema_of(code)).iter_errors(answers))
    assert errors
    assert any(field in error.path or f"'{field}'" in error.message for error in errors)


def test_the_elderly_allowance_starts_at_80() -> None:
    checks = schema_of("elderly-allowance")["x-checks"]
    assert {"kind": "age_at_least", "field": "id_number", "years": 80} in checks
