"""The few shapes that pages hand to components."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import reflex as rx

Label = str | rx.Var[Any] | rx.Component
"""Whatever may stand where people read: text, a Var, or a component (two language spans)."""

Text = str | rx.Var[Any]
"""A value that ends in an attribute, so it cannot be a component."""

Flag = bool | rx.Var[Any]
"""True, False, or a Var that is one of them."""

Handler = Any
"""An event handler as Reflex takes it: a State method, a lambda, an event or a list of these."""

Labels = Mapping[str, Label]
"""The sentences a component with its own script shows, by the names that it documents."""

ButtonKind = Literal["main", "quiet", "stop", "plain"]
Tone = Literal["plain", "jade", "amber", "seal"]
TagTone = Literal["you", "they", "done", "late", "plain"]
StepState = Literal["done", "now", "todo", "stopped"]


@dataclass(frozen=True)
class Option:
    """One choice of a list; `label` is already in the person's language."""

    value: str
    label: str


@dataclass(frozen=True)
class OptionGroup:
    """Choices that belong together, under a name that is chosen first."""

    value: str
    label: str
    options: list[Option] = field(default_factory=list[Option])


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is the id of its input."""

    field: str
    message: str


@dataclass(frozen=True)
class NavItem:
    """One place of a navigation bar; `count` shows a number only when it is above zero."""

    to: str
    icon_name: str
    label: Label
    is_current: Flag = False
    count: int | rx.Var[Any] | None = None
