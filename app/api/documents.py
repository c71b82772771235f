"""Files: a place to put one, the check after it, a look at one, and the way to embedded storage."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from app.api.answers import answering, json_of_our_page, who_asks
from backend import documents
from backend.config import settings
from backend.database import storage_stream
from backend.errors import Conflict, Invalid, NotFound

router = APIRouter()
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_PUT_BYTES = 10_485_760
# person / application / file, as begin_upload() makes it; nothing else is passed on.
_PATH = re.compile(r"^[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9a-f-]{36}$")


def _uuid(value: object) -> str:
    if not isinstance(value, str) or not _UUID.match(value):
        raise NotFound("document_not_found")
    return value


@router.post("/api/documents/begin")
@answering
async def begin(request: Request) -> Response:
    """{application_id, material_code, name, size, type, sha256} → {document_id, upload_url}.

    409 file_already_there when this very file counts already.
    """
    body = await json_of_our_page(request)
    who = await who_asks(request)
    if not isinstance(body.get("size"), int):
        raise Invalid("file_empty")
    upload = await documents.begin(
        settings(),
        who.db,
        _uuid(body.get("application_id")),
        str(body.get("material_code", ""))[:60],
        name=str(body.get("name", ""))[:300],
        mime=str(body.get("type", "")),
        size=min(body["size"], 2**31 - 1),
        sha256=str(body.get("sha256", "")),
    )
    if upload.is_existing:
        raise Conflict("file_already_there")
    return JSONResponse({"document_id": upload.document_id, "upload_url": upload.upload_url})


@router.post("/api/documents/finish")
@answering
async def finish(request: Request) -> Response:
    """{document_id} → {ok: true} once the file was verified."""
    body = await json_of_our_page(request)
    who = await who_asks(request)
    await documents.finish(settings(), who.db, _uuid(body.get("document_id")))
    return JSONResponse({"ok": True})


@router.get("/api/documents/{document_id}")
@answering
async def look(request: Request, document_id: str) -> Response:
    """Lead who may read the case to the file, by a link that lives 60 seconds."""
    who = await who_asks(request)
    opened = await documents.opened(settings(), who.db, _uuid(document_id))
    return RedirectResponse(opened.url, status_code=303)


async def _limited(request: Request) -> AsyncIterator[bytes]:
    taken = 0
    async for part in request.stream():
        taken += len(part)
        if taken > _PUT_BYTES:
            raise Invalid("file_too_large")
        yield part


@router.put("/storage/v1/object/upload/sign/incoming/{path:path}")
@answering
async def put_signed(request: Request, path: str) -> Response:
    """Pass a signed upload on to the embedded storage, which checks the signature."""
    if not _PATH.match(path):
        raise NotFound("document_not_found")
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise Invalid("file_cut")
    if int(length) > _PUT_BYTES:
        raise Invalid("file_too_large")
    headers = {
        name: request.headers[name]
        for name in ("content-type", "content-length")
        if name in request.headers
    }
    answer = await storage_stream(
        settings(), "PUT", f"/object/upload/sign/incoming/{path}", request.url.query,
        headers, _limited(request),
    )  # fmt: skip
    content = await answer.aread()
    await answer.aclose()
    return Response(content, answer.status_code, media_type="application/json")


@router.get("/storage/v1/object/sign/materials/{path:path}")
@answering
async def get_signed(request: Request, path: str) -> Response:
    """Pass a signed download on from the embedded storage, which checks the signature."""
    if not _PATH.match(path):
        raise NotFound("document_not_found")
    answer = await storage_stream(
        settings(), "GET", f"/object/sign/materials/{path}", request.url.query, {}, None
    )
    if answer.status_code != 200:
        await answer.aclose()
        raise NotFound("document_not_found")
    kept = {
        name: answer.headers[name]
        for name in ("content-type", "content-length")
        if name in answer.headers
    }
    headers = kept | {"cache-control": "private, no-store", "content-disposition": "inline"}

    async def parts() -> AsyncIterator[bytes]:
        async for part in answer.aiter_bytes():
            yield part
        await answer.aclose()

    return StreamingResponse(parts(), headers=headers)
