"""What a cookie stands for: sealed tokens, renewed by exactly one, gone when closed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from county import Person, SignIn
from cryptography.fernet import Fernet

from backend import people, web_sessions
from backend.config import Settings
from backend.database import service_db, stranger_db
from backend.errors import NotFound, ServiceError, SessionExpired
from backend.web_sessions import Tokens


@pytest_asyncio.fixture(loop_scope="session")
async def person(sign_in: SignIn) -> Person:
    return await sign_in(device_label="iPhone · WeChat")


def sealed(connection: psycopg.Connection, secret: str) -> str:
    row = connection.execute(
        "select sealed_tokens from private.web_sessions where secret_hash = %s",
        (web_sessions._hash(secret),),
    ).fetchone()
    assert row
    return row[0]


def nearly_over(settings: Settings, connection: psycopg.Connection, secret: str) -> Tokens:
    """Bring a session's access token near its end, in the database and in the short memory."""
    tokens = web_sessions._unseal(settings, sealed(connection, secret))
    old = replace(tokens, expires_at=datetime.now(UTC) + timedelta(seconds=30))
    connection.execute(
        "update private.web_sessions set sealed_tokens = %s, access_expires_at = %s"
        " where secret_hash = %s",
        (web_sessions._seal(settings, old), old.expires_at, web_sessions._hash(secret)),
    )
    web_sessions.forget_remembered()
    return old


