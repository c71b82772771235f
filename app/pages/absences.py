"""Absences: who stands in for me, and for whom I stand in; for overseers, for everybody whose desk
they answer for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready_for
from app.layout import page
from app.text import Language, dates, local, say, t
from app.text.errors import of_code, sentence
from app.visitor import answering, asked, signed_in_db
from backend import desks
from backend.database import Database
from backend.errors import Conflict, Invalid, NotAllowed
from components import button, content, feedback, forms, shell
from components.kept_form import kept_form
from components.types import Option

_REASONS = ("leave", "sick", "training", "field_work", "other")
_FIELD_OF = {
    "not_a_colleague": "substitute",
    "absence_not_needed": "substitute",
    "absence_span_invalid": "to_at",
    "choice_invalid": "reason",
}


@dataclass(frozen=True)
class Span:
    """Somebody is away: who stands in, or for whom; `has_begun` decides how it is ended."""

    id: str
    who: str
    when: str
    note: str
    has_begun: bool


def _named(language: Language, names: dict[str, str], shown: str) -> str:
    if not names["substitute"]:
        key = "absences.nobody_stands_in" if shown == "substitute" else "absences.pair_alone"
        return say(language, key, person=names["person"])
    return names.get(shown) or say(language, "absences.pair", **names)


def span(language: Language, item: dict[str, Any], shown: str) -> Span:
    """An absence in the reader's language; `shown` is whose name it goes by: the `substitute`,
    the `person`, or the `pair`."""
    start, end = (dates.moment(language, item[name]) for name in ("from_at", "to_at"))
    begins = dates.parsed(item["from_at"])
    names = {name: local(language, item[name]) for name in ("person", "substitute")}
    notes = [say(language, f"absences.reason.{item['reason']}")]
    if item["set_by"]:
        notes.append(say(language, "absences.set_by", who=local(language, item["set_by"])))
    return Span(
        id=item["id"],
        who=_named(language, names, shown),
        when=say(language, "absences.span", start=start, end=end),
        note=" · ".join(notes),
        has_begun=begins is not None and begins <= datetime.now(dates.ZONE),
    )


def moment_of(text: object) -> datetime | None:
    """What an input of date and time holds, on the county's clock; None for nothing."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=dates.ZONE)
    except ValueError:
        return None


class Absences(DeskPerson):
    """The spans of the person who sits here, or of the one the address names."""

    is_ready: bool = False
    is_allowed: bool = False
    serves: bool = False
    oversees: bool = False
    subject: str = ""
    is_other: bool = False
    whose: str = ""
    away: list[Span] = []
    standing_in: list[Span] = []
    arranged: list[Span] = []
    colleagues: list[Option] = []
    staff: list[Option] = []
    errors: dict[str, str] = {}
    said: str = ""
    turn: int = 0

    @rx.event
    @answering
    async def load(self):
        """Show what is arranged for the person that the address names, or for who sits here."""
        self.said, self.errors, self.is_allowed = "", {}, False
        self.subject = asked(self, "person")
        try:
            await self._read((await signed_in_db(self)).db)
        except NotAllowed as error:
            if error.code == "absence_not_yours":
                raise
            # The page says whose it is, and the frame leads to the person's own desk.
            return
        self.is_allowed = True

    async def _read(self, db: Database) -> None:
        reads = self.reads
        found = await self._opened(db, desks.absences(db, self.subject or None))
        self.serves, self.oversees = found["serves"], self.kind in ("oversees", "both")
        self.is_other = bool(self.subject)
        self.whose = local(reads, found["person"]["label"])
        self.away = [span(reads, item, "substitute") for item in found["absences"]]
        self.standing_in = [span(reads, item, "person") for item in found["standing_in"]]
        self.arranged = [span(reads, item, "pair") for item in found["arranged"]]
        self.colleagues, self.staff = (
            [Option(person["id"], local(reads, person["label"])) for person in found[name]]
            for name in ("colleagues", "staff")
        )

    @rx.event
    def choose(self, person_id: str):
        """Go to somebody else's absences, or back to the own ones."""
        return rx.redirect(f"/absences/?person={person_id}" if person_id else "/absences/")

    @rx.event
    @answering
    async def arrange(self, values: dict[str, Any]):
        """Say who stands in and when."""
        self.turn += 1
        self.said = ""
        from_at, to_at = moment_of(values.get("from_at")), moment_of(values.get("to_at"))
        substitute = str(values.get("substitute") or "")
        lacking = {
            # Where nobody has the same desk there is nobody to choose.
            "substitute": "" if substitute or not self.colleagues else "not_a_colleague",
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
                substitute_id=substitute or None,
                from_at=from_at,
                to_at=to_at,
                reason=str(values["reason"]),
                person_id=self.subject or None,
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
        rx.el.p(item.when, " · ", item.note, class_name="note num"),
        class_name="grow",
    )


