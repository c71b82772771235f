"""What a desk shows, made of the database's answers."""

import pytest
from desk_answers import (
    APPROVAL,
    BUREAU,
    DIVISIONS,
    WINDOW,
    at,
    document,
    material,
    notice,
    page,
    queued,
    step,
)

from app.desk_frame import kind_of_desk, office
from app.pages import desk_asks, desk_rows, desk_steps
from app.pages import desk_views as views
from app.pages.desk_doing import missing, owed_of
from app.pages.inbox import message_view
from app.pages.supervision_views import counted, timed_step
from app.text import dates
from backend.sms import Message
from components.types import Option


def test_a_late_step_says_how_late_in_the_late_tone() -> None:
    row = desk_rows.queue_row(
        "zh", queued(is_late=True, hours_left=None, days_left=-2, due_at=at(-60))
    )
    assert (row.due, row.tone) == ("晚了 2 个工作日", "late")


def test_a_step_due_within_two_hours_says_the_hours() -> None:
    row = desk_rows.queue_row("en", queued(hours_left=1.5))
    assert (row.due, row.tone) == ("1.5 working hours left", "you")


def test_a_row_names_applicant_masked_service_channel_and_kind() -> None:
    row = desk_rows.queue_row("zh", queued())
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
    doing = desk_steps.act("zh", page(steps=[mine], my_step_id="step-2"))
    assert (doing.kind, doing.label) == ("decide", "同意")
    assert doing.said == "已同意：王*英 · 尊老金申领"


def test_who_has_no_step_may_do_nothing_and_is_told() -> None:
    shown = views.case_view("zh", page(my_step_id=None, acts=[]), DIVISIONS)
    assert (shown.act.kind, shown.acts, shown.is_read_only) == ("", [], True)


def test_departments_side_by_side_are_told_so() -> None:
    mine = APPROVAL | {"status": "current", "due_at": at(5)}
    other = mine | {"id": "step-3", "who": {"zh": "公安局", "en": "Police"}}
    doing = desk_steps.act("zh", page(steps=[mine, other], my_step_id="step-2"))
    assert "别的部门同时在办" in doing.text


def test_a_row_says_whose_it_is_and_what_waits() -> None:
    who = {"zh": "玉门镇综合窗口 李雪", "en": "Li Xue"}
    waits = queued(claim="other", owner=who, question_waits=True, return_asked=True)
    marks = [mark.text for mark in desk_rows.queue_row("zh", waits).marks]
    assert marks == ["玉门镇综合窗口 李雪在办", "有人提问", "申请退回"]
    for claim, words in (("mine", "我在办"), ("substitute", "替玉门镇综合窗口 李雪办")):
        row = desk_rows.queue_row("zh", queued(claim=claim, owner=who))
        assert [mark.text for mark in row.marks] == [words]
    assert desk_rows.queue_row("zh", queued(is_own_case=True)).marks[0].text == "您本人的件"
    sent = {"authority": "酒泉市民政局", "level": "prefecture", "days": 5, "at": at(0)}
    assert desk_rows.queue_row("zh", queued(referral=sent)).marks[0].text == "已报酒泉市民政局"


def test_a_standing_row_says_why_and_until_when() -> None:
    stand = {"reason": "site_visit", "since": at(-2), "until": "2031-09-30"}
    row = desk_rows.standing_row("zh", queued(stand=stand, due_at=None))
    assert (row.marks[0].text, row.due) == ("现场勘察", "到 2031年9月30日")
    assert row.link == "/desk/?view=standing&id=case-1"


def test_what_came_with_a_reply_is_marked() -> None:
    shown = views.case_view("zh", page(notices=[notice()]), DIVISIONS)
    changed = [a.name for s in shown.sections for a in s.answers if a.is_changed]
    assert changed == ["name"]
    line = shown.notices[0].lines[0]
    assert (line.state, line.is_answered) == ("已补", True)
    assert "补来" in shown.notices[0].note
    open_one = views.case_view(
        "zh", page(notices=[notice(replied_at=None, is_open=True)]), DIVISIONS
    )
    assert "请在" in open_one.notices[0].note


def test_a_standing_clock_is_explained() -> None:
    found = page()
    found["case"] |= {
        "status": "suspended",
        "stand": {
            "reason": "public_notice",
            "since": at(-2),
            "until": "2031-09-30",
            "text": "公示七天",
        },
    }
    shown = views.case_view("zh", found, DIVISIONS)
    for words in ("公示", "2031年9月30日", "公示七天"):
        assert words in shown.stand
    assert shown.promised == ""


