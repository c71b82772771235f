"""The embedded registries as the launcher starts them, and servers that misbehave."""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from backend.config import Settings
from backend.launch.parts import Context, registry_program
from backend.launch.plan import make_plan
from backend.local_registry import KEY_ID
from backend.local_supabase.child import Child
from backend.registry_protocol import Key

ROOT = Path(__file__).resolve().parents[2]
SECRET = b"a secret that only this test knows"
Serving = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Misbehaving = Callable[[Serving], AbstractAsyncContextManager[Settings]]


@pytest.fixture(scope="session")
def key() -> Key:
    return Key(KEY_ID, SECRET)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running set of embedded registries."""
    folder = tmp_path_factory.mktemp("registries")
    (folder / "logs").mkdir()
    key_file = folder / "registry.key"
    key_file.write_bytes(SECRET)
    plan = make_plan(ROOT, {"ONETRIP_LOCAL": str(folder), "PATH": sys.path[0]})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = Child(registry_program(Context(plan, {}, None), port, key_file))
    child.start()
    yield f"http://127.0.0.1:{port}"
    child.stop()
    assert child.pid is None


@pytest.fixture(scope="session")
def connected(registry: str) -> Settings:
    """An installation that asks them."""
    return settings_for(registry)


def settings_for(address: str | None) -> Settings:
    nothing = Settings("", "", "", "", "", "", "", None, None)
    return replace(
        nothing, registry_url=address, registry_key_id=KEY_ID, registry_key=SECRET.decode()
    )


@pytest.fixture
def misbehaving() -> Misbehaving:
    """Settings whose registries are a server that does as the test says."""

    @asynccontextmanager
    async def misbehaving(serving: Serving) -> AsyncGenerator[Settings]:
        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            try:
                await serving(reader, writer)
            except ConnectionError:
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(served, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        yield settings_for(f"http://127.0.0.1:{port}")
        server.close()

    return misbehaving
