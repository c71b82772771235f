"""How typed words are cleaned and how Chinese sounds."""

import pytest

from backend import spelling


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  医保 \n 报销 ", "医保 报销"),
        ("ｙｉｂａｏ", "yibao"),
        ("a\x00b\u202ec\u200bd", "a b c d"),
        ("", ""),
        ("\t\x07", ""),
        ("%_'", "%_'"),
    ],
)
def test_typed_words_become_one_clean_line(typed: str, cleaned: str) -> None:
    assert spelling.cleaned(typed) == cleaned


def test_what_is_too_long_is_cut() -> None:
    assert len(spelling.cleaned("医" * 10_000)) == spelling.MAX_TYPED


@pytest.mark.parametrize(
    ("typed", "heart"),
    [
        ("请问怎么给孩子上户口？", "给孩子上户口"),
        ("我要办理医保", "医保"),
        ("怎么办", "怎么办"),
        ("养老金认证", "养老金认证"),
        ("medical insurance", "medical insurance"),
    ],
)
def test_what_is_said_around_it_is_left_out(typed: str, heart: str) -> None:
    assert spelling.heart(typed) == heart


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("医保", "yibao"),
        ("衣保", "yibao"),
        ("银行", "yinhang"),
        ("医保 card", "yibao card"),
        ("YB12", "yb12"),
        ("😀%", ""),
    ],
)
def test_chinese_sounds_like_pinyin(text: str, sound: str) -> None:
    assert spelling.sound(text) == sound


def test_phrases_are_spelled_out_and_by_initials() -> None:
    assert spelling.sounds(["医保", "医保（居民）"]).split() == ["yibao", "jumin", "yb", "jm"]
