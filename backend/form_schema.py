"""Whether a guide's form can be asked, kept and judged: the check of a schema before it is
published. docs/forms.md tells designers the whole vocabulary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from backend import forms

Problem = tuple[str, str, dict[str, Any]]
Schema = dict[str, Any]

KINDS = {
    "text": "string", "textarea": "string", "id_number": "string", "phone": "string",
    "bank_card": "string", "date": "string", "select": "string", "radio": "string",
    "division": "string", "money": "integer", "yes_no": "boolean", "address": "object",
    "group": "array", "file": "", "signature": "",
}  # fmt: skip
"""Every kind of field with the JSON type it keeps; papers keep nothing in the form."""

PREFILLS = {"name", "phone", "id_number", "division", "birthday"}
CHECKS = {"birthday_matches_id_number": ("fields", 2), "age_at_least": ("field", 1)}

_TOP = {
    "$schema", "$id", "title", "description", "type", "properties", "required",
    "additionalProperties", "allOf", "x-sections", "x-checks",
}  # fmt: skip
_INNER = {
    "type", "properties", "required", "additionalProperties", "allOf", "x-order", "x-checks",
}  # fmt: skip
_EVERY = {"x-field", "x-label", "x-help", "x-shown-when", "type", "title", "description"}
_TEXT = {"minLength", "maxLength", "pattern", "x-prefill", "x-autocomplete", "x-registry", "format"}
_OF_KIND = {
    "select": {"enum", "x-options"}, "radio": {"enum", "x-options"},
    "money": {"minimum", "maximum"}, "yes_no": {"const"},
    "address": {"x-line-length", "properties", "required", "additionalProperties"},
    "group": {"items", "minItems", "maxItems", "x-item-label", "x-add-label"},
    "file": {"x-material"}, "signature": {"x-material"},
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST_PATTERN = 200
# What both engines (Python's and PostgreSQL's) read alike, and what cannot run away: no
# look-around, no back references, no flags, no named groups, no lazy or possessive repeats.
_FOREIGN_ESCAPE = re.compile(r"\\[1-9AZzGQEpPXkKbBmMyY<>`'cuUNxhHvVR]|(?<!\\)\[\[")
_FOREIGN = re.compile(r"\(\?(?!:)|[*+?}][+?]")
_REPEAT = r"(?:[*+]|\{[0-9]*,[0-9]*\})"
_NESTED_REPEAT = re.compile(rf"{_REPEAT}[^()]*\)+{_REPEAT}")
_ALTERNATIVES_REPEATED = re.compile(rf"\([^()]*\|[^()]*\){_REPEAT}")
_WIDE_REPEAT = re.compile(r"\{[0-9]*,?([0-9]{4,})\}")


def ordered(schema: Schema) -> Schema:
    """The schema with its fields in the order they are asked, and the order of each group's fields
    written down (x-order), because the database keeps no order of names. What is broken stays as
    it is, for problems() to name."""
    rules = schema.get("properties")
    if not isinstance(rules, dict):
        return schema
    kept = {name: _ordered_rule(rule) for name, rule in cast("Schema", rules).items()}
    return {**schema, "properties": _sorted_by(kept, _placed(schema.get("x-sections")))}


def _ordered_rule(rule: Any) -> Any:
    items = rule.get("items") if isinstance(rule, dict) else None
    if not isinstance(items, dict) or forms.kind_of(cast("Schema", rule)) != "group":
        return rule
    rules = cast("Schema", items).get("properties")
    if not isinstance(rules, dict):
        return rule
    inner = cast("Schema", items)
    kept = _sorted_by(inner["properties"], _written(inner))
    return {**rule, "items": {"x-order": list(kept), **inner, "properties": kept}}


def _written(schema: Schema) -> list[Any]:
    """Names in the order that is written down, or else in the one in which they stand."""
    order: Any = schema.get("x-order", list(schema["properties"]))
    return cast("list[Any]", order) if isinstance(order, list) else []


def _placed(sections: Any) -> list[Any]:
    """Names in the order of the sections, as far as there are sections."""
    of_each = [
        cast("Schema", section).get("fields")
        for section in cast("list[Any]", sections if isinstance(sections, list) else [])
        if isinstance(section, dict)
    ]
    return [name for fields in of_each if isinstance(fields, list) for name in fields]


def _sorted_by(rules: Schema, order: list[Any]) -> Schema:
    """Rules by an order of names; what it does not name comes last, as it came."""
    names = [name for name in order if isinstance(name, str) and name in rules]
    return {name: rules[name] for name in [*names, *rules]}


def problems(
    schema: Any,
    *,
    materials: Collection[str] | None = None,
    questions: Collection[dict[str, Any]] = (),
) -> list[Problem]:
    """What is broken, as (JSON path, code, parameters); empty when it can be published.

    `materials` are the codes of the guide's materials that are photographed (None: not looked at),
    `questions` its check questions ({code, options: [{value}]}).
    """
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
        return [(f"${path}", "schema_invalid", {"reason": error.message[:200]})]
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        return [("$.properties", "schema_needs_properties", {})]
    whole = cast("Schema", schema)
    found = [*_of_object(whole, "$", _TOP, materials), *_of_sections(whole)]
    return found + [*_of_questions(whole, questions)]


def _is_bilingual(text: Any) -> bool:
    return isinstance(text, dict) and all(
        isinstance(text.get(language), str) and text[language].strip() for language in ("zh", "en")
    )


def _of_object(
    schema: Schema, path: str, known: set[str], materials: Collection[str] | None
) -> Iterator[Problem]:
    for key in schema:
        if key not in known:
            yield f"{path}.{key}", "schema_keyword_unknown", {"keyword": key}
    if schema.get("type") != "object":
        yield f"{path}.type", "schema_type_wrong", {"wanted": "object"}
    if schema.get("additionalProperties") is not False:
        yield f"{path}.additionalProperties", "schema_must_be_closed", {}
    rules = schema["properties"]
    for name in schema.get("required", []):
        if name not in rules:
            yield f"{path}.required", "schema_field_unknown", {"field": name}
    for name, rule in rules.items():
        where = f"{path}.properties.{name}"
        if not _NAME.fullmatch(name):
            yield where, "schema_name_invalid", {"field": name}
        if not isinstance(rule, dict):
            yield where, "schema_rule_invalid", {"field": name}
            continue
        yield from _of_rule(rule, where, materials, is_inner=known is _INNER)
        yield from _of_condition(schema, rule, where, name)
    yield from _of_branches(schema, path)
    yield from _of_checks(schema, path)


def _of_rule(
    rule: Schema, path: str, materials: Collection[str] | None, *, is_inner: bool
) -> Iterator[Problem]:
    kind = rule.get("x-field")
    if kind not in KINDS:
        yield f"{path}.x-field", "schema_kind_unknown", {"kind": str(kind)}
        return
    kind = str(kind)
    if is_inner and kind in ("group", *forms.PAPER_KINDS):
        yield f"{path}.x-field", "schema_kind_not_in_group", {"kind": kind}
    wanted = KINDS[kind]
    if rule.get("type", "") != wanted and (wanted or "type" in rule):
        yield f"{path}.type", "schema_type_wrong", {"wanted": wanted}
    allowed = (
        _EVERY | _OF_KIND.get(kind, set()) | (_TEXT if kind not in forms.PAPER_KINDS else set())
    )
    for key in rule:
        if key not in allowed:
            yield f"{path}.{key}", "schema_keyword_unknown", {"keyword": key}
    if not _is_bilingual(rule.get("x-label")) and not (kind == "file" and "x-label" not in rule):
        yield f"{path}.x-label", "schema_text_not_bilingual", {}
    for key in ("x-help", "x-item-label", "x-add-label"):
        if key in rule and not _is_bilingual(rule[key]):
            yield f"{path}.{key}", "schema_text_not_bilingual", {}
    if rule.get("x-prefill", "name") not in PREFILLS:
        yield f"{path}.x-prefill", "schema_prefill_unknown", {"prefill": str(rule["x-prefill"])}
    if "pattern" in rule:
        code = pattern_problem(rule["pattern"])
        if code:
            yield f"{path}.pattern", code, {"pattern": rule["pattern"][:80]}
    if kind in ("select", "radio"):
        yield from _of_choices(rule, path)
    if kind in forms.PAPER_KINDS:
        code = rule.get("x-material")
        if not isinstance(code, str) or (materials is not None and code not in materials):
            yield f"{path}.x-material", "schema_material_unknown", {"material": str(code)}
    if kind == "group":
        yield from _of_group(rule, path, materials)


def _of_choices(rule: Schema, path: str) -> Iterator[Problem]:
    choices = rule.get("enum")
    if not choices or not all(isinstance(choice, str) for choice in choices):
        yield f"{path}.enum", "schema_choices_missing", {}
        return
    labels = rule.get("x-options")
    labels = cast("Schema", labels) if isinstance(labels, dict) else {}
    for choice in choices:
        if not _is_bilingual(labels.get(choice)):
            yield f"{path}.x-options.{choice}", "schema_text_not_bilingual", {}
    for choice in labels:
        if choice not in choices:
            yield f"{path}.x-options.{choice}", "schema_choice_unknown", {"choice": choice}


def _of_group(rule: Schema, path: str, materials: Collection[str] | None) -> Iterator[Problem]:
    items = rule.get("items")
    if not isinstance(items, dict) or not isinstance(items.get("properties"), dict):
        yield f"{path}.items", "schema_needs_properties", {}
        return
    least, most = rule.get("minItems", 0), rule.get("maxItems", forms.MOST_ITEMS)
    if not 0 <= least <= most <= forms.MOST_ITEMS:
        yield f"{path}.maxItems", "schema_too_many_items", {"most": forms.MOST_ITEMS}
    inner = cast("Schema", items)
    if sorted(map(str, _written(inner))) != sorted(inner["properties"]):
        yield f"{path}.items.x-order", "schema_order_incomplete", {}
    yield from _of_object(inner, f"{path}.items", _INNER, materials)


def _of_condition(schema: Schema, one: Schema, path: str, name: str = "") -> Iterator[Problem]:
    """A condition names an earlier field, and values that it can have."""
    if "x-shown-when" not in one:
        return
    condition, where = one["x-shown-when"], f"{path}.x-shown-when"
    if not isinstance(condition, dict) or set(cast("Schema", condition)) != {"field", "equals"}:
        yield where, "schema_condition_invalid", {}
        return
    field, rules = condition["field"], schema["properties"]
    if not isinstance(field, str) or field not in rules:
        yield f"{where}.field", "schema_field_unknown", {"field": str(field)}
        return
    order = _placed(schema.get("x-sections")) or _written(schema)
    first = name or next((n for n in one.get("fields", []) if n in order), "")
    if first in order and field in order and order.index(field) >= order.index(first):
        yield f"{where}.field", "schema_condition_not_before", {"field": field}
    wanted = condition["equals"]
    for value in wanted if isinstance(wanted, list) else [wanted]:
        if not _is_possible(rules[field], value):
            yield (
                f"{where}.equals",
                "schema_value_impossible",
                {"field": field, "value": str(value)},
            )


def _is_possible(rule: Schema, value: Any) -> bool:
    if isinstance(value, bool):
        return rule.get("x-field") == "yes_no"
    return isinstance(value, str) and value in rule.get("enum", [])


def _of_sections(schema: Schema) -> Iterator[Problem]:
    sections = schema.get("x-sections")
    if not isinstance(sections, list) or not sections:
        yield "$.x-sections", "schema_sections_missing", {}
        return
    placed: dict[str, str] = {}
    codes: set[str] = set()
    for number, section in enumerate(sections):
        path = f"$.x-sections[{number}]"
        if not isinstance(section, dict) or not isinstance(section.get("fields"), list):
            yield path, "schema_section_invalid", {}
            continue
        one = cast("Schema", section)
        for key in one:
            if key not in ("code", "title", "fields", "x-shown-when"):
                yield f"{path}.{key}", "schema_keyword_unknown", {"keyword": key}
        if not _is_bilingual(one.get("title")):
            yield f"{path}.title", "schema_text_not_bilingual", {}
        if not isinstance(one.get("code"), str) or one["code"] in codes:
            yield f"{path}.code", "schema_code_not_once", {}
        codes.add(str(one.get("code")))
        for place, name in enumerate(one["fields"]):
            where = f"{path}.fields[{place}]"
            if not isinstance(name, str) or name not in schema["properties"]:
                yield where, "schema_field_unknown", {"field": str(name)}
            elif name in placed:
                yield where, "schema_field_twice", {"field": name, "first": placed[name]}
            placed[str(name)] = where
        yield from _of_condition(schema, one, path)
    for name in schema["properties"]:
        if name not in placed:
            yield f"$.properties.{name}", "schema_field_not_placed", {"field": name}


def _of_branches(schema: Schema, path: str) -> Iterator[Problem]:
    """Branches may only say what is required when: anything more the database does not check."""
    for number, branch in enumerate(schema.get("allOf", [])):
        where = f"{path}.allOf[{number}]"
        if not isinstance(branch, dict) or not set(branch) <= {"if", "then", "else"}:
            yield where, "schema_branch_invalid", {}
            continue
        parts = cast("dict[str, Schema]", branch)
        condition = parts.get("if", {})
        is_plain = set(condition) <= {"properties", "required"} and all(
            set(rule) in ({"const"}, {"enum"}) for rule in condition.get("properties", {}).values()
        )
        if not is_plain or not condition:
            yield f"{where}.if", "schema_branch_invalid", {}
            continue
        for way in ("then", "else"):
            if not set(parts.get(way, {})) <= {"required"}:
                yield f"{where}.{way}", "schema_branch_invalid", {}
        named = [*condition.get("properties", {}), *condition.get("required", [])]
        named += [n for way in ("then", "else") for n in parts.get(way, {}).get("required", [])]
        for name in named:
            if name not in schema["properties"]:
                yield where, "schema_field_unknown", {"field": name}


def _of_checks(schema: Schema, path: str) -> Iterator[Problem]:
    for number, check in enumerate(schema.get("x-checks", [])):
        where = f"{path}.x-checks[{number}]"
        kind = check.get("kind") if isinstance(check, dict) else None
        if kind not in CHECKS:
            yield f"{where}.kind", "schema_check_unknown", {"kind": str(kind)}
            continue
        key, count = CHECKS[kind]
        fields = check.get(key, [])
        fields = [fields] if key == "field" else fields
        if len(fields) != count or any(f not in schema["properties"] for f in fields):
            yield f"{where}.{key}", "schema_field_unknown", {"field": ", ".join(map(str, fields))}
        if kind == "age_at_least" and not isinstance(check.get("years"), int):
            yield f"{where}.years", "schema_check_invalid", {}


def _of_questions(schema: Schema, questions: Collection[dict[str, Any]]) -> Iterator[Problem]:
    for number, question in enumerate(questions):
        rule = schema["properties"].get(question.get("code"))
        if rule is None:
            code = str(question.get("code"))
            yield f"check[{number}].code", "schema_field_unknown", {"field": code}
            continue
        for place, option in enumerate(question.get("options", [])):
            if not _is_possible(rule, option.get("value")):
                where, value = f"check[{number}].options[{place}].value", str(option.get("value"))
                field = question["code"]
                yield where, "schema_value_impossible", {"field": field, "value": value}


def pattern_problem(pattern: Any) -> str:
    """Why a regular expression cannot be used; "" when it can.

    Allowed is what Python and PostgreSQL read alike and what cannot take for ever: classes,
    groups, alternatives, and repeats that do not stand inside each other.
    """
    if not isinstance(pattern, str) or len(pattern) > _LONGEST_PATTERN:
        return "schema_pattern_invalid"
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "a", pattern)
    if _FOREIGN_ESCAPE.search(pattern) or _FOREIGN.search(bare):
        return "schema_pattern_foreign"
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return "schema_pattern_invalid"
    dangerous = (_NESTED_REPEAT, _ALTERNATIVES_REPEATED, _WIDE_REPEAT)
    return "schema_pattern_runs_away" if any(d.search(bare) for d in dangerous) else ""
