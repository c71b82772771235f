"""A guide: the eight public items, in plain words, with one thing to do at the end."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from app import views
from app.frame import nothing_there, trouble, when_ready_for
from app.layout import page
from app.text import Language, dates, local, say, t
from app.visitor import Visitor, answering, any_db, asked, sign_in_first, signed_in_db
from backend import applications, services
from backend.errors import SessionExpired
from components import content, device, feedback, shell
from components.button import button, link_button, outer_link_button
from components.subject import only_for


@dataclass(frozen=True)
class MaterialRow:
    """One material of a guide: what it is, how to have it ready, what is looked at."""

    title: str
    help: str
    points: list[str]
    is_ready: bool


@dataclass(frozen=True)
class LawRow:
    """One law a guide stands on."""

    title: str
    text: str


@dataclass(frozen=True)
class Answer:
    """One frequent question."""

    question: str
    answer: str


class Service(Visitor):
    """One guide in the reader's language."""

    is_ready: bool = False
    code: str = ""
    is_found: bool = False
    is_applicable: bool = False
    is_starting: bool = False
    title: str = ""
    subtitle: str = ""
    summary: str = ""
    promised_number: str = ""
    promised_unit: str = ""
    promised_note: str = ""
    fee_number: str = ""
    fee_note: str = ""
    what: str = ""
    conditions: list[str] = []
    materials: list[MaterialRow] = []
    procedure: str = ""
    steps: list[views.StepRow] = []
    laws: list[LawRow] = []
    result_name: str = ""
    result_note: str = ""
    how_to_apply: str = ""
    questions: list[Answer] = []
    version_note: str = ""
    department_note: str = ""

    @rx.event
    @answering
    async def load(self):
        """Read the guide that the address names."""
        self.is_found, self.is_starting = False, False
        self.code = asked(self, "code")
        found = await services.page(await any_db(self), self.code)
        self._show(found, self.reads)
        self.is_found = True
        if asked(self, "start") and self.is_applicable:
            # Back from sign-in, where the press on "start" had led.
            return Service.go_on
        return None

    def _show(self, found: dict, reads: Language) -> None:
        service, guide = found["service"], found["guide"]
        department = found["department"]
        self.title = local(reads, service["name"])
        self.summary = local(reads, service["summary"])
        kind = say(reads, f"kind.{service['kind']}")
        self.subtitle = f"{local(reads, department['short_name'])} · {kind}"
        self.is_applicable = service["is_applicable"]
        unit, value = guide["promised_unit"], guide["promised_value"]
        self.promised_number = str(value)
        self.promised_unit = say(reads, f"guide.within.{unit}")
        self.promised_note = say(
            reads, "guide.if_today", at=dates.moment(reads, found["promised_at"])
        )
        self.fee_number = views.yuan(guide["fee_fen"])
        self.fee_note = local(reads, guide["fee_note"])
        self.what = local(reads, guide["content"])
        self.conditions = [local(reads, text) for text in guide["conditions"]]
        self.materials = [
            MaterialRow(
                local(reads, m["name"]),
                local(reads, m["help"]),
                [local(reads, point) for point in m["acceptance_points"]],
                m["source"] != "upload",
            )
            for m in found["materials"]
        ]
        self.procedure = local(reads, guide["procedure"])
        self.steps = [
            views.StepRow(say(reads, "guide.you_submit"), say(reads, "guide.any_way"), "now")
        ]
        for step in found["steps"]:
            who = local(reads, step["department"]) or say(reads, "guide.window")
            limit = dates.limit(reads, step["limit"]["value"], step["limit"]["unit"])
            self.steps.append(views.StepRow(local(reads, step["name"]), f"{who} · {limit}", "todo"))
        self.laws = [
            LawRow(
                f"{local(reads, law['title'])} {local(reads, law.get('article'))}".strip(),
                local(reads, law.get("text")),
            )
            for law in guide["legal_basis"]
        ]
        self.result_name = local(reads, guide["result"]["name"])
        self.result_note = local(reads, guide["result"].get("note"))
        self.how_to_apply = local(reads, guide["how_to_apply"])
        self.questions = [
            Answer(local(reads, q["question"]), local(reads, q["answer"]))
            for q in guide["questions"]
        ]
        self.version_note = say(
            reads,
            "guide.version",
            version=guide["version"],
            day=dates.day(reads, guide["published_at"]),
        )
        self.department_note = (
            f"{local(reads, department['name'])} · {department['phone']} · "
            f"{local(reads, department['address'])}"
        )

    @rx.event
    @answering
    async def go_on(self):
        """Open my draft after sign-in; who came back without signing in reads the guide."""
        try:
            who = await signed_in_db(self)
        except SessionExpired:
            return None
        application_id = await applications.start(who.db, self.code)
        return rx.redirect(f"/apply/?id={application_id}", replace=True)

    @rx.event
    @answering
    async def start(self):
        """Open my draft and go to it; a stranger signs in first and comes back."""
        self.is_starting = True
        try:
            who = await signed_in_db(self)
            application_id = await applications.start(who.db, self.code)
        except SessionExpired:
            return sign_in_first(self, more="start=1")
        finally:
            self.is_starting = False
        return rx.redirect(f"/apply/?id={application_id}")


