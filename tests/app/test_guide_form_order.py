"""The fields of a form keep their order on the way through the editor and back."""

import json

import county
import psycopg
from at_desk import Handle, OpenTab
from county import SignIn, one

from app.pages.guide_edit_state import GuideEdit
from backend import guides

CODE = "livestock-farm-permit"
FARMERS = "+8613800000032"


def shown(page: GuideEdit) -> dict:
    inputs = [i for part in page.parts for row in part.rows for i in row.inputs]
    return json.loads(next(i.value for i in inputs if i.id == "form_schema"))


async def test_a_groups_fields_stay_as_they_were_typed(
    superuser: psycopg.Connection, open_tab: OpenTab, handle: Handle, demo: SignIn
) -> None:
    administrator = await demo(county.ADMINISTRATOR)
    draft = await guides.open_draft(administrator.db, CODE)
    page = open_tab(administrator).at(GuideEdit, f"/guide-edit/?id={draft}")
    await handle(page, "load")
    typed = shown(page)
    sections = [name for section in typed["x-sections"] for name in section["fields"]]
    assert list(typed["properties"]) == sections
    items = typed["properties"]["animals"]["items"]
    assert list(items["properties"]) == items.pop("x-order")
    items["properties"] = dict(reversed(items["properties"].items()))
    await handle(page, "save", {"form_schema": json.dumps(typed, ensure_ascii=False)}, 0)
    assert shown(page) == typed
    await handle(page, "propose")
    assert page.errors == [] and page.status == "proposed"
    second = open_tab(await demo(FARMERS)).at(GuideEdit, f"/guide-edit/?id={draft}")
    await handle(second, "load")
    await handle(second, "publish")
    assert second.status == "published"
    kept = one(
        superuser,
        "select g.form_schema #> '{properties,animals,items,x-order}' from public.guides as g"
        " join public.services as s on s.id = g.service_id"
        " where s.code = %s and g.status = 'published'",
        CODE,
    )
    assert kept == list(items["properties"])
    again = await guides.open_draft(administrator.db, CODE)
    page = open_tab(administrator).at(GuideEdit, f"/guide-edit/?id={again}")
    await handle(page, "load")
    assert list(shown(page)["properties"]["animals"]["items"]["properties"]) == kept
    assert list(shown(page)["properties"]) == sections
    await guides.give_up(administrator.db, again)
