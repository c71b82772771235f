"""What a form must be is said twice, in Python and in SQL: both say the same of random forms of
random schemas. And an earlier case helps with a new draft, but signs nothing."""

from datetime import date
from random import Random
from typing import Any

import county
import psycopg
from case_rows import row
from county import Actor, MakeActor, draft, one
from psycopg.types.json import Jsonb

from backend import forms

TODAY = date(2026, 11, 20)
ID_NUMBER = "622101194312060027"
HIDDEN = "王\u202e秀英"
VALUES: list[Any] = [
    "a", "b", "c", "abc", "长" * 12, "", None, True, False, 0, 5, 500, 3.5, [], {}, [{}], ["a"],
    ID_NUMBER, "622101194312060028", HIDDEN, "两\n行", "620981101200",
    {"division": "620981101200", "line": "二组 15 号"}, {"division": "1"}, {"line": HIDDEN},
    {"division": "620981101200", "line": "长" * 200}, {"line": 5, "more": "x"},
]  # fmt: skip


def random_rule(random: Random, depth: int) -> dict[str, Any]:
    kinds = ["text", "textarea", "radio", "yes_no", "declaration", "number", "id_number", "address"]
    kind = random.choice(kinds + (["group", "file"] if depth == 0 else []))
    if kind == "radio":
        return {"type": "string", "x-field": "radio", "enum": ["a", "b"]}
    if kind == "yes_no":
        return {"type": "boolean", "x-field": "yes_no"}
    if kind == "declaration":
        return {"type": "boolean", "x-field": "yes_no", "const": True}
    if kind == "number":
        return {"type": "integer", "x-field": "money", "minimum": 1, "maximum": 100}
    if kind == "address":
        return {"type": "object", "x-field": "address"}
    if kind == "file":
        return {"x-field": "file", "x-material": "m"}
    if kind == "group":
        return {
            "type": "array", "x-field": "group", "minItems": random.randint(0, 2),
            "maxItems": random.randint(2, 3), "items": random_schema(random, 1),
        }  # fmt: skip
    rule: dict[str, Any] = {"type": "string", "x-field": kind}
    if kind != "id_number":
        rule |= random.choice([{}, {"maxLength": 5}, {"minLength": 2}, {"pattern": "^[a-z]{1,3}$"}])
    return rule


def random_schema(random: Random, depth: int = 0) -> dict[str, Any]:
    names = [f"f{n}" for n in range(random.randint(1, 6))]
    rules = {name: random_rule(random, depth) for name in names}
    for place, name in enumerate(names[1:], 1):
        if random.random() < 0.4:
            equals = random.choice(["a", "b", ["a", "b"], True, False])
            before = random.choice(names[:place])
            rules[name]["x-shown-when"] = {"field": before, "equals": equals}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": rules,
        "required": [name for name in names if random.random() < 0.5],
    }
    if random.random() < 0.4:
        condition = {"properties": {names[0]: {"const": random.choice(["a", True])}}}
        if random.random() < 0.7:
            condition["required"] = [names[0]]
        schema["allOf"] = [{"if": condition, "then": {"required": [names[-1]]}}]
    if depth == 0:
        cut = random.randint(0, len(names) - 1)
        second: dict[str, Any] = {"code": "b", "fields": names[cut:]}
        if cut:
            second["x-shown-when"] = {"field": names[0], "equals": random.choice(["a", True])}
        schema["x-sections"] = [{"code": "a", "fields": names[:cut]}, second]
    return schema


