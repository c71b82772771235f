"""Apply: the form and the photos of one draft, saved as typed, handed in once."""

from __future__ import annotations

import reflex as rx

from app.form_fields import form_section
from app.frame import nothing_there, trouble, when_ready_for
from app.layout import page
from app.material_cards import material_card
from app.material_sources import Taking
from app.pages.apply_sources import Sources
from app.pages.apply_state import Apply, Offer
from app.text import t
from app.visitor import Visitor
from components import content, dialog, shell
from components.button import button, link_button
from components.draft import STATUS_TEXTS, draft_keeper, draft_status
from components.error_summary import error_summary
from components.subject import only_for


def _offer(offer: rx.Var[Offer]) -> rx.Component:
    return content.card(
        rx.el.p(t("apply.offer", label=offer.label), class_name="strong"),
        rx.el.p(offer.text),
        content.row(
            button(
                t("apply.take_back"),
                kind="quiet",
                on_click=Apply.take_back(offer.name, offer.text),
            ),
            button(t("apply.leave"), kind="plain", on_click=Apply.leave_it(offer.name)),
        ),
        tone="amber",
    )


def _status() -> rx.Component:
    words = {name: t(f"draft.{name}") for name in STATUS_TEXTS}
    return draft_status(t("draft.kept"), id="save-status", texts=words)


def _newer_guide() -> rx.Component:
    return rx.cond(
        Apply.is_newest_guide,
        rx.fragment(),
        content.card(
            rx.el.p(t("apply.guide_changed"), class_name="strong"),
            rx.el.p(t("apply.guide_changed_note"), class_name="note"),
            button(t("apply.use_newest"), kind="quiet", on_click=Apply.use_newest_guide),
            tone="amber",
        ),
    )


def _form() -> rx.Component:
    return draft_keeper(
        rx.foreach(Apply.sections, lambda section: form_section(section, Apply.places)),
        storage_key=f"draft:{Apply.application_id}",
        version=Apply.receipt,
        saved_version=Apply.last_receipt,
        is_closed=Apply.is_closed,
        incoming=Apply.incoming,
        on_save=Apply.save,
        on_restore=Apply.restored,
    )


def _body() -> rx.Component:
    return rx.el.div(
        error_summary(t("apply.errors"), Apply.errors, attempt=Apply.attempt),
        _newer_guide(),
        rx.foreach(Apply.offers, _offer),
        _form(),
        content.section(
            t("apply.photos"),
            rx.foreach(
                Apply.materials,
                lambda card: material_card(
                    card,
                    Apply.application_id,
                    Apply.photo_done,
                    Apply.remove_photo,
                    Taking(Sources.use, Sources.ask, Sources.dispute, Sources.is_asking),
                ),
            ),
        ),
        dialog.confirm_dialog(
            t("apply.discard"),
            id="discard",
            title=t("apply.discard_title"),
            text=t("apply.discard_text"),
            confirm_label=t("apply.discard"),
            cancel_label=t("cancel"),
            on_confirm=Apply.discard,
            kind="stop",
            trigger_kind="plain",
        ),
        class_name="stack",
    )


def _foot() -> rx.Component:
    follow = link_button(t("apply.see_case"), to=f"/case/?id={Apply.application_id}")
    return shell.action_bar(rx.cond(Apply.is_closed, follow, rx.fragment(_status(), _submit())))


def _submit() -> rx.Component:
    return rx.fragment(
        button(
            t("apply.submit"),
            on_click=Apply.submit,
            is_busy=Apply.is_submitting,
            busy_text=t("apply.submitting"),
            id="submit",
        ),
    )


def _head() -> rx.Component:
    """Stands there before the draft is read, and stays where it is."""
    title = only_for(
        # The same words as in the fallback, so that the prerendered page is the browser's first.
        rx.el.h1(rx.cond(Apply.title == "", t("apply.title"), Apply.title)),
        param="id",
        value=Apply.application_id,
        fallback=rx.el.h1(t("apply.title")),
    )
    return rx.cond(
        Apply.is_found | ~Apply.is_ready,
        rx.el.div(title, rx.el.p(t("apply.note"), class_name="note")),
        rx.fragment(),
    )


@page("/apply/", "title.apply", "signed_in", on_load=Apply.load)
def apply() -> rx.Component:
    """One draft."""
    missing = nothing_there(
        "file", t("error.case_not_found"), link_button(t("cases.see"), to="/cases/")
    )
    return shell.phone_page(
        _head(),
        when_ready_for(
            "id",
            Apply.application_id,
            Apply.is_ready,
            rx.cond(Apply.is_found, rx.fragment(trouble(), _body()), missing),
        ),
        top=shell.app_bar(t("apply.title"), back_to="/cases/", back_label=t("back")),
        foot=only_for(
            rx.cond(Apply.is_found, _foot(), rx.fragment()),
            param="id",
            value=Apply.application_id,
            fallback=rx.fragment(),
        ),
        above=[shell.announcer(Visitor.announcement)],
    )
