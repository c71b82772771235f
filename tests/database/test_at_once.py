"""Two at the same moment: exactly one of them did it, and the other learns so."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import county
import psycopg
import pytest
from county import Actor, DraftOf, draft, id_of, one, steps

Work = Callable[[Actor], object]


@pytest.fixture
def citizen(superuser: psycopg.Connection) -> Actor:
    """Somebody new; what they do stays, since it has to be seen by several connections."""
    return Actor(superuser, new_person(superuser))


def new_person(connection: psycopg.Connection) -> str:
    number = f"139{uuid4().int % 10**8:08d}"
    person_id = one(
        connection,
        "insert into auth.users (id, phone) values (gen_random_uuid(), %s) returning id",
        f"86{number}",
    )
    return str(person_id)


@contextmanager
def acting(dsn: str, person_id: str) -> Iterator[Actor]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield Actor(connection, person_id)


def at_once(dsn: str, works: list[tuple[str, Work]]) -> list[str]:
    """Do everything at the same moment, each on a connection of its own; "ok" or the refusal."""
    gate, results = threading.Barrier(len(works)), ["never ran"] * len(works)

    def run(number: int, person_id: str, work: Work) -> None:
        with acting(dsn, person_id) as actor:
            actor.connection.execute("select 1")
            gate.wait(timeout=20)
            try:
                results[number] = f"ok {work(actor) or ''}".strip()
            except psycopg.Error as error:
                results[number] = error.diag.message_primary or str(error)

    threads = [
        threading.Thread(target=run, args=(number, *work)) for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def status(connection: psycopg.Connection, application_id: str) -> str:
    return one(connection, "select status from public.applications where id = %s", application_id)


def forward(step: str) -> Work:
    return lambda actor: actor.call("forward_application", step_id=step)


def test_twenty_starts_are_one_draft(dsn: str, citizen: Actor) -> None:
    assert citizen.id

    def start(actor: Actor) -> object:
        return actor.call("start_application", service_code=county.ALLOWANCE)

    results = at_once(dsn, [(citizen.id, start)] * 20)
    assert len(set(results)) == 1
    assert results[0].startswith("ok ") and len(results[0]) == len("ok ") + 36


def test_ten_submits_are_one_application(dsn: str, citizen: Actor) -> None:
    assert citizen.id
    mine = draft(citizen)

    def submit(actor: Actor) -> object:
        return DraftOf(actor, mine.id).submit()["receipt_number"]

    results = at_once(dsn, [(citizen.id, submit)] * 10)
    assert len(set(results)) == 1 and results[0].startswith("ok 620981")
    counted = citizen.connection.execute(
        "select (select count(*) from public.application_events where application_id = a.id),"
        " (select count(*) from public.application_steps where application_id = a.id)"
        "   = (select count(*) from public.guide_steps where guide_id = a.guide_id)"
        " from public.applications as a where applicant_id = %s",
        (citizen.id,),
    ).fetchall()
    assert counted == [(1, True)]


def test_two_clerks_forward(dsn: str, citizen: Actor) -> None:
    connection = citizen.connection
    clerks = [
        id_of(connection, phone) for phone in (county.CLERK_OF_YUMEN_TOWN, county.CLERK_OF_THE_HALL)
    ]
    for _ in range(3):
        mine = draft(citizen)
        mine.submit()
        step = steps(connection, mine.id)[0]
        results = at_once(dsn, [(clerk, forward(step)) for clerk in clerks])
        assert sorted(results) == ["ok", "step_already_done"]
        winner = clerks[results.index("ok")]
        by = one(
            connection, "select done_by::text from public.application_steps where id = %s", step
        )
        assert by == winner
        forwards = one(
            connection,
            "select count(*) from public.application_events"
            " where application_id = %s and kind = 'forwarded'",
            mine.id,
        )
        assert forwards == 1


@pytest.fixture
def second_approver(superuser: psycopg.Connection) -> str:
    """A colleague in the same department."""
    person_id = new_person(superuser)
    superuser.execute(
        "insert into public.staff_roles (person_id, role, department_id, division_code)"
        " select %s, 'approver', id, '620981' from public.departments"
        " where code = 'civil-affairs'",
        (person_id,),
    )
    return person_id


def _at_the_department(citizen: Actor) -> tuple[DraftOf, str, str]:
    """A case that waits for the department, its step, and a reason to refuse."""
    connection = citizen.connection
    mine = draft(citizen)
    mine.submit()
    window_step, step, *_ = steps(connection, mine.id)
    Actor(connection, id_of(connection, county.CLERK_OF_YUMEN_TOWN)).call(
        "forward_application", step_id=window_step
    )
    reason = one(
        connection,
        "select g.refusal_reasons -> 0 ->> 'code' from public.applications as a"
        " join public.guides as g on g.id = a.guide_id where a.id = %s",
        mine.id,
    )
    return mine, step, reason


def _refuse(step: str, reason: str) -> Work:
    return lambda actor: actor.call(
        "decide_application", step_id=step, decision="refuse", reason_code=reason,
        reason="户籍已经迁出玉门市",
    )  # fmt: skip


def _approve(step: str) -> Work:
    return lambda actor: actor.call("decide_application", step_id=step, decision="approve")


def test_two_approvers_decide(dsn: str, citizen: Actor, second_approver: str) -> None:
    first_approver = id_of(citizen.connection, county.APPROVER_OF_CIVIL_AFFAIRS)
    for _ in range(3):
        mine, step, reason = _at_the_department(citizen)
        results = at_once(
            dsn, [(first_approver, _approve(step)), (second_approver, _refuse(step, reason))]
        )
        assert sorted(results) == ["ok", "step_already_done"]
        is_refused = status(citizen.connection, mine.id) == "refused"
        assert is_refused is (results[1] == "ok")


def test_the_citizen_withdraws_while_the_approver_decides(dsn: str, citizen: Actor) -> None:
    approver = id_of(citizen.connection, county.APPROVER_OF_CIVIL_AFFAIRS)
    assert citizen.id
    for _ in range(3):
        mine, step, reason = _at_the_department(citizen)
        withdraw: Work = lambda actor, case=mine.id: actor.call(  # noqa: E731
            "withdraw_application", application_id=case
        )
        results = at_once(dsn, [(citizen.id, withdraw), (approver, _refuse(step, reason))])
        outcome = status(citizen.connection, mine.id)
        assert (results, outcome) in (
            (["ok", "case_withdrawn"], "withdrawn"),
            (["already_decided", "ok"], "refused"),
        )


def test_two_clerks_claim(dsn: str, citizen: Actor) -> None:
    connection = citizen.connection
    clerks = [
        id_of(connection, phone) for phone in (county.CLERK_OF_YUMEN_TOWN, county.CLERK_OF_THE_HALL)
    ]
    claim: Work
    for _ in range(3):
        mine = draft(citizen)
        mine.submit()
        claim = lambda actor, case=mine.id: actor.call("claim_case", application_id=case)  # noqa: E731
        results = at_once(dsn, [(clerk, claim) for clerk in clerks])
        assert sorted(results) == ["case_claimed", "ok"]
        owner = one(
            connection,
            "select owner_id::text from public.application_steps"
            " where application_id = %s and status = 'current'",
            mine.id,
        )
        assert owner == clerks[results.index("ok")]


def test_ten_answers_to_a_notice_are_one(dsn: str, citizen: Actor) -> None:
    assert citizen.id
    mine = draft(citizen)
    mine.submit()
    clerk = Actor(citizen.connection, id_of(citizen.connection, county.CLERK_OF_YUMEN_TOWN))
    clerk.call(
        "send_notice", application_id=mine.id,
        items=[{"field": "address", "text": "请写到几组几号"}],
    )  # fmt: skip
    citizen.call(
        "save_draft", application_id=mine.id, changes={"address": "三组 8 号"}, base_version=1
    )

    def reply(actor: Actor) -> object:
        answer = actor.call("reply_to_notice", application_id=mine.id, submission_key=mine.key)
        return answer["is_repeated"]

    results = at_once(dsn, [(citizen.id, reply)] * 10)
    assert sorted(results) == ["ok"] + ["ok True"] * 9
    counted = one(
        citizen.connection,
        "select count(*) from public.application_events"
        " where application_id = %s and kind = 'replied'",
        mine.id,
    )
    assert counted == 1


def test_the_citizen_withdraws_while_the_clerk_sends_a_notice(dsn: str, citizen: Actor) -> None:
    assert citizen.id
    clerk = id_of(citizen.connection, county.CLERK_OF_YUMEN_TOWN)
    for _ in range(3):
        mine = draft(citizen)
        mine.submit()
        withdraw: Work = lambda actor, case=mine.id: actor.call(  # noqa: E731
            "withdraw_application", application_id=case
        )
        notice: Work = lambda actor, case=mine.id: actor.call(  # noqa: E731
            "send_notice", application_id=case,
            items=[{"field": "address", "text": "请写到几组几号"}],
        )  # fmt: skip
        withdrawn, sent = at_once(dsn, [(citizen.id, withdraw), (clerk, notice)])
        assert withdrawn == "ok" and (sent == "case_withdrawn" or sent.startswith("ok "))
        assert status(citizen.connection, mine.id) == "withdrawn"
        standing = one(
            citizen.connection,
            "select count(*) from public.application_stands"
            " where application_id = %s and to_at is null",
            mine.id,
        )
        assert standing == 0


def test_two_phones_save_different_fields_and_lose_nothing(dsn: str, citizen: Actor) -> None:
    assert citizen.id
    mine = draft(citizen, with_files=False)

    def save(field: str, text: str) -> Work:
        return lambda actor: actor.call(
            "save_draft", application_id=mine.id, changes={field: text}, base_version=1
        )

    results = at_once(
        dsn, [(citizen.id, save("address", "六组 6 号")), (citizen.id, save("name", "王秀"))]
    )
    assert all(result.startswith("ok") for result in results)
    form, version = citizen.connection.execute(
        "select form, form_version from public.applications where id = %s", (mine.id,)
    ).fetchone() or ({}, 0)
    assert (form["address"], form["name"], version) == ("六组 6 号", "王秀", 3)


def test_the_last_place_for_a_file_is_given_once(dsn: str, citizen: Actor) -> None:
    assert citizen.id
    mine = draft(citizen, with_files=False)
    material, places = citizen.connection.execute(
        "select m.code, m.max_files from public.applications as a"
        " join public.guide_materials as m on m.guide_id = a.guide_id"
        " where a.id = %s and m.source = 'upload' order by m.position limit 1",
        (mine.id,),
    ).fetchone() or ("", 0)

    begun = [
        citizen.call(
            "begin_upload", application_id=mine.id, material_code=material, file_name="a.jpg",
            mime="image/jpeg", size=10, sha256=f"{number:064x}",
        )["document_id"]
        for number in range(places + 4)
    ]  # fmt: skip

    def accept(document_id: str) -> Work:
        def work(actor: Actor) -> object:
            server = Actor(actor.connection, None, "service_role")
            return server.call(
                "accept_document", document_id=document_id, path=f"test/{document_id}",
                mime="image/jpeg", size=10, width=1, height=1,
            )  # fmt: skip

        return work

    results = at_once(dsn, [(citizen.id, accept(document_id)) for document_id in begun])
    assert sorted(results) == ["ok"] * 4 + ["ok True"] * places
    states = citizen.connection.execute(
        "select status, refusal from public.documents where application_id = %s", (mine.id,)
    ).fetchall()
    assert states.count(("verified", None)) == places
    assert states.count(("refused", "too_many_files")) == 4


def test_one_identity_number_is_kept_by_one_account(
    dsn: str, superuser: psycopg.Connection
) -> None:
    people = [new_person(superuser) for _ in range(4)]
    body = f"62098119{50 + uuid4().int % 40}0101{uuid4().int % 1000:03d}"
    number = next(
        body + check
        for check in "0123456789X"
        if one(superuser, "select private.is_id_number(%s)", body + check)
    )

    def save(actor: Actor) -> object:
        actor.call("save_my_profile", name="某某", id_number=number, division_code=None)
        return ""

    results = at_once(dsn, [(person, save) for person in people])
    assert sorted(results) == ["id_number_taken"] * 3 + ["ok"]


def test_attempts_are_counted_one_by_one(dsn: str) -> None:
    key = str(uuid4())

    def take(actor: Actor) -> object:
        server = Actor(actor.connection, None, "service_role")
        return server.call("take_attempt", kind="test_race", key=key, limit=4, seconds=60) > 0

    results = at_once(dsn, [(str(uuid4()), take)] * 10)
    assert sorted(results) == ["ok"] * 4 + ["ok True"] * 6


def test_a_refresh_is_claimed_once(dsn: str, superuser: psycopg.Connection) -> None:
    person, secret = new_person(superuser), f"{uuid4().int:064x}"[-64:]
    server = Actor(superuser, None, "service_role")
    server.call(
        "open_web_session", secret_hash=secret, person_id=person, sealed_tokens="x",
        access_expires_at="2026-01-01", device_label="",
    )  # fmt: skip

    def claim(actor: Actor) -> object:
        db = Actor(actor.connection, None, "service_role")
        return db.call("claim_web_session_refresh", secret_hash=secret)

    results = at_once(dsn, [(person, claim)] * 8)
    assert sorted(results) == ["ok"] * 7 + ["ok True"]
