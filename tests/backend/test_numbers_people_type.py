"""Phone numbers, codes and identity numbers, however they are typed."""

import pytest
from stdnum.cn import ric

from backend import auth, people
from backend.errors import Invalid


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001",
        " 138 0000 0001 ",
        "138-0000-0001",
        "+86 138 0000 0001",
        "+8613800000001",
        "8613800000001",
        "008613800000001",
        "(+86)13800000001",
        "１３８００００００01",
        "＋８６１３８００００００01",
        "（138）00000001",
        "13800000001\n",
    ],
)
def test_one_number_in_many_dresses(typed: str) -> None:
    assert auth.normal_phone(typed) == "+8613800000001"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_needed"),
        ("  ", "phone_needed"),
        ("12345", "phone_invalid"),
        ("12800000001", "phone_invalid"),
        ("138000000011", "phone_invalid"),
        ("1380000000a", "phone_invalid"),
        ("0937 3212345", "phone_invalid"),
        ("1٣800000001", "phone_invalid"),
        ("+86 12345", "phone_invalid"),
        ("+852 9123 4567", "phone_foreign"),
        ("0085291234567", "phone_foreign"),
        ("+1 415 555 0100", "phone_foreign"),
        ("'; drop table people", "phone_invalid"),
    ],
)
def test_numbers_that_get_no_code(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        auth.normal_phone(typed)
    assert (caught.value.code, caught.value.field) == (code, "phone")


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "１２３４５６", "123456\n"])
def test_codes_in_many_dresses(typed: str) -> None:
    assert auth.normal_code(typed) == "123456"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_needed"),
        ("12345", "code_invalid"),
        ("1234567", "code_invalid"),
        ("12345a", "code_invalid"),
        ("١٢٣٤٥٦", "code_invalid"),
    ],
)
def test_codes_that_cannot_be(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        auth.normal_code(typed)
    assert (caught.value.code, caught.value.field) == (code, "code")


@pytest.mark.parametrize(
    "typed",
    [
        "622101194312060027",
        " 622101 19431206 0027 ",
        "622101-19431206-0027",
        "６２２１０１１９４３１２０６００２７",
    ],
)
def test_an_identity_number_in_many_dresses(typed: str) -> None:
    assert people.checked_id_number(typed) == "622101194312060027"


def test_an_x_at_the_end_may_be_small() -> None:
    body = next(
        b for n in range(999) if ric.calc_check_digit((b := f"62098119800101{n:03d}") + "0") == "X"
    )
    assert people.checked_id_number(body + "x") == body + "X"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "622101194312060028",
        "62210119431206002",
        "6221011943120600270",
        "622101194302300022",
        "622101209912060021",
        "62210119431206002²",
        "²22101194312060027",
        "abcdefghijklmnopqr",
    ],
)
def test_identity_numbers_that_cannot_be(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        people.checked_id_number(typed, field="agent_id")
    assert (caught.value.code, caught.value.field) == ("id_number_invalid", "agent_id")
