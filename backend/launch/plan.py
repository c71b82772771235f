"""What one start means: where it listens, what address people use, whose Supabase it speaks to."""

import base64
import ipaddress
import os
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.launch.trouble import Trouble

DEFAULT_PORT = 3000
_LOOPBACK = "127.0.0.1"
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything decided before the first process starts."""

    root: Path
    local: Path
    port: int
    listen_on: str
    address: str
    certificate_host: str | None
    is_embedded: bool
    environ: Mapping[str, str]

    @property
    def logs(self) -> Path:
        return self.local / "logs"


def make_plan(root: Path, environ: Mapping[str, str]) -> Plan:
    """Read HOST, PORT, SITE_URL and SUPABASE_URL from `.env` and the environment; the latter wins.

    Without SUPABASE_URL the embedded Supabase is used. HOST asks for HTTPS at that name or number.
    """
    settings = read_env_file(root / ".env") | dict(environ)
    port = _port(settings.get("PORT", ""))
    host = settings.get("HOST", "").strip()
    wants_https = host not in ("", "localhost", _LOOPBACK)
    if wants_https:
        _check_host(host)
    own_address = f"https://{host}:{port}" if wants_https else f"http://localhost:{port}"
    return Plan(
        root=root,
        local=Path(settings.get("ONETRIP_LOCAL") or root / ".local"),
        port=port,
        # Only the address that was asked for: other networks of this machine see nothing.
        listen_on=_number_of(host) if wants_https else settings.get("LISTEN_ON", _LOOPBACK),
        address=settings.get("SITE_URL", "").rstrip("/") or own_address,
        certificate_host=host if wants_https else None,
        is_embedded=not settings.get("SUPABASE_URL"),
        environ=settings,
    )


def _number_of(host: str) -> str:
    try:
        return socket.gethostbyname(host)
    except OSError:
        raise Trouble(
            f"找不到 HOST={host} 这个地址。", f"The address HOST={host} cannot be found."
        ) from None


def read_env_file(file: Path) -> dict[str, str]:
    """NAME=value lines; `#` begins a comment line, quotes around a value are dropped."""
    values: dict[str, str] = {}
    if not file.exists():
        return values
    for line in file.read_text("utf-8").splitlines():
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        if separator and not name.startswith("#"):
            values[name.strip()] = value.strip().strip("\"'")
    return values


def own_secret(file: Path) -> str:
    """A secret of this installation, made on first use, readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
        fresh.replace(file)
    return file.read_text("ascii")


def _port(text: str) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT={text} 不是端口号。", f"PORT={text} is not a port number.")
    return int(text)


def _check_host(host: str) -> None:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        if re.fullmatch(r"[0-9.]+", host) or not _NAME.fullmatch(host):
            raise Trouble(
                f"HOST={host} 不是网络地址；请写成 192.168.1.20 这样。",
                f"HOST={host} is not an address; write it like 192.168.1.20.",
            ) from None
