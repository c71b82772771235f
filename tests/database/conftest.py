"""Who takes part in most cases: the citizen, the clerk of the township, the approver."""

import county
import psycopg
import pytest
from case_clock import SetClock, settable
from county import Actor, MakeActor


@pytest.fixture
def citizen(actor: MakeActor) -> Actor:
    return actor(county.WANG)


@pytest.fixture
def clerk(actor: MakeActor) -> Actor:
    return actor(county.CLERK_OF_YUMEN_TOWN)


@pytest.fixture
def approver(actor: MakeActor) -> Actor:
    return actor(county.APPROVER_OF_CIVIL_AFFAIRS)


@pytest.fixture
def clock(undone: psycopg.Connection) -> SetClock:
    """Sets the product's own clock, in a transaction that never happened."""
    return settable(undone)
