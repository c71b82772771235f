"""The page about myself, handler by handler: shown masked, changed, signed out elsewhere."""

from collections.abc import Awaitable, Callable
from typing import Any

import county
import pytest
from county import MakeCase, SignIn

from app.pages.me import Me
from app.text import say
from backend import applications

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@BOTH
async def test_me_shows_myself_masked_and_who_looked(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase,
    language: str,
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await applications.reveal(clerk.db, case, "id_number", purpose="check")
    page = open_tab(citizen, language=language).at(Me, "/me/")
    await handle(page, "load")
    assert page.is_signed_in and len(page.looks) == 1 and len(page.devices) == 1
    assert citizen.phone not in str(page.phone) and "*" in page.phone
    stranger = open_tab(language=language).at(Me, "/me/")
    await handle(stranger, "load")
    assert not stranger.is_signed_in and stranger.trouble == ""


async def test_me_is_changed_field_by_field(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn
) -> None:
    citizen = await sign_in()
    page = open_tab(citizen).at(Me, "/me/")
    await handle(page, "load")
    await handle(page, "edit")
    assert page.is_editing and sum(len(town.options) for town in page.places) >= 84
    form = {"name": "欧阳某某", "id_number": "", "division_code": "620981101200"}
    for change, shown in (
        ({"name": "欧"}, "name_error"),
        ({"id_number": "622101194312060028"}, "id_number_error"),
        ({"id_number": "622101194312060027"}, "id_number_error"),
        ({"division_code": "1"}, "division_error"),
    ):
        await handle(page, "save", form | change)
        assert getattr(page, shown) and page.is_editing and page.errors, change
    await handle(page, "save", form)
    assert (page.name, page.is_editing, page.errors) == ("欧阳某某", False, [])
    assert page.announcement == say("zh", "me.saved")


async def test_me_closes_my_other_devices(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn
) -> None:
    first = await sign_in(device_label="iPhone · WeChat")
    second = await sign_in(first.phone, device_label="Android · Chrome")
    page = open_tab(second).at(Me, "/me/")
    await handle(page, "load")
    assert len(page.devices) == 2
    other = next(d for d in page.devices if d.title == "iPhone · WeChat")
    await handle(page, "close_device", other.id)
    assert [d.title for d in page.devices] == ["Android · Chrome"]
    await handle(page, "close_device", other.id)
    assert page.trouble == say("zh", "error.session_not_found")
