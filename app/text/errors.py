"""Refusals as sentences: the error code is the key, its data fill the sentence."""

from app.text import EN, Language, say
from backend.errors import ServiceError, TooMany


def waiting_time(language: Language, seconds: int) -> str:
    """How long to wait, as people say it."""
    if seconds < 90:
        return say(language, "wait.seconds", value=seconds)
    return say(language, "wait.minutes", value=-(-seconds // 60))


def of_code(language: Language, code: str, detail: str = "") -> str:
    """The sentence of an error code; an unknown one gets the general sentence with the code."""
    key = f"error.{code}"
    if key not in EN:
        return say(language, "error.service_failed", code=code)
    return say(language, key, detail=detail, code=code)


def sentence(language: Language, error: ServiceError) -> str:
    """What to tell a person about a refusal, with the way on."""
    if isinstance(error, TooMany):
        return of_code(language, error.code, waiting_time(language, error.seconds))
    return of_code(language, error.code, error.detail)
