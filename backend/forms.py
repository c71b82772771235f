"""Forms from JSON Schema: what was asked, and what is wrong with what somebody wrote, field by
field, as error codes.

Schemas are draft 2020-12 with annotations of ours (docs/forms.md has them all). A path is a
field's name, `address.line` for a part of an address, `children.0.name` for a field of a group.
What SQL refuses (private.form_problems) is refused here with the same code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from jsonschema import Draft202012Validator

from backend.auth import normal_phone
from backend.errors import Invalid
from backend.form_values import has_hidden_characters, is_luhn
from backend.people import checked_id_number

Schema = dict[str, Any]
Form = dict[str, Any]
Problems = dict[str, str]

# What is said of a field that breaks several of its rules: the first of these.
_CODES = {
    "const": "field_required",
    "enum": "choice_invalid",
    "type": "field_invalid",
    "maxLength": "text_too_long",
    "minLength": "text_too_short",
    "minimum": "number_too_small",
    "maximum": "number_too_large",
    "pattern": "field_invalid",
}
# Shown in the form, kept among the documents.
PAPER_KINDS = ("file", "signature")
LONGEST_LINE = 100
MOST_ITEMS = 20
# Conditions hang on fields that hang on conditions; nobody needs more steps than this.
_DEEPEST = 10


def field_order(schema: Schema) -> list[str]:
    """Names of all fields in the order they are asked; of a group's items, by their x-order."""
    if "x-sections" in schema:
        return [name for section in schema["x-sections"] for name in section["fields"]]
    return list(schema.get("x-order") or schema["properties"])


def kind_of(rule: Schema) -> str:
    """How a field is asked."""
    return rule.get("x-field", "text")


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def is_shown(rule: Mapping[str, Any], form: Form) -> bool:
    """Whether a field's or a section's own condition (x-shown-when) holds."""
    condition = rule.get("x-shown-when")
    if condition is None:
        return True
    wanted, given = condition["equals"], form.get(condition["field"])
    return any(
        given == one and isinstance(given, bool) == isinstance(one, bool)
        for one in (wanted if isinstance(wanted, list) else [wanted])
    )


def asked_names(schema: Schema, form: Form) -> list[str]:
    """Fields that are asked, given what was answered: their own condition and their section's
    hold, and so do those of the fields that these hang on."""
    rules = schema["properties"]
    sections = {n: s for s in schema.get("x-sections", []) for n in s["fields"]}

    def is_asked(name: str, depth: int = 0) -> bool:
        if depth > _DEEPEST or name not in rules:
            return False
        for one in (rules[name], sections.get(name, {})):
            condition = one.get("x-shown-when")
            if condition and not (is_asked(condition["field"], depth + 1) and is_shown(one, form)):
                return False
        return True

    return [name for name in field_order(schema) if is_asked(name)]


def asked(schema: Schema, form: Form) -> Form:
    """The answers to what was asked in the end; same as SQL private.asked_form()."""
    kept: Form = {}
    for name in asked_names(schema, form):
        if name not in form:
            continue
        rule, value = schema["properties"][name], form[name]
        if kind_of(rule) == "group" and isinstance(value, list):
            value = [asked(rule["items"], i) if isinstance(i, dict) else i for i in value]
        kept[name] = value
    return kept


def holds(alternatives: list[dict[str, Any]] | None, form: Form) -> bool:
    """Whether a condition of a guide holds for these answers; same as SQL private.holds()."""

    def is_so(name: str, wanted: Any) -> bool:
        return is_shown({"x-shown-when": {"field": name, "equals": wanted}}, form)

    return not alternatives or any(
        all(name in form and is_so(name, wanted) for name, wanted in one.items())
        for one in alternatives
    )


def required_names(schema: Schema, form: Form) -> set[str]:
    """Fields that need an answer: always, or by a branch (allOf, if, then) that holds."""
    names = set(schema.get("required", []))
    for branch in schema.get("allOf", []):
        way = "then" if Draft202012Validator(branch["if"]).is_valid(form) else "else"
        names |= set(branch.get(way, {}).get("required", []))
    return names


def _is_card(value: Any) -> bool:
    return isinstance(value, str) and value.isdecimal() and 12 <= len(value) <= 19


def _problem_of_kind(kind: str, value: str) -> str:
    try:
        if kind == "id_number":
            checked_id_number(value)
        elif kind == "phone":
            normal_phone(value)
        elif kind == "date":
            date.fromisoformat(value)
    except Invalid as error:
        return error.code
    except ValueError:
        return "date_invalid"
    if kind == "bank_card" and not _is_card(value):
        return "bank_card_invalid"
    return "money_invalid" if kind == "money" else ""


