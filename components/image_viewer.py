"""Looking closely at a picture: larger, smaller, turned."""

from typing import Any

import reflex as rx

from components.types import Labels, Text

_script = rx.asset("image_viewer.jsx", shared=True)

VIEWER_TEXTS = ("open", "larger", "smaller", "turn", "close")


class ImageViewer(rx.NoSSRComponent):
    """Own chunk: only desks look this closely."""

    library = _script.importable_path
    tag = "ImageViewer"
    src: rx.Var[str]
    alt: rx.Var[str]
    texts: rx.Var[dict[str, Any]]


def image_viewer(src: Text, alt: Text, *, texts: Labels) -> rx.Component:
    """A thumbnail that opens in a dialog to zoom (wheel, buttons) and turn by quarters.

    `texts` needs all of `VIEWER_TEXTS`; raises ValueError otherwise.
    """
    missing = [name for name in VIEWER_TEXTS if name not in texts]
    if missing:
        raise ValueError(f"image_viewer needs texts for: {', '.join(missing)}")
    return ImageViewer.create(
        src=src, alt=alt, texts=rx.Var.create({name: texts[name] for name in VIEWER_TEXTS})
    )
