"""What people write is cleaned by one rule, wherever they write it."""

import psycopg
import pytest
from case_rows import row
from county import Actor, draft, one
from psycopg.types.json import Jsonb


def test_free_text_is_cleaned_by_one_rule(citizen: Actor) -> None:
    def clean(text: str, has_lines: bool = False) -> str:
        return one(citizen.connection, "select private.clean_text(%s, 20, %s)", text, has_lines)

    assert clean(" 王\u202e秀\u200b英\ufeff\x07 ") == "王秀英"
    assert clean("一\r\n二\t三") == "一 二 三"
    assert clean("一\r\n二\t三\x00"[:-1], has_lines=True) == "一\n二\t三"
    assert clean("\u3000 \u2066\u2069 ") == ""
    assert clean("=1+1 سلام 👵") == "=1+1 سلام 👵"
    with pytest.raises(psycopg.Error, match="text_too_long"), citizen.connection.transaction():
        clean("长" * 21)


def test_a_form_takes_no_invisible_characters(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False, name="王\u202e秀\u200d英", address="三组\n8 号")
    assert row(citizen, mine.id)["form"]["name"] == "王秀英"
    assert row(citizen, mine.id)["form"]["address"] == "三组 8 号"
    save = {"application_id": mine.id, "base_version": 1}
    assert citizen.refused("save_draft", changes={"name": "长" * 10_000}, **save) == "text_too_long"
    nested = Jsonb([{"a\u200b": "b\u2067c", "d": [1, None, "\x01"]}])
    cleaned = one(citizen.connection, "select private.clean_json(%s, 10)", nested)
    assert cleaned == [{"a": "bc", "d": [1, None, ""]}]
    profile = {"id_number": None, "division_code": None}
    assert citizen.refused("save_my_profile", name="长" * 10_000, **profile) == "name_invalid"
