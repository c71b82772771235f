"""What people type, as the form keeps it: one reading for every way to write a date, a sum, a
number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

# Numbers that are read out of whatever stands around their digits.
_NUMBERS = ("id_number", "bank_card", "phone")
# Control characters, invisible blanks, and characters that turn the direction of text; as SQL
# private.clean_text() has them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb]"
)
_BLANKS = " \t\n\u3000"
_DATES = (
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"),
)
_YUAN = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")


def has_hidden_characters(text: str, *, is_area: bool = False) -> bool:
    """Whether text holds what nobody sees: control characters, zero-width and direction marks.

    Several lines may hold line ends and tabs. The same rule stands in SQL, in form_problems().
    """
    return _HIDDEN.search(text) is not None or not (
        is_area or "\n" not in text and "\t" not in text
    )


def iso_date(text: str) -> str | None:
    """The day that somebody wrote (19400512, 1940-5-12, 1940年5月12日), as 1940-05-12, or None."""
    written = "".join(unicodedata.normalize("NFKC", text).split())
    for way in _DATES:
        found = way.fullmatch(written)
        if found:
            try:
                return date(*map(int, found.groups())).isoformat()
            except ValueError:
                return None
    return None


def fen_of(text: str) -> int | None:
    """Yuan as people write them (1,234.5 · ￥1234.50 · 1234 元), in fen, or None."""
    written = unicodedata.normalize("NFKC", text)
    found = _YUAN.fullmatch(re.sub(r"[\s,¥元]", "", written))
    return None if found is None else int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def yuan_of(fen: int) -> str:
    """Fen as yuan with two decimals and thousands apart: 123450 is 1,234.50."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def card_groups(number: str) -> str:
    """A card's digits in fours, as they stand on it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def is_keepable(value: Any, most: int = 4000) -> bool:
    """Whether no text within a value is longer than a draft takes (SQL save_draft())."""
    if isinstance(value, dict):
        return all(is_keepable(one, most) for one in value.values())
    if isinstance(value, list):
        return all(is_keepable(one, most) for one in value)
    return not isinstance(value, str) or len(value) <= most


def is_luhn(number: str) -> bool:
    """Whether the last digit of a card's number is its check digit (ISO/IEC 7812-1)."""
    digits = [int(c) for c in reversed(number)]
    doubled = [d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits)]
    return sum(doubled) % 10 == 0


def tidied(kind: str, value: Any) -> Any:
    """What the form keeps of what was typed into a field of this kind; None for nothing.

    What cannot be read stays as it was written, so that it can be shown and judged.
    """
    if not isinstance(value, str):
        return value
    text = re.sub(r"\r\n?", "\n", value)
    if kind != "textarea":
        text = re.sub(r"[\t\n]", " ", text)
    # Pasted text carries marks that its writer does not know of.
    text = _HIDDEN.sub("", text).strip(_BLANKS)
    if kind in _NUMBERS:
        text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    elif kind == "date":
        text = iso_date(text) or text
    elif kind == "money" and text:
        fen = fen_of(text)
        return text if fen is None else fen
    return text or None
