"""What stands around every desk: whose desk it is, its places, and the way out."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any

import reflex as rx

from app.frame import trouble
from app.text import Language, local, say, t
from app.text.errors import of_code
from app.visitor import Visitor
from backend import people
from backend.database import Database
from backend.errors import NotAllowed
from components import button, content, shell
from components.post_form import post_form
from components.preference import preference_switch
from components.types import Flag, Label, NavItem

_OFFICES = {
    "window_clerk": "window",
    "approver": "approver",
    "supervisor": "supervisor",
    "administrator": "administrator",
}
_HANDLING = frozenset({"window_clerk", "approver"})
_WRITING = frozenset({"approver", "administrator"})
_OVERSEEING = frozenset({"supervisor", "administrator"})


def kind_of_desk(roles: Sequence[dict[str, Any]]) -> str:
    """`handles` cases, `oversees` them, does `both`, or `none` of it."""
    held = {role["role"] for role in roles}
    handles, oversees = bool(held & _HANDLING), bool(held & _OVERSEEING)
    if handles:
        return "both" if oversees else "handles"
    return "oversees" if oversees else "none"


def office(language: Language, me: dict[str, Any]) -> str:
    """Under which office and name somebody sits here; "" without a desk role."""
    for role_name, key in _OFFICES.items():
        for role in me["roles"]:
            if role["role"] == role_name:
                place = role["department"] if role_name == "approver" else role["division"]
                return say(
                    language,
                    f"desk.office.{key}",
                    place=local(language, place),
                    name=me["name"] or "",
                )
    return ""


class DeskPerson(Visitor):
    """Parent of the desks' States: who sits there and what their desks are."""

    office: str = ""
    kind: str = "handles"
    writes_guides: bool = False
    waiting: int = 0
    following: int = 0

    @rx.event
    def sign_out_refused(self, code: str, field: str, message: str):
        """Say why signing out did not work."""
        self.trouble = of_code(self.reads, code)

    def _meet(self, me: dict[str, Any]) -> None:
        """Take over what the frame shows of the person."""
        self.is_signed_in = True
        self.office = office(self.reads, me)
        self.kind = kind_of_desk(me["roles"])
        self.writes_guides = any(r["role"] in _WRITING for r in me["roles"])

    async def _opened(self, db: Database, reading: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """The page's answer, after meeting whoever it says sits here. Who is refused is met as
        well, so that the frame around the refusal is theirs."""
        try:
            found = await reading
        except NotAllowed:
            self._meet(await people.my_profile(db))
            raise
        self._meet(found["me"])
        return found


def _below() -> rx.Component:
    return rx.el.div(
        preference_switch(
            "lang",
            [("zh", "中文"), ("en", "English")],
            label=t("prefer.lang"),
            shape="toggle",
            on_change=DeskPerson.choose_language,
        ),
        preference_switch(
            "mode",
            [("normal", t("desk.standard_text")), ("elder", t("desk.large_text"))],
            label=t("prefer.mode"),
            shape="toggle",
            on_change=DeskPerson.choose_mode,
        ),
        post_form(
            button.button(t("sign_out"), type="submit", kind="plain", icon_name="out"),
            action="/api/session/end",
            on_refused=DeskPerson.sign_out_refused,
            network_message=t("desk.no_network"),
        ),
        class_name="side-foot",
    )


def _side(
    is_waiting: Flag, is_done: Flag, is_absences: Flag, is_supervision: Flag, is_guides: Flag
) -> rx.Component:
    waiting = NavItem("/desk/", "list", t("desk.nav.waiting"), is_waiting, count=DeskPerson.waiting)
    done = NavItem("/desk/?view=done", "send", t("desk.nav.done"), is_done)
    absences = NavItem("/absences/", "clock", t("desk.nav.absences"), is_absences)
    supervision = NavItem("/supervision/", "chart", t("desk.nav.supervision"), is_supervision)
    guides = NavItem("/guides/", "file", t("guides.nav"), is_guides)

    def of(*items: NavItem) -> rx.Component:
        return shell.side_nav(items, title=t("app.name"), note=DeskPerson.office, below=_below())

    def with_places(*more: NavItem) -> rx.Component:
        return rx.match(
            DeskPerson.kind,
            ("both", of(waiting, done, absences, supervision, *more)),
            ("oversees", of(supervision, absences, *more)),
            ("none", of()),
            of(waiting, done, absences, *more),
        )

    return rx.cond(DeskPerson.writes_guides, with_places(guides), with_places())


def desk_frame(
    *children: Label,
    queue: rx.Component | None = None,
    is_waiting: Flag = False,
    is_done: Flag = False,
    is_absences: Flag = False,
    is_supervision: Flag = False,
    is_guides: Flag = False,
) -> rx.Component:
    """A desk: side navigation, the queue if there is one, the work."""
    return shell.desk_page(
        trouble(),
        *children,
        side=_side(is_waiting, is_done, is_absences, is_supervision, is_guides),
        queue=queue,
        above=[shell.announcer(Visitor.announcement)],
    )


def not_your_desk() -> rx.Component:
    """For somebody without a desk role: what this is, and the way on."""
    return content.card(
        rx.el.h1(t("desk.not_yours")),
        rx.el.p(t("desk.not_yours_note")),
        button.link_button(t("desk.go_home"), to="/", kind="main", class_name="fit"),
    )
