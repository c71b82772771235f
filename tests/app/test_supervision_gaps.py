"""Supervision shows where nobody can decide, and lets an administrator name somebody."""

from datetime import timedelta

import county
from at_desk import Handle, OpenTab
from county import MakeCase, SignIn

from app.pages.absences import Absences
from app.pages.supervision import Supervision
from app.text import dates
from backend import applications

BUREAU = "civil-affairs"


async def test_an_absence_without_a_substitute_is_seen_and_mended(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    clerk, case = await demo(county.CLERK_OF_YUMEN_TOWN), await cases(await sign_in())
    shown = await applications.page(clerk.db, case)
    await applications.forward(clerk.db, shown["my_step_id"])
    approver = await demo(county.APPROVER_OF_CIVIL_AFFAIRS)
    absences = open_tab(approver).at(Absences, "/absences/")
    await handle(absences, "load")
    assert absences.colleagues == []
    span = {"from_at": f"{dates.today()}T00:00", "to_at": f"{dates.today() + timedelta(3)}T00:00"}
    await handle(absences, "arrange", {**span, "reason": "sick"})
    assert absences.errors == {} and absences.away[0].who == "没有人顶岗"
    page = open_tab(await demo(county.ADMINISTRATOR)).at(Supervision, "/supervision/")
    watched = open_tab(await demo(county.SUPERVISOR)).at(Supervision, "/supervision/")
    try:
        await handle(page, "load")
        gap = next(gap for gap in page.gaps if gap.department == BUREAU)
        assert gap.steps and "不在岗" in gap.why and "王" not in gap.steps[0].title
        await handle(page, "appoint", BUREAU, {})
        assert set(page.errors) == {f"{BUREAU}-person", f"{BUREAU}-until"}
        insurer = await demo(county.APPROVER_OF_INSURANCE)
        values = {"person": insurer.id, "until": f"{dates.today() + timedelta(9)}", "reason": ""}
        await handle(page, "appoint", BUREAU, values)
        assert set(page.errors) == {f"{BUREAU}-reason"}
        await handle(page, "appoint", BUREAU, values | {"reason": "张某休病假，副局长同意"})
        assert page.errors == {} and page.said and BUREAU not in {g.department for g in page.gaps}
        await handle(watched, "load")
        assert watched.approvers == [] and "何丽萍" in watched.stand_ins[0].title
    finally:
        for item in page.stand_ins:
            await handle(page, "end_stand_in", item.id)
        await handle(absences, "end", absences.away[0].id)
    assert page.stand_ins == [] and absences.away == []
