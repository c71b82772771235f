"""The check on the page of a guide: answers, what they make of it, and the draft they fill."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from county import SignIn

from app.pages.service import Service
from app.pages.sign_in import SignIn as SignInPage
from app.text import say
from backend import applications

CODE = "newborn-bundle"
URL = f"/service/?code={CODE}"
TYPED = {
    "a-joins_household": "father",
    "a-parents_are_married": "no",
    "a-wants_insurance": "yes",
    "a-wants_card": "no",
}
QUERY = "&".join(f"{name}={value}" for name, value in TYPED.items())
OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_answers_make_a_list(open_tab: OpenTab, handle: Handle, language: Any) -> None:
    page = open_tab(language=language).at(Service, URL)
    await handle(page, "load")
    assert len(page.check) == 4 and not page.mine.is_known
    await handle(page, "answer", TYPED)
    mine = page.mine
    assert mine.is_known and mine.materials and mine.perhaps == [] and mine.steps
    assert len(mine.materials) < len(page.shown.materials)
    assert mine.query == QUERY and page.list_address.startswith(f"/g/{CODE}/list?{QUERY}")
    said = say(language, "check.done", count=len(mine.materials))
    assert page.announcement == said


async def test_a_question_without_an_answer_says_so(open_tab: OpenTab, handle: Handle) -> None:
    page = open_tab().at(Service, URL)
    await handle(page, "load")
    await handle(page, "answer", {"a-joins_household": "father", "a-wants_card": "<b>"})
    assert [q.error != "" for q in page.check] == [False, True, True, True]
    assert page.check[0].value == "father" and not page.mine.is_known
    assert page.announcement == say("zh", "check.errors")


async def test_answers_survive_sign_in_and_fill_the_draft(
    open_tab: OpenTab, handle: Handle, leads_to: Callable[[Any], str], sign_in: SignIn
) -> None:
    stranger = open_tab().at(Service, URL)
    await handle(stranger, "load")
    await handle(stranger, "answer", TYPED)
    target = leads_to(await handle(stranger, "start"))
    back = unquote(parse_qs(urlsplit(target).query)["next"][0])
    assert back == f"{URL}&{QUERY}&start=1"
    sign_in_page = open_tab().at(SignInPage, target)
    await handle(sign_in_page, "load")
    assert sign_in_page.next_to == back

    citizen = await sign_in()
    page = open_tab(citizen).at(Service, back)
    assert await handle(page, "load") is Service.go_on
    assert page.mine.is_known
    to = leads_to(await handle(page, "go_on"))
    draft = await applications.page(citizen.db, to.removeprefix("/apply/?id="))
    assert (
        draft["form"]
        | {
            "joins_household": "father",
            "parents_are_married": False,
            "wants_insurance": True,
            "wants_card": False,
        }
        == draft["form"]
    )
    # What the profile knows came along, although the draft had been saved before it was opened.
    assert citizen.phone.removeprefix("+86") in draft["form"].values()


async def test_the_plain_page_starts_and_leaves_no_trap(
    open_tab: OpenTab, handle: Handle, leads_to: Callable[[Any], str]
) -> None:
    page = open_tab().at(Service, f"{URL}&{QUERY}&apply=1")
    assert await handle(page, "load") is Service.start
    assert leads_to(await handle(page, "start")).startswith("/sign-in/?next=")
