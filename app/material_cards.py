"""Materials of a case with their photos: what is there, what is missing, how to add it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app.material_sources import SourcesView, Taking, sources_part, sources_view
from app.text import Language, local, say, t
from components import content
from components.button import button
from components.photo import PHOTO_TEXTS, photo_input
from components.types import Handler


@dataclass(frozen=True)
class PhotoView:
    """One verified file."""

    id: str
    src: str
    label: str
    is_image: bool


@dataclass(frozen=True)
class MaterialCard:
    """One material of the guide, with its files."""

    code: str
    key: str
    title: str
    help: str
    state_text: str
    is_done: bool
    is_required: bool
    is_upload: bool
    has_room: bool
    points: list[str] = field(default_factory=list)
    photos: list[PhotoView] = field(default_factory=list)
    sources: SourcesView = field(default_factory=SourcesView)


def material_cards(language: Language, materials: list[dict[str, Any]]) -> list[MaterialCard]:
    """Materials in the guide's order; those the county holds or the form carries are done."""
    return [_card(language, material) for material in materials]


def _card(language: Language, material: dict[str, Any]) -> MaterialCard:
    is_upload = material["source"] == "upload" or bool(material["registry"])
    documents = material["documents"]
    needed = max(material["min_files"], 1) if material["is_required"] else 0
    is_done = bool(material["is_there"])
    sources = sources_view(language, material)
    if sources.query_id or sources.used:
        state = say(language, "material.is_there")
    elif sources.is_paper_folded:
        state = say(language, "material.can_be_fetched")
    elif not is_upload:
        state = say(language, f"material.{material['source']}")
    else:
        key = "material.count" if material["is_required"] else "material.count_optional"
        state = say(language, key, count=len(documents), needed=max(needed, 1))
    return MaterialCard(
        code=material["code"],
        key=f"{material['code']}:{len(documents)}",
        title=local(language, material["name"]),
        help=local(language, material["help"]),
        state_text=state,
        is_done=is_done,
        is_required=is_upload and material["is_required"],
        is_upload=is_upload,
        has_room=is_upload
        and not (sources.query_id or sources.used)
        and len(documents) < max(material["max_files"], 1),
        points=[local(language, point) for point in material["acceptance_points"]],
        photos=[
            PhotoView(
                id=document["id"],
                src=f"/api/documents/{document['id']}",
                label=say(
                    language, "material.photo", name=local(language, material["name"]), number=n
                ),
                is_image=document["mime"] != "application/pdf",
            )
            for n, document in enumerate(documents, 1)
        ],
        sources=sources,
    )


def photo(photo_view: rx.Var[PhotoView], on_remove: Handler | None) -> rx.Component:
    """A thumbnail that opens the file; with a way to take it out while it is a draft."""
    face = rx.cond(
        photo_view.is_image,
        rx.el.img(src=photo_view.src, alt="", loading="lazy", class_name="thumb"),
        rx.el.span("PDF", class_name="thumb pdf"),
    )
    remove = (
        []
        if on_remove is None
        else [
            button(
                t("material.remove"),
                content.hidden_text(photo_view.label),
                kind="plain",
                icon_name="trash",
                on_click=on_remove(photo_view.id),
            )
        ]
    )
    return rx.el.div(
        rx.el.a(
            face,
            content.hidden_text(photo_view.label),
            href=photo_view.src,
            target="_blank",
            rel="noopener",
        ),
        *remove,
        class_name="thumb-row",
    )


def _texts() -> dict[str, rx.Component]:
    return {name: t(f"photo.{name}") for name in PHOTO_TEXTS}


def _folded(card: rx.Var[MaterialCard], camera: rx.Component) -> rx.Component:
    """The camera at once, or behind a word where the county may hold the paper itself."""
    return rx.cond(
        card.sources.is_paper_folded,
        rx.el.details(rx.el.summary(t("registry.on_paper"), class_name="small"), camera),
        camera,
    )


def camera(
    card: rx.Var[MaterialCard], application_id: rx.Var[str], on_done: Handler
) -> rx.Component:
    """Camera and album of one material."""
    return photo_input(
        f"material-{card.code}",
        content.hidden_text(card.title),
        begin_url="/api/documents/begin",
        finish_url="/api/documents/finish",
        subject={"application_id": application_id, "material_code": card.code},
        accept="image/*,application/pdf",
        texts=_texts(),
        on_done=on_done,
    )


def take_photo(
    card: rx.Var[MaterialCard], application_id: rx.Var[str], on_done: Handler
) -> rx.Component:
    """Camera and album, while there is room for one more file."""
    means = rx.el.div(camera(card, application_id, on_done), key=card.key)
    return rx.cond(card.has_room, means, rx.fragment())


def material_card(
    card: rx.Var[MaterialCard],
    application_id: rx.Var[str],
    on_done: Handler,
    on_remove: Handler,
    taking: Taking | None = None,
) -> rx.Component:
    """One material while it is being gathered."""
    means = camera(card, application_id, on_done)
    points = rx.el.details(
        rx.el.summary(t("guide.points"), class_name="small"),
        rx.el.ul(rx.foreach(card.points, lambda point: rx.el.li(point, class_name="note"))),
    )
    return content.card(
        content.check_row(card.title, card.help, is_done=card.is_done, state_text=card.state_text),
        rx.el.p(card.state_text, class_name="note", aria_hidden="true"),
        rx.cond(card.is_upload & (card.points.length() > 0), points, rx.fragment()),
        sources_part(card.sources, card.code, taking) if taking else rx.fragment(),
        rx.foreach(card.photos, lambda view: photo(view, on_remove)),
        rx.cond(card.has_room, rx.el.div(_folded(card, means), key=card.key), rx.fragment()),
    )
