"""Settings of every process, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit


class SettingsMissing(RuntimeError):
    """Names every variable that is missing, so that one start shows all of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between installations; nothing else in the code reads the environment."""

    supabase_url: str
    supabase_public_url: str
    publishable_key: str
    secret_key: str
    session_key: str
    sms_hook_secret: str
    site_url: str
    dev_inbox_path: Path | None
    database_url: str | None
    registry_url: str | None = None
    registry_key_id: str = ""
    registry_key: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people reach the site over HTTPS, so that cookies may be Secure."""
        return urlsplit(self.site_url).scheme == "https"

    @property
    def is_embedded(self) -> bool:
        """Whether this is the embedded stack, where the inbox of codes and the demo people
        exist."""
        return self.dev_inbox_path is not None


REQUIRED = (
    "SUPABASE_URL",
    "SUPABASE_PUBLISHABLE_KEY",
    "SUPABASE_SECRET_KEY",
    "SESSION_KEY",
    "SEND_SMS_HOOK_SECRET",
    "SITE_URL",
)


def read(environment: Mapping[str, str]) -> Settings:
    """Make settings of an environment; raises SettingsMissing with every missing name."""
    missing = [name for name in REQUIRED if not environment.get(name)]
    if missing:
        raise SettingsMissing(f"Set these variables (see .env.example): {', '.join(missing)}")
    inbox = environment.get("DEV_INBOX_PATH")
    url = environment["SUPABASE_URL"].rstrip("/")
    return Settings(
        supabase_url=url,
        supabase_public_url=environment.get("SUPABASE_PUBLIC_URL", "").rstrip("/"),
        publishable_key=environment["SUPABASE_PUBLISHABLE_KEY"],
        secret_key=environment["SUPABASE_SECRET_KEY"],
        session_key=environment["SESSION_KEY"],
        sms_hook_secret=environment["SEND_SMS_HOOK_SECRET"],
        site_url=environment["SITE_URL"].rstrip("/"),
        dev_inbox_path=Path(inbox) if inbox else None,
        database_url=environment.get("DATABASE_URL") or None,
        registry_url=environment.get("REGISTRY_URL", "").rstrip("/") or None,
        registry_key_id=environment.get("REGISTRY_KEY_ID", ""),
        registry_key=environment.get("REGISTRY_KEY") or None,
    )


@cache
def settings() -> Settings:
    """The settings of this process."""
    return read(os.environ)
