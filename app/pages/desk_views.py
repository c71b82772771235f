"""What a desk shows of one case, made of the database's answers: in the reader's
language, masked as the database masked it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from app import form_answers
from app.pages import desk_sources
from app.pages.desk_asks import AskedMaterial, asked_fields, asked_materials
from app.pages.desk_steps import Act, ClockStep, act, clock, moment, short_title
from app.pages.desk_talk import (
    NoticeView,
    OwedView,
    PartView,
    QuestionView,
    notice_view,
    owed_view,
    part_view,
    question_view,
    stand_words,
)
from app.text import Language, dates, local, say
from app.views import grouped
from backend import forms
from components.types import Option

OPEN = frozenset({"in_progress", "waiting_for_citizen", "suspended"})


@dataclass(frozen=True)
class Paper:
    """One file of a material."""

    id: str
    url: str
    is_pdf: bool
    label: str
    note: str
    is_reply: bool = False


@dataclass(frozen=True)
class MaterialView:
    """One material: what it is, what makes it acceptable, its files."""

    code: str
    name: str
    note: str
    state: str
    is_complete: bool
    points: list[str] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    look: str = ""
    look_note: str = ""
    has_photos: bool = False
    evidence: str = ""
    reply: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer of the form; a masked one can be seen in the clear, which is recorded."""

    name: str
    label: str
    value: str
    is_masked: bool
    look_title: str
    is_changed: bool = False
    dispute: str = ""


@dataclass(frozen=True)
class Section:
    """Answers that belong together."""

    title: str
    answers: list[Answer] = field(default_factory=list)


@dataclass(frozen=True)
class Reason:
    """A reason to refuse, with what the law says and what the applicant can do."""

    code: str
    value: str
    label: str
    basis: str
    way_on: str


@dataclass(frozen=True)
class CaseView:
    """The case on the desk."""

    id: str = ""
    title: str = ""
    short_title: str = ""
    numbers: str = ""
    tag: str = ""
    tone: str = "plain"
    materials_title: str = ""
    materials: list[MaterialView] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    steps: list[ClockStep] = field(default_factory=list)
    promised: str = ""
    act: Act = field(default_factory=Act)
    acts: list[str] = field(default_factory=list)
    claim: str = ""
    stand: str = ""
    notes: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    decision_title: str = ""
    decision: list[Answer] = field(default_factory=list)
    parts: list[PartView] = field(default_factory=list)
    notices: list[NoticeView] = field(default_factory=list)
    questions: list[QuestionView] = field(default_factory=list)
    owed: list[OwedView] = field(default_factory=list)
    colleagues: list[Option] = field(default_factory=list)
    asks: list[AskedMaterial] = field(default_factory=list)
    ask_fields: list[Option] = field(default_factory=list)
    owable: list[Option] = field(default_factory=list)
    is_own: bool = False
    is_read_only: bool = False


NO_CASE = CaseView()


def whole_date(language: Language, text: str) -> str:
    """A date of the form as people say it; what is no date stays as it was written."""
    try:
        noon = datetime.combine(date.fromisoformat(text), time(12), dates.ZONE)
    except ValueError:
        return text
    return dates.day(language, noon.isoformat(), is_whole=True)


def _paper(language: Language, name: str, number: int, document: dict[str, Any]) -> Paper:
    is_pdf = document["mime"] == "application/pdf"
    kib = max(1, round((document["size"] or 0) / 1024))
    return Paper(
        id=document["id"],
        url=f"/api/documents/{document['id']}",
        is_pdf=is_pdf,
        label=say(language, "desk.material.photo", name=name, number=number),
        note=say(language, "desk.material.size", kib=kib) if is_pdf else "",
        is_reply=bool(document.get("is_reply")),
    )


def _reply(language: Language, replies: list[dict[str, Any]]) -> str:
    if not replies:
        return ""
    last = max(document["created_at"] for document in replies)
    return say(language, "desk.material.reply", count=len(replies), at=moment(language, last))


