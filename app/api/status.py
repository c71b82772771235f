"""How far a case has come, for who knows its code and the last four digits of its phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import views
from app.api.answers import address_of, body_of_our_form
from app.plain import pages
from app.plain.pages import Reader
from app.text import EN, Language, dates, local, say
from app.text.errors import sentence
from backend import case_status
from backend.config import settings
from backend.errors import Invalid, NotAllowed, NotFound, ServiceError, TooMany

router = APIRouter()
_STATUS: dict[type[ServiceError], int] = {
    Invalid: 422,
    NotAllowed: 403,
    NotFound: 404,
    TooMany: 429,
}
_ENDED = ("approved", "refused", "returned", "withdrawn")
_TYPED = 12


@dataclass(frozen=True, slots=True)
class StatusView:
    """A case as a stranger with its code may know it."""

    service: str
    tag: str
    tone: str
    facts: list[tuple[str, str]]


def status_view(reads: Language, found: dict[str, Any]) -> StatusView:
    """Whose turn it is, what was promised, what comes next."""
    tag, tone = views.turn(reads, found)
    status, step = found["status"], found["step"]
    if status in _ENDED:
        ended = found["decided_at"] or found["updated_at"]
        facts = [(say(reads, "status.decided"), dates.day(reads, ended))]
    else:
        who = local(reads, step["who"]) if step else say(reads, f"status.who.{_turn(found)}")
        facts = [
            (say(reads, "status.who"), who),
            (say(reads, "status.promised"), dates.day(reads, found["promised_at"])),
        ]
    key = f"status.next.{status}"
    facts.append((say(reads, "status.next"), say(reads, key if key in EN else "status.next.other")))
    return StatusView(local(reads, found["service"]), tag, tone, facts)


def _turn(found: dict[str, Any]) -> str:
    return "citizen" if found["holder"] == "citizen" else "nobody"


def _page(
    request: Request,
    *,
    found: StatusView | None = None,
    error: ServiceError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    reader = Reader.of(request)
    message = sentence(reader.language, error) if error else ""
    field = error.field if error else ""
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 200)
    text = pages.draw(
        "status.html",
        reader,
        path="/s",
        found=found,
        trouble="" if field else message,
        errors={"code": "", "phone": ""} | ({field: message} if field else {}),
        **({"code": "", "phone": ""} | (typed or {})),
    )
    answer = pages.answer(request, text, status=status, is_kept=False)
    if isinstance(error, TooMany):
        answer.headers["retry-after"] = str(error.seconds)
    return answer


@router.api_route("/s", methods=["GET", "HEAD"])
async def status_form(request: Request) -> Response:
    """The two questions; a code in the address, as on a receipt, is filled in."""
    code = request.query_params.get("code", "")
    return _page(request, typed={"code": code if code.isdigit() and len(code) == 6 else ""})


@router.post("/s")
async def show_status(request: Request) -> Response:
    """A case's status, or the same sentence for a wrong code and a wrong phone."""
    try:
        form = parse_qs((await body_of_our_form(request)).decode("utf-8", "replace"))
    except (NotAllowed, Invalid) as error:
        return _page(request, error=error)
    typed = {name: form.get(name, [""])[0][:_TYPED] for name in ("code", "phone")}
    try:
        found = await case_status.of_code(
            settings(), typed["code"], typed["phone"], address=address_of(request)
        )
    except (Invalid, NotFound, TooMany) as error:
        return _page(request, error=error, typed=typed)
    return _page(request, found=status_view(Reader.of(request).language, found))


@router.api_route("/s/{code}/qr.svg", methods=["GET", "HEAD"])
async def status_qr(request: Request, code: str) -> Response:
    """The address of the status page with a code filled in, for paper; it says nothing of it."""
    if not (code.isdigit() and len(code) == 6):
        return pages.missing(request)
    drawn = pages.qr(f"{settings().site_url}/s?code={code}")
    return pages.answer(request, drawn, media_type="image/svg+xml", is_kept=False)
