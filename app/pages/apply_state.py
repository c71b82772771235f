"""The State of the page that fills in an application: saved as typed, handed in once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import reflex as rx

from app import form_views
from app.form_views import SectionView
from app.live import follow
from app.material_cards import MaterialCard, material_cards
from app.text import dates, local, say
from app.text.errors import of_code
from app.visitor import Visitor, answering, asked, signed_in_db
from backend import applications, divisions, documents, forms
from backend.errors import Conflict
from components.types import FieldError, OptionGroup

# The keeper in the browser waits for a receipt that rises with every answer, also when an answer
# changed nothing: the draft's version, then how often this page was answered at that version.
_ANSWERS = 1000


@dataclass(frozen=True)
class Offer:
    """A text that another phone's newer one replaced: it can be taken back."""

    name: str
    label: str
    text: str


@dataclass
class _Draft:
    """What the server last said of this draft; never sent to the browser as a whole."""

    schema: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class Apply(Visitor):
    """One draft of the person who asks."""

    application_id: str = ""
    is_ready: bool = False
    is_found: bool = False
    is_closed: bool = False
    is_submitting: bool = False
    is_newest_guide: bool = True
    title: str = ""
    receipt: int = 0
    last_receipt: int = 0
    sections: list[SectionView] = []
    materials: list[MaterialCard] = []
    places: list[OptionGroup] = []
    errors: list[FieldError] = []
    offers: list[Offer] = []
    incoming: dict[str, Any] = {}
    attempt: int = 0
    following: int = 0
    _version: int = 0
    _draft: _Draft = _Draft()

    @rx.event
    @answering
    async def load(self):
        """Open the draft the address names; what was handed in shows its progress instead.

        After a lost connection the page is loaded again around the inputs as they stand: nothing
        that is being typed is replaced by what the server has.
        """
        wanted = asked(self, "id")
        who = await signed_in_db(self)
        self.is_signed_in = True
        if self.is_found and not self.is_closed and wanted == self.application_id:
            self.places = form_views.division_groups(self.reads, await divisions.every(who.db))
            await self.read_again()
            if self.is_closed:
                # It was handed in, and the answer was lost on the way.
                return rx.redirect(f"/case/?id={self.application_id}")
            return Apply.follow_draft
        self.is_found, self.errors, self.offers = False, [], []
        self.application_id = wanted
        page_of_case = await applications.page(who.db, self.application_id)
        if page_of_case["case"]["status"] != "draft" or not page_of_case["is_owner"]:
            return rx.redirect(f"/case/?id={self.application_id}")
        self.places = form_views.division_groups(self.reads, await divisions.every(who.db))
        self._draft = _Draft()
        if page_of_case["form_version"] == 0:
            known = form_views.prefill(page_of_case["form_schema"], page_of_case["profile"])
            if known:
                await applications.save_draft(who.db, self.application_id, known, base_version=0)
                page_of_case = await applications.page(who.db, self.application_id)
        self._take(page_of_case)
        self._version = page_of_case["form_version"]
        self.receipt = self.last_receipt = self._version * _ANSWERS
        self.is_found, self.is_closed = True, False
        return Apply.follow_draft

    def _take(self, found: dict[str, Any]) -> None:
        reads, draft = self.reads, self._draft
        self.title = local(reads, found["case"]["service"])
        self.is_newest_guide = found["is_newest_guide"]
        draft.schema, draft.form = found["form_schema"], found["form"]
        self.materials = material_cards(reads, found["materials"])
        self._show_form()

    def _show_form(self) -> None:
        draft = self._draft
        self.sections = form_views.sections(
            self.reads,
            draft.schema,
            draft.form,
            errors=draft.errors,
        )

    @rx.event
    @answering
    async def save(self, values: dict[str, Any], base_version: int):
        """Keep what was typed, right or wrong; say at its field what is wrong."""
        if not self.application_id or not self._draft.schema:
            return
        who = await signed_in_db(self)
        draft = self._draft
        typed = form_views.to_form(draft.schema, values)
        changes = {
            name: value
            for name, value in typed.items()
            if value != draft.form.get(name)
            and forms.is_shown(draft.schema["properties"][name], {**draft.form, **typed})
        }
        if changes:
            base = max(base_version // _ANSWERS, self._version)
            saved = await applications.save_draft(
                who.db, self.application_id, changes, base_version=base
            )
            self._version = saved.version
            draft.form = {k: v for k, v in {**draft.form, **changes}.items() if v is not None}
            self._offer(saved.overwritten)
            today = dates.today()
            for name in changes:
                draft.errors[name] = forms.problem_of_field(
                    draft.schema, draft.form, name, today=today
                )
            self.errors = [
                e for e in self.errors if draft.errors.get(e.field, e.field not in changes)
            ]
            self._show_form()
        self.last_receipt = max(self.last_receipt + 1, self._version * _ANSWERS)

    def _send_in(self, names: list[str], *, is_forced: bool = False) -> None:
        """Put the draft's values into the inputs that stand open in the browser."""
        schema, form = self._draft.schema, self._draft.form
        self.incoming = {
            "turn": self.incoming.get("turn", 0) + 1,
            "values": {n: form_views.for_input(schema, n, form.get(n)) for n in names},
            "is_forced": is_forced,
        }

    def _offer(self, texts: dict[str, Any]) -> None:
        labels = self._draft.schema["properties"]
        new = [
            Offer(name, local(self.reads, labels[name]["x-label"]), str(text))
            for name, text in texts.items()
            if name in labels and isinstance(text, str)
        ]
        kept = [o for o in self.offers if o.name not in {n.name for n in new}]
        self.offers = kept + new

    @rx.event
    @answering
    async def take_back(self, name: str, text: str):
        """Put an offered text into its field again."""
        who = await signed_in_db(self)
        saved = await applications.save_draft(
            who.db, self.application_id, {name: text}, base_version=self._version
        )
        self._draft.form[name] = text
        self._send_in([name], is_forced=True)
        self._version = saved.version
        self.offers = [offer for offer in self.offers if offer.name != name]
        self._show_form()

    @rx.event
    def leave_it(self, name: str):
        """Keep what stands there now."""
        self.offers = [offer for offer in self.offers if offer.name != name]

    @rx.event
    def restored(self, values: dict[str, Any]):
        """Text that had not reached us was put back by the browser."""
        if values:
            self.announcement = say(self.reads, "apply.restored")

    async def read_again(self) -> None:
        """The draft changed elsewhere: newer text wins visibly, ours is offered."""
        who = await signed_in_db(self)
        found = await applications.page(who.db, self.application_id)
        if found["case"]["status"] != "draft":
            self.is_closed = True
            self.trouble = of_code(
                self.reads, "already_submitted", found["case"]["receipt_number"] or ""
            )
            return
        if found["form_version"] > self._version:
            draft, theirs = self._draft, found["form"]
            names = [n for n in draft.schema["properties"] if theirs.get(n) != draft.form.get(n)]
            self._offer({n: draft.form[n] for n in names if n in draft.form})
            draft.form = theirs
            self._send_in(names)
            self._version = found["form_version"]
            self.announcement = say(self.reads, "apply.changed_elsewhere")
        self._take(found)

    @rx.event(background=True)
    async def follow_draft(self):
        """Watch the draft while its page is open."""
        async with self:
            topics = [("case", self.application_id)]
        await follow(self, topics)

    @rx.event
    @answering
    async def photo_done(self, document_id: str):
        """A photo was verified: show it."""
        who = await signed_in_db(self)
        self._take(await applications.page(who.db, self.application_id))
        self.errors = [e for e in self.errors if not e.field.startswith("material-")]

    @rx.event
    @answering
    async def remove_photo(self, document_id: str):
        """Take a photo out."""
        who = await signed_in_db(self)
        await documents.remove(who.db, document_id)
        self._take(await applications.page(who.db, self.application_id))

    @rx.event
    @answering
    async def use_newest_guide(self):
        """Go on with the guide that is published now."""
        who = await signed_in_db(self)
        await applications.take_newest_guide(who.db, self.application_id)
        self._take(await applications.page(who.db, self.application_id))

    @rx.event
    @answering
    async def discard(self):
        """Delete the draft with its photos."""
        who = await signed_in_db(self)
        await applications.discard_draft(who.db, self.application_id)
        self.is_closed = True
        return rx.redirect("/cases/")

    @rx.event
    @answering
    async def submit(self):
        """Hand in; pressed twice, or after a lost answer, it is one application."""
        self.is_submitting = True
        submission_key = str(uuid5(NAMESPACE_URL, f"onetrip:{self.application_id}"))
        try:
            who = await signed_in_db(self)
            receipt = await applications.submit(
                who.db, self.application_id, submission_key=submission_key, today=dates.today()
            )
        except applications.FormIncomplete as error:
            self._draft.errors = dict(error.problems)
            self._show_form()
            self._list_errors(error.problems, [])
            return None
        except applications.MaterialsMissing as error:
            self._list_errors({}, error.materials)
            return None
        except Conflict as error:
            if error.code != "guide_changed":
                raise
            self.is_newest_guide = False
            self.trouble = of_code(self.reads, error.code)
            return None
        finally:
            self.is_submitting = False
        self.is_closed = True
        return rx.redirect(f"/case/?id={receipt.application_id}")

    def _list_errors(self, problems: dict[str, str], missing: list[str]) -> None:
        reads, rules = self.reads, self._draft.schema["properties"]
        self.attempt += 1
        self.errors = [
            FieldError(name, f"{local(reads, rules[name]['x-label'])}：{of_code(reads, code)}")
            for name, code in problems.items()
            if name in rules
        ] + [
            FieldError(f"material-{card.code}", say(reads, "apply.missing", name=card.title))
            for card in self.materials
            if card.code in missing
        ]
