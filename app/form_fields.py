"""The inputs of a form made of a schema: one shape per kind of field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.form_views import REASON, FieldView, ItemView, PlainField, SectionView
from app.material_cards import MaterialCard, material_card, photo
from app.material_sources import Taking
from app.text import t
from components import content, feedback, forms
from components.button import button
from components.linked_select import linked_select
from components.repeating import repeating_group, repeating_item
from components.signature import SIGNATURE_TEXTS, signature_pad
from components.types import Handler, Label, OptionGroup, Text
from components.written import written_input

Places = rx.Var[list[OptionGroup]]
AnyField = rx.Var[PlainField] | rx.Var[FieldView]


@dataclass(frozen=True)
class Doing:
    """What the page around a form gives its fields: the county's places, and what happens."""

    places: Places
    application_id: rx.Var[str]
    on_paper: Handler
    on_remove_paper: Handler
    on_add: Callable[[rx.Var[str]], Handler]
    on_remove: Callable[[rx.Var[str], rx.Var[int]], Handler]
    on_undo: Handler
    gone_from: rx.Var[str]
    gone_title: rx.Var[str]
    taking: Taking | None = None
    on_not_right: Callable[[rx.Var[str]], Handler] | None = None
    on_right: Callable[[rx.Var[str]], Handler] | None = None


def _answer(field: AnyField) -> dict[str, Any]:
    """What every kind of field shows: its help, the answer, and what is wrong with it."""
    return {"help": field.help, "value": field.value, "error": field.error}


def _typed(field: AnyField) -> dict[str, Any]:
    """What every field with typed text also has."""
    return _answer(field) | {"is_required": field.is_required, "max_length": field.max_length}


def _keys(field: AnyField) -> dict[str, Any]:
    """Which keyboard a phone shows, and what it offers from its own memory."""
    return {"inputmode": field.inputmode, "autocomplete": field.autocomplete}


def _optional(field: AnyField) -> rx.Component:
    return rx.cond(field.is_required, rx.fragment(), t("optional"))


def _input(field: AnyField) -> rx.Component:
    return forms.text_input(
        field.name,
        field.label,
        **_typed(field),
        **_keys(field),
        optional_text=_optional(field),
    )


def _written(field: AnyField) -> rx.Component:
    line = written_input(
        field.name,
        field.label,
        format=field.format,
        **_typed(field),
        **_keys(field),
        optional_text=rx.fragment(
            rx.cond(field.format == "money", t("money.unit"), rx.fragment()), _optional(field)
        ),
    )
    doubt = feedback.notice(field.warning, tone="amber", icon_name="alert")
    return rx.el.div(
        line,
        rx.el.div(
            rx.cond(field.warning != "", doubt, rx.fragment()), role="status", class_name="doubt"
        ),
    )


def _area(field: AnyField) -> rx.Component:
    return forms.text_area(field.name, field.label, **_typed(field), optional_text=_optional(field))


def _select(field: AnyField) -> rx.Component:
    return forms.select_input(
        field.name,
        field.label,
        field.options,
        **_answer(field),
        empty_label="—",
        is_required=field.is_required,
        optional_text=_optional(field),
    )


def _radio(field: AnyField) -> rx.Component:
    return forms.radio_group(field.name, field.label, field.options, **_answer(field))


def _declaration(field: AnyField) -> rx.Component:
    return forms.check_box(
        field.name, field.label, help=field.help, value=field.is_checked, error=field.error
    )


def place_picker(id: Text, label: Label, places: Places, **props: Any) -> rx.Component:
    """A village of the county: its township first, then itself."""
    return linked_select(
        id,
        label,
        places,
        first_label=t("place.township"),
        second_label=t("place.village"),
        **props,
    )


def _division(field: AnyField, places: Places) -> rx.Component:
    return place_picker(
        field.name,
        field.label,
        places,
        **_answer(field),
        is_required=field.is_required,
    )


def _address(field: AnyField, places: Places) -> rx.Component:
    """The browser's own address book knows another kind of address, so it stays out."""
    place = place_picker(
        f"{field.name}.division",
        field.label,
        places,
        **_answer(field),
        is_required=field.is_required,
    )
    line = forms.text_input(
        f"{field.name}.line",
        t("place.line"),
        help=t("place.line_help"),
        value=field.line,
        error=field.line_error,
        autocomplete="off",
        is_required=field.is_required,
        max_length=field.max_length,
    )
    return rx.el.div(place, line, class_name="stack")


