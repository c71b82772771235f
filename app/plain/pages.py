"""Plain pages: drawn by templates that escape everything, answered compressed and with a tag."""

from __future__ import annotations

import gzip
import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
import qrcode
import qrcode.image.svg
from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.plain import looks
from app.text import Language, say
from backend.config import settings

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_KEPT_SECONDS = 300
# No script can run; `connect-src` lets an auditor's browser fetch robots.txt from the page.
_POLICY = (
    "default-src 'none'; style-src {style}; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Smaller answers gain nothing.
_WORTH_PACKING = 600


@dataclass(frozen=True, slots=True)
class Reader:
    """How an address wants a page: `?lang=en`, `?size=large`; the page is the same for all else."""

    language: Language
    is_large: bool

    @classmethod
    def of(cls, request: Request) -> Reader:
        """What the address of a request says."""
        asked = request.query_params
        return cls("en" if asked.get("lang") == "en" else "zh", asked.get("size") == "large")

    def query(self, *, lang: str | None = None, size: str | None = None, more: str = "") -> str:
        """The query that keeps, or changes, how the page is read."""
        language = lang or self.language
        wanted = size or ("large" if self.is_large else "normal")
        pairs = [("lang", "en")] if language == "en" else []
        pairs += [("size", "large")] if wanted == "large" else []
        query = "&".join(part for part in (more, urlencode(pairs)) if part)
        return f"?{query}" if query else ""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def draw(template: str, reader: Reader, *, path: str, more: str = "", **values: Any) -> str:
    """A page as HTML. `path` is its own address, `more` the part of its query that is not about
    reading; `w(key)` in a template is a sentence of the catalogue."""

    def w(key: str, **data: Any) -> str:
        return say(reader.language, key, **data)

    return (
        _environment()
        .get_template(template)
        .render(
            w=w,
            reader=reader,
            path=path,
            more=more,
            site=settings().site_url,
            # Ours, made of our own style sheet: the one text that is not escaped.
            style=Markup(looks.stylesheet()),  # noqa: S704
            **values,
        )
    )


def _packed(request: Request, body: bytes) -> tuple[bytes, dict[str, str]]:
    accepted = request.headers.get("accept-encoding", "")
    if len(body) < _WORTH_PACKING:
        return body, {}
    if "br" in accepted:
        return brotli.compress(body, quality=5), {"content-encoding": "br"}
    if "gzip" in accepted:
        return gzip.compress(body, 6, mtime=0), {"content-encoding": "gzip"}
    return body, {}


def answer(
    request: Request,
    text: str,
    *,
    status: int = 200,
    media_type: str = "text/html; charset=utf-8",
    is_kept: bool = True,
) -> Response:
    """An answer that may be kept for five minutes and asked for again by its tag, or not at all."""
    body = text.encode()
    headers = {
        "content-security-policy": _POLICY.format(style=looks.style_hash()),
        "cache-control": f"public, max-age={_KEPT_SECONDS}" if is_kept else "no-store",
        "vary": "accept-encoding",
    }
    if is_kept and status == 200:
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
        headers["etag"] = tag
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    packed, encoding = _packed(request, body)
    return Response(packed, status, headers | encoding, media_type)


def missing(request: Request, *, is_kept: bool = False) -> Response:
    """There is no such page; the ways on are."""
    reader = Reader.of(request)
    text = draw("missing.html", reader, path="/g/")
    return answer(request, text, status=404, is_kept=is_kept)


@cache
def qr(address: str) -> str:
    """An address as a QR code: one SVG element, dark on nothing."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address)
    drawn = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(drawn)
    text = drawn.getvalue().decode()
    return text[text.index("<svg") :]
