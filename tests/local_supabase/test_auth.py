"""Sessions, tokens, mail codes and the admin API, as GoTrue answers them."""

import json
import uuid
from pathlib import Path

import httpx
import jwt
import psycopg
import pytest
from supabase import AsyncClient, AuthApiError

from backend.local_supabase import Access, Stack

from .conftest import Connect, Inbox, Person, bearer, new_phone


def mailed_code(stack: Stack, address: str) -> str:
    lines = [json.loads(line) for line in (stack.root / "mail.jsonl").read_text().splitlines()]
    text = [line["text"] for line in lines if line["to"] == address][-1]
    return next(word.strip(".,") for word in text.split() if word.strip(".,").isdecimal())


def new_address() -> str:
    return f"{uuid.uuid4().hex[:10]}@example.org"


@pytest.mark.shim("database.mjs columnTypes: PostgreSQL text breaks every answer of auth")
async def test_times_are_rfc3339(ann: Person, http: httpx.AsyncClient) -> None:
    """Times have a T and an offset with minutes."""
    user = (await http.get("/auth/v1/user", headers=bearer(ann.token))).json()
    assert user["created_at"][10] == "T"
    assert user["created_at"].endswith("+00:00")


@pytest.mark.shim("users.mjs accessClaims: the library signs far fewer claims")
async def test_access_tokens_carry_the_claims_of_upstream(ann: Person, access: Access) -> None:
    """iss, phone, metadata, aal, amr and is_anonymous are in the token."""
    claims = jwt.decode(ann.token, access.jwt_secret, ["HS256"], audience="authenticated")
    assert claims["iss"] == f"{access.url}/auth/v1"
    assert (claims["sub"], claims["phone"]) == (ann.id, ann.phone[1:])
    assert (claims["role"], claims["aal"]) == ("authenticated", "aal1")
    assert claims["amr"][0]["method"] == "otp"
    assert claims["app_metadata"]["provider"] == "phone"
    assert claims["is_anonymous"] is False
    assert uuid.UUID(claims["session_id"])


@pytest.mark.shim("phone.mjs, users.mjs: a session of ours must live on in the library")
async def test_a_session_is_refreshed_and_ended(ann: Person, connect: Connect) -> None:
    """Refresh rotates the token; after signing out neither token opens auth again."""
    answer = await ann.client.auth.refresh_session()
    assert answer.session and answer.user
    assert answer.session.refresh_token != ann.refresh_token
    assert answer.user.phone_confirmed_at and not answer.user.email_confirmed_at
    kept = answer.session.refresh_token
    claims = jwt.decode(answer.session.access_token, options={"verify_signature": False})
    assert (claims["phone"], claims["aal"]) == (ann.phone[1:], "aal1")
    assert claims["app_metadata"]["provider"] == "phone"
    await ann.client.auth.sign_out()
    stranger = await connect()
    with pytest.raises(AuthApiError):
        await stranger.auth.refresh_session(kept)
    with pytest.raises(AuthApiError) as caught:
        await stranger.auth.get_user(answer.session.access_token)
    assert caught.value.code == "session_not_found"


@pytest.mark.shim("database.mjs toJsonText: the library writes JSON as text inside JSON")
async def test_metadata_are_json_objects_in_the_database(ann: Person, access: Access) -> None:
    """`raw_user_meta_data ->> 'name'` works in triggers and policies."""
    await ann.client.auth.update_user({"data": {"name": "Ann", "age": 70}})
    with psycopg.connect(access.superuser_dsn) as connection:
        row = connection.execute(
            "select raw_user_meta_data ->> 'name', jsonb_typeof(raw_app_meta_data) "
            "from auth.users where id = %s",
            (ann.id,),
        ).fetchone()
    assert row == ("Ann", "object")
    profile = (await ann.client.table("profiles").select("name").execute()).data
    assert profile == [{"name": "Ann"}]


async def test_nobody_gives_oneself_rights(ann: Person, http: httpx.AsyncClient) -> None:
    """app_metadata and role in PUT /user are ignored."""
    body = {"app_metadata": {"role": "admin"}, "role": "service_role", "data": {"x": 1}}
    answer = await http.put("/auth/v1/user", headers=bearer(ann.token), json=body)
    assert answer.json()["app_metadata"] == {"provider": "phone", "providers": ["phone"]}
    assert answer.json()["role"] == "authenticated"


@pytest.mark.shim("auth.mjs verifyMail: the library knows no type `email`")
async def test_a_mailed_code_of_type_email_signs_in(stack: Stack, connect: Connect) -> None:
    """verify_otp(type="email") takes every code that came by mail."""
    client, address = await connect(), new_address()
    await client.auth.sign_in_with_otp({"email": address})
    code = mailed_code(stack, address)
    answer = await client.auth.verify_otp({"email": address, "token": code, "type": "email"})
    assert answer.user and answer.user.email == address


