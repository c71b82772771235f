"""A guide: the eight public items, in plain words, with one thing to do at the end."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import reflex as rx

from app import form_views, guide_parts
from app.frame import nothing_there, trouble, when_ready_for
from app.guide_views import (
    ITEMS,
    CheckQuestion,
    GuideView,
    MyList,
    as_query,
    check_questions,
    guide_view,
    my_list,
    typed_answers,
)
from app.layout import page
from app.text import say, t
from app.visitor import Visitor, answering, any_db, asked, signed_in_db
from backend import applications, checks, services
from backend.errors import SessionExpired
from backend.web_sessions import SignedIn
from components import content, device, shell
from components.button import button, link_button, outer_link_button
from components.read_aloud import read_aloud
from components.subject import only_for

_PARTS = ", ".join(f"#item-{code}" for code in ITEMS)


class Service(Visitor):
    """One guide in the reader's language, and the answers of the check when there are any."""

    is_ready: bool = False
    code: str = ""
    is_found: bool = False
    is_starting: bool = False
    shown: GuideView = GuideView()
    address: str = ""
    check_note: str = ""
    check: list[CheckQuestion] = []
    mine: MyList = MyList()
    list_address: str = ""
    _answers: dict[str, Any] = {}

    @rx.event
    @answering
    async def load(self):
        """Read the guide that the address names, and the answers that it carries."""
        self.is_found, self.is_starting = False, False
        self.code = asked(self, "code")
        found = await services.page(await any_db(self), self.code)
        typed = typed_answers(self.router.url.query_parameters)
        self._answers = checks.read_answers(found["guide"]["check_questions"], typed)
        self._show(found)
        self.is_found = True
        if asked(self, "start") and self.shown.is_applicable:
            # Back from sign-in, where the press on "start" had led.
            return Service.go_on
        if asked(self, "apply") and self.shown.is_applicable:
            # From the plain page, where "start" was pressed; nobody comes back to this address.
            return Service.start
        return None

    def _show(self, found: dict[str, Any], *, shows_missing: bool = False) -> None:
        self.shown = guide_view(self.reads, found)
        self.address = f"/g/{self.code}" + ("?lang=en" if self.reads == "en" else "")
        self.check = check_questions(self.reads, found, self._answers, shows_missing=shows_missing)
        self.check_note = say(self.reads, "check.note", count=len(self.check))
        self.mine = my_list(self.reads, found, self._answers)
        language = "&lang=en" if self.reads == "en" else ""
        self.list_address = f"/g/{self.code}/list?{self.mine.query}{language}"

    @rx.event
    @answering
    async def answer(self, form: dict[str, Any]):
        """Say what these answers make of the guide, or which question has none yet."""
        found = await services.page(await any_db(self), self.code)
        typed = typed_answers({name: str(value) for name, value in form.items()})
        self._answers = checks.read_answers(found["guide"]["check_questions"], typed)
        self._show(found, shows_missing=True)
        self.announcement = (
            say(self.reads, "check.done", count=len(self.mine.materials))
            if self.mine.is_known
            else say(self.reads, "check.errors")
        )

    async def _open_draft(self, who: SignedIn) -> str:
        """My draft of this service, with the answers of the check where the form asks the same."""
        application_id = await applications.start(who.db, self.code)
        if self._answers:
            found = await applications.page(who.db, application_id)
            schema = found["form_schema"]
            known = checks.for_draft(self._answers, schema)
            if found["form_version"] == 0:
                # The first save of a draft also brings what the profile knows.
                known = form_views.prefill(schema, found["profile"]) | known
            if known:
                await applications.save_draft(
                    who.db, application_id, known, base_version=found["form_version"]
                )
        return application_id

    def _sign_in_with_answers(self):
        """The address to come back to carries the answers as they are now: nothing is lost."""
        parts = (f"code={self.code}", as_query(self._answers), "start=1")
        target = f"/service/?{'&'.join(part for part in parts if part)}"
        return rx.redirect(
            f"/sign-in/?next={quote(target, safe='')}", replace=bool(asked(self, "apply"))
        )

    @rx.event
    @answering
    async def go_on(self):
        """Open my draft after sign-in; who came back without signing in reads the guide."""
        try:
            who = await signed_in_db(self)
        except SessionExpired:
            return None
        return rx.redirect(f"/apply/?id={await self._open_draft(who)}", replace=True)

    @rx.event
    @answering
    async def start(self):
        """Open my draft and go to it; a stranger signs in first and comes back."""
        self.is_starting = True
        try:
            who = await signed_in_db(self)
            application_id = await self._open_draft(who)
        except SessionExpired:
            return self._sign_in_with_answers()
        finally:
            self.is_starting = False
        return rx.redirect(f"/apply/?id={application_id}", replace=bool(asked(self, "apply")))


