"""The data API, as PostgREST answers it."""

import asyncio
from typing import Any

import httpx
import psycopg
import pytest
from postgrest.exceptions import APIError
from supabase import AsyncClient

from backend.local_supabase import Access

from .conftest import Person, bearer


async def refused(query: Any) -> APIError:
    with pytest.raises(APIError) as caught:
        await query.execute()
    return caught.value


async def test_people_work_with_their_own_rows(ann: Person, bob: Person) -> None:
    """Row-level security decides for every command, embeds included."""
    notes = ann.client.table("notes")
    made = (await notes.insert({"title": "mine", "extra": {"a": [1]}}).execute()).data[0]
    assert made["owner"] == ann.id
    await ann.client.table("items").insert({"note_id": made["id"], "label": "part"}).execute()
    read = await notes.select("title, extra, items(label)", count="exact").execute()
    assert read.data == [{"title": "mine", "extra": {"a": [1]}, "items": [{"label": "part"}]}]
    assert read.count == 1
    others = bob.client.table("notes")
    assert (await others.select("*").execute()).data == []
    assert (await others.update({"title": "stolen"}).eq("id", made["id"]).execute()).data == []
    assert (await others.delete().eq("id", made["id"]).execute()).data == []
    stolen = others.insert({"title": "planted", "owner": ann.id})
    assert (await refused(stolen)).code == "42501"
    planted = bob.client.table("items").insert({"note_id": made["id"], "label": "planted"})
    assert (await refused(planted)).code == "42501"
    assert (await notes.delete().eq("id", made["id"]).execute()).data[0]["title"] == "mine"


async def test_strangers_see_nothing(ann: Person, anon: AsyncClient) -> None:
    """anon passes no policy made for authenticated."""
    await ann.client.table("notes").insert({"title": "private"}).execute()
    assert (await anon.table("notes").select("*").execute()).data == []
    written = anon.table("notes").insert({"title": "x", "owner": ann.id})
    assert (await refused(written)).code == "42501"


@pytest.mark.shim("database.mjs columnTypes")
async def test_times_numbers_and_bytes_look_as_upstream(ann: Person) -> None:
    """RFC 3339, JSON numbers, hex text, also where the library passes PostgreSQL text on."""
    row = {"title": "types", "price": 1.5, "raw": "\\x00ff", "labels": ["a", "b"]}
    made = (await ann.client.table("notes").insert(row).execute()).data[0]
    assert made["at"] == "2026-01-02T03:04:05.678+00:00"
    assert made["price"] == 1.5
    assert made["raw"] == "\\x00ff"
    assert made["labels"] == ["a", "b"]


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, {"b": True, "c": '{"d": 1}', "e": None}]},
        [1, {"b": "c"}],
        "text",
        5,
    ],
)
async def test_json_comes_back_as_it_went(ann: Person, value: object) -> None:
    """Any JSON value survives, text that looks like JSON too."""
    notes = ann.client.table("notes")
    made = (await notes.insert({"title": "json", "extra": value}).execute()).data[0]
    assert made["extra"] == value
    changed = await notes.update({"extra": value}).eq("id", made["id"]).execute()
    assert changed.data[0]["extra"] == value
    upserted = await notes.upsert({"id": made["id"], "title": "json", "extra": value}).execute()
    assert upserted.data[0]["extra"] == value


async def test_text_that_is_json_becomes_json_at_the_top_level(ann: Person) -> None:
    """A known limit, unlike upstream: no column of ours holds such text at its top level."""
    made = (
        await ann.client.table("notes").insert({"title": "t", "extra": '{"a": 1}'}).execute()
    ).data[0]
    assert made["extra"] == {"a": 1}


async def test_a_bare_boolean_is_refused_as_json(ann: Person) -> None:
    """A known limit, unlike upstream: a boolean must stand inside an object or list."""
    with pytest.raises(APIError) as refused:
        await ann.client.table("notes").insert({"title": "t", "extra": True}).execute()
    assert refused.value.code == "42804"


@pytest.mark.shim("database.mjs toJsonText: the library writes JSON as text inside JSON")
@pytest.mark.parametrize(
    ("value", "kind"),
    [({"a": 1}, "object"), ([{"a": 1}], "array"), ([], "array"), ("text", "string")],
)
async def test_json_arguments_keep_their_kind(ann: Person, value: object, kind: str) -> None:
    """A jsonb argument of a function is what the caller sent."""
    assert (await ann.client.rpc("kind_of", {"p_value": value}).execute()).data == kind


