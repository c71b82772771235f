"""Pieces of a case's page: what is to be mended and owed, parts, questions, the paper receipt."""

from __future__ import annotations

import reflex as rx

from app.case_views import Owed, Part, Question, Wrong
from app.form_answers import AnswerRow
from app.form_fields import Doing, form_field
from app.material_cards import MaterialCard, photo, take_photo
from app.material_sources import wallet_part
from app.pages.case_asking import Asking
from app.pages.case_sources import CaseSources
from app.pages.case_state import Case
from app.text import t
from components import content, feedback, forms
from components.button import button
from components.draft import draft_keeper
from components.error_summary import error_summary
from components.kept_form import kept_form


def fact(row: rx.Var[AnswerRow]) -> rx.Component:
    """One fact: its name, its value."""
    return content.definition(row.label, row.value)


def _doing() -> Doing:
    return Doing(
        places=Case.places,
        application_id=Case.application_id,
        on_paper=Case.photo_done,
        on_remove_paper=Case.remove_photo,
        on_add=Case.add_item,
        on_remove=Case.remove_item,
        on_undo=Case.put_back,
        gone_from=Case.gone_from,
        gone_title=Case.gone_title,
    )


def _means(card: rx.Var[MaterialCard]) -> rx.Component:
    """How a paper that is asked for comes: from the wallet, or as a photo."""
    return rx.fragment(
        wallet_part(card.sources, card.code, CaseSources.use),
        rx.foreach(card.photos, lambda view: photo(view, Case.remove_photo)),
        take_photo(card, Case.application_id, Case.photo_done),
    )


def _photos(wrong: rx.Var[Wrong]) -> rx.Component:
    before = rx.fragment(
        rx.el.p(t("mend.before"), class_name="note"),
        rx.el.div(rx.foreach(wrong.before, lambda view: photo(view, None)), class_name="thumbs"),
    )
    return rx.fragment(
        rx.cond(wrong.before.length() > 0, before, rx.fragment()),
        rx.foreach(
            wrong.cards,
            _means,
        ),
    )


def _wrong(wrong: rx.Var[Wrong]) -> rx.Component:
    points = rx.el.div(
        rx.el.p(t("mend.not_met")),
        rx.el.ul(rx.foreach(wrong.points, lambda point: rx.el.li(point)), class_name="plain-list"),
    )
    return content.card(
        content.check_row(
            rx.el.span(wrong.title, class_name="strong"), wrong.state_text, is_done=wrong.is_done
        ),
        rx.cond(wrong.points.length() > 0, points, rx.fragment()),
        rx.el.p(t("mend.says", text=wrong.text)),
        _photos(wrong),
        rx.foreach(wrong.fields, lambda one: form_field(one, _doing())),
        key=wrong.code,
    )


def mending() -> rx.Component:
    """The one list of all that is wrong, and at each item the means to mend it."""
    due = rx.cond(
        Case.is_notice_late,
        rx.el.p(t("mend.late", day=Case.notice_due), class_name="strong urgent"),
        rx.el.p(t("mend.due", day=Case.notice_due), class_name="strong"),
    )
    head = content.card(
        rx.el.h2(t("mend.title")),
        rx.el.p(Case.mend_note),
        due,
        rx.el.p(Case.mend_progress, class_name="note num", role="status"),
        tone="amber",
    )
    kept = draft_keeper(
        rx.el.div(rx.foreach(Case.wrongs, _wrong), class_name="stack"),
        storage_key=f"mend:{Case.notice_id}",
        version=Case.form_receipt,
        saved_version=Case.last_receipt,
        incoming=Case.incoming,
        on_save=Case.save,
        on_restore=Case.restored,
    )
    return rx.el.div(
        head,
        error_summary(t("mend.errors"), Case.errors, attempt=Case.attempt),
        kept,
        class_name="stack",
        id="mend",
    )


