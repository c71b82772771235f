"""The door to Supabase: clients that are a person, a stranger or the service, and their errors in
our words."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

import httpx
from postgrest.exceptions import APIError
from storage3.exceptions import StorageApiError
from supabase import AsyncClient
from supabase.lib.client_options import AsyncClientOptions
from supabase_auth.errors import AuthApiError, AuthError

from backend.config import Settings
from backend.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    ServiceError,
    SessionExpired,
    TooMany,
    Unavailable,
)

logger = logging.getLogger(__name__)

Database = AsyncClient
"""Whoever asks, as a client: the first argument of every verb of the backend."""

_connections: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()


def connections() -> httpx.AsyncClient:
    """One pool of connections per event loop, shared by all clients of a process."""
    loop = asyncio.get_running_loop()
    pool = _connections.get(loop)
    if pool is None or pool.is_closed:
        pool = httpx.AsyncClient(
            timeout=httpx.Timeout(15, connect=3),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
        )
        _connections[loop] = pool
    return pool


def _client(settings: Settings, key: str, bearer: str) -> AsyncClient:
    options = AsyncClientOptions(
        headers={"Authorization": f"Bearer {bearer}"},
        httpx_client=connections(),
        auto_refresh_token=False,
        persist_session=False,
        # A page that waits is worse than a page that says so: the person presses again.
        postgrest_client_retry=False,
    )
    return AsyncClient(settings.supabase_url, key, options)


def person_db(settings: Settings, access_token: str) -> AsyncClient:
    """A client that is the person of this token: row-level security answers to it."""
    return _client(settings, settings.publishable_key, access_token)


def stranger_db(settings: Settings) -> AsyncClient:
    """A client of somebody who is not signed in."""
    return _client(settings, settings.publishable_key, settings.publishable_key)


def service_db(settings: Settings) -> AsyncClient:
    """A client that passes every policy: only for the places that the architecture test lists."""
    return _client(settings, settings.secret_key, settings.secret_key)


async def call(db: AsyncClient, function: str, **arguments: Any) -> Any:
    """Call one SQL function as `db`; arguments are its parameters without the leading `p_`."""
    with translated():
        answer = await db.rpc(function, {f"p_{k}": v for k, v in arguments.items()}).execute()
    return answer.data


_BY_STATUS: dict[int, type[ServiceError]] = {
    400: Invalid,
    401: SessionExpired,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    503: Unavailable,
}
_WORD = re.compile(r"^[a-z][a-z0-9_]{2,60}$")


def _from_data_api(error: APIError) -> ServiceError | None:
    code, message = error.code or "", error.message or ""
    if code.startswith("PT") and _WORD.match(message):
        status, detail = int(code[2:]), str(error.details or "")
        if status == 429:
            return TooMany(message, seconds=int(detail) if detail.isdigit() else 60)
        kind = _BY_STATUS.get(status, ServiceError)
        return kind(message, detail=detail)
    if code in ("PGRST301", "PGRST302", "PGRST303") or "JWT" in message:
        return SessionExpired()
    if code == "42501":
        return NotAllowed()
    if code in ("23505", "40001", "40P01"):
        return Conflict()
    if code in ("22P02", "22007", "22008", "23514", "23502", "22001", "22P05", "22021"):
        return Invalid()
    # SUP: what the embedded API says when the database is gone.
    if code.startswith(("08", "53", "57", "SUP")) or code in (
        "PGRST000",
        "PGRST001",
        "PGRST002",
        "PGRST003",
    ):
        return Unavailable()
    return None


def _seconds_in(text: str) -> int:
    found = re.search(r"(\d+) ?s(?:ec|\b)", text)
    return int(found.group(1)) if found else 60


def _from_auth(error: AuthError) -> ServiceError | None:
    code, status = error.code or "", getattr(error, "status", 0)
    if code in ("otp_expired", "otp_disabled", "invalid_credentials"):
        return Invalid("code_wrong_or_expired", field="code")
    if status == 429:
        return TooMany(seconds=_seconds_in(error.message))
    if code == "validation_failed" and "refresh token" in error.message.lower():
        return SessionExpired()
    if code in (
        "refresh_token_not_found",
        "refresh_token_already_used",
        "session_not_found",
        "bad_jwt",
    ):
        return SessionExpired()
    if code in (
        "hook_timeout",
        "hook_timeout_after_retry",
        "hook_payload_invalid_content_type",
        "sms_send_failed",
    ):
        return Unavailable("sms_not_sent")
    if code == "user_banned":
        return NotAllowed("person_banned")
    return Unavailable() if status >= 500 else None


@contextmanager
def translated() -> Generator[None]:
    """Turn errors of the data API, auth, storage and the network into ours; what is unknown passes
    as it is."""
    try:
        yield
    except httpx.TransportError as error:
        raise Unavailable from error
    except APIError as error:
        ours = _from_data_api(error)
        if ours is None:
            raise
        raise ours from error
    except AuthApiError as error:
        ours = _from_auth(error)
        if ours is None:
            raise
        raise ours from error
    except StorageApiError as error:
        status = int(error.status) if str(error.status).isdigit() else 500
        if status in (400, 403, 404):
            raise NotFound("document_not_found") from error
        if status == 409:
            raise Conflict("file_arrived") from error
        if status >= 500:
            logger.warning("storage failed: %s", error)
            raise Unavailable from error
        if status == 413:
            raise Invalid("file_too_large") from error
        raise


async def storage_stream(
    settings: Settings,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    content: AsyncIterator[bytes] | None,
) -> httpx.Response:
    """One signed request passed on to storage; the signature in `query` is the permission.

    The answer is open: read or stream it, then close it. Raises Unavailable.
    """
    url = httpx.URL(f"{settings.supabase_url}/storage/v1{quote(path)}", query=query.encode())
    request = connections().build_request(method, url, headers=headers, content=content)
    with translated():
        return await connections().send(request, stream=True)
