"""Forms from JSON Schema: what is wrong with what somebody wrote, field by field, as error codes.

Schemas are draft 2020-12 with annotations of ours: x-field (how to ask), x-label, x-help,
x-sections (order), x-checks (rules between fields). Validation keywords are the `jsonschema`
library's own.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, cast

from jsonschema import Draft202012Validator

from backend.auth import normal_phone
from backend.errors import Invalid
from backend.people import checked_id_number

Schema = dict[str, Any]
Form = dict[str, Any]

_CODES = {
    "required": "field_required",
    "const": "field_required",
    "enum": "choice_invalid",
    "minLength": "text_too_short",
    "maxLength": "text_too_long",
    "minimum": "number_too_small",
    "maximum": "number_too_large",
    "additionalProperties": "field_unknown",
}
# Control characters, invisible blanks, and characters that turn the direction of text.
_CONTROL = {c for c in range(32) if c not in (9, 10, 13)} | {
    *range(0x7F, 0xA0),
    0x061C,
    0x200B,
    *range(0x200E, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
}


def field_order(schema: Schema) -> list[str]:
    """Names of all fields in the order they are asked."""
    return [name for section in schema.get("x-sections", []) for name in section["fields"]]


def _birthday_of(id_number: str) -> str:
    return f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"


def age_on(birthday: date, today: date) -> int:
    """Full years of age."""
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))


def _is_luhn(number: str) -> bool:
    digits = [int(c) for c in reversed(number)]
    doubled = [d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits)]
    return sum(doubled) % 10 == 0


def tidy(schema: Schema, name: str, value: Any) -> Any:
    """What is kept of typed text: no control or direction characters, no blanks around, numbers
    without spaces and in plain digits, whatever keyboard they came from."""
    if not isinstance(value, str):
        return value
    kind = schema["properties"].get(name, {}).get("x-field", "text")
    text = "".join(c for c in value if ord(c) not in _CONTROL).strip()
    if kind in ("id_number", "bank_card", "phone"):
        text = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "").upper()
    return text


def _problem_of_kind(kind: str, value: str) -> str:
    if kind == "id_number":
        try:
            checked_id_number(value)
        except Invalid as error:
            return error.code
    if kind == "phone":
        try:
            normal_phone(value)
        except Invalid as error:
            return error.code
    if kind == "bank_card" and not (value.isdigit() and 12 <= len(value) <= 19 and _is_luhn(value)):
        return "bank_card_invalid"
    if kind == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return "date_invalid"
    return ""


def _problem_of_check(check: dict[str, Any], form: Form, today: date) -> tuple[str, str] | None:
    if check["kind"] == "birthday_matches_id_number":
        birthday, number = (str(form.get(f, "")) for f in check["fields"])
        if birthday and number and birthday != _birthday_of(number):
            return check["fields"][0], "birthday_contradicts_id_number"
    if check["kind"] == "age_at_least":
        birthday = date.fromisoformat(_birthday_of(str(form.get(check["field"]))))
        if age_on(birthday, today) < check["years"]:
            return check["field"], "age_below"
    return None


def problems(schema: Schema, form: Form, *, today: date) -> dict[str, str]:
    """What is wrong: {field: error code}, in the order of the form; empty when it can be handed
    in. What was typed into a field that is not asked any more stands in nobody's way."""
    rules = schema["properties"]
    filled = {
        k: v for k, v in form.items() if v not in (None, "") and is_shown(rules.get(k, {}), form)
    }
    found: dict[str, str] = {}
    for error in Draft202012Validator(schema).iter_errors(filled):
        keyword = str(error.validator)
        names = [str(p) for p in error.absolute_path][:1]
        if keyword == "required":
            wanted = cast("list[str]", error.validator_value)
            names = [name for name in wanted if name not in filled]
        elif keyword == "additionalProperties":
            names = [name for name in filled if name not in rules]
        for name in names:
            found.setdefault(name, _CODES.get(keyword, "field_invalid"))
    for name, rule in rules.items():
        # What the field means says more than that a pattern did not fit.
        if (
            isinstance(filled.get(name), str)
            and found.get(name, "field_invalid") == "field_invalid"
        ):
            code = _problem_of_kind(rule.get("x-field", "text"), filled[name])
            if code:
                found[name] = code
    for check in schema.get("x-checks", []):
        fields = check.get("fields") or [check["field"]]
        if all(f in filled and f not in found for f in fields):
            problem = _problem_of_check(check, filled, today)
            if problem:
                found.setdefault(*problem)
    order = {name: place for place, name in enumerate(field_order(schema))}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], 999)))


def is_shown(rule: dict[str, Any], form: Form) -> bool:
    """Whether a field is asked at all, given what was answered before it (x-shown-when)."""
    condition = rule.get("x-shown-when")
    return condition is None or form.get(condition["field"]) == condition["equals"]


def problem_of_field(schema: Schema, form: Form, name: str, *, today: date) -> str:
    """What is wrong with one field that somebody just left; "" when nothing, or when it is only
    empty."""
    if form.get(name) in (None, ""):
        return ""
    return problems(schema, form, today=today).get(name, "")
