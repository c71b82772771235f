"""Who stands in, who oversees, and who may not: absences and supervision."""

from datetime import datetime, timedelta

import county
from at_desk import Handle, OpenTab, Sit
from county import MakeCase, SignIn

from app.pages.absences import Absences
from app.pages.supervision import Supervision
from app.text import dates
from backend import case_acts, desks
from backend.config import Settings


async def test_a_supervisor_allows_and_hands_over_from_the_case(
    at_desk: Sit, settings: Settings, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    await case_acts.send_notice(
        clerk.db, case, [{"material": "id-card", "points": [0], "text": "请重新拍照"}]
    )
    supervisor = at_desk(await demo(county.SUPERVISOR))
    desk = await supervisor.open(case)
    assert set(desk.case.acts) == {"hand_over", "allow_second_notice"}
    await supervisor.press("allow_second_notice", reason="情况特殊，准许")
    assert desk.case.id == case and "已同意" in desk.said
    await supervisor.press("hand_over")
    assert "hand_over-person" in desk.errors
    await supervisor.press("hand_over", person=desk.case.colleagues[0].value)
    assert desk.case.id == case and "已转交" in desk.said


async def test_a_substitute_works_while_somebody_is_away(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    clerk, hall = await demo(county.CLERK_OF_YUMEN_TOWN), await demo(county.CLERK_OF_THE_HALL)
    await case_acts.claim(clerk.db, case)
    tab = at_desk(clerk)
    page = tab.tab.at(Absences, "/absences/")
    await tab.handle(page, "load")
    assert hall.id in [colleague.value for colleague in page.colleagues]
    await tab.handle(page, "arrange", {})
    assert set(page.errors) == {"substitute", "from_at", "to_at", "reason"}
    now = datetime.now(dates.ZONE)
    values = {
        "substitute": hall.id,
        "from_at": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "to_at": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "reason": "leave",
    }
    await tab.handle(page, "arrange", values)
    assert set(page.errors) == {"to_at"}
    values["to_at"] = f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}"
    await tab.handle(page, "arrange", values)
    assert page.errors == {} and page.away[0].has_begun
    try:
        other = at_desk(hall)
        standing_in = other.tab.at(Absences, "/absences/")
        await other.handle(standing_in, "load")
        assert "李雪" in standing_in.standing_in[0].who
        desk = await other.open(case)
        assert "替" in desk.case.claim and "forward" in desk.case.acts
        await other.press("forward")
        assert desk.settled == f"{case}/forward"
    finally:
        await tab.handle(page, "end", page.away[0].id)
    assert page.away == []
    assert (await desks.absences(clerk.db))["absences"] == []


async def test_nobody_handles_a_case_of_their_own(
    at_desk: Sit, demo: SignIn, cases: MakeCase
) -> None:
    clerk = await demo(county.CLERK_OF_CHIJIN)
    case = await cases(clerk)
    desk = await at_desk(clerk).open(case)
    assert desk.case.is_own and desk.case.acts == []


async def test_overseers_have_no_absence_and_citizens_no_desk(
    at_desk: Sit, open_tab: OpenTab, handle: Handle, sign_in: SignIn, demo: SignIn
) -> None:
    page = open_tab(await demo(county.SUPERVISOR)).at(Absences, "/absences/")
    await handle(page, "load")
    assert page.is_ready and not page.serves
    citizen = await sign_in()
    for kind, address in ((Absences, "/absences/"), (Supervision, "/supervision/")):
        page = open_tab(citizen).at(kind, address)
        await handle(page, "load")
        assert page.kind == "none" and page.is_ready


async def test_supervision_shows_lights_and_goes_on(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    await cases(await sign_in())
    tab = at_desk(await demo(county.SUPERVISOR), language="en")
    page = tab.tab.at(Supervision, "/supervision/")
    assert await tab.handle(page, "load") is Supervision.watch
    assert page.steps and {step.tone for step in page.steps} <= {"late", "you", "done"}
    before = [step.key for step in page.steps]
    await tab.handle(page, "more")
    assert [step.key for step in page.steps][: len(before)] == before
