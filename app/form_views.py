"""A form as a page shows it: fields made of a JSON Schema, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.form_answers import item_label, typed
from app.material_cards import MaterialCard
from app.text import Language, local, say
from app.text.errors import of_code
from backend import form_values, forms
from components.types import Option

_KEYBOARDS = {
    "id_number": "text", "phone": "tel", "bank_card": "numeric", "money": "decimal",
    "date": "numeric",
}  # fmt: skip
_YES_NO = {"yes": True, "no": False}
# What kind of question is asked by what kind of input; all others are a line of text.
_SHAPES = {
    "select": "select",
    "division": "division",
    "address": "address",
    "radio": "radio",
    "yes_no": "radio",
    "textarea": "area",
    "date": "written",
    "money": "written",
    "bank_card": "written",
    "group": "group",
    "file": "file",
    "signature": "signature",
}
REASON = "reason:"
"""Begins the name of the input in which somebody says why what was filled in is not right."""
_LENGTHS = {"phone": 20, "id_number": 24, "bank_card": 30, "date": 14, "money": 16, "address": 100}


@dataclass(frozen=True)
class PlainField:
    """One question: how to ask it, what was answered, what is wrong. `line` is the second part of
    an address."""

    name: str
    kind: str
    format: str
    label: str
    help: str
    value: str
    error: str
    line: str
    line_error: str
    warning: str
    is_checked: bool
    is_required: bool
    is_shown: bool
    inputmode: str
    autocomplete: str
    max_length: int
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class ItemView:
    """One of several like it, with its questions."""

    id: str
    place: int
    title: str
    fields: list[PlainField] = field(default_factory=list)


@dataclass(frozen=True)
class FieldView(PlainField):
    """A question that may have papers of its own, or be asked of several."""

    members: list[ItemView] = field(default_factory=list)
    cards: list[MaterialCard] = field(default_factory=list)
    add_label: str = ""
    has_room: bool = False
    origin: str = ""
    is_disputed: bool = False
    reason: str = ""


@dataclass(frozen=True)
class SectionView:
    """Questions that belong together."""

    title: str
    is_shown: bool
    fields: list[FieldView] = field(default_factory=list)


def to_form(
    schema: dict[str, Any], values: dict[str, Any], kept: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What inputs hold, as the schema's types: yes/no become booleans, blanks become null,
    `children.0.name` a name in the first of the children, `address.line` a part of an address.

    Fields whose inputs are not there are left out; inside a group they stay as `kept` has them.
    """
    form: dict[str, Any] = {}
    for name, rule in schema["properties"].items():
        kind = forms.kind_of(rule)
        inner = {
            path.removeprefix(f"{name}."): value
            for path, value in values.items()
            if path.startswith(f"{name}.")
        }
        if kind == "address" and inner:
            parts = {part: form_values.tidied("text", text) for part, text in inner.items()}
            form[name] = {part: text for part, text in parts.items() if text} or None
        elif kind == "group" and inner:
            form[name] = _to_items(rule, inner, (kept or {}).get(name) or [])
        elif name in values and kind not in forms.PAPER_KINDS:
            form[name] = _to_answer(rule, values[name])
    return form


def reasons(values: dict[str, Any]) -> dict[str, str]:
    """What inputs hold of why something that was filled in is not right: {field: text}."""
    return {
        path.removeprefix(REASON): str(text).strip()
        for path, text in values.items()
        if path.startswith(REASON)
    }


