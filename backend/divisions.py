"""Divisions: the county's townships and villages."""

from __future__ import annotations

import time
from typing import Any, cast

from supabase import AsyncClient

from backend.database import translated

# The same for everybody and changed by an import alone: asked for once in a while, and not as a
# second round trip of every page that names a village.
_KEPT_SECONDS = 600
_kept: dict[str, tuple[float, list[dict[str, Any]]]] = {}


async def every(db: AsyncClient) -> list[dict[str, Any]]:
    """All divisions, by code: code, parent_code, level, kind, name {zh, en}; at most 10 minutes
    old."""
    read_at, known = _kept.get(str(db.supabase_url), (0.0, []))
    if known and time.monotonic() - read_at < _KEPT_SECONDS:
        return known
    with translated():
        answer = await (
            db.table("divisions").select("code,parent_code,level,kind,name").order("code").execute()
        )
    found = cast("list[dict[str, Any]]", answer.data)
    _kept[str(db.supabase_url)] = (time.monotonic(), found)
    return found
