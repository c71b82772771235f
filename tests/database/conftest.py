"""Who takes part in most cases, and a case of theirs."""

from uuid import uuid4

import county
import psycopg
import pytest
from case_clock import SetClock, settable
from county import Actor, DraftOf, MakeActor, draft, one, steps
from desk_cases import MakeStaff


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


@pytest.fixture
def administrator(actor: MakeActor) -> Actor:
    return actor(county.ADMINISTRATOR)


@pytest.fixture
def staff(undone: psycopg.Connection) -> MakeStaff:
    """Somebody new with a role."""

    def make(role: str, division: str, department: str | None = None, name: str = "赵新") -> Actor:
        person = one(
            undone,
            "insert into auth.users (id, phone) values (gen_random_uuid(), %s) returning id",
            f"86139{uuid4().int % 10**8:08d}",
        )
        undone.execute(
            "update private.identities set name = %s where person_id = %s", (name, person)
        )
        undone.execute(
            "insert into public.staff_roles (person_id, role, department_id, division_code)"
            " values (%s, %s, (select id from public.departments where code = %s), %s)",
            (person, role, department, division),
        )
        return Actor(undone, str(person))

    return make


@pytest.fixture
def mine(citizen: Actor) -> DraftOf:
    """A case at the window of Yumen Town."""
    made = draft(citizen)
    made.submit()
    return made


@pytest.fixture
def at_department(mine: DraftOf, clerk: Actor) -> str:
    """The step of a case that waits for the Civil Affairs Bureau."""
    window, step = steps(clerk.connection, mine.id)
    clerk.call("forward_application", step_id=window)
    return step
