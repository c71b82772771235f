"""Forged, expired and foreign tokens at all three services."""

import base64
import json
import time
import uuid

import httpx
import jwt
import pytest

from backend.local_supabase import Access

from .conftest import Person, bearer

SERVICES = {
    "rest": "/rest/v1/notes?select=id",
    "storage": "/storage/v1/bucket",
    "auth": "/auth/v1/user",
}
REFUSED = {"rest": {401}, "storage": {400}, "auth": {401, 403}}


def unsigned(claims: dict[str, object]) -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def forgeries(ann: Person, secret: str) -> dict[str, str]:
    now = int(time.time())
    base = {"sub": ann.id, "role": "authenticated", "aud": "authenticated", "exp": now + 600}
    head, _, signature = ann.token.split(".")
    raised = unsigned({**base, "role": "service_role"}).split(".")[1]
    return {
        "unsigned": unsigned(base),
        "unsigned service": unsigned({**base, "role": "service_role"}),
        "wrong secret": jwt.encode(base, "x" * 48),
        "library default secret": jwt.encode(base, "unsafe-secret-change-me-unsafe-secret"),
        "expired": jwt.encode({**base, "exp": now - 5}, secret),
        "not yet": jwt.encode({**base, "nbf": now + 500}, secret),
        "other algorithm": jwt.encode(base, secret, "HS512"),
        "tampered": f"{head}.{raised}.{signature}",
        "stripped": f"{head}.{raised}.",
        "garbage": "abc.def.ghi",
        "one word": "abc",
    }


NAMES = [
    "unsigned", "unsigned service", "wrong secret", "library default secret", "expired", "not yet",
    "other algorithm", "tampered", "stripped", "garbage", "one word",
]  # fmt: skip


@pytest.mark.shim("tokens.mjs whoAsks: the library takes unsigned tokens for anon")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", NAMES)
async def test_a_forged_token_is_refused(
    ann: Person, access: Access, http: httpx.AsyncClient, name: str, service: str
) -> None:
    """No service answers a token it cannot verify, not even as anon."""
    token = forgeries(ann, access.jwt_secret)[name]
    answer = await http.get(SERVICES[service], headers=bearer(token))
    assert answer.status_code in REFUSED[service]


@pytest.mark.shim("tokens.mjs unknownRole: 500 in storage")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ["postgres", "supabase_admin", "local_supabase_api", "nobody", 5])
async def test_a_token_cannot_name_any_role(
    access: Access, http: httpx.AsyncClient, service: str, role: object
) -> None:
    """Only anon, authenticated and service_role can be asked for."""
    claims = {"sub": str(uuid.uuid4()), "role": role, "exp": int(time.time()) + 60}
    headers = bearer(jwt.encode(claims, access.jwt_secret))
    answer = await http.get(SERVICES[service], headers=headers)
    assert answer.status_code in REFUSED[service]


async def test_expired_tokens_are_named_so(
    access: Access, ann: Person, http: httpx.AsyncClient
) -> None:
    """PostgREST says PGRST303 so that clients refresh."""
    token = forgeries(ann, access.jwt_secret)["expired"]
    answer = await http.get(SERVICES["rest"], headers=bearer(token))
    assert answer.json()["code"] == "PGRST303"


async def test_without_a_key_nothing_is_answered(access: Access, ann: Person) -> None:
    """The gateway asks for a key before any service is reached."""
    async with httpx.AsyncClient(base_url=access.url) as client:
        for headers in ({}, {"apikey": "sb_publishable_wrong"}, bearer(ann.token)):
            assert (await client.get(SERVICES["rest"], headers=headers)).status_code == 401
            assert (await client.get(SERVICES["auth"], headers=headers)).status_code in {401, 403}


async def test_the_secret_key_in_place_of_a_token_is_not_enough(
    access: Access, http: httpx.AsyncClient, ann: Person
) -> None:
    """With the publishable key as `apikey`, a secret key as bearer stays anon."""
    await ann.client.table("notes").insert({"title": "hidden"}).execute()
    answer = await http.get(SERVICES["rest"], headers=bearer(access.secret_key))
    assert answer.json() == [] or answer.status_code == 401


async def test_a_signed_address_is_no_sign_in(ann: Person, http: httpx.AsyncClient) -> None:
    """The token inside a signed file address opens that file and nothing else."""
    files = ann.client.storage.from_("photos")
    await files.upload(f"{ann.id}/t.txt", b"x", {"content-type": "text/plain"})
    address = (await files.create_signed_url(f"{ann.id}/t.txt", 60))["signedURL"]
    token = address.split("token=")[1]
    assert (await http.get(SERVICES["rest"], headers=bearer(token))).json() == []
    assert (await http.get(SERVICES["auth"], headers=bearer(token))).status_code in {400, 403}