@pytest.mark.shim("auth.mjs forgetUnconfirmedPassword")
async def test_a_prepared_account_does_not_keep_its_password(
    stack: Stack, connect: Connect
) -> None:
    """Asking for a code replaces the password of an account nobody confirmed."""
    attacker, victim, address = await connect(), await connect(), new_address()
    await attacker.auth.sign_up({"email": address, "password": "attacker knows"})
    await victim.auth.sign_in_with_otp({"email": address})
    code = mailed_code(stack, address)
    await victim.auth.verify_otp({"email": address, "token": code, "type": "email"})
    with pytest.raises(AuthApiError) as caught:
        await attacker.auth.sign_in_with_password({"email": address, "password": "attacker knows"})
    assert caught.value.code == "invalid_credentials"


@pytest.mark.shim("limits.mjs: the library limits nothing")
async def test_passwords_are_not_guessed_without_end(
    strict_url: str, http: httpx.AsyncClient
) -> None:
    """Too many tries are 429 over_request_rate_limit."""
    address = new_address()
    bodies = [{"email": address, "password": f"guess {n}"} for n in range(25)]
    url = f"{strict_url}/auth/v1/token?grant_type=password"
    statuses = [(await http.post(url, json=body)).status_code for body in bodies]
    assert statuses[:20] == [400] * 20
    assert statuses[20:] == [429] * 5


class TestAdmin:
    """The admin API, for the secret key alone."""

    pytestmark = pytest.mark.shim("admin.mjs: the library has no admin API")

    async def test_people_are_made_found_changed_and_removed(self, service: AsyncClient) -> None:
        """create_user, get_user_by_id, list_users, update_user_by_id, delete_user."""
        admin, phone = service.auth.admin, new_phone()
        made = await admin.create_user(
            {
                "phone": phone,
                "phone_confirm": True,
                "user_metadata": {"name": "Bob"},
                "app_metadata": {"staff": True},
            }
        )
        assert made.user.phone == phone[1:] and made.user.phone_confirmed_at
        assert made.user.app_metadata["staff"] is True
        found = await admin.get_user_by_id(made.user.id)
        assert found.user.user_metadata == {"name": "Bob"}
        assert any(user.id == made.user.id for user in await admin.list_users(per_page=500))
        changed = await admin.update_user_by_id(made.user.id, {"user_metadata": {"age": 5}})
        assert changed.user.user_metadata == {"name": "Bob", "age": 5}
        await admin.delete_user(made.user.id)
        with pytest.raises(AuthApiError) as caught:
            await admin.get_user_by_id(made.user.id)
        assert (caught.value.status, caught.value.code) == (404, "user_not_found")

    async def test_the_made_person_signs_in_by_code(
        self, service: AsyncClient, connect: Connect, inbox: Inbox
    ) -> None:
        """A person made by phone is the one who signs in with that phone."""
        phone = new_phone()
        made = await service.auth.admin.create_user({"phone": phone, "phone_confirm": True})
        client = await connect()
        await client.auth.sign_in_with_otp({"phone": phone})
        answer = await client.auth.verify_otp(
            {"phone": phone, "token": inbox.code(phone), "type": "sms"}
        )
        assert answer.user and answer.user.id == made.user.id

    async def test_a_number_is_given_once(self, service: AsyncClient) -> None:
        """A second account for a phone is 422 phone_exists."""
        phone = new_phone()
        await service.auth.admin.create_user({"phone": phone})
        with pytest.raises(AuthApiError) as caught:
            await service.auth.admin.create_user({"phone": phone})
        assert (caught.value.status, caught.value.code) == (422, "phone_exists")

    async def test_others_are_refused(self, ann: Person, http: httpx.AsyncClient) -> None:
        """Neither the publishable key nor a person's token opens it: 403 not_admin."""
        by_key = await http.get("/auth/v1/admin/users")
        by_person = await http.get("/auth/v1/admin/users", headers=bearer(ann.token))
        assert (by_key.status_code, by_person.status_code) == (403, 403)
        assert by_person.json()["error_code"] == "not_admin"

    async def test_the_banned_stay_out(
        self, service: AsyncClient, ann: Person, connect: Connect
    ) -> None:
        """A banned person gets neither a code nor a fresh token: 403 user_banned."""
        await service.auth.admin.update_user_by_id(ann.id, {"ban_duration": "24h"})
        with pytest.raises(AuthApiError) as caught:
            await ann.client.auth.refresh_session()
        assert caught.value.code == "user_banned"
        with pytest.raises(AuthApiError) as caught:
            await (await connect()).auth.sign_in_with_otp({"phone": ann.phone})
        assert caught.value.code == "user_banned"


def test_mail_is_private(stack: Stack) -> None:
    """What the mailer writes down is for the owner of the folder alone."""
    mail: Path = stack.root / "mail.jsonl"
    assert not mail.exists() or mail.stat().st_mode & 0o077 == 0
