"""The evidence of a registry's answer, as a small JSON document of the case."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.api.answers import answering, who_asks
from backend import registries
from backend.errors import NotFound

router = APIRouter()
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


@router.get("/api/registry-answers/{query_id}")
@answering
async def evidence(request: Request, query_id: str) -> Response:
    """Who asked what and when, and the answer, for who may read the case; a look is recorded."""
    who = await who_asks(request)
    if not _UUID.match(query_id):
        raise NotFound("registry_answer_not_found")
    found = await registries.evidence(who.db, query_id)
    return JSONResponse(found, headers={"cache-control": "private, no-store"})
