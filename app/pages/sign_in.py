"""Sign-in: a phone number, a code, done. No password, no puzzle."""

from __future__ import annotations

import reflex as rx

from app.api.session import safe_next
from app.frame import trouble
from app.layout import page
from app.text import say, t
from app.text.errors import of_code, sentence
from app.visitor import Visitor, answering, asked
from backend import auth
from backend.config import settings
from backend.errors import Invalid, TooMany
from components import content, feedback, forms, shell
from components.button import button, link_button
from components.post_form import post_form


class SignIn(Visitor):
    """Two questions, one after the other; what was typed stays whatever happens."""

    phone: str = ""
    phone_shown: str = ""
    phone_error: str = ""
    code_error: str = ""
    is_code_sent: bool = False
    has_inbox: bool = False
    has_ended: bool = False
    next_to: str = "/"

    @rx.event
    @answering
    async def load(self):
        """Remember where to go on to."""
        self.next_to = safe_next(asked(self, "next", longest=500) or "/")
        self.has_inbox = settings().is_embedded
        self.has_ended = asked(self, "ended") == "1"
        self.phone_error = self.code_error = ""

    @rx.event
    @answering
    async def send(self, form: dict):
        """Send a code to the number that was typed."""
        self.phone_error = self.code_error = ""
        typed = str(form.get("phone", ""))[:40]
        address = self.router.session.client_ip or "unknown"
        try:
            number = await auth.send_code(settings(), typed, address=address)
        except TooMany as error:
            if error.code != "code_sent_lately":
                self.phone_error = sentence(self.reads, error)
                return
            # The last code is still good: go on to asking for it, and say so there.
            self._ask_for_code(auth.normal_phone(typed))
            self.code_error = sentence(self.reads, error)
            return
        except Invalid as error:
            self.phone_error = sentence(self.reads, error)
            return
        self._ask_for_code(number)
        self.announcement = say(self.reads, "sign_in.sent_to", phone=self.phone_shown)

    def _ask_for_code(self, number: str) -> None:
        self.phone, self.is_code_sent = number, True
        self.phone_shown = f"{number[3:6]} {number[6:10]} {number[10:]}"

    @rx.event
    def change_number(self):
        """Go back to the number; it is still there."""
        self.is_code_sent = False
        self.code_error = ""

    @rx.event
    def refuse(self, code: str, field: str, message: str):
        """Show what the endpoint refused, at its field."""
        shown = message or of_code(self.reads, code)
        if field == "phone":
            self.is_code_sent, self.phone_error = False, shown
        else:
            self.code_error = shown


def _ask_phone() -> rx.Component:
    return rx.el.form(
        forms.text_input(
            "phone",
            t("sign_in.phone"),
            help=t("sign_in.phone_help"),
            value=SignIn.phone,
            error=SignIn.phone_error,
            kind="tel",
            inputmode="tel",
            autocomplete="tel",
            is_required=True,
            max_length=20,
        ),
        button(t("sign_in.send"), type="submit", id="send-code"),
        on_submit=SignIn.send,
        no_validate=True,
        class_name="stack",
    )


def _inbox_hint() -> rx.Component:
    return rx.cond(
        SignIn.has_inbox,
        feedback.notice(
            t("sign_in.inbox"),
            " ",
            rx.el.a(t("sign_in.inbox_link"), href="/dev/inbox/", target="_blank"),
            tone="amber",
        ),
        rx.fragment(),
    )


def _ask_code() -> rx.Component:
    return rx.fragment(
        post_form(
            rx.el.p(t("sign_in.sent_to", phone=SignIn.phone_shown), class_name="num"),
            _inbox_hint(),
            forms.code_input(
                "code", t("sign_in.code"), help=t("sign_in.code_help"), error=SignIn.code_error
            ),
            button(t("sign_in"), type="submit", id="sign-in"),
            action="/api/session",
            values={"phone": SignIn.phone, "next": SignIn.next_to},
            on_refused=SignIn.refuse,
            network_message=t("network.lost"),
            id="code-form",
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="phone", value=SignIn.phone, read_only=True),
            button(t("sign_in.again"), type="submit", kind="plain"),
            on_submit=SignIn.send,
        ),
        button(t("sign_in.change"), kind="plain", on_click=SignIn.change_number),
    )


@page("/sign-in/", "title.sign_in", on_load=SignIn.load)
def sign_in() -> rx.Component:
    """Ask who it is."""
    return shell.phone_page(
        trouble(),
        rx.el.div(
            rx.el.h1(t("sign_in.title")),
            rx.el.p(t("sign_in.note"), class_name="note"),
            rx.cond(
                SignIn.has_ended,
                feedback.notice(t("sign_in.ended"), tone="amber", is_live=True),
                rx.fragment(),
            ),
            rx.cond(SignIn.is_code_sent, _ask_code(), _ask_phone()),
            content.card(
                rx.el.p(t("sign_in.no_phone"), class_name="strong"),
                rx.el.p(t("sign_in.no_phone_note"), class_name="note"),
                link_button(t("sign_in.look"), to="/services/", kind="quiet"),
                tone="jade",
            ),
            class_name="stack",
        ),
        top=shell.app_bar(t("sign_in"), back_to="/", back_label=t("back")),
        above=[shell.announcer(Visitor.announcement)],
    )
