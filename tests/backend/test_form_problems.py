"""Forms: what somebody typed is tidied, and what is wrong with it is said field by field."""

from datetime import date
from typing import Any

import county
import pytest
from filled_forms import FILLED

from backend import form_values, forms
from backend.seed import services

TODAY = date(2026, 11, 20)
SCHEMAS: dict[str, dict[str, Any]] = {
    s["code"]: s["guide"]["form_schema"] for s in services() if s["is_applicable"]
}

ANSWERS = county.ANSWERS | FILLED


def problems(code: str, **changes: object) -> dict[str, str]:
    return forms.problems(SCHEMAS[code], ANSWERS[code] | changes, today=TODAY)


def test_the_answers_cover_every_service_that_can_be_applied_for() -> None:
    assert set(SCHEMAS) == set(ANSWERS)


@pytest.mark.parametrize("code", SCHEMAS)
def test_an_honest_answer_has_no_problem(code: str) -> None:
    assert problems(code) == {}


@pytest.mark.parametrize("code", SCHEMAS)
def test_an_empty_form_asks_for_every_required_field_in_order(code: str) -> None:
    found = forms.problems(SCHEMAS[code], {}, today=TODAY)
    asked = list(dict.fromkeys(path.partition(".")[0] for path in found))
    assert set(asked) == set(SCHEMAS[code]["required"])
    assert set(found.values()) == {"field_required"}
    assert asked == [name for name in forms.field_order(SCHEMAS[code]) if name in asked]


@pytest.mark.parametrize("code", SCHEMAS)
def test_blank_and_missing_are_the_same(code: str) -> None:
    blank = dict.fromkeys(SCHEMAS[code]["properties"], "")
    assert forms.problems(SCHEMAS[code], blank, today=TODAY) == forms.problems(
        SCHEMAS[code], {}, today=TODAY
    )


REFUSED: list[tuple[str, dict[str, object], dict[str, str]]] = [
    (county.ALLOWANCE, {"name": "王"}, {"name": "text_too_short"}),
    (county.ALLOWANCE, {"name": "王" * 51}, {"name": "text_too_long"}),
    (county.ALLOWANCE, {"id_number": "622101194312060028"}, {"id_number": "id_number_invalid"}),
    (county.ALLOWANCE, {"id_number": "6221011943"}, {"id_number": "id_number_invalid"}),
    (county.ALLOWANCE, {"id_number": "622101194302300022"}, {"id_number": "id_number_invalid"}),
    (
        county.ALLOWANCE,
        {"birthday": "1943-12-07"},
        {"birthday": "birthday_contradicts_id_number"},
    ),
    (county.ALLOWANCE, {"birthday": "1943-02-30"}, {"birthday": "date_invalid"}),
    (county.ALLOWANCE, {"phone": "12345"}, {"phone": "phone_invalid"}),
    (county.ALLOWANCE, {"phone": "+85291234567"}, {"phone": "phone_foreign"}),
    (county.ALLOWANCE, {"pay_method": "cash"}, {"pay_method": "choice_invalid"}),
    (county.ALLOWANCE, {"declaration": False}, {"declaration": "field_required"}),
    (
        county.ALLOWANCE,
        {"pay_method": "bank_card"},
        {"bank_name": "field_required", "bank_card_number": "field_required"},
    ),
    (
        county.ALLOWANCE,
        {"pay_method": "bank_card", "bank_name": "农行", "bank_card_number": "622202123456789"},
        {"bank_card_number": "field_invalid"},
    ),
    (county.ALLOWANCE, {"name": "王\u202e秀英"}, {"name": "text_has_hidden_characters"}),
    (county.ALLOWANCE, {"address": "一组\n2 号"}, {"address": "text_has_hidden_characters"}),
    (
        county.ALLOWANCE,
        {"id_number": "622101198009180032", "birthday": "1980-09-18"},
        {"id_number": "age_below"},
    ),
    (county.ALLOWANCE, {"points": "5"}, {"points": "field_unknown"}),
    (county.INSURANCE, {"person_kind": "pensioner"}, {"person_kind": "choice_invalid"}),
    (
        county.INSURANCE,
        {"is_applying_for_self": False},
        {
            "agent_relation": "field_required",
            "agent_name": "field_required",
            "agent_phone": "field_required",
        },
    ),
    (
        county.INSURANCE,
        {"birthday": "1980-09-17"},
        {"birthday": "birthday_contradicts_id_number"},
    ),
    (county.SIGN, {"width_m": "about three"}, {"width_m": "field_invalid"}),
    (county.SIGN, {"premises_kind": "rented"}, {"has_owner_consent": "field_required"}),
    (county.SIGN, {"is_lit": True}, {"light_kind": "field_required"}),
    (county.SIGN, {"credit_code": "92620981"}, {"credit_code": "field_invalid"}),
    (county.SIGN, {"install_on": "2026-13-01"}, {"install_on": "date_invalid"}),
]


