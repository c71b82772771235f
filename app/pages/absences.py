"""Absences: who stands in for me, and for whom I stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready
from app.layout import page
from app.text import Language, dates, local, say, t
from app.text.errors import of_code, sentence
from app.visitor import answering, signed_in_db
from backend import desks
from backend.database import Database
from backend.errors import Conflict, Invalid, NotAllowed
from components import button, content, feedback, forms, shell
from components.kept_form import kept_form
from components.types import Option

_REASONS = ("leave", "sick", "training", "field_work", "other")
_FIELD_OF = {
    "not_a_colleague": "substitute",
    "absence_span_invalid": "to_at",
    "choice_invalid": "reason",
}


@dataclass(frozen=True)
class Span:
    """Somebody is away: who stands in, or for whom; `has_begun` decides how it is ended."""

    id: str
    who: str
    when: str
    reason: str
    has_begun: bool


def span(language: Language, item: dict[str, Any], who: str) -> Span:
    """An absence in the reader's language; `who` names the other person's key."""
    start, end = (dates.moment(language, item[name]) for name in ("from_at", "to_at"))
    begins = dates.parsed(item["from_at"])
    return Span(
        id=item["id"],
        who=local(language, item[who]),
        when=say(language, "absences.span", start=start, end=end),
        reason=say(language, f"absences.reason.{item['reason']}"),
        has_begun=begins is not None and begins <= datetime.now(dates.ZONE),
    )


def moment_of(text: object) -> datetime | None:
    """What an input of date and time holds, on the county's clock; None for nothing."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=dates.ZONE)
    except ValueError:
        return None


class Absences(DeskPerson):
    """The spans of the person who sits here."""

    is_ready: bool = False
    serves: bool = False
    away: list[Span] = []
    standing_in: list[Span] = []
    colleagues: list[Option] = []
    errors: dict[str, str] = {}
    said: str = ""
    turn: int = 0

    @rx.event
    @answering
    async def load(self):
        """Show what is arranged."""
        self.said, self.errors, self.serves = "", {}, False
        try:
            await self._read((await signed_in_db(self)).db)
        except NotAllowed:
            # The page says whose it is, and the frame leads to the person's own desk.
            return
        self.serves = self.kind in ("handles", "both")

    async def _read(self, db: Database) -> None:
        found = await self._opened(db, desks.absences(db))
        self.away = [span(self.reads, item, "substitute") for item in found["absences"]]
        self.standing_in = [span(self.reads, item, "person") for item in found["standing_in"]]
        self.colleagues = [
            Option(person["id"], local(self.reads, person["label"]))
            for person in found["colleagues"]
        ]

    @rx.event
    @answering
    async def arrange(self, values: dict[str, Any]):
        """Say who stands in and when."""
        self.turn += 1
        self.said = ""
        from_at, to_at = moment_of(values.get("from_at")), moment_of(values.get("to_at"))
        substitute = str(values.get("substitute") or "")
        lacking = {
            "substitute": "" if substitute else "not_a_colleague",
            "from_at": "" if from_at else "date_invalid",
            "to_at": "" if to_at else "date_invalid",
            "reason": "" if values.get("reason") in _REASONS else "choice_invalid",
        }
        self.errors = {name: of_code(self.reads, code) for name, code in lacking.items() if code}
        if self.errors or from_at is None or to_at is None:
            self.announcement = " ".join(self.errors.values())
            return
        db = (await signed_in_db(self)).db
        try:
            await desks.set_absence(
                db,
                substitute_id=substitute,
                from_at=from_at,
                to_at=to_at,
                reason=str(values["reason"]),
            )
        except (Invalid, Conflict) as error:
            field = _FIELD_OF.get(error.code, "to_at")
            self.errors = {field: sentence(self.reads, error)}
            self.announcement = self.errors[field]
            return
        await self._read(db)
        self.said = self.announcement = say(self.reads, "absences.said.set")

    @rx.event
    @answering
    async def end(self, absence_id: str):
        """Be back, or not go at all."""
        db = (await signed_in_db(self)).db
        await desks.end_absence(db, absence_id)
        await self._read(db)
        self.said = self.announcement = say(self.reads, "absences.said.ended")


