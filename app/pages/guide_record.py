"""One guide's record: its versions and what differs between them, the full checks, changes of law,
and the end of a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import reflex as rx

from app import guide_desk_views as views
from app.desk_frame import DeskPerson, desk_frame
from app.frame import nothing_there, when_ready_for
from app.guide_desk_parts import differences
from app.guide_desk_views import ChangeRow
from app.layout import page
from app.text import Language, dates, local, say, t
from app.text.errors import sentence
from app.visitor import answering, asked, signed_in_db
from backend import guides
from backend.errors import Invalid
from components import content, feedback, forms, shell
from components.button import button, link_button
from components.dialog import confirm_dialog
from components.types import Option

_DRAFT = "draft"


@dataclass(frozen=True)
class Entry:
    """A line of the record: what, when and by whom, in which tone."""

    title: str
    note: str
    text: str
    tone: str


def _version_note(reads: Language, version: dict[str, Any]) -> str:
    note = say(
        reads,
        "guide.record.version_note",
        day=dates.day(reads, version["published_at"]),
        status=say(reads, f"guide.status.{version['status']}"),
    )
    by = local(reads, version["by"])
    return f"{note} · {say(reads, 'guide.record.by', who=by)}" if by else note


class GuideRecord(DeskPerson):
    """The record of the guide that the address names."""

    is_ready: bool = False
    code: str = ""
    is_found: bool = False
    title: str = ""
    note: str = ""
    state: str = ""
    tone: str = "plain"
    withdrawn: str = ""
    has_draft: bool = False
    is_offered: bool = False
    versions: list[Entry] = []
    reviews: list[Entry] = []
    laws: list[Entry] = []
    changes: list[ChangeRow] = []
    more_changes: int = 0
    choices: list[Option] = []
    new_choices: list[Option] = []
    old: str = ""
    new: str = ""
    said: str = ""
    notes_error: str = ""
    ticks_error: str = ""
    reason_error: str = ""
    round: int = 0
    _version: int = 0
    _reason: dict[str, str] = {}

    @rx.event
    @answering
    async def load(self):
        """Show the guide and the comparison that the address names."""
        wanted = asked(self, "code")
        if wanted != self.code:
            self.said, self.notes_error, self.ticks_error = "", "", ""
        self.code, self.is_found = wanted, False
        await self._read(asked(self, "old"), asked(self, "new"))

    async def _read(self, old: str = "", new: str = "") -> None:
        who, reads = await signed_in_db(self), self.reads
        reading = guides.record(
            who.db,
            self.code,
            old=int(old) if old.isdigit() else None,
            new=int(new) if new.isdigit() else None,
        )
        found = await self._opened(who.db, reading)
        row = views.guide_row(reads, found)
        self.title, self.note, self.state, self.tone = row.title, row.note, row.tag, row.tone
        self.is_found, self.has_draft = True, bool(found["draft"])
        self.is_offered, self._version = found["status"] == "published", found["version"]
        reason = local(reads, (found["withdrawal"] or {}).get("reason"))
        self.withdrawn = say(reads, "guide.withdrawn_because", reason=reason) if reason else ""
        self.versions = [
            Entry(
                say(reads, "guide.record.version", version=v["version"]),
                _version_note(reads, v),
                "",
                "plain",
            )
            for v in found["versions"]
        ]
        self._show_history(found)
        self.choices = [
            Option(str(v["version"]), say(reads, "guide.record.version", version=v["version"]))
            for v in found["versions"]
        ]
        self.new_choices = self.choices
        if self.has_draft:
            draft = Option(_DRAFT, say(reads, "guide.record.draft"))
            self.new_choices = [draft, *self.choices]
        self.old = str(found["old"]["version"])
        self.new = str(found["new"]["version"] or _DRAFT)
        self.changes, self.more_changes = views.change_rows(
            reads, found["old"]["body"] or {}, found["new"]["body"] or {}
        )

    def _show_history(self, found: dict[str, Any]) -> None:
        reads = self.reads
        self.reviews = [
            Entry(
                say(reads, f"guide.check.result.{r['result']}"),
                say(
                    reads,
                    "guide.check.row",
                    day=dates.day(reads, r["at"]),
                    who=local(reads, r["by"]),
                    version=r["version"],
                ),
                r["notes"],
                "done" if r["result"] == "ok" else "late",
            )
            for r in found["reviews"]
        ]
        self.laws = [
            Entry(
                " ".join(part for part in (law["law"], law["article"]) if part),
                f"{views.day(reads, law['changed_on'])} · "
                + say(
                    reads,
                    f"guide.laws.done.{law['done_how']}" if law["done_how"] else "guide.laws.open",
                ),
                law["note"],
                "done" if law["done_how"] else "late",
            )
            for law in found["laws"]
        ]

    @rx.event
    @answering
    async def choose_old(self, version: str):
        """Compare with another older version."""
        await self._read(version, self.new)

    @rx.event
    @answering
    async def choose_new(self, version: str):
        """Compare another newer version."""
        await self._read(self.old, version)

    @rx.event
    @answering
    async def edit(self):
        """Open the next version, begun if there is none."""
        who = await signed_in_db(self)
        return rx.redirect(f"/guide-edit/?id={await guides.open_draft(who.db, self.code)}")

    @rx.event
    @answering
    async def review(self, form: dict[str, Any]):
        """Record the full check as it is ticked; `result` is the button that was pressed."""
        who = await signed_in_db(self)
        self.notes_error = self.ticks_error = ""
        ticks = {
            item: {place: form.get(f"{item}-{place}") is not None for place in guides.PLACES}
            for item in guides.ITEMS
        }
        notes = str(form.get("review-notes", ""))
        is_whole = all(all(places.values()) for places in ticks.values())
        result = "to_fix" if notes.strip() else "ok"
        try:
            draft_id = await guides.review(
                who.db, self.code, version=self._version, result=result, notes=notes, ticks=ticks
            )
        except Invalid as error:
            if error.detail == "ticks" or (result == "ok" and not is_whole):
                self.ticks_error = sentence(self.reads, error)
            else:
                self.notes_error = sentence(self.reads, error)
            return None
        if draft_id:
            return rx.redirect(f"/guide-edit/?id={draft_id}")
        self.round += 1
        await self._read()
        self.said = say(self.reads, "guide.check.saved")
        return None

    @rx.event
    def keep_reason(self, language: str, text: str):
        """Keep why the service ends, as typed."""
        self._reason = {**self._reason, language: text}

    @rx.event
    @answering
    async def withdraw(self):
        """No longer offer the service."""
        who = await signed_in_db(self)
        self.reason_error = ""
        try:
            await guides.withdraw(who.db, self.code, reason=self._reason)
        except Invalid as error:
            self.reason_error = sentence(self.reads, error)
            return
        self._reason = {}
        await self._read()
        self.said = say(self.reads, "guide.withdrawn_said")


def _entry(entry: rx.Var[Entry]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(entry.title, class_name="strong grow"),
            rx.el.span(entry.note, class_name="note num"),
            class_name="row",
        ),
        rx.cond(entry.text != "", rx.el.p(entry.text)),
        class_name="list-row",
    )


def _entries(entries: Any, nothing: rx.Component) -> rx.Component:
    rows = cast("rx.Var[list[Entry]]", entries)
    return rx.cond(
        rows.length() > 0, rx.el.ul(rx.foreach(rows, _entry), class_name="card rows"), nothing
    )


def _check() -> rx.Component:
    ticks = [
        rx.el.fieldset(
            rx.el.legend(t(f"section.{item}")),
            rx.el.div(
                *[
                    forms.check_box(f"{item}-{place}", t(f"guide.check.place.{place}"))
                    for place in guides.PLACES
                ],
                class_name="tick-row",
            ),
            class_name="field",
        )
        for item in guides.ITEMS
    ]
    form = rx.el.form(
        rx.el.p(t("guide.check.note"), class_name="note"),
        *ticks,
        rx.el.div(
            rx.cond(
                GuideRecord.ticks_error != "",
                feedback.notice(GuideRecord.ticks_error, tone="seal", icon_name="alert"),
            ),
            role="alert",
        ),
        forms.text_area(
            "review-notes",
            t("guide.check.notes"),
            error=GuideRecord.notes_error,
            max_length=2000,
            optional_text=t("optional"),
        ),
        button(t("guide.check.ok"), type="submit"),
        on_submit=GuideRecord.review,
        key=GuideRecord.round,
        class_name="stack",
    )
    return rx.el.details(rx.el.summary(t("guide.check.title")), form, class_name="card")


def _withdraw() -> rx.Component:
    body = content.stack(
        *[
            forms.text_area(
                f"reason-{language}",
                t(f"guide.withdraw_reason_{language}"),
                rows=2,
                max_length=500,
                error=GuideRecord.reason_error,
                on_blur=lambda text, language=language: GuideRecord.keep_reason(language, text),
            )
            for language in ("zh", "en")
        ]
    )
    return confirm_dialog(
        t("guide.withdraw"),
        id="withdraw",
        title=t("guide.withdraw_title"),
        text=t("guide.withdraw_text"),
        confirm_label=t("guide.withdraw"),
        cancel_label=t("cancel"),
        on_confirm=GuideRecord.withdraw,
        kind="stop",
        trigger_kind="plain",
        body=body,
        keeps_open=True,
    )


def _compare() -> rx.Component:
    changes = cast("rx.Var[list[ChangeRow]]", GuideRecord.changes)
    return content.section(
        t("guide.record.difference"),
        rx.el.div(
            forms.select_input(
                "old",
                t("guide.record.old"),
                GuideRecord.choices,
                value=GuideRecord.old,
                on_change=GuideRecord.choose_old,
                key=f"old {GuideRecord.old}",
            ),
            forms.select_input(
                "new",
                t("guide.record.new"),
                GuideRecord.new_choices,
                value=GuideRecord.new,
                on_change=GuideRecord.choose_new,
                key=f"new {GuideRecord.new}",
            ),
            class_name="pair",
        ),
        differences(changes, cast("rx.Var[int]", GuideRecord.more_changes)),
    )


def _record() -> rx.Component:
    words = rx.cond(GuideRecord.has_draft, t("guide.record.go_on"), t("guide.record.edit"))
    return rx.el.div(
        shell.desk_head(
            cast("rx.Var[str]", GuideRecord.title),
            cast("rx.Var[str]", GuideRecord.note),
            content.tag(GuideRecord.state, GuideRecord.tone),
            button(words, on_click=GuideRecord.edit),
        ),
        rx.el.div(
            rx.cond(GuideRecord.said != "", feedback.notice(GuideRecord.said, icon_name="check")),
            role="status",
        ),
        rx.cond(GuideRecord.withdrawn != "", feedback.notice(GuideRecord.withdrawn, tone="amber")),
        content.section(t("guide.record.versions"), _entries(GuideRecord.versions, rx.fragment())),
        _compare(),
        content.section(
            t("guide.check.history"),
            _entries(GuideRecord.reviews, rx.el.p(t("guide.check.none"), class_name="note")),
            rx.cond(GuideRecord.is_offered, _check()),
        ),
        rx.cond(
            cast("rx.Var[list[Entry]]", GuideRecord.laws).length() > 0,
            content.section(t("guide.laws"), _entries(GuideRecord.laws, rx.fragment())),
        ),
        rx.cond(GuideRecord.is_offered, _withdraw()),
        link_button(t("guides.back"), to="/guides/", kind="plain"),
        class_name="stack",
    )


@page("/guide-record/", "title.guide_record", "desk", on_load=GuideRecord.load)
def guide_record() -> rx.Component:
    """One guide."""
    back = link_button(t("guides.back"), to="/guides/")
    missing = nothing_there("file", t("error.guide_not_yours"), back)
    return desk_frame(
        when_ready_for(
            "code",
            cast("rx.Var[str]", GuideRecord.code),
            cast("rx.Var[bool]", GuideRecord.is_ready),
            rx.cond(GuideRecord.is_found, _record(), missing),
        ),
        is_guides=True,
    )
