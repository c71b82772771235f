"""The Send-SMS hook: payload, signature, and what GoTrue answers when the hook fails."""

import time

import pytest
from supabase import AsyncClient, AuthApiError

from .conftest import Inbox, new_phone

pytestmark = pytest.mark.shim("sms_hook.mjs: the library has no hooks")


async def test_the_payload_is_signed_as_documented(anon: AsyncClient, inbox: Inbox) -> None:
    """`{"user": {…}, "sms": {"otp": …}}`, signed by Standard Webhooks."""
    phone = new_phone()
    await anon.auth.sign_in_with_otp({"phone": phone})
    payload = inbox.verified()
    assert payload["user"]["phone"] == phone[1:]  # type: ignore[index]
    assert len(payload["sms"]["otp"]) == 6  # type: ignore[index]


@pytest.mark.parametrize(
    ("status", "said", "message"),
    [
        (500, {}, "Unexpected status code returned from hook: 500"),
        (400, {}, "Invalid payload sent to hook"),
        (401, {}, "Hook requires authorization token"),
        (503, {}, "Service currently unavailable due to hook"),
        (200, {"error": {"http_code": 500, "message": "no credit"}}, "no credit"),
    ],
)
async def test_a_failing_hook_is_a_fault_of_the_server(
    anon: AsyncClient, inbox: Inbox, status: int, said: dict[str, object], message: str
) -> None:
    """The refusal carries GoTrue's sentence for the hook's answer, with status 500."""
    inbox.answer = (status, said)
    with pytest.raises(AuthApiError) as caught:
        await anon.auth.sign_in_with_otp({"phone": new_phone()})
    assert (caught.value.status, caught.value.message) == (500, message)


async def test_a_slow_hook_is_not_waited_for(anon: AsyncClient, inbox: Inbox) -> None:
    """Past the time-out: 422 hook_timeout."""
    inbox.delay = 5
    started = time.monotonic()
    with pytest.raises(AuthApiError) as caught:
        await anon.auth.sign_in_with_otp({"phone": new_phone()})
    assert (caught.value.status, caught.value.code) == (422, "hook_timeout")
    assert time.monotonic() - started < 3


async def test_a_message_that_never_left_costs_no_wait(
    strict_url: str, connect: object, inbox: Inbox
) -> None:
    """After a failed hook the next try may follow at once."""
    client: AsyncClient = await connect(url=strict_url)  # type: ignore[operator]
    phone = new_phone()
    inbox.answer = (500, {})
    with pytest.raises(AuthApiError):
        await client.auth.sign_in_with_otp({"phone": phone})
    inbox.answer = (200, {})
    await client.auth.sign_in_with_otp({"phone": phone})
