"""A form as a page shows it: fields made of a JSON Schema, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.text import Language, local, say
from app.text.errors import of_code
from backend import forms
from components.types import Option, OptionGroup

_KEYBOARDS = {"id_number": "text", "phone": "tel", "bank_card": "numeric", "money": "decimal"}
_YES_NO = {"yes": True, "no": False}
# What kind of question is asked by what kind of input; all others are a line of text.
_SHAPES = {
    "select": "select",
    "division": "division",
    "radio": "radio",
    "yes_no": "radio",
    "textarea": "area",
    "date": "date",
}


@dataclass(frozen=True)
class FieldView:
    """One question: how to ask it, what was answered, what is wrong."""

    name: str
    kind: str
    label: str
    help: str
    value: str
    error: str
    is_checked: bool
    is_required: bool
    is_shown: bool
    inputmode: str
    autocomplete: str
    max_length: int
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class SectionView:
    """Questions that belong together."""

    title: str
    fields: list[FieldView] = field(default_factory=list)


@dataclass(frozen=True)
class AnswerRow:
    """One question with its answer, for reading."""

    name: str
    label: str
    value: str


def to_form(schema: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What inputs hold, as the schema's types: yes/no become booleans, blanks become null."""
    form: dict[str, Any] = {}
    for name, value in values.items():
        rule = schema["properties"].get(name)
        if rule is None:
            continue
        if rule.get("const") is True:
            form[name] = True if value in (True, "true", "on", "yes") else None
        elif rule["type"] == "boolean":
            form[name] = _YES_NO.get(str(value))
        elif rule["type"] in ("integer", "number") and str(value).strip():
            form[name] = _number(str(value), rule["type"])
        else:
            form[name] = forms.tidy(schema, name, value) or None
    return form


def _number(text: str, kind: str) -> float | int | str:
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        return text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def for_input(schema: dict[str, Any], name: str, value: Any) -> Any:
    """A value as the input of its field holds it: a tick, or text."""
    return value is True if _kind(schema["properties"][name]) == "declaration" else _shown(value)


def _kind(rule: dict[str, Any]) -> str:
    if rule.get("const") is True:
        return "declaration"
    kind = rule.get("x-field", "text")
    return _SHAPES.get(kind, "text")


def _options(language: Language, rule: dict[str, Any]) -> list[Option]:
    kind = rule.get("x-field")
    if kind == "yes_no":
        return [Option("yes", say(language, "yes")), Option("no", say(language, "no"))]
    labels = rule.get("x-options", {})
    return [
        Option(value, local(language, labels.get(value)) or value) for value in rule.get("enum", [])
    ]


def field_view(
    language: Language,
    name: str,
    schema: dict[str, Any],
    form: dict[str, Any],
    *,
    error: str,
) -> FieldView:
    """One field, in the reader's language."""
    rule = schema["properties"][name]
    kind = rule.get("x-field", "text")
    return FieldView(
        name=name,
        kind=_kind(rule),
        label=local(language, rule["x-label"]),
        help=local(language, rule.get("x-help")),
        value=_shown(form.get(name)),
        error=of_code(language, error) if error else "",
        is_checked=form.get(name) is True,
        is_required=name in schema.get("required", []) or "x-shown-when" in rule,
        is_shown=forms.is_shown(rule, form),
        inputmode=_KEYBOARDS.get(kind, "text"),
        autocomplete=rule.get("x-autocomplete", "off"),
        max_length=int(rule.get("maxLength", 20 if kind == "phone" else 200)),
        options=_options(language, rule),
    )


def sections(
    language: Language,
    schema: dict[str, Any],
    form: dict[str, Any],
    *,
    errors: dict[str, str],
) -> list[SectionView]:
    """The whole form in its order."""
    return [
        SectionView(
            local(language, section["title"]),
            [
                field_view(language, name, schema, form, error=errors.get(name, ""))
                for name in section["fields"]
            ],
        )
        for section in schema["x-sections"]
    ]


def answers(
    language: Language, schema: dict[str, Any], form: dict[str, Any], divisions: dict[str, str]
) -> list[AnswerRow]:
    """What was answered, for reading: labels, names of choices and divisions, no empty rows."""
    rows: list[AnswerRow] = []
    for name in forms.field_order(schema):
        value = form.get(name)
        if value in (None, ""):
            continue
        rule = schema["properties"][name]
        if isinstance(value, bool):
            shown = say(language, "yes" if value else "no")
        elif rule.get("x-field") == "division":
            shown = divisions.get(value, value)
        elif "x-options" in rule:
            shown = local(language, rule["x-options"].get(value)) or str(value)
        else:
            shown = str(value)
        rows.append(AnswerRow(name, local(language, rule["x-label"]), shown))
    return rows


def division_options(language: Language, divisions: list[dict[str, Any]]) -> list[Option]:
    """Every village with its township's name before it, in the order of the codes."""
    names = {d["code"]: local(language, d["name"]) for d in divisions}
    separator = " " if language == "zh" else ", "
    return [
        Option(d["code"], f"{names[d['parent_code']]}{separator}{names[d['code']]}")
        for d in divisions
        if d["level"] == "village"
    ]


def division_groups(language: Language, divisions: list[dict[str, Any]]) -> list[OptionGroup]:
    """Townships with their villages, in the order of the codes."""
    return [
        OptionGroup(
            town["code"],
            local(language, town["name"]),
            [
                Option(d["code"], local(language, d["name"]))
                for d in divisions
                if d["level"] == "village" and d["parent_code"] == town["code"]
            ],
        )
        for town in divisions
        if town["level"] == "township"
    ]


def prefill(schema: dict[str, Any], profile: dict[str, Any] | None) -> dict[str, Any]:
    """What the profile already knows of a form's answers: nobody types the same fact twice."""
    if not profile:
        return {}
    known = {
        "name": profile["name"],
        "phone": (profile["phone"] or "").removeprefix("86"),
        "id_number": profile["id_number"],
        "birthday": profile["birthday"],
        "division": profile["division_code"] if len(profile["division_code"] or "") == 12 else None,
    }
    wanted = {name: rule.get("x-prefill") for name, rule in schema["properties"].items()}
    return {name: known[kind] for name, kind in wanted.items() if kind and known.get(kind)}
