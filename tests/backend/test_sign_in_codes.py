"""Signing in through the real one-time code: sent by our hook, exchanged once, guarded."""

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from county import SignIn, id_of
from supabase_auth.errors import AuthApiError

from backend import auth, sms, web_sessions
from backend.config import Settings
from backend.errors import Invalid, TooMany, Unavailable

CodeFor = Callable[[str], str]


@pytest.fixture
def phone(superuser: psycopg.Connection) -> str:
    """A number that nobody has used."""
    return f"+86137{uuid4().int % 10**8:08d}"


async def refusal(settings: Settings, phone: str, code: str) -> Invalid | TooMany:
    with pytest.raises((Invalid, TooMany)) as caught:
        await auth.verify_code(settings, phone, code)
    return caught.value


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_new_number_becomes_a_person(
    sign_in: SignIn, superuser: psycopg.Connection, phone: str
) -> None:
    who = await sign_in(phone)
    assert who.id == id_of(superuser, phone)
    again = await sign_in(phone)
    assert again.id == who.id and again.secret != who.secret


async def test_the_normal_form_of_the_number_is_told(settings: Settings, phone: str) -> None:
    typed = f" {phone[3:6]} {phone[6:10]}-{phone[10:]} "
    assert await auth.send_code(settings, typed, address=str(uuid4())) == phone


async def test_a_wrong_code_and_then_the_right_one(
    settings: Settings, code_for: CodeFor, phone: str
) -> None:
    await auth.send_code(settings, phone, address=str(uuid4()))
    error = await refusal(settings, phone, other_than(code_for(phone)))
    assert (error.code, error.field) == ("code_wrong_or_expired", "code")
    session = await auth.verify_code(settings, phone, code_for(phone))
    assert session.access_token and session.user.phone == phone.removeprefix("+")


async def test_a_code_opens_once(settings: Settings, code_for: CodeFor, phone: str) -> None:
    await auth.send_code(settings, phone, address=str(uuid4()))
    await auth.verify_code(settings, phone, code_for(phone))
    error = await refusal(settings, phone, code_for(phone))
    assert error.code == "code_wrong_or_expired"


async def test_the_newest_code_counts(settings: Settings, code_for: CodeFor, phone: str) -> None:
    await auth.send_code(settings, phone, address=str(uuid4()))
    first = code_for(phone)
    await auth.send_code(settings, phone, address=str(uuid4()))
    if first != code_for(phone):
        assert (await refusal(settings, phone, first)).code == "code_wrong_or_expired"
    assert await auth.verify_code(settings, phone, code_for(phone))


async def test_a_code_of_another_number_opens_nothing(
    settings: Settings, code_for: CodeFor, phone: str
) -> None:
    other = f"+86136{uuid4().int % 10**8:08d}"
    for number in (phone, other):
        await auth.send_code(settings, number, address=str(uuid4()))
    if code_for(phone) != code_for(other):
        error = await refusal(settings, other, code_for(phone))
        assert error.code == "code_wrong_or_expired"
    assert await auth.verify_code(settings, other, code_for(other))


async def test_an_expired_code_opens_nothing(
    settings: Settings, code_for: CodeFor, superuser: psycopg.Connection, phone: str
) -> None:
    await auth.send_code(settings, phone, address=str(uuid4()))
    aged = superuser.execute(
        "update local_supabase.phone_codes as c set sent_at = now() - interval '11 minutes'"
        " from auth.users as u where u.id = c.user_id and u.phone = %s",
        (phone.removeprefix("+"),),
    )
    assert aged.rowcount == 1
    error = await refusal(settings, phone, code_for(phone))
    assert (error.code, error.field) == ("code_wrong_or_expired", "code")


async def test_a_number_without_a_code_opens_nothing(settings: Settings, phone: str) -> None:
    assert (await refusal(settings, phone, "123456")).code == "code_wrong_or_expired"


