"""What the phone itself can do: install, share, print, copy."""

from typing import Any

import reflex as rx

from components.icon import icon
from components.types import ButtonKind, Label, Text

_script = rx.asset("device.jsx", shared=True)


class _DeviceButton(rx.Component):
    library = _script.importable_path
    kind: rx.Var[str]
    done_label: rx.Var[Any]


class ShareButton(_DeviceButton):
    """Opens the phone's own share sheet, or copies the address."""

    tag = "ShareButton"
    heading: rx.Var[str]
    address: rx.Var[str]


class PrintButton(_DeviceButton):
    """Opens the print dialog."""

    tag = "PrintButton"


class CopyButton(_DeviceButton):
    """Puts a text on the clipboard."""

    tag = "CopyButton"
    text: rx.Var[str]


class InstallHint(rx.Component):
    """Appears only where the app can be installed and is not yet."""

    library = _script.importable_path
    tag = "InstallHint"
    ios_text: rx.Var[Any]
    install_label: rx.Var[Any]
    later_label: rx.Var[Any]


def _face(icon_name: Text, label: Label) -> rx.Component:
    return rx.el.span(icon(icon_name), rx.el.span(label), class_name="face")


def share_button(
    label: Label, *, title: Text, done_label: Label, address: Text = "", kind: ButtonKind = "plain"
) -> rx.Component:
    """Share `address`, or that of this page; `done_label` says that it was copied where sharing
    is absent."""
    return ShareButton.create(
        _face("share", label),
        heading=title,
        address=address,
        kind=kind,
        done_label=rx.Var.create(done_label),
    )


def print_button(label: Label, *, kind: ButtonKind = "plain") -> rx.Component:
    """Print the page; the style sheet has a form for paper."""
    return PrintButton.create(_face("print", label), kind=kind)


def copy_button(
    label: Label, *, text: Text, done_label: Label, kind: ButtonKind = "plain"
) -> rx.Component:
    """Copy `text`; the button itself says when it is done."""
    return CopyButton.create(
        _face("copy", label), text=text, kind=kind, done_label=rx.Var.create(done_label)
    )


def install_hint(
    title: Label,
    *,
    text: Label,
    ios_text: Label,
    install_label: Label,
    later_label: Label,
) -> rx.Component:
    """Offer to put the app on the home screen; 'later' is remembered for 30 days."""
    return InstallHint.create(
        rx.el.div(rx.el.p(title, class_name="strong"), rx.el.p(text, class_name="note")),
        ios_text=rx.Var.create(ios_text),
        install_label=rx.Var.create(install_label),
        later_label=rx.Var.create(later_label),
    )
