"""The State of filling in an application: saved as typed, looked over, handed in once."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

import reflex as rx

from app import form_answers, form_views
from app.live import follow
from app.pages import apply_draft
from app.pages.apply_draft import Draft
from app.pages.apply_form import Shown
from app.text import dates, say
from app.text.errors import of_code
from app.visitor import answering, asked, signed_in_db
from backend import applications, documents, form_values, forms, registries
from backend.errors import Conflict

# The keeper in the browser waits for a receipt that rises with every answer, also when an answer
# changed nothing: the draft's version, then how often this page was answered at that version.
_ANSWERS = 1000


class Apply(Shown):
    """One draft of the person who asks."""

    application_id: str = ""
    is_ready: bool = False
    is_found: bool = False
    is_closed: bool = False
    is_submitting: bool = False
    receipt: int = 0
    last_receipt: int = 0
    earlier_id: str = ""
    earlier_on: str = ""
    gone_from: str = ""
    gone_title: str = ""
    following: int = 0
    _version: int = 0

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
            await self._read_divisions(who.db)
            await self.read_again()
            if self.is_closed:
                # It was handed in, and the answer was lost on the way.
                return rx.redirect(f"/case/?id={self.application_id}")
            return Apply.follow_draft
        self.is_found, self.errors, self.offers = False, [], []
        self.is_checking, self.gone_from, self.earlier_id = False, "", ""
        self.application_id = wanted
        page_of_case = await applications.page(who.db, self.application_id)
        if page_of_case["case"]["status"] != "draft" or not page_of_case["is_owner"]:
            return rx.redirect(f"/case/?id={self.application_id}")
        self._draft = Draft()
        await self._read_divisions(who.db)
        if page_of_case["form_version"] == 0:
            known = form_views.prefill(page_of_case["form_schema"], page_of_case["profile"])
            if known:
                await applications.save_draft(who.db, self.application_id, known, base_version=0)
                page_of_case = await applications.page(who.db, self.application_id)
        if page_of_case["form_version"] <= 1:
            await self._look_for_earlier(who.db)
        self._take(page_of_case)
        self._version = page_of_case["form_version"]
        self.receipt = self.last_receipt = self._version * _ANSWERS
        self.is_found, self.is_closed = True, False
        return Apply.follow_draft

    async def _look_for_earlier(self, db: Any) -> None:
        earlier = await applications.earlier(db, self.application_id)
        if earlier:
            self.earlier_id = earlier["id"]
            self.earlier_on = dates.day(self.reads, earlier["submitted_at"])

    @rx.event
    @answering
    async def save(self, values: dict[str, Any], base_version: int):
        """Keep what was typed, right or wrong; say at its field what is wrong."""
        if not self.application_id or not self._draft.schema:
            return
        who = await signed_in_db(self)
        draft = self._draft
        await self._keep_reasons(who.db, values)
        typed = form_views.to_form(draft.schema, values, draft.form)
        is_asked = set(forms.asked_names(draft.schema, {**draft.form, **typed}))
        changes = {
            name: value
            for name, value in typed.items()
            if value != draft.form.get(name) and name in is_asked
        }
        if changes:
            base = max(base_version // _ANSWERS, self._version)
            kept = {n: v for n, v in changes.items() if form_values.is_keepable(v)}
            saved = await applications.save_draft(
                who.db, self.application_id, kept, base_version=base
            )
            self._version = saved.version
            self._offer(saved.overwritten)
            self._judge(changes)
        self.last_receipt = max(self.last_receipt + 1, self._version * _ANSWERS)

    async def _keep_reasons(self, db: Any, values: dict[str, Any]) -> None:
        """What was written about answers that were filled in wrongly."""
        draft = self._draft
        for name, reason in form_views.reasons(values).items():
            if name in draft.disputes and reason != draft.disputes[name]["note"]:
                await registries.dispute_field(db, self.application_id, name, note=reason)
                draft.disputes[name] = {**draft.disputes[name], "note": reason}

    async def _put(self, name: str, value: Any, *, is_forced: bool = True) -> None:
        """Save one field from here, and show it in the inputs that stand open."""
        who = await signed_in_db(self)
        saved = await applications.save_draft(
            who.db, self.application_id, {name: value}, base_version=self._version
        )
        self._version = saved.version
        self._judge({name: value})
        self._send_in([name], is_forced=is_forced)

    @rx.event
    @answering
    async def take_back(self, name: str):
        """Put an offered text into its field again."""
        if name in self._draft.offered:
            await self._put(name, self._draft.offered.pop(name))
        self.offers = [offer for offer in self.offers if offer.name != name]

    @rx.event
    def leave_it(self, name: str):
        """Keep what stands there now."""
        self.offers = [offer for offer in self.offers if offer.name != name]

    @rx.event
    def restored(self, values: dict[str, Any]):
        """Text that had not reached us was put back by the browser."""
        if values:
            self.announcement = say(self.reads, "apply.restored")

    @rx.event
    @answering
    async def add_item(self, name: str):
        """One more of a group, empty."""
        items = apply_draft.items_of(self._draft, name)
        if items is None or not apply_draft.has_room(self._draft, name):
            return
        self.gone_from = ""
        await self._put(name, [*items, {}], is_forced=False)
        self._focus(f"{name}.{len(items)}")

    @rx.event
    @answering
    async def remove_item(self, name: str, place: int):
        """Take one out of a group; it can be brought back."""
        items = apply_draft.items_of(self._draft, name)
        if items is None or not 0 <= place < len(items):
            return
        self._draft.gone = (name, place, items[place])
        self.gone_from = name
        self.gone_title = form_answers.label_of(self.reads, self._draft.schema, f"{name}.{place}")
        await self._put(name, items[:place] + items[place + 1 :])
        self._focus(f"{name}-add")

    @rx.event
    @answering
    async def put_back(self):
        """Bring back what was taken out last."""
        if self._draft.gone is None:
            return
        name, place, item = self._draft.gone
        items = apply_draft.items_of(self._draft, name) or []
        self.gone_from, self._draft.gone = "", None
        await self._put(name, [*items[:place], item, *items[place:]])
        self._focus(f"{name}.{place}")

    @rx.event
    @answering
    async def take_over(self, is_wanted: bool):
        """Copy the answers of the earlier case of this service, or start from nothing."""
        earlier, self.earlier_id = self.earlier_id, ""
        if not (is_wanted and earlier):
            return
        who = await signed_in_db(self)
        await applications.copy(who.db, self.application_id, from_id=earlier)
        found = await applications.page(who.db, self.application_id)
        self._version = found["form_version"]
        self._take(found)
        self._send_in(forms.field_order(self._draft.schema))
        self.announcement = say(self.reads, "apply.taken_over")

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

    async def _read_papers(self, db: Any) -> None:
        self._take_sources(await applications.page(db, self.application_id))
        self._show_form()

    @rx.event
    @answering
    async def photo_done(self, document_id: str):
        """A photo was verified: show it."""
        who = await signed_in_db(self)
        await self._read_papers(who.db)
        self.errors = [e for e in self.errors if not e.field.startswith("material-")]

    @rx.event
    @answering
    async def remove_photo(self, document_id: str):
        """Take a photo out."""
        who = await signed_in_db(self)
        await documents.remove(who.db, document_id)
        await self._read_papers(who.db)

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
    async def check(self):
        """Show everything as it will be sent; what is missing or wrong is said first."""
        self.is_checking = False
        await self.read_again()
        if self.is_closed:
            return rx.redirect(f"/case/?id={self.application_id}")
        if not self.is_newest_guide:
            self.trouble = of_code(self.reads, "guide_changed")
            return None
        draft = self._draft
        found = forms.problems(draft.schema, draft.form, today=dates.today())
        if self._list_errors(found, apply_draft.missing_papers(self._cards)):
            return None
        self.is_checking = True
        self._show_form()
        self._focus("review")
        return None

    @rx.event
    def change(self, target: str):
        """Go back to the form, to one of its fields."""
        self.is_checking = False
        self._focus(target)

    @rx.event
    @answering
    async def submit(self):
        """Hand in; pressed twice, or after a lost answer, it is one application."""
        self.is_submitting = True
        try:
            who = await signed_in_db(self)
            submission_key = str(uuid5(NAMESPACE_URL, f"onetrip:{self.application_id}"))
            receipt = await applications.submit(
                who.db, self.application_id, submission_key=submission_key, today=dates.today()
            )
        except (applications.FormIncomplete, applications.MaterialsMissing) as error:
            self._list_errors(getattr(error, "problems", {}), getattr(error, "materials", []))
            return None
        except Conflict as error:
            if error.code != "guide_changed":
                raise
            self.is_newest_guide = self.is_checking = False
            self.trouble = of_code(self.reads, error.code)
            return None
        finally:
            self.is_submitting = False
        self.is_closed = True
        return rx.redirect(f"/case/?id={receipt.application_id}")
