"""Examples of what is looked at in order, what is listened to, and what is kept."""

import reflex as rx

from components.back_closes import back_closes
from components.button import button
from components.examples import ExampleState, example
from components.flow import FlowBox, FlowStage, flow
from components.forms import text_area
from components.kept_form import kept_form, left_behind
from components.language import both
from components.opened import arrival, opened
from components.read_aloud import read_aloud


@example("flow")
def _flow() -> rx.Component:
    return flow(
        [
            FlowStage("第 1 步", "start", [FlowBox("您提交", "手机、窗口都行")]),
            FlowStage(
                "第 2 步 · 两处同时办",
                "work",
                [
                    FlowBox("落户", "公安局", "1 个工作日"),
                    FlowBox("参保", "医保局", "1 个工作日", "只有要参保才经过"),
                ],
            ),
            FlowStage("办好", "end", [FlowBox("您拿到：户口簿")]),
        ],
        both("怎么办，一步一步看", "Step by step"),
    )


@example("read_aloud")
def _read_aloud() -> rx.Component:
    return read_aloud(
        target_id="main",
        parts="section",
        start_label=both("朗读", "Read aloud"),
        pause_label=both("停一停", "Pause"),
        go_on_label=both("接着读", "Go on"),
        stop_label=both("不读了", "Stop"),
    )


@example("opened")
def _opened() -> rx.Component:
    return opened(both("老年人尊老金", "Elderly allowance"), origin="id=example")


@example("arrival")
def _arrival() -> rx.Component:
    return arrival(both("申请人会看到：", "What the applicant will read:"))


@example("back_closes")
def _back_closes() -> rx.Component:
    return back_closes(is_open=ExampleState.is_busy, on_back=ExampleState.press)


@example("kept_form")
def _kept_form() -> rx.Component:
    return kept_form(
        text_area("example-kept", both("说明", "Explanation")),
        button(both("发出", "Send"), type="submit"),
        storage_key="example/note",
        turn=0,
        on_submit=ExampleState.take_values,
    )


@example("left_behind")
def _left_behind() -> rx.Component:
    return left_behind(
        both("您写的还在：", "What you wrote is still here:"),
        beginning="example/",
        discard_label=both("不要了", "Throw away"),
        settled="",
        turn=0,
    )
