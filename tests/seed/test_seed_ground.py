"""The county's ground: divisions, departments, hours and demo people."""

from collections import Counter
from datetime import time
from typing import Any

import pytest
from stdnum.cn import ric

ROLES = {
    "window_clerk", "approver", "video_officer", "grid_worker",
    "volunteer", "coordinator", "supervisor", "administrator",
}  # fmt: skip
KINDS = {
    "township": {"street", "town", "ethnic_township", "farm", "mining_area"},
    "village": {"village", "community"},
}


def test_the_county_has_16_townships_and_84_villages(divisions: dict[str, Any]) -> None:
    assert Counter(row["level"] for row in divisions["divisions"]) == {
        "township": 16,
        "village": 84,
    }
    assert "china-division" in divisions["source"]


def test_division_codes_nest(divisions: dict[str, Any]) -> None:
    rows = {row["code"]: row for row in divisions["divisions"]}
    assert len(rows) == len(divisions["divisions"])
    for code, row in rows.items():
        assert row["kind"] in KINDS[row["level"]], row
        assert code.startswith(row["parent_code"]), row
        if row["level"] == "village":
            parent = rows[row["parent_code"]]
            assert parent["level"] == "township", row
            assert parent["is_city_area"] == row["is_city_area"], row
        else:
            assert row["parent_code"] == divisions["county"]["code"], row


def test_siblings_have_different_names(divisions: dict[str, Any]) -> None:
    for language in ("zh", "en"):
        names = Counter(
            (row["parent_code"], row["name"][language]) for row in divisions["divisions"]
        )
        assert max(names.values()) == 1, names.most_common(1)


@pytest.mark.parametrize(
    ("ending", "english"), [("村委会", " Village"), ("社区居委会", " Community")]
)
def test_villages_and_communities_are_called_so(
    divisions: dict[str, Any], ending: str, english: str
) -> None:
    rows = [row for row in divisions["divisions"] if row["register_name"].endswith(ending)]
    assert rows
    for row in rows:
        assert row["name"]["en"].endswith(english), row
        assert row["kind"] == english.strip().lower(), row


def test_departments_are_named_once(departments: list[dict[str, Any]]) -> None:
    codes = [department["code"] for department in departments]
    assert len(codes) == len(set(codes))
    assert all(department["phone"] for department in departments)


def test_hours_do_not_overlap(service_hours: list[dict[str, Any]]) -> None:
    for day in range(1, 8):
        spans = sorted(
            (time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"]))
            for hours in service_hours
            if day in hours["weekdays"]
        )
        assert all(opens < closes for opens, closes in spans)
        assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:], strict=False))


def test_only_regular_hours_count(service_hours: list[dict[str, Any]]) -> None:
    assert {hours["kind"] for hours in service_hours} == {"regular", "noon_duty", "saturday_duty"}
    for hours in service_hours:
        assert hours["counts_on_clock"] is (hours["kind"] == "regular")


def test_people_are_different(people: list[dict[str, Any]]) -> None:
    for key in ("phone", "id_number", "name"):
        values = [person[key] for person in people]
        assert len(values) == len(set(values)), key


def test_identity_numbers_are_valid(people: list[dict[str, Any]]) -> None:
    for person in people:
        assert ric.is_valid(person["id_number"]), person["name"]
        birthday = ric.get_birth_date(person["id_number"])
        assert birthday.isoformat() == person["birthday"], person["name"]


def test_phones_are_the_sample_range(people: list[dict[str, Any]]) -> None:
    for person in people:
        assert person["phone"].startswith("+861380000"), person["name"]
        assert len(person["phone"]) == len("+8613800000001"), person["name"]


def test_every_role_has_somebody(people: list[dict[str, Any]]) -> None:
    held = {role["role"] for person in people for role in person["roles"]}
    assert held == ROLES
    assert sum(not person["roles"] for person in people) >= 2, "citizens without a role"


def test_people_stand_on_the_ground(
    people: list[dict[str, Any]], divisions: dict[str, Any], departments: list[dict[str, Any]]
) -> None:
    villages = {row["code"] for row in divisions["divisions"] if row["level"] == "village"}
    places = {row["code"] for row in divisions["divisions"]} | {divisions["county"]["code"]}
    offices = {department["code"] for department in departments}
    for person in people:
        assert person["division_code"] in villages, person["name"]
        assert person["language"] in {"zh", "en"}
        assert person["mode"] in {"normal", "elder"}
        for role in person["roles"]:
            assert role["division_code"] in places, person["name"]
            assert role["department"] is None or role["department"] in offices, person["name"]
            assert role["role"] != "approver" or role["department"], person["name"]


def test_every_applicable_service_finds_an_approver(
    people: list[dict[str, Any]], applicable: list[dict[str, Any]]
) -> None:
    deciding = {
        role["department"]
        for person in people
        for role in person["roles"]
        if role["role"] == "approver"
    }
    for service in applicable:
        for step in service["guide"]["steps"]:
            if step["actor"] == "department":
                assert step["department"] in deciding, service["code"]
