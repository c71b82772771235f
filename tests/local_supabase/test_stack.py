"""Starting, stopping and surviving: the two processes, their data and their secrets."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from supabase import AsyncClient, AuthApiError

from backend.local_supabase import Stack, StackError, erase, install, postgres
from backend.local_supabase.child import Child, Program
from backend.local_supabase.secrets_file import load_or_create

from .conftest import LENIENT, Connect, Inbox, free_port, new_phone

HERE = Path(__file__).parent


def eventually(is_true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def make_stack(root: Path, inbox: Inbox) -> Stack:
    return Stack(
        root,
        api_port=free_port(),
        pg_port=free_port(),
        site_url="http://localhost:3000",
        sms_hook_url=inbox.url,
        limits=LENIENT,
    )


@pytest.fixture
def own_stack(tmp_path: Path, inbox: Inbox) -> Iterator[Stack]:
    """A stack that may be mistreated."""
    stack = make_stack(tmp_path / "own", inbox)
    stack.start()
    yield stack
    stack.stop()
    erase(stack.root)


async def _keep_asking(client: AsyncClient) -> None:
    """Keep connections to the database busy, answers or not."""

    async def ask() -> None:
        while True:
            with suppress(Exception):
                await client.auth.get_user()
            await asyncio.sleep(0)

    await asyncio.gather(*[ask() for _ in range(8)])


class TestSurviving:
    async def test_either_process_may_be_killed(
        self, own_stack: Stack, connect: Connect, inbox: Inbox
    ) -> None:
        """kill -9 of PostgreSQL and of the API: back in seconds, sessions still valid."""
        client, phone = await connect(own_stack.access.publishable_key, own_stack.access.url), ""
        phone = new_phone()
        await client.auth.sign_in_with_otp({"phone": phone})
        code = inbox.code(phone)
        await client.auth.verify_otp({"phone": phone, "token": code, "type": "sms"})
        busy = asyncio.create_task(_keep_asking(client))
        for child in own_stack.children:
            await asyncio.sleep(0.3)
            killed = child.pid
            assert killed
            os.kill(killed, signal.SIGKILL)
            await asyncio.sleep(0.3)
            eventually(lambda: child.pid not in {None, killed} and own_stack.is_alive())  # noqa: B023
            answer = await client.auth.get_user()
            assert answer and answer.user.phone == phone[1:]
        busy.cancel()
        await client.auth.refresh_session()
        assert [child.restarts for child in own_stack.children] == [1, 1]

    async def test_a_stop_keeps_data_and_sessions(
        self, own_stack: Stack, connect: Connect, inbox: Inbox
    ) -> None:
        """The same folder starts again with the same keys; what was used up stays so."""
        before = own_stack.access
        client, phone = await connect(before.publishable_key, before.url), new_phone()
        await client.auth.sign_in_with_otp({"phone": phone})
        code = inbox.code(phone)
        await client.auth.verify_otp({"phone": phone, "token": code, "type": "sms"})
        own_stack.stop()
        assert not own_stack.is_alive()
        started_at = time.monotonic()
        own_stack.start()
        assert time.monotonic() - started_at < 5
        assert own_stack.access == before
        answer = await client.auth.get_user()
        assert answer and answer.user.phone == phone[1:]
        with pytest.raises(AuthApiError):
            await client.auth.verify_otp({"phone": phone, "token": code, "type": "sms"})

    def test_a_killed_parent_leaves_no_orphans(self, tmp_path: Path) -> None:
        """When the parent is killed, the kernel ends both children; the next start succeeds."""
        ports = [str(free_port()), str(free_port())]
        script = (
            "import sys, time, pathlib\n"
            "from backend.local_supabase import Stack\n"
            "root, api, pg = sys.argv[1:]\n"
            "s = Stack(pathlib.Path(root), api_port=int(api), pg_port=int(pg),"
            " site_url='http://x', sms_hook_url='http://127.0.0.1:9')\n"
            "s.start()\n"
            "print(*[c.pid for c in s.children], flush=True)\n"
            "time.sleep(60)\n"
        )
        command = [sys.executable, "-c", script, str(tmp_path / "own"), *ports]
        with subprocess.Popen(command, cwd=HERE.parents[1], stdout=subprocess.PIPE) as parent:
            assert parent.stdout
            pids = [int(pid) for pid in parent.stdout.readline().split()]
            parent.kill()
        assert len(pids) == 2
        eventually(lambda: not any(_runs(pid) for pid in pids))
        stack = Stack(
            tmp_path / "own",
            api_port=int(ports[0]),
            pg_port=int(ports[1]),
            site_url="http://x",
            sms_hook_url="http://127.0.0.1:9",
        )
        with stack:
            assert stack.is_alive()
        erase(stack.root)

    def test_a_lock_of_a_dead_process_is_no_obstacle(self, tmp_path: Path) -> None:
        """postmaster.pid may name a number that belongs to somebody else by now."""
        lock = tmp_path / "postmaster.pid"
        lock.write_text(f"{os.getpid()}\n{tmp_path}\n")
        postgres.clear_stale_lock(tmp_path)
        assert not lock.exists()

    def test_the_lock_of_nobody_is_left_to_postgresql(self, tmp_path: Path) -> None:
        """PostgreSQL looks by it for workers that outlived a killed one."""
        lock = tmp_path / "postmaster.pid"
        with subprocess.Popen(["true"]) as gone:
            pass
        lock.write_text(f"{gone.pid}\n{tmp_path}\n")
        postgres.clear_stale_lock(tmp_path)
        assert lock.exists()


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def new_stack(tmp_path: Path, inbox: Inbox) -> Iterator[Stack]:
    """A stack that has never been started."""
    stack = make_stack(tmp_path / "own", inbox)
    yield stack
    stack.stop()
    erase(stack.root)


class TestRefusals:
    def test_a_busy_port_is_named(self, new_stack: Stack) -> None:
        """One sentence with the number."""
        stack = new_stack
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", stack._settings.port))
            taken.listen()
            with pytest.raises(StackError, match=f"Port {stack._settings.port} is used"):
                stack.start()
        assert not stack.is_alive()

    def test_a_folder_runs_once(self, stack: Stack, inbox: Inbox) -> None:
        """A second start of the same folder is refused, the first goes on."""
        with pytest.raises(StackError, match="already running"):
            make_stack(stack.root, inbox).start()
        assert stack.is_alive()

    def test_a_full_disk_is_named(self, new_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        """Before anything is written."""
        monkeypatch.setattr(postgres.shutil, "disk_usage", lambda _: _Full())
        with pytest.raises(StackError, match="is full: 1 MiB are free"):
            new_stack.start()

    def test_missing_binaries_are_named(
        self, tmp_path: Path, new_stack: Stack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A broken installation says what to install."""
        monkeypatch.setattr(postgres, "_WHEEL", tmp_path / "nowhere")
        with pytest.raises(StackError, match=r"PostgreSQL is missing; install requirements\.lock"):
            new_stack.start()

    def test_damaged_secrets_are_named(self, tmp_path: Path) -> None:
        """Never replaced silently: they open the data."""
        (tmp_path / "secrets.json").write_text("{")
        with pytest.raises(StackError, match="is damaged"):
            load_or_create(tmp_path / "secrets.json")


