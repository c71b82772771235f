"""The demo county as tests meet it: its people by name, how to become one of them, how to get a
case."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from PIL import Image
from psycopg import sql
from psycopg.types.json import Jsonb
from supabase import AsyncClient

from backend import applications, documents
from backend.config import Settings
from backend.database import connections

SignIn = Callable[..., Awaitable["Person"]]
Become = Callable[..., AbstractContextManager[psycopg.Connection]]
MakeActor = Callable[[str], "Actor"]
MakeCase = Callable[..., Awaitable[str]]

# The demo people, by what they do.
WANG = "+8613800000001"  # lives in Yumen Town, born in 1943
MA = "+8613800000002"  # lives in Xiaojinwan
CLERK_OF_YUMEN_TOWN = "+8613800000003"
CLERK_OF_CHIJIN = "+8613800000004"
CLERK_OF_THE_HALL = "+8613800000005"
APPROVER_OF_CIVIL_AFFAIRS = "+8613800000006"
APPROVER_OF_INSURANCE = "+8613800000007"
APPROVER_OF_SIGNS = "+8613800000008"
SUPERVISOR = "+8613800000013"
ADMINISTRATOR = "+8613800000014"

YUMEN_TOWN, XIAOJINWAN = "620981101", "620981206"

ALLOWANCE, INSURANCE, SIGN = "elderly-allowance", "resident-medical-insurance", "own-shop-sign"

ANSWERS: dict[str, dict[str, Any]] = {
    ALLOWANCE: {
        "name": "王秀英",
        "id_number": "622101194312060027",
        "birthday": "1943-12-06",
        "phone": "13800000001",
        "household_division": "620981101200",
        "address": "二组 15 号",
        "pay_method": "social_card",
        "is_applying_for_self": True,
        "declaration": True,
    },
    INSURANCE: {
        "name": "马小山",
        "id_number": "622101198009180032",
        "birthday": "1980-09-18",
        "phone": "13800000002",
        "household_division": "620981206200",
        "is_registered_here": True,
        "registration_kind": "again",
        "person_kind": "adult",
        "assistance_kind": "none",
        "has_employee_insurance": False,
        "is_applying_for_self": True,
        "declaration": True,
    },
    SIGN: {
        "name": "马小山",
        "id_number": "622101198009180032",
        "phone": "13800000002",
        "shop_name": "小山牛肉面馆",
        "credit_code": "92620981MA7ABCDE0X",
        "shop_division": "620981002009",
        "address": "人民路 8 号",
        "premises_kind": "own",
        "sign_text": "小山牛肉面",
        "sign_kind": "lintel",
        "width_m": "3.6",
        "height_m": "0.9",
        "clearance_m": "3",
        "is_lit": False,
        "install_on": "2026-12-20",
        "declaration": True,
    },
}


@contextmanager
def becoming(
    connection: psycopg.Connection, role: str, person_id: str | None = None, *, keeps: bool = False
) -> Iterator[psycopg.Connection]:
    """Be a role of the data API, as its requests are; undone afterwards unless `keeps`."""
    claims = {"role": role} | ({"sub": str(person_id)} if person_id else {})
    with connection.transaction(force_rollback=not keeps):
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        _claim(connection, json.dumps(claims), str(person_id or ""))
        yield connection
        connection.execute("reset role")
        _claim(connection, "", "")


def _claim(connection: psycopg.Connection, claims: str, subject: str) -> None:
    connection.execute(
        "select set_config('request.jwt.claims', %s, true),"
        " set_config('request.jwt.claim.sub', %s, true)",
        (claims, subject),
    )


def one(connection: psycopg.Connection, statement: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    row = connection.execute(statement, values).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


@dataclass(frozen=True)
class Actor:
    """Somebody who calls the commands of the database; what they do lasts as long as the
    connection's transaction."""

    connection: psycopg.Connection
    id: str | None
    role: str = "authenticated"

    def call(self, function: str, **arguments: Any) -> Any:
        """Call one served function by its parameters without the leading `p_`."""
        names = sql.SQL(", ").join(
            sql.SQL("{} => {}").format(sql.Identifier(f"p_{n}"), sql.Placeholder(n))
            for n in arguments
        )
        statement = sql.SQL("select public.{}({})").format(sql.Identifier(function), names)
        values = {n: Jsonb(v) if isinstance(v, dict | list) else v for n, v in arguments.items()}
        with becoming(self.connection, self.role, self.id, keeps=True):
            row = self.connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def refused(self, function: str, **arguments: Any) -> str:
        """Call a function that must refuse; returns its error code."""
        with pytest.raises(psycopg.Error) as caught, self.connection.transaction():
            self.call(function, **arguments)
        state = caught.value.sqlstate or ""
        message = caught.value.diag.message_primary or ""
        return message if state.startswith("PT") else f"{state}: {message}"


