"""How Chinese sounds: pinyin of what can be found and of what people type, so that sound, initials
and slips of the finger lead to the same place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from pypinyin import Style, lazy_pinyin

MAX_TYPED = 80
_CHINESE = r"[\u3400-\u9fff]"
_PHRASE = re.compile(rf"{_CHINESE}+")
_PIECE = re.compile(rf"{_CHINESE}+|[a-z0-9]+")
# What people say around the thing that they look for: "how do I …", "where is …".
_AROUND = re.compile(
    "请问|我想要?|我要|怎么办理?|怎么|怎样|如何|在哪里?|哪里|需要什么|要什么|什么|多少|办理|一下|[吗呢啊吧的了]"
)


def cleaned(text: str) -> str:
    """What was typed, fit to search with: one line of at most MAX_TYPED signs, without controls,
    in the usual width."""
    usual = unicodedata.normalize("NFKC", text[: MAX_TYPED * 4])
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in usual)
    return " ".join(kept.split())[:MAX_TYPED].strip()


def heart(text: str) -> str:
    """The words that matter in a cleaned question; the text itself when none are left."""
    left = " ".join(_AROUND.sub(" ", text).strip(" ?!,.。、？！，").split())
    return left or text


def sound(text: str) -> str:
    """A text as it sounds, its Chinese in pinyin without tones: "医保 card" is "yibao card"."""
    pieces = _PIECE.findall(text.lower())
    return " ".join(
        "".join(lazy_pinyin(piece)) if _PHRASE.match(piece) else piece for piece in pieces
    )


def sounds(texts: Iterable[str]) -> str:
    """Every Chinese phrase of the texts as one word of pinyin, and after them all the initials:
    phrases that follow each other stay neighbours, as people run them together."""
    phrases = [phrase for text in texts for phrase in _PHRASE.findall(text)]
    whole = ["".join(lazy_pinyin(phrase)) for phrase in phrases]
    initials = [
        "".join(lazy_pinyin(phrase, style=Style.FIRST_LETTER))
        for phrase in phrases
        if len(phrase) > 1
    ]
    return " ".join(dict.fromkeys([*whole, *initials]))


def service_with_sounds(service: dict[str, Any], department: dict[str, Any]) -> dict[str, Any]:
    """A service as import_service() takes it, spelled out for the search."""
    phrases = [
        service["name"]["zh"],
        service["short_name"]["zh"],
        *service["keywords"]["zh"],
        department["name"]["zh"],
        department["short_name"]["zh"],
    ]
    return service | {"sounds": sounds(phrases)}


def question_with_sounds(question: dict[str, Any]) -> dict[str, Any]:
    """A frequent question as import_question() takes it, spelled out for the search."""
    phrases = [question["question"]["zh"], *question["keywords"]["zh"]]
    return question | {"sounds": sounds(phrases)}
