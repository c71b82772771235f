"""Storage, as storage-api answers it."""

import httpx
import pytest
from storage3.exceptions import StorageApiError
from supabase import AsyncClient

from backend.local_supabase import Stack

from .conftest import Person, bearer

TEXT = {"content-type": "text/plain"}
MIB = 1024 * 1024


async def put(person: Person, name: str, content: bytes = b"hello", bucket: str = "photos") -> str:
    path = f"{person.id}/{name}"
    await person.client.storage.from_(bucket).upload(path, content, TEXT)  # type: ignore[arg-type]
    return path


async def refused(awaitable: object) -> int:
    with pytest.raises(StorageApiError) as caught:
        await awaitable  # type: ignore[misc]
    return int(caught.value.status)


class TestFiles:
    async def test_a_file_goes_and_comes(self, ann: Person) -> None:
        """upload, download, info, exists, move, copy, remove."""
        files = ann.client.storage.from_("photos")
        path = await put(ann, "a.txt")
        assert await files.download(path) == b"hello"
        assert await files.exists(path)
        assert not await files.exists(f"{ann.id}/no.txt")
        await files.move(path, f"{ann.id}/sub/b.txt")
        await files.copy(f"{ann.id}/sub/b.txt", f"{ann.id}/c.txt")
        assert await files.download(f"{ann.id}/c.txt") == b"hello"
        removed = await files.remove([f"{ann.id}/c.txt", f"{ann.id}/sub/b.txt"])
        assert len(removed) == 2
        assert await refused(files.download(path)) in {400, 404}

    async def test_the_same_name_twice_is_a_conflict(self, ann: Person) -> None:
        """409 unless upsert is asked for."""
        path = await put(ann, "a.txt")
        files = ann.client.storage.from_("photos")
        assert await refused(files.upload(path, b"other", TEXT)) == 409  # type: ignore[arg-type]
        await files.upload(path, b"newer", {**TEXT, "upsert": "true"})  # type: ignore[arg-type]
        assert await files.download(path) == b"newer"

    @pytest.mark.shim("uploads.mjs: the library stores the multipart envelope on PUT")
    async def test_update_replaces_the_content_alone(self, ann: Person) -> None:
        """update() stores the file inside the form, with its type."""
        path = await put(ann, "a.txt")
        files = ann.client.storage.from_("photos")
        await files.update(path, b"second", TEXT)  # type: ignore[arg-type]
        assert await files.download(path) == b"second"

    @pytest.mark.shim("store.mjs FileStore: `a` and `a/b` collide as files of a folder")
    async def test_a_name_may_be_the_folder_of_another(self, ann: Person) -> None:
        """Keys are names, not paths."""
        files = ann.client.storage.from_("photos")
        one, two = await put(ann, "a"), await put(ann, "a/b", b"inner")
        assert (await files.download(one), await files.download(two)) == (b"hello", b"inner")

    async def test_an_empty_file_is_a_file(self, ann: Person) -> None:
        """Size 0 goes and comes."""
        path = await put(ann, "empty.txt", b"")
        assert await ann.client.storage.from_("photos").download(path) == b""

    @pytest.mark.shim("database.mjs toJsonText")
    async def test_metadata_is_readable_in_sql(self, ann: Person, stack: Stack) -> None:
        """`metadata ->> 'mimetype'` works in policies."""
        import psycopg

        path = await put(ann, "meta.txt")
        with psycopg.connect(stack.access.superuser_dsn) as connection:
            row = connection.execute(
                "select metadata ->> 'mimetype', (metadata ->> 'size')::int, owner_id "
                "from storage.objects where name = %s",
                (path,),
            ).fetchone()
        assert row == ("text/plain", 5, ann.id)


class TestListing:
    pytestmark = pytest.mark.shim("listing.mjs: the library lists every file below, by full name")

    async def test_one_level_with_folders_first(self, ann: Person) -> None:
        """Names relative to the prefix; folders have no id."""
        for name in ("b.txt", "a.txt", "sub/x.txt", "sub/deep/y.txt"):
            await put(ann, name)
        files = ann.client.storage.from_("photos")
        listed = await files.list(ann.id)
        assert [(item["name"], item["id"] is None) for item in listed] == [
            ("sub", True), ("a.txt", False), ("b.txt", False),
        ]  # fmt: skip
        assert listed[1]["metadata"]["size"] == 5
        assert [item["name"] for item in await files.list(f"{ann.id}/sub")] == ["deep", "x.txt"]

    async def test_search_order_and_pages(self, ann: Person) -> None:
        """search, sortBy, limit and offset."""
        for name in ("a1.txt", "a2.txt", "b1.txt"):
            await put(ann, name)
        files = ann.client.storage.from_("photos")
        found = await files.list(ann.id, {"search": "a"})
        assert [item["name"] for item in found] == ["a1.txt", "a2.txt"]
        order = {"column": "name", "order": "desc"}
        page = await files.list(ann.id, {"limit": 1, "offset": 1, "sortBy": order})  # type: ignore[typeddict-item]
        assert [item["name"] for item in page] == ["a2.txt"]

    async def test_signs_of_patterns_mean_themselves(self, ann: Person, bob: Person) -> None:
        """A `_` in a prefix is an underscore, not any character."""
        await put(ann, "a_b/x.txt")
        await put(ann, "acb/y.txt")
        names = await ann.client.storage.from_("photos").list(f"{ann.id}/a_b")
        assert [item["name"] for item in names] == ["x.txt"]
        assert await bob.client.storage.from_("photos").list(ann.id) == []


