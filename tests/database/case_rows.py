"""What tests look up of a case, past every policy."""

from typing import Any

from county import Actor, one

from backend.seed import services


def row(actor: Actor, application_id: str) -> dict[str, Any]:
    """A case as it lies in the table."""
    return one(
        actor.connection,
        "select to_jsonb(a) from public.applications as a where id = %s",
        application_id,
    )


def kinds_of_events(actor: Actor, application_id: str) -> list[str]:
    rows = actor.connection.execute(
        "select kind from public.application_events where application_id = %s", (application_id,)
    )
    return sorted(r[0] for r in rows)


def first_reason(actor: Actor, application_id: str) -> dict[str, Any]:
    return one(
        actor.connection,
        "select g.refusal_reasons -> 0 from public.applications as a"
        " join public.guides as g on g.id = a.guide_id where a.id = %s",
        application_id,
    )


def published(code: str) -> dict[str, Any]:
    """A service as its seed file says it."""
    return next(service for service in services() if service["code"] == code)
