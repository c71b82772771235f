"""What is going on, on stderr: stdout belongs to the figures."""

import sys


def say(what: str) -> None:
    """One line for whoever waits."""
    print(f"· {what}", file=sys.stderr, flush=True)
