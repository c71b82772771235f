"""A law that changed, and the guides that cite it."""

import county
import psycopg
from county import Actor, MakeActor, one
from guide_drafts import CODE, TICKS, proposed, version


def test_a_changed_law_flags_every_guide_that_cites_it(
    undone: psycopg.Connection, actor: MakeActor, approver: Actor, administrator: Actor
) -> None:
    law = one(
        undone,
        "select legal_basis -> 0 -> 'title' ->> 'zh' from public.guides as g"
        " join public.services as s on s.id = g.service_id where s.code = %s and g.version = 1",
        CODE,
    )
    citing = one(
        undone,
        "select count(*) from public.guides where status = 'published' and"
        " private.law_keys(legal_basis) @> array[private.law_key(%s)]",
        law,
    )
    entry = {"article": "", "changed_on": "2026-11-20", "note": "修订"}
    assert actor(county.WANG).refused("enter_law_change", law=law, **entry) == "guide_not_yours"
    assert administrator.refused("enter_law_change", law="《》", **entry) == "law_needed"
    bare = law.strip("《》").replace("中华人民共和国", "")
    found = administrator.call("enter_law_change", law=bare, **entry)
    assert found["flagged"] == citing > 0

    def flagged(*, is_done: bool) -> list[str]:
        view = administrator.call(
            "guides_desk", view="law", law_change_id=found["id"], is_done=is_done, limit=100
        )
        return [row["code"] for row in view["rows"]]

    assert CODE in flagged(is_done=False)
    approver.call(
        "record_guide_review",
        service_code=CODE, version=version(undone), result="ok", notes="", ticks=TICKS,
    )  # fmt: skip
    assert CODE not in flagged(is_done=False)
    assert CODE in flagged(is_done=True)
    administrator.call("enter_law_change", law=law, **entry)
    draft, at = proposed(undone, approver)
    administrator.call("publish_guide_draft", draft_id=draft, version=at)
    laws = approver.call("guide_record", service_code=CODE)["laws"]
    assert {entry["done_how"] for entry in laws} == {"reviewed", "republished"}


def test_law_names_meet_whatever_marks_they_wear(undone: psycopg.Connection) -> None:
    for name in (
        "《中华人民共和国动物防疫法》", "动物防疫法", "《中华人民共和国动物防疫法》（2021年修订）",
        " 动物 防疫法 ",
    ):  # fmt: skip
        assert one(undone, "select private.law_key(%s)", name) == "动物防疫法"
    english = "Animal Epidemic Prevention Law of the People's Republic of China"
    assert one(undone, "select private.law_key(%s)", english) == "animalepidemicpreventionlaw"


def test_the_flagging_of_a_law_uses_its_index(undone: psycopg.Connection) -> None:
    # Of a few dozen rows every other way is cheaper.
    undone.execute("set local enable_seqscan = off")
    undone.execute("drop index public.guides_one_published")
    plan = undone.execute(
        "explain select id from public.guides where status = 'published'"
        " and private.law_keys(legal_basis) @> array['动物防疫法']"
    ).fetchall()
    assert any("guides_laws" in row[0] for row in plan)
