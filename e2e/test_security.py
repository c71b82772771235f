"""What a browser, and who imitates one, can and cannot do."""

from __future__ import annotations

import uuid

import httpx
import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.browsing import Complaints, give_session
from e2e.county import County
from e2e.places import ROUTES
from e2e.steps import Open

OURS = {"x-requested-with": "onetrip", "content-type": "application/json"}


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_every_page_carries_the_policy(county: County, route: str) -> None:
    answer = httpx.get(county.address + route)
    assert answer.status_code == 200
    rules = {
        name: rule
        for name, _, rule in (
            part.strip().partition(" ")
            for part in answer.headers["content-security-policy"].split(";")
        )
    }
    assert "'unsafe-eval'" not in rules["script-src"]
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "*" not in rules["script-src"].split()
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert rules["base-uri"] == "'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"]
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert "set-cookie" not in answer.headers


def test_the_session_cookie_is_out_of_reach_of_scripts(county: County, phone: Open) -> None:
    page = phone()
    page.goto("/sign-in/?next=/me/")
    steps.sign_in(page, county, county.new_citizen().phone)
    expect(page.locator("#sign-out")).to_be_visible()
    cookie = next(c for c in page.context.cookies() if c["name"] == "onetrip_session")
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["secure"] is county.address.startswith("https")
    assert "onetrip_session" not in page.evaluate("document.cookie")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert cookie["value"] not in kept


@pytest.mark.parametrize("path", ["/api/session", "/api/session/end", "/api/documents/begin"])
@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {**OURS, "origin": "https://evil.example"},
        {**OURS, "origin": "null"},
        {"content-type": "text/plain", "origin": "https://evil.example"},
    ],
    ids=["no-header", "foreign-origin", "no-origin-at-all", "simple-request"],
)
def test_a_foreign_page_cannot_act(county: County, path: str, headers: dict[str, str]) -> None:
    answer = httpx.post(county.address + path, headers=headers, content="{}")
    assert answer.status_code == 403
    assert answer.json()["code"] == "request_refused"
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_page_opens_no_socket(county: County) -> None:
    upgrade = {
        "origin": "https://evil.example",
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
    }
    url = f"{county.address}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    answer = httpx.get(url, headers=upgrade)
    assert answer.status_code in (400, 403)


def test_somebody_elses_photo_is_not_there(
    county: County, phone: Open, complaints: Complaints
) -> None:
    complaints.expect("status of 40[14]")
    owner, other = county.new_citizen(), county.new_citizen()
    draft = county.draft(owner)
    documents = [
        document["id"]
        for material in county.page(owner.phone, draft)["materials"]
        for document in material["documents"]
    ]
    assert len(documents) == 4
    mine = phone(owner.phone).request.get(f"/api/documents/{documents[0]}")
    assert mine.status == 200
    assert mine.headers["content-type"] == "image/jpeg"
    assert "no-store" in mine.headers["cache-control"]
    assert mine.headers["x-content-type-options"] == "nosniff"
    theirs = phone(other.phone).request
    for wanted in (*documents, str(uuid.uuid4()), "..%2f..%2fsecrets", "nonsense"):
        assert theirs.get(f"/api/documents/{wanted}").status == 404
    assert phone().request.get(f"/api/documents/{documents[0]}").status == 401


def test_an_unsigned_way_into_storage_is_closed(county: County) -> None:
    path = f"{uuid.uuid4()}/{uuid.uuid4()}"
    put = httpx.put(
        f"{county.address}/storage/v1/object/upload/sign/incoming/{path}?token=x", content=b"x"
    )
    assert put.status_code in (400, 401, 403, 404)
    for address in (
        f"/storage/v1/object/sign/materials/{path}?token=x",
        f"/storage/v1/object/public/materials/{path}",
        f"/storage/v1/object/materials/{path}",
        "/storage/v1/bucket",
        "/rest/v1/people",
        "/auth/v1/settings",
    ):
        assert httpx.get(county.address + address).status_code in (401, 403, 404)


def test_the_hook_is_deaf_to_unsigned_calls(county: County) -> None:
    answer = httpx.post(
        f"{county.address}/api/hooks/send-sms",
        json={"user": {"phone": "8613800000001"}, "sms": {"otp": "123456"}},
    )
    assert answer.status_code in (401, 403)
    assert county.codes_sent("+8613800000001") == 0 or county.code_for("+8613800000001") != "123456"


def test_sign_in_leads_nowhere_else(county: County, phone: Open) -> None:
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
        page = phone()
        page.goto(f"/sign-in/?next={target}")
        steps.sign_in(page, county, county.new_citizen().phone)
        assert page.url == f"{county.address}/"


def test_what_the_browser_says_about_itself_is_not_believed(county: County, phone: Open) -> None:
    """A cookie that somebody made up is no session."""
    page = phone()
    give_session(page.context, county, "A" * 43)
    page.goto("/cases/")
    page.wait_for_url("**/sign-in/**")


def test_faults_and_health_tell_nothing(county: County) -> None:
    health = httpx.get(f"{county.address}/api/health")
    assert health.status_code == 200
    assert health.json()["status"] == "ok"
    for address in ("/api/nothing", "/openapi.json", "/docs", "/redoc"):
        answer = httpx.get(county.address + address)
        assert answer.status_code == 404
        assert "Traceback" not in answer.text
