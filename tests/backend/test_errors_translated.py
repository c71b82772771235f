"""Errors of the data API, auth, storage and the network become ours; what is unknown stays."""

from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from county import SignIn
from postgrest.exceptions import APIError
from storage3.exceptions import StorageApiError
from supabase_auth.errors import AuthApiError

from backend import divisions, services
from backend.config import REQUIRED, Settings, SettingsMissing, read
from backend.database import call, person_db, service_db, stranger_db, translated
from backend.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    ServiceError,
    SessionExpired,
    TooMany,
    Unavailable,
)


def api(code: str, message: str = "x", details: str | None = None) -> APIError:
    return APIError({"code": code, "message": message, "details": details, "hint": None})


def translation(error: Exception) -> Exception:
    with pytest.raises(Exception) as caught, translated():
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (api("PT400", "working_time_invalid"), Invalid, "working_time_invalid"),
        (api("PT401", "sign_in_needed"), SessionExpired, "sign_in_needed"),
        (api("PT403", "own_case"), NotAllowed, "own_case"),
        (api("PT404", "case_not_found"), NotFound, "case_not_found"),
        (api("PT409", "guide_changed"), Conflict, "guide_changed"),
        (api("PT422", "reason_needed"), Invalid, "reason_needed"),
        (api("PT503", "case_codes_used_up"), Unavailable, "case_codes_used_up"),
        (api("PT418", "teapot_code"), ServiceError, "teapot_code"),
        (api("PGRST301", "JWT expired"), SessionExpired, "sign_in_needed"),
        (api("PGRST303", "JWT expired"), SessionExpired, "sign_in_needed"),
        (api("42501", "permission denied"), NotAllowed, "not_allowed"),
        (api("23505", "duplicate key"), Conflict, "conflict"),
        (api("40001", "could not serialize"), Conflict, "conflict"),
        (api("40P01", "deadlock detected"), Conflict, "conflict"),
        (api("22P02", "invalid input syntax for type uuid"), Invalid, "field_invalid"),
        (api("23514", "check"), Invalid, "field_invalid"),
        (api("57014", "canceling statement"), Unavailable, "unavailable"),
        (api("53300", "too many connections"), Unavailable, "unavailable"),
        (api("08006", "connection failure"), Unavailable, "unavailable"),
        (api("PGRST003", "timed out"), Unavailable, "unavailable"),
        (AuthApiError("x", 403, "otp_expired"), Invalid, "code_wrong_or_expired"),
        (AuthApiError("x", 400, "refresh_token_not_found"), SessionExpired, "sign_in_needed"),
        (AuthApiError("x", 400, "refresh_token_already_used"), SessionExpired, "sign_in_needed"),
        (
            AuthApiError("Refresh token is not valid", 400, "validation_failed"),
            SessionExpired,
            "sign_in_needed",
        ),
        (AuthApiError("x", 403, "session_not_found"), SessionExpired, "sign_in_needed"),
        (AuthApiError("x", 403, "user_banned"), NotAllowed, "person_banned"),
        (AuthApiError("x", 422, "sms_send_failed"), Unavailable, "sms_not_sent"),
        (AuthApiError("x", 500, None), Unavailable, "unavailable"),
        (StorageApiError("x", "NoSuchKey", 404), NotFound, "document_not_found"),
        (StorageApiError("x", "AccessDenied", "403"), NotFound, "document_not_found"),
        (StorageApiError("x", "EntityTooLarge", 413), Invalid, "file_too_large"),
        (StorageApiError("x", "Duplicate", "409"), Conflict, "file_arrived"),
        (StorageApiError("x", "InternalError", 500), Unavailable, "unavailable"),
        (api("SUP", "CONNECTION_CLOSED"), Unavailable, "unavailable"),
        (httpx.ConnectError("x"), Unavailable, "unavailable"),
        (httpx.ReadTimeout("x"), Unavailable, "unavailable"),
    ],
)
def test_known_errors(error: Exception, kind: type[ServiceError], code: str) -> None:
    found = translation(error)
    assert type(found) is kind
    assert isinstance(found, ServiceError) and found.code == code
    assert found.__cause__ is error


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (api("PT429", "too_many_uploads", "3600"), 3600),
        (api("PT429", "too_many_uploads"), 60),
        (AuthApiError("only request this after 42 seconds", 429, "over_sms_send_rate_limit"), 42),
        (AuthApiError("Request rate limit reached", 429, "over_request_rate_limit"), 60),
    ],
)
def test_too_often_says_how_long(error: Exception, seconds: int) -> None:
    found = translation(error)
    assert isinstance(found, TooMany) and found.seconds == seconds


