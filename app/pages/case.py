"""One case of mine: whose turn it is, what was promised, what happened, what comes, and what I can
do now."""

from __future__ import annotations

import reflex as rx

from app.case_story import StoryRow
from app.frame import nothing_there, trouble, when_ready_for
from app.layout import page
from app.material_cards import MaterialCard, photo
from app.pages import case_parts
from app.pages.case_state import Case
from app.text import t
from app.visitor import Visitor
from components import content, device, dialog, feedback, shell
from components.button import button, link_button, outer_link_button
from components.draft import STATUS_TEXTS, draft_status
from components.subject import only_for


def _may(act: str) -> rx.Var[bool]:
    return Case.acts.contains(act)


def _when(is_so: rx.Var[bool], shown: rx.Component) -> rx.Component:
    return rx.cond(is_so, shown, rx.fragment())


def _step(row: rx.Var[StoryRow]) -> rx.Component:
    return feedback.timeline_item(row.title, row.note, row.state, state_text=row.state_text)


def _material(card: rx.Var[MaterialCard]) -> rx.Component:
    return rx.el.div(
        content.check_row(card.title, card.state_text, is_done=card.is_done),
        rx.el.div(rx.foreach(card.photos, lambda view: photo(view, None)), class_name="thumbs"),
    )


def _now() -> rx.Component:
    """Whose turn it is, until when, and what comes."""
    stands = rx.fragment(
        rx.el.p(Case.stands),
        rx.el.p(t("case.promised_on", day=Case.promise.note), class_name="note num"),
    )
    return content.card(
        content.row(
            content.tag(Case.tag, Case.tone),
            rx.el.span(Case.turn_note, class_name="note"),
        ),
        _when(
            Case.promise.number != "",
            content.promise(Case.promise.number, Case.promise.unit, Case.promise.note),
        ),
        _when(Case.stands != "", stands),
        _when(Case.next_note != "", rx.el.p(Case.next_note, class_name="note")),
    )


def _outcome() -> rx.Component:
    refused = content.card(
        rx.el.dl(rx.foreach(Case.refusal, case_parts.fact), class_name="facts"), tone="seal"
    )
    approved = content.card(
        rx.el.p(Case.result_name, class_name="strong"),
        rx.el.p(Case.result_note, class_name="note"),
        tone="jade",
    )
    returned = content.card(
        rx.el.p(t("case.returned"), class_name="strong"),
        rx.foreach(Case.returned, lambda said: rx.el.p(said)),
        tone="amber",
    )
    return rx.fragment(
        _when(Case.refusal.length() > 0, refused),
        _when(Case.result_name != "", approved),
        _when(Case.returned.length() > 0, returned),
        _when(Case.parts.length() > 0, case_parts.bundle()),
        _when(Case.is_refused, content.card(rx.el.p(t("refusal.review"), class_name="note"))),
    )


def _code() -> rx.Component:
    # Shown large, and said digit by digit.
    digits = rx.el.span(Case.code.digits, aria_hidden="true")
    name = rx.fragment(t("case.code_name"), content.hidden_text(Case.code.spoken))
    return content.card(
        content.big_code(digits, name),
        rx.el.p(t("case.code_use"), class_name="note center"),
        rx.el.div(
            device.share_button(
                t("status.share"),
                title=Case.code.title,
                address=Case.code.address,
                done_label=t("share.done"),
            ),
            class_name="quiet-actions",
        ),
        id="code",
    )


def _waits() -> rx.Component:
    """What waits for the reader stands first."""
    received = feedback.notice(Case.mend_received, icon_name="check", is_live=True)
    asked = feedback.notice(t("case.return_asked"), tone="amber", icon_name="clock")
    return rx.fragment(
        rx.el.div(_when(Case.mend_received != "", received), id="received"),
        _when(_may("reply"), case_parts.mending()),
        _when(Case.is_return_asked, asked),
        _when(Case.owed.length() > 0, case_parts.owed()),
    )


def _ways_out() -> rx.Component:
    withdraw = dialog.confirm_dialog(
        t("case.withdraw"),
        id="withdraw",
        title=t("case.withdraw_title"),
        text=t("case.withdraw_text"),
        confirm_label=t("case.withdraw"),
        cancel_label=t("cancel"),
        on_confirm=Case.withdraw,
        kind="stop",
        trigger_kind="plain",
    )
    ask_return = dialog.confirm_dialog(
        t("case.ask_return"),
        id="ask-return",
        title=t("case.ask_return_title"),
        text=t("case.ask_return_text"),
        confirm_label=t("case.ask_return"),
        cancel_label=t("cancel"),
        on_confirm=Case.ask_return,
        trigger_kind="plain",
    )
    copy = content.card(
        button(t("case.copy"), kind="quiet", icon_name="copy", on_click=Case.copy, id="copy"),
        rx.el.p(t("case.copy_note"), class_name="note"),
    )
    return rx.fragment(
        _when(_may("copy"), copy),
        _when(_may("ask_return"), ask_return),
        _when(_may("withdraw"), withdraw),
    )


def _body() -> rx.Component:
    number = rx.el.p(
        t("case.receipt", number=Case.receipt_number), class_name="note num", id="receipt"
    )
    ended = content.tag(Case.tag, Case.tone)
    talks = _may("ask") | (Case.questions.length() > 0)
    return rx.el.div(
        rx.el.div(number, rx.el.h1(Case.title), rx.cond(Case.is_open, rx.fragment(), ended)),
        _waits(),
        _when(Case.is_open, _now()),
        _outcome(),
        content.section(
            t("case.story"),
            content.card(feedback.timeline(rx.foreach(Case.rows, _step))),
        ),
        _when(Case.code.digits != "", _code()),
        _when(talks, case_parts.asking()),
        rx.el.details(
            rx.el.summary(t("case.answers"), class_name="strong"),
            content.card(rx.el.dl(rx.foreach(Case.answers, case_parts.fact), class_name="facts")),
            content.card(rx.foreach(Case.materials, _material)),
        ),
        _ways_out(),
        case_parts.receipt(),
        class_name="stack has-receipt",
        id="case",
    )


def _foot() -> rx.Component:
    words = {name: t(f"draft.{name}") for name in STATUS_TEXTS}
    reply = rx.fragment(
        draft_status(t("mend.kept"), id="save-status", texts=words),
        button(
            t("mend.reply"),
            on_click=Case.reply,
            is_busy=Case.is_replying,
            busy_text=t("mend.replying"),
            id="reply",
        ),
    )
    call = shell.action_row(
        outer_link_button(t("case.call"), href="tel:09373212345", icon_name="phone"),
        device.print_button(t("receipt.print"), kind="quiet"),
    )
    return shell.action_bar(rx.cond(_may("reply"), reply, call))


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
