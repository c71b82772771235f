"""Opening a page of a desk asks the county once, however much the page shows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import county
import httpx
import pytest
import pytest_asyncio
from county import MakeCase, Person, SignIn

from app.pages.absences import Absences
from app.pages.desk_state import VIEWS, Desk
from app.pages.guide_edit_state import GuideEdit
from app.pages.guide_record_state import GuideRecord
from app.pages.guides import Guides
from app.pages.supervision import Supervision
from backend import guides, web_sessions
from backend.config import Settings
from backend.database import connections

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]
Open = Callable[..., Awaitable[tuple[Any, list[str]]]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(settings: Settings, open_tab: OpenTab, handle: Handle) -> AsyncIterator[Open]:
    """Open a page as somebody, and see which requests it made of the county."""
    asked: list[str] = []

    async def note(request: httpx.Request) -> None:
        asked.append(request.url.path.removeprefix("/rest/v1/"))

    async def open_page(person: Person, page: Any, address: str) -> tuple[Any, list[str]]:
        # Who is signed in is remembered for a while: it is no part of any page.
        await web_sessions.signed_in(settings, person.secret)
        state = open_tab(person).at(page, address)
        asked.clear()
        await handle(state, "load")
        return state, list(asked)

    hooks = connections().event_hooks
    connections().event_hooks = {**hooks, "request": [*hooks["request"], note]}
    yield open_page
    connections().event_hooks = hooks


@pytest.mark.parametrize("view", VIEWS)
async def test_a_desk_opens_with_one_request(open_page: Open, demo: SignIn, view: str) -> None:
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    state, asked = await open_page(clerk, Desk, f"/desk/?view={view}")
    assert asked == ["rpc/desk_page"]
    assert state.kind == "handles" and "李雪" in state.office
    assert state._topics == [("window", county.YUMEN_TOWN)]


async def test_a_case_beside_its_queue_opens_with_one_request(
    open_page: Open, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    state, asked = await open_page(clerk, Desk, f"/desk/?id={case}")
    assert asked == ["rpc/desk_page"]
    assert state.case.id == case and case in {row.id for row in state.rows}
    answers = {a.name: a.value for section in state.case.sections for a in section.answers}
    assert answers["household_division"].startswith("玉门镇 ")
    assert state.waiting >= 1


async def test_a_case_of_others_is_unknown_and_the_queue_stands(
    open_page: Open, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    clerk = await demo(county.CLERK_OF_CHIJIN)
    for address in (f"/desk/?id={case}", "/desk/?id=no-case-at-all"):
        state, asked = await open_page(clerk, Desk, address)
        assert asked == ["rpc/desk_page"]
        assert state.case.id == "" and state.said_tone == "amber" and state.said


async def test_somebody_without_a_desk_learns_so_with_one_request(
    open_page: Open, sign_in: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    own = await cases(citizen)
    state, asked = await open_page(citizen, Desk, f"/desk/?id={own}")
    assert asked == ["rpc/desk_page"]
    assert (state.kind, state.rows, state.case.id) == ("none", [], "")


@pytest.mark.parametrize(
    ("page", "address", "phone", "function"),
    [
        (Supervision, "/supervision/", county.SUPERVISOR, "supervision_page"),
        (Absences, "/absences/", county.CLERK_OF_YUMEN_TOWN, "absences_page"),
        (Absences, "/absences/", county.ADMINISTRATOR, "absences_page"),
        (Guides, "/guides/?view=law", county.APPROVER_OF_SIGNS, "guides_desk"),
        (
            GuideRecord,
            f"/guide-record/?code={county.SIGN}",
            county.APPROVER_OF_SIGNS,
            "guide_record",
        ),
    ],
)
async def test_the_other_pages_open_with_one_request(
    open_page: Open, demo: SignIn, page: Any, address: str, phone: str, function: str
) -> None:
    state, asked = await open_page(await demo(phone), page, address)
    assert asked == [f"rpc/{function}"]
    assert state.is_ready and state.office and state.trouble == ""


async def test_a_draft_opens_with_one_request(open_page: Open, demo: SignIn) -> None:
    approver = await demo(county.APPROVER_OF_SIGNS)
    draft = await guides.open_draft(approver.db, county.SIGN)
    state, asked = await open_page(approver, GuideEdit, f"/guide-edit/?id={draft}")
    assert asked == ["rpc/guide_draft_page"]
    assert state.is_found and "城管局" in state.office
    await guides.give_up(approver.db, draft)


@pytest.mark.parametrize(
    ("page", "address"),
    [(Supervision, "/supervision/"), (Guides, "/guides/"), (GuideRecord, "/guide-record/?code=x")],
)
async def test_who_is_refused_keeps_the_frame_of_the_own_desk(
    open_page: Open, demo: SignIn, page: Any, address: str
) -> None:
    state, _ = await open_page(await demo(county.CLERK_OF_YUMEN_TOWN), page, address)
    assert state.kind == "handles" and "李雪" in state.office and not state.writes_guides
