"""A phone that changes networks keeps its State; a State never passes to another session.

Reflex takes a socket that returns before the server noticed the old one die for a duplicated
tab, and gives it a new token, that is an empty State. Phones do this at every change of network.
Here the newest socket keeps the token instead. Should the older one be alive after all (a tab
really was duplicated), it is given a token of its own and told to come back for a fresh State.

A token belongs to the session cookie it was first used with. A socket with another cookie, or
none, gets a fresh token: after signing out and in as somebody else in the same tab nothing of
the first person's State can be sent to the second.
"""

import asyncio
import contextlib
import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

import reflex as rx
from reflex.utils.token_manager import LocalTokenManager, SocketRecord

from backend.web_sessions import COOKIE

# More tabs than one process can serve in a day; beyond it the longest unused are forgotten,
# and with them only the rule that they may not change hands.
_REMEMBERED_TOKENS = 50_000
_FAREWELL_SECONDS = 10

SessionOf = Callable[[str], str]
Farewell = Callable[[str, str], None]


class SessionTokens(LocalTokenManager):
    """Which socket holds which State, bound to sessions."""

    def __init__(self, session_of: SessionOf, farewell: Farewell):
        """`session_of` fingerprints a socket's cookie; `farewell` sends an old socket away."""
        super().__init__()
        self._session_of = session_of
        self._farewell = farewell
        self._sessions: OrderedDict[str, str] = OrderedDict()

    async def link_token_to_sid(self, token: str, sid: str) -> str | None:
        """Give the State of `token` to socket `sid`, or a new token when it is not theirs."""
        session = self._session_of(sid)
        if self._sessions.get(token, session) != session:
            return self._start_over(sid, session)
        old = self.token_to_socket.get(token)
        self._hold(token, sid, session)
        if old is not None and old.sid != sid:
            self.sid_to_token.pop(old.sid, None)
            self._farewell(old.sid, self._start_over(old.sid, session))
        return None

    async def disconnect_token(self, token: str, sid: str) -> None:
        """Forget a closed socket, but not a newer one that holds the same token."""
        record = self.token_to_socket.get(token)
        if record is not None and record.sid == sid:
            self.token_to_socket.pop(token, None)
        self.sid_to_token.pop(sid, None)

    def _start_over(self, sid: str, session: str) -> str:
        token = str(uuid.uuid4())
        self._hold(token, sid, session)
        return token

    def _hold(self, token: str, sid: str, session: str) -> None:
        self.token_to_socket[token] = SocketRecord(instance_id=self.instance_id, sid=sid)
        self.sid_to_token[sid] = token
        self._sessions[token] = session
        self._sessions.move_to_end(token)
        while len(self._sessions) > _REMEMBERED_TOKENS:
            self._sessions.popitem(last=False)


def session_fingerprint(cookie_header: str) -> str:
    """A hash of the session cookie, so that the cookie itself is not kept; '' without one."""
    cookies: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        cookies.load(cookie_header)
    morsel = cookies.get(COOKIE)
    if morsel is None or not morsel.value:
        return ""
    return hashlib.sha256(morsel.value.encode()).hexdigest()


def keep_state_across_networks(app: rx.App) -> None:
    """Put the rule above in force; with Redis, Reflex's own manager stays in charge."""
    namespace: Any = app.event_namespace
    server: Any = app.sio
    if namespace is None or server is None:
        return
    if type(namespace._token_manager) is not LocalTokenManager:
        return
    farewells: set[asyncio.Task[None]] = set()

    def session_of(sid: str) -> str:
        environ = server.get_environ(sid, namespace.namespace) or {}
        return session_fingerprint(environ.get("HTTP_COOKIE", ""))

    async def send_away(sid: str, token: str) -> None:
        # Disconnected by the server, the page reconnects when it is next looked at or clicked,
        # with the new token, and loads everything anew. On a dead network nobody hears this.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                await namespace.emit("new_token", token, to=sid)
                await server.disconnect(sid, namespace=namespace.namespace)

    def farewell(sid: str, token: str) -> None:
        task = asyncio.create_task(send_away(sid, token))
        farewells.add(task)
        task.add_done_callback(farewells.discard)

    namespace._token_manager = SessionTokens(session_of, farewell)
