"""Find a service: by words, by life event, hottest first."""

from __future__ import annotations

import reflex as rx

from app import views
from app.frame import citizen_page, search_form, when_ready
from app.layout import page
from app.text import say, t
from app.visitor import Visitor, answering, any_db, asked
from backend import services as catalogue
from components import content, feedback, shell
from components.button import outer_link_button
from components.link import router_link

_EVENTS = ("", *(name for name, _ in views.LIFE_EVENTS))


class Services(Visitor):
    """What was searched and what was found."""

    is_ready: bool = False
    query: str = ""
    event: str = ""
    found: list[views.ServiceRow] = []
    count_note: str = ""

    @rx.event
    @answering
    async def load(self):
        """Search what the address says."""
        self.query, event = asked(self, "q"), asked(self, "event")
        self.event = event if event in _EVENTS else ""
        await self._search()

    @rx.event
    @answering
    async def search(self, form: dict):
        """Search what was typed, without leaving the page."""
        self.query = str(form.get("q", ""))[:100].strip()
        await self._search()

    async def _search(self) -> None:
        cards = await catalogue.find(await any_db(self), search=self.query, life_event=self.event)
        self.found = [views.service_row(self.reads, card) for card in cards]
        self.count_note = say(self.reads, "services.count", count=len(cards))
        self.announcement = self.count_note


def _row(row: rx.Var[views.ServiceRow]) -> rx.Component:
    return content.list_row(
        row.title,
        rx.fragment(row.summary, rx.el.span(row.note, class_name="under num")),
        to=row.href,
    )


def _chip(name: str) -> rx.Component:
    return router_link(
        t(f"event.{name or 'all'}"),
        to=f"/services/?event={name}" if name else "/services/",
        class_name="chip",
        aria_current=rx.cond(Services.event == name, "true", "false"),
    )


@page("/services/", "title.services", on_load=Services.load)
def services() -> rx.Component:
    """The list of what the county does."""
    nothing = feedback.empty_state(
        "search",
        t("services.none"),
        t("services.none_note"),
        outer_link_button(t("ask.phone"), href="tel:09373212345", icon_name="phone"),
    )
    return citizen_page(
        rx.el.nav(*[_chip(name) for name in _EVENTS], class_name="chips"),
        when_ready(
            Services.is_ready,
            rx.cond(
                Services.found.length() > 0,
                rx.fragment(
                    rx.el.p(Services.count_note, class_name="note"),
                    content.list_rows(rx.foreach(Services.found, _row)),
                ),
                nothing,
            ),
        ),
        place="services",
        top=shell.page_head(
            t("services.title"), below=search_form(Services.search, Services.query)
        ),
    )
