"""The calendar's verbs as the people who may call them."""

import county
import pytest
from county import SignIn

from backend import calendar
from backend.config import Settings
from backend.database import service_db
from backend.errors import NotAllowed


async def test_publishing_again_moves_nothing(settings: Settings) -> None:
    assert await calendar.publish(service_db(settings)) == calendar.Change(0, 0, ())


async def test_days_of_the_county_are_set_by_administrators(demo: SignIn) -> None:
    # A day as it already is, so that the county of all tests stays as it is.
    day = next(d for d in calendar.days() if d["day"] == "2026-10-01")
    administrator = await demo(county.ADMINISTRATOR)
    assert await calendar.set_days(administrator.db, [day]) == calendar.Change(0, 0, ())
    assert await calendar.moved_cases(administrator.db, limit=1) == []
    citizen = await demo(county.WANG)
    with pytest.raises(NotAllowed):
        await calendar.set_days(citizen.db, [day])
    with pytest.raises(NotAllowed):
        await calendar.moved_cases(citizen.db)
