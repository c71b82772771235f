"""Headers, caching and error answers of the real server."""

import httpx
import pytest

PAGE = {"accept": "text/html"}


def policy_of(answer: httpx.Response) -> dict[str, list[str]]:
    rules = (rule.split() for rule in answer.headers["content-security-policy"].split(";"))
    return {name: values for name, *values in rules}


def test_page_policy_is_strict(site: str) -> None:
    rules = policy_of(httpx.get(f"{site}/"))
    scripts = rules["script-src"]
    assert scripts[0] == "'self'"
    assert all(value.startswith("'sha256-") for value in scripts[1:])
    assert rules["style-src"] == ["'self'"]
    assert rules["object-src"] == rules["frame-ancestors"] == ["'none'"]
    assert not any("unsafe" in value for values in rules.values() for value in values)


def test_only_own_sockets_may_be_opened(site: str) -> None:
    allowed = policy_of(httpx.get(f"{site}/"))["connect-src"]
    assert site.replace("http", "ws") in allowed
    own = ("'self'", "ws://localhost", "ws://127.0.0.1", "http://localhost")
    assert all(value.startswith(own) for value in allowed)


@pytest.mark.parametrize("path", ["/", "/sw.js", "/api/health", "/nothing", "/shell.js"])
def test_every_answer_is_guarded(site: str, path: str) -> None:
    headers = httpx.get(f"{site}{path}").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert "content-security-policy" in headers
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    ("path", "rule"),
    [("/", "no-cache"), ("/sw.js", "no-cache"), ("/api/health", "no-store")],
)
def test_what_may_be_kept(site: str, path: str, rule: str) -> None:
    assert httpx.get(f"{site}{path}").headers["cache-control"] == rule


def test_hashed_files_are_kept_for_ever(site: str) -> None:
    page = httpx.get(f"{site}/").text
    asset = page.split('href="/assets/')[1].split('"')[0]
    answer = httpx.get(f"{site}/assets/{asset}", headers={"accept-encoding": "br"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "br"


def test_missing_file_is_not_kept(site: str) -> None:
    answer = httpx.get(f"{site}/assets/gone.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-cache"


def test_unknown_page_is_404_with_a_page(site: str) -> None:
    answer = httpx.get(f"{site}/nothing/", headers=PAGE)
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]


def test_health_names_what_is_down(site: str) -> None:
    answer = httpx.get(f"{site}/api/health", timeout=15)
    assert answer.json()["web"] == "ok"
    assert (answer.status_code == 200) == (answer.json()["status"] == "ok")


def test_fault_of_an_endpoint_has_a_reference_and_no_details(site: str) -> None:
    answer = httpx.get(f"{site}/api/fail")
    assert answer.status_code == 500
    assert len(answer.json()["reference"]) == 8
    assert "secret" not in answer.text


def test_fault_of_a_page_is_calm(site: str) -> None:
    answer = httpx.get(f"{site}/api/fail", headers=PAGE)
    assert answer.status_code == 500
    assert "编号" in answer.text
    assert "secret" not in answer.text


def test_foreign_page_may_not_open_the_socket(site: str) -> None:
    headers = {
        "origin": "https://elsewhere.example",
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
    }
    answer = httpx.get(f"{site}/_event/?token=x&EIO=4&transport=websocket", headers=headers)
    assert answer.status_code in (400, 403)