class _Full:
    free = 2**20


class TestPlaces:
    def test_secrets_are_private_and_kept(self, stack: Stack) -> None:
        """Mode 600, the same at every start, not shown by repr."""
        path = stack.root / "secrets.json"
        assert path.stat().st_mode & 0o777 == 0o600
        kept = json.loads(path.read_text())
        assert len(kept["session_key"]) == 44
        assert kept["sms_hook_secret"].startswith("v1,whsec_")
        assert kept["secret_key"] not in repr(stack.access)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to a system user")
    def test_as_root_a_closed_folder_is_left_closed(self, tmp_path: Path) -> None:
        """PostgreSQL goes where its user can reach it, instead of opening folders of others."""
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        place = postgres.find_place(closed / "stack")
        assert place.user and not place.data.is_relative_to(tmp_path)
        assert closed.stat().st_mode & 0o777 == 0o700
        erase(closed / "stack")

    def test_the_api_is_no_superuser(self, stack: Stack) -> None:
        """The login role of the API has no power over the machine."""
        with psycopg.connect(stack.access.superuser_dsn) as connection:
            row = connection.execute(
                "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication "
                "from pg_roles where rolname = 'local_supabase_api'"
            ).fetchone()
        assert row == (False, False, False, False, False)

    def test_a_login_needs_its_password(self, stack: Stack) -> None:
        """scram on loopback, for every role."""
        dsn = f"host=127.0.0.1 port={stack._pg_port} dbname=postgres password=wrong"
        for user in ("postgres", "local_supabase_api"):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(f"{dsn} user={user}")

    def test_packages_are_installed_once(self) -> None:
        """npm runs only when the lock file changed."""
        assert install() is False


class TestChild:
    def program(self, tmp_path: Path, script: str, **more: object) -> Program:
        mark = tmp_path / "ready"
        return Program(
            name="The test program",
            argv=[sys.executable, "-c", script, mark],
            env={"PATH": os.defpath},
            log=tmp_path / "log",
            is_ready=mark.exists,
            **more,  # type: ignore[arg-type]
        )

    def test_it_comes_back_with_growing_pauses(self, tmp_path: Path) -> None:
        """A program that ends is started again."""
        script = "import sys, time; open(sys.argv[1], 'w'); time.sleep(0.05)"
        child = Child(self.program(tmp_path, script))
        child.start()
        eventually(lambda: child.restarts >= 2)
        child.stop()
        assert child.pid is None

    def test_one_that_cannot_start_says_why(self, tmp_path: Path) -> None:
        """The last words of its log are in the error."""
        child = Child(self.program(tmp_path, "print('no paper left'); raise SystemExit(3)"))
        with pytest.raises(StackError, match="code 3; it said: no paper left"):
            child.start()

    def test_one_that_does_not_exist_says_so(self, tmp_path: Path) -> None:
        """A missing binary is one sentence."""
        program = Program(
            name="The ghost", argv=[tmp_path / "ghost"], env={}, log=tmp_path / "log",
            is_ready=lambda: True,
        )  # fmt: skip
        with pytest.raises(StackError, match="The ghost cannot be started"):
            Child(program).start()

    def test_a_deaf_one_is_ended(self, tmp_path: Path) -> None:
        """Who ignores SIGTERM is killed."""
        script = (
            "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            "open(sys.argv[1], 'w'); time.sleep(60)"
        )
        child = Child(self.program(tmp_path, script))
        child.start()
        pid = child.pid
        child.stop(timeout=0.3)
        assert pid and not _runs(pid)

    def test_readiness_has_a_limit(self, tmp_path: Path) -> None:
        """A program that never answers is given up and ended."""
        child = Child(self.program(tmp_path, "import time; time.sleep(60)", ready_seconds=0.3))
        with pytest.raises(StackError, match="not ready in time"):
            child.start()
        assert child.pid is None
