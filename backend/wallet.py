"""The wallet: papers that were accepted once, offered by name the next time."""

from __future__ import annotations

from typing import Any

from supabase import AsyncClient

from backend.database import call


async def page(
    db: AsyncClient, *, before: tuple[str, str] | None = None, limit: int = 20
) -> dict[str, Any]:
    """Own papers, and what was used or asked where; shape as SQL wallet_page(). `before` is (at,
    id) of the last use shown."""
    return await call(
        db,
        "wallet_page",
        before_at=before[0] if before else None,
        before_id=before[1] if before else None,
        limit=limit,
    )


async def use(db: AsyncClient, application_id: str, material_code: str, item_id: str) -> None:
    """Send a paper along with an own draft, or as what an open notice or an approval asks for;
    pressing is the consent. Raises NotFound wallet_item_not_found, Conflict
    wallet_item_not_offered, wallet_item_found_wanting, already_submitted, Invalid
    material_unknown, material_not_in_notice."""
    await call(
        db,
        "use_wallet_item",
        application_id=application_id,
        material_code=material_code,
        item_id=item_id,
    )


async def offer(db: AsyncClient, item_id: str, *, is_offered: bool) -> None:
    """Withdraw the consent to be offered a paper, or give it again."""
    await call(db, "offer_wallet_item", item_id=item_id, is_offered=is_offered)


async def remove(db: AsyncClient, item_id: str) -> None:
    """Take a paper out; cases that have it keep it."""
    await call(db, "remove_wallet_item", item_id=item_id)


async def forget(db: AsyncClient) -> int:
    """Delete what expired long ago, as the service; returns how many papers."""
    return await call(db, "forget_wallet")
