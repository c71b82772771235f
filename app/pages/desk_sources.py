"""What the desk reads of a material that came from the wallet or from a registry."""

from __future__ import annotations

from typing import Any

from app.material_sources import facts_of
from app.text import Language, dates, local, say


def disputed(language: Language, page: dict[str, Any]) -> dict[str, str]:
    """What the applicant says of answers that were filled in wrongly: {field: words}."""
    found: dict[str, str] = {}
    for name, said in page["disputes"].items():
        if said["source"] == "profile":
            words = say(language, "desk.origin.profile")
        else:
            registry = say(language, f"registry.{said['source']}")
            words = say(language, "desk.origin.registry", registry=registry)
        found[name] = f"{words}：“{said['note']}”" if said["note"] else words
    return found


def told(language: Language, material: dict[str, Any]) -> tuple[str, str]:
    """Where the evidence lies ("" for none), and in words what the wallet or a registry gave."""
    query, used = material["query"], material["wallet_use"]
    if query and query["status"] == "found":
        name = say(language, f"registry.{material['registry']}")
        if query["is_disputed"]:
            note = query["dispute_note"] or "—"
            return "", say(language, "desk.registry.disputed", registry=name, note=note)
        facts = " · ".join(
            f"{fact.label} {fact.value}" for fact in facts_of(language, material["registry"], query)
        )
        day = dates.day(language, query["as_of"]) or "—"
        text = say(language, "desk.registry.found", registry=name, day=day, facts=facts)
        differing = sum(not is_same for is_same in query["fields"].values())
        if differing:
            text += "  " + say(language, "desk.registry.differs", count=differing)
        return f"/api/registry-answers/{query['id']}", text
    if used:
        return "", say(
            language,
            "desk.wallet.used",
            name=local(language, used["name"]),
            day=dates.day(language, used["verified_at"]),
            office=local(language, used["verified_by"]),
        )
    return "", ""
