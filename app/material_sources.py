"""Where a material may come from besides a photo: the wallet, or a registry of the county."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app.text import Language, dates, local, say, t
from components import content
from components.button import button
from components.types import Handler

_CHOICES = ("girl", "boy")


@dataclass(frozen=True)
class FactView:
    """One fact of a registry, masked."""

    label: str
    value: str


@dataclass(frozen=True)
class SourcesView:
    """What stands beside the photos of one material; "" where there is nothing to say."""

    offer_id: str = ""
    offer: str = ""
    offer_note: str = ""
    used: str = ""
    registry: str = ""
    ask: str = ""
    ask_note: str = ""
    query_id: str = ""
    found: str = ""
    paper_note: str = ""
    is_paper_folded: bool = False
    facts: list[FactView] = field(default_factory=list)


@dataclass(frozen=True)
class Taking:
    """What the buttons do: (material code, item id), (registry), (query id)."""

    use: Handler
    ask: Handler
    dispute: Handler
    is_asking: rx.Var[bool]


def sources_view(language: Language, material: dict[str, Any]) -> SourcesView:
    """The sources of one material of application_page()."""
    used = material["wallet_use"]
    query, registry = material["query"] or {}, material["registry"] or ""
    status = "disputed" if query.get("is_disputed") else query.get("status", "")
    answered = status == "found"
    offer = None if material["is_there"] else material["wallet_offer"]
    # One offer at a time: what was seen with eyes comes before what a registry says.
    can_ask = bool(registry) and not material["is_there"] and offer is None
    name = say(language, f"registry.{registry}") if registry else ""
    return SourcesView(
        offer_id=offer["id"] if offer else "",
        offer=_verified(language, "wallet.use", offer),
        offer_note=say(language, "wallet.use_note") if offer else "",
        used=_verified(language, "wallet.used", used),
        registry=registry if can_ask else "",
        ask=say(language, "registry.ask_again" if status else "registry.ask", registry=name),
        ask_note=say(language, "registry.ask_note", registry=name) if can_ask else "",
        query_id=query["id"] if answered else "",
        found=_found(language, name, query) if answered else "",
        paper_note=_paper_note(language, name, status, query) if can_ask else "",
        is_paper_folded=can_ask and material["source"] != "upload" and not status,
        facts=facts_of(language, registry, query) if answered else [],
    )


def facts_of(language: Language, registry: str, query: dict[str, Any]) -> list[FactView]:
    """The masked facts of an answer, in the reader's language; codes of places say nothing."""
    return [
        FactView(
            say(language, f"fact.{registry}.{fact['code']}"),
            say(language, f"fact.is_{fact['value']}")
            if fact["value"] in _CHOICES
            else fact["value"],
        )
        for fact in query.get("facts", [])
        if fact["kind"] != "division"
    ]


def _verified(language: Language, key: str, item: dict[str, Any] | None) -> str:
    if not item:
        return ""
    return say(
        language,
        key,
        name=local(language, item["name"]),
        day=dates.day(language, item["verified_at"]),
        office=local(language, item["verified_by"]),
    )


def _found(language: Language, name: str, query: dict[str, Any]) -> str:
    text = say(language, "registry.found", registry=name, day=_as_of(language, query))
    return f"{text} {say(language, 'registry.filled')}" if query["fields"] else text


def _as_of(language: Language, query: dict[str, Any]) -> str:
    return dates.day(language, query["as_of"]) or "—"


def _paper_note(language: Language, name: str, status: str, query: dict[str, Any]) -> str:
    if status in ("nothing", "disputed"):
        return say(language, f"registry.{status}", registry=name)
    if status == "failed":
        reason = query["reason"]
        key = reason if reason in ("slow", "not_connected") else "down"
        return say(language, f"registry.failed_{key}", registry=name)
    return ""


def origins_of(language: Language, origins: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Where each answer that nobody typed came from, and when, in the reader's language."""
    return {name: _origin(language, origin) for name, origin in origins.items()}


def _origin(language: Language, origin: dict[str, Any]) -> str:
    day = dates.day(language, origin["at"])
    if origin["source"] == "profile":
        return say(language, "origin.profile", day=day)
    name = say(language, f"registry.{origin['source']}")
    return say(language, "origin.registry", registry=name, day=day)


def wallet_part(sources: rx.Var[SourcesView], code: rx.Var[str], use: Handler) -> rx.Component:
    """A paper of the wallet that may go along, or that does."""
    offer = rx.el.div(
        button(sources.offer, kind="quiet", on_click=use(code, sources.offer_id)),
        rx.el.p(sources.offer_note, class_name="note"),
    )
    return rx.fragment(
        rx.cond(sources.used != "", rx.el.p(sources.used, class_name="note"), rx.fragment()),
        rx.cond(sources.offer_id != "", offer, rx.fragment()),
    )


def sources_part(sources: rx.Var[SourcesView], code: rx.Var[str], taking: Taking) -> rx.Component:
    """The offers of one material, and what came of them."""
    ask = rx.el.div(
        rx.el.p(sources.paper_note, class_name="note", role="status"),
        button(
            sources.ask,
            kind="quiet",
            on_click=taking.ask(sources.registry),
            is_busy=taking.is_asking,
            busy_text=t("registry.asking"),
        ),
        rx.el.p(sources.ask_note, class_name="note"),
    )
    found = rx.el.div(
        rx.el.p(sources.found, class_name="note"),
        content.definition_list(
            rx.foreach(sources.facts, lambda fact: content.definition(fact.label, fact.value))
        ),
        button(t("registry.not_right"), kind="plain", on_click=taking.dispute(sources.query_id)),
    )
    return rx.fragment(
        wallet_part(sources, code, taking.use),
        rx.cond(sources.registry != "", ask, rx.fragment()),
        rx.cond(sources.query_id != "", found, rx.fragment()),
    )
