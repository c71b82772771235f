"""Guides: one draft a service, two persons, days to come, withdrawals and checks."""

import county
import psycopg
from county import Actor, MakeActor, id_of, one
from guide_drafts import CODE, TICKS, attest, body, proposed, version
from test_at_once import Work, at_once

from backend.seed import services


def test_a_second_person_publishes(
    undone: psycopg.Connection, approver: Actor, administrator: Actor
) -> None:
    before = version(undone)
    draft, at = proposed(undone, approver)
    assert approver.refused("publish_guide_draft", draft_id=draft, version=at) == "own_guide_draft"
    done = administrator.call("publish_guide_draft", draft_id=draft, version=at)
    assert done["status"] == "published"
    assert version(undone) == before + 1
    shown = Actor(undone, None, "anon").call("service_page", code=CODE)
    assert shown["guide"]["content"]["zh"] == "改过的内容"
    again = administrator.refused("publish_guide_draft", draft_id=draft, version=at)
    assert again == "guide_draft_is_published"


def test_whoever_wrote_a_word_publishes_nothing_of_it(
    undone: psycopg.Connection, approver: Actor, administrator: Actor
) -> None:
    draft = str(administrator.call("open_guide_draft", service_code=CODE))
    administrator.call(
        "save_guide_draft", draft_id=draft, changes={"content.en": "Other"}, base_version=1
    )
    draft, at = proposed(undone, approver)
    assert (
        administrator.refused("publish_guide_draft", draft_id=draft, version=at)
        == "own_guide_draft"
    )


def test_only_the_own_department_and_administrators_write(
    actor: MakeActor, approver: Actor
) -> None:
    draft = str(approver.call("open_guide_draft", service_code=CODE))
    for phone in (county.APPROVER_OF_SIGNS, county.CLERK_OF_THE_HALL, county.WANG):
        stranger = actor(phone)
        assert stranger.refused("open_guide_draft", service_code=CODE) == "guide_not_yours"
        assert stranger.refused("guide_draft_page", draft_id=draft) == "guide_not_yours"
        assert (
            stranger.refused(
                "save_guide_draft", draft_id=draft, changes={"content.zh": "x"}, base_version=1
            )
            == "guide_not_yours"
        )
    assert actor(county.WANG).refused("guides_desk") == "guide_not_yours"
    assert approver.refused("attest_guide_draft", draft_id=draft, version=1, guide={}).startswith(
        "42501"
    )


def test_one_open_draft_and_what_it_begins_from(approver: Actor, administrator: Actor) -> None:
    draft = approver.call("open_guide_draft", service_code=CODE)
    assert administrator.call("open_guide_draft", service_code=CODE) == draft
    page = administrator.call("guide_draft_page", draft_id=draft)
    assert page["body"] == page["base"]
    assert page["body"]["materials"][0]["acceptance_points"]


def test_an_unchecked_version_is_not_proposed(undone: psycopg.Connection, approver: Actor) -> None:
    draft = str(approver.call("open_guide_draft", service_code=CODE))
    today = one(undone, "select private.today()")
    first = approver.refused("propose_guide_draft", draft_id=draft, version=1, effective_on=today)
    assert first == "guide_not_checked"
    attest(undone, draft)
    assert (
        approver.refused("propose_guide_draft", draft_id=draft, version=1, effective_on=today)
        == "guide_draft_unchanged"
    )
    approver.call(
        "save_guide_draft", draft_id=draft, changes={"content.zh": "再改"}, base_version=1
    )
    assert (
        approver.refused("propose_guide_draft", draft_id=draft, version=2, effective_on=today)
        == "guide_not_checked"
    )
    attest(undone, draft)
    yesterday = one(undone, "select private.today() - 1")
    assert (
        approver.refused("propose_guide_draft", draft_id=draft, version=2, effective_on=yesterday)
        == "effective_on_past"
    )


def test_the_newer_save_wins_and_the_replaced_text_is_kept(
    approver: Actor, administrator: Actor
) -> None:
    draft = str(approver.call("open_guide_draft", service_code=CODE))
    approver.call(
        "save_guide_draft", draft_id=draft, changes={"content.zh": "甲写的"}, base_version=1
    )
    answer = administrator.call(
        "save_guide_draft", draft_id=draft, changes={"content.zh": "乙写的"}, base_version=1
    )
    assert answer["version"] == 3
    assert [(r["field"], r["text"]) for r in answer["replaced"]] == [("content.zh", "甲写的")]
    page = approver.call("guide_draft_page", draft_id=draft)
    assert page["body"]["content"]["zh"] == "乙写的"
    assert page["replaced"][0]["text"] == "甲写的"


