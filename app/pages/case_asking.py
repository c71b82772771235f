"""The State of the questions to a case: asked on its page, answered there."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.pages.case_state import Case
from app.text import say
from app.text.errors import sentence
from app.visitor import Visitor, answering, signed_in_db
from backend import case_acts
from backend.errors import Invalid


class Asking(Visitor):
    """The box for one more question; what is typed in it is kept by the browser."""

    problem: str = ""
    turn: int = 0
    taken: int = 0

    @rx.event
    @answering
    async def ask(self, form: dict[str, Any]):
        """Ask the case a question; the same again is one question."""
        self.problem = ""
        try:
            who = await signed_in_db(self)
            case = await self.get_state(Case)
            await case_acts.ask(who.db, case.application_id, str(form.get("question", "")))
            self.taken += 1
            await case.read_again()
            self.announcement = say(self.reads, "ask.sent")
        except Invalid as error:
            self.problem = sentence(self.reads, error)
        finally:
            self.turn += 1
