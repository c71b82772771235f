"""The embedded Supabase as one object: start it, use it, stop it."""

import fcntl
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql

from backend.local_supabase import api_server, postgres
from backend.local_supabase.api_server import ApiSettings, Limits
from backend.local_supabase.child import Child
from backend.local_supabase.failure import StackError
from backend.local_supabase.packages import HERE, install
from backend.local_supabase.secrets_file import Secrets, load_or_create

__all__ = ["Access", "Limits", "Stack", "erase"]


@dataclass(frozen=True, slots=True)
class Access:
    """What other parts of the product need to reach the stack; secrets stay out of `repr`."""

    url: str
    publishable_key: str
    secret_key: str = field(repr=False)
    jwt_secret: str = field(repr=False)
    superuser_dsn: str = field(repr=False)
    sms_hook_secret: str = field(repr=False)
    session_key: str = field(repr=False)


class Stack:
    """PostgreSQL and API on loopback, data and secrets under `root`, both watched and restarted.

    `start` raises StackError with one plain sentence. Stopping keeps everything; the same root
    starts again with the same keys, so sessions stay valid.
    """

    def __init__(
        self,
        root: Path,
        *,
        api_port: int,
        pg_port: int,
        site_url: str,
        sms_hook_url: str,
        limits: Limits | None = None,
    ) -> None:
        self.root = root.resolve()
        self._pg_port = pg_port
        self._settings = ApiSettings(
            self.root, api_port, pg_port, site_url, sms_hook_url, limits or Limits()
        )
        self._lock: IO[str] | None = None
        self._secrets: Secrets | None = None
        self._postgres: Child | None = None
        self._api: Child | None = None

    @property
    def access(self) -> Access:
        """Addresses and keys; readable before the start, which creates them when they are new."""
        secrets = self._known_secrets()
        return Access(
            url=self._settings.url,
            publishable_key=secrets.publishable_key,
            secret_key=secrets.secret_key,
            jwt_secret=secrets.jwt_secret,
            superuser_dsn=postgres.dsn(self._pg_port, secrets.postgres_password),
            sms_hook_secret=secrets.sms_hook_secret,
            session_key=secrets.session_key,
        )

    @property
    def children(self) -> tuple[Child, ...]:
        """The running processes, PostgreSQL first."""
        return tuple(child for child in (self._postgres, self._api) if child)

    def start(self) -> None:
        """Bring everything up, schemas of auth and storage included; returns when it answers."""
        install()
        secrets = self._known_secrets()
        self._lock_root()
        try:
            for port in (self._settings.port, self._pg_port):
                _refuse_busy(port)
            self._start_postgres(secrets)
            self._bootstrap(secrets)
            program = api_server.program(self._settings, secrets, self.root / "api.log")
            self._api = Child(program)
            self._api.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End both processes, the API first; the data stay."""
        for child in (self._api, self._postgres):
            if child:
                child.stop()
        self._api = self._postgres = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def is_alive(self) -> bool:
        """Whether both processes run and answer right now."""
        children = self.children
        return (
            len(children) == 2
            and all(child.is_alive() for child in children)
            and api_server.is_healthy(self._settings.url)
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _known_secrets(self) -> Secrets:
        if self._secrets is None:
            self.root.mkdir(parents=True, exist_ok=True)
            self._secrets = load_or_create(self.root / "secrets.json")
        return self._secrets

    def _lock_root(self) -> None:
        self._lock = (self.root / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            self._lock = None
            raise StackError(f"The embedded Supabase in {self.root} is already running.") from None

    def _start_postgres(self, secrets: Secrets) -> None:
        place = postgres.find_place(self.root)
        postgres.create_cluster(place, secrets.postgres_password)
        dsn = self.access.superuser_dsn
        log = self.root / "postgres.log"
        self._postgres = Child(postgres.program(place, self._pg_port, dsn, log))
        self._postgres.start()

    def _bootstrap(self, secrets: Secrets) -> None:
        with psycopg.connect(self.access.superuser_dsn, autocommit=True) as connection:
            connection.execute((HERE / "bootstrap.sql").read_bytes())
            connection.execute(
                sql.SQL("alter role local_supabase_api password {}").format(secrets.api_password)
            )


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StackError(
                f"Port {port} is used by another program; stop it or choose another port."
            ) from None


def erase(root: Path) -> None:
    """Delete the data and secrets of a stopped stack for good."""
    root = root.resolve()
    for folder in (root / "pg", root / "storage", postgres.shared_place(root)):
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("secrets.json", "mail.jsonl", "postgres.log", "api.log", "lock"):
        (root / name).unlink(missing_ok=True)
