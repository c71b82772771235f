"""A form that an endpoint of our own answers: for what a websocket cannot do (cookies)."""

from typing import Any

import reflex as rx

from components.types import Handler, Label, Text

_script = rx.asset("post_form.jsx", shared=True)


def _refusal(
    code: rx.Var[str], field: rx.Var[str], message: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    return code, field, message


class PostForm(rx.Component):
    """Sends its named inputs as JSON, then goes on by a full page load."""

    library = _script.importable_path
    tag = "PostForm"
    action: rx.Var[str]
    values: rx.Var[dict[str, Any]]
    network_message: rx.Var[Any]
    on_refused: rx.EventHandler[_refusal]


def post_form(
    *children: Label,
    action: Text,
    values: dict[str, Any] | rx.Var[Any] | None = None,
    on_refused: Handler,
    network_message: Label,
    id: Text | None = None,
) -> rx.Component:
    """Wrap inputs and a submit button.

    The endpoint answers `{next}`, where the browser then goes, or `{code, field, message}` with a
    status of 4xx, which `on_refused` gets while everything typed stays. `values` are sent along.
    Without an answer `network_message` appears; pressing twice sends once.
    """
    named = {} if id is None else {"id": id}
    return PostForm.create(
        *children,
        action=action,
        values=values if values is not None else {},
        on_refused=on_refused,
        network_message=rx.Var.create(network_message),
        **named,
    )