@pytest.mark.parametrize(("code", "changes", "expected"), REFUSED)
def test_what_is_wrong_is_said_at_its_field(
    code: str, changes: dict[str, object], expected: dict[str, str]
) -> None:
    assert problems(code, **changes) == expected


def test_a_field_that_is_not_asked_any_more_stands_in_nobodys_way() -> None:
    """A wrong card number, then the other way of payment: the number is not looked at."""
    leftover = {"bank_card_number": "12", "bank_name": "", "agent_phone": "1"}
    assert problems(county.ALLOWANCE, **leftover) == {}
    found = problems(county.ALLOWANCE, pay_method="bank_card", **leftover)
    assert found == {"bank_name": "field_required", "bank_card_number": "bank_card_invalid"}


@pytest.mark.parametrize(
    ("today", "is_old_enough"),
    [(date(2023, 12, 5), False), (date(2023, 12, 6), True), (date(2024, 1, 1), True)],
)
def test_the_allowance_begins_on_the_birthday(today: date, is_old_enough: bool) -> None:
    found = forms.problems(SCHEMAS[county.ALLOWANCE], county.ANSWERS[county.ALLOWANCE], today=today)
    assert (found == {}) is is_old_enough


def test_ages() -> None:
    assert forms.age_on(date(2000, 2, 29), date(2018, 2, 28)) == 17
    assert forms.age_on(date(2000, 2, 29), date(2018, 3, 1)) == 18
    assert forms.age_on(date(1950, 6, 1), date(2026, 6, 1)) == 76


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "  王秀英\t ", "王秀英"),
        ("name", "王\u202e秀\u2066英\u200f", "王秀英"),
        ("name", "王\x00秀\x1b英\x7f\x85", "王秀英"),
        ("name", "\ufeff王秀英\u200b", "王秀英"),
        ("name", "王秀英\n(大)", "王秀英 (大)"),
        ("phone", "\u202d138 0000 0001\u202c", "13800000001"),
        ("birthday", "19431206", "1943-12-06"),
        ("birthday", " 1943年12月6日", "1943-12-06"),
        ("birthday", "1943/2/30", "1943/2/30"),
        ("name", "Anna Maria", "Anna Maria"),
        ("name", "阿依努尔·买买提", "阿依努尔·买买提"),
        ("address", "一组\r\n2 号", "一组 2 号"),
        ("id_number", " 62210119431206 002x ", "62210119431206002X"),
        ("id_number", "６２２１０１１９４３１２０６００２Ｘ", "62210119431206002X"),
        ("bank_card_number", "6222 0212-3456 7890", "6222021234567890"),
        ("phone", "138 0000 0001", "13800000001"),
        ("phone", "＋８６\u3000１３８００００ ０００１", "+8613800000001"),
        ("declaration", True, True),
        ("address", None, None),
        ("unknown", " x ", "x"),
    ],
)
def test_typed_text_is_tidied(field: str, typed: object, kept: object) -> None:
    rule = SCHEMAS[county.ALLOWANCE]["properties"].get(field, {})
    assert form_values.tidied(forms.kind_of(rule), typed) == kept


def test_one_field_that_somebody_left() -> None:
    schema, form = SCHEMAS[county.ALLOWANCE], dict(county.ANSWERS[county.ALLOWANCE])
    assert forms.problems_so_far(schema, form, "phone", today=TODAY) == {}
    form["phone"] = "123"
    assert forms.problems_so_far(schema, form, "phone", today=TODAY) == {"phone": "phone_invalid"}
    # Empty is no reproach while somebody still types.
    form["phone"] = ""
    assert forms.problems_so_far(schema, form, "phone", today=TODAY) == {}


def test_fields_shown_on_condition() -> None:
    rule = SCHEMAS[county.ALLOWANCE]["properties"]["bank_name"]
    assert not forms.is_shown(rule, {})
    assert not forms.is_shown(rule, {"pay_method": "social_card"})
    assert forms.is_shown(rule, {"pay_method": "bank_card"})
    assert forms.is_shown({}, {})


@pytest.mark.parametrize(
    ("number", "problem", "warning"),
    [
        ("6222021234567894", {}, {}),
        ("6222021234567890", {}, {"bank_card_number": "bank_card_unusual"}),
        ("79927398713", {"bank_card_number": "bank_card_invalid"}, {}),
    ],
)
def test_card_numbers(number: str, problem: dict[str, str], warning: dict[str, str]) -> None:
    """Too few digits are refused; a wrong check digit (Luhn) is only pointed at."""
    answers = {"pay_method": "bank_card", "bank_name": "农行", "bank_card_number": number}
    assert problems(county.ALLOWANCE, **answers) == problem
    form = county.ANSWERS[county.ALLOWANCE] | answers
    assert forms.warnings(SCHEMAS[county.ALLOWANCE], form) == warning
