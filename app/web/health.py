"""`GET /api/health`: one look that says whether people can be served."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

Probe = Callable[[], Awaitable[bool]]
_PATIENCE_SECONDS = 3


def health_router(probes: Mapping[str, Probe]) -> APIRouter:
    """200 and `"status": "ok"` when every probe answers true in time, else 503."""
    router = APIRouter()

    @router.get("/api/health")
    async def health() -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        answers = await asyncio.gather(*(_is_alive(probe) for probe in probes.values()))
        parts = {"web": "ok"} | {
            name: "ok" if is_alive else "down"
            for name, is_alive in zip(probes, answers, strict=True)
        }
        is_ok = all(answers)
        body = {"status": "ok" if is_ok else "down", **parts}
        return JSONResponse(body, status_code=200 if is_ok else 503)

    return router


async def _is_alive(probe: Probe) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await probe()
    except Exception:
        # Whatever the reason, the part cannot be used; its own log knows more.
        return False
