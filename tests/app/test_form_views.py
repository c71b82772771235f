"""A form as a page shows it: what has to be answered is not called optional."""

from typing import Any

import pytest
from filled_forms import FILLED

from app import form_views
from backend import seed

SCHEMAS: dict[str, dict[str, Any]] = {
    s["code"]: s["guide"]["form_schema"] for s in seed.services() if s["is_applicable"]
}


def shown(code: str, **answers: object) -> dict[str, bool]:
    """Each question that is asked, and whether it has to be answered."""
    asked = form_views.Asked("zh", SCHEMAS[code], FILLED[code] | answers)
    return {
        field.name: field.is_required
        for section in asked.sections()
        for field in section.fields
        if field.is_shown
    }


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("urban-renewal-bundle", "road_name"),
        ("real-estate-registration", "mortgage_bank"),
        ("animal-quarantine", "destination"),
        ("disability-card", "hospital"),
    ],
)
def test_a_section_that_is_asked_has_to_be_answered(code: str, field: str) -> None:
    assert shown(code)[field]


def test_a_section_that_is_not_asked_asks_nothing() -> None:
    assert "road_name" not in shown("urban-renewal-bundle", occupies_road=False)
