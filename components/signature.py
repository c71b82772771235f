"""A signature by finger, pen, mouse or keyboard, kept as a picture."""

from typing import Any

import reflex as rx

from components.field import group_frame
from components.types import Handler, Label, Labels, Text

_script = rx.asset("signature.jsx", shared=True)
_logic = rx.asset("signature.mjs", shared=True)
_photo = rx.asset("photo.mjs", shared=True)
_send = rx.asset("photo_send.mjs", shared=True)

SIGNATURE_TEXTS = (
    "hint",
    "clear",
    "send",
    "type",
    "draw",
    "name",
    "empty",
    "sending",
    "checking",
    "retrying",
    "done",
    "network",
    "refused",
)
"""Every sentence the pad may say."""


class SignaturePad(rx.NoSSRComponent):
    """Own chunk: only pages with something to sign load it."""

    library = _script.importable_path
    tag = "SignaturePad"
    input_id: rx.Var[str]
    begin_url: rx.Var[str]
    finish_url: rx.Var[str]
    subject: rx.Var[dict[str, Any]]
    described_by: rx.Var[str]
    texts: rx.Var[dict[str, Any]]
    on_done: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def signature_pad(
    id: Text,
    label: Label,
    *,
    begin_url: Text,
    finish_url: Text,
    subject: dict[str, Any] | rx.Var[Any],
    texts: Labels,
    on_done: Handler,
    help: Label = "",
) -> rx.Component:
    """`label` and `help` say what is signed. The picture (PNG) is sent as a photo is, see
    `photo_input`; `on_done(document_id)` once the server has verified it. `texts` needs all of
    `SIGNATURE_TEXTS`; raises ValueError otherwise.
    """
    missing = [name for name in SIGNATURE_TEXTS if name not in texts]
    if missing:
        raise ValueError(f"signature_pad needs texts for: {', '.join(missing)}")
    return group_frame(
        SignaturePad.create(
            input_id=id,
            begin_url=begin_url,
            finish_url=finish_url,
            subject=subject,
            described_by=f"{id}-help",
            texts=rx.Var.create({name: texts[name] for name in SIGNATURE_TEXTS}),
            on_done=on_done,
        ),
        id=id,
        label=rx.el.span(label, id=f"{id}-label"),
        help=help,
        error=None,
    )
