"""Signing in and out: the only endpoints that set the session cookie."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.api.answers import answering, json_of_our_page, language_of
from backend import auth, people, web_sessions
from backend.config import settings
from backend.database import person_db

router = APIRouter()
_OWN_PATH = re.compile(r"^/(?!/)[A-Za-z0-9/?=&%._~:-]{0,500}$")


def device_label(user_agent: str) -> str:
    """What a person recognises their phone by, out of a user agent; nothing that follows them."""
    systems = (
        ("HarmonyOS", "HarmonyOS"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browsers = (
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Chrome", "Chrome"),
        ("Firefox", "Firefox"),
        ("Safari", "Safari"),
    )
    system = next((name for mark, name in systems if mark in user_agent), "")
    browser = next((name for mark, name in browsers if mark in user_agent), "")
    return " · ".join(part for part in (system, browser) if part)


def safe_next(target: object) -> str:
    """A path of our own to go on to; anything else is the home page.

    Only plain characters: browsers drop tabs and newlines, so that "/\t/host" would leave us.
    """
    return target if isinstance(target, str) and _OWN_PATH.match(target) else "/"


@router.post("/api/session")
@answering
async def sign_in(request: Request) -> Response:
    """{phone, code, next} → the cookie and {next}; 422 at its field, 429 with the waiting time."""
    body = await json_of_our_page(request)
    session = await auth.verify_code(
        settings(), str(body.get("phone", "")), str(body.get("code", ""))
    )
    secret = await web_sessions.open_session(
        settings(), session, device_label=device_label(request.headers.get("user-agent", ""))
    )
    earlier = request.cookies.get(web_sessions.COOKIE, "")
    if earlier:
        # One browser, one session: whoever was signed in here before is signed out.
        await web_sessions.close_session(settings(), earlier)
    if request.cookies.get("lang"):
        db = person_db(settings(), session.access_token)
        await people.set_preferences(db, session.user.id, language=language_of(request))
    response = JSONResponse({"next": safe_next(body.get("next"))})
    response.set_cookie(
        web_sessions.COOKIE,
        secret,
        max_age=web_sessions.COOKIE_SECONDS,
        httponly=True,
        secure=settings().is_secure,
        samesite="lax",
        path="/",
    )
    return response


@router.post("/api/session/end")
@answering
async def sign_out(request: Request) -> Response:
    """End this session and take the cookie back."""
    await json_of_our_page(request)
    secret = request.cookies.get(web_sessions.COOKIE, "")
    if secret:
        await web_sessions.close_session(settings(), secret)
    response = JSONResponse({"next": "/"})
    response.delete_cookie(web_sessions.COOKIE, path="/")
    return response