def material_view(language: Language, material: dict[str, Any]) -> MaterialView:
    """A material with its files; what is not to be handed in is complete by itself."""
    name = local(language, material["name"])
    documents, source = material["documents"], material["source"]
    papers = [_paper(language, name, n, d) for n, d in enumerate(documents, start=1)]
    photos = sum(not paper.is_pdf for paper in papers)
    wanted = max(material["min_files"] or 0, 1)
    replies = [document for document in documents if document.get("is_reply")]
    is_complete = bool(material["is_there"]) or len(papers) >= wanted
    note = ""
    if source != "upload":
        note = say(language, f"desk.material.{source}")
    elif not papers:
        note = say(language, f"desk.material.{'none' if material['is_required'] else 'optional'}")
    evidence, told = desk_sources.told(language, material)
    return MaterialView(
        code=material["code"],
        name=name,
        note=told or note,
        evidence=evidence,
        state=say(language, f"desk.material.{'complete' if is_complete else 'missing'}"),
        is_complete=is_complete,
        points=[local(language, point) for point in material["acceptance_points"] or []],
        papers=papers,
        look=say(language, "desk.material.look", count=photos),
        look_note=say(language, "desk.material.look_sr", name=name),
        has_photos=photos > 0,
        reply=_reply(language, replies),
    )


def _answer(language: Language, row: form_answers.AnswerRow, is_own: bool) -> Answer:
    value = row.value
    if row.kind == "date":
        shown = whole_date(language, value)
        if row.is_birthday and shown != value:
            age = forms.age_on(date.fromisoformat(value), dates.today())
            shown = say(language, "desk.form.age", date=shown, age=age)
        value = shown
    return Answer(
        name=row.name,
        label=row.label,
        value=value,
        is_masked=not is_own and "*" in value,
        look_title=say(language, "desk.look.title", label=row.label),
    )


def sections(
    language: Language, page: dict[str, Any], divisions: list[dict[str, Any]]
) -> list[Section]:
    """The form in the order it was asked, without what was not asked of this applicant."""
    schema, form = page["form_schema"], page["form"]
    places = form_answers.division_names(language, divisions)
    asked = forms.asked(schema, form)
    found: list[Section] = []
    for section in schema["x-sections"]:
        rows = form_answers.answers(language, {**schema, "x-sections": [section]}, asked, places)
        if rows:
            answers = [_answer(language, row, page["is_owner"]) for row in rows]
            found.append(Section(local(language, section["title"]), answers))
    return found


def changed_fields(page: dict[str, Any]) -> set[str]:
    """Fields that the applicant changed for the last notice they answered."""
    answered = [notice for notice in page["notices"] if notice["replied_at"]]
    items = answered[-1]["items"] if answered else []
    return {item["code"] for item in items if item["kind"] == "field" and item["is_answered"]}


def _marked(found: list[Section], changed: set[str], disputes: dict[str, str]) -> list[Section]:
    return [
        replace(
            section,
            answers=[
                replace(a, is_changed=a.name in changed, dispute=disputes.get(a.name, ""))
                for a in section.answers
            ],
        )
        for section in found
    ]


def _decision(language: Language, decision: dict[str, Any] | None) -> list[Answer]:
    if not decision or decision["outcome"] not in ("refused", "returned"):
        return []
    facts = {
        "reason": local(language, decision.get("name")),
        "text": decision.get("reason") or "",
        "basis": local(language, decision.get("legal_basis")),
        "way_on": local(language, decision.get("way_on")),
    }
    return [
        Answer(name, say(language, f"desk.decision.{name}"), value, False, "")
        for name, value in facts.items()
        if value
    ]


def _decision_title(language: Language, decision: dict[str, Any] | None) -> str:
    outcome = (decision or {}).get("outcome")
    return say(language, f"desk.decision.{outcome}") if outcome in ("refused", "returned") else ""


def _claim(language: Language, page: dict[str, Any]) -> str:
    """Who has what runs of the case."""
    mine = next((s for s in page["steps"] if s["id"] == page["my_step_id"]), None)
    step = mine or next((s for s in page["steps"] if s["status"] == "current"), None)
    if step is None or page["is_owner"] or page["case"]["status"] not in OPEN:
        return ""
    owner, claim = local(language, step.get("owner")), step.get("claim")
    if claim == "mine":
        return say(language, "desk.claim.mine")
    if claim == "substitute":
        return say(language, "desk.claim.substitute", who=owner)
    return (
        say(language, "desk.claim.other", who=owner) if owner else say(language, "desk.claim.free")
    )


