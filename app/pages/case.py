"""One case of mine: whose turn it is, what was promised, what happened, what comes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app import form_answers, views
from app.form_answers import AnswerRow
from app.frame import nothing_there, trouble, when_ready_for
from app.layout import page
from app.live import follow
from app.material_cards import MaterialCard, material_cards, photo
from app.text import Language, dates, local, say, t
from app.visitor import Visitor, answering, asked, signed_in_db
from backend import applications, divisions
from components import content, device, dialog, feedback, shell
from components.button import link_button, outer_link_button
from components.subject import only_for


class Case(Visitor):
    """What the case's owner sees."""

    application_id: str = ""
    is_ready: bool = False
    is_found: bool = False
    is_open: bool = False
    title: str = ""
    receipt_number: str = ""
    case_code: str = ""
    status_address: str = ""
    status_qr: str = ""
    status_title: str = ""
    tag: str = ""
    tone: str = "they"
    turn_note: str = ""
    promise_number: str = ""
    promise_unit: str = ""
    promise_note: str = ""
    rows: list[views.StepRow] = []
    answers: list[AnswerRow] = []
    materials: list[MaterialCard] = []
    refusal: list[AnswerRow] = []
    result_name: str = ""
    result_note: str = ""
    following: int = 0

    @rx.event
    @answering
    async def load(self):
        """Show the case the address names."""
        self.is_found = False
        self.application_id = asked(self, "id")
        who = await signed_in_db(self)
        self.is_signed_in = True
        found = await applications.page(who.db, self.application_id)
        if not found["is_owner"]:
            return rx.redirect(f"/desk/?id={self.application_id}")
        if found["case"]["status"] == "draft":
            return rx.redirect(f"/apply/?id={self.application_id}")
        places = await divisions.every(who.db)
        names = form_answers.division_names(self.reads, places)
        self.answers = form_answers.answers(self.reads, found["form_schema"], found["form"], names)
        self._show(found)
        self.is_found = True
        return Case.follow_case

    def _show(self, found: dict[str, Any]) -> None:
        reads, case = self.reads, found["case"]
        self.title = local(reads, case["service"])
        self.receipt_number = views.grouped(case["receipt_number"])
        self.is_open = case["status"] in ("in_progress", "waiting_for_citizen", "suspended")
        self.case_code = views.spaced(found["case_code"] or "") if self.is_open else ""
        self.status_address = f"/s?code={found['case_code']}"
        self.status_qr = f"/s/{found['case_code']}/qr.svg"
        self.status_title = say(reads, "status.share_title", code=self.case_code)
        self.tag, self.tone = views.turn(reads, case)
        self.turn_note = say(reads, f"holder.{case['holder']}") if self.is_open else ""
        self._show_promise(reads, case)
        self.rows = views.story(reads, found)
        self.materials = material_cards(reads, found["materials"])
        self.result_name = local(reads, found["result"]["name"])
        self.result_note = local(reads, found["result"].get("note"))
        if case["status"] != "approved":
            self.result_name = ""
        self.refusal = _refusal(reads, found["decision"])

    def _show_promise(self, reads: Language, case: dict[str, Any]) -> None:
        if not self.is_open:
            self.promise_number = ""
            return
        days = max(case["days_left"] or 0, 0)
        self.promise_number = str(days) if days else say(reads, "promise.today")
        self.promise_unit = say(reads, "promise.days" if days else "promise.by_today")
        self.promise_note = dates.moment(reads, case["promised_at"])

    async def read_again(self) -> None:
        """The case moved: show it, and say so."""
        who = await signed_in_db(self)
        before = self.tag
        self._show(await applications.page(who.db, self.application_id))
        if self.tag != before:
            self.announcement = say(self.reads, "case.moved", tag=self.tag)

    @rx.event(background=True)
    async def follow_case(self):
        """Watch the case while its page is open."""
        async with self:
            topics = [("case", self.application_id)]
        await follow(self, topics)

    @rx.event
    @answering
    async def withdraw(self):
        """Take the case back."""
        who = await signed_in_db(self)
        await applications.withdraw(who.db, self.application_id)
        self._show(await applications.page(who.db, self.application_id))


def _refusal(reads: Language, decision: dict[str, Any] | None) -> list[AnswerRow]:
    if not decision or decision["outcome"] != "refused":
        return []
    return [
        AnswerRow("name", say(reads, "refusal.name"), local(reads, decision["name"])),
        AnswerRow("reason", say(reads, "refusal.reason"), decision["reason"]),
        AnswerRow("law", say(reads, "refusal.law"), local(reads, decision["legal_basis"])),
        AnswerRow("way_on", say(reads, "refusal.way_on"), local(reads, decision["way_on"])),
    ]


