"""The style of plain pages: the rules of the app's own style sheet that they use, and no others."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SHEET = Path(__file__).resolve().parents[2] / "assets" / "style.css"
_TEMPLATES = Path(__file__).resolve().parent / "templates"
# Words of State that end in a class.
_DYNAMIC = frozenset(("you", "they", "done", "late", "plain", "start", "work", "end", "is-on"))
# Drawn by the browser, or by the style of something larger.
_ALWAYS = frozenset(("html", "body"))
# Other looks of the page than those that an address can ask for.
_UNUSED = ("data-contrast", "data-pick", "aria-pressed", "aria-busy", "aria-invalid", "disabled")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what stands before the braces, and what stands between them."""

    head: str
    body: str


def _rules(css: str) -> Iterator[Rule]:
    """Rules at the top of a sheet, those within braces left as they are."""
    depth, start, opened = 0, 0, 0
    for place, sign in enumerate(css):
        if sign == "{":
            depth += 1
            if depth == 1:
                opened = place
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield Rule(css[start:opened].strip(), css[opened + 1 : place].strip())
                start = place + 1


def _selectors(head: str) -> list[str]:
    """The selectors of a list; commas within parentheses part nothing."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", head)]


def _is_used(selector: str, classes: frozenset[str], tags: frozenset[str]) -> bool:
    if any(name in selector for name in _UNUSED):
        return False
    bare = re.sub(r"\[[^\]]*\]", "", selector)
    bare = re.sub(r"::?[a-z-]+", " ", bare)
    if not set(re.findall(r"\.([\w-]+)", bare)) <= classes:
        return False
    without_classes = re.sub(r"[.#][\w-]+", " ", bare)
    return set(re.findall(r"[a-z][\w]*", without_classes)) <= tags


def used_part(css: str, classes: frozenset[str], tags: frozenset[str]) -> str:
    """The rules of a style sheet that can meet an element with one of these classes and tags."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    kept: list[str] = []
    for rule in _rules(css):
        if rule.head.startswith("@media"):
            inner = used_part(rule.body, classes, tags)
            if inner:
                kept.append(f"{rule.head}{{{inner}}}")
        elif rule.head.startswith("@page"):
            kept.append(f"{rule.head}{{{rule.body}}}")
        elif not rule.head.startswith("@"):
            selectors = [s for s in _selectors(rule.head) if _is_used(s, classes, tags)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{rule.body}}}")
    return "".join(kept)


@cache
def stylesheet() -> str:
    """The style of every plain page."""
    source = "".join(file.read_text("utf-8") for file in sorted(_TEMPLATES.glob("*.html")))
    written = re.findall(r'class="([^"]*)"', source)
    classes = frozenset(re.findall(r"[\w-]+", " ".join(written))) | _DYNAMIC
    tags = frozenset(re.findall(r"<([a-z][a-z0-9]*)", source)) | _ALWAYS
    return used_part(_SHEET.read_text("utf-8"), classes, tags)


@cache
def style_hash() -> str:
    """The expression that allows exactly this style."""
    digest = hashlib.sha256(stylesheet().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
