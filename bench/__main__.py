"""`python -m bench [--soak] [STEM]`: one JSON line a figure on stdout, progress on stderr.

A missed target is a number like any other: only a measurement that could not be made fails.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from bench.effort import LONG, USUAL, Effort
from bench.progress import say

# One module each, with `measure(effort)`; imported when its turn comes.
STEMS = ("foundation", "applications", "scheduler")
# Whatever `.env` says, figures are taken of this machine alone.
_ONLY_HERE = {"SUPABASE_URL": "", "SITE_URL": "", "LISTEN_ON": "127.0.0.1", "HOST": ""}


def main(arguments: Sequence[str]) -> int:
    """Measure all stems or one; 1 when a measurement could not be made."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("stem", nargs="?", choices=STEMS, default=os.environ.get("ONLY") or None)
    parser.add_argument("--soak", action="store_true", help="the long versions")
    chosen = parser.parse_args(arguments)
    if chosen.stem not in (None, *STEMS):
        parser.error(f"ONLY={chosen.stem} is none of {', '.join(STEMS)}")
    os.environ.update(_ONLY_HERE)
    os.environ.pop("E2E_PORT", None)
    # Told to end, what was started ends first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    return measured([chosen.stem] if chosen.stem else list(STEMS), _effort(is_long=chosen.soak))


def _effort(*, is_long: bool) -> Effort:
    """The counts of this run; BENCH_COLD=1 adds the start that takes minutes."""
    effort = LONG if is_long else USUAL
    return replace(effort, with_fresh_clone=True) if os.environ.get("BENCH_COLD") == "1" else effort


def measured(stems: Sequence[str], effort: Effort) -> int:
    """Print every figure as soon as it is there; one stem's failure keeps no other from its own."""
    failed: list[str] = []
    for stem in stems:
        started = time.monotonic()
        try:
            for figure in import_module(f"bench.{stem}").measure(effort):
                print(figure.line(), flush=True)
        except Exception:
            traceback.print_exc()
            failed.append(stem)
        say(f"{stem}: {time.monotonic() - started:.0f} s")
    if failed:
        say(f"could not be measured: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