def _material(row: rx.Var[MaterialRow]) -> rx.Component:
    return rx.el.div(
        content.check_row(row.title, row.help, is_done=row.is_ready),
        rx.cond(
            row.points.length() > 0,
            rx.el.details(
                rx.el.summary(t("guide.points"), class_name="small"),
                rx.el.ul(rx.foreach(row.points, lambda point: rx.el.li(point, class_name="note"))),
            ),
            rx.fragment(),
        ),
    )


def _step(row: rx.Var[views.StepRow]) -> rx.Component:
    return feedback.timeline_item(row.title, row.note, row.state)


def _law(row: rx.Var[LawRow]) -> rx.Component:
    return rx.el.li(rx.el.p(row.title, class_name="strong"), rx.el.p(row.text, class_name="note"))


def _question(row: rx.Var[Answer]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(row.question, class_name="strong"), rx.el.p(row.answer), class_name="question"
    )


def _guide() -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.h1(Service.title),
            rx.el.p(Service.subtitle, class_name="note"),
        ),
        content.card(
            content.promise(Service.promised_number, Service.promised_unit, Service.promised_note),
            content.promise(Service.fee_number, t("guide.fee"), Service.fee_note),
        ),
        content.section(t("guide.content"), content.card(rx.el.p(Service.what))),
        content.section(
            t("guide.conditions"),
            content.card(
                rx.el.ul(
                    rx.foreach(Service.conditions, lambda text: rx.el.li(text)),
                    class_name="plain-list",
                )
            ),
        ),
        content.section(
            t("guide.materials"), content.card(rx.foreach(Service.materials, _material))
        ),
        content.section(
            t("guide.procedure"),
            content.card(
                feedback.timeline(rx.foreach(Service.steps, _step)),
                rx.el.p(Service.procedure, class_name="note"),
            ),
        ),
        content.section(
            t("guide.result"),
            content.card(
                rx.el.p(Service.result_name, class_name="strong"),
                rx.el.p(Service.result_note, class_name="note"),
            ),
        ),
        content.section(
            t("guide.law"),
            content.card(rx.el.ul(rx.foreach(Service.laws, _law), class_name="plain-list")),
        ),
        rx.cond(
            Service.questions.length() > 0,
            content.section(
                t("guide.questions"), content.card(rx.foreach(Service.questions, _question))
            ),
            rx.fragment(),
        ),
        content.section(
            t("guide.where"),
            content.card(
                rx.el.p(Service.how_to_apply), rx.el.p(Service.department_note, class_name="note")
            ),
        ),
        rx.el.p(Service.version_note, class_name="note"),
        id="guide",
        class_name="stack",
    )


def _foot() -> rx.Component:
    start = button(
        t("guide.start"),
        on_click=Service.start,
        is_busy=Service.is_starting,
        busy_text=t("loading"),
        id="start",
    )
    call = outer_link_button(t("ask.phone"), href="tel:09373212345", kind="main", icon_name="phone")
    return shell.action_bar(
        rx.cond(Service.is_applicable, start, call),
        rx.el.div(
            device.speak_button(t("speak"), target_id="guide", stop_label=t("speak.stop")),
            device.print_button(t("print")),
            device.share_button(t("share"), title=Service.title, done_label=t("share.done")),
            class_name="quiet-actions",
        ),
    )


@page("/service/", "title.service", on_load=Service.load)
def service() -> rx.Component:
    """One guide."""
    missing = nothing_there(
        "search", t("error.service_not_found"), link_button(t("services.title"), to="/services/")
    )
    return shell.phone_page(
        when_ready_for(
            "code",
            Service.code,
            Service.is_ready,
            rx.cond(Service.is_found, rx.fragment(trouble(), _guide()), missing),
        ),
        top=shell.app_bar(t("guide.title"), back_to="/services/", back_label=t("back")),
        foot=only_for(
            rx.cond(Service.is_found, _foot(), rx.fragment()),
            param="code",
            value=Service.code,
            fallback=rx.fragment(),
        ),
        above=[shell.announcer(Visitor.announcement)],
    )