@pytest.mark.parametrize(
    "error",
    [
        api("PGRST202", "Could not find the function"),
        api("42703", "column does not exist"),
        api("XX000", "internal"),
        api("PT404", "Not a code word"),
        AuthApiError("x", 400, "validation_failed"),
        KeyError("x"),
    ],
)
def test_what_is_unknown_stays_a_fault(error: Exception) -> None:
    assert translation(error) is error


async def test_the_detail_comes_along(sign_in: SignIn) -> None:
    who = await sign_in()
    with pytest.raises(Invalid) as caught:
        await call(who.db, "save_my_profile", name="", id_number=None, division_code=None)
    assert (caught.value.code, caught.value.detail) == ("name_invalid", "name")


async def test_real_refusals(settings: Settings, sign_in: SignIn) -> None:
    who = await sign_in()
    with pytest.raises(NotFound, match="case_not_found"):
        await call(who.db, "application_page", application_id=str(uuid4()))
    with pytest.raises(Invalid):
        await call(who.db, "application_page", application_id="no uuid")
    with pytest.raises(NotAllowed):
        await call(who.db, "take_attempt", kind="abc", key="x", limit=1, seconds=1)
    with pytest.raises((NotAllowed, SessionExpired)):
        await call(stranger_db(settings), "my_profile")
    with pytest.raises(SessionExpired):
        await call(person_db(settings, "not.a.token"), "my_profile")


async def test_a_service_that_is_down_is_unavailable(settings: Settings) -> None:
    gone = replace(settings, supabase_url="http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await call(service_db(gone), "health")


async def test_strangers_read_services_and_divisions(settings: Settings) -> None:
    stranger = stranger_db(settings)
    everything = (await services.find(stranger, limit=60))["services"]
    assert len(everything) >= 12
    for typed in ("尊老金", "zunlaojin", "ELDERLY allowance"):
        found = await services.find(stranger, search=typed)
        assert found["services"][0]["code"] == "elderly-allowance", typed
    assert (await services.find(stranger, search="100%_no such' thing"))["services"] == []
    births = await services.find(stranger, only=services.Filter(life_event="birth"))
    assert births["services"]
    assert all("birth" in s["life_events"] for s in births["services"])
    first = await services.find(stranger, limit=5)
    more = await services.find(stranger, after=first["more"], limit=5)
    assert not {s["code"] for s in first["services"]} & {s["code"] for s in more["services"]}
    page = await services.page(stranger, "elderly-allowance")
    for item in ("content", "legal_basis", "conditions", "procedure", "promised_value", "result"):
        assert page["guide"][item], item
    assert page["materials"] and page["steps"] and page["guide"]["fee_fen"] == 0
    assert "form_schema" not in page["guide"]
    with pytest.raises(NotFound) as caught:
        await services.page(stranger, "no-such-service")
    assert caught.value.code == "service_not_found"
    levels = [d["level"] for d in await divisions.every(stranger)]
    assert (levels.count("county"), levels.count("township")) == (1, 16)
    assert levels.count("village") == 84


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsMissing) as caught:
        read({"SITE_URL": "http://localhost:3000"})
    assert all(name in str(caught.value) for name in REQUIRED if name != "SITE_URL")
    found = read(dict.fromkeys(REQUIRED, "https://x/"))
    assert (found.site_url, found.is_secure, found.is_embedded) == ("https://x", True, False)
