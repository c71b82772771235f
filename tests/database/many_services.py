"""A county's whole catalogue, made up: 600 services and 300 questions, as unlike as real ones."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from backend import seed, spelling

ACTS = ("登记", "变更", "注销", "补办", "换发", "年检", "备案", "申领", "许可", "核定")
THINGS = (
    "渔业船舶", "网吧经营", "食品小作坊", "道路客运", "农药经营", "种子生产", "取水", "临时占道",
    "户外广告", "养殖场", "合作社", "公共租房", "廉租住房", "结婚证", "收养", "遗体火化",
    "教师资格", "民办幼儿园", "医师执业", "护士执业", "药店", "消防验收", "施工", "电梯使用",
    "锅炉使用", "特种作业", "烟草零售", "酒类批发", "出租汽车", "危险货物运输", "兽药经营",
    "草原征用", "林地占用", "文物保护", "演出场所", "旅行社", "献血补助", "工伤认定", "失业金",
    "退役安置", "优待证", "助学贷款", "贫困补助", "孤儿津贴", "法律援助", "公证", "律师执业",
    "宅基地", "土地流转", "地质灾害",
)  # fmt: skip
DOUBTS = ("要带什么", "多久办好", "收不收费", "能不能代办", "哪里领证", "过期怎么办")
ENGLISH = (
    "register",
    "change",
    "cancel",
    "replace",
    "renew",
    "check",
    "file",
    "claim",
    "permit",
    "assess",
)


def services(count: int = 600) -> list[dict[str, Any]]:
    """Services as import_service() takes them, spelled out for the search."""
    departments = seed.content("departments.json")
    model = next(s for s in seed.services() if s["code"] == "temporary-relief")
    made: list[dict[str, Any]] = []
    for number, (thing, act) in enumerate(itertools.product(THINGS, range(len(ACTS)))):
        name = f"{thing}{ACTS[act]}"
        made.append(_service(model, departments, number, name, thing, ENGLISH[act]))
    for number, thing in enumerate(itertools.islice(itertools.cycle(THINGS), count - len(made))):
        name = f"{thing}证明{number}"
        made.append(_service(model, departments, len(made), name, thing, "proof"))
    return made[:count]


def _service(
    model: dict[str, Any],
    departments: list[dict[str, Any]],
    number: int,
    name: str,
    thing: str,
    english: str,
) -> dict[str, Any]:
    department = departments[number % len(departments)]
    service = model | {
        "code": f"made-up-{number}",
        "department": department["code"],
        "popularity": number * 7 % 90,
        "reach": "township" if number % 3 == 0 else "county",
        "name": {"zh": name, "en": f"{english.title()} matter {number}"},
        "short_name": {"zh": name, "en": f"{english.title()} {number}"},
        "summary": {
            "zh": f"办{thing}的人，先到窗口问清楚再{name}。",
            "en": f"To {english} it, ask first.",
        },
        "keywords": {"zh": [thing, f"{thing}手续"], "en": [english, f"matter {number}"]},
        "who": [("farmer", "elderly", "shop_owner", "student")[number % 4]],
    }
    return spelling.service_with_sounds(service, department)


def questions(count: int = 300) -> list[dict[str, Any]]:
    """Questions as import_question() takes them."""
    pairs = itertools.islice(itertools.product(THINGS, DOUBTS), count)
    return [
        spelling.question_with_sounds(
            {
                "code": f"made-up-question-{number}",
                "question": {"zh": f"{thing}{doubt}？", "en": f"Question {number} about it?"},
                "answer": {"zh": f"办{thing}请先打电话问一问。", "en": "Please call first."},
                "service": None,
                "keywords": {"zh": [thing], "en": []},
                "popularity": number % 60,
            }
        )
        for number, (thing, doubt) in enumerate(pairs)
    ]


def fill(connection: psycopg.Connection) -> None:
    """Import them all as the server would."""
    for service in services():
        connection.execute("select public.import_service(%s)", (Jsonb(service),))
    for question in questions():
        connection.execute("select public.import_question(%s)", (Jsonb(question),))
    connection.execute("analyze public.services, public.guides, public.search_entries")
