"""What an applicant does with a case that runs, handler by handler: mending what a notice names,
papers that are owed, questions, the ways out, and a bundle's parts."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import county
import psycopg
import pytest
from county import MakeCase, Person, SignIn

from app import case_views, views
from app.case_story import story
from app.pages.case_asking import Asking
from app.pages.case_state import Case
from app.pages.cases import Cases
from app.text import say
from backend import applications, case_acts
from backend.config import Settings
from backend.database import call

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]
LeadsTo = Callable[[Any], str]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
ITEMS: list[case_acts.NoticeItem] = [
    {"material": "id-card", "points": [0], "text": "正面反光看不清，请在亮处重拍一张"},
    {"field": "address", "text": "请写到几组几号，方便上门核对"},
]


@pytest.fixture
def case_at(open_tab: OpenTab, handle: Handle) -> Callable[..., Awaitable[Case]]:
    async def case_at(person: Person, case: str, language: str = "zh") -> Case:
        page = open_tab(person, language=language).at(Case, f"/case/?id={case}")
        assert await handle(page, "load") is Case.follow_case
        assert page.is_found and page.trouble == ""
        return page

    return case_at


CaseAt = Callable[..., Awaitable[Case]]


async def step_of(person: Person, case: str) -> str:
    return (await applications.page(person.db, case))["case"]["step"]["id"]


@BOTH
async def test_a_notice_is_mended_in_place(
    case_at: CaseAt, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase,
    settings: Settings, language: str,
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    page = await case_at(citizen, case, language)
    await case_acts.send_notice(clerk.db, case, ITEMS)
    await page.read_again()
    assert page.acts[0] == "reply" and [w.is_done for w in page.wrongs] == [False, False]
    assert page.wrongs[0].points and page.wrongs[0].before and not page.wrongs[0].cards[0].photos
    assert page.wrongs[1].fields[0].value == "二组 15 号"
    assert page.announcement == say(language, "case.moved", tag=say(language, "event.notice_sent"))  # type: ignore[arg-type]
    assert page.stands and page.promise.number == "" and page.promise.note
    assert [row.state for row in page.rows] == ["done", "done", "now", "todo", "todo", "todo"]

    await handle(page, "reply")
    assert [e.field for e in page.errors] == ["material-id-card", "address"] and page.attempt == 1
    document = await county.upload(settings, citizen, case, "id-card", county.jpeg((1, 2, 3)))
    await handle(page, "photo_done", document)
    assert [w.is_done for w in page.wrongs] == [True, False]
    assert [p.id for p in page.wrongs[0].cards[0].photos] == [document]
    await handle(page, "remove_photo", document)
    assert page.wrongs[0].is_done is False
    again = await county.upload(settings, citizen, case, "id-card", county.jpeg((3, 2, 1)))
    await handle(page, "photo_done", again)

    # What is empty is no answer; nothing but the field that the notice names can be changed.
    before = page.last_receipt
    await handle(page, "save", {"address": "三组 8 号", "name": "别人"}, page.form_receipt)
    assert page.last_receipt > before and page.trouble == ""
    assert [w.is_done for w in page.wrongs] == [True, True] and page.errors == []
    kept = (await applications.page(citizen.db, case))["form"]
    assert kept["address"] == "三组 8 号" and kept["name"] != "别人"
    assert page.mend_progress == say(language, "mend.progress", count=2, done=2)  # type: ignore[arg-type]

    await handle(page, "reply")
    assert page.errors == [] and page.notice_id == "" and page.wrongs == []
    assert page.mend_received and page.stands == "" and page.promise.number
    assert "reply" not in page.acts
    await handle(page, "reply")
    assert page.trouble == ""
    # A lost answer: the page is loaded again and says the same.
    back = await case_at(citizen, case, language)
    assert back.mend_received == page.mend_received


async def test_two_phones_mend_the_same_notice(
    case_at: CaseAt, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await case_acts.send_notice(clerk.db, case, ITEMS[1:])
    here, there = await case_at(citizen, case), await case_at(citizen, case)
    await handle(here, "save", {"address": "四组 9 号"}, here.form_receipt)
    await there.read_again()
    assert there.incoming == {
        "turn": 1, "values": {"address": "四组 9 号"}, "is_forced": False
    }  # fmt: skip
    assert there.announcement == say("zh", "mend.changed_elsewhere")
    await handle(here, "reply")
    assert here.mend_received
    await handle(there, "reply")
    assert there.trouble == "" and there.mend_received == here.mend_received


@pytest.fixture
def later(superuser: psycopg.Connection) -> Callable[[str], None]:
    """The time to answer has passed."""

    def later(case: str) -> None:
        superuser.execute(
            "update public.application_notices set due_at = now() - interval '1 day'"
            " where application_id = %s",
            (case,),
        )

    return later


async def test_a_late_answer_is_taken_and_said(
    case_at: CaseAt, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase,
    later: Callable[[str], None],
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await case_acts.send_notice(clerk.db, case, ITEMS[1:])
    later(case)
    page = await case_at(citizen, case)
    assert page.is_notice_late
    await handle(page, "save", {"address": "五组 1 号"}, page.form_receipt)
    await handle(page, "reply")
    assert page.mend_received.startswith("补正收到了") and "晚" in page.mend_received
    assert any("晚" in row.title for row in page.rows)


@BOTH
async def test_a_question_and_its_answer(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase, language: str
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    tab = open_tab(citizen, language=language)
    page = tab.at(Case, f"/case/?id={case}")
    await handle(page, "load")
    box = tab.at(Asking, f"/case/?id={case}")
    await handle(box, "ask", {"question": " "})
    assert box.problem == say(language, "error.question_needed")  # type: ignore[arg-type]
    assert (box.turn, box.taken) == (1, 0), "what was typed stays, the button comes back"
    await handle(box, "ask", {"question": "几时能好？"})
    assert (box.turn, box.taken, box.problem) == (2, 1, "")
    assert box.announcement == say(language, "ask.sent")  # type: ignore[arg-type]
    assert page.questions[0].answer == ""
    card = views.case_card(page.reads, (await applications.mine(citizen.db))[0])
    assert card.more == say(language, "when.question", count=1)  # type: ignore[arg-type]
    await case_acts.answer(clerk.db, page.questions[0].id, "下周一能好")
    await page.read_again()
    assert "下周一能好" in page.questions[0].answer and page.announcement


async def approved_owing(clerk: Person, approver: Person, case: str) -> None:
    await applications.forward(clerk.db, await step_of(clerk, case))
    until = (date.today() + timedelta(days=30)).isoformat()
    await call(
        approver.db, "decide_application", step_id=await step_of(approver, case),
        decision="approve", reason="", owed=[{"material": "bank-card", "until": until}],
    )  # fmt: skip


@BOTH
async def test_a_paper_that_comes_after_the_approval(
    case_at: CaseAt, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase,
    settings: Settings, open_tab: OpenTab, language: str,
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await approved_owing(clerk, await demo(county.APPROVER_OF_CIVIL_AFFAIRS), case)
    page = await case_at(citizen, case, language)
    assert "hand_in_owed" in page.acts and page.tone == "you" and page.result_name
    debt = page.owed[0]
    await handle(page, "hand_in_owed", debt.id)
    assert page.owed[0].problem == say(language, "error.owed_file_missing")  # type: ignore[arg-type]
    home = await applications.home(citizen.db)
    assert [views.case_card(page.reads, c).asks for c in home["open"]] == ["owed"]
    listed = open_tab(citizen, language=language).at(Cases, "/cases/")
    await handle(listed, "load")
    assert [card.id for card in listed.waiting] == [case]
    document = await county.upload(settings, citizen, case, "bank-card", county.jpeg((9, 9, 1)))
    await handle(page, "photo_done", document)
    assert page.owed[0].problem == "" and page.owed[0].cards[0].photos
    await handle(page, "hand_in_owed", debt.id)
    assert page.owed[0].is_done and page.tone == "done"
    await case_acts.confirm_owed(clerk.db, debt.id, is_accepted=False, text="照片拍糊了，请重拍")
    await page.read_again()
    assert page.owed[0].text == "照片拍糊了，请重拍" and not page.owed[0].is_done
    assert page.rows[-1].title == say(language, "event.owed_sent_back")  # type: ignore[arg-type]
    assert (await applications.home(citizen.db))["open"]


async def test_asking_for_return_and_beginning_anew(
    case_at: CaseAt, handle: Handle, leads_to: LeadsTo, sign_in: SignIn, demo: SignIn,
    cases: MakeCase,
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await case_acts.send_notice(clerk.db, case, ITEMS)
    page = await case_at(citizen, case)
    await handle(page, "ask_return")
    assert page.is_return_asked and "ask_return" not in page.acts and "reply" in page.acts
    await case_acts.send_back(clerk.db, case, reason="按您的请求退回这一件")
    await page.read_again()
    assert page.tag == say("zh", "turn.returned") and not page.is_return_asked
    assert page.returned[0] == say("zh", "case.returned_asked")
    assert "按您的请求" in page.returned[1] and page.rows[-1].state == "stopped"
    card = views.case_card("zh", (await applications.mine(citizen.db))[0])
    assert card.tag == say("zh", "turn.returned") and card.note
    target = leads_to(await handle(page, "copy"))
    draft = target.removeprefix("/apply/?id=")
    form = (await applications.page(citizen.db, draft))["form"]
    assert form["address"] == "二组 15 号" and "declaration" not in form
    # An open draft is opened as it is.
    await applications.save_draft(citizen.db, draft, {"address": "六组 2 号"}, base_version=1)
    assert leads_to(await handle(page, "copy")) == target
    assert (await applications.page(citizen.db, draft))["form"]["address"] == "六组 2 号"


@BOTH
async def test_why_a_clock_stands_and_until_when(
    case_at: CaseAt, sign_in: SignIn, demo: SignIn, cases: MakeCase, language: str
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    approver = await demo(county.APPROVER_OF_CIVIL_AFFAIRS)
    case = await cases(citizen)
    await applications.forward(clerk.db, await step_of(clerk, case))
    page = await case_at(citizen, case, language)
    await case_acts.suspend(
        approver.db, await step_of(approver, case), reason_code="site_visit",
        text="下周上门看一看", until=date.today() + timedelta(days=20),
    )  # fmt: skip
    await page.read_again()
    assert say(language, "stand.site_visit") in page.stands  # type: ignore[arg-type]
    assert "下周上门看一看" in page.stands and page.promise.number == ""
    assert [row.state for row in page.rows][-3:] == ["now", "todo", "todo"]
    await case_acts.resume(approver.db, case)
    await case_acts.refer_up(
        approver.db, await step_of(approver, case), level="prefecture", authority="酒泉市民政局",
        days=10,
    )  # fmt: skip
    await page.read_again()
    assert page.stands == "" and "酒泉市民政局" in page.next_note
    assert "酒泉市民政局" in page.rows[-2].note


EVENTS: dict[str, dict[str, Any]] = {
    "submitted": {}, "claimed": {"step": {"zh": "审核", "en": "Review"}},
    "handed_over": {"to": {"zh": "民政局 王芳", "en": "Wang Fang"}},
    "forwarded": {"step": {"zh": "审核", "en": "Review"}},
    "approved": {"step": {"zh": "审核", "en": "Review"}},
    "refused": {"step": {"zh": "审核", "en": "Review"}},
    "produced": {"step": {"zh": "审核", "en": "Review"}},
    "withdrawn": {}, "returned": {"reason": "资料不全"}, "return_asked": {},
    "notice_sent": {"due_at": "2026-12-01T10:00:00+00:00"}, "replied": {"is_late": True},
    "second_notice_asked": {}, "second_notice_allowed": {},
    "referred_up": {"level": "province", "authority": "省民政厅"},
    "suspended": {"reason": "public_notice", "until": "2026-12-01"}, "resumed": {},
    "asked": {}, "answered": {}, "owed": {}, "owed_confirmed": {}, "owed_sent_back": {},
    "clock_moved": {
        "old_promised_at": "2026-12-01T10:00:00+00:00",
        "new_promised_at": "2026-12-02T10:00:00+00:00",
    },
}  # fmt: skip


@BOTH
async def test_every_kind_of_event_has_plain_words(
    superuser: psycopg.Connection, language: str
) -> None:
    check = superuser.execute(
        "select pg_get_constraintdef(oid) from pg_constraint"
        " where conname = 'application_events_kind'"
    ).fetchone()
    assert check and all(f"'{kind}'" in check[0] for kind in EVENTS)
    assert check[0].count("'::text") == len(EVENTS)
    events = [
        {
            "id": kind, "at": "2026-11-20T02:00:00+00:00", "kind": kind, "actor": "window",
            "by": {"zh": "玉门镇 李雪", "en": "Li Xue"}, "details": details,
        }
        for kind, details in EVENTS.items()
    ]  # fmt: skip
    page = {"case": {"status": "withdrawn", "decided_at": None}, "events": events}
    rows = story(language, page)  # type: ignore[arg-type]
    assert len({row.title for row in rows}) == len(EVENTS)
    moved = rows[-1]
    assert ("12月2日" if language == "zh" else "2 Dec") in moved.note


@BOTH
def test_parts_of_a_bundle(language: str) -> None:
    def part(code: str, state: str) -> dict[str, Any]:
        refusal = {
            "reason": "户口不在本县", "name": {"zh": "不在本县", "en": "Elsewhere"},
            "legal_basis": {"zh": "条例", "en": "Act"},
            "way_on": {"zh": "去那边", "en": "Go there"},
        }  # fmt: skip
        return {
            "code": code,
            "name": {"zh": "一样", "en": "One"},
            "who": {"zh": "公安局", "en": "Police"},
            "result": {"name": {"zh": "证", "en": "Card"}}, "state": state,
            "refusal": refusal if state == "refused" else None,
        }  # fmt: skip

    states = ["approved", "refused", "current", "waiting", "ended", "not_needed"]
    page = {"parts": [part(state, state) for state in states]}
    shown = case_views.parts(language, page)  # type: ignore[arg-type]
    assert [bool(p.refusal) for p in shown] == [False, True, False, False, False, False]
    assert [p.is_approved for p in shown] == [True] + [False] * 5
    said = case_views.progress_of_parts(language, page)  # type: ignore[arg-type]
    assert said == say(language, "parts.done", total=5, done=1)  # type: ignore[arg-type]


async def test_the_receipt_says_what_was_handed_in(
    case_at: CaseAt, sign_in: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    page = await case_at(citizen, await cases(citizen))
    facts = {row.name: row.value for row in page.receipt}
    assert set(facts) >= {"number", "service", "submitted", "promised", "window", "hotline"}
    assert facts["number"] == page.receipt_number and "（2 份）" in facts["materials"]
    digits = page.code.digits.split(" ")
    assert len(digits) == 6 and all(len(d) == 1 for d in digits)
    assert ", ".join(digits) in page.code.spoken
