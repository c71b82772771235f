"""Somebody who works at a desk, act by act."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.pages.desk_state import Desk

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]


class AtDesk:
    """One tab at a desk."""

    def __init__(self, tab: Any, handle: Handle) -> None:
        self.tab, self.handle = tab, handle
        self.state: Desk = tab.at(Desk, "/desk/")

    async def open(self, case: str = "", view: str = "waiting") -> Desk:
        """Go to a case, or only to a list."""
        query = "&".join(part for part in (f"view={view}", f"id={case}" if case else "") if part)
        self.state = self.tab.at(Desk, f"/desk/?{query}")
        await self.handle(self.state, "load")
        return self.state

    async def press(self, act: str, **values: Any) -> Any:
        """Press the button of an act of the open case."""
        case = self.state.case
        return await self.handle(self.state, "press", act, case.id, case.act.step_id, values)


Sit = Callable[..., AtDesk]
