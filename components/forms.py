"""Inputs. They keep what is typed in the browser and report it; they never own it.

All inputs are uncontrolled: `value` is what the field holds when it first appears. A page whose
values arrive later renders the form when they are there, or gives the input a `key`.
"""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from components.field import (
    described_by,
    error_text,
    field_frame,
    flag_attribute,
    group_frame,
    help_text,
    without_none,
)
from components.icon import icon
from components.types import Flag, Handler, Label, Option, Text

InputKind = Literal["text", "tel", "number", "date", "search"]
Options = Sequence[Option] | rx.Var[Any]


def text_input(
    id: Text,
    label: Label,
    *,
    name: Text | None = None,
    help: Label | None = None,
    value: Text | None = None,
    error: Text | None = None,
    kind: InputKind | rx.Var[Any] = "text",
    inputmode: Text | None = None,
    autocomplete: Text | None = None,
    is_required: Flag = False,
    max_length: int | rx.Var[Any] | None = None,
    optional_text: Label | None = None,
    on_change: Handler = None,
    on_blur: Handler = None,
    on_enter: Handler = None,
    **props: Any,
) -> rx.Component:
    """One line of text. `error` is a Var that is '' while all is well.

    `on_enter` happens when Enter is pressed; other keys stay in the browser. Inside a form
    prefer the form's `on_submit`.
    """
    if on_enter is not None:
        props["on_key_down"] = _only_enter(on_enter)
    control = rx.el.input(
        id=id,
        name=name if name is not None else id,
        type=kind,
        class_name="input",
        **without_none(
            default_value=value,
            input_mode=inputmode,
            auto_complete=autocomplete,
            max_length=max_length,
            on_change=on_change,
            on_blur=on_blur,
        ),
        **flag_attribute("aria_required", is_required),
        **described_by(id, help=help, error=error),
        **props,
    )
    return field_frame(
        control, id=id, label=label, help=help, error=error, optional_text=optional_text
    )


def _only_enter(on_enter: Handler) -> Handler:
    """Let only the Enter key through; other keys must not travel to the server."""
    return lambda key: rx.cond(key == "Enter", on_enter, rx.noop())


def text_area(
    id: Text,
    label: Label,
    *,
    name: Text | None = None,
    help: Label | None = None,
    value: Text | None = None,
    error: Text | None = None,
    rows: int = 4,
    is_required: Flag = False,
    max_length: int | rx.Var[Any] | None = None,
    optional_text: Label | None = None,
    on_change: Handler = None,
    on_blur: Handler = None,
    **props: Any,
) -> rx.Component:
    """Several lines of text, in the writer's own words."""
    control = rx.el.textarea(
        id=id,
        name=name if name is not None else id,
        rows=rows,
        class_name="input",
        **without_none(
            default_value=value, max_length=max_length, on_change=on_change, on_blur=on_blur
        ),
        **flag_attribute("aria_required", is_required),
        **described_by(id, help=help, error=error),
        **props,
    )
    return field_frame(
        control, id=id, label=label, help=help, error=error, optional_text=optional_text
    )


def select_input(
    id: Text,
    label: Label,
    options: Options,
    *,
    name: Text | None = None,
    help: Label | None = None,
    value: Text | None = None,
    error: Text | None = None,
    empty_label: Text | None = None,
    is_required: Flag = False,
    optional_text: Label | None = None,
    on_change: Handler = None,
    **props: Any,
) -> rx.Component:
    """One choice from a list too long to show; `empty_label` stands for 'not chosen yet'."""
    blank = [] if empty_label is None else [rx.el.option(empty_label, value="")]
    control = rx.el.select(
        *blank,
        *_each_option(options, lambda option: rx.el.option(option.label, value=option.value)),
        id=id,
        name=name if name is not None else id,
        class_name="input select",
        **without_none(default_value=value, on_change=on_change),
        **flag_attribute("aria_required", is_required),
        **described_by(id, help=help, error=error),
        **props,
    )
    return field_frame(
        control, id=id, label=label, help=help, error=error, optional_text=optional_text
    )


def radio_group(
    id: Text,
    label: Label,
    options: Options,
    *,
    name: Text | None = None,
    help: Label | None = None,
    value: Text | None = None,
    error: Text | None = None,
    on_change: Handler = None,
) -> rx.Component:
    """One choice of a few, all in sight; each line is one large target."""
    field_name = name if name is not None else id

    def choice(option: Any) -> rx.Component:
        element_id = f"{id}-{option.value}"
        return rx.el.label(
            rx.el.input(
                id=element_id,
                type="radio",
                name=field_name,
                value=option.value,
                **({} if value is None else {"default_checked": option.value == value}),
                **without_none(on_change=on_change),
            ),
            rx.el.span(option.label),
            html_for=element_id,
            class_name="choice",
        )

    return group_frame(
        *_each_option(options, choice),
        id=id,
        label=label,
        help=help,
        error=error,
        role="radiogroup",
    )


def _each_option(options: Options, render: Any) -> list[rx.Component]:
    if isinstance(options, rx.Var):
        return [rx.foreach(options, render)]
    return [render(option) for option in options]


def check_box(
    id: Text,
    label: Label,
    *,
    name: Text | None = None,
    help: Label | None = None,
    value: Flag = False,
    error: Text | None = None,
    on_change: Handler = None,
    **props: Any,
) -> rx.Component:
    """A yes that is never ticked beforehand for consent; `on_change` gets True or False."""
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                id=id,
                type="checkbox",
                name=name if name is not None else id,
                default_checked=value,
                **without_none(on_change=on_change),
                **described_by(id, help=help, error=error),
                **props,
            ),
            rx.el.span(label),
            html_for=id,
            class_name="choice",
        ),
        *help_text(id, help),
        *error_text(id, error),
        class_name="field",
    )


def code_input(
    id: Text,
    label: Label,
    *,
    name: Text | None = None,
    help: Label | None = None,
    error: Text | None = None,
    length: int = 6,
    on_change: Handler = None,
    on_blur: Handler = None,
    **props: Any,
) -> rx.Component:
    """A one-time code in ONE input, so that pasting and the phone's own filling-in work."""
    control = rx.el.input(
        id=id,
        name=name if name is not None else id,
        type="text",
        input_mode="numeric",
        auto_complete="one-time-code",
        pattern=f"[0-9]{{{length}}}",
        max_length=length,
        class_name="input digits num",
        **without_none(on_change=on_change, on_blur=on_blur),
        **described_by(id, help=help, error=error),
        **props,
    )
    return field_frame(control, id=id, label=label, help=help, error=error)


def search_box(
    id: Text,
    label: Label,
    *,
    name: str = "q",
    value: Text | None = None,
    submit_label: Label | None = None,
    on_submit: Handler = None,
    on_change: Handler = None,
    placeholder: Text | None = None,
) -> rx.Component:
    """The round search field; `on_submit` gets the form's values, `{name: text}`."""
    find = rx.el.button(
        rx.el.span(submit_label if submit_label is not None else label, class_name="sr"),
        icon("search"),
        type="submit",
        class_name="search-go",
    )
    return rx.el.form(
        rx.el.label(label, html_for=id, class_name="sr"),
        rx.el.input(
            id=id,
            name=name,
            type="search",
            auto_complete="off",
            enter_key_hint="search",
            **without_none(default_value=value, on_change=on_change, placeholder=placeholder),
        ),
        find,
        role="search",
        class_name="search",
        **without_none(on_submit=on_submit),
    )
