"""Registries: what the county holds itself is asked for there, with consent, instead of asking the
citizen for it. Whatever happens to a registry, the answer is a status, never an obstacle."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from supabase import AsyncClient

from backend import registry_protocol as protocol
from backend.config import Settings
from backend.database import call, connections, service_db

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 3.0
_FAILURES_TO_OPEN = 3
_REST_SECONDS = 30.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a registry said: `status` found, nothing or failed (then `reason` says how)."""

    status: str
    reason: str | None = None
    facts: tuple[dict[str, str], ...] = ()
    as_of: str | None = None
    result_hash: str | None = None


@dataclass(slots=True)
class Circuit:
    """Leaves a registry in peace for a while after it failed three times in a row.

    Each process learns by itself; nothing depends on it but how long people wait.
    """

    clock: Callable[[], float] = time.monotonic
    failures: dict[str, int] = field(default_factory=dict[str, int])
    rests_until: dict[str, float] = field(default_factory=dict[str, float])

    def is_open(self, registry: str) -> bool:
        """Whether asking would be in vain just now."""
        return self.clock() < self.rests_until.get(registry, 0.0)

    def note(self, registry: str, *, has_failed: bool) -> None:
        """Count one try; after the rest a single try decides again."""
        if not has_failed:
            self.failures.pop(registry, None)
            self.rests_until.pop(registry, None)
            return
        self.failures[registry] = self.failures.get(registry, 0) + 1
        if self.failures[registry] >= _FAILURES_TO_OPEN:
            self.rests_until[registry] = self.clock() + _REST_SECONDS


_circuit = Circuit()


def recover() -> None:
    """Forget what this process learned of failures."""
    _circuit.failures.clear()
    _circuit.rests_until.clear()


def is_connected(settings: Settings) -> bool:
    """Whether this installation has registries to ask; their address must be safe to send to."""
    url = urlsplit(settings.registry_url or "")
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in _LOOPBACK)
    return bool(url.hostname and is_safe and settings.registry_key_id and settings.registry_key)


async def ask(
    settings: Settings, db: AsyncClient, application_id: str, registry: str
) -> dict[str, Any]:
    """Let one registry be asked for an own draft, and keep what it says; returns the facts known
    now, in the clear, as {"household.address": …}.

    Calling is the person's consent. Raises Invalid registry_not_asked, registry_needs_profile,
    NotAllowed registry_own_only, TooMany too_many_registry_queries, Conflict already_submitted,
    NotFound case_not_found.
    """
    question = await call(
        db, "begin_registry_query", application_id=application_id, registry=registry
    )
    if not question["is_existing"]:
        answer = await answer_to(settings, registry, question)
        await call(
            service_db(settings),
            "record_registry_answer",
            query_id=question["query_id"],
            status=answer.status,
            reason=answer.reason,
            facts=list(answer.facts),
            as_of=answer.as_of,
            result_hash=answer.result_hash,
        )
    return await call(db, "my_registry_facts", application_id=application_id)


async def dispute(db: AsyncClient, query_id: str, *, note: str = "") -> None:
    """Say that an answer is not right: it no longer counts, the paper way opens."""
    await call(db, "dispute_registry_answer", query_id=query_id, note=note)


async def dispute_field(
    db: AsyncClient, application_id: str, field: str, *, note: str | None
) -> None:
    """Say that one answer that was filled in is not right, with a word for who handles the case
    (at most 200 characters, may be empty); None takes it back.

    What a registry said then counts no more for this draft. Raises Invalid field_not_filled,
    text_too_long, Conflict already_submitted, NotFound case_not_found.
    """
    await call(db, "dispute_field", application_id=application_id, field=field, note=note)


async def evidence(db: AsyncClient, query_id: str) -> dict[str, Any]:
    """Who asked what and when, and the answer in the clear; staff's look is recorded. Raises
    NotFound registry_answer_not_found."""
    return await call(db, "open_registry_answer", query_id=query_id)


