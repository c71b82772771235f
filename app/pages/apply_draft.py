"""What the page of an application knows of its draft, and how it is looked over before sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app import form_answers
from app.material_cards import MaterialCard, PhotoView
from app.text import Language, local, say
from app.text.errors import of_code
from backend import forms
from components.types import FieldError


@dataclass(frozen=True)
class Offer:
    """A text that another phone's newer one replaced: it can be taken back."""

    name: str
    label: str
    text: str


@dataclass
class Draft:
    """What the server last said of this draft; never sent to the browser as a whole."""

    schema: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    materials: list[dict[str, Any]] = field(default_factory=list)
    origins: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    offered: dict[str, Any] = field(default_factory=dict)
    gone: tuple[str, int, dict[str, Any]] | None = None
    divisions: list[dict[str, Any]] = field(default_factory=list)


def offers_of(reads: Language, draft: Draft, texts: dict[str, Any]) -> list[Offer]:
    """What another phone's newer save replaced, as text to read; a tick is not worth offering."""
    names = form_answers.division_names(reads, draft.divisions)
    rules = draft.schema["properties"]
    return [
        Offer(
            name,
            form_answers.label_of(reads, draft.schema, name),
            form_answers.said(reads, rules[name], value, names),
        )
        for name, value in texts.items()
        if name in rules and value not in ([], {}) and not isinstance(value, bool)
    ]


def items_of(draft: Draft, name: str) -> list[dict[str, Any]] | None:
    """What stands in a group; None when there is no group of this name."""
    is_group = forms.kind_of(draft.schema["properties"].get(name, {})) == "group"
    return list(draft.form.get(name) or []) if is_group else None


def has_room(draft: Draft, name: str) -> bool:
    """Whether one more may be added to a group."""
    most = draft.schema["properties"][name].get("maxItems", forms.MOST_ITEMS)
    return len(items_of(draft, name) or []) < most


@dataclass(frozen=True)
class ReviewRow:
    """One answer as it will be sent, with what looks odd about it."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class ReviewBlock:
    """What belongs together, and where to change it."""

    title: str
    target: str
    rows: list[ReviewRow] = field(default_factory=list)
    photos: list[PhotoView] = field(default_factory=list)


def review_of(reads: Language, draft: Draft, cards: list[MaterialCard]) -> list[ReviewBlock]:
    """Everything as it will be sent, block by block; `cards` are all papers of this case."""
    schema, form = draft.schema, forms.asked(draft.schema, draft.form)
    places = form_answers.division_names(reads, draft.divisions)
    doubts = forms.warnings(schema, form)
    by_code = {card.code: card for card in cards}
    is_asked = set(forms.asked_names(schema, form))
    blocks: list[ReviewBlock] = []
    for section in schema["x-sections"]:
        names = [name for name in section["fields"] if name in is_asked]
        rows = form_answers.answers(reads, {**schema, "x-sections": [section]}, form, places)
        codes = [schema["properties"][name].get("x-material", "") for name in names]
        photos = [p for code in codes if code in by_code for p in by_code.pop(code).photos]
        if names and (rows or photos):
            blocks.append(
                ReviewBlock(
                    local(reads, section["title"]),
                    f"{names[0]}-place",
                    [
                        ReviewRow(row.label, row.value, _said(reads, doubts.get(row.name, "")))
                        for row in rows
                    ],
                    photos,
                )
            )
    papers = [card for card in by_code.values() if card.is_done and card.is_upload]
    return blocks + [
        ReviewBlock(card.title, "papers", [ReviewRow(card.title, card.state_text, "")], card.photos)
        for card in papers
    ]


def _said(reads: Language, code: str) -> str:
    return of_code(reads, code) if code else ""


def missing_papers(cards: list[MaterialCard]) -> list[str]:
    """Codes of papers that must be there and are not."""
    return [card.code for card in cards if card.is_required and not card.is_done]


def errors_of(
    reads: Language,
    schema: dict[str, Any],
    problems: dict[str, str],
    cards: list[MaterialCard],
    missing: list[str],
) -> list[FieldError]:
    """One line for each thing to mend: fields by their path, then papers."""
    return [
        FieldError(path, f"{form_answers.label_of(reads, schema, path)}：{of_code(reads, code)}")
        for path, code in problems.items()
        if path.partition(".")[0] in schema["properties"]
    ] + [
        FieldError(f"material-{card.code}", say(reads, "apply.missing", name=card.title))
        for card in cards
        if card.code in missing
    ]
