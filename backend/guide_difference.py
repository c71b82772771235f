"""What differs between two versions of a guide: field by field, word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal, cast

Body = dict[str, Any]
_ORDER = (
    "content", "legal_basis", "conditions", "materials", "procedure", "steps", "promised",
    "legal_limit", "fee_fen", "fee_note", "fee_rules", "result", "how_to_apply", "parts",
    "refusal_reasons", "check", "questions", "form_schema",
)  # fmt: skip
# A Chinese sign stands for itself; Latin words, numbers and blanks hold together.
_WORDS = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
_MOST_WORDS = 3000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both, only in the newer (added) or only in the older (removed)."""

    text: str
    kind: Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `item` is the item's name {zh, en} where the field is in a list."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    pieces: list[Piece] = field(default_factory=list[Piece])
    item: dict[str, str] = field(default_factory=dict[str, str])


def words(old: str, new: str) -> list[Piece]:
    """Two texts as one run of pieces."""
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    if len(one) + len(other) > _MOST_WORDS:
        pairs = [("removed", old), ("added", new)]
        return [Piece(text, cast("Any", kind)) for kind, text in pairs if text]
    found: list[Piece] = []
    for act, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(Piece("".join(one[a:b]), "same"))
            continue
        if b > a:
            found.append(Piece("".join(one[a:b]), "removed"))
        if d > c:
            found.append(Piece("".join(other[c:d]), "added"))
    return found


def differences(old: Body, new: Body) -> list[Change]:
    """Every field of two guides (seed's shape, or a draft as typed) that differs, in the order
    people read a guide."""
    names = [*_ORDER, *sorted((old.keys() | new.keys()) - set(_ORDER))]
    return [change for name in names for change in _between(old.get(name), new.get(name), name, {})]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _parsed(value: Any) -> Any:
    """Text that an editor typed for something that is no text (a schema, a condition)."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value


def _between(old: Any, new: Any, path: str, item: dict[str, str]) -> Iterator[Change]:
    old, new = _parsed(old), _parsed(new)
    if old == new or _text(old) == _text(new) or not (old or new or 0 in (old, new)):
        return
    kinds = {type(value) for value in (old, new) if value is not None}
    if kinds == {dict}:
        one, other = cast("Body", old or {}), cast("Body", new or {})
        for name in [*one, *(n for n in other if n not in one)]:
            yield from _between(one.get(name), other.get(name), f"{path}.{name}", item)
    elif kinds == {list} and _is_of_items(old or new):
        yield from _between_lists(old or [], new or [], path, item)
    else:
        kind = "added" if old in (None, "") else "removed" if new in (None, "") else "changed"
        yield Change(path, kind, words(_text(old), _text(new)), item)


def _is_of_items(value: Any) -> bool:
    return all(isinstance(each, dict) for each in value)


def _name(item: Body) -> dict[str, str]:
    """What an item is called: its name, title, question, label, or itself."""
    for key in ("name", "title", "question", "label", "note"):
        if isinstance(item.get(key), dict):
            return item[key]
    return item if isinstance(item.get("zh"), str) else {}


def _key(item: Body) -> str:
    code = item.get("code") or item.get("value")
    return str(code) if code is not None else _text(_name(item).get("zh", item))


def _between_lists(
    old: list[Body], new: list[Body], path: str, item: dict[str, str]
) -> Iterator[Change]:
    before, after = ([_key(each) for each in items] for items in (old, new))
    gone = [n for n, key in enumerate(before) if key not in after]
    come = [n for n, key in enumerate(after) if key not in before]
    # What stands at the same place under another name was most likely rewritten.
    rewritten = {n: n for n in come if n in gone}
    for number, each in enumerate(new):
        label = _name(each) or item
        if after[number] in before:
            yield from _between(old[before.index(after[number])], each, path, label)
        elif number in rewritten:
            yield from _between(old[number], each, path, label)
        else:
            yield Change(path, "added", words("", _whole(each)), label)
    for number in gone:
        if number not in rewritten:
            each = old[number]
            yield Change(path, "removed", words(_whole(each), ""), _name(each) or item)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Change(path, "moved", [], item)


def _whole(item: Body) -> str:
    """All words of an item, its own name first."""
    texts: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for each in cast("Body", value).values():
                gather(each)
        elif isinstance(value, list):
            for each in cast("list[Any]", value):
                gather(each)
        elif value not in (None, "", []):
            texts.append(_text(value))

    gather(_name(item))
    gather(
        {key: value for key, value in item.items() if value != _name(item)}
        if _name(item) != item
        else {}
    )
    return " · ".join(texts)
