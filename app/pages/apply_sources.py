"""The State of the offers beside the photos: the wallet and the registries."""

from __future__ import annotations

import reflex as rx

from app.pages.apply_state import Apply
from app.text import say
from app.visitor import Visitor, answering, signed_in_db
from backend import applications, registries, wallet
from backend.config import settings


class Sources(Visitor):
    """What the applicant lets go along instead of a photo."""

    is_asking: bool = False

    @rx.event
    @answering
    async def use(self, code: str, item_id: str):
        """Send a paper of the wallet along."""
        who = await signed_in_db(self)
        draft = await self.get_state(Apply)
        await wallet.use(who.db, draft.application_id, code, item_id)
        self.announcement = say(self.reads, "wallet.goes_along")
        return Apply.photo_done("")

    @rx.event
    def ask(self, registry: str):
        """Say that it is being asked, then ask."""
        self.is_asking = True
        return Sources.fetch(registry)

    @rx.event
    @answering
    async def fetch(self, registry: str):
        """Let a registry be asked, and fill in what nobody has filled in yet."""
        try:
            who = await signed_in_db(self)
            draft = await self.get_state(Apply)
            case = draft.application_id
            known = await registries.ask(settings(), who.db, case, registry)
            found = await applications.page(who.db, case)
            rules, form = found["form_schema"]["properties"], found["form"]
            fields = {
                name: known[rule["x-registry"]]
                for name, rule in rules.items()
                if rule.get("x-registry") in known and form.get(name) in (None, "")
            }
            if fields:
                await applications.save_draft(
                    who.db, case, fields, base_version=found["form_version"]
                )
            await draft.read_again()
            is_found = any(m["registry"] == registry and m["is_there"] for m in found["materials"])
            key = "registry.announce_found" if is_found else "registry.announce_paper"
            self.announcement = say(self.reads, key)
        finally:
            self.is_asking = False
        return Apply.photo_done("")

    @rx.event
    @answering
    async def dispute(self, query_id: str):
        """What a registry says is not right: open the paper way."""
        who = await signed_in_db(self)
        await registries.dispute(who.db, query_id)
        self.announcement = say(self.reads, "registry.announce_paper")
        return Apply.photo_done("")

    @rx.event
    @answering
    async def not_right(self, name: str):
        """What was filled in is not right: it is corrected by typing, and a word may be said."""
        await self._say_of(name, "")
        self.announcement = say(self.reads, "origin.announce")
        return Apply.change(name)

    @rx.event
    @answering
    async def is_right(self, name: str):
        """It was right after all."""
        await self._say_of(name, None)
        return Apply.change(name)

    async def _say_of(self, name: str, note: str | None) -> None:
        who = await signed_in_db(self)
        draft = await self.get_state(Apply)
        await registries.dispute_field(who.db, draft.application_id, name, note=note)
        await draft.read_again()
