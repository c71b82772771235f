"""Drafts of guides on their way to be published."""

from typing import Any

import county
import psycopg
from county import Actor, one

CODE = county.ALLOWANCE
TICKS = {
    item: {"system": True, "portal": True, "printed": True}
    for item in (
        "content",
        "legal_basis",
        "conditions",
        "materials",
        "procedure",
        "promised",
        "fee",
        "result",
    )  # fmt: skip
}


def body(db: Actor, draft: str) -> dict[str, Any]:
    return db.call("guide_draft_page", draft_id=draft)["body"]


def version(connection: psycopg.Connection, code: str = CODE) -> int:
    return one(
        connection,
        "select version from public.guides as g join public.services as s on s.id = g.service_id"
        " where s.code = %s and g.status = 'published'",
        code,
    )


def attest(connection: psycopg.Connection, draft: str) -> int:
    """What the server does when it found nothing wrong."""
    page = one(
        connection,
        "select jsonb_build_object('version', version, 'body', body) from public.guide_drafts"
        " where id = %s",
        draft,
    )
    server = Actor(connection, None, "service_role")
    server.call("attest_guide_draft", draft_id=draft, version=page["version"], guide=page["body"])
    return page["version"]


def proposed(
    connection: psycopg.Connection, writer: Actor, *, text: str = "改过的内容", days: int = 0
) -> tuple[str, int]:
    """A draft with one change, proposed for a day; its id and version."""
    draft = str(writer.call("open_guide_draft", service_code=CODE))
    page = writer.call("guide_draft_page", draft_id=draft)
    writer.call(
        "save_guide_draft",
        draft_id=draft,
        changes={"content.zh": text},
        base_version=page["version"],
    )
    at = attest(connection, draft)
    day = one(connection, "select private.today() + %s", days)
    writer.call("propose_guide_draft", draft_id=draft, version=at, effective_on=day)
    return draft, at
