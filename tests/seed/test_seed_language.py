"""Every text of the seed is there in Chinese and in English, and each is in its own language."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from seed_files import SEED, read

FILES = sorted(str(path.relative_to(SEED)) for path in SEED.rglob("*.json"))
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
ENGLISH_SENTENCE = re.compile(r"[A-Za-z]{2,}[ ,;]+[A-Za-z]{2,}")
WESTERN_PUNCTUATION = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")
# Names of real people and of the register, and what registers hold, are written only as they are.
ONLY_CHINESE = {("people.json", "name"), ("divisions.json", "register_name")}


def walk(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from walk(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from walk(part, (*path, str(number)))


def bilingual(name: str) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    return [
        (path, value)
        for path, value in walk(read(name))
        if isinstance(value, dict) and {"zh", "en"} & set(value)
    ]


def texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_the_seed_has_files() -> None:
    assert {Path(name).name for name in FILES} >= {"divisions.json", "departments.json"}


@pytest.mark.parametrize("name", FILES)
def test_both_languages_are_written(name: str) -> None:
    for path, value in bilingual(name):
        assert set(value) == {"zh", "en"}, path
        for language in ("zh", "en"):
            assert texts(value[language]), path
            for text in texts(value[language]):
                assert isinstance(text, str), path
                assert text and text == text.strip(), (path, language)


@pytest.mark.parametrize("name", FILES)
def test_english_has_no_chinese(name: str) -> None:
    for path, value in bilingual(name):
        for text in texts(value["en"]):
            assert not CHINESE.search(text), (path, text)


@pytest.mark.parametrize("name", FILES)
def test_chinese_is_chinese(name: str) -> None:
    for path, value in bilingual(name):
        for text in texts(value["zh"]):
            assert CHINESE.search(text), (path, text)
            assert not ENGLISH_SENTENCE.search(text), (path, text)
            assert not WESTERN_PUNCTUATION.search(text), (path, text)


@pytest.mark.parametrize("name", FILES)
def test_chinese_stands_only_beside_english(name: str) -> None:
    for path, value in walk(read(name)):
        if isinstance(value, str) and CHINESE.search(value):
            allowed = "zh" in path or (name, path[-1]) in ONLY_CHINESE or "records" in path
            assert allowed, (path, value)