def _ending(item: Span, back: rx.Component) -> rx.Component:
    end = button.button(
        rx.cond(item.has_begun, back, t("absences.end")),
        content.hidden_text(item.who),
        kind="quiet",
        class_name="fit",
        on_click=Absences.end(item.id),
    )
    return rx.el.li(content.row(_words(item), end), class_name="list-row", key=item.id)


def _away(item: Span) -> rx.Component:
    return _ending(item, rx.cond(Absences.is_other, t("absences.back_other"), t("absences.back")))


def _arranged(item: Span) -> rx.Component:
    return _ending(item, t("absences.back_other"))


def _standing_in(item: Span) -> rx.Component:
    return rx.el.li(_words(item), class_name="list-row", key=item.id)


def _spans(spans: Any, render: Any) -> rx.Component:
    return rx.cond(
        cast("rx.Var[list[Span]]", spans).length() > 0,
        rx.el.ul(rx.foreach(spans, render), class_name="card rows"),
        content.card(rx.el.p(t("absences.none"), class_name="note")),
    )


def _form() -> rx.Component:
    return content.card(
        kept_form(
            rx.cond(
                cast("rx.Var[list[Option]]", Absences.colleagues).length() > 0,
                forms.radio_group(
                    "substitute",
                    t("absences.substitute"),
                    cast("rx.Var[list[Option]]", Absences.colleagues),
                    error=_error("substitute"),
                ),
                rx.el.p(t("absences.nobody")),
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
            storage_key=f"absence/{Absences.subject}",
            turn=Absences.turn,
            on_submit=Absences.arrange,
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


def _choose() -> rx.Component:
    return content.card(
        forms.select_input(
            "whose",
            t("absences.whose"),
            cast("rx.Var[list[Option]]", Absences.staff),
            help=t("absences.whose_help"),
            value=cast("rx.Var[str]", Absences.subject),
            empty_label="—",
            on_change=Absences.choose,
            key=f"whose {Absences.subject}",
        )
    )


def _of_one() -> rx.Component:
    """What is arranged for one person, and arranging more."""
    whose = cast("rx.Var[str]", Absences.whose)
    other = Absences.is_other
    return rx.fragment(
        content.section(
            rx.cond(other, t("absences.theirs", who=whose), t("absences.mine")),
            _spans(Absences.away, _away),
        ),
        content.section(
            rx.cond(other, t("absences.they_stand_in", who=whose), t("absences.standing_in")),
            _spans(Absences.standing_in, _standing_in),
        ),
        content.section(
            rx.cond(other, t("absences.new_other", who=whose), t("absences.new")), _form()
        ),
    )


def _overview() -> rx.Component:
    return content.stack(
        rx.cond(
            Absences.said != "",
            feedback.notice(Absences.said, tone="jade", icon_name="check"),
            rx.fragment(),
        ),
        rx.cond(Absences.oversees, _choose(), rx.fragment()),
        rx.cond(Absences.serves, _of_one(), rx.fragment()),
        rx.cond(
            Absences.oversees,
            content.section(t("absences.all"), _spans(Absences.arranged, _arranged)),
            rx.fragment(),
        ),
    )


@page("/absences/", "title.absences", "desk", on_load=Absences.load)
def absences() -> rx.Component:
    """For everybody who serves a window or a department, and for those who answer for them."""
    # A refusal has said why, and the way on, above it.
    nothing = rx.cond(
        Absences.trouble == "", content.card(rx.el.p(t("absences.not_a_desk"))), rx.fragment()
    )
    return rx.match(
        DeskPerson.kind,
        ("none", desk_frame(not_your_desk())),
        desk_frame(
            shell.desk_head(
                t("absences.title"),
                rx.cond(Absences.oversees, t("absences.note_overseer"), t("absences.note")),
            ),
            when_ready_for(
                "person",
                cast("rx.Var[str]", Absences.subject),
                cast("rx.Var[bool]", Absences.is_ready),
                rx.cond(Absences.is_allowed, _overview(), nothing),
            ),
            is_absences=True,
        ),
    )
