"""How something goes, stage by stage: what stands in one stage happens at the same time."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from components.types import Label


@dataclass(frozen=True)
class FlowBox:
    """One thing that happens: what, who does it, how long it may take, when it is left out."""

    title: str
    who: str = ""
    limit: str = ""
    when: str = ""


@dataclass(frozen=True)
class FlowStage:
    """What happens side by side, under a line that counts; `tone` is start, work or end."""

    label: str
    tone: str
    boxes: list[FlowBox] = field(default_factory=list)


def _line(text: Any, class_name: str) -> rx.Component:
    return rx.cond(text != "", rx.el.p(text, class_name=class_name), rx.fragment())


def _box(box: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(box.title, class_name="strong"),
        _line(box.who, "note"),
        _line(box.limit, "note num"),
        _line(box.when, "note flow-when"),
        class_name="flow-box",
    )


def _stage(stage: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(stage.label, class_name="flow-label small"),
        rx.el.ul(rx.foreach(stage.boxes, _box), role="list", class_name="flow-boxes"),
        class_name=f"flow-stage {stage.tone}",
    )


def flow(stages: rx.Var[list[FlowStage]] | list[FlowStage], label: Label) -> rx.Component:
    """A picture made of an ordered list, so that it also reads and prints as one."""
    return rx.el.div(
        rx.el.p(label, class_name="sr"),
        rx.el.ol(rx.foreach(stages, _stage), role="list", class_name="flow"),
    )
