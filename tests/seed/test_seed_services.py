"""Guides carry the eight public items, and their figures agree with each other."""

from collections import defaultdict
from typing import Any

LIFE_EVENTS = {"birth", "retirement", "medical", "housing", "work", "farm", "shop", "other"}
KINDS = {"instant", "promised", "joint", "referred_up"}
HOURS_OF_A_DAY = 8


def hours(limit: dict[str, Any]) -> int:
    assert limit["value"] > 0
    return limit["value"] * {"working_hour": 1, "working_day": HOURS_OF_A_DAY}[limit["unit"]]


def repeated(values: list[str]) -> set[str]:
    return {value for value in values if values.count(value) > 1}


def test_there_are_enough_services(services: list[dict[str, Any]]) -> None:
    assert len(services) >= 40
    assert not repeated([service["code"] for service in services])
    assert not repeated([service["name"]["zh"] for service in services])
    assert not repeated([service["short_name"]["en"] for service in services])


def test_these_services_run_here(applicable: list[dict[str, Any]]) -> None:
    assert {service["code"] for service in applicable} >= {
        "elderly-allowance",
        "resident-medical-insurance",
        "own-shop-sign",
        "newborn-bundle",
        "retirement-bundle",
    }


def test_every_speed_class_occurs(services: list[dict[str, Any]]) -> None:
    promised = [hours(service["guide"]["promised"]) for service in services]
    assert any(value <= 2 for value in promised), "up to two hours"
    assert any(2 < value <= 4 for value in promised), "half a day"
    assert any(4 < value <= HOURS_OF_A_DAY for value in promised), "one day"
    assert any(value > HOURS_OF_A_DAY for value in promised), "several days"


def test_every_kind_occurs(services: list[dict[str, Any]]) -> None:
    assert {service["kind"] for service in services} == KINDS


def test_the_service_is_described(
    service: dict[str, Any], departments: list[dict[str, Any]]
) -> None:
    assert service["department"] in {department["code"] for department in departments}
    assert service["audience"] in {"person", "business"}
    assert service["life_events"] and set(service["life_events"]) <= LIFE_EVENTS
    assert service["who"]
    assert 0 <= service["popularity"] <= 100
    for language in ("zh", "en"):
        assert len(service["keywords"][language]) >= 3
        assert not repeated(service["keywords"][language])


def test_the_eight_public_items_are_there(service: dict[str, Any]) -> None:
    guide = service["guide"]
    for item in ("content", "legal_basis", "conditions", "materials", "procedure", "promised"):
        assert guide[item], item
    assert guide["fee_fen"] >= 0 and guide["fee_note"]
    assert guide["result"]["name"] and guide["result"]["note"]
    assert guide["how_to_apply"], "every online service also works at the window"
    assert len(guide["questions"]) >= 2


def test_laws_are_named(service: dict[str, Any]) -> None:
    for basis in service["guide"]["legal_basis"]:
        assert basis["title"]["zh"].startswith("《") or "《" in basis["title"]["zh"], basis
        assert basis["article"]["zh"]


def test_refusals_say_the_law_and_the_way_on(service: dict[str, Any]) -> None:
    reasons = service["guide"]["refusal_reasons"]
    assert reasons
    assert not repeated([reason["code"] for reason in reasons])
    for reason in reasons:
        assert "《" in reason["legal_basis"]["zh"], reason["code"]
        assert reason["name"] and reason["way_on"], reason["code"]


def test_materials_can_be_handed_in(service: dict[str, Any]) -> None:
    materials = service["guide"]["materials"]
    assert not repeated([material["code"] for material in materials])
    for material in materials:
        assert material["source"] in {"upload", "county_record", "form"}
        assert material["acceptance_points"], "the window may demand only what is published"
        assert 0 <= material["min_files"] <= material["max_files"] <= 20
        asks_for_files = material["source"] == "upload" and material["is_required"]
        may_ask = asks_for_files or "registry" in material
        assert asks_for_files <= (material["min_files"] > 0) <= may_ask, material["code"]


def test_steps_are_known(service: dict[str, Any], departments: list[dict[str, Any]]) -> None:
    steps = service["guide"]["steps"]
    offices = {department["code"] for department in departments}
    assert not repeated([step["code"] for step in steps])
    assert steps[0]["actor"] == "window", "receipt comes first"
    assert any(step["kind"] == "approve" for step in steps)
    for step in steps:
        assert step["kind"] in {"review", "approve", "produce"}
        if step["actor"] == "window":
            assert step["department"] is None
            assert step["kind"] != "approve", "windows cannot decide"
        else:
            assert step["department"] in offices


def test_limits_add_up_to_the_promise(service: dict[str, Any]) -> None:
    stages: dict[int, list[int]] = defaultdict(list)
    for position, step in enumerate(service["guide"]["steps"], start=1):
        stages[step.get("stage", position)].append(hours(step["limit"]))
        if step["code"] == "window-review":
            assert hours(step["limit"]) <= 3 * HOURS_OF_A_DAY, "first review of a township"
    promised = service["guide"]["promised"]
    assert sum(max(parallel) for parallel in stages.values()) == hours(promised)
    units = {step["limit"]["unit"] for step in service["guide"]["steps"]}
    assert units == {promised["unit"]}
    if "legal_limit" in service["guide"]:
        assert hours(promised) <= hours(service["guide"]["legal_limit"])


def test_the_kind_fits_the_steps(service: dict[str, Any]) -> None:
    guide = service["guide"]
    deciding = {step["department"] for step in guide["steps"] if step["kind"] == "approve"}
    if service["kind"] == "instant":
        assert hours(guide["promised"]) <= HOURS_OF_A_DAY
    assert (len(deciding) > 1) is (service["kind"] == "joint")


def test_the_check_decides_something(service: dict[str, Any]) -> None:
    """Two to five questions; conditions name answers that are asked, and each question counts."""
    guide = service["guide"]
    questions = {question["code"]: question for question in guide.get("check", [])}
    fields = guide.get("form_schema", {}).get("properties", {})
    owners = [*guide["materials"], *guide["steps"]]
    conditions = [owner.get("needed_when", []) for owner in owners]
    conditions += [rule["when"] for rule in guide.get("fee_rules", [])]
    named = {name for when in conditions for alternative in when for name in alternative}
    assert named <= set(questions) | set(fields)
    if questions:
        assert 2 <= len(questions) <= 5
        assert set(questions) <= named, "a question that changes nothing is not asked"
    for code, question in questions.items():
        if fields:
            allowed = fields[code].get("enum", [True, False])
            assert {option["value"] for option in question["options"]} == set(allowed), code


def test_zero_material_services_ask_for_no_file(services: list[dict[str, Any]]) -> None:
    """What the county holds is not asked for again: some services need the form only."""
    zero = [
        service["code"]
        for service in services
        if service["is_applicable"]
        and all(material["source"] != "upload" for material in service["guide"]["materials"])
        and any("registry" in material for material in service["guide"]["materials"])
    ]
    assert len(zero) >= 3, zero


def test_only_applicable_services_have_a_form(service: dict[str, Any]) -> None:
    assert ("form_schema" in service["guide"]) is service["is_applicable"]
