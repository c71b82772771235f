"""An overseer arranges an absence for somebody who could not, and ends it."""

from datetime import datetime, timedelta

import county
import pytest
from at_desk import Handle, OpenTab
from county import SignIn

from app.pages.absences import Absences
from app.text import dates
from backend import desks


@pytest.mark.parametrize("phone", [county.ADMINISTRATOR, county.SUPERVISOR])
async def test_an_overseer_arranges_for_a_clerk(
    open_tab: OpenTab, handle: Handle, demo: SignIn, phone: str
) -> None:
    clerk = await demo(county.CLERK_OF_CHIJIN)
    hall = await demo(county.CLERK_OF_THE_HALL)
    tab = open_tab(await demo(phone))
    page = tab.at(Absences, "/absences/")
    await handle(page, "load")
    assert page.oversees and not page.serves
    assert clerk.id in [person.value for person in page.staff]
    page = tab.at(Absences, f"/absences/?person={clerk.id}")
    await handle(page, "load")
    assert page.serves and page.is_other and "刘玉梅" in page.whose
    now = datetime.now(dates.ZONE)
    values = {
        "substitute": hall.id,
        "from_at": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "to_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}",
        "reason": "sick",
    }
    await handle(page, "arrange", values)
    assert page.errors == {} and "安排" in page.away[0].note
    try:
        assert "刘玉梅" in page.arranged[0].who and "周文博" in page.arranged[0].who
        assert (await desks.absences(clerk.db))["absences"][0]["set_by"] is not None
    finally:
        await handle(page, "end", page.away[0].id)
    assert page.away == [] and (await desks.absences(clerk.db))["absences"] == []


async def test_a_clerk_is_told_who_arranges(
    open_tab: OpenTab, handle: Handle, leads_to: Handle, demo: SignIn
) -> None:
    colleague = await demo(county.CLERK_OF_CHIJIN)
    page = open_tab(await demo(county.CLERK_OF_YUMEN_TOWN)).at(
        Absences, f"/absences/?person={colleague.id}"
    )
    await handle(page, "load")
    assert "管理员" in page.trouble and not page.is_allowed and page.kind == "handles"
    assert leads_to(await handle(page, "choose", colleague.id)).endswith(colleague.id)
    assert leads_to(await handle(page, "choose", "")) == "/absences/"
