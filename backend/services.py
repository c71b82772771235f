"""Services and their guides, as everybody reads them."""

from __future__ import annotations

from typing import Any

from supabase import AsyncClient

from backend.database import call
from backend.errors import NotFound


async def find(
    db: AsyncClient, *, search: str = "", life_event: str = "", limit: int = 60
) -> list[dict[str, Any]]:
    """Services with a published guide, hottest first; shape as SQL list_services()."""
    return await call(
        db,
        "list_services",
        search=search[:100] or None,
        life_event=life_event or None,
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
