"""Every guide as a plain page at a short address, the index of all, and what search engines ask."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.guide_views import as_query, check_questions, guide_view, my_list, typed_answers
from app.layout import PAGES
from app.plain import pages
from app.plain.pages import Reader
from app.text import local, say
from backend import checks, services
from backend.config import settings
from backend.database import stranger_db
from backend.errors import NotFound

router = APIRouter()
_READ = ["GET", "HEAD"]
_DESCRIPTION = 120


async def _found(code: str) -> dict[str, Any] | None:
    try:
        return await services.page(stranger_db(settings()), code[:100])
    except NotFound:
        return None


def _values(reader: Reader, found: dict[str, Any]) -> dict[str, Any]:
    guide = guide_view(reader.language, found)
    description = say(reader.language, "plain.description", name=guide.title, summary=guide.summary)
    return {
        "guide": guide,
        "description": description[:_DESCRIPTION] if reader.language == "zh" else description,
        "address": f"{settings().site_url}/g/{guide.code}",
    }


def _answers(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """What the address answers of the check's questions."""
    typed = typed_answers(request.query_params)
    return checks.read_answers(found["guide"]["check_questions"], typed)


@router.api_route("/g", methods=_READ)
async def bare_index(request: Request) -> Response:
    """The index has one address."""
    return RedirectResponse(f"/g/{Reader.of(request).query()}", 308)


@router.api_route("/g/", methods=_READ)
async def index(request: Request) -> Response:
    """All guides by department."""
    reader = Reader.of(request)
    found = await services.index(stranger_db(settings()))
    departments = [
        (
            local(reader.language, each["department"]),
            [(s["code"], local(reader.language, s["name"])) for s in each["services"]],
        )
        for each in found
    ]
    count = sum(len(rows) for _, rows in departments)
    text = pages.draw("index.html", reader, path="/g/", departments=departments, count=count)
    return pages.answer(request, text)


@router.api_route("/g/{code}", methods=_READ)
async def guide(request: Request, code: str) -> Response:
    """One guide; answers of the check in the address stand chosen in its form."""
    reader = Reader.of(request)
    found = await _found(code)
    if found is None:
        return pages.missing(request)
    answers = _answers(request, found)
    check = check_questions(
        reader.language, found, answers, shows_missing="check" in request.query_params
    )
    text = pages.draw(
        "guide.html",
        reader,
        path=f"/g/{code}",
        more=as_query(answers),
        check=check,
        **_values(reader, found),
    )
    return pages.answer(request, text)


@router.api_route("/g/{code}/list", methods=_READ)
async def my_guide(request: Request, code: str) -> Response:
    """What the answers in the address make of a guide; unanswered questions lead back to them."""
    reader = Reader.of(request)
    found = await _found(code)
    if found is None:
        return pages.missing(request)
    answers = _answers(request, found)
    mine = my_list(reader.language, found, answers)
    if not mine.is_known:
        more = "&".join(part for part in (as_query(answers), "check=1") if part)
        return RedirectResponse(f"/g/{code}{reader.query(more=more)}#check", 303)
    text = pages.draw(
        "list.html",
        reader,
        path=f"/g/{code}/list",
        more=mine.query,
        mine=mine,
        **_values(reader, found),
    )
    return pages.answer(request, text)


@router.api_route("/g/{code}/qr.svg", methods=_READ)
async def guide_qr(request: Request, code: str) -> Response:
    """The short address of a guide as a QR code, for paper."""
    if await _found(code) is None:
        return pages.missing(request)
    drawn = pages.qr(f"{settings().site_url}/g/{code}")
    return pages.answer(request, drawn, media_type="image/svg+xml")


@router.api_route("/sitemap.xml", methods=_READ)
async def sitemap(request: Request) -> Response:
    """Every guide in both languages, for search engines."""
    site = settings().site_url
    found = await services.index(stranger_db(settings()))
    dated = [
        (f"{site}/g/{s['code']}", s["published_at"][:10])
        for each in found
        for s in each["services"]
    ]
    entries = [f"<url><loc>{escape(site)}{path}</loc></url>" for path in ("/", "/g/", "/s")]
    entries += [
        f"<url><loc>{escape(address + language)}</loc><lastmod>{day}</lastmod></url>"
        for address, day in dated
        for language in ("", "?lang=en")
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    body = (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'
    )
    return pages.answer(request, f"{head}\n{body}\n", media_type="application/xml")


@router.api_route("/robots.txt", methods=_READ)
async def robots(request: Request) -> Response:
    """What search engines may read: everything public, nothing of people."""
    closed = ("/api/", "/dev/", *(page.route for page in PAGES if page.access != "public"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    text = "\n".join([*lines, f"Sitemap: {settings().site_url}/sitemap.xml", ""])
    return pages.answer(request, text, media_type="text/plain; charset=utf-8")