class Refreshes:
    """Counts how often a refresh token is exchanged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0

        def counting(settings: Settings) -> Any:
            self.count += 1
            return stranger_db(settings)

        monkeypatch.setattr(web_sessions, "stranger_db", counting)


@pytest.fixture
def refreshes(monkeypatch: pytest.MonkeyPatch) -> Refreshes:
    return Refreshes(monkeypatch)


def test_tokens_are_sealed_and_come_back_whole(settings: Settings) -> None:
    tokens = Tokens("access", "refresh", datetime(2030, 1, 1, tzinfo=UTC))
    text = web_sessions._seal(settings, tokens)
    assert "access" not in text and "refresh" not in text
    assert web_sessions._unseal(settings, text) == tokens
    assert web_sessions._seal(settings, tokens) != text


async def test_the_database_holds_neither_secret_nor_token(
    settings: Settings, superuser: psycopg.Connection, person: Person
) -> None:
    tokens = web_sessions._unseal(settings, sealed(superuser, person.secret))
    row = superuser.execute(
        "select w::text from private.web_sessions as w where person_id = %s", (person.id,)
    ).fetchone()
    assert row
    for hidden in (person.secret, tokens.access, tokens.refresh):
        assert hidden not in row[0]


async def test_another_key_opens_nothing(
    settings: Settings, superuser: psycopg.Connection, person: Person
) -> None:
    web_sessions.forget_remembered()
    foreign = replace(settings, session_key=Fernet.generate_key().decode())
    with pytest.raises(SessionExpired):
        await web_sessions.signed_in(foreign, person.secret)
    with pytest.raises(SessionExpired):
        web_sessions._unseal(settings, sealed(superuser, person.secret)[:-4] + "AAAA")


@pytest.mark.parametrize("secret", ["", "x", "x" * 101, "'; drop table people; --", "密"])
async def test_a_cookie_that_stands_for_nothing(settings: Settings, secret: str) -> None:
    with pytest.raises(SessionExpired):
        await web_sessions.signed_in(settings, secret)


async def test_a_fresh_token_is_used_as_it_is(
    settings: Settings, person: Person, refreshes: Refreshes
) -> None:
    web_sessions.forget_remembered()
    await web_sessions.signed_in(settings, person.secret)
    assert refreshes.count == 0


async def test_many_at_once_renew_once(
    settings: Settings, superuser: psycopg.Connection, person: Person, refreshes: Refreshes
) -> None:
    old = nearly_over(settings, superuser, person.secret)
    found = await asyncio.gather(
        *(web_sessions.signed_in(settings, person.secret) for _ in range(12))
    )
    assert refreshes.count == 1
    assert {who.person_id for who in found} == {person.id}
    fresh = web_sessions._unseal(settings, sealed(superuser, person.secret))
    assert fresh.refresh != old.refresh and fresh.expires_at > old.expires_at
    profiles = await asyncio.gather(*(people.my_profile(who.db) for who in found))
    assert {profile["id"] for profile in profiles} == {person.id}


async def test_renewing_again_works(
    settings: Settings, superuser: psycopg.Connection, person: Person, refreshes: Refreshes
) -> None:
    for turn in (1, 2, 3):
        nearly_over(settings, superuser, person.secret)
        await web_sessions.signed_in(settings, person.secret)
        assert refreshes.count == turn


async def test_a_claim_whose_holder_died_is_taken_over(
    settings: Settings, superuser: psycopg.Connection, person: Person, refreshes: Refreshes
) -> None:
    nearly_over(settings, superuser, person.secret)
    superuser.execute(
        "update private.web_sessions set refreshing_until = now() - interval '1 second'"
        " where secret_hash = %s",
        (web_sessions._hash(person.secret),),
    )
    assert (await web_sessions.signed_in(settings, person.secret)).person_id == person.id
    assert refreshes.count == 1


async def test_a_refresh_token_that_is_dead_ends_the_session(
    settings: Settings, superuser: psycopg.Connection, person: Person
) -> None:
    tokens = nearly_over(settings, superuser, person.secret)
    await service_db(settings).auth.admin.sign_out(tokens.access, "global")
    for _ in range(2):
        with pytest.raises(SessionExpired):
            await web_sessions.signed_in(settings, person.secret)
    gone = superuser.execute(
        "select from private.web_sessions where person_id = %s", (person.id,)
    ).fetchall()
    assert gone == []


async def test_a_closed_session_opens_nothing(
    settings: Settings, superuser: psycopg.Connection, person: Person
) -> None:
    tokens = web_sessions._unseal(settings, sealed(superuser, person.secret))
    await web_sessions.close_session(settings, person.secret)
    with pytest.raises(SessionExpired):
        await web_sessions.signed_in(settings, person.secret)
    # Closing again is no fault, and the refresh token is dead too.
    await web_sessions.close_session(settings, person.secret)
    with pytest.raises(Exception, match=r"(?i)refresh|session|token"):
        await stranger_db(settings).auth.refresh_session(tokens.refresh)


async def test_a_session_past_its_end_opens_nothing(
    settings: Settings, superuser: psycopg.Connection, person: Person
) -> None:
    superuser.execute(
        "update private.web_sessions set expires_at = now() where person_id = %s", (person.id,)
    )
    web_sessions.forget_remembered()
    with pytest.raises(SessionExpired):
        await web_sessions.signed_in(settings, person.secret)


async def test_people_see_and_close_their_own_devices(
    settings: Settings, sign_in: SignIn, person: Person
) -> None:
    second = await sign_in(person.phone, device_label="Android · Chrome")
    devices = await people.my_devices(second.db)
    assert [d["device_label"] for d in devices][:2] == ["Android · Chrome", "iPhone · WeChat"]
    assert set(devices[0]) == {"id", "device_label", "created_at", "last_seen_at"}
    stranger = await sign_in()
    with pytest.raises(NotFound) as caught:
        await people.close_device(stranger.db, devices[1]["id"])
    assert caught.value.code == "session_not_found"
    await people.close_device(second.db, devices[1]["id"])
    web_sessions.forget_remembered()
    with pytest.raises(SessionExpired):
        await web_sessions.signed_in(settings, person.secret)
    assert (await web_sessions.signed_in(settings, second.secret)).person_id == person.id


async def test_a_long_device_label_is_cut(settings: Settings, sign_in: SignIn) -> None:
    who = await sign_in(device_label="长" * 300)
    assert len((await people.my_devices(who.db))[0]["device_label"]) == 80


async def test_profile_refusals_name_their_field(sign_in: SignIn) -> None:
    who = await sign_in()
    kept = {"name": "某某", "id_number": "", "division_code": ""}
    for change, code, place in (
        ({"name": " 某 "}, "name_invalid", "name"),
        ({"name": "某" * 61}, "name_invalid", "name"),
        ({"id_number": "123"}, "id_number_invalid", "id_number"),
        ({"id_number": "622101194312060027"}, "id_number_taken", "id_number"),
        ({"division_code": str(uuid4())}, "division_unknown", "division_code"),
    ):
        with pytest.raises(ServiceError) as caught:
            await people.save_my_profile(who.db, **kept | change)
        error = caught.value
        assert (error.code, error.field or error.detail) == (code, place)
    saved = await people.save_my_profile(who.db, **kept | {"name": "欧阳某某"})
    assert (saved["name"], saved["id_number"], saved["masked_name"]) == ("欧阳某某", None, "欧**某")


async def test_preferences_follow_the_person(sign_in: SignIn) -> None:
    who = await sign_in()
    await people.set_preferences(who.db, who.id, language="en", mode="elder")
    await people.set_preferences(who.db, who.id)
    profile = await people.my_profile(who.db)
    assert (profile["language"], profile["mode"]) == ("en", "elder")
    stranger = await sign_in()
    await people.set_preferences(stranger.db, who.id, language="zh")
    assert (await people.my_profile(who.db))["language"] == "en"
