"""What the page of an application shows of its draft: questions, papers, what is still wrong."""

from __future__ import annotations

from typing import Any

from app import form_answers, form_views
from app.form_views import SectionView
from app.material_cards import MaterialCard, material_cards
from app.material_sources import origins_of
from app.pages import apply_draft
from app.pages.apply_draft import Draft, Offer, ReviewBlock
from app.text import dates, local
from app.visitor import Visitor
from backend import divisions, forms
from components.types import FieldError, OptionGroup


class Shown(Visitor):
    """A draft as it stands on the page."""

    is_checking: bool = False
    is_newest_guide: bool = True
    withdrawn_because: str = ""
    title: str = ""
    sections: list[SectionView] = []
    materials: list[MaterialCard] = []
    review: list[ReviewBlock] = []
    places: list[OptionGroup] = []
    errors: list[FieldError] = []
    offers: list[Offer] = []
    incoming: dict[str, Any] = {}
    attempt: int = 0
    focus_target: str = ""
    focus_turn: int = 0
    _draft: Draft = Draft()
    _cards: list[MaterialCard] = []

    async def _read_divisions(self, db: Any) -> None:
        self._draft.divisions = await divisions.every(db)
        self.places = form_answers.division_groups(self.reads, self._draft.divisions)

    def _take(self, found: dict[str, Any]) -> None:
        draft = self._draft
        self.title = local(self.reads, found["case"]["service"])
        self.is_newest_guide = found["is_newest_guide"]
        self.withdrawn_because = local(self.reads, found["withdrawal"])
        draft.schema, draft.form = found["form_schema"], found["form"]
        self._take_sources(found)
        self._show_form()

    def _take_sources(self, found: dict[str, Any]) -> None:
        """Papers, and where answers came from; what is typed stays as it is."""
        draft = self._draft
        draft.materials = found["materials"]
        draft.origins, draft.disputes = found["origins"], found["disputes"]

    def _show_form(self) -> None:
        draft, reads = self._draft, self.reads
        needed = [m for m in draft.materials if forms.holds(m.get("needed_when"), draft.form)]
        self._cards = material_cards(reads, needed)
        in_form = form_views.papers_in_form(draft.schema, draft.form)
        self.materials = [card for card in self._cards if card.code not in in_form]
        self.sections = form_views.Asked(
            reads,
            draft.schema,
            draft.form,
            errors=draft.errors,
            warnings=forms.warnings(draft.schema, draft.form),
            cards=self._cards,
            origins=origins_of(reads, draft.origins),
            disputes=draft.disputes,
        ).sections()
        if self.is_checking:
            self.review = apply_draft.review_of(reads, draft, self._cards)

    def _judge(self, changes: dict[str, Any]) -> None:
        """Hold the changes, and say what is wrong with what changed."""
        draft, today = self._draft, dates.today()
        draft.form = {k: v for k, v in {**draft.form, **changes}.items() if v is not None}
        for name in changes:
            draft.origins.pop(name, None)
            found = forms.problems_so_far(draft.schema, draft.form, name, today=today)
            draft.errors = forms.without(draft.errors, name) | found
        self.errors = [
            e
            for e in self.errors
            if e.field in draft.errors or not any(forms.is_of(e.field, n) for n in changes)
        ]
        self._show_form()

    def _send_in(self, names: list[str], *, is_forced: bool = False) -> None:
        """Put the draft's values into the inputs that stand open in the browser."""
        schema, form = self._draft.schema, self._draft.form
        values: dict[str, Any] = {}
        for name in names:
            values |= form_views.for_inputs(schema, name, form.get(name))
        turn = self.incoming.get("turn", 0) + 1
        self.incoming = {"turn": turn, "values": values, "is_forced": is_forced}

    def _offer(self, texts: dict[str, Any]) -> None:
        new = apply_draft.offers_of(self.reads, self._draft, texts)
        self._draft.offered |= {offer.name: texts[offer.name] for offer in new}
        kept = [o for o in self.offers if o.name not in {n.name for n in new}]
        self.offers = kept + new

    def _focus(self, target: str) -> None:
        self.focus_target, self.focus_turn = target, self.focus_turn + 1

    def _list_errors(self, problems: dict[str, str], missing: list[str]) -> bool:
        """Say what is to be mended, and where; whether there was anything."""
        draft = self._draft
        draft.errors = dict(problems)
        self.errors = apply_draft.errors_of(
            self.reads, draft.schema, problems, self._cards, missing
        )
        if self.errors:
            self.is_checking = False
            self.attempt += 1
        self._show_form()
        return bool(self.errors)
