"""My cases: everything I started, last changed first."""

from __future__ import annotations

import reflex as rx

from app import views
from app.case_cards import other_cards, waiting_card
from app.frame import citizen_page, when_ready
from app.layout import page
from app.live import follow
from app.text import say, t
from app.visitor import Visitor, answering, signed_in_db
from backend import applications
from components import content, feedback, shell
from components.button import button, link_button

_PAGE = 20


class Cases(Visitor):
    """The list, page by page."""

    is_ready: bool = False
    cases: list[views.CaseCard] = []
    waiting: list[views.CaseCard] = []
    has_more: bool = False
    following: int = 0
    _person_id: str = ""
    _last: tuple[str, str] | None = None

    @rx.event
    @answering
    async def load(self):
        """The first page."""
        await self._show_first()
        return Cases.follow_mine

    async def _show_first(self) -> None:
        who = await signed_in_db(self)
        self._person_id, self.is_signed_in = who.person_id, True
        found = await applications.mine(who.db, limit=_PAGE)
        self.cases = []
        self._append(found)

    def _append(self, found: list[dict]) -> None:
        self.cases = [*self.cases, *(views.case_card(self.reads, case) for case in found)]
        self.waiting = views.waiting_first(self.cases)
        self.has_more = len(found) == _PAGE
        if found:
            self._last = (found[-1]["updated_at"], found[-1]["id"])

    @rx.event
    @answering
    async def more(self):
        """The next page."""
        who = await signed_in_db(self)
        self._append(await applications.mine(who.db, before=self._last, limit=_PAGE))

    async def read_again(self) -> None:
        """Something of mine moved."""
        await self._show_first()
        self.announcement = say(self.reads, "cases.moved")

    @rx.event(background=True)
    async def follow_mine(self):
        """Watch my cases while the list is open."""
        async with self:
            topics = [("applicant", self._person_id)]
        await follow(self, topics)


@page("/cases/", "title.cases", "signed_in", on_load=Cases.load)
def cases() -> rx.Component:
    """My cases."""
    nothing = feedback.empty_state(
        "progress",
        t("cases.none"),
        t("cases.none_note"),
        link_button(t("door.apply"), to="/services/"),
    )
    return citizen_page(
        when_ready(
            Cases.is_ready,
            rx.cond(
                Cases.cases.length() > 0,
                content.stack(
                    rx.foreach(Cases.waiting, waiting_card),
                    other_cards(Cases.cases, Cases.waiting),
                    rx.cond(
                        Cases.has_more,
                        button(t("more"), kind="quiet", on_click=Cases.more),
                        rx.fragment(),
                    ),
                ),
                nothing,
            ),
        ),
        place="cases",
        top=shell.page_head(t("cases.title")),
    )
