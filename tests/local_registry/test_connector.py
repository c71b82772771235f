"""The connector: whatever a registry does, an answer comes in time; nothing unsigned is taken."""

import asyncio
import json
import time
from typing import Any

import pytest

from backend import registries
from backend import registry_protocol as protocol
from backend.config import Settings
from backend.registries import Answer, Circuit
from tests.local_registry.conftest import Misbehaving, settings_for

QUESTION = {
    "query_id": "q1",
    "service": "elderly-allowance",
    "purpose": "老年人尊老金待遇申领",
    "consented_at": "2026-11-22T08:00:00+08:00",
    "subject": {"name": "王秀英", "id_number": "622101194312060027", "phone": "8613800000001"},
}


def asked(
    settings: Settings, registry: str = "household", circuit: Circuit | None = None, **changes: Any
) -> "asyncio.Future[Answer]":
    return asyncio.ensure_future(
        registries.answer_to(settings, registry, QUESTION | changes, circuit=circuit or Circuit())
    )


async def test_a_known_person_is_found(connected: Settings) -> None:
    answer = await asked(connected)
    assert answer.status == "found" and answer.as_of == "2026-10-31"
    assert answer.result_hash and len(answer.result_hash) == 64
    facts = {fact["code"]: fact for fact in answer.facts}
    assert facts["birthday"] == {"code": "birthday", "kind": "date", "value": "1943-12-06"}
    assert facts["address"]["kind"] == "address"


async def test_every_registry_speaks_the_vocabulary(connected: Settings) -> None:
    ma = {"name": "马小山", "id_number": "622101198009180032", "phone": "8613800000002"}
    for registry, known in protocol.FACTS.items():
        answer = await asked(connected, registry, subject=ma)
        assert answer.status in ("found", "nothing"), registry
        assert {fact["code"] for fact in answer.facts} in (set(known), set()), registry


async def test_who_is_unknown_is_nothing(connected: Settings) -> None:
    stranger = {"name": "谁", "id_number": "622101199001010011", "phone": "8613911110000"}
    answer = await asked(connected, subject=stranger)
    assert (answer.status, answer.facts, answer.reason) == ("nothing", (), None)


async def test_nobody_there_is_down() -> None:
    answer = await asked(settings_for("http://127.0.0.1:9"))
    assert (answer.status, answer.reason) == ("failed", "down")


@pytest.mark.parametrize(
    "address", [None, "http://registry.example", "ftp://127.0.0.1", "nonsense"]
)
async def test_an_unsafe_address_is_never_asked(address: str | None) -> None:
    assert (await asked(settings_for(address))).reason == "not_connected"


async def test_a_wrong_key_is_refused(connected: Settings) -> None:
    wrong = settings_for(connected.registry_url)
    object.__setattr__(wrong, "registry_key", "not the secret")
    assert (await asked(wrong)).reason == "refused"


async def _reply(writer: asyncio.StreamWriter, body: bytes, *, head: bytes = b"") -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n%s\r\n" % (len(body), head) + body)
    await writer.drain()


async def test_silence_is_slow(misbehaving: Misbehaving) -> None:
    async with misbehaving(lambda *_: asyncio.sleep(30)) as settings:
        started = time.monotonic()
        assert (await asked(settings)).reason == "slow"
    assert time.monotonic() - started < registries.PATIENCE_SECONDS + 1


async def test_a_byte_now_and_then_is_slow_too(misbehaving: Misbehaving) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.2)

    async with misbehaving(drip) as settings:
        started = time.monotonic()
        assert (await asked(settings)).reason == "slow"
    assert time.monotonic() - started < registries.PATIENCE_SECONDS + 1


async def test_a_huge_answer_is_not_swallowed(misbehaving: Misbehaving) -> None:
    sent = 0

    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    async with misbehaving(pour) as settings:
        assert (await asked(settings)).reason == "garbled"
    assert sent < 50_000_000


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"found": true}'])
async def test_an_unsigned_answer_is_garbled(misbehaving: Misbehaving, body: bytes) -> None:
    async with misbehaving(lambda _, writer: _reply(writer, body)) as settings:
        assert (await asked(settings)).reason == "garbled"


async def test_an_answer_signed_for_another_question_is_garbled(misbehaving: Misbehaving) -> None:
    key = protocol.Key("embedded", b"a secret that only this test knows")
    body = json.dumps({"request_id": "q1", "registry": "household", "found": False}).encode()
    signature = protocol.signature_of_answer(key, 200, "another nonce", body)
    head = f"{protocol.SIGNATURE}: {signature}\r\n".encode()
    async with misbehaving(lambda _, w: _reply(w, body, head=head)) as settings:
        assert (await asked(settings)).reason == "garbled"


async def test_a_server_in_trouble_is_down(misbehaving: Misbehaving) -> None:
    async def broken(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 503 Nope\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()

    async with misbehaving(broken) as settings:
        assert (await asked(settings)).reason == "down"


@pytest.mark.parametrize(
    "said",
    [
        {"request_id": "other", "registry": "household", "found": True, "facts": {"head": "王"}},
        {"request_id": "q1", "registry": "birth", "found": True, "facts": {"head": "王"}},
        {"request_id": "q1", "registry": "household", "found": True, "facts": ["head"]},
        {"request_id": "q1", "registry": "household", "found": "yes"},
        ["found"],
        None,
    ],
)
def test_a_signed_answer_without_sense_is_garbled(said: Any) -> None:
    answer = registries.understood("household", "q1", json.dumps(said).encode())
    assert (answer.status, answer.reason) == ("failed", "garbled")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"{", b'{"request_id": "q1"}'])
def test_bytes_that_are_no_answer_are_garbled(content: bytes) -> None:
    assert registries.understood("household", "q1", content).reason == "garbled"


def test_only_what_the_vocabulary_knows_is_kept() -> None:
    facts = {
        "head": " 王秀英 ",
        "religion": "none",
        "address": "长" * 201,
        "relation": "\u202e户主",
        "birthday": 5,
        "division": "",
    }
    said = {"request_id": "q1", "registry": "household", "found": True, "facts": facts}
    answer = registries.understood("household", "q1", json.dumps(said | {"as_of": "soon"}).encode())
    assert answer.facts == ({"code": "head", "kind": "name", "value": "王秀英"},)
    assert answer.as_of is None
    said["facts"] = {"religion": "none"}
    assert registries.understood("household", "q1", json.dumps(said).encode()).status == "nothing"


async def test_after_three_failures_nobody_waits_until_it_is_tried_again(
    connected: Settings,
) -> None:
    now = 100.0
    circuit = Circuit(clock=lambda: now)
    gone = settings_for("http://127.0.0.1:9")
    for _ in range(3):
        assert not circuit.is_open("household")
        assert (await asked(gone, circuit=circuit)).reason == "down"
    assert circuit.is_open("household") and not circuit.is_open("birth")
    # It is back, but left in peace for a while.
    assert (await asked(connected, circuit=circuit)).reason == "down"
    now += 31
    assert (await asked(connected, circuit=circuit)).status == "found"
    assert not circuit.is_open("household")
    now += 1
    assert (await asked(gone, circuit=circuit)).reason == "down"
    assert not circuit.is_open("household")
