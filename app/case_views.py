"""What a case's page shows its applicant besides its story: what is to be mended, what is owed,
parts, results, questions, the receipt; rows in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from app import views
from app.form_answers import AnswerRow
from app.form_views import Asked, FieldView
from app.material_cards import MaterialCard, PhotoView, material_cards
from app.text import Language, dates, local, say


@dataclass(frozen=True)
class Code:
    """The six digits that are read out, and where they lead."""

    digits: str = ""
    spoken: str = ""
    address: str = ""
    qr: str = ""
    title: str = ""


@dataclass(frozen=True)
class Promise:
    """How many days are left, as a figure; no figure while the clock stands."""

    number: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Wrong:
    """One thing that a notice names: what is wrong with it, how to mend it, and the means."""

    code: str
    target: str
    title: str
    text: str
    state_text: str
    is_done: bool
    points: list[str] = field(default_factory=list)
    before: list[PhotoView] = field(default_factory=list)
    cards: list[MaterialCard] = field(default_factory=list)
    fields: list[FieldView] = field(default_factory=list)


@dataclass(frozen=True)
class Owed:
    """A material that an approval still waits for."""

    id: str
    title: str
    until: str
    text: str
    status: str
    state_text: str
    problem: str
    is_done: bool
    cards: list[MaterialCard] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One part of a bundle at its department."""

    code: str
    title: str
    who: str
    tag: str
    tone: str
    result: str
    note: str
    is_approved: bool
    is_coming: bool
    refusal: list[AnswerRow] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """One question to the case, and its answer when it is there."""

    id: str
    text: str
    asked: str
    answer: str
    answered: str


def code(language: Language, digits: str | None) -> Code:
    """The code of a case that runs; nothing of one that ended."""
    if not digits:
        return Code()
    return Code(
        digits=views.spaced(digits),
        spoken=say(language, "case.code_spoken", digits=", ".join(digits)),
        address=f"/s?code={digits}",
        qr=f"/s/{digits}/qr.svg",
        title=say(language, "status.share_title", code=digits),
    )


def promise(language: Language, case: dict[str, Any]) -> Promise:
    """What was promised of a case that runs."""
    note = dates.moment(language, case["promised_at"])
    if case["stand"]:
        return Promise(note=note)
    days = max(case["days_left"] or 0, 0)
    number = str(days) if days else say(language, "promise.today")
    return Promise(number, say(language, "promise.days" if days else "promise.by_today"), note)


def _sent_for(material: dict[str, Any], asked_by: str) -> dict[str, Any]:
    """A material with only those files that somebody asked for by this notice or debt."""
    mine = [d for d in material["documents"] if d["asked_by_id"] == asked_by]
    used = material["wallet_use"]
    # It is asked for on paper now, whatever a registry held or was sent along before.
    plain = {
        "source": "upload",
        "registry": None,
        "query": None,
        "wallet_use": used if used and used["asked_by_id"] == asked_by else None,
    }
    return {**material, **plain, "documents": mine, "is_there": bool(mine)}


def _earlier(material: dict[str, Any], asked_by: str) -> dict[str, Any]:
    rest = [d for d in material["documents"] if d["asked_by_id"] != asked_by]
    return {**material, "documents": rest}


def _card(language: Language, material: dict[str, Any], asked_by: str) -> MaterialCard:
    card = material_cards(language, [_sent_for(material, asked_by)])[0]
    count = len(card.photos)
    key = "mend.photo_there" if count else "mend.photo_missing"
    return replace(card, points=[], state_text=say(language, key, count=count))


def wrongs(language: Language, page: dict[str, Any], form: Asked) -> list[Wrong]:
    """What the open notice names, in its order; [] when none is open."""
    notice = page["notice"]
    if not notice:
        return []
    materials = {m["code"]: m for m in page["materials"]}
    found: list[Wrong] = []
    for item in notice["items"]:
        code, is_paper = item["code"], item["kind"] == "material"
        card = _card(language, materials[code], notice["id"]) if is_paper else None
        done = "mend.field_done" if item["is_answered"] else "mend.field_missing"
        found.append(
            Wrong(
                code=code,
                target=f"material-{code}" if is_paper else code,
                title=local(language, item["name"]),
                text=item["text"],
                state_text=card.state_text if card else say(language, done),
                is_done=item["is_answered"],
                points=[local(language, point) for point in item["points"]],
                before=_before(language, materials[code], notice["id"]) if is_paper else [],
                cards=[card] if card else [],
                fields=[] if is_paper else [form.view(code)],
            )
        )
    return found


