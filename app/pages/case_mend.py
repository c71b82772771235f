"""What a case's page holds of the form while its applicant mends what a notice names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app import form_answers
from app.case_views import Wrong
from app.text import Language, dates, say
from app.text.errors import of_code
from backend import forms
from components.types import FieldError

Items = list[dict[str, Any]]


@dataclass
class Mending:
    """The form and the fields of it that the open notice names; never sent to the browser as a
    whole."""

    schema: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    divisions: list[dict[str, Any]] = field(default_factory=list)
    gone: tuple[str, Items] | None = None

    def take(self, found: dict[str, Any]) -> None:
        """What the server says now; typed text that it could not keep stays as it was judged."""
        self.schema, self.form = found["form_schema"], found["form"]
        items = found["notice"]["items"] if found["notice"] else []
        self.fields = [item["code"] for item in items if item["kind"] == "field"]

    def is_asked(self, path: str) -> bool:
        """Whether a field, or what lies in it, may be changed now."""
        return path.partition(".")[0] in self.fields

    def judge(self, changes: dict[str, Any]) -> None:
        """Say of what just changed whether it can be right."""
        form = {k: v for k, v in {**self.form, **changes}.items() if v is not None}
        for name in changes:
            found = forms.problems_so_far(self.schema, form, name, today=dates.today())
            self.errors = forms.without(self.errors, name) | found


def _items(mending: Mending, name: str) -> Items | None:
    rule = mending.schema.get("properties", {}).get(name, {})
    if name not in mending.fields or forms.kind_of(rule) != "group":
        return None
    return list(mending.form.get(name) or [])


def with_one_more(mending: Mending, name: str) -> Items | None:
    """A group with one more, empty; None when there is no room or no such group."""
    items = _items(mending, name)
    if items is None:
        return None
    most = mending.schema["properties"][name].get("maxItems", forms.MOST_ITEMS)
    return [*items, {}] if len(items) < most else None


def with_one_less(mending: Mending, name: str, place: int) -> Items | None:
    """A group without one of it, kept to be brought back; None when it is not there."""
    items = _items(mending, name)
    if items is None or not 0 <= place < len(items):
        return None
    mending.gone = (name, items)
    return items[:place] + items[place + 1 :]


def errors_of(
    reads: Language,
    schema: dict[str, Any],
    problems: dict[str, str],
    wrongs: list[Wrong],
    items: list[str],
) -> list[FieldError]:
    """One line for each thing that is still to be done, where it is done."""
    found = [
        FieldError(path, f"{form_answers.label_of(reads, schema, path)}：{of_code(reads, code)}")
        for path, code in problems.items()
    ]
    return found + [
        FieldError(wrong.target, say(reads, "mend.still", name=wrong.title))
        for wrong in wrongs
        if wrong.code in items
    ]
