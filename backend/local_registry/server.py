"""The embedded registries as an ASGI application: check the signature, look up, sign the answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend import registry_protocol as protocol
from backend.registry_protocol import Key

_PREFIX = "/v1/registries/"


@dataclass(slots=True)
class Records:
    """Every registry's rows by identity number, as the seed files have them."""

    rows: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=dict[str, dict[str, dict[str, Any]]]
    )
    as_of: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, folder: Path) -> Records:
        """All `<registry>.json` of a folder."""
        found = cls()
        for path in sorted(folder.glob("*.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            found.as_of[path.stem] = content["as_of"]
            found.rows[path.stem] = {row["id_number"]: row for row in content["records"]}
        return found

    def facts(self, registry: str, subject: dict[str, Any]) -> dict[str, Any] | None:
        """What is known of this very person: number, name and registered telephone agree."""
        row = self.rows[registry].get(str(subject.get("id_number", "")).upper())
        if row is None:
            return None
        is_same = row["name"] == subject.get("name") and row["phone"] == subject.get("phone")
        return row["facts"] if is_same else None


@dataclass(slots=True)
class Nonces:
    """Nonces seen while a question of theirs could still be young enough."""

    clock: Callable[[], float]
    seen: dict[str, float] = field(default_factory=dict[str, float])

    def is_fresh(self, nonce: str) -> bool:
        """Whether it was never seen; it is from now on."""
        now = self.clock()
        limit = now - 2 * protocol.MAX_AGE_SECONDS
        while self.seen and next(iter(self.seen.values())) < limit:
            del self.seen[next(iter(self.seen))]
        if nonce in self.seen:
            return False
        self.seen[nonce] = now
        return True


def application(records: Records, key: Key, clock: Callable[[], float] = time.time) -> Starlette:
    """The registries behind one key."""
    nonces = Nonces(clock)

    def fault(request: Request, body: bytes) -> str:
        headers = request.headers
        stamp, nonce = headers.get(protocol.TIMESTAMP, ""), headers.get(protocol.NONCE, "")
        if headers.get(protocol.KEY_ID) != key.id:
            return "key_unknown"
        if not 16 <= len(nonce) <= 64 or not nonce.isascii() or not stamp.isascii():
            return "nonce_invalid"
        right = protocol.signature_of_question(key, request.url.path, stamp, nonce, body)
        if not protocol.is_same(headers.get(protocol.SIGNATURE, ""), right):
            return "signature_wrong"
        if not stamp.isdigit() or abs(clock() - int(stamp)) > protocol.MAX_AGE_SECONDS:
            return "timestamp_old"
        return "" if nonces.is_fresh(nonce) else "nonce_used"

    def answer(request: Request, status: int, content: dict[str, Any]) -> Response:
        response = JSONResponse(content, status_code=status)
        nonce = request.headers.get(protocol.NONCE, "")
        response.headers[protocol.SIGNATURE] = protocol.signature_of_answer(
            key, status, nonce, bytes(response.body)
        )
        return response

    async def query(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > protocol.MAX_QUESTION_BYTES:
                return JSONResponse({"error": "question_too_large"}, status_code=413)
        if refusal := fault(request, body):
            return JSONResponse({"error": refusal}, status_code=401)
        registry = request.path_params["registry"]
        if registry not in records.rows:
            return answer(request, 404, {"error": "registry_unknown"})
        try:
            question = json.loads(body)
            subject, request_id = question["subject"], question["request_id"]
            is_bound = bool(question["purpose"]["text"] and question["consent"]["at"])
        except (ValueError, KeyError, TypeError):
            return answer(request, 422, {"error": "question_invalid"})
        if not isinstance(subject, dict) or not is_bound:
            return answer(request, 422, {"error": "purpose_needed"})
        found = records.facts(registry, subject)
        content: dict[str, Any] = {"request_id": request_id, "registry": registry}
        if found is None:
            return answer(request, 200, content | {"found": False})
        known = {"found": True, "as_of": records.as_of[registry], "facts": found}
        return answer(request, 200, content | known)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "registries": sorted(records.rows)})

    return Starlette(
        routes=[
            Route(f"{_PREFIX}{{registry}}/query", query, methods=["POST"]),
            Route("/v1/health", health),
        ]
    )
