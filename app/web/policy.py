"""What a browser may do with our answers: Content-Security-Policy, other headers, caching.

Prerendered pages carry small inline scripts of the router. They are allowed by their hashes,
each page its own, read from a file that the build writes; everything else inline is refused.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.site import Site

HASHES_FILE = "script_hashes.json"
# Answers that no page was built for: unknown addresses are shown by the empty shell.
SHELL_PAGE = "/__spa-fallback.html"
_YEAR = 31_536_000

_FIXED_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


class _InlineParts(HTMLParser):
    """Collects inline scripts, and what a strict style policy would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self.styled: list[str] = []
        self._is_inline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "script" and "src" not in attributes:
            self._is_inline = True
            self.scripts.append("")
        if tag == "style" or "style" in attributes:
            self.styled.append(self.get_starttag_text() or tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "style" in dict(attrs):
            self.styled.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inline = False

    def handle_data(self, data: str) -> None:
        if self._is_inline:
            self.scripts[-1] += data


def script_hash(script: str) -> str:
    """The expression that allows exactly this script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def write_script_hashes(static_dir: Path) -> dict[str, list[str]]:
    """Write the hashes of every page's inline scripts beside the build, and return them.

    Raises ValueError naming the page when one carries an inline style, which the policy refuses.
    """
    hashes: dict[str, list[str]] = {}
    for file in sorted(static_dir.rglob("*.html")):
        parts = _InlineParts()
        parts.feed(file.read_text("utf-8"))
        parts.close()
        address = "/" + file.relative_to(static_dir).as_posix().removesuffix("index.html")
        if parts.styled:
            message = f"{address} carries an inline style, use a class: {parts.styled[0]}"
            raise ValueError(message)
        hashes[address] = list(dict.fromkeys(script_hash(script) for script in parts.scripts))
    (static_dir.parent / HASHES_FILE).write_text(json.dumps(hashes, indent=1), "utf-8")
    return hashes


def read_script_hashes(static_dir: Path) -> dict[str, list[str]]:
    """What the build wrote; empty before the first build."""
    file = static_dir.parent / HASHES_FILE
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def content_policy(site: Site, script_hashes: Sequence[str]) -> str:
    """The Content-Security-Policy of one page."""
    connect = ["'self'", *site.socket_origins]
    images = ["'self'", "blob:", "data:"]
    if site.supabase_origin is not None:
        connect.append(site.supabase_origin)
        images.append(site.supabase_origin)
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *script_hashes],
        "style-src": ["'self'"],
        "img-src": images,
        "media-src": images,
        "font-src": ["'self'"],
        "connect-src": connect,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def cache_rule(path: str, status: int) -> str:
    """How long an answer may be kept: hashed files for ever, data not at all."""
    if path.startswith("/api/"):
        return "no-store"
    if path.startswith("/assets/") and status in (200, 206, 304):
        return f"public, max-age={_YEAR}, immutable"
    return "no-cache"


def guard_answers(
    app: ASGIApp, *, site: Site, script_hashes: Mapping[str, Sequence[str]]
) -> ASGIApp:
    """Put the headers on every HTTP answer; an endpoint that set one itself keeps its own."""
    policies = {path: content_policy(site, hashes) for path, hashes in script_hashes.items()}
    shell_policy = policies.get(SHELL_PAGE, content_policy(site, ()))

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _FIXED_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", policies.get(path, shell_policy))
                headers.setdefault("cache-control", cache_rule(path, message["status"]))
                if site.is_https:
                    headers.setdefault("strict-transport-security", f"max-age={_YEAR}")
            await send(message)

        await app(scope, receive, send_with_headers)

    return guarded
