"""What inputs promise beyond looking right."""

import pytest
import reflex as rx

from components import forms
from components.button import button
from components.examples import ExampleState
from components.icon import icon
from components.image_viewer import image_viewer
from components.photo import photo_input
from components.types import Option


def text_of(component: rx.Component) -> str:
    return str(component.render())


def test_an_input_with_an_error_var_is_tied_to_it_before_the_first_error() -> None:
    rendered = text_of(forms.text_input("phone", "电话", error=ExampleState.name_error))
    assert '"aria-describedby":"phone-error"' in rendered
    assert 'id:"phone-error"' in rendered
    assert '"aria-invalid"' in rendered


def test_an_input_without_error_says_nothing_about_errors() -> None:
    assert "aria-invalid" not in text_of(forms.text_input("phone", "电话"))


def test_inputs_are_never_controlled_by_state() -> None:
    """A controlled input loses letters on a slow line."""
    rendered = text_of(forms.text_input("name", "姓名", value=ExampleState.name_error))
    assert "defaultValue:" in rendered
    assert "value:reflex" not in rendered.replace("defaultValue:reflex", "")


def test_enter_is_filtered_in_the_browser() -> None:
    rendered = text_of(forms.text_input("name", "姓名", on_enter=ExampleState.press))
    assert "onKeyDown" in rendered
    assert '"Enter"' in rendered


def test_the_one_time_code_is_one_input_that_phones_can_fill() -> None:
    rendered = text_of(forms.code_input("code", "验证码"))
    assert rendered.count('"input"') == 1
    assert 'autoComplete:"one-time-code"' in rendered
    assert 'inputMode:"numeric"' in rendered
    assert "maxLength:6" in rendered


def test_radio_group_takes_plain_options_and_vars() -> None:
    plain = text_of(
        forms.radio_group("way", "方式", [Option("a", "甲"), Option("b", "乙")], value="a")
    )
    assert plain.count('type:"radio"') == 2
    assert 'type:"radio"' in text_of(forms.radio_group("way", "方式", ExampleState.choices))


def test_a_busy_button_says_so_and_keeps_its_focus() -> None:
    rendered = text_of(button("提交", is_busy=ExampleState.is_busy, busy_text="正在提交"))
    assert '"aria-busy":' in rendered
    assert "disabled:false" in rendered


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(ValueError, match="unicorn"):
        icon("unicorn")


def test_a_missing_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="retrying"):
        photo_input(
            "photo",
            "照片",
            begin_url="/",
            finish_url="/",
            subject={},
            texts={"take": "拍"},
            on_done=ExampleState.take_text,
        )
    with pytest.raises(ValueError, match="larger"):
        image_viewer("/a.png", "材料", texts={})