def _notes(language: Language, page: dict[str, Any]) -> list[str]:
    """What somebody asked for that waits for an answer."""
    notes: list[str] = []
    is_open = page["case"]["status"] in OPEN
    if page["return_asked_at"] and is_open:
        at = moment(language, page["return_asked_at"])
        notes.append(say(language, "desk.note.return_asked", at=at))
    acts = set(page["acts"])
    if acts & {"forward", "approve"} and not acts & {"send_notice", "ask_second_notice"}:
        notes.append(say(language, "desk.note.second_asked"))
    return notes


def _colleague(language: Language, person: dict[str, Any]) -> Option:
    label = local(language, person["label"])
    if person["is_away"]:
        label = say(language, "desk.hand_over.away", who=label)
    return Option(person["id"], label)


def _where(language: Language, case: dict[str, Any]) -> tuple[str, str]:
    step = case.get("step")
    if case["status"] == "in_progress" and step:
        return say(language, "desk.status.at", who=local(language, step["who"])), "they"
    tones = {"approved": "done", "refused": "late", "waiting_for_citizen": "they"}
    return say(language, f"desk.status.{case['status']}"), tones.get(case["status"], "plain")


def case_view(
    language: Language, page: dict[str, Any], divisions: list[dict[str, Any]]
) -> CaseView:
    """Everything the desk shows of one submitted case."""
    case = page["case"]
    # What this case does not need is no gap in it; what was handed in all the same is seen.
    materials = [
        material_view(language, material)
        for material in page["materials"]
        if material["is_needed"] or material["documents"]
    ]
    complete = sum(material.is_complete for material in materials)
    numbers = [
        grouped(case["receipt_number"]),
        page["applicant"],
        say(language, f"desk.channel.{page['channel']}"),
        say(language, f"kind.{case['kind']}"),
    ]
    tag, tone = _where(language, case)
    acts = [] if page["is_owner"] else page["acts"]
    promised = ""
    if case["status"] == "in_progress":
        day = dates.day(language, case["promised_at"])
        promised = say(language, "desk.clock.promised", day=day)
    return CaseView(
        id=case["id"],
        title=local(language, case["service"]),
        short_title=short_title(language, {**case, "applicant": page["applicant"]}),
        numbers=" · ".join(number for number in numbers if number),
        tag=tag,
        tone=tone,
        materials_title=f"{complete} / {len(materials)}",
        materials=materials,
        sections=_marked(
            sections(language, page, divisions),
            changed_fields(page),
            desk_sources.disputed(language, page),
        ),
        steps=clock(language, page),
        promised=promised,
        act=act(language, page),
        acts=acts,
        claim=_claim(language, page),
        stand=stand_words(language, case.get("stand")),
        notes=_notes(language, page),
        parts=[part_view(language, part) for part in page["parts"]],
        notices=[notice_view(language, notice) for notice in page["notices"]],
        questions=[
            question_view(language, question, may="answer_question" in acts)
            for question in page["questions"]
        ],
        owed=[owed_view(language, owed, may="confirm_owed" in acts) for owed in page["owed"]],
        colleagues=[_colleague(language, person) for person in page["colleagues"]],
        asks=asked_materials(language, page),
        ask_fields=asked_fields(language, page),
        owable=[
            Option(ask.code, ask.name) for ask in asked_materials(language, page) if ask.is_upload
        ],
        reasons=[
            Reason(
                code=reason["code"],
                value=reason["code"],
                label=local(language, reason["name"]),
                basis=local(language, reason["legal_basis"]),
                way_on=local(language, reason["way_on"]),
            )
            for reason in page["refusal_reasons"] or []
        ],
        decision_title=_decision_title(language, page["decision"]),
        decision=_decision(language, page["decision"]),
        is_own=page["is_owner"],
        is_read_only=not acts and case["status"] in OPEN and not page["is_owner"],
    )
