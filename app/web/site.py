"""Which address the service is reached at, and which origins its pages may speak to."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_ADDRESS = "http://localhost:3000"
_LOOPBACK_NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Site:
    """The public face of one installation."""

    address: str
    supabase_origin: str | None

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https://")

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Every origin our own pages can have: loopback answers to two names."""
        parts = urlsplit(self.address)
        if parts.hostname not in _LOOPBACK_NAMES:
            return (self.address,)
        port = f":{parts.port}" if parts.port else ""
        return tuple(f"{parts.scheme}://{name}{port}" for name in _LOOPBACK_NAMES)

    @property
    def socket_origins(self) -> tuple[str, ...]:
        """The same origins as a websocket names them; old Safari does not count them as 'self'."""
        return tuple(
            origin.replace("https://", "wss://").replace("http://", "ws://")
            for origin in self.own_origins
        )


def site_from(environ: Mapping[str, str]) -> Site:
    """Read SITE_URL and SUPABASE_PUBLIC_URL; without SITE_URL this machine's own port 3000."""
    supabase = environ.get("SUPABASE_PUBLIC_URL", "")
    address = environ.get("SITE_URL") or DEFAULT_ADDRESS
    return Site(
        address=_origin(address),
        supabase_origin=_origin(supabase) if supabase else None,
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"{address!r} is not an http or https address"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}"
