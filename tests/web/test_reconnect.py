"""A phone that changes networks keeps its State, and nobody else gets it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import websockets
from reflex.utils.token_manager import LocalTokenManager

from app.web.faults import Fault
from app.web.reconnect import SessionTokens, session_fingerprint
from backend.web_sessions import COOKIE

TOKEN = "3f0c9c1e-0000-4000-8000-00000000000"


class Socket:
    """One tab's connection, as the browser's socket speaks it."""

    def __init__(self, connection: websockets.ClientConnection):
        self._connection = connection
        self.heard: list[tuple[str, Any]] = []
        self.is_sent_away = False

    async def call(self, handler: str, **payload: object) -> None:
        event = {"name": handler, "payload": payload, "router_data": {"pathname": "/"}}
        await self._connection.send("42/_event," + json.dumps(["event", event]))

    async def listen(self, seconds: float = 0.7) -> None:
        try:
            async with asyncio.timeout(seconds):
                async for message in self._connection:
                    self._hear(str(message))
        except TimeoutError:
            pass

    def _hear(self, message: str) -> None:
        if message.startswith("42/_event,"):
            name, *rest = json.loads(message.removeprefix("42/_event,"))
            self.heard.append((name, rest[0] if rest else None))
        elif message.startswith("41/_event"):
            self.is_sent_away = True

    @property
    def new_tokens(self) -> list[str]:
        return [value for name, value in self.heard if name == "new_token"]

    @property
    def said(self) -> str:
        return json.dumps(self.heard)


@asynccontextmanager
async def tab(site: str, token: str, session: str = "") -> AsyncGenerator[Socket]:
    address = site.replace("http", "ws") + f"/_event/?token={token}&EIO=4&transport=websocket"
    headers = {"cookie": f"{COOKIE}={session}"} if session else {}
    async with websockets.connect(address, origin=site, additional_headers=headers) as connection:  # type: ignore[arg-type]
        await connection.recv()
        await connection.send("40/_event,")
        socket = Socket(connection)
        await socket.listen(0.4)
        yield socket


SHOW = f"{Fault.get_full_name()}.show"
HYDRATE = "reflex___state____state.hydrate"


async def test_state_survives_a_change_of_network(site: str) -> None:
    token = TOKEN + "1"
    async with tab(site, token, "mine") as before:
        await before.call(SHOW, reference="KEEPTHIS")
        await before.listen()
        # The old socket is still open as far as the server knows.
        async with tab(site, token, "mine") as after:
            assert after.new_tokens == []
            await after.call(HYDRATE)
            await after.listen()
            assert "KEEPTHIS" in after.said
        await before.listen()
        assert len(before.new_tokens) == 1
        assert before.is_sent_away


@pytest.mark.parametrize("other", ["", "theirs"])
async def test_another_session_gets_a_state_of_its_own(site: str, other: str) -> None:
    token = TOKEN + ("2" if other else "3")
    async with tab(site, token, "mine") as owner:
        await owner.call(SHOW, reference="KEEPTHIS")
        await owner.listen()
        async with tab(site, token, other) as stranger:
            assert len(stranger.new_tokens) == 1
            await stranger.call(HYDRATE)
            await stranger.listen()
            assert "KEEPTHIS" not in stranger.said
        await owner.call(HYDRATE)
        await owner.listen()
        assert "KEEPTHIS" in owner.said


async def test_state_is_not_handed_on_after_signing_out(site: str) -> None:
    token = TOKEN + "4"
    async with tab(site, token, "mine") as before:
        await before.call(SHOW, reference="KEEPTHIS")
        await before.listen()
    await asyncio.sleep(0.3)
    async with tab(site, token, "theirs") as after:
        assert len(after.new_tokens) == 1


async def test_reflex_alone_would_lose_the_state() -> None:
    """The reason for all this; when it fails, Reflex has mended it and ours may go."""
    tokens = LocalTokenManager()
    await tokens.link_token_to_sid("token", "old")
    assert await tokens.link_token_to_sid("token", "new") is not None


async def test_a_late_goodbye_does_not_take_the_token_away() -> None:
    farewells: list[tuple[str, str]] = []
    tokens = SessionTokens(lambda _sid: "", lambda sid, token: farewells.append((sid, token)))
    await tokens.link_token_to_sid("token", "old")
    assert await tokens.link_token_to_sid("token", "new") is None
    await tokens.disconnect_token("token", "old")
    assert tokens.sid_to_token["new"] == "token"
    assert tokens.token_to_sid["token"] == "new"
    assert [sid for sid, _ in farewells] == ["old"]


def test_fingerprint_hides_the_cookie() -> None:
    assert session_fingerprint("a=b") == ""
    assert session_fingerprint(f"{COOKIE}=x; lang=en") == session_fingerprint(f"q=1; {COOKIE}=x")
    assert "x1y2" not in session_fingerprint(f"{COOKIE}=x1y2")
