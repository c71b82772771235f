"""The State of a guide's record: its versions, what differs between two of them, its checks, and
the end of its service by two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app import guide_desk_views as views
from app.desk_frame import DeskPerson
from app.guide_desk_views import ChangeRow
from app.text import Language, dates, local, say
from app.text.errors import sentence
from app.visitor import answering, asked, signed_in_db
from backend import guides
from backend.errors import Conflict, Invalid
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
    ending: str = ""
    is_own_ending: bool = False
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
    _proposed_at: str = ""

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
        self._show_ending(found["ending"])
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

    def _show_ending(self, ending: dict[str, Any] | None) -> None:
        self.ending, self.is_own_ending, self._proposed_at = "", False, ""
        if ending:
            who, reason = local(self.reads, ending["by"]), local(self.reads, ending["reason"])
            self.ending = say(self.reads, "guide.ending", who=who, reason=reason)
            self.is_own_ending, self._proposed_at = ending["is_mine"], ending["proposed_at"]

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
    async def propose_withdrawal(self):
        """Ask a second person to end the service."""
        who = await signed_in_db(self)
        self.reason_error = ""
        try:
            await guides.propose_withdrawal(who.db, self.code, reason=self._reason)
        except Invalid as error:
            self.reason_error = sentence(self.reads, error)
            return
        except Conflict:
            await self._read()
            raise
        self._reason = {}
        await self._read()
        self.said = say(self.reads, "guide.ending_said")

    @rx.event
    @answering
    async def keep(self):
        """Take the proposal back, or turn it down."""
        await guides.keep((await signed_in_db(self)).db, self.code)
        await self._read()
        self.said = say(self.reads, "guide.kept_said")

    @rx.event
    @answering
    async def withdraw(self):
        """End the service as the second person, as the page shows that it was proposed."""
        who = await signed_in_db(self)
        try:
            await guides.withdraw(who.db, self.code, proposed_at=self._proposed_at)
        except Conflict:
            await self._read()
            raise
        await self._read()
        self.said = say(self.reads, "guide.withdrawn_said")