def _fact(row: rx.Var[AnswerRow]) -> rx.Component:
    return content.definition(row.label, row.value)


def _step(row: rx.Var[views.StepRow]) -> rx.Component:
    return feedback.timeline_item(row.title, row.note, row.state)


def _material(card: rx.Var[MaterialCard]) -> rx.Component:
    return rx.el.div(
        content.check_row(card.title, card.state_text, is_done=card.is_done),
        rx.el.div(rx.foreach(card.photos, lambda view: photo(view, None)), class_name="thumbs"),
    )


def _now() -> rx.Component:
    return content.card(
        content.row(
            content.tag(Case.tag, Case.tone),
            rx.el.span(Case.turn_note, class_name="note"),
        ),
        rx.cond(
            Case.promise_number != "",
            content.promise(Case.promise_number, Case.promise_unit, Case.promise_note),
            rx.fragment(),
        ),
    )


def _outcome() -> rx.Component:
    refused = content.card(
        rx.el.dl(rx.foreach(Case.refusal, _fact), class_name="facts"),
        rx.el.p(t("refusal.review"), class_name="note"),
        tone="seal",
    )
    approved = content.card(
        rx.el.p(Case.result_name, class_name="strong"),
        rx.el.p(Case.result_note, class_name="note"),
        tone="jade",
    )
    return rx.fragment(
        rx.cond(Case.refusal.length() > 0, refused, rx.fragment()),
        rx.cond(Case.result_name != "", approved, rx.fragment()),
    )


def _body() -> rx.Component:
    numbers = rx.el.p(
        t("case.receipt", number=Case.receipt_number),
        class_name="note num",
        id="receipt",
    )
    code = content.card(
        content.big_code(Case.case_code, t("case.code_note")),
        rx.el.div(
            device.share_button(
                t("status.share"),
                title=Case.status_title,
                address=Case.status_address,
                done_label=t("share.done"),
            ),
            class_name="quiet-actions",
        ),
        rx.el.div(
            rx.el.p(t("status.on_paper"), class_name="grow"),
            rx.el.img(src=Case.status_qr, alt="", width="96", height="96"),
            class_name="paper-head",
        ),
    )
    return rx.el.div(
        rx.el.div(numbers, rx.el.h1(Case.title)),
        _now(),
        _outcome(),
        content.section(
            t("case.story"),
            content.card(feedback.timeline(rx.foreach(Case.rows, _step))),
        ),
        rx.cond(Case.case_code != "", code, rx.fragment()),
        rx.el.details(
            rx.el.summary(t("case.answers"), class_name="strong"),
            content.card(rx.el.dl(rx.foreach(Case.answers, _fact), class_name="facts")),
            content.card(rx.foreach(Case.materials, _material)),
        ),
        rx.cond(
            Case.is_open,
            dialog.confirm_dialog(
                t("case.withdraw"),
                id="withdraw",
                title=t("case.withdraw_title"),
                text=t("case.withdraw_text"),
                confirm_label=t("case.withdraw"),
                cancel_label=t("cancel"),
                on_confirm=Case.withdraw,
                kind="stop",
                trigger_kind="plain",
            ),
            rx.fragment(),
        ),
        class_name="stack",
        id="case",
    )


def _foot() -> rx.Component:
    return shell.action_bar(
        shell.action_row(
            outer_link_button(t("case.ask"), href="tel:09373212345", icon_name="phone"),
            device.print_button(t("print"), kind="quiet"),
        )
    )


@page("/case/", "title.case", "signed_in", on_load=Case.load)
def case() -> rx.Component:
    """One case."""
    missing = nothing_there(
        "file", t("error.case_not_found"), link_button(t("cases.see"), to="/cases/")
    )
    return shell.phone_page(
        when_ready_for(
            "id",
            Case.application_id,
            Case.is_ready,
            rx.cond(Case.is_found, rx.fragment(trouble(), _body()), missing),
        ),
        top=shell.app_bar(t("case.title"), back_to="/cases/", back_label=t("back")),
        foot=only_for(
            rx.cond(Case.is_found, _foot(), rx.fragment()),
            param="id",
            value=Case.application_id,
            fallback=rx.fragment(),
        ),
        above=[shell.announcer(Visitor.announcement)],
    )
