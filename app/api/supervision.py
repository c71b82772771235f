"""The county's steps on the clock as a table for WPS and Excel, for those who oversee it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.answers import answering, language_of, who_asks
from app.text import Language, dates, local, say
from backend import applications

router = APIRouter()
# Due first: what matters is in here, and the work stays bounded.
_MOST = 1000
_PAGE = 100
_COLUMNS = (
    "receipt_number",
    "service",
    "step",
    "who",
    "due",
    "light",
    "promised",
    "expected",
    "over",
)
# A cell that begins like this would be run as a formula by the program that opens the table.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: object) -> str:
    """A cell that no program takes for a formula; what is none stays as it is."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark, without which WPS and Excel garble Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([defused(cell) for cell in head])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def line(language: Language, step: dict[str, Any]) -> tuple[object, ...]:
    """One running step, in the order of the columns."""

    def at(name: str) -> str:
        moment = dates.parsed(step[name])
        return f"{moment:%Y-%m-%d %H:%M}" if moment else ""

    return (
        # With a letter the number stays whole: twenty digits are too many for a spreadsheet.
        f"No.{step['receipt_number']}",
        local(language, step["service"]),
        local(language, step["step"]),
        local(language, step["who"]),
        at("due_at"),
        say(language, f"supervision.light.{step['light']}"),
        at("promised_at"),
        at("expected_at"),
        step["over_days"] or 0,
    )


@router.get("/api/supervision.csv")
@answering
async def supervision_table(request: Request) -> Response:
    """Running steps of the county, due first, at most 1 000; the database refuses who may not."""
    db, language = (await who_asks(request)).db, language_of(request)
    steps: list[dict[str, Any]] = []
    while len(steps) < _MOST:
        after = (steps[-1]["due_at"], steps[-1]["step_id"]) if steps else None
        found = await applications.forecast(db, after=after, limit=_PAGE)
        steps += found
        if len(found) < _PAGE:
            break
    head = [say(language, f"supervision.csv.{name}") for name in _COLUMNS]
    return Response(
        table(head, (line(language, step) for step in steps)),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="supervision.csv"',
            "cache-control": "private, no-store",
        },
    )
