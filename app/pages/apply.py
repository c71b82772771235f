"""Apply: the form and the photos of one draft, saved as typed, handed in once."""

from __future__ import annotations

import reflex as rx

from app.form_fields import Doing, form_section
from app.frame import nothing_there, trouble, when_ready_for
from app.layout import page
from app.material_cards import material_card, photo
from app.material_sources import Taking
from app.pages.apply_draft import Offer, ReviewBlock, ReviewRow
from app.pages.apply_sources import Sources
from app.pages.apply_state import Apply
from app.text import t
from app.visitor import Visitor
from components import content, dialog, shell
from components.back_closes import back_closes
from components.button import button, link_button
from components.draft import STATUS_TEXTS, draft_keeper, draft_status
from components.error_summary import error_summary
from components.focus import focus_on
from components.subject import only_for


def _offer(offer: rx.Var[Offer]) -> rx.Component:
    return content.card(
        rx.el.p(t("apply.offer", label=offer.label), class_name="strong"),
        rx.el.p(offer.text),
        content.row(
            button(
                t("apply.take_back"),
                kind="quiet",
                on_click=Apply.take_back(offer.name),
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


def _withdrawn() -> rx.Component:
    return content.card(
        rx.el.p(t("apply.withdrawn"), class_name="strong"),
        rx.el.p(Apply.withdrawn_because),
        rx.el.p(t("apply.withdrawn_note"), class_name="note"),
        link_button(t("apply.withdrawn_go"), to="/services/", kind="quiet"),
        tone="amber",
    )


def _earlier() -> rx.Component:
    """Nobody writes the same answers twice: those of the last case of this service are there."""
    return rx.cond(
        Apply.earlier_id != "",
        content.card(
            rx.el.p(t("apply.earlier", day=Apply.earlier_on), class_name="strong"),
            rx.el.p(t("apply.earlier_note"), class_name="note"),
            content.row(
                button(t("apply.take_over"), kind="quiet", on_click=Apply.take_over(True)),
                button(t("apply.leave_earlier"), kind="plain", on_click=Apply.take_over(False)),
            ),
            tone="jade",
        ),
        rx.fragment(),
    )


def _taking() -> Taking:
    return Taking(Sources.use, Sources.ask, Sources.dispute, Sources.is_asking)


def _form() -> rx.Component:
    doing = Doing(
        places=Apply.places,
        application_id=Apply.application_id,
        on_paper=Apply.photo_done,
        on_remove_paper=Apply.remove_photo,
        taking=_taking(),
        on_add=Apply.add_item,
        on_remove=Apply.remove_item,
        on_undo=Apply.put_back,
        gone_from=Apply.gone_from,
        gone_title=Apply.gone_title,
        on_not_right=Sources.not_right,
        on_right=Sources.is_right,
    )
    return draft_keeper(
        rx.foreach(Apply.sections, lambda section: form_section(section, doing)),
        storage_key=f"draft:{Apply.application_id}",
        version=Apply.receipt,
        saved_version=Apply.last_receipt,
        is_closed=Apply.is_closed,
        incoming=Apply.incoming,
        on_save=Apply.save,
        on_restore=Apply.restored,
    )


def _papers() -> rx.Component:
    cards = rx.foreach(
        Apply.materials,
        lambda card: material_card(
            card, Apply.application_id, Apply.photo_done, Apply.remove_photo, _taking()
        ),
    )
    return rx.el.div(
        rx.cond(
            Apply.materials.length() > 0, content.section(t("apply.photos"), cards), rx.fragment()
        ),
        id="papers",
        tab_index=-1,
    )


def _discard() -> rx.Component:
    return dialog.confirm_dialog(
        t("apply.discard"),
        id="discard",
        title=t("apply.discard_title"),
        text=t("apply.discard_text"),
        confirm_label=t("apply.discard"),
        cancel_label=t("cancel"),
        on_confirm=Apply.discard,
        kind="stop",
        trigger_kind="plain",
    )


def _body() -> rx.Component:
    # The form stays where it is while it is looked over: what is typed in it is kept by it.
    return rx.el.div(
        error_summary(t("apply.errors"), Apply.errors, attempt=Apply.attempt),
        rx.cond(Apply.withdrawn_because != "", _withdrawn(), _newer_guide()),
        rx.el.div(
            rx.el.div(
                _earlier(),
                rx.foreach(Apply.offers, _offer),
                _form(),
                _papers(),
                _discard(),
                class_name="stack",
            ),
            hidden=Apply.is_checking,
        ),
        rx.cond(Apply.is_checking, _review(), rx.fragment()),
        back_closes(is_open=Apply.is_checking, on_back=Apply.change("main")),
        focus_on(Apply.focus_target, turn=Apply.focus_turn),
        class_name="stack",
    )


def _row(row: rx.Var[ReviewRow]) -> rx.Component:
    note = rx.el.p(row.note, class_name="small urgent")
    value = rx.fragment(row.value, rx.cond(row.note != "", note, rx.fragment()))
    return content.definition(row.label, value)


def _block(block: rx.Var[ReviewBlock]) -> rx.Component:
    return content.card(
        rx.el.div(
            rx.el.h3(block.title, class_name="grow"),
            button(
                t("apply.change"),
                content.hidden_text(block.title),
                kind="plain",
                icon_name="edit",
                on_click=Apply.change(block.target),
            ),
            class_name="row apart",
        ),
        content.definition_list(rx.foreach(block.rows, _row)),
        rx.el.div(rx.foreach(block.photos, lambda view: photo(view, None)), class_name="thumbs"),
    )


def _review() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("apply.review"), id="review", tab_index=-1),
        rx.el.p(t("apply.review_note"), class_name="note"),
        rx.foreach(Apply.review, _block),
        class_name="stack",
    )


def _foot() -> rx.Component:
    follow = link_button(t("apply.see_case"), to=f"/case/?id={Apply.application_id}")
    writing = rx.fragment(_status(), button(t("apply.check"), on_click=Apply.check, id="check"))
    return shell.action_bar(
        rx.cond(Apply.is_closed, follow, rx.cond(Apply.is_checking, _submit(), writing))
    )


def _submit() -> rx.Component:
    return rx.el.div(
        button(t("apply.back_to_form"), kind="quiet", on_click=Apply.change("main")),
        button(
            t("apply.submit"),
            on_click=Apply.submit,
            is_busy=Apply.is_submitting,
            busy_text=t("apply.submitting"),
            id="submit",
        ),
        class_name="action-row",
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
        rx.cond(Apply.is_ready, Apply.is_found, True),
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