def _problem_of_value(rule: Schema, value: Any) -> str:
    kind = kind_of(rule)
    if isinstance(value, str) and has_hidden_characters(value, is_area=kind == "textarea"):
        return "text_has_hidden_characters"
    broken = {str(error.validator) for error in Draft202012Validator(rule).iter_errors(value)}
    code = next((code for keyword, code in _CODES.items() if keyword in broken), "")
    if isinstance(value, str) and code in ("", "field_invalid", "text_too_short", "text_too_long"):
        # What the field means says more than that a pattern or a length did not fit.
        code = _problem_of_kind(kind, value) or code
    return code


def _problems_of_address(rule: Schema, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, "field_invalid"
        return
    parts = cast("dict[str, Any]", value)
    for name in ("division", "line"):
        part = parts.get(name)
        limit: Schema = {"type": "string", "maxLength": rule.get("x-line-length", LONGEST_LINE)}
        if name == "division":
            limit = {"type": "string", "pattern": "^[0-9]{12}$"}
        code = "field_required" if _is_blank(part) else _problem_of_value(limit, part)
        if code:
            yield f"{path}.{name}", code
    for name in parts:
        if name not in ("division", "line"):
            yield f"{path}.{name}", "field_unknown"


def _problems_of_group(
    rule: Schema, value: Any, path: str, today: date
) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield path, "field_invalid"
        return
    items = cast("list[Form]", value)
    if len(items) > rule.get("maxItems", MOST_ITEMS):
        yield path, "too_many_items"
    elif len(items) < rule.get("minItems", 0):
        yield path, "too_few_items"
    for place, item in enumerate(items):
        for inner, code in problems(rule["items"], item, today=today).items():
            yield f"{path}.{place}.{inner}", code


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


def _birthday_of(id_number: str) -> str:
    return f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"


def age_on(birthday: date, today: date) -> int:
    """Full years of age."""
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))


def _problems_of_field(
    rule: Schema, value: Any, path: str, today: date
) -> Iterator[tuple[str, str]]:
    kind = kind_of(rule)
    if kind in PAPER_KINDS:
        yield path, "field_unknown"
    elif kind == "address":
        yield from _problems_of_address(rule, value, path)
    elif kind == "group":
        yield from _problems_of_group(rule, value, path, today)
    else:
        code = _problem_of_value(rule, value)
        if code:
            yield path, code


def problems(schema: Schema, form: Form, *, today: date) -> Problems:
    """What is wrong: {path: error code}, in the order of the form; empty when it can be handed
    in. What was typed into a field that is not asked any more stands in nobody's way."""
    rules = schema["properties"]
    names = asked_names(schema, form)
    filled = {name: form[name] for name in names if not _is_blank(form.get(name))}
    required = required_names(schema, filled)
    found: Problems = {}
    for name in names:
        if name in filled:
            found.update(_problems_of_field(rules[name], filled[name], name, today))
        elif name in required and kind_of(rules[name]) == "address":
            found |= {f"{name}.{part}": "field_required" for part in ("division", "line")}
        elif name in required:
            found[name] = "field_required"
    for check in schema.get("x-checks", []):
        fields = check.get("fields") or [check["field"]]
        if all(f in filled and f not in found for f in fields):
            problem = _problem_of_check(check, filled, today)
            if problem:
                found.setdefault(*problem)
    return found | {n: "field_unknown" for n in form if n not in rules and not _is_blank(form[n])}


def is_of(path: str, name: str) -> bool:
    """Whether a path lies in this field."""
    return path == name or path.startswith(f"{name}.")


def problems_so_far(schema: Schema, form: Form, name: str, *, today: date) -> Problems:
    """What is wrong inside one field that somebody just left; what is only empty is no reproach
    while somebody still types."""
    return {
        path: code
        for path, code in problems(schema, form, today=today).items()
        if is_of(path, name) and code not in ("field_required", "too_few_items")
    }


def without(found: Problems, name: str) -> Problems:
    """The problems of all other fields."""
    return {path: code for path, code in found.items() if not is_of(path, name)}


def warnings(schema: Schema, form: Form) -> Problems:
    """What looks wrong but may be right: {path: code}. It stands in nobody's way."""
    found: Problems = {}
    for name in asked_names(schema, form):
        rule, value = schema["properties"][name], form.get(name)
        if kind_of(rule) == "group" and isinstance(value, list):
            for place, item in enumerate(value):
                if isinstance(item, dict):
                    inner = warnings(rule["items"], item)
                    found |= {f"{name}.{place}.{path}": code for path, code in inner.items()}
        # Some older cards have no check digit, so this cannot be a refusal.
        elif kind_of(rule) == "bank_card" and _is_card(value) and not is_luhn(str(value)):
            found[name] = "bank_card_unusual"
    return found
