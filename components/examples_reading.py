"""Examples of what is looked at in order and what is listened to."""

import reflex as rx

from components.examples import example
from components.flow import FlowBox, FlowStage, flow
from components.language import both
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