class TestRefusals:
    """SQLSTATE, message, details and hint reach the client; the status follows from the code."""

    @pytest.mark.parametrize(
        ("errcode", "status"),
        [("PT409", 409), ("PT422", 422), ("PT404", 404), ("42501", 403), ("22023", 400)],
    )
    async def test_a_raised_code_keeps_everything(
        self, ann: Person, http: httpx.AsyncClient, errcode: str, status: int
    ) -> None:
        """`raise … using errcode = 'PT409'` is HTTP 409 with the words as given."""
        await self._expect(ann, http, errcode, status)

    @pytest.mark.shim("errors.mjs keepSqlState: the library answers 500 SUP")
    @pytest.mark.parametrize(
        ("errcode", "status"),
        [
            ("P0001", 400),
            ("23514", 400),
            ("40001", 500),
            ("53300", 503),
            ("28000", 403),
            ("57014", 500),
            ("AB123", 400),
        ],
    )
    async def test_other_classes_keep_everything(
        self, ann: Person, http: httpx.AsyncClient, errcode: str, status: int
    ) -> None:
        """Every class has its status in PostgREST's table."""
        await self._expect(ann, http, errcode, status)

    async def _expect(
        self, ann: Person, http: httpx.AsyncClient, errcode: str, status: int
    ) -> None:
        url, body = "/rest/v1/rpc/refuse", {"p_errcode": errcode}
        answer = await http.post(url, headers=bearer(ann.token), json=body)
        assert answer.status_code == status
        assert answer.json() == {
            "code": errcode,
            "message": "already_taken",
            "details": "by somebody",
            "hint": "ask again",
        }

    @pytest.mark.shim("errors.mjs keepSqlState")
    async def test_a_broken_check_says_which(self, ann: Person) -> None:
        """A check constraint is 23514 with its name in the message."""
        error = await refused(ann.client.table("notes").insert({"title": ""}))
        assert error.code == "23514"
        assert "notes_title_says_something" in error.message

    async def test_duplicates_are_conflicts(self, ann: Person) -> None:
        """A unique index is 409 with 23505."""
        notes = ann.client.table("notes")
        await notes.insert({"title": "once"}).execute()
        assert (await refused(notes.insert({"title": "once"}))).code == "23505"

    @pytest.mark.shim("server.mjs pg_safe_update: off in the library")
    async def test_a_command_without_a_filter_is_refused(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """Hosted projects load safeupdate: DELETE and UPDATE need a WHERE."""
        await ann.client.table("notes").insert({"title": "survivor"}).execute()
        deleted = await http.delete("/rest/v1/notes", headers=bearer(ann.token))
        changed = await http.patch("/rest/v1/notes", headers=bearer(ann.token), json={"title": "x"})
        assert (deleted.status_code, deleted.json()["code"]) == (400, "21000")
        assert changed.status_code == 400
        assert len((await ann.client.table("notes").select("id").execute()).data) == 1

    async def test_a_read_cannot_write(self, ann: Person, http: httpx.AsyncClient) -> None:
        """GET of a function runs in a read-only transaction; a volatile one is 405."""
        url = "/rest/v1/rpc/write_while_reading"
        answer = await http.get(url, headers=bearer(ann.token))
        assert answer.status_code == 405


class TestContext:
    """What functions and policies see of the person who asks."""

    @pytest.mark.shim("bootstrap.sql: auth.uid() needs usage on schema auth")
    async def test_functions_with_rights_of_the_caller_know_the_person(
        self, ann: Person, anon: AsyncClient, service: AsyncClient
    ) -> None:
        """auth.uid(), auth.role() and auth.jwt() work in `security invoker` functions."""
        me = (await ann.client.rpc("whoami", {}).execute()).data
        assert (me["uid"], me["role"], me["user"]) == (ann.id, "authenticated", "authenticated")
        assert me["jwt"]["phone"] == ann.phone[1:]
        nobody = (await anon.rpc("whoami", {}).execute()).data
        assert (nobody["uid"], nobody["role"], nobody["user"]) == (None, "anon", "anon")
        door = (await service.rpc("whoami", {}).execute()).data
        assert (door["role"], door["user"]) == ("service_role", "service_role")

    @pytest.mark.shim("schema.mjs HOSTED_FUNCTIONS: the library reads an older setting alone")
    def test_the_claims_alone_say_who_it_is(self, access: Access) -> None:
        """SQL tests become a person with `request.jwt.claims`, as hosted functions read it."""
        claims = '{"sub": "00000000-0000-4000-8000-000000000001", "role": "authenticated"}'
        with psycopg.connect(access.superuser_dsn) as connection:
            connection.execute("select set_config('request.jwt.claims', %s, true)", (claims,))
            connection.execute("set local role authenticated")
            row = connection.execute("select auth.uid()::text, auth.role()").fetchone()
        assert row == ("00000000-0000-4000-8000-000000000001", "authenticated")

    @pytest.mark.shim("database.mjs withoutKeys")
    async def test_keys_do_not_reach_the_database(self, ann: Person) -> None:
        """request.headers are there for functions, without what opens doors."""
        headers = (await ann.client.rpc("whoami", {}).execute()).data["headers"]
        assert "user-agent" in headers
        assert not {"authorization", "apikey", "cookie"} & headers.keys()

    @pytest.mark.shim("database.mjs STATEMENT_TIMEOUT")
    async def test_nobody_keeps_the_database_busy_for_long(self, anon: AsyncClient) -> None:
        """A stranger's statement ends after three seconds with 57014."""
        assert (await refused(anon.rpc("dream", {}))).code == "57014"

    async def test_one_request_leaves_nothing_for_the_next(
        self, ann: Person, bob: Person, anon: AsyncClient
    ) -> None:
        """The context ends with the transaction, also on a shared connection."""

        async def ask(client: AsyncClient) -> object:
            return (await client.rpc("whoami", {}).execute()).data["uid"]

        askers = [ann.client, bob.client, anon] * 20
        seen = await asyncio.gather(*[ask(client) for client in askers])
        assert list(seen) == [ann.id, bob.id, None] * 20


class TestEscalation:
    """No function a person may call makes the person more than that."""

    @pytest.mark.shim("bootstrap.sql: the library signs in as superuser")
    @pytest.mark.parametrize("role", ["postgres", "pg_read_all_data", "pg_execute_server_program"])
    async def test_no_role_of_the_machine(self, ann: Person, role: str) -> None:
        """`set local role postgres` in a function is 42501."""
        error = await refused(ann.client.rpc("become", {"p_role": role}))
        assert error.code == "42501"

    @pytest.mark.parametrize("function", ["run_program", "read_file", "rise"])
    async def test_no_reach_to_the_machine(self, ann: Person, function: str) -> None:
        """No program, no file, no superuser."""
        assert (await refused(ann.client.rpc(function, {}))).code == "42501"

    @pytest.mark.parametrize("schema", ["auth", "storage", "local_supabase", "supabase_migrations"])
    async def test_inner_schemas_are_not_served(self, service: AsyncClient, schema: str) -> None:
        """Only `public` is exposed: PGRST106."""
        error = await refused(service.schema(schema).table("users").select("*"))
        assert error.code == "PGRST106"


@pytest.mark.shim("database.mjs reloadSchemaOnNotice")
async def test_a_new_table_is_served_after_the_notice(access: Access, service: AsyncClient) -> None:
    """`notify pgrst, 'reload schema'` makes migrations visible without a restart."""
    with psycopg.connect(access.superuser_dsn, autocommit=True) as connection:
        connection.execute("create table if not exists public.fresh (id int primary key)")
        connection.execute("notify pgrst, 'reload schema'")
    for _ in range(40):
        try:
            assert (await service.table("fresh").select("*").execute()).data == []
            return
        except APIError:
            await asyncio.sleep(0.05)
    pytest.fail("the table is not served")


@pytest.mark.shim("server.mjs isReadable and SERVICE")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/_system/config", 404),
        ("/_system/info", 404),
        ("/studio", 404),
        ("/static/main.js", 404),
        ("/rest/v1/notes%00?select=id", 400),
        ("/rest/v1/notes?title=eq.%00", 400),
        ("/rest/v1/%E0%A4%A", 400),
        ("/storage/v1/object/photos/a%00b", 400),
        ("/auth/v1/%zz", 400),
    ],
)
async def test_only_the_three_services_answer(access: Access, path: str, status: int) -> None:
    """No studio, no inner pages; unreadable addresses are the asker's mistake."""
    headers = {"apikey": access.secret_key}
    async with httpx.AsyncClient() as client:
        answer = await client.get(httpx.URL(access.url + path), headers=headers)
    assert answer.status_code == status


async def test_a_nul_in_a_value_is_the_askers_mistake(ann: Person) -> None:
    """PostgreSQL text has no NUL: 400, not 500."""
    error = await refused(ann.client.table("notes").insert({"title": "a\0b"}))
    assert error.code.startswith("22")
