"""The round search field: asks by its address, and on the page of the answers while one types."""

import reflex as rx

from components.icon import icon
from components.types import Label, Text

_script = rx.asset("search_box.jsx", shared=True)
_logic = rx.asset("search_box.mjs", shared=True)


class SearchBox(rx.Component):
    """A form that goes to an address; the browser itself does so before the script runs."""

    library = _script.importable_path
    tag = "SearchBox"
    target: rx.Var[str]
    is_live: rx.Var[bool]


def search_box(
    label: Label, go_label: Label, *, target: Text, is_live: bool = False
) -> rx.Component:
    """Search at the page `target` by its query parameter `q`; what else the address asks stays.

    With `is_live`, on that very page, it asks again when the typing pauses. Back, links and
    reloads are followed: the field shows what the address asks for.
    """
    return SearchBox.create(
        icon("search"),
        rx.el.span(
            rx.el.input(
                id="q",
                name="q",
                type="search",
                placeholder=" ",
                auto_complete="off",
                enter_key_hint="search",
                max_length=80,
            ),
            # The label stands in the field until something is typed: a hint in both languages.
            rx.el.label(label, html_for="q", class_name="search-hint"),
            class_name="search-field grow",
        ),
        rx.el.button(go_label, type="submit", class_name="search-go"),
        target=target,
        is_live=is_live,
    )
