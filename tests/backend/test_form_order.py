"""A form keeps the order of its fields, although the database keeps none of names."""

import json
from typing import Any

import pytest

from backend import form_schema, guide_check, guide_fields
from backend.seed import services

GUIDES = {service["code"]: service["guide"] for service in services()}
SCHEMAS = {code: g["form_schema"] for code, g in GUIDES.items() if g.get("form_schema")}
RELIEF = "temporary-relief"
PART = next(part for section in guide_fields.SECTIONS for part in section.fields
            if part.path == "form_schema")  # fmt: skip


def scrambled(value: Any) -> Any:
    """A value as the database gives it back: names by length, then by letters."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name), name))
        return {name: scrambled(value[name]) for name in names}
    return [scrambled(each) for each in value] if isinstance(value, list) else value


def orders(schema: dict[str, Any]) -> dict[str, list[str]]:
    """The order of all fields, and of each group's."""
    rules = schema["properties"]
    groups = {n: list(r["items"]["properties"]) for n, r in rules.items() if "items" in r}
    return {"": list(rules), **groups}


@pytest.mark.parametrize("code", sorted(SCHEMAS))
def test_the_editor_shows_fields_as_they_are_asked(code: str) -> None:
    asked = SCHEMAS[code]
    shown = json.loads(guide_fields.shown(PART, scrambled(asked)))
    assert shown == asked
    by_section = [name for section in asked["x-sections"] for name in section["fields"]]
    assert orders(shown) == orders(asked) | {"": by_section}


def test_what_the_editor_shows_is_what_is_published() -> None:
    typed = json.loads(guide_fields.shown(PART, scrambled(SCHEMAS[RELIEF])))
    items = typed["properties"]["members"]["items"]
    items["properties"] = dict(reversed(items["properties"].items()))
    del items["x-order"]
    typed["x-sections"][0]["fields"].reverse()
    text = json.dumps(typed, ensure_ascii=False)
    checked = guide_check.checked({"form_schema": text}, departments=[], is_applicable=True)
    guide = checked.guide["form_schema"]
    again = guide_fields.shown(PART, scrambled(guide))
    assert orders(json.loads(again)) == orders(guide)
    assert orders(guide)["members"] == list(items["properties"])
    assert (
        list(guide["properties"])[: len(typed["x-sections"][0]["fields"])]
        == (typed["x-sections"][0]["fields"])
    )
    assert guide_fields.changes({"form_schema": scrambled(guide)}, {"form_schema": again}) == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("x-sections", 5),
        ("x-sections", [5, {"fields": 5}, {"fields": [5, "nobody"]}]),
        ("x-sections/0/fields", [{}]),
        ("x-sections/0/x-shown-when", {"field": {}, "equals": True}),
        ("properties", []),
        ("properties/members", 5),
        ("properties/members/items", []),
        ("properties/members/items/properties", 5),
        ("properties/members/items/x-order", 5),
        ("properties/members/items/x-order", ["name", "name"]),
        ("properties/members/items/x-order", [{}]),
    ],
)
def test_a_broken_form_is_left_for_the_check_to_name(path: str, value: Any) -> None:
    broken = json.loads(json.dumps(SCHEMAS[RELIEF]))
    *above, last = path.split("/")
    place = broken
    for name in above:
        place = place[int(name) if name.isdigit() else name]
    place[last] = value
    kept = form_schema.ordered(broken)
    assert kept == broken
    assert form_schema.problems(kept)
