"""Starts every part in order with visible steps, watches them, and stops them all at the end."""

import hashlib
import os
import signal
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from backend.config import REQUIRED
from backend.launch.certificate import Certificate, certificate_for
from backend.launch.greeting import greeting
from backend.launch.instance import claim_port, only_instance, reserved_port
from backend.launch.parts import Context, registry_program, scheduler_program, web_program
from backend.launch.plan import Plan, make_plan, own_secret
from backend.launch.processes import run_once
from backend.launch.trouble import Trouble
from backend.launch.web_build import build_pages, child_environ
from backend.local_registry import KEY_ID
from backend.local_supabase import migrate
from backend.local_supabase.child import Child, Program
from backend.local_supabase.failure import StackError
from backend.local_supabase.stack import Limits, Stack

ROOT = Path(__file__).resolve().parents[2]
SMS_HOOK_PATH = "/api/hooks/send-sms"
# Below the range from which systems take ports for outgoing connections.
_API_PORT = 24331
_POSTGRES_PORT = 24431
_REGISTRY_PORT = 24531
_HEALTHY_SECONDS = 30


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C, a signal, a closed terminal."""


class Steps:
    """Numbered lines that say what is going on and how long it took."""

    def __init__(self, total: int):
        self._total = total
        self._number = 0

    @contextmanager
    def step(self, zh: str, en: str) -> Generator[None]:
        """Announce a step, and its seconds when it is done."""
        self._number += 1
        print(f"[{self._number}/{self._total}] {zh} {en} … ", end="", flush=True)
        started = time.monotonic()
        try:
            yield
        except BaseException:
            print("×", flush=True)
            raise
        print(f"{time.monotonic() - started:.1f} s", flush=True)


def main() -> int:
    """Run until told to stop; 0 after that, 1 with one sentence when something prevents it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        plan = make_plan(ROOT, os.environ)
        with only_instance(plan.local), ExitStack() as parts:
            # First in, last out: from here on nothing interrupts the stopping.
            parts.callback(lambda: print("", flush=True))
            try:
                _start(plan, parts)
                threading.Event().wait()
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
    except Stopped:
        return 0
    except (Trouble, StackError) as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except OSError as error:
        print(f"\n{_disk_trouble(error)}", file=sys.stderr)
    return 1


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _start(plan: Plan, parts: ExitStack) -> None:
    claim_port(plan.port, plan.listen_on)
    plan.logs.mkdir(parents=True, exist_ok=True)
    certificate = None
    if plan.certificate_host is not None:
        certificate = certificate_for(plan.certificate_host, plan.local / "certificates")
    steps = Steps(total=7 if plan.is_embedded else 3)
    if plan.is_embedded:
        environ = _start_supabase(plan, certificate, steps, parts)
    else:
        environ = _hosted_environ(plan)
    environ |= {"SITE_URL": plan.address, "PORT": str(plan.port)}
    context = Context(plan, environ, certificate)
    if plan.is_embedded:
        with steps.step("模拟政务库", "Demo registries"):
            _start_registries(context, environ, parts)

    with steps.step("页面", "Pages"):
        build_pages(plan.root, plan.environ, plan.logs / "build.log")
    with steps.step("网站", "Web server"):
        _keep(web_program(context, lambda: _answers(context, "/ping")), parts)
    with steps.step("定时任务", "Scheduler"):
        _keep(scheduler_program(context), parts)
        _await_health(context)
    people = plan.root / "migrations" / "seed" / "people.json" if plan.is_embedded else None
    print(greeting(plan.address, people_file=people), flush=True)


def _hosted_environ(plan: Plan) -> dict[str, str]:
    """What `.env` and the environment say, complete, or Trouble naming what is missing."""
    environ = dict(plan.environ) | {"SITE_URL": plan.address}
    environ.setdefault("SUPABASE_PUBLIC_URL", environ["SUPABASE_URL"])
    if not environ.get("SESSION_KEY"):
        environ["SESSION_KEY"] = own_secret(plan.local / "session.key")
    missing = ", ".join(name for name in REQUIRED if not environ.get(name))
    if missing:
        raise Trouble(
            f"使用自己的 Supabase 还需要设置：{missing}（见 .env.example）。",
            f"To use your own Supabase also set: {missing} (see .env.example).",
        )
    return environ


