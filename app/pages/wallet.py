"""My wallet: what was verified once, and what was used or asked where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.frame import citizen_page, when_ready
from app.layout import page
from app.text import Language, dates, local, say, t
from app.visitor import Visitor, answering, signed_in_db
from backend import wallet as papers
from components import content, feedback, shell
from components.button import button, link_button, outer_link_button

_PAGE = 20


@dataclass(frozen=True)
class Paper:
    """One paper of the wallet."""

    id: str
    title: str
    note: str
    until: str
    look: str
    is_offered: bool


@dataclass(frozen=True)
class Use:
    """One use of a paper, or one question to a registry."""

    title: str
    note: str
    link: str


class Wallet(Visitor):
    """What I let be kept, and where it went."""

    is_ready: bool = False
    papers: list[Paper] = []
    uses: list[Use] = []
    has_more: bool = False
    _last: tuple[str, str] | None = None

    @rx.event
    @answering
    async def load(self):
        """The papers, and the first page of uses."""
        who = await signed_in_db(self)
        self.is_signed_in = True
        found = await papers.page(who.db, limit=_PAGE)
        self.papers = [_paper(self.reads, item) for item in found["items"]]
        self.uses = []
        self._append(found["uses"])

    def _append(self, uses: list[dict[str, Any]]) -> None:
        self.uses = [*self.uses, *(_use(self.reads, use) for use in uses)]
        self.has_more = len(uses) == _PAGE
        if uses:
            self._last = (uses[-1]["at"], uses[-1]["id"])

    @rx.event
    @answering
    async def more(self):
        """Older uses."""
        who = await signed_in_db(self)
        self._append((await papers.page(who.db, before=self._last, limit=_PAGE))["uses"])

    @rx.event
    @answering
    async def offer(self, item_id: str, is_offered: bool):
        """Withdraw my consent to be offered a paper, or give it again."""
        who = await signed_in_db(self)
        await papers.offer(who.db, item_id, is_offered=is_offered)
        return Wallet.load

    @rx.event
    @answering
    async def remove(self, item_id: str):
        """Take a paper out."""
        who = await signed_in_db(self)
        await papers.remove(who.db, item_id)
        self.announcement = say(self.reads, "wallet.removed")
        return Wallet.load


def _paper(reads: Language, item: dict[str, Any]) -> Paper:
    until = "wallet.expired" if item["is_expired"] else "wallet.until"
    name = local(reads, item["name"])
    return Paper(
        id=item["id"],
        title=name[:1].upper() + name[1:],
        note=say(
            reads, "wallet.verified",
            day=dates.day(reads, item["verified_at"]), office=local(reads, item["verified_by"]),
        ),
        until=say(reads, until, day=dates.day(reads, item["valid_until"])),
        look=f"/api/documents/{item['documents'][0]['id']}" if item["documents"] else "",
        is_offered=item["is_offered"],
    )  # fmt: skip


def _use(reads: Language, use: dict[str, Any]) -> Use:
    what = (
        say(reads, f"registry.{use['registry']}") if use["registry"] else local(reads, use["name"])
    )
    status = say(reads, f"wallet.is_{use['status']}")
    return Use(
        title=f"{what} · {local(reads, use['purpose'])}",
        note=f"{dates.moment(reads, use['at'])} · {status}",
        link=f"/{'apply' if use['is_draft'] else 'case'}/?id={use['application_id']}",
    )


def _card(paper: rx.Var[Paper]) -> rx.Component:
    stop = button(
        t("wallet.stop"),
        content.hidden_text(paper.title),
        kind="quiet",
        on_click=Wallet.offer(paper.id, False),
    )
    go_on = button(
        t("wallet.go_on"),
        content.hidden_text(paper.title),
        kind="quiet",
        on_click=Wallet.offer(paper.id, True),
    )
    look = outer_link_button(
        t("wallet.look"),
        content.hidden_text(paper.title),
        href=paper.look,
        kind="plain",
        target="_blank",
        rel="noopener",
    )
    return content.card(
        rx.el.h2(paper.title),
        rx.el.p(paper.note, class_name="note"),
        rx.el.p(paper.until, class_name="note num"),
        rx.cond(paper.look != "", look, rx.fragment()),
        content.row(
            rx.cond(paper.is_offered, stop, go_on),
            button(
                t("wallet.remove"),
                content.hidden_text(paper.title),
                kind="plain",
                icon_name="trash",
                on_click=Wallet.remove(paper.id),
            ),
        ),
    )


def _row(use: rx.Var[Use]) -> rx.Component:
    return content.list_row(use.title, use.note, to=use.link)


@page("/wallet/", "title.wallet", "signed_in", on_load=Wallet.load)
def wallet() -> rx.Component:
    """My wallet."""
    nothing = feedback.empty_state(
        "file",
        t("wallet.none"),
        t("wallet.none_note"),
        link_button(t("door.apply"), to="/services/"),
    )
    kept = rx.cond(
        Wallet.papers.length() > 0,
        content.stack(rx.foreach(Wallet.papers, _card)),
        nothing,
    )
    uses = rx.cond(
        Wallet.uses.length() > 0,
        rx.fragment(
            content.list_rows(rx.foreach(Wallet.uses, _row)),
            rx.cond(
                Wallet.has_more,
                button(t("more"), kind="quiet", on_click=Wallet.more),
                rx.fragment(),
            ),
        ),
        content.card(rx.el.p(t("wallet.no_uses"), class_name="note")),
    )
    return citizen_page(
        when_ready(
            Wallet.is_ready,
            content.stack(
                rx.el.p(t("wallet.note"), class_name="note"),
                kept,
                content.section(t("wallet.uses"), uses),
            ),
        ),
        place="me",
        top=shell.page_head(t("wallet.title")),
    )
