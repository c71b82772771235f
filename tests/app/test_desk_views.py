"""What a desk shows, made of the database's answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.desk_frame import kind_of_desk, office
from app.pages import desk_steps
from app.pages import desk_views as views
from app.pages.inbox import message_view
from app.pages.supervision import TimedStep, counted, timed_step
from app.text import dates
from backend import desks
from backend.sms import Message

WINDOW = {"zh": "玉门镇", "en": "Yumen Town"}
BUREAU = {"zh": "民政局", "en": "Civil Affairs"}


def at(hours: float) -> str:
    """A moment so many hours from now, as the database writes it."""
    return (datetime.now(dates.ZONE) + timedelta(hours=hours)).isoformat()


def queued(**changes: Any) -> dict[str, Any]:
    """One line of desk_queue()."""
    item = {
        "id": "case-1",
        "step_id": "step-1",
        "step": {"zh": "核对", "en": "Check"},
        "actor": "window",
        "due_at": at(30),
        "is_late": False,
        "hours_left": 12.0,
        "days_left": 1,
        "service": {"zh": "老年人尊老金待遇申领", "en": "Elderly allowance"},
        "short_name": {"zh": "尊老金申领", "en": "Elderly allowance"},
        "kind": "promised",
        "channel": "phone",
        "applicant": "王*英",
        "receipt_number": "62098126112200000173",
        "submitted_at": at(0),
        "window": WINDOW,
    }
    return item | changes


def step(**changes: Any) -> dict[str, Any]:
    """One step of application_page()."""
    item = {
        "id": "step-1",
        "name": {"zh": "窗口核对", "en": "Check at the window"},
        "kind": "review",
        "actor": "window",
        "status": "current",
        "stage": 1,
        "who": WINDOW,
        "by": None,
        "started_at": at(-1),
        "due_at": at(30),
        "done_at": None,
        "outcome": None,
        "note": None,
        "limit": {"value": 1, "unit": "working_day"},
        "is_mine": True,
    }
    return item | changes


APPROVAL = step(
    id="step-2",
    name={"zh": "民政局审批", "en": "Decision"},
    kind="approve",
    actor="department",
    status="waiting",
    stage=2,
    who=BUREAU,
    due_at=None,
    is_mine=False,
    limit={"value": 2, "unit": "working_day"},
)

SCHEMA = {
    "properties": {
        "name": {"type": "string", "x-label": {"zh": "姓名", "en": "Name"}, "x-prefill": "name"},
        "birthday": {
            "type": "string",
            "x-field": "date",
            "x-prefill": "birthday",
            "x-label": {"zh": "出生日期", "en": "Birthday"},
        },
        "village": {
            "type": "string",
            "x-field": "division",
            "x-label": {"zh": "户口", "en": "Household"},
        },
        "pay": {
            "type": "string",
            "enum": ["card", "bank"],
            "x-options": {"card": {"zh": "社保卡", "en": "Card"}},
            "x-label": {"zh": "发放方式", "en": "Payment"},
        },
        "bank": {
            "type": "string",
            "x-label": {"zh": "开户行", "en": "Bank"},
            "x-shown-when": {"field": "pay", "equals": "bank"},
        },
    },
    "x-sections": [
        {"title": {"zh": "钱", "en": "Money"}, "fields": ["pay", "bank"]},
        {"title": {"zh": "本人", "en": "Person"}, "fields": ["name", "birthday", "village"]},
    ],
}
DIVISIONS = [
    {"code": "620981101", "parent_code": "620981", "level": "township", "name": WINDOW},
    {
        "code": "620981101200",
        "parent_code": "620981101",
        "level": "village",
        "name": {"zh": "南门村", "en": "Nanmen"},
    },
]


def page(**changes: Any) -> dict[str, Any]:
    """The answer of application_page() to a clerk."""
    case = queued() | {
        "status": "in_progress",
        "holder": "window",
        "promised_at": at(60),
        "decided_at": None,
        "updated_at": at(0),
        "step": {"who": WINDOW, "actor": "window"},
    }
    answer = {
        "case": case,
        "is_owner": False,
        "channel": "phone",
        "decision": None,
        "applicant": "王*英",
        "form": {
            "name": "王*英",
            "birthday": "1943-12-06",
            "village": "620981101200",
            "pay": "card",
            "bank": "left over",
        },
        "form_schema": SCHEMA,
        "refusal_reasons": [
            {
                "code": "age_below",
                "name": {"zh": "不满 80 岁", "en": "Under 80"},
                "legal_basis": {"zh": "第三十三条", "en": "Article 33"},
                "way_on": {"zh": "满 80 岁再来", "en": "Come back at 80"},
            }
        ],
        "materials": [],
        "steps": [step(), APPROVAL],
    }
    return answer | changes


def test_a_late_step_says_how_late_in_the_late_tone() -> None:
    row = views.queue_row("zh", queued(is_late=True, hours_left=None, days_left=-2, due_at=at(-60)))
    assert (row.due, row.tone) == ("晚了 2 个工作日", "late")


def test_a_step_due_within_two_hours_says_the_hours() -> None:
    row = views.queue_row("en", queued(hours_left=1.5))
    assert (row.due, row.tone) == ("1.5 working hours left", "you")


def test_a_row_names_applicant_masked_service_channel_and_kind() -> None:
    row = views.queue_row("zh", queued())
    assert row.title == "王*英 · 尊老金申领"
    assert row.note.startswith("手机提交 · 今天 ")
    assert row.note.endswith(" · 承诺件")
    assert (row.link, row.tone) == ("/desk/?id=case-1", "")


def test_a_clerk_forwards_to_the_next_office() -> None:
    doing = desk_steps.act("zh", page())
    assert (doing.kind, doing.step_id, doing.label) == ("forward", "step-1", "转民政局")
    assert "民政局审批" in doing.text
    assert "2 个工作日" in doing.text
    assert doing.said == "已转民政局：王*英 · 尊老金申领"


def test_parallel_offices_are_all_named() -> None:
    other = APPROVAL | {"id": "step-3", "who": {"zh": "公安局", "en": "Police"}}
    assert desk_steps.act("en", page(steps=[step(), APPROVAL, other])).label == (
        "Forward to Civil Affairs, Police"
    )


def test_the_last_step_of_a_window_finishes_the_case() -> None:
    made = step(kind="produce")
    assert desk_steps.act("zh", page(steps=[made])).label == "制证完成"
    assert desk_steps.act("zh", page(steps=[step()])).confirm == "办结"


def test_a_department_decides() -> None:
    mine = APPROVAL | {"status": "current", "is_mine": True, "due_at": at(5)}
    doing = desk_steps.act("zh", page(steps=[mine]))
    assert (doing.kind, doing.label) == ("decide", "同意")
    assert doing.said_refused.startswith("已作出不予批准的决定")


def test_who_has_no_step_may_do_nothing_and_is_told() -> None:
    shown = views.case_view("zh", page(steps=[step(is_mine=False), APPROVAL]), DIVISIONS)
    assert (shown.act.kind, shown.is_read_only) == ("", True)


def test_the_form_is_shown_in_its_order_and_in_words() -> None:
    money, person = views.sections("zh", page(), DIVISIONS)
    assert [(a.label, a.value) for a in money.answers] == [("发放方式", "社保卡")]
    assert [a.value for a in person.answers][0] == "王*英"
    assert person.answers[1].value.startswith("1943年12月6日（")
    assert person.answers[2].value == "玉门镇 南门村"


def test_only_masked_answers_can_be_seen_in_the_clear() -> None:
    answers = [a for section in views.sections("en", page(), DIVISIONS) for a in section.answers]
    assert [a.name for a in answers if a.is_masked] == ["name"]


def test_the_owner_sees_nothing_to_unmask() -> None:
    answers = [a for s in views.sections("en", page(is_owner=True), DIVISIONS) for a in s.answers]
    assert not any(a.is_masked for a in answers)


def material(**changes: Any) -> dict[str, Any]:
    """One material of application_page()."""
    item = {
        "code": "id-card",
        "name": {"zh": "身份证", "en": "ID card"},
        "source": "upload",
        "is_required": True,
        "min_files": 2,
        "acceptance_points": [{"zh": "四角都在", "en": "All corners"}],
        "documents": [],
        "is_there": False,
        "registry": None,
        "query": None,
        "wallet_use": None,
    }
    return item | changes


def document(name: str, mime: str) -> dict[str, Any]:
    """One file of a material."""
    return {"id": name, "mime": mime, "size": 2048}


def test_a_material_is_complete_with_its_files() -> None:
    photos = [document("a", "image/jpeg"), document("b", "image/png")]
    assert not views.material_view("zh", material(documents=photos[:1])).is_complete
    shown = views.material_view("zh", material(documents=photos))
    assert (shown.is_complete, shown.has_photos, shown.look) == (True, True, "看 2 张")
    assert shown.papers[1].label == "身份证，第 2 张"


def test_a_pdf_is_no_photo() -> None:
    shown = views.material_view("en", material(documents=[document("a", "application/pdf")]))
    assert not shown.has_photos
    assert (shown.papers[0].is_pdf, shown.papers[0].note) == (True, "PDF · 2 KB")


def test_what_the_county_knows_is_not_asked_for() -> None:
    shown = views.material_view("zh", material(source="county_record", is_there=True))
    assert (shown.is_complete, shown.note) == (True, "从本市数据取得，不用提交")


def test_the_clock_shows_late_refused_and_withdrawn() -> None:
    late = desk_steps.clock("zh", page(steps=[step(due_at=at(-5)), APPROVAL]))
    assert [(row.state, row.is_late) for row in late] == [
        ("done", False),
        ("now", True),
        ("todo", False),
    ]
    refused = step(
        status="done", outcome="refused", by={"zh": "民政局 张", "en": "Zhang"}, done_at=at(0)
    )
    assert desk_steps.clock("en", page(steps=[refused]))[1].state == "stopped"
    withdrawn = page()
    withdrawn["case"]["status"] = "withdrawn"
    assert desk_steps.clock("zh", withdrawn)[-1].title == "申请人撤回"


def test_a_refusal_shows_basis_and_way_on() -> None:
    decision = {
        "outcome": "refused",
        "reason": "不满",
        "name": {"zh": "不满 80 岁", "en": "Under 80"},
        "legal_basis": {"zh": "第三十三条", "en": "Article 33"},
        "way_on": {"zh": "满 80 岁再来", "en": "At 80"},
    }
    shown = views.case_view("zh", page(decision=decision), DIVISIONS)
    assert [fact.label for fact in shown.decision] == ["理由", "说明", "依据", "申请人可以"]


@pytest.mark.parametrize(
    ("open_case", "expected"),
    [("a", "b"), ("b", "c"), ("c", "a"), ("gone", "a")],
)
def test_after_a_case_comes_the_next_one(open_case: str, expected: str) -> None:
    rows = [views.queue_row("zh", queued(id=name, step_id=name)) for name in "abc"]
    assert views.following_case(rows, open_case) == expected


def test_after_the_only_case_comes_nothing() -> None:
    assert views.following_case([views.queue_row("zh", queued())], "case-1") == ""
    assert views.following_case([], "case-1") == ""


def test_what_is_no_date_stays_as_written() -> None:
    assert views.whole_date("zh", "去年") == "去年"
    assert views.whole_date("en", "1943-12-06") == "6 Dec 1943"


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([], "none"),
        (["volunteer"], "none"),
        (["window_clerk"], "handles"),
        (["supervisor"], "oversees"),
        (["approver", "administrator"], "both"),
    ],
)
def test_roles_make_a_desk(roles: list[str], expected: str) -> None:
    assert kind_of_desk([{"role": role} for role in roles]) == expected


def test_an_office_is_named_by_its_place() -> None:
    role = {"role": "approver", "division": {"zh": "玉门市", "en": "Yumen"}, "department": BUREAU}
    assert office("zh", {"name": "张建国", "roles": [role]}) == "民政局 首席代表 · 张建国"
    assert office("en", {"name": "张建国", "roles": []}) == ""


def test_windows_follow_roles() -> None:
    every = [{"code": "620981", "level": "county"}, *DIVISIONS]
    clerk = [{"role": "window_clerk", "division_code": "620981101"}]
    hall = [{"role": "window_clerk", "division_code": "620981"}]
    assert desks.codes_of_windows(clerk, every) == ["620981101"]
    assert desks.codes_of_windows(hall, every) == ["620981", "620981101"]
    assert desks.codes_of_windows([{"role": "approver", "division_code": "620981"}], every) == []


def test_supervision_names_offices_not_people() -> None:
    line = queued() | {"who": WINDOW}
    late = timed_step("zh", line, is_late=True)
    assert late.due.startswith("已超期")
    assert "王" not in late.title + late.note
    assert counted([late] * 50) == "50+"
    assert counted([TimedStep("", "", "", "", "")]) == "1"


def test_the_inbox_takes_the_code_out_of_a_message() -> None:
    shown = message_view("zh", Message("8613800000001", "【跑一次】验证码 123456，", at(0)))
    assert (shown.code, shown.spoken, shown.phone) == ("123456", "123 456", "138 0000 0001")
    assert message_view("zh", Message("8613800000001", "您的件已办结", at(0))).code == ""
