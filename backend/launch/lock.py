"""`make lock`: requirements.lock with hashes, naming no download host."""

import subprocess
import sys
from importlib.util import find_spec

from backend.launch.run import ROOT

_LOCKS = {
    "requirements.in": "requirements.lock",
    "requirements-dev.in": "requirements-dev.lock",
}


def main() -> int:
    """Resolve both lists anew; the dev list is held to what the product runs on."""
    if find_spec("uv") is None:
        fetch = [sys.executable, "-m", "pip", "install", "--quiet", "uv"]
        subprocess.run(fetch, cwd=ROOT, check=True)
    for source, lock in _LOCKS.items():
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"),
            *("--generate-hashes", "--no-emit-index-url", "--no-header"),
            *("--python-version", "3.11", source, "--output-file", lock),
        ]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code != 0:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
