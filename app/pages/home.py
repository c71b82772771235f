"""Home: what waits for me, what is running, and the ways in."""

from __future__ import annotations

import reflex as rx

from app import views
from app.case_cards import other_cards, waiting_card
from app.frame import citizen_page, search_form
from app.layout import page
from app.live import follow
from app.text import local, say, t
from app.visitor import DESK_ROLES, Visitor, answering, any_db, signed_in_db
from backend import applications, services
from backend.errors import SessionExpired
from components import content, feedback, shell
from components.button import link_button, outer_link_button
from components.icon import icon
from components.link import router_link
from components.preference import preference_switch

_SHOWN_CASES = 3
_SHOWN_SERVICES = 6


class Home(Visitor):
    """The signed-in person's open cases, or just the ways in."""

    name: str = ""
    place_name: str = ""
    cases: list[views.CaseCard] = []
    open_count: int = 0
    waiting: list[views.CaseCard] = []
    popular: list[views.ServiceRow] = []
    desk_to: str = ""
    following: int = 0
    _person_id: str = ""

    @rx.event
    @answering
    async def load(self):
        """Show what is known of this person; a stranger sees the services."""
        try:
            await self._show_person()
        except SessionExpired:
            self.is_signed_in, self.name, self.cases, self.desk_to = False, "", [], ""
            self.open_count, self.waiting = 0, []
            found = await services.find(await any_db(self), limit=_SHOWN_SERVICES)
            self.popular = [views.service_row(self.reads, s) for s in found["services"]]
            return None
        return Home.follow_mine

    async def _show_person(self) -> None:
        who = await signed_in_db(self)
        found = await applications.home(who.db)
        self._person_id, self.is_signed_in = who.person_id, True
        self.name = found["person"]["name"] or ""
        self.place_name = local(self.reads, found["person"]["division"])
        cards = [views.case_card(self.reads, case) for case in found["open"]]
        self.cases, self.open_count = cards[:_SHOWN_CASES], len(cards)
        self.waiting = views.waiting_first(cards)
        self.popular = [
            views.service_row(self.reads, s) for s in found["hottest"][:_SHOWN_SERVICES]
        ]
        self.roles = found["roles"]
        roles = set(self.roles)
        self.desk_to = (
            "/desk/"
            if roles & DESK_ROLES
            else "/supervision/"
            if roles & {"supervisor", "administrator"}
            else ""
        )

    async def read_again(self) -> None:
        """A case of mine moved."""
        before = [card.tag for card in self.cases]
        await self._show_person()
        if before != [card.tag for card in self.cases] and self.cases:
            self.announcement = say(self.reads, "home.moved", title=self.cases[0].title)

    @rx.event(background=True)
    async def follow_mine(self):
        """Watch my cases while the home page is open."""
        async with self:
            topics = [("applicant", self._person_id)]
        await follow(self, topics)


def _head() -> rx.Component:
    return shell.page_head(
        rx.cond(
            Home.name != "",
            t("home.hello_name", name=Home.name),
            t("home.hello"),
        ),
        above=rx.cond(
            Home.place_name != "", t("home.place", place=Home.place_name), t("home.county")
        ),
        tone="jade",
        actions=[
            preference_switch(
                "mode",
                [("normal", t("prefer.mode.normal")), ("elder", t("prefer.mode.elder"))],
                label=t("prefer.mode"),
                shape="toggle",
                on_change=Visitor.choose_mode,
            ),
            rx.el.div(
                preference_switch(
                    "lang",
                    [("zh", t("prefer.lang.zh")), ("en", t("prefer.lang.en"))],
                    label=t("prefer.lang"),
                    shape="toggle",
                    on_change=Visitor.choose_language,
                ),
                class_name="normal-only",
            ),
        ],
        below=search_form(),
    )


def _mine() -> rx.Component:
    running = content.section(
        t("home.running"),
        content.stack(
            rx.foreach(Home.waiting, waiting_card), other_cards(Home.cases, Home.waiting)
        ),
        more=router_link(t("home.all_cases", count=Home.open_count), to="/cases/"),
    )
    return rx.fragment(
        rx.cond(
            Home.desk_to != "",
            content.link_card(
                content.row(
                    icon("stamp"), rx.el.span(t("home.desk"), class_name="strong grow"), "›"
                ),
                to=Home.desk_to,
                tone="jade",
            ),
            rx.fragment(),
        ),
        rx.cond(Home.open_count > 0, running, rx.fragment()),
    )


def _events() -> rx.Component:
    tiles = [
        content.tile(t(f"event.{name}"), icon_name, f"/services/?event={name}")
        for name, icon_name in views.LIFE_EVENTS
    ]
    return content.section(
        t("home.events"),
        content.tile_grid(*tiles, content.tile(t("event.all"), "more", "/services/")),
    )


def _popular_row(row: rx.Var[views.ServiceRow]) -> rx.Component:
    return content.list_row(row.title, row.note, to=row.href)


def _popular() -> rx.Component:
    return content.section(
        t("home.popular"),
        rx.cond(
            Home.popular.length() > 0,
            content.list_rows(rx.foreach(Home.popular, _popular_row)),
            feedback.skeleton(4, label=t("loading")),
        ),
    )


def _help() -> rx.Component:
    return content.card(
        content.row(
            rx.el.div(
                rx.el.p(t("home.help"), class_name="strong"),
                rx.el.p(t("home.help_note"), class_name="note"),
                class_name="grow",
            ),
            outer_link_button(t("home.call"), href="tel:09373212345", icon_name="phone"),
        ),
        outer_link_button(t("guide.status"), href="/s", icon_name="progress"),
        tone="jade",
    )


def _elder_home() -> rx.Component:
    """Large text: one thing that waits, and four doors."""
    return rx.el.div(
        rx.foreach(Home.waiting, waiting_card),
        rx.cond(
            Home.desk_to != "",
            link_button(t("home.desk"), to=Home.desk_to, kind="quiet", class_name="door"),
            rx.fragment(),
        ),
        link_button(t("door.apply"), to="/services/", kind="quiet", class_name="door"),
        link_button(t("door.cases"), to="/cases/", kind="quiet", class_name="door"),
        outer_link_button(t("door.call"), href="tel:09373212345", class_name="door"),
        outer_link_button(t("status.title"), href="/s", class_name="door"),
        link_button(t("door.me"), to="/me/", kind="quiet", class_name="door"),
        class_name="elder-only stack",
    )


@page("/", "title.home", on_load=Home.load)
def home() -> rx.Component:
    """Home of everybody."""
    return citizen_page(
        _elder_home(),
        # The list comes last: it arrives later, and nothing may jump away from under a finger.
        rx.el.div(_mine(), _events(), _help(), _popular(), class_name="normal-only stack"),
        place="home",
        top=_head(),
    )
