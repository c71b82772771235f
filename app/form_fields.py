"""The inputs of a form made of a schema: one shape per kind of field."""

from typing import Any

import reflex as rx

from app.form_views import FieldView, SectionView
from app.text import t
from components import content, forms
from components.linked_select import linked_select
from components.types import Label, OptionGroup, Text

Places = rx.Var[list[OptionGroup]]


def _input(field: rx.Var[FieldView], kind: str) -> rx.Component:
    return forms.text_input(
        field.name,
        field.label,
        help=field.help,
        value=field.value,
        error=field.error,
        kind="date" if kind == "date" else "text",
        inputmode=field.inputmode,
        autocomplete=field.autocomplete,
        is_required=field.is_required,
        max_length=field.max_length,
        optional_text=rx.cond(field.is_required, rx.fragment(), t("optional")),
    )


def _area(field: rx.Var[FieldView]) -> rx.Component:
    return forms.text_area(
        field.name,
        field.label,
        help=field.help,
        value=field.value,
        error=field.error,
        is_required=field.is_required,
        max_length=field.max_length,
    )


def _select(field: rx.Var[FieldView]) -> rx.Component:
    return forms.select_input(
        field.name,
        field.label,
        field.options,
        help=field.help,
        value=field.value,
        error=field.error,
        empty_label="—",
        is_required=field.is_required,
    )


def _radio(field: rx.Var[FieldView]) -> rx.Component:
    return forms.radio_group(
        field.name,
        field.label,
        field.options,
        help=field.help,
        value=field.value,
        error=field.error,
    )


def _declaration(field: rx.Var[FieldView]) -> rx.Component:
    return forms.check_box(
        field.name, field.label, help=field.help, value=field.is_checked, error=field.error
    )


def place_picker(
    id: Text, label: Label, places: rx.Var[list[OptionGroup]], **props: Any
) -> rx.Component:
    """A village of the county: its township first, then itself."""
    return linked_select(
        id,
        label,
        places,
        first_label=t("place.township"),
        second_label=t("place.village"),
        **props,
    )


def _division(field: rx.Var[FieldView], places: Places) -> rx.Component:
    return place_picker(
        field.name,
        field.label,
        places,
        help=field.help,
        value=field.value,
        error=field.error,
        is_required=field.is_required,
    )


def form_field(field: rx.Var[FieldView], places: Places) -> rx.Component:
    """One field; other choices may hide it."""
    shown = rx.match(
        field.kind,
        ("date", _input(field, "date")),
        ("area", _area(field)),
        ("select", _select(field)),
        ("division", _division(field, places)),
        ("radio", _radio(field)),
        ("declaration", _declaration(field)),
        _input(field, "text"),
    )
    return rx.cond(field.is_shown, rx.el.div(shown, key=field.name), rx.fragment())


def form_section(section: rx.Var[SectionView], places: Places) -> rx.Component:
    """Questions that belong together, under their heading."""
    return content.section(
        section.title,
        content.card(
            rx.el.div(
                rx.foreach(section.fields, lambda f: form_field(f, places)), class_name="stack"
            )
        ),
    )
