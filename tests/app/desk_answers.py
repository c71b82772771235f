"""Answers of the database to a desk, one small part changed at a time."""

from datetime import datetime, timedelta
from typing import Any

from app.text import dates

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
        "acts": ["forward", "send_notice", "hand_over"],
        "my_step_id": "step-1",
        "notices": [],
        "disputes": {},
        "parts": [],
        "questions": [],
        "owed": [],
        "colleagues": [],
        "return_asked_at": None,
    }
    return answer | changes


def notice(**changes: Any) -> dict[str, Any]:
    """One notice of application_page()."""
    item = {
        "id": "n1",
        "number": 1,
        "sent_at": at(-9),
        "by": {"zh": "李雪", "en": "Li Xue"},
        "due_at": at(90),
        "replied_at": at(-1),
        "is_late": False,
        "is_open": False,
        "items": [
            {
                "kind": "field",
                "code": "name",
                "name": {"zh": "姓名", "en": "Name"},
                "points": [],
                "text": "写户口簿上的名字",
                "is_answered": True,
            }
        ],
    }
    return item | changes


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
        "is_needed": True,
        "registry": None,
        "query": None,
        "wallet_use": None,
    }
    return item | changes


def document(name: str, mime: str) -> dict[str, Any]:
    """One file of a material."""
    return {"id": name, "mime": mime, "size": 2048}
