"""Serves the embedded registries on loopback.

Usage: python -m backend.local_registry PORT KEY_FILE FOLDER
"""

import asyncio
import signal
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from backend.local_registry import KEY_ID
from backend.local_registry.server import Records, application
from backend.registry_protocol import Key


async def serve(port: int, key: Key, folder: Path) -> None:
    """Answer until the process is told to stop."""
    app = application(Records.read(folder), key)
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGINL)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()


def main() -> None:
    """Start with what the launcher passes."""
    port, key_file, folder = sys.argv[1:4]
    key = Key(KEY_ID, Path(key_file).read_bytes().strip())
    asyncio.run(serve(int(port), key, Path(folder)))


if __name__ == "__main__":
    main()
