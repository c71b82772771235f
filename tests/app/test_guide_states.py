"""The desk pages of guides: written by one, published by another, checked, flagged."""

import county
import psycopg
from county import SignIn, one

from app.pages.guide_edit_state import GuideEdit
from app.pages.guide_record_state import GuideRecord
from app.pages.guides import Guides


def a_service(superuser: psycopg.Connection) -> str:
    """A guide of the department of our approver that no other test writes."""
    return one(
        superuser,
        "select s.code from public.services as s join public.departments as d"
        " on d.id = s.department_id where d.code = 'civil-affairs' and s.code <> %s"
        " order by s.code limit 1",
        county.ALLOWANCE,
    )


async def test_one_writes_and_another_publishes(
    superuser: psycopg.Connection, demo: SignIn, open_tab, handle
) -> None:
    code = a_service(superuser)
    writer = open_tab(await demo(county.APPROVER_OF_CIVIL_AFFAIRS))
    record = writer.at(GuideRecord, f"/guide-record/?code={code}")
    await handle(record, "load")
    assert record.is_found and record.is_offered and not record.has_draft
    await handle(record, "edit")
    draft = one(
        superuser,
        "select d.id::text from public.guide_drafts as d join public.services as s"
        " on s.id = d.service_id where s.code = %s and d.status = 'editing'",
        code,
    )
    edit = writer.at(GuideEdit, f"/guide-edit/?id={draft}")
    await handle(edit, "load")
    assert edit.is_found and [part.code for part in edit.parts][0] == "content"
    await handle(edit, "save", {"content.zh": "新写的一段话。", "form_schema": "{\n  oops"}, 0)
    await handle(edit, "propose")
    assert edit.status == "editing"
    assert any("2:3" in error.message for error in edit.errors)
    schema = one(
        superuser,
        "select coalesce(g.form_schema::text, '') from public.guides as g join public.services"
        " as s on s.id = g.service_id where s.code = %s and g.status = 'published'",
        code,
    )
    await handle(edit, "save", {"form_schema": schema}, 0)
    await handle(edit, "propose")
    assert edit.errors == [] and edit.status == "proposed" and edit.is_mine
    await handle(edit, "publish")
    assert edit.trouble
    second = open_tab(await demo(county.ADMINISTRATOR)).at(GuideEdit, f"/guide-edit/?id={draft}")
    await handle(second, "load")
    assert not second.is_mine
    added = [word.text for row in second.changes for word in row.words if word.kind == "added"]
    assert "新" in "".join(added)
    await handle(second, "publish")
    assert second.status == "published" and second.said
    record = writer.at(GuideRecord, f"/guide-record/?code={code}")
    await handle(record, "load")
    assert len(record.versions) == 2
    await handle(record, "review", {"review-notes": ""})
    assert record.ticks_error
    ticks = {
        f"{item}-{place}": True
        for item in (
            "content", "legal_basis", "conditions", "materials", "procedure", "promised", "fee",
            "result",
        )
        for place in ("system", "portal", "printed")
    }  # fmt: skip
    await handle(record, "review", {**ticks, "review-notes": ""})
    assert record.said and len(record.reviews) == 1


async def test_the_list_has_views_and_flags_by_law(demo: SignIn, open_tab, handle) -> None:
    page = open_tab(await demo(county.ADMINISTRATOR)).at(Guides, "/guides/?view=law")
    await handle(page, "load")
    form = {"law": "", "article": "", "changed_on": "2026-11-20", "note": ""}
    await handle(page, "enter_law", form)
    assert page.law_errors["law"]
    await handle(page, "enter_law", form | {"law": "《中华人民共和国动物防疫法》"})
    assert page.said and page.rows
    stranger = open_tab(await demo(county.CLERK_OF_THE_HALL)).at(Guides, "/guides/")
    await handle(stranger, "load")
    assert stranger.rows == [] and not stranger.writes_guides
