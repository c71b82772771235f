"""Web sessions: what an HttpOnly cookie stands for, and how a handler becomes the person who
asks."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from supabase import AsyncClient

from backend.config import Settings
from backend.database import call, person_db, service_db, stranger_db, translated
from backend.errors import ServiceError, SessionExpired, Unavailable

COOKIE = "onetrip_session"
COOKIE_SECONDS = 30 * 24 * 3600
_REMEMBERED_SECONDS = 20.0
_EARLY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The Supabase tokens of one session; they exist in clear only inside a web process."""

    access: str
    refresh: str
    expires_at: datetime

    @classmethod
    def of(cls, session: Any) -> Tokens:
        """Take the tokens out of an answer of the auth service."""
        expires = datetime.fromtimestamp(
            session.expires_at or time.time() + session.expires_in, UTC
        )
        return cls(session.access_token, session.refresh_token, expires)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who asks: the client is them."""

    person_id: str
    db: AsyncClient
    session_id: str = ""


# A short memory saves one round trip a click. It is no truth: it forgets after 20 seconds, and at
# sign-out at once.
_remembered: dict[str, tuple[float, str, Tokens, str]] = {}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _seal(settings: Settings, tokens: Tokens) -> str:
    text = json.dumps([tokens.access, tokens.refresh, tokens.expires_at.isoformat()])
    return Fernet(settings.session_key).encrypt(text.encode()).decode()


def _unseal(settings: Settings, sealed: str) -> Tokens:
    try:
        access, refresh, expires = json.loads(Fernet(settings.session_key).decrypt(sealed.encode()))
    except InvalidToken:
        raise SessionExpired from None
    return Tokens(access, refresh, datetime.fromisoformat(expires))


async def open_session(settings: Settings, session: Any, *, device_label: str) -> str:
    """Keep the tokens of a fresh sign-in; returns the secret for the cookie."""
    secret, tokens = secrets.token_urlsafe(32), Tokens.of(session)
    await call(
        service_db(settings),
        "open_web_session",
        secret_hash=_hash(secret),
        person_id=session.user.id,
        sealed_tokens=_seal(settings, tokens),
        access_expires_at=tokens.expires_at.isoformat(),
        device_label=device_label,
    )
    return secret


async def _refreshed(settings: Settings, secret_hash: str, tokens: Tokens) -> Tokens:
    """Exchange the refresh token, in exactly one process; the others wait for its result."""
    service = service_db(settings)
    for _ in range(40):
        if await call(service, "claim_web_session_refresh", secret_hash=secret_hash):
            try:
                with translated():
                    # A client of its own: supabase-py turns a client into whoever it refreshed.
                    answer = await stranger_db(settings).auth.refresh_session(tokens.refresh)
            except SessionExpired:
                await call(service, "close_web_session", secret_hash=secret_hash)
                raise
            if answer.session is None:
                raise SessionExpired
            fresh = Tokens.of(answer.session)
            await call(
                service,
                "store_web_session_tokens",
                secret_hash=secret_hash,
                sealed_tokens=_seal(settings, fresh),
                access_expires_at=fresh.expires_at.isoformat(),
            )
            return fresh
        await asyncio.sleep(0.25)
        row = await call(service, "read_web_session", secret_hash=secret_hash)
        if row is None:
            raise SessionExpired
        current = _unseal(settings, row["sealed_tokens"])
        if current.expires_at - _EARLY > datetime.now(UTC):
            return current
    raise Unavailable


async def signed_in(settings: Settings, secret: str) -> SignedIn:
    """Become the person of a cookie; raises SessionExpired when there is none, or no longer."""
    if not secret or len(secret) > 100:
        raise SessionExpired
    key = _hash(secret)
    remembered = _remembered.get(key)
    if (
        remembered
        and remembered[0] > time.monotonic()
        and remembered[2].expires_at - _EARLY > datetime.now(UTC)
    ):
        return SignedIn(remembered[1], person_db(settings, remembered[2].access), remembered[3])
    row = await call(service_db(settings), "read_web_session", secret_hash=key)
    if row is None:
        _remembered.pop(key, None)
        raise SessionExpired
    tokens = _unseal(settings, row["sealed_tokens"])
    if tokens.expires_at - _EARLY <= datetime.now(UTC):
        tokens = await _refreshed(settings, key, tokens)
    if len(_remembered) > 5000:
        _remembered.clear()
    _remembered[key] = (time.monotonic() + _REMEMBERED_SECONDS, row["person_id"], tokens, row["id"])
    return SignedIn(row["person_id"], person_db(settings, tokens.access), row["id"])


async def close_session(settings: Settings, secret: str) -> None:
    """Sign out here: the cookie stands for nothing any more, and the tokens are revoked as far as
    they can be."""
    key = _hash(secret)
    _remembered.pop(key, None)
    service = service_db(settings)
    row = await call(service, "read_web_session", secret_hash=key)
    await call(service, "close_web_session", secret_hash=key)
    if row is None:
        return
    try:
        tokens = _unseal(settings, row["sealed_tokens"])
        with translated():
            await service.auth.admin.sign_out(tokens.access, "local")
    except ServiceError:
        # The session is gone either way; an access token ends by itself within the hour.
        return


def forget_remembered() -> None:
    """Empty the short memory, so that what was ended elsewhere ends here at once."""
    _remembered.clear()
