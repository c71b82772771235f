"""Every sentence a person reads, by key, in Chinese and in English.

`t()` puts a sentence into a page in both languages (the style sheet shows one); `say()` gives it
to State in the one language of the person who asks.
"""

from string import Formatter
from typing import Any, Literal

import reflex as rx

from app.text.en import TEXT as EN
from app.text.zh import TEXT as ZH

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_TEXTS: dict[Language, dict[str, str]] = {"zh": ZH, "en": EN}


def say(language: Language, key: str, **values: Any) -> str:
    """The sentence in one language; raises KeyError for a key or value that is not there."""
    return _TEXTS[language][key].format(**values)


def local(language: Language, text: dict[str, str] | None) -> str:
    """A bilingual text of the database in one language; "" for none."""
    return (text or {}).get(language, "")


def _parts(template: str, values: dict[str, Any]) -> list[Any]:
    parts: list[Any] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            parts.append(literal)
        if name is not None:
            parts.append(values[name])
    return parts


def t(key: str, **values: Any) -> rx.Component:
    """The sentence in both languages at once; values may be Vars of a State or components."""
    return rx.fragment(
        rx.el.span(*_parts(ZH[key], values), class_name="zh", lang="zh-CN"),
        rx.el.span(*_parts(EN[key], values), class_name="en", lang="en"),
    )