async def test_guessing_ends_with_the_time_to_wait(
    settings: Settings, code_for: CodeFor, phone: str
) -> None:
    await auth.send_code(settings, phone, address=str(uuid4()))
    wrong = other_than(code_for(phone))
    codes = [(await refusal(settings, phone, wrong)).code for _ in range(11)]
    assert codes[:4] == ["code_wrong_or_expired"] * 4
    assert codes[-1] == "too_many_tries"
    # Now the right one comes too late.
    error = await refusal(settings, phone, code_for(phone))
    assert isinstance(error, TooMany)
    assert (error.code, error.field) == ("too_many_tries", "code")
    assert 1 <= error.seconds <= 900
    # Another number is not held up by it.
    neighbour = phone[:-1] + str((int(phone[-1]) + 1) % 10)
    assert (await refusal(settings, neighbour, "123456")).code == "code_wrong_or_expired"


async def test_one_address_sends_only_so_many(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, phone: str
) -> None:
    monkeypatch.setattr(auth, "_SENDS_PER_ADDRESS", (2, 3600))
    address = str(uuid4())
    for _ in range(2):
        await auth.send_code(settings, phone, address=address)
    with pytest.raises(TooMany) as caught:
        await auth.send_code(settings, phone, address=address)
    assert (caught.value.code, caught.value.field) == ("too_many_tries", "phone")
    assert 1 <= caught.value.seconds <= 3600
    assert await auth.send_code(settings, phone, address=str(uuid4()))


async def test_what_is_typed_wrong_costs_no_attempt(
    settings: Settings, superuser: psycopg.Connection, phone: str
) -> None:
    def counted() -> object:
        return superuser.execute("select sum(taken) from private.attempts").fetchone()

    before = counted()
    with pytest.raises(Invalid):
        await auth.verify_code(settings, phone, "12")
    with pytest.raises(Invalid):
        await auth.send_code(settings, "+85291234567", address="x")
    assert counted() == before


class _Refusing:
    """An auth service that answers every request for a code with one error."""

    def __init__(self, error: Exception) -> None:
        self.auth = self
        self._error = error

    async def sign_in_with_otp(self, _: object) -> None:
        raise self._error


async def test_asking_again_too_soon_says_how_long_to_wait(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, phone: str
) -> None:
    said = "For security purposes, you can only request this after 42 seconds."
    error = AuthApiError(said, 429, "over_sms_send_rate_limit")
    monkeypatch.setattr(auth, "stranger_db", lambda _: _Refusing(error))
    with pytest.raises(TooMany) as caught:
        await auth.send_code(settings, phone, address=str(uuid4()))
    assert (caught.value.code, caught.value.field) == ("code_sent_lately", "phone")
    assert caught.value.seconds == 42


async def test_a_message_that_cannot_leave_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, phone: str
) -> None:
    error = AuthApiError("Error running hook", 500, "hook_timeout")
    monkeypatch.setattr(auth, "stranger_db", lambda _: _Refusing(error))
    with pytest.raises(Unavailable) as caught:
        await auth.send_code(settings, phone, address=str(uuid4()))
    assert caught.value.code == "sms_not_sent"


async def test_the_code_is_nowhere_but_in_the_message(
    settings: Settings, code_for: CodeFor, superuser: psycopg.Connection, phone: str
) -> None:
    await auth.send_code(settings, phone, address=str(uuid4()))
    assert sms.inbox(settings)[0].phone == phone.removeprefix("+")
    stored = superuser.execute(
        "select c::text || u::text from local_supabase.phone_codes as c"
        " join auth.users as u on u.id = c.user_id where u.phone = %s",
        (phone.removeprefix("+"),),
    ).fetchone()
    assert stored and f'"{code_for(phone)}"' not in stored[0]
    assert f",{code_for(phone)}," not in stored[0]


async def test_a_session_of_a_cookie_is_that_person(sign_in: SignIn, settings: Settings) -> None:
    who = await sign_in()
    found = await web_sessions.signed_in(settings, who.secret)
    assert found.person_id == who.id
