"""What the web server's worker process runs."""

import ctypes
import signal
import sys

from starlette.types import ASGIApp

_PR_SET_PDEATHSIG = 1


def serve() -> ASGIApp:
    """The application; the worker ends with the server that started it, also by kill -9 (Linux).

    Otherwise an orphan would go on answering with the code and the settings of yesterday.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    from app.app import app

    return app()