def test_a_refused_part_says_why_and_the_way_on() -> None:
    part = {
        "code": "card",
        "name": {"zh": "社会保障卡", "en": "Card"},
        "state": "refused",
        "result": {"name": {"zh": "卡", "en": "Card"}},
        "refusal": {
            "name": {"zh": "已有卡", "en": "Has one"},
            "reason": "去年领过一张",
            "legal_basis": {"zh": "第五条", "en": "Article 5"},
            "way_on": {"zh": "挂失补办", "en": "Replace it"},
        },
    }
    shown = views.case_view("zh", page(parts=[part]), DIVISIONS).parts[0]
    assert (shown.state, shown.tone) == ("不予批准", "late")
    for words in ("已有卡", "去年领过一张", "第五条", "挂失补办"):
        assert words in shown.note


ASKS = [
    desk_asks.AskedMaterial(
        "id-card",
        "身份证",
        True,
        [Option("point id-card 0", "四角都在"), Option("point id-card 1", "不反光")],
    )
]


def test_a_notice_needs_points_and_words() -> None:
    empty = desk_asks.written("zh", ASKS, [], {})
    assert list(empty.errors) == ["notice"]
    bare = desk_asks.written("zh", ASKS, [], {"ask id-card": True, "mend id-card": "糊"})
    assert set(bare.errors) == {"points-id-card", "mend-id-card"}


def test_a_notice_is_read_from_ticks_and_words() -> None:
    values = {
        "ask id-card": True,
        "point id-card 1": True,
        "mend id-card": " 换个角度再拍 ",
        "field name": True,
        "change name": "写户口簿上的名字",
        "change other": "没有勾选，不算",
    }
    found = desk_asks.written("zh", ASKS, [Option("name", "姓名"), Option("other", "别的")], values)
    assert found.errors == {}
    assert found.items == [
        {"material": "id-card", "points": [1], "text": "换个角度再拍"},
        {"field": "name", "text": "写户口簿上的名字"},
    ]
    assert [(line.name, line.points) for line in found.lines] == [
        ("身份证", ["不反光"]),
        ("姓名", []),
    ]


def test_what_is_missing_is_known_before_asking() -> None:
    assert missing("refuse", {}) == {
        "reason_code": "reason_code_needed",
        "reason": "reason_needed",
    }
    refused = {"outcome": "refuse", "reference": "酒民函〔2026〕3号"}
    assert missing("record_answer", refused) == {
        "reason_code": "reason_code_needed",
        "note": "reason_needed",
    }
    letters = {"level": "province", "authority": "省厅", "days": "五"}
    assert missing("refer_up", letters) == {"days": "days_invalid"}
    assert missing("approve", {"owed bank-card": True}) == {"until bank-card": "until_invalid"}
    assert missing("forward", {}) == {}
    assert owed_of({"owed a": True, "owed b": False, "until a": "2031-01-02"}) == [
        {"material": "a", "until": "2031-01-02"}
    ]


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
    rows = [desk_rows.queue_row("zh", queued(id=name, step_id=name)) for name in "abc"]
    assert desk_rows.following_case(rows, open_case) == expected


def test_after_the_only_case_comes_nothing() -> None:
    assert desk_rows.following_case([desk_rows.queue_row("zh", queued())], "case-1") == ""
    assert desk_rows.following_case([], "case-1") == ""


def test_what_a_case_does_not_need_is_no_gap() -> None:
    needless, there = material(is_needed=False), material(is_needed=False)
    there["documents"] = [document("a", "image/jpeg")]
    shown = views.case_view("zh", page(materials=[material(), needless, there]), [])
    assert len(shown.materials) == 2, "what was handed in all the same is seen"


def test_what_is_no_date_stays_as_written() -> None:
    assert views.whole_date("zh", "去年") == "去年"
    assert views.whole_date("en", "1943-12-06") == "6 Dec 1943"
    this_year = f"{dates.today().year}-11-01"
    assert views.whole_date("zh", this_year) == f"{dates.today().year}年11月1日"


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


def test_supervision_names_offices_not_people() -> None:
    line = queued() | {"who": WINDOW, "light": "red", "over_days": 2}
    late = timed_step("zh", line)
    assert late.due.startswith("已超期")
    assert (late.light, late.tone) == ("超期", "late")
    assert "2 个工作日" in late.over
    assert "王" not in late.title + late.note
    assert timed_step("zh", line | {"light": "green", "over_days": 0}).over == ""
    assert (counted(50, 50), counted(1, 50)) == ("50+", "1")


def test_the_inbox_takes_the_code_out_of_a_message() -> None:
    shown = message_view("zh", Message("8613800000001", "【跑一次】验证码 123456，", at(0)))
    assert (shown.code, shown.spoken, shown.phone) == ("123456", "123 456", "138 0000 0001")
    assert message_view("zh", Message("8613800000001", "您的件已办结", at(0))).code == ""
