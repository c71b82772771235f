"""Ending a service on its guide's page: one proposes it, another decides."""

import county
import psycopg
import pytest
from at_desk import Handle, OpenTab
from county import SignIn, one

from app.pages.guide_record_state import GuideRecord
from app.pages.guides import Guides

REASON = {
    "zh": "并入残疾人两项补贴，到窗口办理",
    "en": "Part of another allowance; ask at the window",
}


@pytest.fixture
def code(superuser: psycopg.Connection) -> str:
    """A guide of the civil affairs that no other test opens."""
    return one(
        superuser,
        "select s.code from public.services as s join public.departments as d"
        " on d.id = s.department_id join public.guides as g on g.service_id = s.id"
        " where d.code = 'civil-affairs' and s.code <> %s and g.status = 'published'"
        " order by s.code desc limit 1",
        county.ALLOWANCE,
    )


async def test_one_proposes_and_another_decides(
    open_tab: OpenTab, handle: Handle, demo: SignIn, code: str
) -> None:
    url = f"/guide-record/?code={code}"
    first = open_tab(await demo(county.APPROVER_OF_CIVIL_AFFAIRS)).at(GuideRecord, url)
    await handle(first, "load")
    await handle(first, "propose_withdrawal")
    assert first.reason_error and first.ending == ""
    for language, text in REASON.items():
        await handle(first, "keep_reason", language, text)
    await handle(first, "propose_withdrawal")
    assert "等另一个人" in first.said and first.is_own_ending and REASON["zh"] in first.ending
    await handle(first, "withdraw")
    assert "撤回提议" in first.trouble and first.is_offered

    administrator = open_tab(await demo(county.ADMINISTRATOR))
    listed = administrator.at(Guides, "/guides/?view=drafts")
    await handle(listed, "load")
    assert [row.tag for row in listed.rows if row.code == code] == ["有人提出停办"]
    second = administrator.at(GuideRecord, url)
    await handle(second, "load")
    assert "张建国" in second.ending and not second.is_own_ending

    await handle(first, "keep")
    await handle(second, "withdraw")
    assert second.trouble and second.ending == "" and second.is_offered, "it was taken back"
    for language, text in REASON.items():
        await handle(first, "keep_reason", language, text)
    await handle(first, "propose_withdrawal")
    await handle(second, "propose_withdrawal")
    assert second.reason_error, "nothing was typed by the second"
    await handle(second, "load")
    await handle(second, "keep")
    assert second.said and second.ending == "" and second.is_offered
