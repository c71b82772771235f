"""Guides as their writers see them: rows of lists, the parts of the editor, what differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.text import EN, Language, dates, local, say
from app.text.errors import of_code
from backend import guide_difference, guide_fields
from backend.guide_fields import Field, Finding, Items, joined
from components.types import FieldError, Option

_MOST_CHANGES = 200


@dataclass(frozen=True)
class GuideRow:
    """One guide in the list; `tone` is the tag's."""

    code: str
    title: str
    note: str
    tag: str
    tone: str
    link: str


@dataclass(frozen=True)
class LawRow:
    """One change of a law and how many guides are still to do."""

    id: str
    title: str
    note: str
    text: str


@dataclass(frozen=True)
class Words:
    """Some words of a difference: same, added or removed."""

    text: str
    kind: str


@dataclass(frozen=True)
class ChangeRow:
    """One field that differs."""

    label: str
    kind: str
    words: list[Words] = field(default_factory=list[Words])


@dataclass(frozen=True)
class Input:
    """One input of the editor; `id` is its path and its name."""

    id: str
    kind: str
    label: str
    value: str
    error: str
    options: list[Option] = field(default_factory=list[Option])


@dataclass(frozen=True)
class Row:
    """One line of a part of the editor: a pair of inputs or one, the head of an item with its
    buttons, or the button that adds one."""

    key: str
    kind: str
    inputs: list[Input] = field(default_factory=list[Input])
    title: str = ""
    path: str = ""
    number: int = 0
    level: int = 1
    error: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the editor."""

    code: str
    title: str
    rows: list[Row] = field(default_factory=list[Row])


def guide_row(reads: Language, row: dict[str, Any]) -> GuideRow:
    """A guide of the desk's list in the reader's language."""
    tag, tone = _state(reads, row)
    return GuideRow(
        code=row["code"],
        title=local(reads, row["name"]),
        note=say(
            reads,
            "guides.row",
            department=local(reads, row["department"]),
            version=row["version"],
            day=dates.day(reads, row["published_at"]),
        ),
        tag=tag,
        tone=tone,
        link=f"/guide-record/?code={row['code']}",
    )


def _state(reads: Language, row: dict[str, Any]) -> tuple[str, str]:
    if row["ending"]:
        return say(reads, "guides.state.ending"), "you"
    if row["draft"]:
        status = row["draft"]["status"]
        tone = {"proposed": "you", "rejected": "late"}.get(status, "they")
        return draft_state(reads, row["draft"]), tone
    if row["status"] == "withdrawn":
        return say(reads, "guides.state.withdrawn"), "plain"
    if row["flags"]:
        return say(reads, "guides.state.flags", count=row["flags"]), "late"
    if row["is_due"]:
        return say(reads, "guides.state.due"), "you"
    return say(reads, "guides.state.ok", day=dates.day(reads, row["checked_at"])), "done"


def draft_state(reads: Language, draft: dict[str, Any]) -> str:
    """Where a draft stands, in words."""
    if draft["status"] == "scheduled":
        return say(reads, "guides.state.scheduled", day=day(reads, draft["effective_on"]))
    return say(reads, f"guides.state.{draft['status']}")


def day(reads: Language, text: str | None) -> str:
    """A date without a time as people say it."""
    return dates.day(reads, f"{text}T12:00:00+08:00") if text else ""


def law_row(reads: Language, law: dict[str, Any]) -> LawRow:
    """A change of a law in the reader's language."""
    return LawRow(
        id=law["id"],
        title=law["law"],
        note=say(
            reads,
            "guides.law.row",
            day=day(reads, law["changed_on"]),
            article=law["article"] or say(reads, "guides.law.whole"),
            open=law["open"],
            flagged=law["flagged"],
        ),
        text=law["note"],
    )


def problem(reads: Language, found: Finding) -> str:
    """What is wrong at a place, in words."""
    key = f"problem.{found.code}"
    if key in EN:
        return say(reads, key, detail=found.detail)
    return of_code(reads, found.code, found.detail)


def label_of(reads: Language, path: str, body: dict[str, Any] | None = None) -> str:
    """What the field at a path is called, with its item where it is in a list."""
    parts = path.split(".")
    words = [part for part in parts if not part.isdigit() and part not in ("zh", "en")]
    keys = [".".join(words[-2:]), words[-1]] if words else []
    label = next((say(reads, f"part.{key}") for key in keys if f"part.{key}" in EN), path)
    numbers = [int(part) + 1 for part in parts if part.isdigit()]
    if words and words[0] != words[-1] and numbers:
        outer = f"part.{words[0]}"
        of = say(reads, outer) if outer in EN else words[0]
        label = say(reads, "edit.of", label=label, item=f"{of} {numbers[0]}")
    elif numbers:
        label = say(reads, "edit.of", label=label, item=str(numbers[0]))
    if parts[-1] in ("zh", "en"):
        label = say(reads, "edit.zh" if parts[-1] == "zh" else "edit.en", label=label)
    return label


