"""The frame every input sits in: label above, help, the input, its error at its place."""

from typing import Any

import reflex as rx

from components.icon import icon
from components.types import Flag, Label, Text


def as_var(value: Any) -> rx.Var[Any]:
    """A Var of any value, so that one comparison serves constants and State alike."""
    return value if isinstance(value, rx.Var) else rx.Var.create(value)


def has_error(error: Text | None) -> rx.Var[Any] | None:
    """Whether there is something to say; None when the page never says anything here."""
    return None if error is None else as_var(error) != ""


def described_by(id: Text, *, help: Label | None, error: Text | None) -> dict[str, Any]:
    """The aria attributes that tie an input to its help and its error.

    The error's element always exists, so that the tie holds before the first error.
    """
    ids = [f"{id}-help"] if help is not None else []
    attributes: dict[str, Any] = {}
    if error is not None:
        ids.append(f"{id}-error")
        attributes["aria_invalid"] = rx.cond(has_error(error), "true", "false")
    if ids:
        attributes["aria_describedby"] = " ".join(ids)
    return attributes


def help_text(id: Text, help: Label | None) -> list[rx.Component]:
    """What to type and why it is asked, between label and input."""
    return [] if help is None else [rx.el.p(help, id=f"{id}-help", class_name="help")]


def error_text(id: Text, error: Text | None) -> list[rx.Component]:
    """The error at its field; not an alert, the summary is the one that speaks."""
    if error is None:
        return []
    message = rx.fragment(icon("alert"), rx.el.span(error))
    return [
        rx.el.p(
            rx.cond(has_error(error), message, rx.fragment()),
            id=f"{id}-error",
            class_name="error",
        )
    ]


def field_frame(
    control: rx.Component,
    *,
    id: Text,
    label: Label,
    help: Label | None,
    error: Text | None,
    optional_text: Label | None = None,
) -> rx.Component:
    """Label, help, control, error, in the order in which they are read."""
    return rx.el.div(
        rx.el.label(
            label,
            *(
                [rx.el.span(optional_text, class_name="optional")]
                if optional_text is not None
                else []
            ),
            html_for=id,
        ),
        *help_text(id, help),
        control,
        *error_text(id, error),
        class_name="field",
    )


def group_frame(
    *controls: rx.Component,
    id: Text,
    label: Label,
    help: Label | None,
    error: Text | None,
    **attributes: Any,
) -> rx.Component:
    """The same frame for several controls that answer one question."""
    return rx.el.fieldset(
        rx.el.legend(label),
        *help_text(id, help),
        *controls,
        *error_text(id, error),
        id=id,
        class_name="field",
        custom_attrs={"tabIndex": -1, **attributes},
        **described_by(id, help=help, error=error),
    )


def without_none(**props: Any) -> dict[str, Any]:
    """Only what was given: Reflex would render a None handler or value as an attribute."""
    return {name: value for name, value in props.items() if value is not None}


def flag_attribute(name: str, value: Flag) -> dict[str, Any]:
    """A boolean attribute that is absent when plainly false."""
    return {} if value is False else {name: value}
