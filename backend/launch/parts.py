"""The processes that are ours: the web server, the scheduler and the embedded registries."""

import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.launch.certificate import Certificate
from backend.launch.plan import Plan
from backend.launch.web_build import child_environ, tool_environ
from backend.local_supabase.child import Program

# Reflex serves what was built, and does not compile again. The names with two underscores are
# its own business; the version of Reflex is locked.
_SERVE_WHAT_IS_BUILT = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What both need to know."""

    plan: Plan
    environ: Mapping[str, str]
    certificate: Certificate | None

    @property
    def own_url(self) -> str:
        """Where this machine itself reaches the web server."""
        host = self.plan.certificate_host
        name = "http://127.0.0.1" if host is None else f"https://{host}"
        return f"{name}:{self.plan.port}"


def web_program(context: Context, is_ready: Callable[[], bool]) -> Program:
    """Pages, endpoints and the websocket on one port."""
    plan = context.plan
    command: list[str | Path] = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory",
        "--workers", "1", "--workers-kill-timeout", "3",
        "--respawn-failed-workers", "--respawn-interval", "1",
        "--host", plan.listen_on, "--port", str(plan.port), "--log-level", "warning",
    ]  # fmt: skip
    if context.certificate is not None:
        command += ["--ssl-certificate", context.certificate.chain]
        command += ["--ssl-keyfile", context.certificate.key]
    command.append("app.web.worker:serve")
    return Program(
        name="The web server",
        argv=command,
        env=tool_environ(plan.root, context.environ) | _SERVE_WHAT_IS_BUILT,
        log=plan.logs / "web.log",
        is_ready=is_ready,
        cwd=plan.root,
        # It passes the end on to its worker, which a kill would leave behind.
        death_signal=signal.SIGTERM,
    )


def scheduler_program(context: Context) -> Program:
    """The clock: what happens without anybody asking."""
    return Program(
        name="The scheduler",
        argv=[sys.executable, "-m", "backend.scheduler"],
        env=child_environ(context.environ),
        log=context.plan.logs / "scheduler.log",
        is_ready=lambda: True,
        cwd=context.plan.root,
    )


def registry_program(context: Context, port: int, key_file: Path) -> Program:
    """The embedded registries, on loopback alone."""
    plan = context.plan
    return Program(
        name="The embedded registries",
        argv=[sys.executable, "-m", "backend.local_registry", str(port), key_file,
              plan.root / "migrations" / "seed" / "registries"],
        env=child_environ(context.environ),
        log=plan.logs / "registries.log",
        is_ready=lambda: _listens(port),
        cwd=plan.root,
    )  # fmt: skip


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
