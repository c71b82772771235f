"""Keeps every typed letter: first in the browser, then on the server."""

from typing import Any

import reflex as rx

from components.types import Handler, Label, Labels, Text

_script = rx.asset("draft.jsx", shared=True)
_logic = rx.asset("draft.mjs", shared=True)
_native = rx.asset("native.mjs", shared=True)


def _values_and_version(
    values: rx.Var[dict[str, Any]], base_version: rx.Var[int]
) -> tuple[rx.Var[dict[str, Any]], rx.Var[int]]:
    return values, base_version


class DraftKeeper(rx.Component):
    """Watches the inputs inside it by their `name`."""

    library = _script.importable_path
    tag = "DraftKeeper"
    storage_key: rx.Var[str]
    version: rx.Var[int]
    saved_version: rx.Var[int]
    is_closed: rx.Var[bool]
    incoming: rx.Var[dict[str, Any]]
    on_restore: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_save: rx.EventHandler[_values_and_version]
    on_status: rx.EventHandler[rx.event.passthrough_event_spec(str)]


STATUS_TEXTS = ("typing", "saving", "saved", "local")
"""What a keeper may be doing; `local`: kept in this browser only, because there is no signal."""


class DraftStatus(rx.Component):
    """Says what the keeper on the page is doing, also without the server."""

    library = _script.importable_path
    tag = "DraftStatus"
    texts: rx.Var[dict[str, Any]]


def draft_status(idle: Label, *, id: Text, texts: Labels) -> rx.Component:
    """One line beside a kept form; `texts` needs all of `STATUS_TEXTS`, raises ValueError else.

    `idle` stands there until something is typed.
    """
    missing = [name for name in STATUS_TEXTS if name not in texts]
    if missing:
        raise ValueError(f"draft_status needs texts for: {', '.join(missing)}")
    return DraftStatus.create(
        rx.el.span(idle), id=id, texts=rx.Var.create({name: texts[name] for name in STATUS_TEXTS})
    )


def draft_keeper(
    *children: Label,
    storage_key: Text,
    version: int | rx.Var[Any],
    on_save: Handler,
    on_restore: Handler = None,
    on_status: Handler = None,
    saved_version: int | rx.Var[Any] | None = None,
    is_closed: bool | rx.Var[Any] = False,
    incoming: dict[str, Any] | rx.Var[Any] | None = None,
) -> rx.Component:
    """Wrap a form; what is typed in it survives reload, lost session, deploy and dead signal.

    - every input is mirrored in localStorage under `storage_key` 300 ms after the last key;
    - `on_save(values, base_version)` gets all named inputs 1.5 s after the last key and when the
      page is left; `version` is the version of the server's text the inputs started from;
    - after a save the page raises `saved_version` (default: `version`); what was sent up to then
      is forgotten locally, what was typed since is kept and sent again;
    - text the server does not have is filled into the inputs on the next visit and reported by
      `on_restore(values)`;
    - `on_status` hears `typing`, `saving`, `saved`, `local` (kept only in this browser);
    - `is_closed` (submitted) forgets the local copy;
    - `incoming` is `{turn, values, is_forced}`: at each new `turn` the values, written elsewhere,
      go into the inputs, except where something is typed that was not sent yet (that text is
      newer), unless `is_forced`;
    - after 20 s without an answer the same text is sent again, so a save of text that the server
      already holds must count as saved, not as a conflict;
    - raise `saved_version` only for saves of this page, not for another phone's;
    - while `storage_key` is '' nothing is watched: keep it '' until the server's values stand in
      the inputs.
    """
    handlers = {
        name: handler
        for name, handler in (("on_restore", on_restore), ("on_status", on_status))
        if handler is not None
    }
    return DraftKeeper.create(
        *children,
        storage_key=storage_key,
        version=version,
        saved_version=version if saved_version is None else saved_version,
        is_closed=is_closed,
        incoming={} if incoming is None else incoming,
        on_save=on_save,
        **handlers,
    )