async def answer_to(
    settings: Settings, registry: str, question: dict[str, Any], *, circuit: Circuit = _circuit
) -> Answer:
    """Ask one registry; every mishap is an Answer."""
    if not is_connected(settings):
        return Answer("failed", "not_connected")
    if circuit.is_open(registry):
        return Answer("failed", "down")
    answer = await _asked(settings, registry, question)
    circuit.note(registry, has_failed=answer.status == "failed")
    if answer.status == "failed":
        logger.warning("registry %s: %s", registry, answer.reason)
    return answer


async def _asked(settings: Settings, registry: str, question: dict[str, Any]) -> Answer:
    key = protocol.Key(settings.registry_key_id, (settings.registry_key or "").encode())
    path, nonce, stamp = (
        f"{urlsplit(settings.registry_url or '').path.rstrip('/')}/v1/registries/{registry}/query",
        secrets.token_urlsafe(24),
        str(int(time.time())),
    )
    body = json.dumps(
        {
            "request_id": question["query_id"],
            "purpose": {"service": question["service"], "text": question["purpose"]},
            "consent": {"at": question["consented_at"]},
            "subject": question["subject"],
        },
        ensure_ascii=False,
    ).encode()
    headers = {
        "content-type": "application/json",
        protocol.KEY_ID: key.id,
        protocol.TIMESTAMP: stamp,
        protocol.NONCE: nonce,
        protocol.SIGNATURE: protocol.signature_of_question(key, path, stamp, nonce, body),
    }
    try:
        # A limit for the whole: a server that sends a byte a second would never time out.
        async with asyncio.timeout(PATIENCE_SECONDS):
            status, signature, content = await _exchanged(settings, path, headers, body)
    except (TimeoutError, httpx.TimeoutException):
        return Answer("failed", "slow")
    except httpx.HTTPError:
        return Answer("failed", "down")
    if len(content) > protocol.MAX_ANSWER_BYTES:
        return Answer("failed", "garbled")
    if status in (401, 403):
        return Answer("failed", "refused")
    if status >= 500:
        return Answer("failed", "down")
    right = protocol.signature_of_answer(key, status, nonce, content)
    if status != 200 or not protocol.is_same(signature, right):
        return Answer("failed", "garbled")
    return understood(registry, question["query_id"], content)


async def _exchanged(
    settings: Settings, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, str, bytes]:
    """Status, signature and as much of the answer as one may send."""
    url = httpx.URL(settings.registry_url or "").copy_with(path=path)
    pool, content = connections(), b""
    async with pool.stream("POST", url, headers=headers, content=body) as response:
        async for part in response.aiter_bytes():
            content += part
            if len(content) > protocol.MAX_ANSWER_BYTES:
                break
        return response.status_code, response.headers.get(protocol.SIGNATURE, ""), content


def understood(registry: str, request_id: str, content: bytes) -> Answer:
    """What a signed answer says, without anything the protocol does not know."""
    try:
        said = json.loads(content)
        if said["request_id"] != request_id or said["registry"] != registry:
            return Answer("failed", "garbled")
        result_hash = hashlib.sha256(content).hexdigest()
        if said["found"] is False:
            return Answer("nothing", result_hash=result_hash)
        given: dict[str, Any] = said["facts"]
        facts = tuple(
            {"code": code, "kind": kind, "value": value}
            for code, kind in protocol.FACTS[registry].items()
            if (value := _plain(given.get(code)))
        )
        if not facts:
            return Answer("nothing", result_hash=result_hash)
        as_of = said.get("as_of")
        return Answer("found", None, facts, _day(as_of), result_hash)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Answer("failed", "garbled")


def _plain(value: Any) -> str:
    """A text one line long that shows what it is; "" for anything else."""
    if not isinstance(value, str) or not value.isprintable():
        return ""
    text = value.strip()
    return text if len(text) <= protocol.MAX_TEXT else ""


def _day(text: Any) -> str | None:
    try:
        return time.strftime("%Y-%m-%d", time.strptime(str(text), "%Y-%m-%d"))
    except ValueError:
        return None
