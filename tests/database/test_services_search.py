"""Finding: by words, sound, slips and filters, in a catalogue of a whole county's size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import county
import psycopg
import pytest
from county import Actor, becoming
from many_services import fill

from backend import spelling

INSURANCE, PENSION, ALLOWANCE = (
    "resident-medical-insurance",
    "pension-eligibility",
    "elderly-allowance",
)


@pytest.fixture(scope="module")
def catalogue(dsn: str) -> Iterator[psycopg.Connection]:
    """The seed, 600 services and 300 questions, in a transaction that never happened."""
    with (
        psycopg.connect(dsn, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        fill(connection)
        yield connection


def find(
    connection: psycopg.Connection, typed: str = "", person: str | None = None, **only: Any
) -> dict[str, Any]:
    """What somebody finds who types this, spelled as the backend spells it."""
    words = spelling.heart(spelling.cleaned(typed))
    role = "authenticated" if person else "anon"
    asked = {"search": words or None, "sounds": spelling.sound(words) or None} | only
    return Actor(connection, person, role).call("list_services", **asked)


def codes(found: dict[str, Any]) -> list[str]:
    return [service["code"] for service in found["services"]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("居民医保参保", INSURANCE),
        ("医保", INSURANCE),
        ("yibao", INSURANCE),
        ("yi bao", INSURANCE),
        ("YiBao", INSURANCE),
        ("yb", INSURANCE),
        ("yibo", INSURANCE),
        ("衣保", INSURANCE),
        ("medical insurance", INSURANCE),
        ("medcal insurence", INSURANCE),
        ("养老金认证", PENSION),
        ("养老认正", PENSION),
        ("yanglaojin renzheng", PENSION),
        ("yanlaojinrenzhen", PENSION),
        ("尊老金", ALLOWANCE),
        ("zlj", ALLOWANCE),
        ("lao ren zun lao jin", ALLOWANCE),
        ("高令补贴", ALLOWANCE),
        ("请问老年补贴怎么办理？", ALLOWANCE),
        ("pasport", "ordinary-passport"),
        ("砍树", "tree-felling-permit"),
    ],
)
def test_what_people_type_finds_what_they_mean(
    catalogue: psycopg.Connection, typed: str, first: str
) -> None:
    assert codes(find(catalogue, typed))[0] == first


def test_names_come_before_beginnings_before_words_before_sounds(
    catalogue: psycopg.Connection,
) -> None:
    rows = catalogue.execute(
        "select s.code, m.rank from private.matches('医保', 'yibao') as m"
        " join public.services as s on s.id = m.subject_id"
    ).fetchall()
    ranks = dict(rows)
    assert ranks[INSURANCE] == 0 and ranks["social-security-card"] == 100
    assert ranks["newborn-bundle"] == 200
    found = codes(find(catalogue, "医保"))
    assert found == sorted(found, key=lambda code: ranks[code])


@pytest.mark.parametrize(
    "typed", ["%", "_", "'", "\\", "😀", "x" * 10_000, "医" * 10_000, "\x00\u202e", "a' or 1=1 --"]
)
def test_odd_words_are_harmless(catalogue: psycopg.Connection, typed: str) -> None:
    found = find(catalogue, typed)
    assert len(found["services"]) <= 15
    # Also past the backend, with whatever is sent.
    raw = typed.replace("\x00", "")
    asked = Actor(catalogue, None, "anon").call("list_services", search=raw, sounds=raw)
    assert len(asked["services"]) <= 15


def test_where_nothing_fits_the_hottest_are_offered(catalogue: psycopg.Connection) -> None:
    found = find(catalogue, "qqqqqqq")
    assert found["services"] == [] and found["questions"] == []
    assert [s["code"] for s in found["others"]][0] == ALLOWANCE and len(found["others"]) == 4
    assert find(catalogue, "yibo")["is_alike"] and not find(catalogue, "yibao")["is_alike"]


def test_questions_are_found_with_services(catalogue: psycopg.Connection) -> None:
    found = find(catalogue, "尊老金多少岁")
    assert "尊老金" in found["questions"][0]["question"]["zh"]
    assert found["questions"][0]["service"]["code"] == ALLOWANCE
    assert find(catalogue, "户口")["questions"]
    assert len(find(catalogue, "手续")["questions"]) <= 5


def test_filters_combine(catalogue: psycopg.Connection) -> None:
    births = find(catalogue, life_event="birth")
    assert births["services"] and all("birth" in s["life_events"] for s in births["services"])
    both = codes(find(catalogue, life_event="birth", department="medical-insurance"))
    assert INSURANCE in both and set(both) < set(codes(births))
    assert codes(find(catalogue, "医保", who="veteran")) == []
    assert ALLOWANCE in codes(find(catalogue, who="elderly", audience="person"))
    assert "own-shop-sign" in codes(find(catalogue, "招牌", audience="business"))
    assert all(s["is_near"] for s in find(catalogue, is_near=True)["services"])
    # A question belongs to a filter by its service.
    asked = {q["service"]["code"] for q in births["questions"]}
    assert asked and asked <= set(codes(find(catalogue, life_event="birth", limit=60)))
    assert codes(find(catalogue, department="no-such-office")) == []


def test_the_next_page_goes_on_where_the_last_one_ended(catalogue: psycopg.Connection) -> None:
    seen: list[str] = []
    after = None
    for page in range(4):
        found = find(catalogue, "登记", after=after)
        seen += codes(found)
        after = found["more"]
        assert (after is None) == (page == 3)
    assert len(seen) == len(set(seen)) > 40
    # Nothing of it depends on how many pages there were before.
    assert seen == codes(find(catalogue, "登记", limit=60))
    last = find(catalogue, "医保", who="child", limit=60)
    assert last["more"] is None


def test_the_hottest_come_first_and_what_is_near_before_them(
    catalogue: psycopg.Connection,
) -> None:
    with catalogue.transaction(force_rollback=True):
        catalogue.execute("update public.services set popularity = 0, reach = 'county'")
        for code, heat, reach in (
            ("made-up-1", 60, "county"),
            ("made-up-2", 50, "township"),
            ("made-up-3", 44, "township"),
        ):
            catalogue.execute(
                "update public.services set popularity = %s, reach = %s where code = %s",
                (heat, reach, code),
            )
        stranger = find(catalogue)
        assert codes(stranger)[:3] == ["made-up-1", "made-up-2", "made-up-3"]
        assert stranger["town"] is None
        wang = find(catalogue, person=county.id_of(catalogue, county.WANG))
        assert wang["town"]["zh"] == "玉门镇"
        assert codes(wang)[:3] == ["made-up-2", "made-up-1", "made-up-3"]


def test_a_service_without_a_published_guide_is_not_found(catalogue: psycopg.Connection) -> None:
    with catalogue.transaction(force_rollback=True):
        catalogue.execute(
            "update public.guides set status = 'withdrawn' where service_id ="
            " (select id from public.services where code = %s)",
            (ALLOWANCE,),
        )
        assert ALLOWANCE not in codes(find(catalogue, "尊老金"))
        assert ALLOWANCE not in codes(find(catalogue))


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("sounds like '%yibao%'", "search_entries_sounds"),
        ("sounds like '% zlj%'", "search_entries_sounds"),
        ("'yanglaorenzheng' operator(extensions.<%) sounds", "search_entries_sounds"),
        ("signs @> array['尊老', '老金']", "search_entries_signs"),
        ("signs && array['尊老', '老金']", "search_entries_signs"),
    ],
)
def test_the_search_uses_its_indexes(
    catalogue: psycopg.Connection, condition: str, index: str
) -> None:
    with becoming(catalogue, "anon"):
        # As alike() has it for its operator.
        scan = "off" if "<%" in condition else "on"
        catalogue.execute("select set_config('enable_seqscan', %s, true)", (scan,))
        asked = "explain (format json) select subject_id from public.search_entries where "
        plan = catalogue.execute(asked + condition).fetchone()  # type: ignore[arg-type]
    assert plan and index in json.dumps(plan[0]), plan


def test_a_search_is_quick(catalogue: psycopg.Connection) -> None:
    """Measured by the database; the bound only catches a plan gone wild on a busy machine."""
    for typed in ("医保", "yibo", "养老认正", "登记", "证", "怎么给孩子上户口"):
        words = spelling.heart(typed)
        times: list[float] = []
        for _ in range(5):
            plan = catalogue.execute(
                "explain (analyze, format json) select public.list_services(%s, %s)",
                (words, spelling.sound(words)),
            ).fetchone()
            assert plan
            times.append(plan[0][0]["Execution Time"])
        assert min(times) < 250, (typed, times)


def test_an_import_twice_changes_nothing_and_a_lost_service_is_refused(
    service_role: Actor,
) -> None:
    question = {
        "code": "made-up-once",
        "question": {"zh": "能问吗？", "en": "May I ask?"},
        "answer": {"zh": "能。", "en": "Yes."},
        "service": ALLOWANCE,
        "keywords": {"zh": ["提问"], "en": ["asking"]},
        "popularity": 3,
    }
    for _ in range(2):
        service_role.call("import_question", question=spelling.question_with_sounds(question))
    found = find(service_role.connection, "tiwen")
    assert [q["code"] for q in found["questions"]] == ["made-up-once"]
    lost = question | {"service": "no-such-service"}
    assert service_role.refused("import_question", question=lost) == "service_not_found"