def _start_supabase(
    plan: Plan, certificate: Certificate | None, steps: Steps, parts: ExitStack
) -> dict[str, str]:
    """The embedded Supabase with its tables and data; returns what the other parts are told."""
    scheme = "http" if certificate is None else "https"
    host = plan.certificate_host or "127.0.0.1"
    if certificate is not None:
        # The stack calls our hook over HTTPS, and must trust the certificate we made.
        os.environ["NODE_EXTRA_CA_CERTS"] = str(certificate.authority)
    stack = Stack(
        plan.local,
        api_port=parts.enter_context(reserved_port(_API_PORT)),
        pg_port=parts.enter_context(reserved_port(_POSTGRES_PORT)),
        site_url=plan.address,
        sms_hook_url=f"{scheme}://{host}:{plan.port}{SMS_HOOK_PATH}",
        limits=Limits.from_environment(plan.environ),
    )
    with steps.step("数据库与接口", "Database and API"):
        parts.callback(stack.stop)
        stack.start()
    access = stack.access
    environ = dict(plan.environ) | {
        "SUPABASE_URL": access.url,
        "SUPABASE_PUBLIC_URL": plan.address,
        "SUPABASE_PUBLISHABLE_KEY": access.publishable_key,
        "SUPABASE_SECRET_KEY": access.secret_key,
        "SESSION_KEY": access.session_key,
        "SEND_SMS_HOOK_SECRET": access.sms_hook_secret,
        "DEV_INBOX_PATH": str(plan.local / "inbox.jsonl"),
        "SITE_URL": plan.address,
    }
    with steps.step("表结构", "Tables"):
        migrate.apply(access.superuser_dsn, plan.root / "migrations")
    with steps.step("初始数据", "Seed data"):
        _seed(plan, environ)
    return environ


def _start_registries(context: Context, environ: dict[str, str], parts: ExitStack) -> None:
    """The embedded registries, and what the web server must know to ask them."""
    port = parts.enter_context(reserved_port(_REGISTRY_PORT))
    key_file = context.plan.local / "registry.key"
    environ |= {
        "REGISTRY_URL": f"http://127.0.0.1:{port}",
        "REGISTRY_KEY_ID": KEY_ID,
        "REGISTRY_KEY": own_secret(key_file),
    }
    _keep(registry_program(context, port, key_file), parts)


def _seed(plan: Plan, environ: dict[str, str]) -> None:
    """Write the seed data when they, the tables or the database are new."""
    fingerprint = _seed_fingerprint(plan.root, environ["SUPABASE_PUBLISHABLE_KEY"])
    stamp = plan.local / "seeded"
    if stamp.exists() and stamp.read_text("utf-8") == fingerprint:
        return
    run_once(
        [sys.executable, "-m", "backend.seed"],
        environ=child_environ(environ),
        cwd=plan.root,
        log=plan.logs / "seed.log",
        trouble=Trouble("写入初始数据失败：", "The seed data could not be written:"),
    )
    stamp.write_text(fingerprint, "utf-8")


def _seed_fingerprint(root: Path, database_key: str) -> str:
    digest = hashlib.sha256(database_key.encode())
    for file in sorted((root / "migrations").rglob("*.*")):
        digest.update(file.read_bytes())
    digest.update((root / "backend" / "seed.py").read_bytes())
    return digest.hexdigest()


def _keep(program: Program, parts: ExitStack) -> None:
    child = Child(program)
    parts.callback(child.stop)
    child.start()


def _answers(context: Context, path: str) -> bool:
    """Whether our web server says 200 there."""
    trust = None
    if context.certificate is not None:
        trust = ssl.create_default_context(cafile=str(context.certificate.authority))
    url = f"{context.own_url}{path}"
    try:
        with urllib.request.urlopen(url, timeout=5, context=trust) as answer:  # noqa: S310
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _await_health(context: Context) -> None:
    deadline = time.monotonic() + _HEALTHY_SECONDS
    while not _answers(context, "/api/health"):
        if time.monotonic() > deadline:
            raise Trouble(
                f"没有全部就绪，请看日志 {context.plan.logs}。",
                f"Not every part is ready; see the logs in {context.plan.logs}.",
            )
        time.sleep(0.1)


def _disk_trouble(error: OSError) -> Trouble:
    if error.errno == 28:
        return Trouble("磁盘已满。", "The disk is full.")
    return Trouble(f"无法启动：{error}", f"It cannot start: {error}")