def test_a_list_that_moved_takes_no_old_text(approver: Actor) -> None:
    draft = str(approver.call("open_guide_draft", service_code=CODE))
    conditions = body(approver, draft)["conditions"]
    approver.call(
        "reshape_guide_draft", draft_id=draft, list="conditions", items=conditions[:1], version=1
    )
    path = f"conditions.{len(conditions) - 1}.zh"
    assert len(conditions) > 1
    assert (
        approver.refused("save_guide_draft", draft_id=draft, changes={path: "x"}, base_version=1)
        == "guide_draft_moved"
    )
    assert (
        approver.refused(
            "reshape_guide_draft", draft_id=draft, list="conditions", items=[], version=1
        )
        == "guide_draft_moved"
    )


def test_a_base_that_was_superseded_is_looked_at_first(
    undone: psycopg.Connection, service_role: Actor, approver: Actor, administrator: Actor
) -> None:
    draft, at = proposed(undone, approver)
    undone.execute(
        "select private.publish_guide(s.id, private.guide_body(private.newest_guide(s.id)), 'x')"
        " from public.services as s where s.code = %s",
        (CODE,),
    )
    assert (
        administrator.refused("publish_guide_draft", draft_id=draft, version=at)
        == "guide_base_superseded"
    )
    page = approver.call("guide_draft_page", draft_id=draft)
    assert page["newest"]["content"] != page["body"]["content"]
    approver.call("rebase_guide_draft", draft_id=draft)
    page = approver.call("guide_draft_page", draft_id=draft)
    assert (page["status"], page["newest"]) == ("editing", None)
    assert page["body"]["content"]["zh"] == "改过的内容"


def test_a_guide_begins_on_its_day(
    undone: psycopg.Connection, service_role: Actor, approver: Actor, administrator: Actor
) -> None:
    before = version(undone)
    draft, at = proposed(undone, approver, days=3)
    done = administrator.call("publish_guide_draft", draft_id=draft, version=at)
    assert done["status"] == "scheduled"
    assert service_role.call("publish_due_guides") == 0
    assert version(undone) == before
    undone.execute(
        "update public.guide_drafts set effective_on = private.today() where id = %s", (draft,)
    )
    assert service_role.call("publish_due_guides") == 1
    assert version(undone) == before + 1
    assert service_role.call("publish_due_guides") == 0


def test_a_scheduled_guide_whose_base_went_is_sent_back(
    undone: psycopg.Connection, service_role: Actor, approver: Actor, administrator: Actor
) -> None:
    draft, at = proposed(undone, approver, days=1)
    administrator.call("publish_guide_draft", draft_id=draft, version=at)
    undone.execute(
        "select private.publish_guide(s.id, private.guide_body(private.newest_guide(s.id)), 'x')"
        " from public.services as s where s.code = %s",
        (CODE,),
    )
    undone.execute("update public.guide_drafts set effective_on = private.today()")
    assert service_role.call("publish_due_guides") == 0
    page = approver.call("guide_draft_page", draft_id=draft)
    assert (page["status"], page["reason"]) == ("rejected", "guide_base_superseded")


def test_a_proposal_sent_back_is_mended(
    undone: psycopg.Connection, approver: Actor, administrator: Actor
) -> None:
    draft, _ = proposed(undone, approver)
    assert (
        approver.refused("reject_guide_draft", draft_id=draft, reason="写得不对")
        == "own_guide_draft"
    )
    assert (
        administrator.refused("reject_guide_draft", draft_id=draft, reason=" ") == "reason_needed"
    )
    administrator.call("reject_guide_draft", draft_id=draft, reason="法律依据少了一条")
    assert approver.call("guide_draft_page", draft_id=draft)["status"] == "rejected"
    approver.call("reopen_guide_draft", draft_id=draft)
    approver.call("withdraw_guide_draft", draft_id=draft)
    assert str(approver.call("open_guide_draft", service_code=CODE)) != draft


def test_a_running_case_stays_on_its_guide_and_a_draft_is_offered_the_new_one(
    undone: psycopg.Connection, actor: MakeActor, approver: Actor, administrator: Actor
) -> None:
    citizen, other = actor(county.WANG), actor(county.MA)
    case = county.draft(citizen).submit()["application_id"]
    waiting = county.draft(other, with_files=False)
    draft, at = proposed(undone, approver)
    administrator.call("publish_guide_draft", draft_id=draft, version=at)
    new = version(undone)
    assert citizen.call("application_page", application_id=case)["guide_version"] == new - 1
    page = other.call("application_page", application_id=waiting.id)
    assert not page["is_newest_guide"]
    other.call("take_newest_guide", application_id=waiting.id)
    page = other.call("application_page", application_id=waiting.id)
    assert (page["guide_version"], page["is_newest_guide"]) == (new, True)


