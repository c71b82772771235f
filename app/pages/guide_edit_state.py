"""The State of the editor of a guide's next version: kept as typed, checked at its place, proposed
by one person and published by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import reflex as rx

from app import guide_desk_views as views
from app.desk_frame import DeskPerson
from app.guide_desk_views import ChangeRow, Part
from app.live import follow
from app.text import local, say
from app.text.errors import sentence
from app.visitor import answering, asked, signed_in_db
from backend import guides
from backend.config import settings
from backend.errors import Conflict, Invalid, ServiceError
from backend.guide_fields import Finding
from components.types import FieldError

_OPEN = ("editing", "rejected")


@dataclass(frozen=True)
class Kept:
    """A text that could not stay where it was written."""

    field: str
    text: str
    words: str


class GuideEdit(DeskPerson):
    """The draft that the address names."""

    is_ready: bool = False
    draft_id: str = ""
    code: str = ""
    is_found: bool = False
    status: str = ""
    title: str = ""
    note: str = ""
    last: str = ""
    state: str = ""
    is_mine: bool = False
    is_superseded: bool = False
    compared_with: str = ""
    effective_on: str = ""
    today: str = ""
    parts: list[Part] = []
    errors: list[FieldError] = []
    warnings: list[FieldError] = []
    attempt: int = 0
    said: str = ""
    kept: list[Kept] = []
    changes: list[ChangeRow] = []
    more_changes: int = 0
    shape: int = 0
    receipt: int = 0
    effective_error: str = ""
    reason_error: str = ""
    _reason: str = ""
    _page: dict[str, Any] = {}
    _findings: list[Finding] = []

    @rx.event
    @answering
    async def load(self):
        """Open the draft; what is being typed in the browser stays there."""
        self.draft_id, self.is_found, self.said = asked(self, "id"), False, ""
        self.errors, self.warnings, self._findings, self.kept = [], [], [], []
        await self._read()
        self.shape += 1
        return GuideEdit.watch

    async def _read(self) -> None:
        who, reads = await signed_in_db(self), self.reads
        found = await self._opened(who.db, guides.draft(who.db, self.draft_id))
        self._page, self.is_found = found, True
        self.code, self.title = found["code"], local(reads, found["name"])
        self.status, self.is_mine, self.today = found["status"], found["is_mine"], found["today"]
        self.note = say(
            reads,
            "edit.note",
            department=local(reads, found["department"]),
            base=found["base_version"] or 0,
            version=found["version"],
        )
        self.last = say(reads, "edit.last", who=local(reads, found["edited_by"]))
        self.effective_on = found["effective_on"] or found["today"]
        self.is_superseded = found["newest"] is not None
        self.state = self._state_in_words(found)
        newest = found["newest"] or found["base"] or {}
        self.compared_with = str(found["newest_version"] or "")
        self.changes, self.more_changes = views.change_rows(reads, newest, found["body"])
        self._show()

    def _state_in_words(self, found: dict[str, Any]) -> str:
        reads, day = self.reads, views.day(self.reads, found["effective_on"])
        if found["status"] == "proposed":
            return say(reads, "edit.proposed_by", who=local(reads, found["proposed_by"]), day=day)
        if found["status"] == "rejected":
            reason = found["reason"]
            if reason == "guide_base_superseded":
                reason = sentence(reads, Conflict(reason))
            return say(reads, "edit.rejected_because", reason=reason)
        if found["status"] == "scheduled":
            return say(reads, "edit.scheduled", day=day)
        return "" if found["status"] == "editing" else say(reads, "edit.closed")

    def _show(self) -> None:
        page_of_draft = self._page
        self.parts = views.parts(
            self.reads, page_of_draft["body"], page_of_draft["departments"], self._findings
        )

    def _keep(self, field: str, text: str, who: str = "") -> None:
        label = views.label_of(self.reads, field)
        words = (
            say(self.reads, "edit.replaced_note", field=label, who=who, text=text)
            if who
            else f"{label} – {text}"
        )
        others = [kept for kept in self.kept if kept.field != field]
        self.kept = [*others, Kept(field, text, words)][-20:]

    @rx.event
    @answering
    async def save(self, values: dict[str, Any], base_version: int):
        """Keep what was typed, right or wrong; offer texts of others that it replaced."""
        if not self._page or self.status not in _OPEN:
            return
        who = await signed_in_db(self)
        body = self._page["body"]
        try:
            saved = await guides.save(
                who.db, self.draft_id, body, values, base_version=self._page["version"]
            )
        except Conflict as error:
            for field, text in guides.changes(body, values).items():
                self._keep(field, text)
            await self._read()
            self.shape += 1
            self.trouble = (
                say(self.reads, "edit.moved")
                if error.code == "guide_draft_moved"
                else sentence(self.reads, error)
            )
            return
        for replaced in saved.replaced:
            self._keep(replaced["field"], str(replaced["text"]), local(self.reads, replaced["by"]))
        if saved.version != self._page["version"]:
            await self._read()
        self.receipt += 1

    @rx.event
    @answering
    async def take_back(self, field: str, text: str):
        """Put a replaced text back to where it stood."""
        who = await signed_in_db(self)
        await guides.save(
            who.db, self.draft_id, self._page["body"], {field: text},
            base_version=self._page["version"],
        )  # fmt: skip
        self.kept = [kept for kept in self.kept if kept.field != field]
        await self._read()
        self.shape += 1

    @rx.event
    def leave_it(self, field: str):
        """Let the replaced text go."""
        self.kept = [kept for kept in self.kept if kept.field != field]

    @rx.event
    @answering
    async def change_list(self, path: str, act: str, number: int):
        """Add an item, take one out, or move one."""
        who = await signed_in_db(self)
        try:
            await guides.change_list(
                who.db,
                self.draft_id,
                self._page["body"],
                path,
                act=act,
                number=number,
                version=self._page["version"],
            )
        finally:
            self._findings, self.errors = [], []
            await self._read()
            self.shape += 1

    @rx.event
    @answering
    async def check(self):
        """Say everything that is wrong, at its place."""
        await self._read()
        self._take_findings(guides.look_over(self._page))
        self.said = "" if self.errors else say(self.reads, "edit.no_errors")

    def _take_findings(self, findings: list[Finding]) -> None:
        self._findings = findings
        self.errors = views.field_errors(self.reads, findings, is_warning=False)
        self.warnings = views.field_errors(self.reads, findings, is_warning=True)
        self.attempt += 1
        self._show()

    @rx.event
    def keep_day(self, day: str):
        """Keep the day from which it is in force."""
        self.effective_on, self.effective_error = day, ""

    @rx.event
    @answering
    async def propose(self):
        """Ask a second person to publish."""
        who = await signed_in_db(self)
        try:
            day = date.fromisoformat(self.effective_on)
            await guides.propose(settings(), who.db, self.draft_id, effective_on=day)
        except ValueError:
            self.effective_error = sentence(self.reads, Invalid("date_invalid"))
            return
        except guides.GuideBroken as error:
            self._take_findings(list(error.findings))
            return
        except Invalid as error:
            self.effective_error = sentence(self.reads, error)
            return
        self._take_findings([])
        await self._read()
        self.said = say(self.reads, "edit.proposed")

    @rx.event
    @answering
    async def publish(self):
        """Publish what the page shows, as the second person."""
        who = await signed_in_db(self)
        try:
            done = await guides.publish(
                settings(), who.db, self.draft_id, version=self._page["version"]
            )
        except guides.GuideBroken as error:
            self._take_findings(list(error.findings))
            return
        except Conflict:
            await self._read()
            raise
        await self._read()
        day = views.day(self.reads, done.get("effective_on"))
        key = "edit.scheduled" if done["status"] == "scheduled" else "edit.published"
        self.said = say(self.reads, key, day=day)

    @rx.event
    def keep_reason(self, text: str):
        """Keep why it is sent back, as typed."""
        self._reason = text

    @rx.event
    @answering
    async def reject(self):
        """Send the proposal back."""
        who = await signed_in_db(self)
        self.reason_error = ""
        try:
            await guides.reject(who.db, self.draft_id, reason=self._reason)
        except Invalid as error:
            self.reason_error = sentence(self.reads, error)
            return
        await self._read()
        self.said = say(self.reads, "edit.rejected")

    @rx.event
    @answering
    async def reopen(self):
        """Take the draft back to write on."""
        who = await signed_in_db(self)
        await guides.reopen(who.db, self.draft_id)
        await self._read()
        self.shape += 1

    @rx.event
    @answering
    async def rebase(self):
        """Go on from the version that came meanwhile."""
        who = await signed_in_db(self)
        await guides.rebase(who.db, self.draft_id)
        await self._read()
        self.shape += 1

    @rx.event
    @answering
    async def give_up(self):
        """End the draft."""
        who = await signed_in_db(self)
        await guides.give_up(who.db, self.draft_id)
        return rx.redirect(f"/guide-record/?code={self.code}")

    @rx.event(background=True)
    async def watch(self):
        """Follow the draft while the page is open."""
        async with self:
            topics = [("guide_draft", self.draft_id)] if self.is_found else []
        if topics:
            await follow(self, topics)

    async def read_again(self) -> None:
        """Somebody saved or decided: show it, and offer what they replaced."""
        before = self._page
        try:
            await self._read()
        except ServiceError:
            # The next change or the next press finds out; what is shown stays.
            return
        if before and self._page["version"] > before["version"]:
            other = local(self.reads, self._page["edited_by"])
            self.said = self.announcement = say(self.reads, "edit.other_saved", who=other)
            self.shape += 1