def _to_items(
    rule: dict[str, Any], values: dict[str, Any], kept: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    places: dict[int, dict[str, Any]] = {}
    for path, value in values.items():
        place, _, name = path.partition(".")
        if place.isdigit():
            places.setdefault(int(place), {})[name] = value
    items: list[dict[str, Any]] = []
    for place in sorted(places):
        before = kept[place] if place < len(kept) else {}
        item = {**before, **to_form(rule["items"], places[place], before)}
        items.append({name: value for name, value in item.items() if value is not None})
    return items


def _to_answer(rule: dict[str, Any], value: Any) -> Any:
    kind = forms.kind_of(rule)
    if rule.get("const") is True:
        return True if value in (True, "true", "on", "yes") else None
    if rule.get("type") == "boolean":
        return _YES_NO.get(str(value))
    answer = form_values.tidied(kind, value)
    if rule.get("type") in ("integer", "number") and kind != "money" and isinstance(answer, str):
        return _number(answer, rule["type"])
    return answer


def _number(text: str, kind: str) -> float | int | str:
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        return text


def for_inputs(schema: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """A value as the inputs of its field hold it: {input's name: a tick, or text}."""
    rule = schema["properties"][name]
    kind = _shape(rule)
    if kind == "address":
        parts = value if isinstance(value, dict) else {}
        return {f"{name}.{part}": parts.get(part, "") for part in ("division", "line")}
    if kind == "group":
        return {
            f"{name}.{place}.{path}": text
            for place, item in enumerate(value or [])
            for inner in forms.field_order(rule["items"])
            for path, text in for_inputs(rule["items"], inner, item.get(inner)).items()
        }
    if kind in forms.PAPER_KINDS:
        return {}
    return {name: value is True if kind == "declaration" else typed(rule, value)}


def _shape(rule: dict[str, Any]) -> str:
    return "declaration" if rule.get("const") is True else _SHAPES.get(forms.kind_of(rule), "text")


def _options(language: Language, rule: dict[str, Any]) -> list[Option]:
    kind = rule.get("x-field")
    if kind == "yes_no":
        return [Option("yes", say(language, "yes")), Option("no", say(language, "no"))]
    labels = rule.get("x-options", {})
    return [
        Option(value, local(language, labels.get(value)) or value) for value in rule.get("enum", [])
    ]


@dataclass
class Asked:
    """A form while it is asked: its schema and answers, what is said of them, its papers."""

    language: Language
    schema: dict[str, Any]
    form: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    cards: list[MaterialCard] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    path: str = ""

    def __post_init__(self) -> None:
        self.names = set(forms.asked_names(self.schema, self.form))
        self.required = forms.required_names(self.schema, self.form)

    def plain(self, name: str) -> dict[str, Any]:
        """What every question has."""
        language, rule = self.language, self.schema["properties"][name]
        kind, value, path = forms.kind_of(rule), self.form.get(name), f"{self.path}{name}"
        parts = value if isinstance(value, dict) else {}
        first = f"{path}.division" if kind == "address" else path
        help_text = local(language, rule.get("x-help"))
        return {
            "name": path,
            "kind": _shape(rule),
            "format": kind,
            "label": local(language, rule.get("x-label")),
            "help": help_text or (say(language, "date.help") if kind == "date" else ""),
            "value": parts.get("division", "") if kind == "address" else typed(rule, value),
            "error": self._said(self.errors, first),
            "line": parts.get("line", ""),
            "line_error": self._said(self.errors, f"{path}.line"),
            "warning": self._said(self.warnings, path),
            "is_checked": value is True,
            "is_required": name in self.required or "x-shown-when" in rule,
            "is_shown": name in self.names,
            "inputmode": _KEYBOARDS.get(kind, "text"),
            "autocomplete": rule.get("x-autocomplete", "off"),
            "max_length": int(rule.get("maxLength", _LENGTHS.get(kind, 200))),
            "options": _options(language, rule),
        }

    def _said(self, codes: dict[str, str], path: str) -> str:
        code = codes.get(path, "")
        return of_code(self.language, code) if code else ""

    def _item(self, name: str, place: int, item: dict[str, Any]) -> ItemView:
        rule = self.schema["properties"][name]
        path = f"{self.path}{name}.{place}"
        inside = Asked(
            self.language, rule["items"], item, self.errors, self.warnings, path=f"{path}."
        )
        return ItemView(
            path,
            place,
            f"{item_label(self.language, rule)} {place + 1}",
            [PlainField(**inside.plain(inner)) for inner in forms.field_order(rule["items"])],
        )

    def view(self, name: str) -> FieldView:
        """One field, in the reader's language."""
        rule = self.schema["properties"][name]
        items = self.form.get(name) if forms.kind_of(rule) == "group" else None
        most = int(rule.get("maxItems", forms.MOST_ITEMS))
        found = items if isinstance(items, list) else []
        return FieldView(
            **self.plain(name),
            members=[self._item(name, place, item) for place, item in enumerate(found)],
            cards=[card for card in self.cards if card.code == rule.get("x-material")],
            add_label=local(self.language, rule.get("x-add-label")) or say(self.language, "add"),
            has_room=len(found) < most,
            origin="" if name in self.disputes else self.origins.get(name, ""),
            is_disputed=name in self.disputes,
            reason=self.disputes.get(name, {}).get("note", ""),
        )

    def sections(self) -> list[SectionView]:
        """The whole form in its order."""
        found: list[SectionView] = []
        for section in self.schema["x-sections"]:
            fields = [self.view(name) for name in section["fields"]]
            is_shown = any(one.is_shown for one in fields)
            found.append(SectionView(local(self.language, section["title"]), is_shown, fields))
        return found


def papers_in_form(schema: dict[str, Any], form: dict[str, Any]) -> dict[str, bool]:
    """Materials that have a place in the form: {code: whether that place is asked}."""
    names = forms.asked_names(schema, form)
    return {
        rule["x-material"]: name in names
        for name, rule in schema["properties"].items()
        if forms.kind_of(rule) in forms.PAPER_KINDS
    }


def prefill(schema: dict[str, Any], profile: dict[str, Any] | None) -> dict[str, Any]:
    """What the profile already knows of a form's answers: nobody types the same fact twice."""
    if not profile:
        return {}
    division = profile["division_code"] or ""
    known = {
        "name": profile["name"],
        "phone": (profile["phone"] or "").removeprefix("86"),
        "id_number": profile["id_number"],
        "birthday": profile["birthday"],
        "division": division if len(division) == 12 else None,
    }
    filled: dict[str, Any] = {}
    for name, rule in schema["properties"].items():
        value = known.get(rule.get("x-prefill") or "")
        if value:
            is_part = forms.kind_of(rule) == "address"
            filled[name] = {"division": value} if is_part else value
    return filled