def _plain(field: AnyField, places: Places, *more: tuple[str, rx.Component]) -> rx.Component:
    return rx.match(
        field.kind,
        ("written", _written(field)),
        ("area", _area(field)),
        ("select", _select(field)),
        ("division", _division(field, places)),
        ("address", _address(field, places)),
        ("radio", _radio(field)),
        ("declaration", _declaration(field)),
        *more,
        _input(field),
    )


def _item(field: rx.Var[FieldView], item: rx.Var[ItemView], doing: Doing) -> rx.Component:
    def inner(one: rx.Var[PlainField]) -> rx.Component:
        shown = rx.el.div(_plain(one, doing.places), key=one.name)
        return rx.cond(one.is_shown, shown, rx.fragment())

    return repeating_item(
        rx.foreach(item.fields, inner),
        id=item.id,
        title=item.title,
        remove_label=t("group.remove"),
        confirm_title=t("group.remove_title"),
        confirm_text=t("group.remove_text"),
        cancel_label=t("cancel"),
        on_remove=doing.on_remove(field.name, item.place),
    )


def _group(field: rx.Var[FieldView], doing: Doing) -> rx.Component:
    return repeating_group(
        rx.foreach(field.members, lambda item: _item(field, item, doing)),
        id=field.name,
        label=field.label,
        help=field.help,
        error=field.error,
        add_label=field.add_label,
        on_add=doing.on_add(field.name),
        has_room=field.has_room,
        is_gone=doing.gone_from == field.name,
        gone_text=t("group.gone", name=doing.gone_title),
        undo_label=t("group.undo"),
        on_undo=doing.on_undo,
    )


def _paper(card: rx.Var[MaterialCard], doing: Doing) -> rx.Component:
    return material_card(
        card, doing.application_id, doing.on_paper, doing.on_remove_paper, doing.taking
    )


def _signature(field: rx.Var[FieldView], card: rx.Var[MaterialCard], doing: Doing) -> rx.Component:
    pad = signature_pad(
        f"material-{card.code}",
        field.label,
        help=field.help,
        begin_url="/api/documents/begin",
        finish_url="/api/documents/finish",
        subject={"application_id": doing.application_id, "material_code": card.code},
        texts={name: t(f"signature.{name}") for name in SIGNATURE_TEXTS},
        on_done=doing.on_paper,
    )
    signed = rx.el.div(
        rx.el.p(field.label, class_name="label"),
        rx.el.p(t("signature.there"), class_name="note"),
        rx.foreach(card.photos, lambda view: photo(view, doing.on_remove_paper)),
        class_name="field",
    )
    return rx.cond(card.has_room, rx.el.div(pad, key=card.key), signed)


def _origin(field: rx.Var[FieldView], doing: Doing) -> rx.Component:
    """Where an answer came from that nobody typed, and a way to say that it is not right."""
    if doing.on_not_right is None or doing.on_right is None:
        return rx.fragment()
    told = rx.el.div(
        rx.el.span(field.origin, class_name="note num"),
        button(
            t("origin.not_right"),
            content.hidden_text(field.label),
            kind="plain",
            on_click=doing.on_not_right(field.name),
        ),
        class_name="origin",
    )
    disputed = rx.el.div(
        forms.text_input(
            f"{REASON}{field.name}",
            t("origin.reason"),
            help=t("origin.reason_help"),
            value=field.reason,
            max_length=200,
            autocomplete="off",
            optional_text=t("optional"),
        ),
        button(
            t("origin.take_back"),
            content.hidden_text(field.label),
            kind="plain",
            on_click=doing.on_right(field.name),
        ),
        class_name="origin-reason",
    )
    return rx.fragment(
        rx.cond(field.origin != "", told, rx.fragment()),
        rx.cond(field.is_disputed, disputed, rx.fragment()),
    )


def form_field(field: rx.Var[FieldView], doing: Doing) -> rx.Component:
    """One field; other choices may hide it."""
    shown = _plain(
        field,
        doing.places,
        ("group", _group(field, doing)),
        ("file", rx.fragment(rx.foreach(field.cards, lambda card: _paper(card, doing)))),
        (
            "signature",
            rx.fragment(rx.foreach(field.cards, lambda card: _signature(field, card, doing))),
        ),
    )
    place = rx.el.div(shown, _origin(field, doing), key=field.name, id=f"{field.name}-place")
    return rx.cond(field.is_shown, place, rx.fragment())


def form_section(section: rx.Var[SectionView], doing: Doing) -> rx.Component:
    """Questions that belong together, under their heading; other choices may hide them all."""
    return rx.cond(
        section.is_shown,
        content.section(
            section.title,
            content.card(
                rx.el.div(
                    rx.foreach(section.fields, lambda one: form_field(one, doing)),
                    class_name="stack",
                )
            ),
        ),
        rx.fragment(),
    )