def test_a_withdrawn_guide_tells_drafts_why_and_lets_cases_finish(
    undone: psycopg.Connection, actor: MakeActor, approver: Actor
) -> None:
    citizen, other = actor(county.WANG), actor(county.MA)
    case = county.draft(citizen).submit()["application_id"]
    waiting = county.draft(other)
    reason = {"zh": "并入新的补贴，到窗口办理", "en": "Now part of another allowance"}
    approver.call("propose_guide_withdrawal", service_code=CODE, reason=reason)
    second = actor(county.ADMINISTRATOR)
    proposal = second.call("guide_record", service_code=CODE)["ending"]
    second.call("withdraw_guide", service_code=CODE, proposed_at=proposal["proposed_at"])
    assert (
        waiting.actor.refused(
            "submit_application", application_id=waiting.id, submission_key=waiting.key
        )
        == "guide_withdrawn"
    )
    page = other.call("application_page", application_id=waiting.id)
    assert page["withdrawal"] == reason
    assert actor(county.WANG).refused("start_application", service_code=CODE) == (
        "service_not_applicable"
    )
    clerk = actor(county.CLERK_OF_YUMEN_TOWN)
    clerk.call("forward_application", step_id=county.steps(undone, case)[0])
    assert approver.refused("propose_guide_withdrawal", service_code=CODE, reason=reason) == (
        "guide_withdrawn"
    )
    assert Actor(undone, None, "anon").call("service_page", code=CODE) is None


def test_the_full_check_is_recorded_and_due_again(
    undone: psycopg.Connection, approver: Actor
) -> None:
    def due() -> list[str]:
        return [row["code"] for row in approver.call("guides_desk", view="due")["rows"]]

    assert CODE in due()
    at = {"service_code": CODE, "version": version(undone)}
    assert (
        approver.refused(
            "record_guide_review", **at, result="ok", notes="", ticks=TICKS | {"fee": {}}
        )
        == "review_ticks_missing"
    )
    assert (
        approver.refused(
            "record_guide_review", **at | {"version": 99}, result="ok", notes="", ticks=TICKS
        )
        == "guide_changed_meanwhile"
    )
    done = approver.call("record_guide_review", **at, result="ok", notes="", ticks=TICKS)
    assert done == {"draft_id": None}
    assert CODE not in due()
    undone.execute("update public.guide_reviews set at = at - interval '91 days'")
    assert CODE in due()
    mended = approver.call(
        "record_guide_review", **at, result="to_fix", notes="电话号码印错了", ticks={}
    )
    assert mended["draft_id"] == str(approver.call("open_guide_draft", service_code=CODE))
    reviews = approver.call("guide_record", service_code=CODE)["reviews"]
    assert [r["result"] for r in reviews] == ["to_fix", "ok"]


def test_what_was_imported_does_not_come_back_over_what_people_wrote(
    undone: psycopg.Connection, service_role: Actor, approver: Actor, administrator: Actor
) -> None:
    seeded = next(s for s in services() if s["code"] == CODE)
    draft, at = proposed(undone, approver)
    administrator.call("publish_guide_draft", draft_id=draft, version=at)
    assert service_role.call("import_service", service=seeded) is False
    assert (
        Actor(undone, None, "anon").call("service_page", code=CODE)["guide"]["content"]["zh"]
        == "改过的内容"
    )


def test_two_who_publish_at_once_publish_once(superuser: psycopg.Connection, dsn: str) -> None:
    code = county.SIGN
    writer = Actor(superuser, id_of(superuser, county.APPROVER_OF_SIGNS))
    second = id_of(superuser, county.ADMINISTRATOR)
    draft = str(writer.call("open_guide_draft", service_code=code))
    writer.call(
        "save_guide_draft", draft_id=draft, changes={"content.en": "Changed."}, base_version=1
    )
    at = attest(superuser, draft)
    today = one(superuser, "select private.today()")
    writer.call("propose_guide_draft", draft_id=draft, version=at, effective_on=today)
    before = version(superuser, code)

    def publish(actor: Actor) -> object:
        return actor.call("publish_guide_draft", draft_id=draft, version=at)["status"]

    work: Work = publish
    results = at_once(dsn, [(second, work)] * 4)
    assert sorted(results) == ["guide_draft_is_published"] * 3 + ["ok published"]
    assert version(superuser, code) == before + 1