def field_errors(reads: Language, findings: list[Finding], *, is_warning: bool) -> list[FieldError]:
    """The findings as a summary that leads to the fields."""
    return [
        FieldError(
            _place(found.path),
            f"{label_of(reads, found.path)} – {problem(reads, found)}",
        )
        for found in findings
        if found.is_warning is is_warning
    ]


def _place(path: str) -> str:
    """The id to go to: an input's own, or that of the button that adds to a list."""
    try:
        guide_fields.items_at(path)
    except KeyError:
        return path
    return f"add-{path}"


def parts(
    reads: Language,
    body: dict[str, Any],
    departments: list[dict[str, Any]],
    findings: list[Finding],
) -> list[Part]:
    """The whole editor: a draft's text in every input, what is wrong at its place."""
    errors: dict[str, str] = {}
    for found in findings:
        if not found.is_warning:
            words = problem(reads, found)
            errors[found.path] = f"{errors[found.path]} {words}" if found.path in errors else words
    known = [Option(d["code"], local(reads, d["name"])) for d in departments]
    make = _Maker(reads, body, known, errors)
    return [
        Part(
            section.code,
            say(reads, f"section.{section.code}"),
            [
                *(make.row(spec, "") for spec in section.fields),
                *(make.rows(section.items, section.items.path, 1) if section.items else []),
            ],
        )
        for section in guide_fields.SECTIONS
    ]


@dataclass(frozen=True)
class _Maker:
    reads: Language
    body: dict[str, Any]
    departments: list[Option]
    errors: dict[str, str]

    def row(self, spec: Field, base: str, level: int = 1) -> Row:
        path = joined(base, spec.path)
        name = spec.path or base.split(".")[-2]
        label = say(self.reads, f"part.{name}")
        if spec.kind in ("both", "both_long"):
            inputs = [
                self._input(f"{path}.zh", spec, say(self.reads, "edit.zh", label=label)),
                self._input(f"{path}.en", spec, say(self.reads, "edit.en", label=label)),
            ]
        else:
            inputs = [self._input(path, spec, label)]
        return Row(path, "fields", inputs, level=level)

    def _input(self, path: str, spec: Field, label: str) -> Input:
        kinds = {"both": "text", "both_long": "long", "whole": "text", "yuan": "text"}
        kind = kinds.get(spec.kind, spec.kind)
        if spec.kind == "json" and spec.path == "value":
            kind = "text"
        options: list[Option] = []
        if spec.kind == "choice":
            kind = "choice"
            options = [
                Option(value, say(self.reads, f"value.{value}")) for value in spec.choices
            ] or self.departments
        elif spec.kind == "yes_no":
            kind = "choice"
            options = [Option(value, say(self.reads, f"value.{value}")) for value in ("yes", "no")]
        value = guide_fields.shown(spec, guide_fields.at(self.body, path))
        return Input(path, kind, label, value, self.errors.get(path, ""), options)

    def rows(self, items: Items, path: str, level: int) -> list[Row]:
        found: list[Row] = []
        count = len(guide_fields.at(self.body, path) or ())
        name = say(self.reads, f"part.{items.path}")
        for number in range(count):
            base = joined(path, number)
            title = f"{name} {number + 1}"
            found.append(Row(f"{base}:item", "item", [], title, path, number, level))
            found += [self.row(spec, base, level) for spec in items.fields]
            if items.inner:
                found += self.rows(items.inner, joined(base, items.inner.path), level + 1)
        error = self.errors.get(path, "")
        return [*found, Row(f"{path}:add", "add", [], name, path, count, level, error)]


def change_rows(
    reads: Language, old: dict[str, Any], new: dict[str, Any]
) -> tuple[list[ChangeRow], int]:
    """What differs, in words, and how many differences are not listed."""
    found = guide_difference.differences(old, new)
    rows = [
        ChangeRow(
            label=_change_label(reads, change),
            kind=say(reads, f"guide.diff.{change.kind}"),
            words=[Words(piece.text, piece.kind) for piece in change.pieces],
        )
        for change in found[:_MOST_CHANGES]
    ]
    return rows, max(0, len(found) - _MOST_CHANGES)


def _change_label(reads: Language, change: guide_difference.Change) -> str:
    if change.path.startswith("form_schema."):
        return f"{say(reads, 'part.form_schema')} · {change.path.removeprefix('form_schema.')}"
    label = label_of(reads, change.path)
    item = local(reads, change.item)
    return say(reads, "edit.of", label=label, item=item) if item else label
