"""For whom a guide asks what: every condition can come true, and no answer leaves anybody without
a way through."""

from collections.abc import Iterator
from itertools import product
from typing import Any

Answers = dict[str, Any]

WALLET_KINDS = {
    "id_card", "household_page", "bank_card", "portrait_photo", "marriage_certificate",
    "birth_certificate", "medical_record", "business_licence", "property_certificate",
    "disability_card", "residence_permit", "land_contract", "forest_right",
}  # fmt: skip
REGISTRIES = {
    "household", "marriage", "birth", "business", "social_insurance", "property", "assistance",
}  # fmt: skip


def holds(when: list[dict[str, Any]], answers: Answers) -> bool:
    """What private.holds() of the database says."""
    return not when or any(
        all(
            name in answers and answers[name] in (wanted if isinstance(wanted, list) else [wanted])
            for name, wanted in alternative.items()
        )
        for alternative in when
    )


def possible_answers(guide: dict[str, Any]) -> dict[str, list[Any]]:
    """Each question of the guide with the values it may have: of its form, else of its check."""
    asked = {
        question["code"]: [option["value"] for option in question["options"]]
        for question in guide["check"]
    }
    fields = guide.get("form_schema", {}).get("properties", {})
    return asked | {
        name: field.get("enum", [True, False])
        for name, field in fields.items()
        if field.get("type") == "boolean" or "enum" in field
    }


def combinations(guide: dict[str, Any]) -> Iterator[Answers]:
    """Everything that can be answered to the questions that a condition of the guide names."""
    named = {name for when in conditions(guide) for alternative in when for name in alternative}
    values = {name: v for name, v in possible_answers(guide).items() if name in named}
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def conditions(guide: dict[str, Any]) -> list[list[dict[str, Any]]]:
    owners = [*guide["materials"], *guide["steps"]]
    rules = [rule["when"] for rule in guide.get("fee_rules", [])]
    return [owner.get("needed_when", []) for owner in owners] + rules


