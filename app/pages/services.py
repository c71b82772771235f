"""Find a service: by words, sound, life event, department and who I am; best and hottest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from app import views
from app.frame import citizen_page, search_form
from app.layout import page
from app.pages.services_filters import WORDS, Chip, Chips, Chosen, chips
from app.text import local, say, t
from app.visitor import Visitor, answering, any_db, asked
from backend import services as catalogue
from backend import spelling
from components import content, feedback, shell
from components.button import button, outer_link_button
from components.last_seen import last_seen
from components.link import router_link


@dataclass(frozen=True)
class Answer:
    """One frequent question; `name` and `href` lead to its service, when it has one."""

    question: str
    answer: str
    name: str
    href: str


class Services(Visitor):
    """What the address asks for and what was found."""

    is_ready: bool = False
    query: str = ""
    answered_for: str = ""
    filters: Chips = chips({}, [])
    found: list[views.ServiceRow] = []
    others: list[views.ServiceRow] = []
    questions: list[Answer] = []
    count_note: str = ""
    town_note: str = ""
    is_alike: bool = False
    has_more: bool = False
    _departments: list[dict[str, Any]] = []
    _after: dict[str, Any] | None = None

    @rx.event
    @answering
    async def load(self):
        """Search what the address says."""
        chosen = self._chosen()
        self.query = chosen.get("q", "")
        found = await self._find(chosen)
        self._departments = found["departments"]
        self.filters = chips(chosen, self._departments)
        self.found = self._rows(found["services"])
        self.others = self._rows(found["others"])
        self.questions = [self._answer(q) for q in found["questions"]]
        self.is_alike, town = found["is_alike"], local(self.reads, found["town"])
        self.town_note = say(self.reads, "find.town_first", town=town) if town else ""
        self._count(found["more"])
        self.answered_for = self.router.url.query
        self.announcement = self.count_note if self.found else self._nothing(chosen)

    @rx.event
    @answering
    async def show_more(self):
        """Add the next page of the list."""
        if self._after is None:
            return
        found = await self._find(self._chosen(), after=self._after)
        self.found = [*self.found, *self._rows(found["services"])]
        self._count(found["more"])
        self.announcement = self.count_note

    def _chosen(self) -> Chosen:
        given = {name: asked(self, name) for name in WORDS}
        chosen = {name: value for name, value in given.items() if value in WORDS[name]}
        free = {"q": spelling.cleaned(asked(self, "q")), "dept": asked(self, "dept")}
        return chosen | {name: value for name, value in free.items() if value}

    async def _find(self, chosen: Chosen, after: dict[str, Any] | None = None) -> dict[str, Any]:
        only = catalogue.Filter(
            life_event=chosen.get("event", ""),
            department=chosen.get("dept", ""),
            who=chosen.get("who", ""),
            audience=chosen.get("for", ""),
            is_near="near" in chosen,
        )
        db = await any_db(self)
        return await catalogue.find(db, search=chosen.get("q", ""), only=only, after=after)

    def _rows(self, cards: list[dict[str, Any]]) -> list[views.ServiceRow]:
        return [views.service_row(self.reads, card) for card in cards]

    def _answer(self, question: dict[str, Any]) -> Answer:
        service = question["service"] or {"code": "", "name": None}
        return Answer(
            local(self.reads, question["question"]),
            local(self.reads, question["answer"]),
            local(self.reads, service["name"]),
            f"/service/?code={service['code']}" if service["code"] else "",
        )

    def _count(self, more: dict[str, Any] | None) -> None:
        self._after, self.has_more = more, more is not None
        key = "find.count_more" if self.has_more else "find.count"
        self.count_note = say(self.reads, key, count=len(self.found))

    def _nothing(self, chosen: Chosen) -> str:
        if chosen.get("q"):
            return say(self.reads, "find.none", words=chosen["q"])
        return say(self.reads, "find.none_here")


def _row(row: rx.Var[views.ServiceRow]) -> rx.Component:
    return content.list_row(
        row.title,
        rx.fragment(row.summary, rx.el.span(row.note, class_name="under num")),
        to=row.href,
    )


def _name(chip: rx.Var[Chip]) -> rx.Component:
    return rx.fragment(
        rx.el.span(chip.zh, class_name="zh", lang="zh-CN"),
        rx.el.span(chip.en, class_name="en", lang="en"),
    )


def _chip(chip: rx.Var[Chip]) -> rx.Component:
    current = rx.cond(chip.is_on, "true", "false")
    return router_link(_name(chip), to=chip.href, class_name="chip", aria_current=current)


def _chosen_chip(chip: rx.Var[Chip]) -> rx.Component:
    cross = rx.el.span(" ×", aria_hidden="true")
    return router_link(_name(chip), cross, to=chip.href, class_name="chip", aria_current="true")


def _group(title_key: str, found: rx.Var[list[Chip]]) -> rx.Component:
    return rx.el.div(
        rx.el.p(t(title_key), class_name="label", id=title_key.replace(".", "-")),
        rx.el.div(
            rx.foreach(found, _chip),
            class_name="chips wrap",
            role="group",
            aria_labelledby=title_key.replace(".", "-"),
        ),
    )


def _filters() -> rx.Component:
    filters = Services.filters
    chosen = rx.el.div(
        content.hidden_text(t("find.chosen")),
        rx.foreach(filters.chosen, _chosen_chip),
        class_name="chips wrap",
    )
    return rx.fragment(
        rx.el.nav(
            content.hidden_text(t("find.events"), id="find-events"),
            rx.foreach(filters.events, _chip),
            class_name="chips",
            aria_labelledby="find-events",
        ),
        rx.cond(filters.chosen.length() > 0, chosen, rx.fragment()),
        rx.el.details(
            rx.el.summary(t("find.more_filters")),
            content.stack(
                _group("find.who", filters.who),
                _group("find.near", filters.near),
                _group("find.for", filters.audience),
                rx.cond(
                    filters.departments.length() > 0,
                    _group("find.department", filters.departments),
                    rx.fragment(),
                ),
            ),
            class_name="filters",
        ),
    )


def _question(row: rx.Var[Answer]) -> rx.Component:
    link = router_link(t("find.to_guide", name=row.name), to=row.href, class_name="paper-link")
    return rx.el.details(
        rx.el.summary(row.question),
        rx.el.p(row.answer),
        rx.cond(row.href != "", link, rx.fragment()),
        class_name="question",
    )


def _questions() -> rx.Component:
    block = content.section(
        t("find.questions"), content.card(rx.foreach(Services.questions, _question))
    )
    return rx.cond(Services.questions.length() > 0, block, rx.fragment())


def _services() -> rx.Component:
    more = button(t("find.more"), on_click=Services.show_more, kind="quiet")
    return content.stack(
        rx.cond(
            Services.is_alike,
            feedback.notice(t("find.alike")),
            rx.el.p(
                Services.count_note,
                rx.cond(
                    Services.town_note != "",
                    rx.fragment(" · ", Services.town_note),
                    rx.fragment(),
                ),
                class_name="note",
            ),
        ),
        content.list_rows(rx.foreach(Services.found, _row)),
        rx.cond(Services.has_more, more, rx.fragment()),
    )


def _nothing() -> rx.Component:
    title = rx.cond(Services.query != "", t("find.none", words=Services.query), t("find.none_here"))
    calls = content.stack(
        rx.el.p(t("find.ask"), class_name="note"),
        outer_link_button(t("find.call_12345"), href="tel:12345", icon_name="phone"),
        outer_link_button(t("find.call_local"), href="tel:09373212345", kind="quiet"),
    )
    return content.stack(
        feedback.empty_state("search", title, t("find.none_note"), calls),
        content.section(t("find.others"), content.list_rows(rx.foreach(Services.others, _row))),
    )


def _found() -> rx.Component:
    results = rx.cond(Services.found.length() > 0, _services(), _nothing())
    # An answer is the shortest way; without words the services themselves come first.
    return rx.cond(
        Services.query != "",
        content.stack(_questions(), results),
        content.stack(results, _questions()),
    )


@page("/services/", "title.services", on_load=Services.load)
def services() -> rx.Component:
    """The list of what the county does."""
    return citizen_page(
        _filters(),
        last_seen(
            _found(),
            storage_key="onetrip-services",
            rows=Services.found,
            is_ready=Services.is_ready,
            is_cut=has_connection_errors,
            answered_for=Services.answered_for,
            waiting=feedback.skeleton(5, label=t("loading")),
            kept_note=t("find.kept"),
            nothing_note=t("find.kept_none"),
            stale_note=t("find.stale"),
        ),
        place="services",
        top=shell.page_head(t("services.title"), below=search_form(is_live=True)),
    )
