"""The inbox of the embedded stack: text messages that would have gone to phones."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import cast

import reflex as rx

from app.layout import page
from app.live import is_connected
from app.text import Language, dates, say, t
from app.visitor import Visitor, answering
from app.web.not_found import not_found
from backend import sms
from backend.config import settings
from components import button, content, feedback, shell
from components.device import copy_button

_EVERY_SECONDS = 2.0
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True)
class MessageView:
    """One text message; `code` is the one-time code in it, or ""."""

    key: str
    phone: str
    at: str
    text: str
    code: str
    spoken: str


def message_view(language: Language, message: sms.Message) -> MessageView:
    """A message as the inbox shows it."""
    digits = message.phone.lstrip("+").removeprefix("86")
    found = _CODE.search(message.text)
    code = found.group() if found else ""
    return MessageView(
        key=f"{message.at} {message.phone}",
        phone=f"{digits[:3]} {digits[3:7]} {digits[7:]}",
        at=dates.moment(language, message.at),
        text=message.text,
        code=code,
        spoken=f"{code[:3]} {code[3:]}" if code else "",
    )


class Inbox(Visitor):
    """The last messages, on an installation that has an inbox at all."""

    is_ready: bool = False
    is_here: bool = False
    messages: list[MessageView] = []
    following: int = 0

    @rx.event
    @answering
    async def load(self):
        """Show the messages, and go on showing them."""
        self.is_here = settings().is_embedded
        await self._read()
        return Inbox.watch if self.is_here else None

    @rx.event
    @answering
    async def refresh(self):
        """Look at once."""
        await self._read()

    @rx.event(background=True)
    async def watch(self):
        """Look every two seconds, while the tab shows this page."""
        from app.app import app

        async with self:
            address, token = str(self.router.url), self.router.session.client_token
            self.following += 1
            turn = self.following
        while is_connected(app, token):
            await asyncio.sleep(_EVERY_SECONDS)
            async with self:
                if self.following != turn or str(self.router.url) != address:
                    return
                await self._read()

    async def _read(self) -> None:
        found = await asyncio.to_thread(sms.inbox, settings())
        shown = [message_view(self.reads, message) for message in found]
        if shown == self.messages:
            return
        if self.messages:
            self.announcement = say(self.reads, "inbox.new")
        self.messages = shown


def _message(message: MessageView) -> rx.Component:
    code = content.stack(
        content.big_code(message.spoken),
        copy_button(t("inbox.copy"), text=message.code, done_label=t("inbox.copied"), kind="quiet"),
    )
    return rx.el.li(
        content.card(
            content.row(
                rx.el.span(message.phone, class_name="strong num"),
                rx.el.span(message.at, class_name="note num"),
            ),
            rx.cond(message.code != "", code, rx.fragment()),
            rx.el.p(message.text, class_name="note"),
        ),
        key=message.key,
    )


def _messages() -> rx.Component:
    messages = cast("rx.Var[list[MessageView]]", Inbox.messages)
    return rx.cond(
        messages.length() > 0,
        rx.el.ul(rx.foreach(messages, _message), class_name="stack"),
        feedback.empty_state(
            "bell",
            t("inbox.none"),
            t("inbox.none_note"),
            button.link_button(t("inbox.sign_in"), to="/sign-in/", kind="quiet"),
        ),
    )


@page("/dev/inbox/", "title.inbox", on_load=Inbox.load)
def inbox() -> rx.Component:
    """Messages newest first; where there is no inbox, no page."""
    shown = shell.phone_page(
        rx.el.p(t("inbox.note"), class_name="note"),
        button.button(
            t("inbox.refresh"), kind="quiet", icon_name="refresh", on_click=Inbox.refresh
        ),
        _messages(),
        top=shell.page_head(t("inbox.title")),
        above=[shell.announcer(Visitor.announcement)],
    )
    opening = rx.el.main(feedback.skeleton(5, label=t("loading")), class_name="content")
    return rx.cond(Inbox.is_ready, rx.cond(Inbox.is_here, shown, not_found()), opening)
