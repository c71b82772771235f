"""Seed data: the county, its calendar, departments, services, frequent questions and,
on the embedded stack, the demo people.

Every step may run again: what is unchanged stays as it is, a changed guide becomes a new version.
"""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

from supabase import AsyncClient
from supabase_auth.errors import AuthApiError

from backend import calendar, form_schema, spelling
from backend.config import Settings, settings
from backend.database import call, service_db, translated

FOLDER = Path(__file__).resolve().parent.parent / "migrations" / "seed"

logger = logging.getLogger(__name__)


def content(name: str) -> Any:
    """One seed file, parsed."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def divisions() -> list[dict[str, Any]]:
    """The county itself and all its divisions, parents first."""
    file = content("divisions.json")
    county = {
        "code": file["county"]["code"],
        "parent_code": None,
        "level": "county",
        "kind": "county",
        "name": file["county"]["name"],
        "is_city_area": False,
    }
    return [county, *sorted(file["divisions"], key=lambda d: len(d["code"]))]


def services() -> list[dict[str, Any]]:
    """Every service with its guide, spelled out for the search, the fields of groups in order."""
    departments = {d["code"]: d for d in content("departments.json")}
    files = sorted((FOLDER / "services").glob("*.json"))
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    for guide in (service["guide"] for service in found):
        if guide.get("form_schema"):
            guide["form_schema"] = form_schema.ordered(guide["form_schema"])
    return [spelling.service_with_sounds(s, departments[s["department"]]) for s in found]


async def _person_id(db: AsyncClient, phone: str, known: dict[str, str]) -> str:
    digits = phone.lstrip("+")
    if digits in known:
        return known[digits]
    with translated():
        answer = await db.auth.admin.create_user({"phone": phone, "phone_confirm": True})
    return answer.user.id


async def demo_people(db: AsyncClient) -> int:
    """Sign the demo people up and give them names and roles; returns how many there are."""
    with translated():
        users = await db.auth.admin.list_users(page=1, per_page=1000)
    known = {(user.phone or "").lstrip("+"): user.id for user in users}
    people = content("people.json")
    for person in people:
        person_id = await _person_id(db, person["phone"], known)
        await call(db, "import_person", person_id=person_id, person=person)
    return len(people)


async def seed(settings: Settings, *, with_demo_people: bool) -> None:
    """Write all seed data as the service."""
    db = service_db(settings)
    await calendar.publish(db, content("service_hours.json"))
    await call(db, "import_divisions", divisions=divisions())
    await call(db, "import_departments", departments=content("departments.json"))
    published = [await call(db, "import_service", service=service) for service in services()]
    logger.info("%d services, %d new guides", len(published), sum(published))
    for question in content("questions.json"):
        spelled = spelling.question_with_sounds(question)
        await call(db, "import_question", question=spelled)
    if with_demo_people:
        logger.info("%d demo people", await demo_people(db))


def main() -> None:
    """Seed the installation that the environment names."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(seed(settings(), with_demo_people=settings().is_embedded))
    except AuthApiError as error:
        raise SystemExit(f"The auth service refused the seed: {error.message}") from error


if __name__ == "__main__":
    main()
