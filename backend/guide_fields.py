"""What a guide consists of, field by field: how each is written in the editor and what becomes of
it.

A draft keeps what was typed; `shown()` is that as text, `read()` makes the guide of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from backend import form_schema

Body = dict[str, Any]
Kind = Literal["text", "both", "both_long", "whole", "yuan", "yes_no", "choice", "json"]

LANGUAGES = ("zh", "en")
UNITS = ("working_day", "working_hour")
SOURCES = ("upload", "county_record", "form")
WALLET_KINDS = (
    "id_card", "household_page", "bank_card", "portrait_photo", "marriage_certificate",
    "birth_certificate", "medical_record", "business_licence", "property_certificate",
    "disability_card", "residence_permit", "land_contract", "forest_right",
)  # fmt: skip
REGISTRIES = (
    "household", "marriage", "birth", "business", "social_insurance", "property", "assistance",
)  # fmt: skip
MOST_FEN = 100_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to write; `path` is below its item (dots), `choices` are the values it may have
    (departments: filled in by the page)."""

    path: str
    kind: Kind
    is_required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things with the same fields; `path` is below what it belongs to."""

    path: str
    fields: tuple[Field, ...]
    inner: Items | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the editor."""

    code: str
    fields: tuple[Field, ...] = ()
    items: Items | None = None


def _both(path: str, *, is_required: bool = True, is_long: bool = False) -> Field:
    return Field(path, "both_long" if is_long else "both", is_required)


SECTIONS = (
    Section("content", (_both("content", is_long=True),)),
    Section(
        "legal_basis",
        items=Items(
            "legal_basis",
            (
                _both("title"),
                _both("article", is_required=False),
                _both("text", is_required=False, is_long=True),
            ),
        ),
    ),
    Section("conditions", items=Items("conditions", (_both(""),))),
    Section(
        "materials",
        items=Items(
            "materials",
            (
                Field("code", "text"),
                _both("name"),
                _both("help", is_long=True),
                Field("source", "choice", choices=SOURCES),
                Field("is_required", "yes_no"),
                Field("min_files", "whole", is_required=False),
                Field("max_files", "whole", is_required=False),
                Field("wallet_kind", "choice", is_required=False, choices=WALLET_KINDS),
                Field("registry", "choice", is_required=False, choices=REGISTRIES),
                Field("needed_when", "json", is_required=False),
            ),
            Items("acceptance_points", (_both(""),)),
        ),
    ),
    Section(
        "procedure",
        (_both("procedure", is_long=True),),
        Items(
            "steps",
            (
                Field("code", "text"),
                _both("name"),
                Field("kind", "choice", choices=("review", "approve", "produce")),
                Field("actor", "choice", choices=("window", "department")),
                Field("department", "choice", is_required=False),
                Field("stage", "whole", is_required=False),
                Field("limit.value", "whole"),
                Field("limit.unit", "choice", choices=UNITS),
                Field("part", "text", is_required=False),
                Field("needed_when", "json", is_required=False),
            ),
        ),
    ),
    Section(
        "promised",
        (
            Field("promised.value", "whole"),
            Field("promised.unit", "choice", choices=UNITS),
            Field("legal_limit.value", "whole", is_required=False),
            Field("legal_limit.unit", "choice", is_required=False, choices=UNITS),
        ),
    ),
    Section(
        "fee",
        (Field("fee_fen", "yuan"), _both("fee_note", is_long=True)),
        Items("fee_rules", (Field("when", "json"), Field("fee_fen", "yuan"), _both("note"))),
    ),
    Section(
        "result",
        (
            _both("result.name"),
            _both("result.note", is_required=False, is_long=True),
            _both("how_to_apply", is_required=False, is_long=True),
        ),
        Items(
            "parts",
            (
                Field("code", "text"),
                _both("name"),
                Field("department", "choice"),
                _both("result.name"),
                _both("result.note", is_required=False),
            ),
        ),
    ),
    Section(
        "refusal_reasons",
        items=Items(
            "refusal_reasons",
            (
                Field("code", "text"),
                _both("name"),
                _both("legal_basis", is_long=True),
                _both("way_on", is_long=True),
            ),
        ),
    ),
    Section(
        "check",
        items=Items(
            "check",
            (Field("code", "text"), _both("question"), _both("help", is_required=False)),
            Items("options", (Field("value", "json"), _both("label"))),
        ),
    ),
    Section(
        "questions", items=Items("questions", (_both("question"), _both("answer", is_long=True)))
    ),
    Section("form_schema", (Field("form_schema", "json", is_required=False),)),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a field's path; a warning does not stand in the way."""

    path: str
    code: str
    detail: str = ""
    is_warning: bool = False


@dataclass(slots=True)
class Reading:
    """A guide made of what was typed, and what could not be read."""

    guide: Body = field(default_factory=dict[str, Any])
    findings: list[Finding] = field(default_factory=list[Finding])


def joined(*parts: str | int) -> str:
    """A path of its parts, without empty ones."""
    return ".".join(str(part) for part in parts if part != "")


def at(body: Any, path: str) -> Any:
    """What stands at a path of a draft; None where nothing does."""
    for part in path.split("."):
        if isinstance(body, list):
            items = cast("list[Any]", body)
            body = items[int(part)] if part.isdigit() and int(part) < len(items) else None
        elif isinstance(body, Mapping):
            body = cast("Mapping[str, Any]", body).get(part)
        else:
            return None
    return body


def names(spec: Field, base: str = "") -> list[str]:
    """Paths of the inputs of a field: one, or one a language."""
    path = joined(base, spec.path)
    is_both = spec.kind in ("both", "both_long")
    return [f"{path}.{language}" for language in LANGUAGES] if is_both else [path]


def shown(spec: Field, value: Any) -> str:
    """A value of a draft as the editor shows it: what was typed, or what stood in the guide."""
    if isinstance(value, str) and not (spec.kind == "json" and spec.path == "value"):
        return value
    if value is None:
        return ""
    if spec.kind == "yuan" and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}".removesuffix(".00")
    if spec.kind == "yes_no" or isinstance(value, bool):
        return "yes" if value is True else "no"
    if spec.kind == "json" and spec.path != "value":
        value = form_schema.ordered(cast("Any", value)) if spec.path == "form_schema" else value
        return "" if value == [] else json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def every_field(body: Body) -> Iterator[tuple[str, Field]]:
    """Every input of a draft: its path, and the field it belongs to."""
    for section in SECTIONS:
        for spec in section.fields:
            for name in names(spec):
                yield name, spec
        if section.items:
            yield from _of_items(section.items, body, section.items.path)


