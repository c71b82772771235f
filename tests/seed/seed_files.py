"""Reads the seed folder as the checks of its content need it."""

import json
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parents[2] / "migrations" / "seed"


def read(name: str) -> Any:
    """One seed file as Python data; refuses a key written twice, which JSON would swallow."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), f"{name}: a key is written twice in {keys}"
        return dict(pairs)

    return json.loads((SEED / name).read_text(encoding="utf-8"), object_pairs_hook=unique)


SERVICE_FILES = sorted(path.stem for path in (SEED / "services").glob("*.json"))
