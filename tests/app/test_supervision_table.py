"""The table that supervision takes along: for whom, how it opens, and what never runs in it."""

import csv
import io
from typing import Any

import county
import httpx
import pytest
from county import MakeCase, Person, SignIn
from fastapi import FastAPI

from app.api.supervision import defused, line, router, table
from backend import web_sessions


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-3", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")']
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"
    cells = list(csv.reader(io.StringIO(table(["a"], [[text]]).decode("utf-8-sig"), newline="")))
    assert cells[1] == [f"'{text}"]


@pytest.mark.parametrize("cell", ["玉门镇", "No.6209", "a=b", "", 3, "3-1"])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert defused(cell) == str(cell)


def test_the_table_says_that_it_is_utf_8() -> None:
    assert table(["事项"], [["尊老金"]]) == b"\xef\xbb\xbf" + "事项\r\n尊老金\r\n".encode()


STEP = {
    "receipt_number": "62098126112200000173",
    "service": {"zh": "=尊老金", "en": "Allowance"},
    "step": {"zh": "核对", "en": "Check"},
    "who": {"zh": "玉门镇", "en": "Yumen"},
    "due_at": "2026-11-23T10:00:00+00:00",
    "light": "yellow",
    "promised_at": "2026-11-24T10:00:00+00:00",
    "expected_at": None,
    "over_days": 0,
}


def test_a_line_keeps_its_number_whole_and_its_times_local() -> None:
    cells = line("zh", STEP)
    assert cells[0] == "No.62098126112200000173"
    assert cells[4:] == ("2026-11-23 18:00", "快到期", "2026-11-24 18:00", "", 0)
    assert "'=尊老金".encode() in table([], [cells])


async def ask(person: Person | None, language: str = "zh") -> httpx.Response:
    api = FastAPI()
    api.include_router(router)
    cookies = {"lang": language} | ({web_sessions.COOKIE: person.secret} if person else {})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(api), base_url="http://localhost:3000", cookies=cookies
    ) as browser:
        return await browser.get("/api/supervision.csv")


async def test_only_overseers_take_it_along(
    open_tab: Any, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    await cases(citizen)
    assert (await ask(None)).status_code == 401
    assert (await ask(citizen)).status_code == 403
    assert (await ask(await demo(county.CLERK_OF_YUMEN_TOWN))).status_code == 403
    answer = await ask(await demo(county.SUPERVISOR))
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["受理号", "事项"] and len(rows) > 1
    assert "王秀英" not in answer.text and "王*英" not in answer.text
    english = await ask(await demo(county.ADMINISTRATOR), "en")
    assert english.text.lstrip("\ufeff").startswith("Receipt number,Service")
