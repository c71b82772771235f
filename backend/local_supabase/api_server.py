"""The API process: node with `server.mjs`, told everything by its environment."""

import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backend.local_supabase.child import Program
from backend.local_supabase.packages import HERE, node_binary
from backend.local_supabase.secrets_file import Secrets


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one asker may do; 0 switches a limit off, except guesses and sizes."""

    sms_interval_seconds: int = 60
    sms_per_hour: int = 30
    code_seconds: int = 600
    code_guesses: int = 5
    verifies_per_5_min: int = 30
    refreshes_per_5_min: int = 150
    passwords_per_5_min: int = 20
    access_token_seconds: int = 3600
    sms_hook_timeout_ms: int = 5000
    file_size_limit: int = 50 * 1024 * 1024
    pool_size: int = 16

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Limits":
        """Every limit may be set as LOCAL_SUPABASE_<NAME>, for instance to test without waiting."""
        names = cls.__dataclass_fields__
        given = {name: environment.get(f"LOCAL_SUPABASE_{name.upper()}", "") for name in names}
        return cls(**{name: int(value) for name, value in given.items() if value.isdecimal()})


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Where the API listens and what stands around it."""

    root: Path
    port: int
    postgres_port: int
    site_url: str
    sms_hook_url: str
    limits: Limits = field(default_factory=Limits)

    @property
    def url(self) -> str:
        """Address of the API, loopback only."""
        return f"http://127.0.0.1:{self.port}"


def program(settings: ApiSettings, secrets: Secrets, log: Path) -> Program:
    """The API as a supervised program."""
    return Program(
        name="The Supabase API",
        argv=[node_binary(), HERE / "server.mjs"],
        env=_environment(settings, secrets),
        log=log,
        is_ready=lambda: is_healthy(settings.url),
        cwd=settings.root,
    )


def is_healthy(url: str) -> bool:
    """Whether API and database answer."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _environment(settings: ApiSettings, secrets: Secrets) -> dict[str, str]:
    limits = {
        f"LOCAL_SUPABASE_{name.upper()}": str(getattr(settings.limits, name))
        for name in Limits.__dataclass_fields__
    }
    database = f"127.0.0.1:{settings.postgres_port}/postgres"
    # The hook may be reached over HTTPS with a certificate of our own making.
    trusted = {n: os.environ[n] for n in ("NODE_EXTRA_CA_CERTS",) if n in os.environ}
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "NODE_ENV": "production",
        "TZ": "UTC",
        "LITE_TELEMETRY": "0",
        "DO_NOT_TRACK": "1",
        "LOCAL_SUPABASE_PORT": str(settings.port),
        "LOCAL_SUPABASE_DATABASE_URL": (
            f"postgres://local_supabase_api:{secrets.api_password}@{database}"
        ),
        "LOCAL_SUPABASE_JWT_SECRET": secrets.jwt_secret,
        "LOCAL_SUPABASE_PUBLISHABLE_KEY": secrets.publishable_key,
        "LOCAL_SUPABASE_SECRET_KEY": secrets.secret_key,
        "LOCAL_SUPABASE_SITE_URL": settings.site_url,
        "LOCAL_SUPABASE_STORAGE_DIR": str(settings.root / "storage"),
        "LOCAL_SUPABASE_MAIL_LOG": str(settings.root / "mail.jsonl"),
        "SEND_SMS_HOOK_URL": settings.sms_hook_url,
        "SEND_SMS_HOOK_SECRET": secrets.sms_hook_secret,
        **limits,
        **trusted,
    }