def _check() -> rx.Component:
    """The check "what do I need?", all questions in sight, one press for the answer."""
    known = content.card(
        guide_parts.my_list(Service.mine),
        rx.cond(
            Service.shown.is_applicable,
            button(t("check.apply"), on_click=Service.start, is_busy=Service.is_starting),
            rx.fragment(),
        ),
        rx.el.div(
            outer_link_button(
                t("check.list"), href=Service.list_address, kind="quiet", icon_name="print"
            ),
            class_name="no-print",
        ),
        tone="jade",
        id="my-list",
    )
    questions = rx.el.form(
        rx.el.p(Service.check_note, class_name="note"),
        rx.foreach(Service.check, guide_parts.check_question),
        button(t("check.go"), type="submit", kind="quiet", id="check-go"),
        on_submit=Service.answer,
        key=Service.code,
    )
    return rx.cond(
        Service.check.length() > 0,
        content.section(
            t("check.title"),
            content.card(questions, class_name="no-print"),
            rx.cond(Service.mine.is_known, known, rx.fragment()),
            id="check",
        ),
        rx.fragment(),
    )


def _paper_head() -> rx.Component:
    """What a sheet of paper says about itself, which a screen shows in its bars."""
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                t(
                    "guide.of_service",
                    county=t("home.county"),
                    department=Service.shown.department,
                )
            ),
            rx.el.p(Service.shown.version_note),
            rx.el.p(t("guide.scan")),
            class_name="grow",
        ),
        rx.el.img(src=f"/g/{Service.code}/qr.svg", alt="", width="96", height="96"),
        class_name="paper-head",
    )


def _guide() -> rx.Component:
    return rx.el.article(
        _paper_head(),
        rx.el.div(
            rx.el.h1(Service.shown.title),
            rx.el.p(Service.shown.subtitle, class_name="note"),
        ),
        guide_parts.items(Service.shown, _check()),
        guide_parts.questions(Service.shown),
        content.section(
            t("guide.where"),
            content.card(
                rx.el.p(Service.shown.how_to_apply),
                rx.el.p(Service.shown.department_note, class_name="note"),
            ),
        ),
        rx.el.p(Service.shown.version_note, class_name="note"),
        rx.el.div(
            outer_link_button(
                t("guide.plain"), href=Service.address, kind="plain", icon_name="file"
            ),
            outer_link_button(t("guide.status"), href="/s", kind="plain", icon_name="progress"),
            class_name="quiet-actions no-print",
        ),
        id="guide",
        class_name="stack",
    )


def _foot() -> rx.Component:
    start = button(
        t("guide.start"),
        on_click=Service.start,
        is_busy=Service.is_starting,
        busy_text=t("loading"),
        id="start",
    )
    call = outer_link_button(t("ask.phone"), href="tel:09373212345", kind="main", icon_name="phone")
    return shell.action_bar(
        rx.cond(Service.shown.is_applicable, start, call),
        rx.el.div(
            read_aloud(
                target_id="guide",
                parts=_PARTS,
                start_label=t("read.start"),
                pause_label=t("read.pause"),
                go_on_label=t("read.go_on"),
                stop_label=t("read.stop"),
            ),
            device.print_button(t("print")),
            device.share_button(
                t("share"),
                title=Service.shown.title,
                address=Service.address,
                done_label=t("share.done"),
            ),
            class_name="quiet-actions",
        ),
    )


@page("/service/", "title.service", on_load=Service.load)
def service() -> rx.Component:
    """One guide."""
    missing = nothing_there(
        "search", t("error.service_not_found"), link_button(t("services.title"), to="/services/")
    )
    return shell.phone_page(
        when_ready_for(
            "code",
            Service.code,
            Service.is_ready,
            rx.cond(Service.is_found, rx.fragment(trouble(), _guide()), missing),
        ),
        top=shell.app_bar(t("guide.title"), back_to="/services/", back_label=t("back")),
        foot=only_for(
            rx.cond(Service.is_found, _foot(), rx.fragment()),
            param="code",
            value=Service.code,
            fallback=rx.fragment(),
        ),
        above=[shell.announcer(Visitor.announcement)],
    )
