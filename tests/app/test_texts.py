"""The catalogues: the same keys in both languages, all of them used, none of them missing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.text import EN, LANGUAGES, ZH, local, say
from app.text.errors import of_code, sentence
from backend import errors as ours
from backend import forms
from backend.errors import ServiceError, TooMany

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = {"zh": ZH, "en": EN}
# The other language's own name stands in its own script.
IN_ITS_OWN_SCRIPT = {"prefer.lang.zh"}
# These stand in Latin letters in Chinese too: a name of a language, a size in units.
IN_LATIN_LETTERS = {"prefer.lang.en", "desk.material.size"}
# Refusals that only the server's own programs can meet: they are logged, never shown.
FOR_PROGRAMS = {
    "audit_log_is_kept",
    "published_guide_is_kept",
    "working_time_invalid",
    "department_unknown",
    "person_unknown",
    "hook_not_signed",
}


def trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of these folders, but not the catalogues themselves."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            is_ours = not {"node_modules", "local_supabase", "launch", "text"} & set(
                path.relative_to(ROOT).parts[:-1]
            )
            if is_ours or path.parent == ROOT / "app" / "text":
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def pattern_of(text: ast.JoinedStr) -> str:
    """An f-string as a pattern: fixed parts as they are, values as anything without a blank."""
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.]+"
        for part in text.values
    ]
    return "".join(parts)


def keys_that_code_mentions() -> tuple[set[str], set[str]]:
    """Whole strings, and patterns of f-strings that begin like a key."""
    strings: set[str] = {key for key, _ in keys_of_templates()}
    patterns: set[str] = set()
    for _, tree in trees("app", "components"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
            if isinstance(node, ast.JoinedStr):
                first = node.values[0] if node.values else None
                if isinstance(first, ast.Constant) and re.match(r"[a-z_]+\.", str(first.value)):
                    patterns.add(pattern_of(node))
                elif len(node.values) > 1 and isinstance(first, ast.FormattedValue):
                    last = node.values[-1]
                    if isinstance(last, ast.Constant) and str(last.value) == "_note":
                        patterns.add(pattern_of(node))
    return strings, patterns


def keys_asked_for() -> Iterator[tuple[str, str]]:
    """Every key that is written out where a sentence is asked for, with its place."""
    for path, tree in trees("app"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = {"t": 0, "say": 1, "page": 1}.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            argument = node.args[place]
            branches = (
                [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
            )
            for branch in branches:
                if isinstance(branch, ast.Constant):
                    yield str(branch.value), f"{path.relative_to(ROOT)}:{node.lineno}"


def keys_of_templates() -> Iterator[tuple[str, str]]:
    """Every key that a template of a plain page asks for, with its place."""
    for path in sorted((ROOT / "app" / "plain").rglob("*.html")):
        for call in re.findall(r"\bw\(([^)]*)", path.read_text(encoding="utf-8")):
            for key in re.findall(r"'([a-z_]+\.[a-z_.]+)'", call):
                yield key, path.name


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert set(ZH) == set(EN)
    assert len(ZH) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_untidy(language: str) -> None:
    for key, text in CATALOGUES[language].items():
        assert text and text == text.strip(), key
        assert "  " not in text and "TODO" not in text, key


@pytest.mark.parametrize("key", sorted(set(ZH) & set(EN)))
def test_a_sentence_asks_for_the_same_values_in_both_languages(key: str) -> None:
    assert placeholders(ZH[key]) == placeholders(EN[key])


def test_english_is_english_and_chinese_is_chinese() -> None:
    han = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    assert {key for key, text in EN.items() if han.search(text)} <= IN_ITS_OWN_SCRIPT
    latin_only = {
        key for key, text in ZH.items() if re.search(r"[A-Za-z]{3}", re.sub(r"\{\w+\}", "", text))
        and not han.search(text)
    }  # fmt: skip
    assert latin_only <= IN_LATIN_LETTERS


def test_keys_are_words() -> None:
    assert [key for key in ZH if not re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)*", key)] == []


def test_every_key_that_is_asked_for_exists() -> None:
    asked = [*keys_asked_for(), *keys_of_templates()]
    assert len(asked) > 150
    assert [(key, place) for key, place in asked if key not in EN] == []


def test_every_key_is_used() -> None:
    strings, patterns = keys_that_code_mentions()
    wanted = re.compile("|".join(sorted(patterns)))
    codes = set(codes_of_sql()) | set(codes_of_python())
    unused = [
        key
        for key in EN
        if key not in strings
        and not wanted.fullmatch(key)
        and key.removeprefix("error.") not in codes
    ]
    assert unused == []


def test_every_value_of_the_database_has_its_word() -> None:
    """Statuses, kinds and the like become keys: each value that the database allows has one."""
    checks = {
        "turn": (
            "draft",
            "waiting_for_citizen",
            "suspended",
            "approved",
            "refused",
            "returned",
            "withdrawn",
            "owed",
        ),
        "event": (
            "claimed",
            "handed_over",
            "returned",
            "return_asked",
            "notice_sent",
            "replied",
            "second_notice_asked",
            "second_notice_allowed",
            "referred_up",
            "suspended",
            "resumed",
            "asked",
            "answered",
            "owed",
            "owed_confirmed",
            "owed_sent_back",
            "clock_moved",
        ),
        "stand": ("notice", "site_visit", "public_notice", "expert_opinion"),
        "reason": ("site_visit", "public_notice", "expert_opinion"),
        "parts.state": ("waiting", "current", "approved", "refused", "ended", "not_needed"),
        "owed": ("handed_in", "confirmed"),
        "case.level": ("prefecture", "province"),
        "story": ("forwarded", "approved", "refused", "produced"),
        "story.end": ("approved", "refused", "withdrawn"),
        "story.state": ("done", "now", "todo", "stopped"),
        "role": (
            "window_clerk",
            "approver",
            "video_officer",
            "grid_worker",
            "volunteer",
            "coordinator",
            "supervisor",
            "administrator",
        ),
        "desk.outcome": ("forwarded", "approved", "refused", "produced"),
        "desk.channel": ("phone", "window", "call", "errand"),
        "kind": ("instant", "promised", "joint", "referred_up", "returned", "supplementary"),
        "guide.within": ("working_hour", "working_day"),
        "limit": ("working_hour", "working_day", "working_hour.one", "working_day.one"),
    }
    keys = {f"{group}.{value}" for group, values in checks.items() for value in values}
    assert keys - set(EN) == set()


def codes_of_sql() -> Iterator[str]:
    """Error codes that SQL raises or answers for a field."""
    for path in sorted((ROOT / "migrations").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"private\.refuse\('([a-z_0-9]+)'", text)
        for body in re.findall(r"function private\.\w+_problems?\(.*?\$\$;", text, re.DOTALL):
            yield from re.findall(r"'([a-z]+(?:_[a-z]+)*_(?:required|unknown|invalid|long))'", body)


def codes_of_python() -> Iterator[str]:
    """Error codes that Python raises, or finds for a field."""
    kinds = {
        name
        for name, value in vars(ours).items()
        if isinstance(value, type) and issubclass(value, ServiceError)
    }
    for path, tree in trees("backend", "app"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in kinds and node.args and isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value)
            elif isinstance(node, ast.ClassDef):
                yield from _class_codes(node)
            elif path.name == "forms.py" and isinstance(node, ast.Return | ast.Expr | ast.Assign):
                yield from _returned_codes(node)
    yield from forms._CODES.values()


def _class_codes(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        is_code = isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code"
        if is_code and isinstance(line.value, ast.Constant):  # type: ignore[union-attr]
            yield str(line.value.value)  # type: ignore[union-attr]


def _returned_codes(node: ast.stmt) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)+", str(part.value)):
            yield str(part.value)


def test_every_error_code_has_a_sentence_in_both_languages() -> None:
    codes = set(codes_of_sql()) | set(codes_of_python())
    assert {"case_not_found", "phone_foreign", "bank_card_invalid", "age_below"} <= codes
    missing = {code for code in codes if f"error.{code}" not in EN} - FOR_PROGRAMS
    assert missing == set()
    # And the list of exceptions names nothing that is gone, or that has a sentence by now.
    assert {c for c in FOR_PROGRAMS if c not in codes or f"error.{c}" in EN} == set()


def test_every_error_sentence_belongs_to_a_code() -> None:
    codes = set(codes_of_sql()) | set(codes_of_python())
    sentences = {key.removeprefix("error.") for key in EN if key.startswith("error.")}
    assert sentences - codes == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_sentence_can_be_said(language: Any) -> None:
    for key in EN:
        if key.startswith("error."):
            code = key.removeprefix("error.")
            text = of_code(language, code, "X-1")
            assert "{" not in text and text, key


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(1, "1", "1 second"), (89, "89", "89 seconds"), (90, "2", "2 minutes"), (900, "15", "15 min")],
)
def test_waiting_times_are_said_as_people_say_them(seconds: int, zh: str, en: str) -> None:
    error = TooMany("too_many_tries", seconds=seconds)
    assert zh in sentence("zh", error) and en in sentence("en", error)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_code_gets_the_general_sentence_with_the_code(language: Any) -> None:
    text = sentence(language, ServiceError("something_new"))
    assert "something_new" in text
    assert text == say(language, "error.service_failed", code="something_new")


def test_texts_of_the_database() -> None:
    assert local("en", {"zh": "你好", "en": "Hello"}) == "Hello"
    assert local("zh", None) == ""
    with pytest.raises(KeyError):
        say("zh", "no.such.key")
