"""Services and their guides, as everybody reads them, and how they are found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from supabase import AsyncClient

from backend import spelling
from backend.database import call
from backend.errors import NotFound


class Who(StrEnum):
    """Who somebody is, as far as services are meant for them."""

    CHILD = "child"
    PARENT = "parent"
    STUDENT = "student"
    WORKER = "worker"
    JOBSEEKER = "jobseeker"
    FARMER = "farmer"
    SHOP_OWNER = "shop_owner"
    ENTERPRISE = "enterprise"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    LOW_INCOME = "low_income"
    VETERAN = "veteran"
    ANYONE = "anyone"


class Audience(StrEnum):
    """Whom a service is for by law."""

    PERSON = "person"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty words narrow nothing."""

    life_event: str = ""
    department: str = ""
    who: str = ""
    audience: str = ""
    is_near: bool = False


async def find(
    db: AsyncClient,
    *,
    search: str = "",
    only: Filter | None = None,
    after: dict[str, Any] | None = None,
    limit: int = 15,
) -> dict[str, Any]:
    """A page of services and the questions that fit, best, hottest and nearest first; shape as SQL
    list_services(). `after` is "more" of the page before."""
    only = only or Filter()
    typed = spelling.heart(spelling.cleaned(search))
    return await call(
        db,
        "list_services",
        search=typed or None,
        sounds=spelling.sound(typed) or None,
        life_event=only.life_event or None,
        department=only.department or None,
        who=only.who or None,
        audience=only.audience or None,
        is_near=only.is_near,
        after=after,
        limit=limit,
    )


async def page(db: AsyncClient, code: str) -> dict[str, Any]:
    """Everything a guide page shows; shape as SQL service_page(). Raises NotFound
    service_not_found."""
    found = await call(db, "service_page", code=code)
    if not found:
        raise NotFound("service_not_found")
    return found


async def index(db: AsyncClient) -> list[dict[str, Any]]:
    """Every published guide by department; shape as SQL guide_index()."""
    return await call(db, "guide_index")