def _error(name: str) -> rx.Var[str]:
    return cast("rx.Var[str]", Absences.errors.get(name, ""))


def _words(item: Span) -> rx.Component:
    return rx.el.div(
        rx.el.p(item.who, class_name="strong"),
        rx.el.p(item.when, " · ", item.reason, class_name="note num"),
        class_name="grow",
    )


def _away(item: Span) -> rx.Component:
    return rx.el.li(
        _words(item),
        button.button(
            rx.cond(item.has_begun, t("absences.back"), t("absences.end")),
            kind="quiet",
            class_name="fit",
            on_click=Absences.end(item.id),
        ),
        class_name="list-row row apart",
        key=item.id,
    )


def _standing_in(item: Span) -> rx.Component:
    return rx.el.li(_words(item), class_name="list-row", key=item.id)


def _spans(spans: Any, render: Any) -> rx.Component:
    return rx.cond(
        cast("rx.Var[list[Span]]", spans).length() > 0,
        rx.el.ul(rx.foreach(spans, render), class_name="card rows"),
        content.card(rx.el.p(t("absences.none"), class_name="note")),
    )


def _form() -> rx.Component:
    form = kept_form(
        forms.radio_group(
            "substitute",
            t("absences.substitute"),
            cast("rx.Var[list[Option]]", Absences.colleagues),
            error=_error("substitute"),
        ),
        rx.el.div(
            forms.text_input(
                "from_at",
                t("absences.from"),
                error=_error("from_at"),
                kind=rx.Var.create("datetime-local"),
            ),
            forms.text_input(
                "to_at",
                t("absences.to"),
                error=_error("to_at"),
                kind=rx.Var.create("datetime-local"),
            ),
            class_name="desk-figures",
        ),
        forms.radio_group(
            "reason",
            t("absences.reason"),
            cast("list[Option]", [ReasonOption(reason) for reason in _REASONS]),
            error=_error("reason"),
        ),
        button.button(t("absences.set"), type="submit", class_name="fit"),
        storage_key="absence",
        turn=Absences.turn,
        on_submit=Absences.arrange,
    )
    return content.card(
        rx.cond(
            cast("rx.Var[list[Option]]", Absences.colleagues).length() > 0,
            form,
            rx.el.p(t("absences.nobody")),
        )
    )


@dataclass(frozen=True)
class ReasonOption:
    """A listed reason, named in both languages."""

    value: str

    @property
    def label(self) -> rx.Component:
        """What stands beside the circle."""
        return t(f"absences.reason.{self.value}")


def _overview() -> rx.Component:
    return content.stack(
        rx.cond(
            Absences.said != "",
            feedback.notice(Absences.said, tone="jade", icon_name="check"),
            rx.fragment(),
        ),
        content.section(t("absences.mine"), _spans(Absences.away, _away)),
        content.section(t("absences.standing_in"), _spans(Absences.standing_in, _standing_in)),
        content.section(t("absences.new"), _form()),
    )


@page("/absences/", "title.absences", "desk", on_load=Absences.load)
def absences() -> rx.Component:
    """For everybody who serves a window or a department."""
    nothing = content.card(rx.el.p(t("absences.not_a_desk")))
    return rx.match(
        DeskPerson.kind,
        ("none", desk_frame(not_your_desk())),
        desk_frame(
            shell.desk_head(t("absences.title"), t("absences.note")),
            when_ready(
                cast("rx.Var[bool]", Absences.is_ready),
                rx.cond(Absences.serves, _overview(), nothing),
            ),
            is_absences=True,
        ),
    )