@dataclass(frozen=True)
class DraftOf:
    """One draft, and what it takes to hand it in."""

    actor: Actor
    id: str
    key: str = field(default="00000000-0000-4000-8000-000000000001")

    def submit(self) -> dict[str, Any]:
        return self.actor.call(
            "submit_application", application_id=self.id, submission_key=self.key
        )


def id_of(connection: psycopg.Connection, phone: str) -> str:
    """The person who signs in with this number."""
    found = one(
        connection,
        "select person_id from private.identities where phone = %s",
        phone.removeprefix("+"),
    )
    return str(found)


def draft(
    actor: Actor, service: str = ALLOWANCE, *, with_files: bool = True, **answers: Any
) -> DraftOf:
    """A draft that is complete, unless an answer is taken away (None) or the files are."""
    application_id = str(actor.call("start_application", service_code=service))
    changes = ANSWERS[service] | answers
    actor.call("save_draft", application_id=application_id, changes=changes, base_version=0)
    if with_files:
        verify_files(actor.connection, application_id)
    return DraftOf(actor, application_id)


def verify_files(connection: psycopg.Connection, application_id: str) -> None:
    """Put verified files where the guide asks for some, without any bytes."""
    connection.execute(
        """
        insert into public.documents (application_id, owner_id, material_code, incoming_path, path,
            file_name, mime, size, sha256, status, verified_at)
        select a.id, a.applicant_id, m.code, 'test/' || gen_random_uuid(),
            'test/' || gen_random_uuid(), 'photo.jpg', 'image/jpeg', 1000,
            encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'), 'verified', now()
        from public.applications as a
        join public.guide_materials as m on m.guide_id = a.guide_id
        cross join generate_series(1, greatest(m.min_files, 1))
        where a.id = %s and (m.source = 'upload' or m.registry is not null) and m.is_required
            and private.holds(m.needed_when, a.form)
        """,
        (application_id,),
    )


def steps(connection: psycopg.Connection, application_id: str) -> list[str]:
    """Ids of a case's steps, in order."""
    rows = connection.execute(
        "select id from public.application_steps where application_id = %s order by position",
        (application_id,),
    )
    return [str(row[0]) for row in rows]


@dataclass(frozen=True)
class Person:
    """Somebody who signed in with their phone: the cookie's secret, and the client that is
    them."""

    id: str
    phone: str
    secret: str
    db: AsyncClient


def jpeg(colour: tuple[int, int, int] = (30, 120, 90), size: tuple[int, int] = (64, 48)) -> bytes:
    """A small photo; another colour is another file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


async def announce(
    settings: Settings,
    person: Person,
    application_id: str,
    material: str,
    content: bytes,
    *,
    name: str = "photo.jpg",
    mime: str = "image/jpeg",
) -> documents.Upload:
    """Ask for a place for these bytes, as the browser does."""
    return await documents.begin(
        settings, person.db, application_id, material, name=name, mime=mime,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


async def put(url: str, content: bytes, mime: str = "image/jpeg") -> int:
    """Send bytes to a signed address; returns the status."""
    answer = await connections().put(url, content=content, headers={"content-type": mime})
    return answer.status_code


async def upload(
    settings: Settings,
    person: Person,
    application_id: str,
    material: str,
    content: bytes,
    *,
    mime: str = "image/jpeg",
) -> str:
    """Bring one file all the way to verified; returns its document's id."""
    place = await announce(settings, person, application_id, material, content, mime=mime)
    if not place.is_existing:
        assert await put(place.upload_url, content, mime) == 200
        await documents.finish(settings, person.db, place.document_id)
    return place.document_id


async def full_draft(settings: Settings, person: Person, service: str = ALLOWANCE) -> str:
    """A draft with every answer and every required photo, made as a phone makes it."""
    application_id = await applications.start(person.db, service)
    await applications.save_draft(person.db, application_id, ANSWERS[service], base_version=0)
    found = await applications.page(person.db, application_id)
    for number, material in enumerate(found["materials"]):
        is_paper = material["source"] == "upload" or material["registry"]
        if is_paper and material["is_required"] and material["is_needed"]:
            for nth in range(max(1, material["min_files"])):
                photo = jpeg((10 * number, 20 * nth, 77))
                await upload(settings, person, application_id, material["code"], photo)
    return application_id
