"""The State of the wallet on a case's page: a paper that goes along instead of a photo."""

from __future__ import annotations

import reflex as rx

from app.pages.case_state import Case
from app.text import say
from app.visitor import Visitor, answering, signed_in_db
from backend import wallet


class CaseSources(Visitor):
    """What the applicant lets go along when a notice or an approval asks for a paper."""

    @rx.event
    @answering
    async def use(self, code: str, item_id: str):
        """Send a paper of the wallet along."""
        who = await signed_in_db(self)
        case = await self.get_state(Case)
        await wallet.use(who.db, case.application_id, code, item_id)
        self.announcement = say(self.reads, "wallet.goes_along")
        return Case.photo_done("")
