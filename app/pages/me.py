"""Me: who I am to the county, how I read, where I am signed in, who looked at my data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app import form_answers
from app.form_fields import place_picker
from app.frame import citizen_page, when_ready
from app.layout import page
from app.text import Language, dates, local, say, t
from app.text.errors import sentence
from app.visitor import Visitor, answering, signed_in_db
from backend import divisions, people
from backend.errors import Conflict, Invalid, SessionExpired
from components import content, device, forms, shell
from components.button import button, link_button
from components.error_summary import error_summary
from components.post_form import post_form
from components.preference import preference_switch
from components.types import FieldError, OptionGroup

# What staff may choose as a purpose; anything else is in their own words.
_PURPOSES = ("review", "compare", "contact", "decide")


@dataclass(frozen=True)
class Look:
    """One look at my data."""

    title: str
    note: str


@dataclass(frozen=True)
class Device:
    """One place where I am signed in."""

    id: str
    title: str
    note: str
    is_here: bool


class Me(Visitor):
    """My own data, masked until I change it."""

    is_ready: bool = False
    name: str = ""
    phone: str = ""
    id_number: str = ""
    place_name: str = ""
    role_names: list[str] = []
    looks: list[Look] = []
    devices: list[Device] = []
    is_editing: bool = False
    is_complete: bool = False
    edited_name: str = ""
    edited_number: str = ""
    edited_division: str = ""
    places: list[OptionGroup] = []
    name_error: str = ""
    id_number_error: str = ""
    division_error: str = ""
    errors: list[FieldError] = []
    refused: str = ""

    @rx.event
    @answering
    async def load(self):
        """Read my profile and devices; a stranger sees the preferences alone."""
        self.is_signed_in = False
        try:
            who = await signed_in_db(self)
        except SessionExpired:
            return
        self.is_signed_in, self.is_editing = True, False
        self._show(await people.my_profile(who.db))
        self._show_devices(await people.my_devices(who.db), who.session_id)

    def _show(self, profile: dict[str, Any]) -> None:
        reads = self.reads
        self.name = profile["name"] or ""
        self.phone = profile["masked_phone"]
        self.id_number = profile["masked_id_number"] or ""
        self.place_name = local(reads, profile["division"])
        self.is_complete = bool(self.name and self.id_number and self.place_name)
        self.role_names = [_role(reads, role) for role in profile["roles"]]
        self.looks = [_look(reads, look) for look in profile["looks"]]

    def _show_devices(self, devices: list[dict[str, Any]], here: str) -> None:
        reads = self.reads
        self.devices = [
            Device(
                d["id"],
                d["device_label"] or say(reads, "me.device"),
                say(reads, "me.this_device")
                if d["id"] == here
                else say(reads, "me.last_seen", at=dates.moment(reads, d["last_seen_at"])),
                d["id"] == here,
            )
            for d in devices
        ]

    @rx.event
    @answering
    async def edit(self):
        """Open the form with what is kept."""
        who = await signed_in_db(self)
        profile = await people.my_profile(who.db)
        places = await divisions.every(who.db)
        self.places = form_answers.division_groups(self.reads, places)
        self.edited_name = profile["name"] or ""
        self.edited_number = profile["id_number"] or ""
        self.edited_division = profile["division_code"] or ""
        self._clear_errors()
        self.is_editing = True

    @rx.event
    def stop_editing(self):
        """Close the form and forget what it held."""
        self.is_editing = False
        self.edited_name = self.edited_number = self.edited_division = ""

    def _clear_errors(self) -> None:
        self.name_error = self.id_number_error = self.division_error = ""
        self.errors = []

    @rx.event
    @answering
    async def save(self, form: dict):
        """Keep the profile; what is wrong is said at its field."""
        self._clear_errors()
        who = await signed_in_db(self)
        try:
            profile = await people.save_my_profile(
                who.db,
                name=str(form.get("name", "")),
                id_number=str(form.get("id_number", "")),
                division_code=str(form.get("division_code", "")),
            )
        except (Invalid, Conflict) as error:
            self._refuse(error.field or error.detail, sentence(self.reads, error))
            return
        self.is_editing = False
        self.edited_number = ""
        self._show(profile)
        self.announcement = say(self.reads, "me.saved")

    def _refuse(self, field: str, message: str) -> None:
        if field == "name":
            self.name_error = message
        elif field == "division_code":
            self.division_error = message
        else:
            field, self.id_number_error = "id_number", message
        self.errors = [FieldError(field, message)]

    @rx.event
    @answering
    async def close_device(self, device_id: str):
        """Sign another device out."""
        who = await signed_in_db(self)
        await people.close_device(who.db, device_id)
        self._show_devices(await people.my_devices(who.db), who.session_id)

    @rx.event
    def refuse(self, code: str, field: str, message: str):
        """Signing out was refused."""
        self.refused = message


def _role(reads: Language, role: dict[str, Any]) -> str:
    where = local(reads, role["department"]) or local(reads, role["division"])
    name = say(reads, f"role.{role['role']}")
    return f"{name} · {where}"


def _look(reads: Language, look: dict[str, Any]) -> Look:
    keys = {"document": "look.document", "registry_answer": "look.registry"}
    what = say(reads, keys.get(look["what"], "look.field"))
    purpose = look["purpose"]
    if purpose in _PURPOSES:
        purpose = say(reads, f"look.{purpose}")
    return Look(
        f"{local(reads, look['who'])} · {what}", f"{dates.moment(reads, look['at'])} · {purpose}"
    )


def _profile() -> rx.Component:
    shown = rx.fragment(
        content.definition_list(
            [
                (t("me.name"), rx.cond(Me.name != "", Me.name, "—")),
                (t("me.phone"), Me.phone),
                (t("me.id_number"), rx.cond(Me.id_number != "", Me.id_number, "—")),
                (t("me.home"), rx.cond(Me.place_name != "", Me.place_name, "—")),
            ]
        ),
        rx.cond(
            Me.is_complete,
            rx.fragment(),
            rx.el.p(t("me.incomplete"), class_name="note"),
        ),
        button(t("me.edit"), kind="quiet", on_click=Me.edit),
    )
    editing = rx.el.form(
        error_summary(t("apply.errors"), Me.errors),
        forms.text_input(
            "name",
            t("me.name"),
            help=t("me.name_help"),
            value=Me.edited_name,
            error=Me.name_error,
            autocomplete="name",
            max_length=60,
        ),
        forms.text_input(
            "id_number",
            t("me.id_number"),
            help=t("me.id_number_help"),
            value=Me.edited_number,
            error=Me.id_number_error,
            autocomplete="off",
            max_length=20,
        ),
        place_picker(
            "division_code",
            t("me.home"),
            Me.places,
            help=t("me.home_help"),
            value=Me.edited_division,
            error=Me.division_error,
        ),
        button(t("save"), type="submit", id="save-profile"),
        button(t("cancel"), kind="plain", on_click=Me.stop_editing),
        on_submit=Me.save,
        no_validate=True,
        class_name="stack",
    )
    return content.card(rx.cond(Me.is_editing, editing, shown))


def _preferences() -> rx.Component:
    def switch(kind: str, names: tuple[str, str], on_change: rx.EventHandler | None):
        return preference_switch(
            kind,
            [(name, t(f"prefer.{kind}.{name}")) for name in names],
            label=t(f"prefer.{kind}"),
            on_change=on_change,
        )

    return content.card(
        switch("mode", ("normal", "elder"), Visitor.choose_mode),
        switch("lang", ("zh", "en"), Visitor.choose_language),
        switch("contrast", ("normal", "high"), None),
        class_name="stack",
    )


def _device(row: rx.Var[Device]) -> rx.Component:
    leave = button(
        t("me.close_device"),
        content.hidden_text(row.title),
        kind="plain",
        on_click=Me.close_device(row.id),
    )
    return content.row(
        rx.el.div(
            rx.el.p(row.title, class_name="strong"),
            rx.el.p(row.note, class_name="note num"),
            class_name="grow",
        ),
        rx.cond(row.is_here, rx.fragment(), leave),
    )


def _look_row(row: rx.Var[Look]) -> rx.Component:
    return content.list_row(row.title, row.note)


def _mine() -> rx.Component:
    return rx.fragment(
        content.section(t("me.data"), _profile()),
        content.list_rows(content.list_row(t("wallet.title"), t("wallet.me_note"), to="/wallet/")),
        rx.cond(
            Me.role_names.length() > 0,
            content.section(
                t("me.roles"),
                content.list_rows(rx.foreach(Me.role_names, lambda name: content.list_row(name))),
            ),
            rx.fragment(),
        ),
        content.section(
            t("me.looks"),
            rx.el.p(t("me.looks_note"), class_name="note"),
            rx.cond(
                Me.looks.length() > 0,
                content.list_rows(rx.foreach(Me.looks, _look_row)),
                content.card(rx.el.p(t("me.no_looks"), class_name="note")),
            ),
        ),
        content.section(t("me.devices"), content.card(rx.foreach(Me.devices, _device))),
        post_form(
            button(t("sign_out"), type="submit", kind="quiet", icon_name="out", id="sign-out"),
            rx.el.p(Me.refused, class_name="error", role="alert"),
            action="/api/session/end",
            on_refused=Me.refuse,
            network_message=t("network.lost"),
        ),
    )


@page("/me/", "title.me", on_load=Me.load)
def me() -> rx.Component:
    """Me."""
    stranger = content.card(
        rx.el.p(t("me.stranger"), class_name="strong"),
        link_button(t("sign_in"), to="/sign-in/?next=/me/"),
    )
    return citizen_page(
        when_ready(Me.is_ready, rx.cond(Me.is_signed_in, _mine(), stranger)),
        content.section(t("me.preferences"), _preferences()),
        device.install_hint(
            t("install.title"),
            text=t("install.text"),
            ios_text=t("install.ios"),
            install_label=t("install.do"),
            later_label=t("install.later"),
        ),
        place="me",
        top=shell.page_head(t("nav.me")),
    )
