"""People: the signed-in person's own profile, preferences, devices and who looked at their data."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from stdnum.cn import ric
from stdnum.exceptions import ValidationError
from supabase import AsyncClient

from backend import web_sessions
from backend.database import call, translated
from backend.errors import Invalid


def checked_id_number(text: str, *, field: str = "id_number") -> str:
    """The 18 characters of a resident identity number.

    Form, date of birth and check digit as GB 11643-1999 has them, by python-stdnum. Its table of
    divisions is not asked: numbers outlive the codes of counties that were renamed or merged.
    Raises Invalid id_number_invalid at `field`.
    """
    number = unicodedata.normalize("NFKC", text or "").replace(" ", "").replace("-", "").upper()
    try:
        is_right = (
            len(number) == 18
            and number.isascii()
            and number[:17].isdigit()
            and ric.get_birth_date(number) <= date.today()
            and ric.calc_check_digit(number) == number[17]
        )
    except ValidationError:
        is_right = False
    if not is_right:
        raise Invalid("id_number_invalid", field=field)
    return number


async def my_profile(db: AsyncClient) -> dict[str, Any]:
    """Own data in the clear, roles in force, last looks; shape as SQL my_profile()."""
    return await call(db, "my_profile")


async def save_my_profile(
    db: AsyncClient, *, name: str, id_number: str, division_code: str
) -> dict[str, Any]:
    """Keep name, identity number (may be empty) and home; raises Invalid with the field, Conflict
    id_number_taken."""
    if len(name.strip()) < 2:
        raise Invalid("name_invalid", field="name")
    number = checked_id_number(id_number) if id_number.strip() else None
    return await call(
        db, "save_my_profile", name=name, id_number=number, division_code=division_code or None
    )


async def set_preferences(
    db: AsyncClient, person_id: str, *, language: str | None = None, mode: str | None = None
) -> None:
    """Remember language (zh, en) and mode (normal, elder) for messages and other devices."""
    changes = {k: v for k, v in {"language": language, "mode": mode}.items() if v}
    if changes:
        with translated():
            await db.table("people").update(changes).eq("id", person_id).execute()


async def my_devices(db: AsyncClient) -> list[dict[str, Any]]:
    """Where the person is signed in: id, device_label, created_at, last_seen_at."""
    return await call(db, "my_web_sessions")


async def close_device(db: AsyncClient, session_id: str) -> None:
    """Sign another device out, at once; raises NotFound session_not_found."""
    await call(db, "close_my_web_session", id=session_id)
    web_sessions.forget_remembered()