def needed(things: list[dict[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    return [thing for thing in things if holds(thing.get("needed_when", []), answers)]


def test_the_nearest_place_is_told(service: dict[str, Any]) -> None:
    assert service["reach"] in {"township", "county"}


def test_two_to_five_questions_are_asked(service: dict[str, Any]) -> None:
    questions = service["guide"]["check"]
    assert 2 <= len(questions) <= 5
    codes = [question["code"] for question in questions]
    assert len(codes) == len(set(codes))
    for question in questions:
        assert question["question"]["zh"].endswith("？"), question["code"]
        labels = [option["label"]["zh"] for option in question["options"]]
        assert len(labels) == len(set(labels)) >= 2, question["code"]


def test_every_question_changes_something(service: dict[str, Any]) -> None:
    guide = service["guide"]
    named = {name for when in conditions(guide) for alternative in when for name in alternative}
    assert {question["code"] for question in guide["check"]} <= named


def test_the_check_asks_what_the_form_asks_again(service: dict[str, Any]) -> None:
    guide = service["guide"]
    if service["is_applicable"]:
        values = possible_answers(guide)
        for question in guide["check"]:
            assert question["code"] in guide["form_schema"]["properties"], question["code"]
            offered = [option["value"] for option in question["options"]]
            assert sorted(map(str, offered)) == sorted(map(str, values[question["code"]]))


def test_conditions_can_come_true(service: dict[str, Any]) -> None:
    guide = service["guide"]
    values = possible_answers(guide)
    for when in conditions(guide):
        for alternative in when:
            assert alternative, "an empty alternative holds for everybody and hides the others"
            for name, wanted in alternative.items():
                chosen = wanted if isinstance(wanted, list) else [wanted]
                assert chosen and all(value in values[name] for value in chosen), (name, wanted)


def test_no_condition_is_always_true(service: dict[str, Any]) -> None:
    guide = service["guide"]
    cases = list(combinations(guide))
    for when in conditions(guide):
        if when:
            outcomes = {holds(when, answers) for answers in cases}
            assert outcomes == {True, False}, when


def test_every_answer_leads_to_a_list(service: dict[str, Any]) -> None:
    """Whatever was answered, something is listed: to hand in, or what the county looks up."""
    guide = service["guide"]
    for answers in combinations(guide):
        assert needed(guide["materials"], answers), answers


def test_zero_material_services_say_so(applicable: list[dict[str, Any]]) -> None:
    """Where some answers leave nothing to hand in but the form, people read it beforehand."""
    called = {
        service["code"] for service in applicable if "零材料" in service["guide"]["content"]["zh"]
    }
    assert {"own-shop-sign", "sewage-discharge-permit"} <= called
    for service in applicable:
        guide = service["guide"]
        if service["code"] in called:
            assert any(
                not any(
                    material["source"] == "upload" and material["is_required"]
                    for material in needed(guide["materials"], answers)
                )
                for answers in combinations(guide)
            ), service["code"]


def test_every_answer_leads_to_a_decision(service: dict[str, Any]) -> None:
    guide = service["guide"]
    for answers in combinations(guide):
        steps = needed(guide["steps"], answers)
        assert steps[0]["actor"] == "window", answers
        assert any(step["kind"] == "approve" for step in steps), answers


def test_every_fee_can_be_asked(service: dict[str, Any]) -> None:
    guide = service["guide"]
    rules = guide.get("fee_rules", [])
    first = [
        next((n for n, rule in enumerate(rules) if holds(rule["when"], answers)), None)
        for answers in combinations(guide)
    ]
    assert set(range(len(rules))) <= set(first), "a rule stands behind one that always wins"
    if rules:
        assert None in first, "the plain fee is asked of somebody"
    for rule in rules:
        assert rule["fee_fen"] >= 0 and rule["note"]["zh"]


def test_parts_steps_and_departments_agree(service: dict[str, Any]) -> None:
    guide = service["guide"]
    parts = {part["code"]: part for part in guide.get("parts", [])}
    of_parts = [step for step in guide["steps"] if "part" in step]
    assert {step["part"] for step in of_parts} == set(parts)
    for step in of_parts:
        assert step["department"] == parts[step["part"]]["department"], step["code"]
    for code, part in parts.items():
        deciding = [s for s in of_parts if s["part"] == code and s["kind"] == "approve"]
        assert len(deciding) == 1, code
        assert part["name"] and part["result"]["name"] and part["result"]["note"], code
    if parts:
        assert service["kind"] == "joint"


def test_materials_name_known_kinds(service: dict[str, Any]) -> None:
    for material in service["guide"]["materials"]:
        assert material.get("wallet_kind") in WALLET_KINDS | {None}, material["code"]
        assert material.get("registry") in REGISTRIES | {None}, material["code"]
        if "registry" in material:
            assert material["max_files"] > 0, "the paper way opens when the registry is silent"


def test_the_window_checks_what_is_published(service: dict[str, Any]) -> None:
    for material in service["guide"]["materials"]:
        points = [point["zh"] for point in material["acceptance_points"]]
        assert len(points) == len(set(points)) >= 2, material["code"]


def test_who_is_refused_has_several_reasons_to_compare(applicable: list[dict[str, Any]]) -> None:
    for service in applicable:
        assert len(service["guide"]["refusal_reasons"]) >= 3, service["code"]


def test_the_urban_renewal_bundle_is_whole(services: list[dict[str, Any]]) -> None:
    """Three risk classes, 14 materials instead of 22, three departments side by side."""
    guide = next(s for s in services if s["code"] == "urban-renewal-bundle")["guide"]
    assert len(guide["materials"]) == 14
    deciding = [step for step in guide["steps"] if step["kind"] == "approve"]
    assert len({step["stage"] for step in deciding}) == 1
    assert len({step["department"] for step in deciding}) == 3
    assert any(step["code"] == "joint-inspection" for step in guide["steps"])
    asked = [
        {m["code"] for m in needed(guide["materials"], {"risk_category": category})}
        for category in ("low", "medium", "high")
    ]
    assert asked[0] < asked[1] < asked[2], "a higher risk asks for more"
    licences = [
        {s["part"] for s in needed(deciding, {"risk_category": category})}
        for category in ("low", "high")
    ]
    assert licences[0] < licences[1]
