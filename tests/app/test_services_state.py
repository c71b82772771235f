"""The list of services: what the address asks is what is shown, and what every filter leads to."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import county
import pytest
from county import SignIn

from app.pages.services import Services
from app.pages.services_filters import WORDS, chips

Handle = Callable[..., Awaitable[Any]]
OpenTab = Callable[..., Any]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@BOTH
async def test_a_question_is_found_with_its_answer_and_its_service(
    open_tab: OpenTab, handle: Handle, language: str
) -> None:
    page = open_tab(language=language).at(Services, f"/services/?q={quote('尊老金')}")
    await handle(page, "load")
    assert page.found[0].href == "/service/?code=elderly-allowance"
    asked = page.questions[0]
    assert asked.question and asked.answer and asked.href == "/service/?code=elderly-allowance"
    assert page.announcement == page.count_note != ""
    assert page.answered_for == f"q={quote('尊老金')}"


async def test_the_newest_question_is_the_one_that_is_answered(
    open_tab: OpenTab, handle: Handle
) -> None:
    tab = open_tab()
    for typed in ("yi", "yibao", "zunlaojin"):
        page = tab.at(Services, f"/services/?q={typed}")
        await handle(page, "load")
    assert page.query == "zunlaojin" and page.answered_for == "q=zunlaojin"
    assert page.found[0].code == "elderly-allowance"


@BOTH
async def test_nothing_found_says_what_was_sought_and_offers_others(
    open_tab: OpenTab, handle: Handle, language: str
) -> None:
    page = open_tab(language=language).at(Services, "/services/?q=qqqqqq")
    await handle(page, "load")
    assert (page.found, page.questions) == ([], []) and len(page.others) == 4
    assert "qqqqqq" in page.announcement
    page = open_tab(language=language).at(Services, "/services/?who=veteran&event=birth")
    await handle(page, "load")
    assert page.found == [] and page.announcement


async def test_the_next_page_is_added(open_tab: OpenTab, handle: Handle) -> None:
    page = open_tab().at(Services, "/services/")
    await handle(page, "load")
    before = [row.code for row in page.found]
    assert len(before) == 15 and page.has_more
    await handle(page, "show_more")
    after = [row.code for row in page.found]
    assert after[:15] == before and len(set(after)) == len(after) > 15
    while page.has_more:
        await handle(page, "show_more")
    count = len(page.found)
    await handle(page, "show_more")
    assert len(page.found) == count


async def test_who_lives_in_a_township_is_told_what_comes_first(
    open_tab: OpenTab, handle: Handle, demo: SignIn
) -> None:
    page = open_tab(await demo(county.WANG)).at(Services, "/services/")
    await handle(page, "load")
    assert "玉门镇" in page.town_note
    page = open_tab().at(Services, "/services/")
    await handle(page, "load")
    assert page.town_note == ""


@pytest.mark.parametrize("query", ["q=%25", "q=_", "q='", "q=%F0%9F%98%80", "q=" + "x" * 10_000])
async def test_odd_addresses_are_harmless(open_tab: OpenTab, handle: Handle, query: str) -> None:
    page = open_tab().at(Services, f"/services/?{query}&who=%00&dept=nobody&for=x&near=2")
    await handle(page, "load")
    assert page.trouble == "" and page.is_ready


def test_a_filter_goes_on_and_off_and_leaves_the_others() -> None:
    police: dict[str, Any] = {"code": "police", "name": {"zh": "公安局", "en": "Police"}}
    chosen = {"q": "户口", "who": "parent"}
    groups = chips(chosen, [police])
    on = next(chip for chip in groups.who if chip.is_on)
    assert on.href == f"/services/?q={quote('户口')}" and groups.chosen == [on]
    off = groups.departments[0]
    assert off.href == f"/services/?q={quote('户口')}&who=parent&dept=police"
    assert groups.events[0].is_on and not groups.events[1].is_on
    assert len(groups.who) == len(WORDS["who"]) == 13
    assert chips({}, []).events[0].href == "/services/"
