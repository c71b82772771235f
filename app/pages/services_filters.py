"""What the list of services can be narrowed to, as links: a choice is a part of the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app import views
from app.text import EN, ZH
from backend.services import Audience, Who

Chosen = dict[str, str]
"""What the address asks for: `q` and the filters by name, those that are empty left out."""

WORDS: dict[str, dict[str, str]] = {
    "event": {name: f"event.{name}" for name, _ in views.LIFE_EVENTS},
    "who": {who.value: f"who.{who}" for who in Who},
    "for": {audience.value: f"audience.{audience}" for audience in Audience},
    "near": {"1": "near.1"},
}
"""The values of each filter in the address, and what they are called."""


@dataclass(frozen=True)
class Chip:
    """One filter: its name in both languages, and the address that puts it on or takes it off."""

    zh: str
    en: str
    href: str
    is_on: bool


@dataclass(frozen=True)
class Chips:
    """All filters in their groups."""

    events: list[Chip]
    who: list[Chip]
    audience: list[Chip]
    near: list[Chip]
    departments: list[Chip]
    chosen: list[Chip]


def address(chosen: Chosen) -> str:
    """The list's address for a choice."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"/services/?{query}" if query else "/services/"


def _chip(chosen: Chosen, name: str, value: str, zh: str, en: str) -> Chip:
    is_on = chosen.get(name) == value
    return Chip(zh, en, address(chosen | {name: "" if is_on else value}), is_on)


def _word(chosen: Chosen, name: str, value: str) -> Chip:
    key = WORDS[name][value]
    return _chip(chosen, name, value, ZH[key], EN[key])


def chips(chosen: Chosen, departments: list[dict[str, Any]]) -> Chips:
    """Every filter for what is chosen now; `departments` as list_services() gives them."""
    events = [
        Chip(
            ZH["event.all"], EN["event.all"], address(chosen | {"event": ""}), "event" not in chosen
        )
    ]
    events += [_word(chosen, "event", value) for value in WORDS["event"]]
    who, audience, near = ([_word(chosen, n, v) for v in WORDS[n]] for n in ("who", "for", "near"))
    offices = [
        _chip(chosen, "dept", d["code"], d["name"]["zh"], d["name"]["en"]) for d in departments
    ]
    folded = [chip for chip in (*who, *audience, *near, *offices) if chip.is_on]
    return Chips(events, who, audience, near, offices, folded)