def _before(language: Language, material: dict[str, Any], asked_by: str) -> list[PhotoView]:
    return material_cards(language, [_earlier(material, asked_by)])[0].photos


def asked_again(wrong: Wrong, form: Asked) -> Wrong:
    """The same, with what is said now of its field."""
    return replace(wrong, fields=[form.view(wrong.code)]) if wrong.fields else wrong


def owed(language: Language, page: dict[str, Any], problems: dict[str, str]) -> list[Owed]:
    """Materials that came or are to come after the approval."""
    materials = {m["code"]: m for m in page["materials"]}
    found: list[Owed] = []
    for debt in page["owed"]:
        is_open = debt["status"] == "owed"
        state = say(language, "owed.until", day=dates.day(language, debt["until"]))
        card = _card(language, materials[debt["material"]], debt["id"])
        found.append(
            Owed(
                id=debt["id"],
                title=local(language, debt["name"]),
                until=dates.day(language, debt["until"]),
                text=debt["text"] or "" if is_open else "",
                status=debt["status"],
                state_text=state if is_open else say(language, f"owed.{debt['status']}"),
                problem=problems.get(debt["id"], ""),
                is_done=not is_open,
                cards=[card],
            )
        )
    return found


def refusal(
    language: Language, reason: dict[str, Any] | None, name: str = "name"
) -> list[AnswerRow]:
    """Why something was refused, by which law, and the way on."""
    if not reason:
        return []
    rows = (
        ("name", local(language, reason.get(name))),
        ("reason", reason.get("reason") or ""),
        ("law", local(language, reason.get("legal_basis"))),
        ("way_on", local(language, reason.get("way_on"))),
    )
    return [AnswerRow(key, say(language, f"refusal.{key}"), value) for key, value in rows if value]


_TONES = {"current": "they", "approved": "done", "refused": "late"}


def parts(language: Language, page: dict[str, Any]) -> list[Part]:
    """The parts of a bundle in the guide's order; [] when it is none."""
    return [
        Part(
            code=part["code"],
            title=local(language, part["name"]),
            who=local(language, part["who"]),
            tag=say(language, f"parts.state.{part['state']}"),
            tone=_TONES.get(part["state"], "plain"),
            result=local(language, part["result"]["name"]),
            note=local(language, part["result"].get("note")),
            is_approved=part["state"] == "approved",
            is_coming=part["state"] in ("waiting", "current"),
            refusal=refusal(language, part["refusal"]),
        )
        for part in page["parts"]
    ]


def progress_of_parts(language: Language, page: dict[str, Any]) -> str:
    """3 of 4 done; what is not needed does not count."""
    states = [part["state"] for part in page["parts"] if part["state"] != "not_needed"]
    return say(language, "parts.done", total=len(states), done=states.count("approved"))


def questions(language: Language, page: dict[str, Any]) -> list[Question]:
    """Every question to the case, the latest first."""
    return [
        Question(
            id=q["id"],
            text=q["text"],
            asked=dates.moment(language, q["asked_at"]),
            answer=say(language, "ask.answer", who=local(language, q["by"]), text=q["answer"])
            if q["answer"]
            else "",
            answered=dates.moment(language, q["answered_at"]),
        )
        for q in reversed(page["questions"])
    ]


def who_now(language: Language, page: dict[str, Any]) -> str:
    """Who holds the ball, by name; several in a bundle."""
    case = page["case"]
    if case["holder"] == "citizen":
        return say(language, "case.who_you")
    names = [local(language, s["who"]) for s in page["steps"] if s["status"] == "current"]
    if not names:
        return say(language, "holder.nobody")
    between = say(language, "case.between")
    if language == "en":
        between += " "
    return say(language, "case.who_now", who=between.join(dict.fromkeys(names)))


def receipt(language: Language, page: dict[str, Any], tag: str) -> list[AnswerRow]:
    """What the paper receipt says, without anything that a stranger should not read."""
    case = page["case"]
    handed_in = [
        say(language, "receipt.material", name=local(language, m["name"]), count=count)
        for m in page["materials"]
        if (count := len(m["documents"]))
    ]
    rows = (
        ("number", views.grouped(case["receipt_number"])),
        ("service", local(language, case["service"])),
        ("applicant", page["applicant"]),
        ("submitted", dates.moment(language, case["submitted_at"])),
        ("promised", dates.day(language, case["promised_at"])),
        ("window", local(language, page["window"])),
        ("status", tag),
        ("materials", "；".join(handed_in) if language == "zh" else "; ".join(handed_in)),
        ("hotline", "(0937)3212345 · 12345"),
    )
    return [AnswerRow(key, say(language, f"receipt.{key}"), value) for key, value in rows if value]
