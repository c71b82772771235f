"""How far a case has come, for who knows its code and the last digits of its phone."""

from __future__ import annotations

import re
from typing import Any

from backend.config import Settings
from backend.database import call, service_db
from backend.errors import Invalid, NotFound, TooMany

# Chinese keyboards type full-width digits.
_ASCII = {0xFF10 + n: str(n) for n in range(10)}


def _digits(text: str, length: int) -> str:
    """The digits of what was typed; "" when there are not exactly so many."""
    found = re.sub(r"[\s\-]", "", (text or "").translate(_ASCII))
    return found if re.fullmatch(rf"[0-9]{{{length}}}", found) else ""


async def of_code(
    settings: Settings, case_code: str, phone_end: str, *, address: str
) -> dict[str, Any]:
    """A case's status without anything personal; shape as SQL case_status().

    `address` is where the question comes from. Raises Invalid case_code_invalid (field code),
    phone_end_invalid (field phone), NotFound case_status_unknown, the same for a wrong code and a
    wrong phone, and TooMany too_many_tries with the seconds to wait.
    """
    code, phone = _digits(case_code, 6), _digits(phone_end, 4)
    if not code:
        raise Invalid("case_code_invalid", field="code")
    if not phone:
        raise Invalid("phone_end_invalid", field="phone")
    found = await call(
        service_db(settings), "case_status", case_code=code, phone_end=phone, address=address
    )
    if "wait" in found:
        raise TooMany("too_many_tries", seconds=int(found["wait"]))
    if not found:
        raise NotFound("case_status_unknown")
    return found
