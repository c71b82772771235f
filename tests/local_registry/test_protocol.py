"""The protocol against the real embedded registries: right, fresh and once is what is heard."""

import json
import secrets
import time
from typing import Any

import httpx
import pytest

from backend import registry_protocol as protocol
from backend.registry_protocol import Key

PATH = "/v1/registries/household/query"
WANG = {"name": "王秀英", "id_number": "622101194312060027", "phone": "8613800000001"}


def body_about(**changes: Any) -> bytes:
    question = {
        "request_id": "r1",
        "purpose": {"service": "elderly-allowance", "text": "尊老金"},
        "consent": {"at": "2026-11-22T08:00:00+08:00"},
        "subject": WANG,
    }
    return json.dumps(question | changes, ensure_ascii=False).encode()


def signed(key: Key, body: bytes, path: str = PATH, **changes: str) -> dict[str, str]:
    headers = {
        protocol.KEY_ID: key.id,
        protocol.TIMESTAMP: str(int(time.time())),
        protocol.NONCE: secrets.token_urlsafe(24),
    }
    headers |= {getattr(protocol, name.upper()): value for name, value in changes.items()}
    headers.setdefault(
        protocol.SIGNATURE,
        protocol.signature_of_question(
            key, path, headers[protocol.TIMESTAMP], headers[protocol.NONCE], body
        ),
    )
    return headers


def post(registry: str, body: bytes, headers: dict[str, str], path: str = PATH) -> httpx.Response:
    return httpx.post(f"{registry}{path}", content=body, headers=headers, timeout=5)


def test_a_right_question_is_answered_and_the_answer_signed(registry: str, key: Key) -> None:
    body = body_about()
    headers = signed(key, body)
    answer = post(registry, body, headers)
    assert answer.status_code == 200
    said = answer.json()
    assert said["found"] is True and said["request_id"] == "r1"
    assert set(said["facts"]) <= set(protocol.FACTS["household"])
    right = protocol.signature_of_answer(key, 200, headers[protocol.NONCE], answer.content)
    assert answer.headers[protocol.SIGNATURE] == right


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signature": "v1=AAAA"}, "signature_wrong"),
        ({"signature": ""}, "signature_wrong"),
        ({"key_id": "somebody"}, "key_unknown"),
        ({"timestamp": str(int(time.time()) - 3600)}, "timestamp_old"),
        ({"timestamp": str(int(time.time()) + 3600)}, "timestamp_old"),
        ({"timestamp": "yesterday"}, "timestamp_old"),
        ({"nonce": "short"}, "nonce_invalid"),
        ({"nonce": "n" * 65}, "nonce_invalid"),
    ],
)
def test_a_question_that_is_not_rightly_signed_is_refused(
    registry: str, key: Key, changes: dict[str, str], code: str
) -> None:
    body = body_about()
    answer = post(registry, body, signed(key, body, **changes))
    assert (answer.status_code, answer.json()) == (401, {"error": code})


def test_another_secret_signs_in_vain(registry: str, key: Key) -> None:
    body = body_about()
    answer = post(registry, body, signed(Key(key.id, b"guessed"), body))
    assert (answer.status_code, answer.json()["error"]) == (401, "signature_wrong")


def test_a_changed_body_or_address_breaks_the_signature(registry: str, key: Key) -> None:
    body = body_about()
    other = body_about(subject=WANG | {"phone": "8613900000000"})
    assert post(registry, other, signed(key, body)).json()["error"] == "signature_wrong"
    moved = post(registry, body, signed(key, body), "/v1/registries/birth/query")
    assert moved.json()["error"] == "signature_wrong"


def test_a_question_overheard_cannot_be_asked_again(registry: str, key: Key) -> None:
    body = body_about()
    headers = signed(key, body)
    assert post(registry, body, headers).status_code == 200
    again = post(registry, body, headers)
    assert (again.status_code, again.json()["error"]) == (401, "nonce_used")


@pytest.mark.parametrize(
    "subject",
    [
        WANG | {"name": "王秀兰"},
        WANG | {"phone": "8613911112222"},
        WANG | {"id_number": "622101194312060028"},
        {},
    ],
)
def test_only_the_very_person_is_found(registry: str, key: Key, subject: dict[str, str]) -> None:
    body = body_about(subject=subject)
    answer = post(registry, body, signed(key, body))
    assert answer.json() == {"request_id": "r1", "registry": "household", "found": False}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "question_invalid"),
        (b"\xff\x00", "question_invalid"),
        (b"[]", "question_invalid"),
        (body_about(subject="everybody"), "purpose_needed"),
        (body_about(purpose={"text": ""}), "purpose_needed"),
        (body_about(consent={"at": ""}), "purpose_needed"),
    ],
)
def test_a_question_without_purpose_or_sense_is_refused(
    registry: str, key: Key, body: bytes, code: str
) -> None:
    answer = post(registry, body, signed(key, body))
    assert (answer.status_code, answer.json()["error"]) == (422, code)


def test_an_unknown_registry_and_a_huge_question(registry: str, key: Key) -> None:
    path, body = "/v1/registries/gossip/query", body_about()
    assert post(registry, body, signed(key, body, path), path).status_code == 404
    huge = b" " * (protocol.MAX_QUESTION_BYTES + 1)
    assert post(registry, huge, signed(key, huge)).status_code == 413


def test_it_says_that_it_is_there(registry: str) -> None:
    said = httpx.get(f"{registry}/v1/health").json()
    assert said == {"status": "ok", "registries": sorted(protocol.FACTS)}
