"""Documents: photos and papers of a case. Bytes go from the phone straight to storage; here they
are checked and cleaned."""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from supabase import AsyncClient

from backend.config import Settings
from backend.database import call, service_db, translated
from backend.errors import Conflict, Invalid, NotFound

_MAX_PIXELS = 60_000_000
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SIGNED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a phone may put one file; `is_existing` when this very file is already there."""

    document_id: str
    upload_url: str
    is_existing: bool


@dataclass(frozen=True, slots=True)
class Clean:
    """A verified file: its bytes without hidden data, size in bytes, width and height in pixels
    (None for PDF)."""

    content: bytes
    mime: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to show: a link that lives 60 seconds."""

    url: str
    mime: str
    file_name: str


def browser_url(settings: Settings, url: str) -> str:
    """A storage link as the browser reaches it: the public Supabase address, or our own origin."""
    return settings.supabase_public_url + url.removeprefix(settings.supabase_url)


async def begin(
    settings: Settings,
    db: AsyncClient,
    application_id: str,
    material_code: str,
    *,
    name: str,
    mime: str,
    size: int,
    sha256: str,
) -> Upload:
    """Ask for a place for one file of an own draft; refusals as SQL begin_upload()."""
    answer = await call(
        db,
        "begin_upload",
        application_id=application_id,
        material_code=material_code,
        file_name=name,
        mime=mime,
        size=size,
        sha256=sha256,
    )
    if answer["is_existing"]:
        return Upload(answer["document_id"], "", True)
    try:
        with translated():
            signed = await db.storage.from_("incoming").create_signed_upload_url(answer["path"])
    except Conflict:
        # The bytes came earlier and the answer was lost: only the check is missing.
        await finish(settings, db, answer["document_id"])
        return Upload(answer["document_id"], "", True)
    return Upload(answer["document_id"], browser_url(settings, signed["signed_url"]), False)


def cleaned(content: bytes, announced_sha256: str) -> Clean:
    """Check a file by its content and take out what it should not carry (EXIF, position,
    thumbnails).

    Raises Invalid file_empty, file_cut, file_kind_refused, file_damaged, image_too_large.
    """
    if not content:
        raise Invalid("file_empty")
    if hashlib.sha256(content).hexdigest() != announced_sha256:
        raise Invalid("file_cut")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise Invalid("file_damaged")
        return Clean(content, "application/pdf", None, None)
    try:
        image = Image.open(io.BytesIO(content), formats=tuple(_FORMATS))
        kind = image.format or ""
        if image.width * image.height > _MAX_PIXELS:
            raise Invalid("image_too_large")
        image.load()
    except Image.DecompressionBombError:
        raise Invalid("image_too_large") from None
    except UnidentifiedImageError:
        raise Invalid("file_kind_refused") from None
    except (OSError, SyntaxError, ValueError):
        raise Invalid("file_damaged") from None
    upright = ImageOps.exif_transpose(image)
    if kind != "PNG" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    # A new image from the pixels alone: no metadata block can come along.
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if upright.mode == "P" and (palette := upright.getpalette()):
        bare.putpalette(palette)
    out = io.BytesIO()
    options: dict[str, Any] = {"quality": 82} if kind in ("JPEG", "WEBP") else {"optimize": True}
    bare.save(out, format=kind, **options)
    return Clean(out.getvalue(), _FORMATS[kind], bare.width, bare.height)


async def finish(settings: Settings, db: AsyncClient, document_id: str) -> None:
    """Verify what a phone has sent and make it count. Doing it twice is doing it once.

    Raises NotFound document_not_found, Invalid file_not_arrived or as cleaned().
    """
    expected = await call(db, "expected_document", document_id=document_id)
    if not expected:
        raise NotFound("document_not_found")
    if expected["status"] == "verified":
        return
    if expected["status"] == "refused":
        raise Invalid(expected["refusal"])
    service, path = service_db(settings), expected["incoming_path"]
    try:
        with translated():
            content = await service.storage.from_("incoming").download(path)
    except NotFound:
        # Another request may have verified it meanwhile, and taken it from where it arrived.
        again = await call(db, "expected_document", document_id=document_id)
        if again and again["status"] == "verified":
            return
        raise Invalid("file_not_arrived") from None
    try:
        clean = await asyncio.to_thread(cleaned, content, expected["sha256"])
    except Invalid as error:
        await call(service, "refuse_document", document_id=document_id, refusal=error.code)
        with translated():
            await service.storage.from_("incoming").remove([path])
        raise
    with translated():
        await service.storage.from_("materials").upload(
            path, clean.content, {"content-type": clean.mime, "upsert": "true"}
        )
    is_accepted = await call(
        service,
        "accept_document",
        document_id=document_id,
        path=path,
        mime=clean.mime,
        size=len(clean.content),
        width=clean.width,
        height=clean.height,
    )
    with translated():
        await service.storage.from_("incoming").remove([path])
    if not is_accepted:
        raise Invalid("too_many_files", detail=str(expected["most"]))


async def remove(db: AsyncClient, document_id: str) -> None:
    """Take a file out of an own draft."""
    await call(db, "remove_document", document_id=document_id)


async def opened(settings: Settings, db: AsyncClient, document_id: str) -> Opened:
    """A link to a file for who may read its case; staff's look is recorded. Raises NotFound
    document_not_found."""
    found = await call(db, "open_document", document_id=document_id)
    with translated():
        signed = await db.storage.from_("materials").create_signed_url(
            found["path"], _SIGNED_SECONDS
        )
    return Opened(
        browser_url(settings, signed["signedUrl"] or ""), found["mime"], found["file_name"]
    )


async def delete_abandoned(db: AsyncClient) -> int:
    """Delete bytes that belong to no document any more, as the service; returns how many.

    Twice is once: the storage API does not mind a file that is gone.
    """
    files = await call(db, "abandoned_files")
    deleted = 0
    for bucket in sorted({file["bucket"] for file in files}):
        paths = [file["path"] for file in files if file["bucket"] == bucket]
        with translated():
            await db.storage.from_(bucket).remove(paths)
        deleted += await call(db, "forget_abandoned_files", bucket=bucket, paths=paths)
    return deleted
