"""Secrets of one embedded stack, made at its first start and kept in one private file."""

import json
import os
import secrets
from base64 import b64encode, urlsafe_b64encode
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from backend.local_supabase.failure import StackError


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everything that opens a door of the stack; `session_key` is a Fernet key for the web."""

    postgres_password: str
    api_password: str
    jwt_secret: str
    publishable_key: str
    secret_key: str
    sms_hook_secret: str
    session_key: str


def load_or_create(path: Path) -> Secrets:
    """Read the file, adding what an older version of the product did not yet know."""
    kept: dict[str, str] = _read(path) if path.exists() else {}
    fresh = asdict(_generate())
    names = [field.name for field in fields(Secrets)]
    merged = {name: kept[name] if name in kept else str(fresh[name]) for name in names}
    if merged != kept:
        _write(path, merged)
    path.chmod(0o600)
    return Secrets(**merged)


def _read(path: Path) -> dict[str, str]:
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise StackError(
            f"{path} is damaged; restore it from a backup or delete the folder {path.parent}."
        ) from error


def _generate() -> Secrets:
    return Secrets(
        postgres_password=secrets.token_urlsafe(24),
        api_password=secrets.token_urlsafe(24),
        jwt_secret=secrets.token_urlsafe(48),
        publishable_key=_api_key("publishable"),
        secret_key=_api_key("secret"),
        sms_hook_secret="v1,whsec_" + b64encode(secrets.token_bytes(32)).decode(),
        session_key=urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )


def _api_key(kind: str) -> str:
    return f"sb_{kind}_{secrets.token_urlsafe(16)}_{secrets.token_hex(4)}"


def _write(path: Path, values: dict[str, str]) -> None:
    """Replace the file in one step, readable by nobody else at any moment."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(values, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
