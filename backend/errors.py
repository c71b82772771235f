"""Errors are codes: one word, the same in SQL, Python and the text catalogue; sentences live in the
catalogue."""

from __future__ import annotations


class ServiceError(Exception):
    """Something a person can be told, by code; `detail` is data for the sentence, never the
    sentence."""

    code = "service_failed"

    def __init__(self, code: str | None = None, *, field: str = "", detail: str = "") -> None:
        self.code = code or self.code
        self.field = field
        self.detail = detail
        super().__init__(f"{self.code} {field} {detail}".strip())


class Invalid(ServiceError):
    """What was given is not right; `field` says where."""

    code = "field_invalid"


class SessionExpired(ServiceError):
    """Nobody is signed in, or no longer."""

    code = "sign_in_needed"


class NotAllowed(ServiceError):
    """The person may not do this."""

    code = "not_allowed"


class NotFound(ServiceError):
    """It is not there, or not for this person."""

    code = "not_found"


class Conflict(ServiceError):
    """Somebody or something was faster."""

    code = "conflict"


class TooMany(ServiceError):
    """Too often; `seconds` says how long to wait."""

    code = "too_many"

    def __init__(self, code: str | None = None, *, seconds: int = 60, field: str = "") -> None:
        self.seconds = max(1, seconds)
        super().__init__(code, field=field, detail=str(self.seconds))


class Unavailable(ServiceError):
    """A part we need does not answer; trying again later helps."""

    code = "unavailable"
