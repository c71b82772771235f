"""Setting the product's own clock in a transaction that never happened."""

from collections.abc import Callable
from datetime import datetime

import psycopg
from working_time import ZONE

SetClock = Callable[[str], datetime]


def settable(undone: psycopg.Connection) -> SetClock:
    """From now on private.now() is what the last call of the result said."""
    undone.execute(
        "create or replace function private.now() returns timestamptz language sql stable"
        " set search_path = '' as $$ select current_setting('test.now')::timestamptz $$"
    )
    # Staff were in office at every time that a test sets.
    undone.execute("update public.staff_roles set starts_on = '2020-01-01'")

    def at(text: str) -> datetime:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        undone.execute("select set_config('test.now', %s, true)", (moment.isoformat(),))
        return moment

    return at
