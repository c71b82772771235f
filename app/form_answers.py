"""What was answered in a form, for reading: in the reader's words, nothing masked or unmasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.text import Language, local, say
from backend import form_values, forms
from components.types import Option, OptionGroup


@dataclass(frozen=True)
class AnswerRow:
    """One question with its answer, for reading; `name` is the path of the field."""

    name: str
    label: str
    value: str
    kind: str = "text"
    is_birthday: bool = False


def typed(rule: dict[str, Any], value: Any) -> str:
    """A value as its input holds it."""
    kind = forms.kind_of(rule)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "money" and isinstance(value, int):
        return form_values.yuan_of(value)
    if kind == "bank_card" and isinstance(value, str) and value.isdigit():
        return form_values.card_groups(value)
    return "" if value is None else str(value)


def item_label(language: Language, rule: dict[str, Any]) -> str:
    """What one of a group is called."""
    return local(language, rule.get("x-item-label")) or local(language, rule.get("x-label"))


def label_of(language: Language, schema: dict[str, Any], path: str) -> str:
    """What a field is called, wherever it lies; in a group with the number of its item."""
    name, _, inner = path.partition(".")
    rule = schema["properties"].get(name)
    if rule is None:
        return path
    if inner and forms.kind_of(rule) == "group":
        place, _, rest = inner.partition(".")
        which = f"{item_label(language, rule)} {int(place) + 1}"
        return f"{which} · {label_of(language, rule['items'], rest)}" if rest else which
    label = local(language, rule.get("x-label"))
    return f"{label} · {say(language, 'place.line')}" if inner == "line" else label


def said(language: Language, rule: dict[str, Any], value: Any, divisions: dict[str, str]) -> str:
    """One answer as text to read: names of choices and divisions, sums in yuan."""
    kind = forms.kind_of(rule)
    if isinstance(value, bool):
        return say(language, "yes" if value else "no")
    if kind == "division":
        return divisions.get(value, str(value))
    if kind == "address" and isinstance(value, dict):
        place = value.get("division", "")
        return " ".join(p for p in (divisions.get(place, place), value.get("line", "")) if p)
    if kind == "group" and isinstance(value, list):
        return "；".join(
            "，".join(
                said(language, rule["items"]["properties"][name], item[name], divisions)
                for name in forms.field_order(rule["items"])
                if name in item
            )
            for item in value
        )
    if kind == "money" and isinstance(value, int):
        return say(language, "money.yuan", value=form_values.yuan_of(value))
    if "x-options" in rule:
        return local(language, rule["x-options"].get(value)) or str(value)
    return typed(rule, value)


def _rows(
    language: Language, schema: dict[str, Any], form: dict[str, Any],
    divisions: dict[str, str], names: list[str], *, path: str = "", before: str = "",
) -> Iterator[AnswerRow]:  # fmt: skip
    for name in names:
        rule, value = schema["properties"].get(name, {}), form.get(name)
        kind = forms.kind_of(rule)
        if value in (None, "", [], {}) or not rule:
            continue
        if kind == "group" and isinstance(value, list):
            for place, item in enumerate(value):
                items = rule["items"]
                yield from _rows(
                    language, items, item, divisions, forms.asked_names(items, item),
                    path=f"{path}{name}.{place}.",
                    before=f"{item_label(language, rule)} {place + 1} · ",
                )  # fmt: skip
            continue
        yield AnswerRow(
            f"{path}{name}.line" if kind == "address" else f"{path}{name}",
            before + local(language, rule.get("x-label")),
            said(language, rule, value, divisions),
            kind,
            rule.get("x-prefill") == "birthday",
        )


def answers(
    language: Language, schema: dict[str, Any], form: dict[str, Any], divisions: dict[str, str]
) -> list[AnswerRow]:
    """What was answered, for reading: labels, names of choices and divisions, no empty rows."""
    return list(_rows(language, schema, form, divisions, forms.field_order(schema)))


def division_names(language: Language, divisions: list[dict[str, Any]]) -> dict[str, str]:
    """Every village with its township's name before it, by code."""
    names = {d["code"]: local(language, d["name"]) for d in divisions}
    separator = " " if language == "zh" else ", "
    return {
        d["code"]: f"{names[d['parent_code']]}{separator}{names[d['code']]}"
        for d in divisions
        if d["level"] == "village"
    }


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
