"""What a notice may ask for, and the notice that a form makes of it: the guide's acceptance points
as ticks, and how to mend it in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.pages.desk_talk import NoticeLine
from app.text import Language, local
from app.text.errors import of_code
from backend import forms
from backend.case_acts import NoticeItem
from components.types import Option

_TEXT_LENGTH = range(5, 501)


@dataclass(frozen=True)
class AskedMaterial:
    """A material that a notice may ask for; a point's value is the name of its tick."""

    code: str
    name: str
    is_upload: bool
    points: list[Option] = field(default_factory=list)


def asked_materials(language: Language, page: dict[str, Any]) -> list[AskedMaterial]:
    """Materials that a notice may ask to be mended, each with the guide's acceptance points."""
    return [
        AskedMaterial(
            code=material["code"],
            name=local(language, material["name"]),
            is_upload=material["source"] == "upload",
            points=[
                Option(f"point {material['code']} {place}", local(language, point))
                for place, point in enumerate(material["acceptance_points"] or [])
            ],
        )
        for material in page["materials"]
        if material["is_needed"]
        and (material["source"] == "upload" or material["registry"] or material["documents"])
    ]


def asked_fields(language: Language, page: dict[str, Any]) -> list[Option]:
    """Fields that a notice may ask to be mended: those that were asked of this applicant."""
    schema = page["form_schema"]
    rules = schema["properties"]
    return [
        Option(name, local(language, rules[name].get("x-label")) or name)
        for name in forms.asked_names(schema, page["form"])
        if rules[name].get("x-field") not in ("file", "signature")
    ]


@dataclass(frozen=True)
class Written:
    """What somebody filled into the notice: the items to send, the lines their reader will see,
    and what is missing, by the id of its input."""

    items: list[NoticeItem]
    lines: list[NoticeLine]
    errors: dict[str, str]


def written(
    language: Language,
    asks: list[AskedMaterial],
    fields: list[Option],
    values: dict[str, Any],
) -> Written:
    """Read the notice's form: `ask <code>`, `point <code> <n>`, `mend <code>` of materials, `field
    <name>`, `change <name>` of fields."""
    items: list[NoticeItem] = []
    lines: list[NoticeLine] = []
    errors: dict[str, str] = {}
    for ask in asks:
        if values.get(f"ask {ask.code}") is not True:
            continue
        ticked = [n for n, point in enumerate(ask.points) if values.get(point.value) is True]
        text = str(values.get(f"mend {ask.code}") or "").strip()
        if ask.points and not ticked:
            errors[f"points-{ask.code}"] = of_code(language, "notice_point_needed")
        if len(text) not in _TEXT_LENGTH:
            errors[f"mend-{ask.code}"] = of_code(language, "notice_text_needed")
        items.append({"material": ask.code, "points": ticked, "text": text})
        lines.append(NoticeLine(ask.name, [ask.points[n].label for n in ticked], text))
    for option in fields:
        if values.get(f"field {option.value}") is not True:
            continue
        text = str(values.get(f"change {option.value}") or "").strip()
        if len(text) not in _TEXT_LENGTH:
            errors[f"change-{option.value}"] = of_code(language, "notice_text_needed")
        items.append({"field": option.value, "text": text})
        lines.append(NoticeLine(option.label, [], text))
    if not items:
        errors["notice"] = of_code(language, "notice_empty")
    return Written(items, lines, errors)
