"""Links that stay inside the app, without a page load."""

from typing import Any

import reflex as rx

from components.types import Label, Text


class RouterLink(rx.Component):
    """React Router's own link: moves between prerendered pages on the client."""

    library = "react-router"
    tag = "Link"
    to: rx.Var[str]
    replace: rx.Var[bool]


def router_link(*children: Label, to: Text, **props: Any) -> rx.Component:
    """Go to another page of the app; `to` ends in a slash before any query."""
    return RouterLink.create(*children, to=to, **props)
