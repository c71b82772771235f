"""Sign-in by phone number and one-time code: no passwords, no foreign numbers, no guessing."""

from __future__ import annotations

import re
from typing import Any

from supabase import AsyncClient

from backend.config import Settings
from backend.database import call, service_db, stranger_db, translated
from backend.errors import Invalid, SessionExpired, TooMany

_MAINLAND = re.compile(r"^1[3-9][0-9]{9}$")
# Chinese keyboards type full-width digits and plus signs.
_ASCII = {0xFF10 + n: str(n) for n in range(10)} | {0xFF0B: "+"}
_SENDS_PER_ADDRESS = (60, 3600)
_GUESSES_PER_PHONE = (10, 900)


def normal_phone(text: str) -> str:
    """A mainland mobile number as +86…; raises Invalid phone_needed, phone_foreign, phone_invalid
    at field phone."""
    digits = re.sub(r"[\s\-().\uff08\uff09]", "", text or "").translate(_ASCII)
    if not digits:
        raise Invalid("phone_needed", field="phone")
    bare = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", digits)
    if _MAINLAND.match(bare):
        return f"+86{bare}"
    if digits.startswith(("+", "00")) and not digits.startswith(("+86", "0086")):
        raise Invalid("phone_foreign", field="phone")
    raise Invalid("phone_invalid", field="phone")


def normal_code(text: str) -> str:
    """The six digits of a code, however they were typed; raises Invalid code_needed, code_invalid
    at field code."""
    digits = re.sub(r"\s", "", text or "").translate(_ASCII)
    if not digits:
        raise Invalid("code_needed", field="code")
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise Invalid("code_invalid", field="code")
    return digits


async def _take_attempt(
    db: AsyncClient, kind: str, key: str, limit: tuple[int, int], field: str
) -> None:
    wait = await call(db, "take_attempt", kind=kind, key=key, limit=limit[0], seconds=limit[1])
    if wait:
        raise TooMany("too_many_tries", seconds=int(wait), field=field)


async def send_code(settings: Settings, phone: str, *, address: str) -> str:
    """Send a one-time code to a phone number; returns the normal form of the number.

    Raises Invalid (field phone), TooMany with the seconds to wait, Unavailable sms_not_sent.
    """
    number = normal_phone(phone)
    await _take_attempt(service_db(settings), "send_code", address, _SENDS_PER_ADDRESS, "phone")
    try:
        with translated():
            await stranger_db(settings).auth.sign_in_with_otp({"phone": number})
    except TooMany as error:
        raise TooMany("code_sent_lately", seconds=error.seconds, field="phone") from error
    return number


async def verify_code(settings: Settings, phone: str, code: str) -> Any:
    """Exchange phone and code for a Supabase session.

    Raises Invalid code_wrong_or_expired (field code), TooMany too_many_tries with the seconds to
    wait.
    """
    number, digits = normal_phone(phone), normal_code(code)
    await _take_attempt(service_db(settings), "verify_code", number, _GUESSES_PER_PHONE, "code")
    try:
        with translated():
            answer = await stranger_db(settings).auth.verify_otp(
                {"phone": number, "token": digits, "type": "sms"}
            )
    except TooMany as error:
        raise TooMany("too_many_tries", seconds=error.seconds, field="code") from error
    except SessionExpired as error:
        raise Invalid("code_wrong_or_expired", field="code") from error
    if answer.session is None:
        raise Invalid("code_wrong_or_expired", field="code")
    return answer.session
