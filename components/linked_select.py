"""One choice in two steps, when the list of everything would be too long to look through."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.field import group_frame, has_error
from components.types import Flag, Label, OptionGroup, Text

_script = rx.asset("linked_select.jsx", shared=True)
_logic = rx.asset("linked_select.mjs", shared=True)
_native = rx.asset("native.mjs", shared=True)


class LinkedSelect(rx.Component):
    """The two lists; the second is closed until the first is chosen."""

    library = _script.importable_path
    tag = "LinkedSelect"
    input_id: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    groups: rx.Var[list[OptionGroup]]
    first_label: rx.Var[Any]
    second_label: rx.Var[Any]
    empty_label: rx.Var[str]
    is_required: rx.Var[bool]
    is_invalid: rx.Var[bool]


def linked_select(
    id: Text,
    label: Label,
    groups: Sequence[OptionGroup] | rx.Var[list[OptionGroup]],
    *,
    first_label: Label,
    second_label: Label,
    name: Text | None = None,
    help: Label | None = None,
    value: Text = "",
    error: Text | None = None,
    empty_label: Text = "—",
    is_required: Flag = False,
) -> rx.Component:
    """Choose a group, then one option of it; the form gets the option's value under `name`."""
    return group_frame(
        LinkedSelect.create(
            input_id=id,
            name=name if name is not None else id,
            value=value,
            groups=groups if isinstance(groups, rx.Var) else list(groups),
            first_label=rx.Var.create(first_label),
            second_label=rx.Var.create(second_label),
            empty_label=empty_label,
            is_required=is_required,
            is_invalid=False if error is None else has_error(error),
        ),
        id=id,
        label=label,
        help=help,
        error=error,
    )
