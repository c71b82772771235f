"""What all endpoints share: who asks, whether the request is ours, and refusals as JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.text import Language
from app.text.errors import sentence
from app.web.site import site_from
from backend import web_sessions
from backend.config import settings
from backend.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    ServiceError,
    SessionExpired,
    TooMany,
    Unavailable,
)

_STATUS: dict[type[ServiceError], int] = {
    Invalid: 422,
    SessionExpired: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
}
_BODY_BYTES = 16_384


def language_of(request: Request) -> Language:
    """The language the browser's cookie asks for."""
    return "en" if request.cookies.get("lang") == "en" else "zh"


def address_of(request: Request) -> str:
    """Where a request comes from, for counting attempts."""
    return request.client.host if request.client else "unknown"


async def who_asks(request: Request) -> web_sessions.SignedIn:
    """Become the person of the request's cookie; raises SessionExpired."""
    return await web_sessions.signed_in(settings(), request.cookies.get(web_sessions.COOKIE, ""))


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    own = site_from({"SITE_URL": settings().site_url}).own_origins
    return origin is not None and origin not in own


async def _small_body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY_BYTES:
            raise Invalid("request_refused")
    return body


async def body_of_our_form(request: Request) -> bytes:
    """What a form of a plain page sends, as it is; raises NotAllowed request_refused for a form
    on somebody else's page. It must change nothing that a cookie stands for."""
    if _is_foreign(request) or request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise NotAllowed("request_refused")
    return await _small_body(request)


async def json_of_our_page(request: Request) -> dict[str, Any]:
    """The JSON body of a request that one of our own pages made; raises NotAllowed request_refused.

    A foreign page can send neither the header nor our origin (SameSite cookies are the second
    wall).
    """
    if request.headers.get("x-requested-with") != "onetrip" or _is_foreign(request):
        raise NotAllowed("request_refused")
    body = await _small_body(request)
    try:
        # PostgreSQL keeps no NUL, and nobody means one.
        found = json.loads(body.replace(b"\\u0000", b""))
    except ValueError:
        raise Invalid("request_refused") from None
    if not isinstance(found, dict):
        raise Invalid("request_refused")
    return found


Endpoint = Callable[..., Awaitable[Response]]


def answering(endpoint: Endpoint) -> Endpoint:
    """Turn refusals into {code, field, message} with their status; 429 says Retry-After."""

    @functools.wraps(endpoint)
    async def answered(request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            return await endpoint(request, *args, **kwargs)
        except ServiceError as error:
            status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 500)
            headers = {"retry-after": str(error.seconds)} if isinstance(error, TooMany) else {}
            message = sentence(language_of(request), error)
            body = {"code": error.code, "field": error.field, "message": message}
            return JSONResponse(body, status_code=status, headers=headers)

    return answered
