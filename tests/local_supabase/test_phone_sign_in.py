"""Sign-in by phone and one-time code, as GoTrue does it."""

import asyncio

import httpx
import pytest
from supabase import AsyncClient, AuthApiError

from backend.local_supabase import Access

from .conftest import Connect, Inbox, Person, SignIn, new_phone

pytestmark = pytest.mark.shim("phone.mjs: the library has no phone sign-in")


async def refused(awaitable: object) -> AuthApiError:
    with pytest.raises(AuthApiError) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value


async def test_a_code_signs_in_and_confirms_the_phone(ann: Person) -> None:
    """GoTrue keeps bare digits, no e-mail address, and confirms the phone, not the e-mail."""
    answer = await ann.client.auth.get_user()
    assert answer
    user = answer.user
    assert (user.phone, user.email) == (ann.phone.lstrip("+"), "")
    assert user.phone_confirmed_at and not user.email_confirmed_at
    assert user.app_metadata == {"provider": "phone", "providers": ["phone"]}
    assert user.identities and user.identities[0].identity_data["phone_verified"] is True


async def test_the_person_is_the_same_next_time(sign_in: SignIn, ann: Person) -> None:
    """One phone number is one account."""
    assert (await sign_in(ann.phone)).id == ann.id


async def test_the_trigger_sees_phone_and_data(
    connect: Connect, inbox: Inbox, service: AsyncClient
) -> None:
    """Triggers on auth.users see phone and JSON data at insertion."""
    phone = new_phone()
    client = await connect()
    await client.auth.sign_in_with_otp({"phone": phone, "options": {"data": {"name": "Ann"}}})
    rows = (await service.table("profiles").select("*").eq("phone", phone[1:]).execute()).data
    assert [row["name"] for row in rows] == ["Ann"]


async def test_a_code_works_once(ann: Person, anon: AsyncClient, inbox: Inbox) -> None:
    """A used code is 403 otp_expired."""
    error = await refused(
        anon.auth.verify_otp({"phone": ann.phone, "token": inbox.code(ann.phone), "type": "sms"})
    )
    assert (error.status, error.code) == (403, "otp_expired")


async def test_a_code_used_at_once_by_many_signs_in_once(
    access: Access, anon: AsyncClient, inbox: Inbox, http: httpx.AsyncClient
) -> None:
    """Replaying a code in parallel opens one session."""
    phone = new_phone()
    await anon.auth.sign_in_with_otp({"phone": phone})
    body = {"phone": phone, "token": inbox.code(phone), "type": "sms"}
    answers = await asyncio.gather(*[http.post("/auth/v1/verify", json=body) for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]


async def test_a_newer_code_ends_the_older(anon: AsyncClient, inbox: Inbox) -> None:
    """Only the last code sent is valid."""
    phone = new_phone()
    await anon.auth.sign_in_with_otp({"phone": phone})
    older = inbox.code(phone)
    await anon.auth.sign_in_with_otp({"phone": phone})
    if older == inbox.code(phone):
        pytest.skip("the same code twice, one in a million")
    verify = anon.auth.verify_otp({"phone": phone, "token": older, "type": "sms"})
    assert (await refused(verify)).code == "otp_expired"


async def test_guesses_run_out_even_in_parallel(
    strict_url: str, connect: Connect, inbox: Inbox, http: httpx.AsyncClient
) -> None:
    """Five wrong guesses kill the code, also all at once; then the right one is too late."""
    client = await connect(url=strict_url)
    phone = new_phone()
    await client.auth.sign_in_with_otp({"phone": phone})
    code = inbox.code(phone)
    wrong = [f"{(int(code) + step) % 1000000:06d}" for step in range(1, 13)]
    address = f"{strict_url}/auth/v1/verify"
    bodies = [{"phone": phone, "token": guess, "type": "sms"} for guess in wrong]
    answers = await asyncio.gather(*[http.post(address, json=body) for body in bodies])
    codes = [answer.json()["error_code"] for answer in answers]
    assert codes.count("otp_expired") == 5
    assert codes.count("over_request_rate_limit") == 7
    late = await http.post(address, json={"phone": phone, "token": code, "type": "sms"})
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 60


async def test_codes_leave_no_faster_than_allowed(
    strict_url: str, inbox: Inbox, http: httpx.AsyncClient
) -> None:
    """One message a minute and phone; the refusal names the seconds to wait."""
    phone = new_phone()
    body = {"phone": phone}
    sends = [http.post(f"{strict_url}/auth/v1/otp", json=body) for _ in range(6)]
    answers = await asyncio.gather(*sends)
    assert sorted(answer.status_code for answer in answers) == [200, 429, 429, 429, 429, 429]
    refusal = next(answer for answer in answers if answer.status_code == 429)
    assert refusal.json()["error_code"] == "over_sms_send_rate_limit"
    assert f"after {refusal.headers['retry-after']} seconds" in refusal.json()["msg"]
    assert len(inbox.messages(phone)) == 1


@pytest.mark.parametrize("phone", ["12", "+86abc", "0138000000000", "+8613800000000000000"])
async def test_a_foreign_form_of_number_is_refused(anon: AsyncClient, phone: str) -> None:
    """Only E.164 numbers: 400 validation_failed."""
    error = await refused(anon.auth.sign_in_with_otp({"phone": phone}))
    assert (error.status, error.code) == (400, "validation_failed")


async def test_no_account_is_made_when_not_wanted(anon: AsyncClient) -> None:
    """should_create_user=False for a stranger is 422 otp_disabled."""
    options = {"should_create_user": False}
    error = await refused(
        anon.auth.sign_in_with_otp({"phone": new_phone(), "options": options})  # type: ignore[typeddict-item]
    )
    assert (error.status, error.code) == (422, "otp_disabled")


async def test_the_phone_number_cannot_be_changed_by_its_owner(
    ann: Person, http: httpx.AsyncClient
) -> None:
    """Upstream would send a code to the new number; the embedded stack does not offer it."""
    headers = {"Authorization": f"Bearer {ann.token}"}
    answer = await http.put("/auth/v1/user", headers=headers, json={"phone": new_phone()})
    assert answer.status_code == 400


async def test_a_phone_needs_the_api_key(access: Access) -> None:
    """No endpoint of auth answers without an API key."""
    async with httpx.AsyncClient(base_url=access.url) as client:
        without = await client.post("/auth/v1/otp", json={"phone": new_phone()})
        wrong = await client.post(
            "/auth/v1/otp", json={"phone": new_phone()}, headers={"apikey": "sb_publishable_x"}
        )
    assert (without.status_code, wrong.status_code) == (401, 401)


async def test_a_password_works_by_phone(service: AsyncClient, connect: Connect) -> None:
    """A person made by the admin API with a password signs in with it."""
    phone = new_phone()
    await service.auth.admin.create_user(
        {"phone": phone, "password": "long enough", "phone_confirm": True}
    )
    client = await connect()
    answer = await client.auth.sign_in_with_password({"phone": phone, "password": "long enough"})
    assert answer.user and answer.user.phone == phone[1:]
    wrong = client.auth.sign_in_with_password({"phone": phone, "password": "wrong"})
    assert (await refused(wrong)).code == "invalid_credentials"