class TestSignedAddresses:
    @pytest.mark.shim("storage.mjs sign: the library answers another name and prefix")
    async def test_a_signed_address_opens_the_file(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """create_signed_url and create_signed_urls."""
        path = await put(ann, "a.txt")
        files = ann.client.storage.from_("photos")
        one = (await files.create_signed_url(path, 60))["signedURL"]
        assert (await http.get(one)).content == b"hello"
        many = await files.create_signed_urls([path, f"{ann.id}/no.txt"], 60)
        assert (await http.get(many[0]["signedURL"])).content == b"hello"
        assert many[1]["error"] and not many[1].get("signedURL")

    async def test_a_signed_address_opens_whatever_token_comes_along(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """A client whose session has ended may still use the addresses it holds."""
        path = await put(ann, "a.txt")
        files = ann.client.storage.from_("photos")
        stale = {**bearer(ann.token[:-3] + "aaa"), **TEXT}
        address = (await files.create_signed_url(path, 60))["signedURL"]
        assert (await http.get(address, headers=stale)).content == b"hello"
        upload = (await files.create_signed_upload_url(f"{ann.id}/b.txt"))["signed_url"]
        assert (await http.put(upload, headers=stale, content=b"x")).status_code == 200

    @pytest.mark.shim("storage.mjs badSignature: 500 in the library")
    async def test_a_signed_address_opens_nothing_else(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """Tampered, expired or moved to another path: refused, never 500."""
        path, other = await put(ann, "a.txt"), await put(ann, "other.txt")
        address = (await ann.client.storage.from_("photos").create_signed_url(path, 60))[
            "signedURL"
        ]
        for wrong in (
            address[:-4] + "aaaa",
            address.replace("a.txt", "other.txt"),
            address.split("?")[0],
            address.split("token=")[0] + "token=" + ann.token,
        ):
            answer = await http.get(wrong)
            assert answer.status_code in {400, 403}, (wrong, other)

    @pytest.mark.shim("storage.mjs signUpload, uploads.mjs")
    async def test_a_signed_upload_is_for_one_file_once(
        self, ann: Person, anon: AsyncClient
    ) -> None:
        """create_signed_upload_url lets anybody with the token put that one file."""
        files, stranger = (c.storage.from_("photos") for c in (ann.client, anon))
        path = f"{ann.id}/signed.txt"
        token = (await files.create_signed_upload_url(path))["token"]
        await stranger.upload_to_signed_url(path, token, b"from outside", TEXT)  # type: ignore[arg-type]
        assert await files.download(path) == b"from outside"
        again = stranger.upload_to_signed_url(path, token, b"again", TEXT)  # type: ignore[arg-type]
        assert await refused(again) == 409
        elsewhere = stranger.upload_to_signed_url(f"{ann.id}/x.txt", token, b"x", TEXT)  # type: ignore[arg-type]
        with pytest.raises(Exception):  # noqa: B017 - the library answers without statusCode here
            await elsewhere
        assert not await files.exists(f"{ann.id}/x.txt")

    @pytest.mark.shim("storage.mjs")
    async def test_a_signed_upload_takes_a_plain_body_too(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """The browser may PUT the file itself instead of a form."""
        files = ann.client.storage.from_("photos")
        address = (await files.create_signed_upload_url(f"{ann.id}/plain.txt"))["signed_url"]
        answer = await http.put(address, content=b"plain", headers=TEXT)
        assert answer.status_code == 200
        assert await files.download(f"{ann.id}/plain.txt") == b"plain"


class TestReading:
    pytestmark = pytest.mark.shim("storage.mjs read: the library knows neither Range nor download")

    @pytest.mark.parametrize(
        ("wanted", "status", "content", "header"),
        [
            ("bytes=1-3", 206, b"123", "bytes 1-3/10"),
            ("bytes=7-", 206, b"789", "bytes 7-9/10"),
            ("bytes=-2", 206, b"89", "bytes 8-9/10"),
            ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
            ("bytes=10-", 416, b"", "bytes */10"),
            ("bytes=3-1", 416, b"", "bytes */10"),
        ],
    )
    async def test_ranges(
        self,
        ann: Person,
        http: httpx.AsyncClient,
        wanted: str,
        status: int,
        content: bytes,
        header: str,
    ) -> None:
        """Parts of a file, so that videos can be wound."""
        path = await put(ann, "digits.txt", b"0123456789")
        url = f"/storage/v1/object/authenticated/photos/{path}"
        answer = await http.get(url, headers={**bearer(ann.token), "range": wanted})
        assert (answer.status_code, answer.content) == (status, content)
        assert answer.headers["content-range"] == header

    async def test_download_names_and_conditions(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """`download` makes an attachment; a known ETag is 304."""
        path = await put(ann, "a.txt")
        files = ann.client.storage.from_("photos")
        address = (await files.create_signed_url(path, 60))["signedURL"]
        answer = await http.get(address + "&download=证明.txt")
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E8")
        again = await http.get(address, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.shim("store.mjs: the library's adapter serves the type of the extension")
    async def test_the_type_is_the_declared_one(self, ann: Person, http: httpx.AsyncClient) -> None:
        """A page uploaded as text stays text, and browsers may not guess."""
        path = await put(ann, "evil.html", b"<script>alert(1)</script>")
        url = f"/storage/v1/object/photos/{path}"
        answer = await http.get(url, headers=bearer(ann.token))
        assert answer.headers["content-type"] == "text/plain"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


class TestLimits:
    @pytest.mark.shim("uploads.mjs: only the header is believed, and not for PUT forms")
    @pytest.mark.parametrize("way", ["form", "upsert", "update", "signed", "body", "chunks"])
    async def test_a_bucket_keeps_its_size(
        self, ann: Person, anon: AsyncClient, http: httpx.AsyncClient, way: str
    ) -> None:
        """One byte over the limit of the bucket is 413, whichever way it comes."""
        for size, fits in ((MIB, True), (MIB + 1, False)):
            status = await self._send(ann, anon, http, way, f"{way}-{size}.txt", b"x" * size)
            assert (status == 200) is fits
            assert fits or status == 413

    async def _send(
        self, ann: Person, anon: AsyncClient, http: httpx.AsyncClient, way: str, name: str,
        content: bytes,
    ) -> int:  # fmt: skip
        files, path = ann.client.storage.from_("photos"), f"{ann.id}/{name}"
        headers = {**bearer(ann.token), **TEXT}
        url = f"/storage/v1/object/photos/{path}"
        if way in {"body", "chunks"}:

            async def chunks() -> object:
                for start in range(0, len(content), 65536):
                    yield content[start : start + 65536]

            sent = content if way == "body" else chunks()
            answer = await http.post(url, headers=headers, content=sent)  # type: ignore[arg-type]
            return answer.status_code if answer.is_success else int(answer.json()["statusCode"])
        try:
            if way == "form":
                await files.upload(path, content, TEXT)  # type: ignore[arg-type]
            elif way == "upsert":
                await files.upload(path, content, {**TEXT, "upsert": "true"})  # type: ignore[arg-type]
            elif way == "update":
                await files.update(path, content, TEXT)  # type: ignore[arg-type]
            else:
                token = (await files.create_signed_upload_url(path))["token"]
                stranger = anon.storage.from_("photos")
                await stranger.upload_to_signed_url(path, token, content, TEXT)  # type: ignore[arg-type]
        except StorageApiError as error:
            return int(error.status)
        return 200

    @pytest.mark.shim("uploads.mjs: the larger limit of a bucket wins in the library")
    async def test_the_limit_of_the_server_is_above_all(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """A bucket of 10 MiB on a server of 4 MiB takes 4 MiB."""
        files = ann.client.storage.from_("wide")
        path, big = f"{ann.id}/big.bin", b"x" * (4 * MIB + 1)
        assert await refused(files.upload(path, big, TEXT)) == 413  # type: ignore[arg-type]
        headers = {**bearer(ann.token), **TEXT}
        url = f"/storage/v1/object/wide/{path}"
        assert (await http.post(url, headers=headers, content=big)).json()["statusCode"] == "413"
        await files.upload(path, big[:-1], TEXT)  # type: ignore[arg-type]

    async def test_a_bucket_keeps_its_types(self, ann: Person) -> None:
        """Other media types are 415."""
        files = ann.client.storage.from_("photos")
        wrong = {"content-type": "text/html"}
        assert await refused(files.upload(f"{ann.id}/x", b"x", wrong)) == 415  # type: ignore[arg-type]

    @pytest.mark.shim("uploads.mjs plainType")
    async def test_parameters_do_not_change_the_type(
        self, ann: Person, http: httpx.AsyncClient
    ) -> None:
        """`text/plain;charset=utf-8` is text/plain."""
        headers = {**bearer(ann.token), "content-type": "text/plain;charset=utf-8"}
        url = f"/storage/v1/object/photos/{ann.id}/c.txt"
        assert (await http.post(url, headers=headers, content=b"x")).status_code == 200


class TestBuckets:
    async def test_only_the_service_makes_buckets(
        self, service: AsyncClient, ann: Person, anon: AsyncClient
    ) -> None:
        """People and strangers make, change and remove none."""
        options = {"public": False, "file_size_limit": 1000, "allowed_mime_types": ["text/plain"]}
        await service.storage.create_bucket("made", options=options)  # type: ignore[arg-type]
        assert (await service.storage.get_bucket("made")).file_size_limit == 1000
        for client in (ann.client, anon):
            await refused(client.storage.create_bucket("evil"))
            await refused(client.storage.delete_bucket("made"))
        await service.storage.delete_bucket("made")
