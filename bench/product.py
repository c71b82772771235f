"""The running product that figures are taken of, in a folder and on ports of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from backend.local_supabase import erase, postgres
from backend.local_supabase.secrets_file import load_or_create
from bench.progress import say
from e2e.county import County
from e2e.launched import running_county


@contextmanager
def running_product() -> Generator[County]:
    """Everything up and seeded, with people at hand; nothing is left of it afterwards."""
    say("starting the product")
    local: Path | None = None
    try:
        with running_county() as county:
            local = county.local
            yield county
            say("stopping the product")
    finally:
        # A database that lives outside its folder, because root made the folder, goes as well.
        if local is not None:
            erase(local)


def superuser_dsn(county: County) -> str:
    """Where rows can be made in bulk, past every policy."""
    secrets = load_or_create(county.local / "secrets.json")
    return postgres.dsn(int(_postmaster(county)[3]), secrets.postgres_password)


def kill_database(county: County) -> None:
    """End the database as a power cut would; the product's own supervisor starts it again."""
    os.kill(int(_postmaster(county)[0]), signal.SIGKILL)


def _postmaster(county: County) -> list[str]:
    """What the running database wrote about itself: process first, port fourth."""
    return (postgres.find_place(county.local).data / "postmaster.pid").read_text().splitlines()
