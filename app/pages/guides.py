"""The guides of a department, for those who write them: all, being changed, due for a check, and
those that a change of law touches."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import reflex as rx

from app import guide_desk_views as views
from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready
from app.guide_desk_parts import guide_rows
from app.guide_desk_views import GuideRow, LawRow
from app.layout import page
from app.text import dates, say, t
from app.text.errors import sentence
from app.visitor import answering, asked, signed_in_db
from backend import guides as catalogue
from backend.errors import Invalid, NotAllowed
from components import content, feedback, forms, shell
from components.button import button
from components.link import router_link

_VIEWS = ("all", "drafts", "due", "law")
_PAGE = 50


class Guides(DeskPerson):
    """The list in one of its views."""

    is_ready: bool = False
    view: str = "all"
    law_id: str = ""
    is_done: bool = False
    rows: list[GuideRow] = []
    laws: list[LawRow] = []
    has_more: bool = False
    said: str = ""
    law_errors: dict[str, str] = {"law": "", "changed_on": "", "article": "", "note": ""}
    entered: int = 0

    @rx.event
    @answering
    async def load(self):
        """Show the view that the address names."""
        wanted = asked(self, "view")
        self.view = wanted if wanted in _VIEWS else "all"
        self.law_id, self.is_done = asked(self, "law"), asked(self, "done") == "1"
        self.said = ""
        self.rows, self.laws = [], []
        try:
            await self._read("")
        except NotAllowed:
            # The page says whose it is, and the frame leads to the person's own desk.
            return

    async def _read(self, after: str) -> None:
        who = await signed_in_db(self)
        reading = catalogue.desk(
            who.db,
            view=self.view,
            after=after,
            law_change_id=self.law_id or None,
            is_done=self.is_done,
            limit=_PAGE,
        )
        found = await self._opened(who.db, reading)
        fresh = [views.guide_row(self.reads, row) for row in found["rows"]]
        self.rows = [*self.rows, *fresh] if after else fresh
        self.laws = [views.law_row(self.reads, law) for law in found["laws"]]
        self.has_more = len(fresh) == _PAGE

    @rx.event
    @answering
    async def more(self):
        """Show the next guides."""
        if self.rows and self.writes_guides:
            await self._read(self.rows[-1].code)

    @rx.event
    @answering
    async def enter_law(self, form: dict[str, Any]):
        """Enter a change of law and show what it flags."""
        who = await signed_in_db(self)
        self.law_errors = dict.fromkeys(self.law_errors, "")
        try:
            changed_on = date.fromisoformat(str(form.get("changed_on") or dates.today()))
            found = await catalogue.enter_law_change(
                who.db,
                law=str(form.get("law", "")),
                article=str(form.get("article", "")),
                changed_on=changed_on,
                note=str(form.get("note", "")),
            )
        except Invalid as error:
            place = error.detail if error.detail in self.law_errors else "law"
            self.law_errors = {**self.law_errors, place: sentence(self.reads, error)}
            return
        key = "guides.law.saved" if found["flagged"] else "guides.law.saved_none"
        self.law_id, self.is_done, self.entered = found["id"], False, self.entered + 1
        await self._read("")
        self.said = say(self.reads, key, count=found["flagged"])


def _views() -> rx.Component:
    return rx.el.nav(
        rx.el.span(t("guides.views"), id="views-name", class_name="sr"),
        *[
            router_link(
                t(f"guides.view.{view}"),
                to=f"/guides/?view={view}",
                class_name="chip",
                aria_current=rx.cond(Guides.view == view, "page", "false"),
            )
            for view in _VIEWS
        ],
        class_name="chips wrap",
        aria_labelledby="views-name",
    )


def _enter() -> rx.Component:
    errors = Guides.law_errors
    form = rx.el.form(
        rx.el.p(t("guides.law.help"), class_name="note"),
        forms.text_input(
            "law",
            t("guides.law.name"),
            help=t("guides.law.name_help"),
            error=errors["law"],
            max_length=200,
        ),
        forms.text_input(
            "article",
            t("guides.law.article"),
            help=t("guides.law.article_help"),
            error=errors["article"],
            max_length=60,
        ),
        forms.text_input(
            "changed_on", t("guides.law.day"), kind="date", error=errors["changed_on"]
        ),
        forms.text_area("note", t("guides.law.what"), rows=2, max_length=1000),
        button(t("guides.law.save"), type="submit"),
        on_submit=Guides.enter_law,
        key=Guides.entered,
        class_name="stack",
    )
    return rx.el.details(rx.el.summary(t("guides.law.enter")), form, class_name="card")


def _law(law: rx.Var[LawRow]) -> rx.Component:
    return rx.el.li(
        router_link(
            rx.el.div(law.title, class_name="strong"),
            rx.el.div(law.note, class_name="note num"),
            rx.cond(law.text != "", rx.el.div(law.text, class_name="note")),
            to=f"/guides/?view=law&law={law.id}",
            class_name="list-row",
            aria_current=rx.cond(Guides.law_id == law.id, "true", "false"),
        ),
        key=law.id,
    )


def _laws() -> rx.Component:
    laws = cast("rx.Var[list[LawRow]]", Guides.laws)
    where = f"/guides/?view=law&law={Guides.law_id}"
    return rx.el.div(
        _enter(),
        content.section(
            t("guides.law.entered"),
            rx.cond(
                laws.length() > 0,
                rx.el.ul(rx.foreach(laws, _law), class_name="card rows queue-rows"),
                rx.el.p(t("guides.law.none"), class_name="note"),
            ),
        ),
        rx.el.div(
            router_link(
                t("guides.law.open"),
                to=where,
                class_name="chip",
                aria_current=rx.cond(Guides.is_done, "false", "true"),
            ),
            router_link(
                t("guides.law.done"),
                to=f"{where}&done=1",
                class_name="chip",
                aria_current=rx.cond(Guides.is_done, "true", "false"),
            ),
            class_name="chips wrap",
        ),
        class_name="stack",
    )


def _list() -> rx.Component:
    rows = cast("rx.Var[list[GuideRow]]", Guides.rows)
    nothing = content.card(feedback.empty_state("check", t("guides.none"), t("guides.none_note")))
    return rx.el.div(
        _views(),
        rx.el.div(
            rx.cond(Guides.said != "", feedback.notice(Guides.said, icon_name="check")),
            role="status",
        ),
        rx.cond(Guides.view == "law", _laws()),
        rx.cond(rows.length() > 0, guide_rows(rows), nothing),
        rx.cond(Guides.has_more, button(t("guides.more"), kind="quiet", on_click=Guides.more)),
        class_name="stack",
    )


@page("/guides/", "title.guides", "desk", on_load=Guides.load)
def guides() -> rx.Component:
    """The guides somebody writes."""
    is_ready = cast("rx.Var[bool]", Guides.is_ready)
    return desk_frame(
        rx.cond(
            DeskPerson.writes_guides,
            rx.fragment(
                shell.desk_head(t("guides.title"), t("guides.note")), when_ready(is_ready, _list())
            ),
            when_ready(is_ready, not_your_desk()),
        ),
        is_guides=True,
    )
