"""Text messages leave through one door. The default is the inbox of the embedded stack; providers
are adapters."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from standardwebhooks import Webhook, WebhookVerificationError

from backend.config import Settings
from backend.errors import NotAllowed, Unavailable

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One text message: to whom (digits with country code), what, when (UTC, ISO 8601)."""

    phone: str
    text: str
    at: str


class Sender(Protocol):
    """Whatever can bring a message to a phone; raises Unavailable sms_not_sent when it cannot."""

    async def send(self, phone: str, text: str) -> None:
        """Hand one message over."""
        ...


@dataclass(frozen=True, slots=True)
class InboxSender:
    """Writes messages where /dev/inbox shows them; exists on the embedded stack alone."""

    path: Path

    async def send(self, phone: str, text: str) -> None:
        """Append one line, whole or not at all."""
        line = json.dumps(
            asdict(Message(phone, text, datetime.now(UTC).isoformat())), ensure_ascii=False
        )
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (line + "\n").encode())
        finally:
            os.close(descriptor)


def sender(settings: Settings) -> Sender:
    """The sender of this installation; raises Unavailable when none is set up."""
    if settings.dev_inbox_path is None:
        raise Unavailable("sms_not_sent")
    return InboxSender(settings.dev_inbox_path)


def inbox(settings: Settings, *, limit: int = 30) -> list[Message]:
    """The last messages of the embedded stack, newest first; empty where there is no inbox."""
    if settings.dev_inbox_path is None or not settings.dev_inbox_path.exists():
        return []
    lines = settings.dev_inbox_path.read_text(encoding="utf-8").splitlines()[-_KEPT:]
    return [Message(**json.loads(line)) for line in reversed(lines[-limit:])]


def verified_hook(settings: Settings, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """The payload of Supabase's Send-SMS hook; raises NotAllowed hook_not_signed.

    Signed as Standard Webhooks says; the secret is written v1,whsec_<base64>. Payload: {"user":
    {"phone"}, "sms": {"otp"}}.
    """
    secret = settings.sms_hook_secret.removeprefix("v1,")
    try:
        return Webhook(secret).verify(body, headers)
    except (WebhookVerificationError, ValueError):
        # ValueError: the library splits and decodes the signature before it judges it.
        raise NotAllowed("hook_not_signed") from None
