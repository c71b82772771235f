"""Text messages: one door out, and a hook that only Supabase can call."""

import base64
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from backend import sms
from backend.config import Settings
from backend.errors import NotAllowed, Unavailable

BODY = json.dumps({"user": {"phone": "8613800000001"}, "sms": {"otp": "123456"}}).encode()


@pytest.fixture
def inbox(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, dev_inbox_path=tmp_path / "inbox.jsonl")


def signed(settings: Settings, body: bytes = BODY, at: datetime | None = None) -> dict[str, str]:
    moment = at or datetime.now(UTC)
    hook = Webhook(settings.sms_hook_secret.removeprefix("v1,"))
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": hook.sign("msg_1", moment, body.decode()),
    }


def test_a_signed_call_is_read(settings: Settings) -> None:
    assert sms.verified_hook(settings, BODY, signed(settings)) == json.loads(BODY)


def test_one_right_signature_among_several_is_enough(settings: Settings) -> None:
    headers = signed(settings)
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"]
    assert sms.verified_hook(settings, BODY, headers) == json.loads(BODY)


def refused(settings: Settings, body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(NotAllowed) as caught:
        sms.verified_hook(settings, body, headers)
    assert caught.value.code == "hook_not_signed"


def test_another_secret_is_refused(settings: Settings) -> None:
    other = base64.b64encode(b"another secret, 32 bytes long ok").decode()
    foreign = replace(settings, sms_hook_secret=f"v1,whsec_{other}")
    refused(settings, BODY, signed(foreign))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_future_call_is_refused(settings: Settings, minutes: int) -> None:
    refused(settings, BODY, signed(settings, at=datetime.now(UTC) + timedelta(minutes=minutes)))


def test_a_changed_body_is_refused(settings: Settings) -> None:
    refused(settings, BODY.replace(b"123456", b"654321"), signed(settings))
    refused(settings, b"", signed(settings))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed_and_signed(settings: Settings, name: str) -> None:
    headers = signed(settings)
    refused(settings, BODY, {k: v for k, v in headers.items() if k != name})
    refused(settings, BODY, headers | {name: "1"})


async def test_the_inbox_shows_the_newest_first(inbox: Settings) -> None:
    assert sms.inbox(inbox) == []
    sender = sms.sender(inbox)
    for number in range(40):
        await sender.send("8613800000001", f"验证码 {number}\n第二行")
    shown = sms.inbox(inbox)
    assert [m.text for m in shown[:2]] == ["验证码 39\n第二行", "验证码 38\n第二行"]
    assert len(shown) == 30 and len(sms.inbox(inbox, limit=3)) == 3
    assert datetime.fromisoformat(shown[0].at).tzinfo is not None


async def test_the_inbox_is_for_its_owner_alone(inbox: Settings) -> None:
    await sms.sender(inbox).send("8613800000001", "code 1")
    assert inbox.dev_inbox_path
    assert stat.S_IMODE(inbox.dev_inbox_path.stat().st_mode) == 0o600


def test_without_a_provider_nothing_can_be_sent(settings: Settings) -> None:
    hosted = replace(settings, dev_inbox_path=None)
    assert sms.inbox(hosted) == [] and not hosted.is_embedded
    with pytest.raises(Unavailable) as caught:
        sms.sender(hosted)
    assert caught.value.code == "sms_not_sent"
