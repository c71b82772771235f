"""What a desk shows of its queue and of one case, made of the database's answers: in the reader's
language, masked as the database masked it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from app import form_answers
from app.pages import desk_sources
from app.pages.desk_steps import Act, ClockStep, act, clock, moment, short_title
from app.text import Language, dates, local, say
from app.views import grouped
from backend import forms

_SOON_HOURS = 2


@dataclass(frozen=True)
class Row:
    """One line of a queue: whose case, of what, until when; `tone` is late, you or ""."""

    key: str
    id: str
    link: str
    title: str
    note: str
    due: str
    tone: str
    due_at: str = ""


@dataclass(frozen=True)
class Paper:
    """One file of a material."""

    id: str
    url: str
    is_pdf: bool
    label: str
    note: str


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


@dataclass(frozen=True)
class Answer:
    """One answer of the form; a masked one can be seen in the clear, which is recorded."""

    name: str
    label: str
    value: str
    is_masked: bool
    look_title: str


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
    numbers: str = ""
    tag: str = ""
    tone: str = "plain"
    materials_title: str = ""
    materials: list[MaterialView] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    steps: list[ClockStep] = field(default_factory=list)
    promised: str = ""
    act: Act = field(default_factory=Act)
    reasons: list[Reason] = field(default_factory=list)
    decision: list[Answer] = field(default_factory=list)
    is_own: bool = False
    is_read_only: bool = False


NO_CASE = CaseView()


def whole_date(language: Language, text: str) -> str:
    """A date of the form as people say it; what is no date stays as it was written."""
    try:
        noon = datetime.combine(date.fromisoformat(text), time(12), dates.ZONE)
    except ValueError:
        return text
    return dates.day(language, noon.isoformat())


def queue_row(language: Language, item: dict[str, Any]) -> Row:
    """A step that waits; late ones say how late, those due soon say how soon."""
    hours = item["hours_left"]
    due, tone = dates.left(language, item["due_at"], item["days_left"]), ""
    if item["is_late"]:
        tone = "late"
    elif hours is not None and hours <= _SOON_HOURS:
        due, tone = say(language, "desk.due.hours", value=f"{hours:g}"), "you"
    notes = [
        say(language, f"desk.channel.{item['channel']}"),
        moment(language, item["submitted_at"]),
        say(language, f"kind.{item['kind']}"),
    ]
    return Row(
        key=item["step_id"],
        id=item["id"],
        link=f"/desk/?id={item['id']}",
        title=short_title(language, item),
        note=" · ".join(notes),
        due=due,
        tone=tone,
        due_at=item["due_at"],
    )


def done_row(language: Language, item: dict[str, Any]) -> Row:
    """A step that the person finished."""
    outcome = say(language, f"desk.outcome.{item['outcome']}")
    return Row(
        key=f"{item['id']} {item['done_at']}",
        id=item["id"],
        link=f"/desk/?view=done&id={item['id']}",
        title=short_title(language, item),
        note=f"{outcome} · {local(language, item['step'])}",
        due=moment(language, item["done_at"]),
        tone="",
    )


def _paper(language: Language, name: str, number: int, document: dict[str, Any]) -> Paper:
    is_pdf = document["mime"] == "application/pdf"
    kib = max(1, round((document["size"] or 0) / 1024))
    return Paper(
        id=document["id"],
        url=f"/api/documents/{document['id']}",
        is_pdf=is_pdf,
        label=say(language, "desk.material.photo", name=name, number=number),
        note=say(language, "desk.material.size", kib=kib) if is_pdf else "",
    )


def material_view(language: Language, material: dict[str, Any]) -> MaterialView:
    """A material with its files; what is not to be handed in is complete by itself."""
    name = local(language, material["name"])
    documents, source = material["documents"], material["source"]
    papers = [_paper(language, name, n, d) for n, d in enumerate(documents, start=1)]
    photos = sum(not paper.is_pdf for paper in papers)
    wanted = max(material["min_files"] or 0, 1)
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


def _decision(language: Language, decision: dict[str, Any] | None) -> list[Answer]:
    if not decision or decision["outcome"] != "refused":
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


def _where(language: Language, case: dict[str, Any]) -> tuple[str, str]:
    step = case.get("step")
    if case["status"] == "in_progress" and step:
        return say(language, "desk.status.at", who=local(language, step["who"])), "they"
    tones = {"approved": "done", "refused": "late", "waiting_for_citizen": "you"}
    return say(language, f"desk.status.{case['status']}"), tones.get(case["status"], "plain")


def case_view(
    language: Language, page: dict[str, Any], divisions: list[dict[str, Any]]
) -> CaseView:
    """Everything the desk shows of one submitted case."""
    case = page["case"]
    materials = [material_view(language, material) for material in page["materials"]]
    complete = sum(material.is_complete for material in materials)
    numbers = [
        grouped(case["receipt_number"]),
        page["applicant"],
        say(language, f"desk.channel.{page['channel']}"),
        say(language, f"kind.{case['kind']}"),
    ]
    tag, tone = _where(language, case)
    doing = act(language, page)
    promised = ""
    if case["status"] in ("in_progress", "waiting_for_citizen"):
        day = dates.day(language, case["promised_at"])
        promised = say(language, "desk.clock.promised", day=day)
    return CaseView(
        id=case["id"],
        title=local(language, case["service"]),
        numbers=" · ".join(number for number in numbers if number),
        tag=tag,
        tone=tone,
        materials_title=f"{complete} / {len(materials)}",
        materials=materials,
        sections=sections(language, page, divisions),
        steps=clock(language, page),
        promised=promised,
        act=doing,
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
        decision=_decision(language, page["decision"]),
        is_own=page["is_owner"],
        is_read_only=not doing.kind and case["status"] == "in_progress" and not page["is_owner"],
    )


def following_case(rows: list[Row], case_id: str) -> str:
    """Which case to open after one is finished: the next of the queue, else its first; "" when
    nothing is left."""
    ids = [row.id for row in rows]
    if case_id in ids:
        place = ids.index(case_id)
        ids = ids[place:] + ids[:place]
    return next((other for other in ids if other != case_id), "")
