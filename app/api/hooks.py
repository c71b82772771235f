"""Hooks that Supabase calls: each is signed, none has a cookie."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.api.answers import answering
from app.text import say
from backend import sms
from backend.config import settings
from backend.errors import Invalid

router = APIRouter()
_BODY_BYTES = 65_536


@router.post("/api/hooks/send-sms")
@answering
async def send_sms(request: Request) -> Response:
    """Supabase's Send-SMS hook: bring a one-time code to a phone."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY_BYTES:
            raise Invalid("request_refused")
    payload = sms.verified_hook(settings(), body, dict(request.headers))
    phone, code = str(payload["user"]["phone"]), str(payload["sms"]["otp"])
    await sms.sender(settings()).send(phone, say("zh", "sms.code", code=code))
    return JSONResponse({})
