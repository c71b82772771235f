"""A list that is still there without a network."""

from typing import Any

import reflex as rx

from components.types import Flag, Label, Text

_script = rx.asset("last_seen.jsx", shared=True)


class LastSeen(rx.Component):
    """Keeps the rows in this browser; `rows` are objects with `title`, `note` and `href`."""

    library = _script.importable_path
    tag = "LastSeen"
    storage_key: rx.Var[str]
    rows: rx.Var[list[Any]]
    is_ready: rx.Var[bool]
    is_cut: rx.Var[bool]
    answered_for: rx.Var[str]
    waiting: rx.Var[Any]
    kept_note: rx.Var[Any]
    nothing_note: rx.Var[Any]
    stale_note: rx.Var[Any]


def last_seen(
    *children: Label,
    storage_key: str,
    rows: rx.Var[Any],
    is_ready: Flag,
    is_cut: Flag,
    answered_for: Text,
    waiting: rx.Component,
    kept_note: Label,
    nothing_note: Label,
    stale_note: Label,
) -> rx.Component:
    """Show `children` once they are ready. Until then `waiting`; but without a network, or when no
    answer comes, the rows that this device saw last, or `nothing_note` when it saw none.

    `answered_for` is the query of the address that `children` answer; while the address asks for
    something newer, they stay in place, paler, and `stale_note` says so when no answer comes.
    """
    return LastSeen.create(
        *children,
        storage_key=storage_key,
        rows=rows,
        is_ready=is_ready,
        is_cut=is_cut,
        answered_for=answered_for,
        waiting=rx.Var.create(waiting),
        kept_note=rx.Var.create(kept_note),
        nothing_note=rx.Var.create(nothing_note),
        stale_note=rx.Var.create(stale_note),
    )
