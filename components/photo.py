"""A photo or document from camera or phone, made small in the browser, sent with progress."""

from typing import Any

import reflex as rx

from components.field import help_text
from components.types import Handler, Label, Labels, Text

_script = rx.asset("photo.jsx", shared=True)
_logic = rx.asset("photo.mjs", shared=True)
_shrink = rx.asset("photo_shrink.mjs", shared=True)
_send = rx.asset("photo_send.mjs", shared=True)

PHOTO_TEXTS = (
    "take",
    "choose",
    "retake",
    "preparing",
    "sending",
    "checking",
    "retrying",
    "done",
    "cancel",
    "cancelled",
    "empty_file",
    "too_large",
    "wrong_type",
    "unreadable",
    "network",
    "refused",
)
"""Every sentence the component may say; codes of refusals carry the same names."""


def _code_and_message(code: rx.Var[str], message: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return code, message


class PhotoInput(rx.NoSSRComponent):
    """Own chunk: only pages that take photos load it."""

    library = _script.importable_path
    tag = "PhotoInput"
    input_id: rx.Var[str]
    begin_url: rx.Var[str]
    finish_url: rx.Var[str]
    subject: rx.Var[dict[str, Any]]
    accept: rx.Var[str]
    max_bytes: rx.Var[int]
    described_by: rx.Var[str]
    texts: rx.Var[dict[str, Any]]
    is_done: rx.Var[bool]
    on_done: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_refused: rx.EventHandler[_code_and_message]


def photo_input(
    id: Text,
    label: Label,
    *,
    begin_url: Text,
    finish_url: Text,
    subject: dict[str, Any] | rx.Var[Any],
    texts: Labels,
    on_done: Handler,
    help: Label | None = None,
    accept: Text = "image/*",
    max_bytes: int = 2_000_000,
    on_refused: Handler = None,
    is_done: bool | rx.Var[Any] = False,
) -> rx.Component:
    """Take or choose a picture; `on_done(document_id)` once the server has verified it.

    `begin_url` is POSTed `{**subject, name, size, type, sha256}` and answers
    `{upload_url, document_id}` or `{existing: true, document_id}`; the bytes are PUT to
    `upload_url`; `finish_url` is POSTed `{document_id}` and answers `{ok: true}` or
    `{code, message}`. `message` is shown as it is: it is in the person's language.
    `on_refused(code, message)` hears of every refusal, also those before any upload
    (`empty_file`, `too_large`, `wrong_type`, `unreadable`). `texts` needs all of `PHOTO_TEXTS`;
    raises ValueError otherwise. `is_done` says that the server has this document already.
    """
    missing = [name for name in PHOTO_TEXTS if name not in texts]
    if missing:
        raise ValueError(f"photo_input needs texts for: {', '.join(missing)}")
    handlers = {} if on_refused is None else {"on_refused": on_refused}
    ids = f"{id}-label {id}-help" if help is not None else f"{id}-label"
    return rx.el.div(
        rx.el.p(label, id=f"{id}-label", class_name="label"),
        *help_text(id, help),
        PhotoInput.create(
            input_id=id,
            begin_url=begin_url,
            finish_url=finish_url,
            subject=subject,
            accept=accept,
            max_bytes=max_bytes,
            described_by=ids,
            texts=rx.Var.create({name: texts[name] for name in PHOTO_TEXTS}),
            is_done=is_done,
            on_done=on_done,
            **handlers,
        ),
        class_name="field photo-field",
    )
