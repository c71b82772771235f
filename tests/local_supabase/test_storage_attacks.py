"""Other people's files and names that try to leave the store."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest
from storage3.exceptions import StorageApiError
from supabase import AsyncClient

from backend.local_supabase import Access, Stack

from .conftest import Person, bearer
from .test_storage import TEXT, put

pytestmark = pytest.mark.filterwarnings("ignore")


async def denied(awaitable: object) -> None:
    with pytest.raises(StorageApiError):
        await awaitable  # type: ignore[misc]


@pytest.mark.parametrize("who", ["bob", "anon"])
async def test_the_files_of_others_are_closed(
    ann: Person, bob: Person, anon: AsyncClient, who: str
) -> None:
    """Read, list, sign, replace, remove, move, copy and plant: nothing works on another's files."""
    path = await put(ann, "private.txt")
    thief = (bob.client if who == "bob" else anon).storage.from_("photos")
    mine = f"{bob.id}/stolen.txt"
    await denied(thief.download(path))
    assert await thief.list(ann.id) == []
    await denied(thief.create_signed_url(path, 60))
    signed = await thief.create_signed_urls([path], 60)
    assert not signed[0].get("signedURL")
    await denied(thief.create_signed_upload_url(f"{ann.id}/planted.txt"))
    await denied(thief.upload(f"{ann.id}/planted.txt", b"x", TEXT))  # type: ignore[arg-type]
    await denied(thief.upload(path, b"x", {**TEXT, "upsert": "true"}))  # type: ignore[arg-type]
    await denied(thief.update(path, b"x", TEXT))  # type: ignore[arg-type]
    await denied(thief.move(path, mine))
    await denied(thief.copy(path, mine))
    assert await thief.remove([path]) == []
    if who == "bob":
        own = await put(bob, "own.txt", b"mine")
        await denied(thief.move(own, f"{ann.id}/planted.txt"))
        await denied(thief.copy(own, f"{ann.id}/planted.txt"))
    files = ann.client.storage.from_("photos")
    assert await files.download(path) == b"hello"
    assert [item["name"] for item in await files.list(ann.id)] == ["private.txt"]


@pytest.mark.shim("storage.mjs refuseKey: storage-api takes S3-safe names only")
@pytest.mark.parametrize(
    "name",
    [
        "../../../../pwn.txt", "..%2f..%2fpwn.txt", "%2e%2e/%2e%2e/pwn.txt", "a\\..\\b.txt",
        "//double.txt", "nul%00x.txt", "照片.jpg", "n" * 1100, ".", "..", "a/../b.txt", "a%0Ab",
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["person", "service"])
async def test_names_that_are_no_keys_are_refused(
    ann: Person, access: Access, stack: Stack, name: str, key: str
) -> None:
    """Traversal, control characters and non-ASCII are 400, for the secret key as well."""
    before = {path for path in stack.root.rglob("*") if "pg" not in path.parts}
    token = ann.token if key == "person" else access.secret_key
    apikey = access.publishable_key if key == "person" else access.secret_key
    target = f"/storage/v1/object/photos/{ann.id}/{name}"
    status = raw(access, "POST", target, {**bearer(token), "apikey": apikey, **TEXT}, b"PWN")
    assert status in {400, 404}
    after = {path for path in stack.root.rglob("*") if "pg" not in path.parts}
    assert {path.name for path in after - before} <= {"api.log"}


@pytest.mark.parametrize(
    "target",
    [
        "/storage/v1/object/photos/../../../../../../etc/passwd",
        "/storage/v1/object/photos/..%2f..%2f..%2fsecrets.json",
        "/storage/v1/object/photos/%2e%2e%2f%2e%2e%2fsecrets.json",
        "/storage/v1/object/..%2f..%2fphotos/a.txt",
        "/storage/v1/object/sign/photos/..%2f..%2fsecrets.json?token=x",
        "/storage/v1/object/public/photos/../../secrets.json",
        "/storage/v1/../../secrets.json",
        "/../secrets.json",
    ],
)
async def test_no_address_reads_the_machine(access: Access, target: str) -> None:
    """Raw sockets, because clients clean addresses up before they send them."""
    headers = {**bearer(access.secret_key), "apikey": access.secret_key}
    assert raw(access, "GET", target, headers) in {400, 401, 403, 404}


def raw(
    access: Access, method: str, target: str, headers: dict[str, str], body: bytes = b""
) -> int:
    address = urlsplit(access.url)
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode()
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(head + body)
        answer = connection.makefile("rb").readline()
    return int(answer.split()[1])


async def test_a_lying_length_stores_nothing(
    ann: Person, access: Access, http: httpx.AsyncClient
) -> None:
    """An upload cut in the middle leaves no file and no row."""
    address = urlsplit(access.url)
    path = f"{ann.id}/cut.txt"
    head = (
        f"POST /storage/v1/object/photos/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"apikey: {access.publishable_key}\r\nAuthorization: Bearer {ann.token}\r\n"
        "Content-Type: text/plain\r\nContent-Length: 500000\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(head.encode() + b"x" * 1000)
    assert await ann.client.storage.from_("photos").list(ann.id) == []
    health = await http.get("/healthz")
    assert health.status_code == 200


async def test_ports_are_open_on_this_machine_only(access: Access) -> None:
    """Nothing listens beyond loopback."""
    port = urlsplit(access.url).port
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            own = probe.getsockname()[0]
        except OSError:
            pytest.skip("no network here")
    if own.startswith("127."):
        pytest.skip("no network here")
    with pytest.raises(OSError, match="refused|timed out"):
        socket.create_connection((own, port), timeout=2)
