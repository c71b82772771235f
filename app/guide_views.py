"""A guide as people read it: its eight public items and its flow, in one language.

The page of the app and the plain page show the same `GuideView`, so that their words are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from urllib.parse import quote

from app import views
from app.text import Language, dates, local, say
from backend import checks
from components.flow import FlowBox, FlowStage
from components.types import Option

# The eight items that the law wants published (八公开), in the order in which pages show them.
ITEMS = (
    "promised", "fee", "content", "conditions", "materials", "procedure", "result", "basis",
)  # fmt: skip
ANSWER = "a-"
"""What the name of an answer in an address begins with."""


@dataclass(frozen=True)
class MaterialRow:
    """One material of a guide: what it is, how to have it ready, for whom, what is looked at."""

    title: str
    help: str
    when: str = ""
    points: list[str] = field(default_factory=list)
    is_ready: bool = False


@dataclass(frozen=True)
class LawRow:
    """One law a guide stands on."""

    title: str
    text: str


@dataclass(frozen=True)
class ResultRow:
    """One thing a person gets in the end."""

    name: str
    note: str


@dataclass(frozen=True)
class Answer:
    """One frequent question."""

    question: str
    answer: str


@dataclass(frozen=True)
class CheckQuestion:
    """One question of the check, with what was chosen."""

    code: str
    question: str
    help: str
    value: str
    error: str
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class GuideView:
    """Everything a guide says."""

    code: str = ""
    title: str = ""
    subtitle: str = ""
    summary: str = ""
    is_applicable: bool = False
    promised_number: str = ""
    promised_unit: str = ""
    promised_note: str = ""
    fee_number: str = ""
    fee_note: str = ""
    fee_rules: list[str] = field(default_factory=list)
    what: str = ""
    conditions: list[str] = field(default_factory=list)
    materials: list[MaterialRow] = field(default_factory=list)
    procedure: str = ""
    stages: list[FlowStage] = field(default_factory=list)
    results: list[ResultRow] = field(default_factory=list)
    laws: list[LawRow] = field(default_factory=list)
    questions: list[Answer] = field(default_factory=list)
    how_to_apply: str = ""
    version_note: str = ""
    department: str = ""
    department_note: str = ""


@dataclass(frozen=True)
class MyList:
    """What the answers of the check make of the guide."""

    is_known: bool = False
    title: str = ""
    answers: list[Answer] = field(default_factory=list)
    materials: list[MaterialRow] = field(default_factory=list)
    perhaps: list[MaterialRow] = field(default_factory=list)
    fee: str = ""
    fee_note: str = ""
    promised: str = ""
    promised_note: str = ""
    steps: list[str] = field(default_factory=list)
    query: str = ""


def guide_view(reads: Language, found: dict[str, Any]) -> GuideView:
    """A guide, of what SQL service_page() tells."""
    service, guide = found["service"], found["guide"]
    department = found["department"]
    office, kind = local(reads, department["short_name"]), service["kind"]
    return GuideView(
        code=service["code"],
        title=local(reads, service["name"]),
        subtitle=f"{office} · {say(reads, f'kind.{kind}')}",
        summary=local(reads, service["summary"]),
        is_applicable=service["is_applicable"],
        promised_number=str(guide["promised_value"]),
        promised_unit=say(reads, f"guide.within.{guide['promised_unit']}"),
        promised_note=say(reads, "guide.if_today", at=dates.moment(reads, found["promised_at"])),
        fee_number=views.yuan(guide["fee_fen"]),
        fee_note=local(reads, guide["fee_note"]),
        fee_rules=_fee_rules(reads, found),
        what=local(reads, guide["content"]),
        conditions=[local(reads, text) for text in guide["conditions"]],
        materials=[material_row(reads, found, m) for m in found["materials"]],
        procedure=local(reads, guide["procedure"]),
        stages=stages(reads, found),
        results=_results(reads, found),
        laws=[
            LawRow(
                f"{local(reads, law['title'])} {local(reads, law.get('article'))}".strip(),
                local(reads, law.get("text")),
            )
            for law in guide["legal_basis"]
        ],
        questions=[
            Answer(local(reads, q["question"]), local(reads, q["answer"]))
            for q in guide["questions"]
        ],
        how_to_apply=local(reads, guide["how_to_apply"]),
        version_note=say(
            reads,
            "guide.version",
            version=guide["version"],
            day=dates.day(reads, guide["published_at"]),
        ),
        department=local(reads, department["name"]),
        department_note=f"{local(reads, department['name'])} · {department['phone']} · "
        f"{local(reads, department['address'])}",
    )


def material_row(reads: Language, found: dict[str, Any], material: dict[str, Any]) -> MaterialRow:
    """One material, with the words of its condition."""
    when = condition(reads, found, material["needed_when"])
    if when:
        note = say(reads, "guide.only_when", when=when)
    else:
        note = "" if material["is_required"] else say(reads, "guide.optional")
    return MaterialRow(
        local(reads, material["name"]),
        local(reads, material["help"]),
        note,
        [local(reads, point) for point in material["acceptance_points"]],
        material["source"] != "upload",
    )


def _fee_rules(reads: Language, found: dict[str, Any]) -> list[str]:
    return [
        say(
            reads,
            "guide.fee_when",
            amount=views.yuan(rule["fee_fen"]),
            when=local(reads, rule["note"]) or condition(reads, found, rule["when"]),
        )
        for rule in found["guide"]["fee_rules"]
    ]


def _results(reads: Language, found: dict[str, Any]) -> list[ResultRow]:
    """The result of the whole case; of a bundle that of each part."""
    rows = [
        ResultRow(
            local(reads, part["result"]["name"]),
            " · ".join(
                words
                for words in (
                    say(reads, "guide.from_department", department=local(reads, part["department"]))
                    if part["department"]
                    else "",
                    local(reads, part["result"].get("note")),
                )
                if words
            ),
        )
        for part in found["parts"]
    ]
    result = found["guide"]["result"]
    return rows or [ResultRow(local(reads, result["name"]), local(reads, result.get("note")))]


def stages(reads: Language, found: dict[str, Any]) -> list[FlowStage]:
    """The way of a case: handing in, every stage with what runs side by side, the result."""
    parts = {part["code"]: local(reads, part["name"]) for part in found["parts"]}
    made = [
        FlowStage(
            say(reads, "guide.step", number=1),
            "start",
            [FlowBox(say(reads, "guide.you_submit"), say(reads, "guide.any_way"))],
        )
    ]
    for number in sorted({step["stage"] for step in found["steps"]}):
        steps = [step for step in found["steps"] if step["stage"] == number]
        key = "guide.step" if len(steps) == 1 else "guide.step_parallel"
        label = say(reads, key, number=len(made) + 1, count=len(steps))
        made.append(FlowStage(label, "work", [_box(reads, found, step, parts) for step in steps]))
    boxes = [
        FlowBox(say(reads, "guide.you_get", name=row.name), row.note)
        for row in _results(reads, found)
    ]
    made.append(FlowStage(say(reads, "guide.step_result"), "end", boxes))
    return made


def _box(
    reads: Language, found: dict[str, Any], step: dict[str, Any], parts: dict[str, str]
) -> FlowBox:
    who = local(reads, step["department"]) or say(reads, "guide.window")
    part = parts.get(step["part"] or "", "")
    when = condition(reads, found, step["needed_when"])
    return FlowBox(
        local(reads, step["name"]),
        f"{who} · {part}" if part else who,
        dates.limit(reads, step["limit"]["value"], step["limit"]["unit"]),
        say(reads, "guide.step_when", when=when) if when else "",
    )


def condition(reads: Language, found: dict[str, Any], when: list[dict[str, Any]]) -> str:
    """A condition of the guide in words; "" for what is always so."""
    alternatives = [
        _joined(
            reads,
            "guide.and",
            [_answer_in_words(reads, found, name, wanted) for name, wanted in alternative.items()],
        )
        for alternative in when
    ]
    return _joined(reads, "guide.or", alternatives)


def _joined(reads: Language, key: str, texts: list[str]) -> str:
    distinct = list(dict.fromkeys(text for text in texts if text))
    return reduce(lambda first, then: say(reads, key, first=first, then=then), distinct or [""])


def _answer_in_words(reads: Language, found: dict[str, Any], name: str, wanted: Any) -> str:
    label, options = _question(reads, found, name)
    values = wanted if isinstance(wanted, list) else [wanted]
    answers = [options.get(checks.as_text(value), "") for value in values]
    if not label or not all(answers):
        return say(reads, "guide.when_other")
    return say(reads, "guide.when", question=label, answer=say(reads, "guide.either").join(answers))


def _question(reads: Language, found: dict[str, Any], name: str) -> tuple[str, dict[str, str]]:
    """What an answer was asked by, and its choices in words: by the check, or else by the form."""
    for question in found["guide"]["check_questions"]:
        if question["code"] == name:
            return local(reads, question["question"]), {
                checks.as_text(o["value"]): local(reads, o["label"]) for o in question["options"]
            }
    rule = found["fields"].get(name)
    if rule is None:
        return "", {}
    options = {value: local(reads, label) for value, label in (rule["options"] or {}).items()}
    yes_no = {value: say(reads, value) for value in ("yes", "no")}
    return local(reads, rule["label"]), options or yes_no


def typed_answers(parameters: Mapping[str, str]) -> dict[str, str]:
    """The answers that an address or a form carries, by their question."""
    return {
        name.removeprefix(ANSWER): value
        for name, value in parameters.items()
        if name.startswith(ANSWER) and len(value) <= 100
    }


def as_query(answers: Mapping[str, Any]) -> str:
    """Answers as an address carries them."""
    return "&".join(
        f"{ANSWER}{quote(name)}={quote(checks.as_text(value))}" for name, value in answers.items()
    )


def check_questions(
    reads: Language, found: dict[str, Any], answers: Mapping[str, Any], *, shows_missing: bool
) -> list[CheckQuestion]:
    """The questions of the check, with what was answered so far."""
    questions = found["guide"]["check_questions"]
    missing = checks.unanswered(questions, answers) if shows_missing else []
    return [
        CheckQuestion(
            f"{ANSWER}{q['code']}",
            local(reads, q["question"]),
            local(reads, q.get("help")),
            checks.as_text(answers[q["code"]]) if q["code"] in answers else "",
            say(reads, "check.unanswered") if q["code"] in missing else "",
            [Option(checks.as_text(o["value"]), local(reads, o["label"])) for o in q["options"]],
        )
        for q in questions
    ]


def my_list(reads: Language, found: dict[str, Any], answers: Mapping[str, Any]) -> MyList:
    """What somebody with these answers has to bring, to pay, and to wait for."""
    questions = found["guide"]["check_questions"]
    if not questions or checks.unanswered(questions, answers):
        return MyList()
    mine, guide = checks.outcome(found, answers), found["guide"]
    return MyList(
        is_known=True,
        title=local(reads, found["service"]["name"]),
        answers=[
            Answer(
                local(reads, q["question"]),
                next(
                    local(reads, o["label"])
                    for o in q["options"]
                    if o["value"] == answers[q["code"]]
                ),
            )
            for q in questions
        ],
        materials=[material_row(reads, found, m | {"needed_when": []}) for m in mine.materials],
        perhaps=[material_row(reads, found, m) for m in mine.perhaps],
        fee=say(reads, "check.fee", amount=views.yuan(mine.fee_fen)),
        fee_note=local(reads, mine.fee_note),
        promised=say(
            reads,
            "check.promised",
            limit=dates.limit(reads, guide["promised_value"], guide["promised_unit"]),
        ),
        promised_note=say(reads, "guide.if_today", at=dates.moment(reads, found["promised_at"])),
        steps=[_step_in_words(reads, step) for step in mine.steps],
        query=as_query(answers),
    )


def _step_in_words(reads: Language, step: dict[str, Any]) -> str:
    who = local(reads, step["department"]) or say(reads, "guide.window")
    limit = dates.limit(reads, step["limit"]["value"], step["limit"]["unit"])
    return f"{local(reads, step['name'])} · {who} · {limit}"