def _owed(debt: rx.Var[Owed]) -> rx.Component:
    def means(card: rx.Var) -> rx.Component:
        hand_in = button(
            t("owed.hand_in"),
            content.hidden_text(debt.title),
            on_click=Case.hand_in_owed(debt.id),
        )
        return rx.fragment(
            _means(card),
            rx.cond(card.photos.length() > 0, hand_in, rx.fragment()),
        )

    def there(card: rx.Var) -> rx.Component:
        return rx.el.div(
            rx.foreach(card.photos, lambda view: photo(view, None)), class_name="thumbs"
        )

    back = rx.el.p(t("owed.sent_back", text=debt.text), class_name="urgent")
    problem = feedback.notice(debt.problem, tone="seal", icon_name="alert")
    return content.card(
        content.check_row(
            rx.el.span(debt.title, class_name="strong"), debt.state_text, is_done=debt.is_done
        ),
        rx.cond(debt.text != "", back, rx.fragment()),
        rx.cond(
            debt.is_done, rx.foreach(debt.cards, there), rx.fragment(rx.foreach(debt.cards, means))
        ),
        rx.el.div(rx.cond(debt.problem != "", problem, rx.fragment()), role="alert"),
        key=debt.id,
        tone=rx.cond(debt.is_done, "plain", "amber"),
    )


def owed() -> rx.Component:
    """Papers that come after the approval."""
    return rx.el.div(
        content.section(
            t("owed.title"),
            content.stack(rx.el.p(t("owed.note"), class_name="note"), rx.foreach(Case.owed, _owed)),
        ),
        id="owed",
    )


def _part(part: rx.Var[Part]) -> rx.Component:
    result = rx.cond(
        part.is_approved,
        rx.fragment(
            rx.el.p(part.result, class_name="strong"), rx.el.p(part.note, class_name="note")
        ),
        rx.cond(
            part.is_coming,
            rx.el.p(t("parts.result", name=part.result), class_name="note"),
            rx.fragment(),
        ),
    )
    refused = rx.el.dl(rx.foreach(part.refusal, fact), class_name="facts")
    return content.card(
        content.row(
            rx.el.h3(part.title, rx.el.span(part.who, class_name="note under")),
            content.tag(part.tag, part.tone),
        ),
        rx.cond(part.refusal.length() > 0, refused, result),
        tone=rx.match(part.tone, ("done", "jade"), ("late", "seal"), "plain"),
        key=part.code,
    )


def bundle() -> rx.Component:
    """Several departments at once: each with its state, its result or its refusal."""
    return rx.el.div(
        content.section(
            t("parts.title"),
            content.stack(
                rx.el.p(Case.parts_note, class_name="strong num"),
                rx.foreach(Case.parts, _part),
            ),
        ),
        id="parts",
    )


def _question(question: rx.Var[Question]) -> rx.Component:
    answered = rx.fragment(
        rx.el.p(question.answer), rx.el.p(question.answered, class_name="note num")
    )
    waits = content.tag(t("ask.waits"), "they")
    return content.card(
        rx.el.p(t("ask.you", text=question.text), class_name="strong"),
        rx.el.p(question.asked, class_name="note num"),
        rx.cond(question.answer != "", answered, waits),
        tone=rx.cond(question.answer != "", "jade", "plain"),
        key=question.id,
    )


def asking() -> rx.Component:
    """Questions to the case with their answers, and room for one more."""
    write = kept_form(
        forms.text_area(
            "question",
            t("ask.label"),
            help=t("ask.help"),
            rows=3,
            max_length=500,
            error=Asking.problem,
        ),
        button(t("ask.send"), type="submit", kind="quiet", icon_name="send"),
        storage_key=f"ask:{Case.application_id}",
        turn=Asking.turn,
        taken=Asking.taken,
        on_submit=Asking.ask,
    )
    return rx.el.div(
        content.section(
            t("ask.title"),
            content.stack(
                rx.foreach(Case.questions, _question),
                rx.cond(
                    Case.acts.contains("ask"),
                    content.card(rx.el.p(t("ask.note"), class_name="note"), write),
                    rx.fragment(),
                ),
            ),
        ),
        id="questions",
    )


def receipt() -> rx.Component:
    """On paper the page is a receipt."""
    scan = rx.el.div(
        rx.el.img(src=Case.code.qr, alt="", width="110", height="110"),
        rx.el.div(
            rx.el.p(t("case.code_name")),
            rx.el.p(Case.code.digits, class_name="large strong num"),
            rx.el.p(t("status.on_paper"), class_name="note"),
        ),
        class_name="row",
    )
    return rx.el.section(
        rx.el.p(t("home.county")),
        rx.el.h2(t("receipt.title")),
        rx.el.dl(rx.foreach(Case.receipt, fact), class_name="facts"),
        rx.cond(Case.code.digits != "", scan, rx.fragment()),
        class_name="receipt",
        aria_hidden="true",
    )