def random_form(random: Random, schema: dict[str, Any]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for name, rule in schema["properties"].items():
        if random.random() < 0.2:
            continue
        if rule["x-field"] == "group" and random.random() < 0.8:
            form[name] = [random_form(random, rule["items"]) for _ in range(random.randint(0, 4))]
        else:
            form[name] = random.choice(VALUES)
    return form | ({"stray": random.choice(VALUES)} if random.random() < 0.1 else {})


def test_sql_and_python_say_the_same_of_every_form(superuser: psycopg.Connection) -> None:
    random = Random(20261122)  # noqa: S311 - the same cases every time
    found = 0
    for _ in range(1500):
        schema = random_schema(random)
        form = random_form(random, schema)
        line = superuser.execute(
            "select private.form_problems(%s, %s), private.asked_form(%s, %s)",
            tuple(map(Jsonb, (schema, form, schema, form))),
        ).fetchone()
        assert line is not None
        assert line[0] == forms.problems(schema, form, today=TODAY), (schema, form)
        assert line[1] == forms.asked(schema, form), (schema, form)
        found += len(line[0])
    assert found > 1000, "the forms must be wrong often enough to say something"


def test_a_circle_of_conditions_ends(superuser: psycopg.Connection) -> None:
    schema = {
        "properties": {
            "a": {"x-field": "text", "x-shown-when": {"field": "b", "equals": "x"}},
            "b": {"x-field": "text", "x-shown-when": {"field": "a", "equals": "x"}},
        }
    }
    form = {"a": "x", "b": "x"}
    assert forms.asked(schema, form) == {}
    assert one(superuser, "select private.asked_form(%s, %s)", Jsonb(schema), Jsonb(form)) == {}


def test_an_earlier_case_fills_a_new_draft(citizen: Actor) -> None:
    first = draft(citizen, address="老地方 1 号")
    first.submit()
    again = citizen.call("start_application", service_code=county.ALLOWANCE)
    citizen.call("save_draft", application_id=again, changes={"name": "王秀"}, base_version=0)
    offered = citizen.call("earlier_application", application_id=again)
    assert offered["id"] == first.id
    version = citizen.call("copy_application", application_id=again, from_id=first.id)
    kept = row(citizen, again)
    assert kept["form_version"] == version == 2
    # What the draft already says stays; what is declared is declared each time.
    assert kept["form"]["name"] == "王秀" and kept["form"]["address"] == "老地方 1 号"
    assert "declaration" not in kept["form"]
    assert citizen.call("copy_application", application_id=again, from_id=first.id) == version


def test_nobody_copies_from_somebody_else(citizen: Actor, actor: MakeActor, clerk: Actor) -> None:
    first = draft(citizen)
    first.submit()
    other = actor(county.MA)
    theirs = other.call("start_application", service_code=county.ALLOWANCE)
    copy = {"application_id": theirs, "from_id": first.id}
    assert other.refused("copy_application", **copy) == "case_not_found"
    assert clerk.refused("copy_application", **copy) == "case_not_found"
    assert other.call("earlier_application", application_id=theirs) is None
    # Nor from another service, nor into what was handed in.
    sign = citizen.call("start_application", service_code=county.SIGN)
    copy = {"application_id": sign, "from_id": first.id}
    assert citizen.refused("copy_application", **copy) == "case_not_found"
    copy = {"application_id": first.id, "from_id": first.id}
    assert citizen.refused("copy_application", **copy) == "already_submitted"


def test_groups_and_addresses_are_masked(superuser: psycopg.Connection) -> None:
    schema = {
        "properties": {
            "home": {"x-field": "address"},
            "children": {
                "x-field": "group",
                "items": {
                    "properties": {
                        "name": {"x-field": "text"},
                        "id_number": {"x-field": "id_number"},
                        "home": {"x-field": "address"},
                        "sum": {"x-field": "money"},
                    }
                },
            },
        }
    }
    home = {"division": "620981101200", "line": "二组 15 号"}
    child = {"name": "王小明", "id_number": ID_NUMBER, "home": home, "sum": 500}
    form = {"home": home, "children": [child]}
    call = "select private.shown_form(%s, %s, %s)"
    assert one(superuser, call, Jsonb(schema), Jsonb(form), True) == form
    shown = one(superuser, call, Jsonb(schema), Jsonb(form), False)
    assert shown["home"] == home | {"line": "二组****"}
    assert shown["children"] == [
        {"name": "王*明", "id_number": "622*************27", "home": shown["home"], "sum": 500}
    ]


def test_too_much_for_one_form_is_refused(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False)
    schema = one(
        citizen.connection,
        "select g.form_schema from public.guides as g join public.applications as a"
        " on a.guide_id = g.id where a.id = %s",
        mine.id,
    )
    texts = [name for name, rule in schema["properties"].items() if rule["type"] == "string"]
    refused = citizen.refused(
        "save_draft", application_id=mine.id, base_version=9,
        changes={name: [f"{n}" * 3999 for n in range(9)] for name in texts},
    )  # fmt: skip
    assert refused == "form_too_large"
