"""Icons from the one bundled sprite; they decorate, the words beside them carry the meaning."""

import reflex as rx

from components.types import Text

SPRITE = "/icons/sprite.svg"

NAMES = frozenset(
    (
        "home",
        "list",
        "progress",
        "person",
        "back",
        "search",
        "camera",
        "photo",
        "check",
        "clock",
        "bell",
        "phone",
        "shield",
        "alert",
        "trash",
        "eye",
        "out",
        "globe",
        "text_size",
        "contrast",
        "child",
        "elder",
        "medical",
        "house",
        "work",
        "farm",
        "shop",
        "more",
        "car",
        "card",
        "print",
        "speak",
        "send",
        "file",
        "wifi_off",
        "refresh",
        "stamp",
        "people",
        "chart",
        "share",
        "copy",
        "rotate",
        "plus",
        "minus",
        "download",
        "close",
        "next",
        "install",
        "edit",
    )
)


def icon(name: Text, *, class_name: Text = "icon") -> rx.Component:
    """Draw one icon in the colour of the text around it; hidden from screen readers.

    Raises ValueError for a name that the sprite does not hold, so that a slip shows at once.
    """
    if isinstance(name, str) and name not in NAMES:
        raise ValueError(f"No icon is called {name!r}.")
    return rx.el.svg(
        rx.el.svg.use(href=f"{SPRITE}#{name}"),
        class_name=class_name,
        aria_hidden="true",
        custom_attrs={"focusable": "false"},
    )