def _of_items(items: Items, body: Body, path: str) -> Iterator[tuple[str, Field]]:
    for number in range(len(at(body, path) or ())):
        base = joined(path, number)
        for spec in items.fields:
            for name in names(spec, base):
                yield name, spec
        if items.inner:
            yield from _of_items(items.inner, body, joined(base, items.inner.path))


def changes(body: Body, values: Mapping[str, Any]) -> dict[str, str]:
    """What was typed and is not what the draft shows, by path; unknown names are left out."""
    return {
        name: str(values[name])
        for name, spec in every_field(body)
        if name in values and str(values[name]) != shown(spec, at(body, name))
    }


def empty_item(list_path: str) -> Any:
    """A new item of the list at a path, with all its fields empty."""
    items = items_at(list_path)
    item: Any = {}
    for spec in items.fields:
        blank: Any = dict.fromkeys(LANGUAGES, "") if spec.kind in ("both", "both_long") else ""
        if not spec.path:
            return blank
        place = item
        *above, last = spec.path.split(".")
        for part in above:
            place = place.setdefault(part, {})
        place[last] = blank
    if items.inner:
        item[items.inner.path] = []
    return item


def items_at(list_path: str) -> Items:
    """What the list at a path consists of; raises KeyError where there is no list."""
    wanted = re.sub(r"\.\d+\.", ".", list_path)
    for section in SECTIONS:
        outer = section.items
        if outer and outer.path == wanted:
            return outer
        if outer and outer.inner and joined(outer.path, outer.inner.path) == wanted:
            return outer.inner
    raise KeyError(list_path)


def read(body: Body) -> Reading:
    """The guide that a draft means, in the seed's shape, and what cannot be read or is missing."""
    reading = Reading()
    for section in SECTIONS:
        for spec in section.fields:
            _read_field(reading, reading.guide, spec, body, "")
        if section.items:
            reading.guide[section.items.path] = _read_items(
                reading, section.items, body, section.items.path
            )
    if not isinstance(reading.guide.get("form_schema", {}), dict):
        reading.findings.append(Finding("form_schema", "schema_needs_properties"))
        del reading.guide["form_schema"]
    return reading


def _read_items(reading: Reading, items: Items, body: Body, path: str) -> list[Any]:
    found: list[Any] = []
    for number in range(len(at(body, path) or ())):
        base, item = joined(path, number), cast("Body", {})
        for spec in items.fields:
            _read_field(reading, item, spec, body, base)
        if items.inner:
            inner = joined(base, items.inner.path)
            item[items.inner.path] = _read_items(reading, items.inner, body, inner)
        found.append(item.get("", item))
    return found


def _read_field(reading: Reading, item: Body, spec: Field, body: Body, base: str) -> None:
    path = joined(base, spec.path)
    if spec.kind in ("both", "both_long"):
        value = _read_both(reading, spec, body, path)
    else:
        text = shown(spec, at(body, path)).strip()
        if not text:
            if spec.is_required:
                reading.findings.append(Finding(path, "field_required"))
            value = [] if spec.path == "needed_when" else None
        else:
            try:
                value = _READERS[spec.kind](text)
            except _Unreadable as error:
                reading.findings.append(Finding(path, error.code, error.detail))
                return
    if value is None:
        return
    place = item
    *above, last = spec.path.split(".")
    for part in above:
        place = place.setdefault(part, {})
    place[last] = value


def _read_both(reading: Reading, spec: Field, body: Body, path: str) -> dict[str, str] | None:
    texts = {language: str(at(body, f"{path}.{language}") or "").strip() for language in LANGUAGES}
    if not any(texts.values()) and not spec.is_required:
        return None
    for language, text in texts.items():
        if not text:
            reading.findings.append(Finding(f"{path}.{language}", "guide_text_missing"))
    return texts


class _Unreadable(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(code)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise _Unreadable("number_invalid")
    return int(text)


def _yuan(text: str) -> int:
    try:
        fen = Decimal(text) * 100
    except InvalidOperation as error:
        raise _Unreadable("money_invalid") from error
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen <= MOST_FEN:
        raise _Unreadable("money_invalid")
    return int(fen)


def _json(text: str) -> Any:
    if not text.startswith(("[", "{")):
        # An option's value: a yes or a no, else a word.
        return {"yes": True, "no": False}.get(text, text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _Unreadable("json_invalid", f"{error.lineno}:{error.colno} {error.msg}") from error


_READERS: dict[str, Callable[[str], Any]] = {
    "text": lambda text: text,
    "choice": lambda text: text,
    "whole": _whole,
    "yuan": _yuan,
    "yes_no": lambda text: text == "yes",
    "json": _json,
}
