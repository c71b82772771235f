"""The service worker: written after the build, because only then the names of files are known."""

import hashlib
import json
from pathlib import Path

_NOT_CACHED_SUFFIXES = (".gz", ".br", ".zst", ".map")
# `style.css` is bundled under a hashed name; the copy in assets is never asked for. `share.png` is
# for previews in chats.
_NOT_CACHED_NAMES = ("sw.js", "404.html", "robots.txt", "style.css", "share.png")
# Pages that make no sense without network, and files only their importers' bundles need.
_NOT_CACHED_FOLDERS = ("/dev/", "/external/")


def write_service_worker(static_dir: Path, template: str) -> list[str]:
    """Write `sw.js` beside the pages, and return the addresses it keeps."""
    addresses: list[str] = []
    digest = hashlib.sha256(template.encode())
    for file in sorted(static_dir.rglob("*")):
        address = _address(file, static_dir)
        if address is None:
            continue
        addresses.append(address)
        digest.update(address.encode())
        digest.update(file.read_bytes())
    script = template.replace("__VERSION__", digest.hexdigest()[:16]).replace(
        "__PRECACHE__", json.dumps(addresses)
    )
    (static_dir / "sw.js").write_text(script, "utf-8")
    return addresses


def _address(file: Path, static_dir: Path) -> str | None:
    """How a browser asks for the file, or None when it is not to be kept.

    Pages keep their trailing slash: the address without it answers with a redirect, and a
    redirected answer cannot serve a navigation.
    """
    if not file.is_file() or file.suffix in _NOT_CACHED_SUFFIXES or file.name in _NOT_CACHED_NAMES:
        return None
    address = "/" + file.relative_to(static_dir).as_posix()
    if address.startswith(_NOT_CACHED_FOLDERS):
        return None
    return address.removesuffix("index.html") if address.endswith("/index.html") else address
