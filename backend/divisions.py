"""Divisions: the county's townships and villages."""

from __future__ import annotations

from typing import Any, cast

from supabase import AsyncClient

from backend.database import translated


async def every(db: AsyncClient) -> list[dict[str, Any]]:
    """All divisions, by code: code, parent_code, level, kind, name {zh, en}."""
    with translated():
        answer = await (
            db.table("divisions").select("code,parent_code,level,kind,name").order("code").execute()
        )
    return cast("list[dict[str, Any]]", answer.data)
