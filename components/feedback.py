"""Where things stand: timelines, steps, notices, nothing-here, still-loading."""

from typing import Any

import reflex as rx

from components.icon import icon
from components.types import Label, StepState, Text, Tone


def timeline(*items: Label) -> rx.Component:
    """What happened, is happening and will happen; takes items or one `rx.foreach`."""
    return rx.el.ol(*items, class_name="timeline")


def timeline_item(
    title: Label,
    note: Label | None = None,
    state: StepState | Text = "todo",
    *,
    state_text: Label | None = None,
) -> rx.Component:
    """One step; exactly one item of a timeline is `now`. `state_text` is for screen readers."""
    is_now = state == "now"
    return rx.el.li(
        rx.el.p(title, class_name="step-title"),
        *([rx.el.p(state_text, class_name="sr")] if state_text is not None else []),
        *([rx.el.p(note, class_name="note num")] if note is not None else []),
        class_name=f"step {state}",
        aria_current=rx.cond(is_now, "step", "false"),
    )


def progress_steps(
    current: int | rx.Var[Any],
    total: int | rx.Var[Any],
    label: Label,
    *,
    id: str = "steps",
) -> rx.Component:
    """How far a form of several screens has come, in words and as a bar."""
    return rx.el.div(
        rx.el.p(label, id=f"{id}-label", class_name="note num"),
        rx.el.progress(
            value=current, max=total, aria_labelledby=f"{id}-label", class_name="steps-bar"
        ),
        class_name="steps",
    )


def notice(
    *children: Label,
    tone: Tone | Text = "jade",
    icon_name: Text | None = None,
    is_live: bool = False,
) -> rx.Component:
    """Words that stand out from the page; `is_live` reads them aloud when they appear."""
    attributes: dict[str, Any] = {"role": "status"} if is_live else {}
    return rx.el.div(
        *([icon(icon_name)] if icon_name is not None else []),
        rx.el.div(*children, class_name="grow"),
        class_name=f"notice {tone}",
        **attributes,
    )


def empty_state(
    icon_name: Text,
    title: Label,
    note: Label | None = None,
    action: Label | None = None,
    *,
    is_whole_page: bool = False,
) -> rx.Component:
    """Nothing here, why that is fine, and what to do next; as a whole page it is the heading."""
    heading = rx.el.h1 if is_whole_page else rx.el.p
    return rx.el.div(
        rx.el.span(icon(icon_name), class_name="empty-icon"),
        heading(title, class_name="strong"),
        *([rx.el.p(note, class_name="note")] if note is not None else []),
        *([action] if action is not None else []),
        class_name="empty",
    )


def skeleton(lines: int = 3, *, label: Label | None = None) -> rx.Component:
    """The shape of what is coming, so that nothing jumps when it arrives."""
    return rx.el.div(
        *([rx.el.span(label, class_name="sr")] if label is not None else []),
        *[rx.el.span(class_name="bone", aria_hidden="true") for _ in range(lines)],
        class_name="card plain skeleton",
        role="status",
    )
