"""One example of every component: what the gallery shows and what the tests walk through."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from components import content, feedback, forms, shell
from components.button import button, link_button, outer_link_button
from components.icon import NAMES, icon
from components.language import both
from components.link import router_link
from components.types import FieldError, NavItem, Option

Example = Callable[[], rx.Component]
EXAMPLES: dict[str, Example] = {}


class ExampleState(rx.State):
    """Stands in for a page's State."""

    name_error: str = ""
    is_busy: bool = False
    version: int = 1
    waiting: int = 3
    turn: str = "they"
    choices: list[Option] = [Option("bank", "银行卡"), Option("cash", "现金")]
    errors: list[FieldError] = []

    @rx.event
    def press(self) -> None:
        """Toggle the busy look and the error, so that both can be seen."""
        self.is_busy = not self.is_busy
        self.name_error = "" if self.name_error else "请填写姓名"
        self.errors = [FieldError("example-name", self.name_error)] if self.name_error else []

    @rx.event
    def take_text(self, text: str) -> None:
        """Take a value."""

    @rx.event
    def take_flag(self, flag: bool) -> None:
        """Take a tick."""

    @rx.event
    def take_values(self, values: dict[str, Any]) -> None:
        """Take a form."""

    @rx.event
    def save(self, values: dict[str, Any], base_version: int) -> None:
        """Acknowledge a draft."""
        self.version = base_version + 1

    @rx.event
    def refuse(self, code: str, message: str) -> None:
        """Hear of a refusal."""

    @rx.event
    def refuse_field(self, code: str, field: str, message: str) -> None:
        """Hear of a refusal at one field."""


def example(name: str) -> Callable[[Example], Example]:
    """Register the example of the component called `name`."""

    def register(build: Example) -> Example:
        EXAMPLES[name] = build
        return build

    return register


PLACES = [
    NavItem("/", "home", both("首页", "Home"), is_current=True),
    NavItem("/progress/", "progress", both("进度", "Progress"), count=1),
    NavItem("/cards/", "card", both("卡包", "Cards")),
    NavItem("/me/", "person", both("我的", "Me")),
]
DESK_PLACES = [
    NavItem("/desk/", "list", both("待办", "To do"), is_current=True, count=12),
    NavItem("/desk/asked/", "clock", both("等回复", "Waiting"), count=5),
    NavItem("/desk/sent/", "send", both("转出的", "Forwarded"), count=31),
]


@example("both")
def _both() -> rx.Component:
    return rx.el.p(both("中文", "English"))


@example("icon")
def _icon() -> rx.Component:
    return rx.el.div(*[icon(name) for name in sorted(NAMES)], class_name="row apart")


@example("router_link")
def _router_link() -> rx.Component:
    return router_link(both("全部", "All"), to="/all/")


@example("button")
def _button() -> rx.Component:
    return content.stack(
        button(
            both("提交", "Submit"),
            on_click=ExampleState.press,
            is_busy=ExampleState.is_busy,
            busy_text=both("正在提交…", "Submitting…"),
        ),
        button(both("稍后再说", "Later"), kind="quiet", on_click=ExampleState.press),
        button(both("撤回", "Withdraw"), kind="stop", icon_name="trash"),
        button(both("打印", "Print"), kind="plain", icon_name="print"),
        button(both("不能按", "Disabled"), is_disabled=True),
    )


@example("link_button")
def _link_button() -> rx.Component:
    return link_button(both("开始办理", "Start"), to="/apply/", icon_name="edit")


@example("outer_link_button")
def _outer_link_button() -> rx.Component:
    return outer_link_button(both("打电话", "Call"), href="tel:12345", icon_name="phone")


@example("app_bar")
def _app_bar() -> rx.Component:
    return shell.app_bar(both("办事指南", "Guide"), back_to="/")


@example("page_head")
def _page_head() -> rx.Component:
    return shell.page_head(
        both("您好", "Hello"),
        above=both("市 · 镇", "City · Town"),
        tone="jade",
        below=_search_box(),
    )


@example("bottom_nav")
def _bottom_nav() -> rx.Component:
    return shell.bottom_nav(PLACES, label=both("主要页面", "Main pages"))


@example("side_nav")
def _side_nav() -> rx.Component:
    return shell.side_nav(
        DESK_PLACES, title=both("跑一次", "OneTrip"), note=both("综合窗口", "Window")
    )


@example("action_bar")
def _action_bar() -> rx.Component:
    return shell.action_bar(button(both("下一步", "Next")))


@example("action_row")
def _action_row() -> rx.Component:
    return shell.action_row(
        button(both("问一句", "Ask"), kind="quiet"), button(both("改地址", "Change"), kind="quiet")
    )


@example("quiet_actions")
def _quiet_actions() -> rx.Component:
    return shell.quiet_actions(
        button(both("请人代办", "Ask for help"), kind="plain", icon_name="people"),
        button(both("打印", "Print"), kind="plain", icon_name="print"),
    )


@example("desk_head")
def _desk_head() -> rx.Component:
    return shell.desk_head(
        both("津贴申领", "Allowance"), "6209-8125", button(both("转出", "Forward"), kind="quiet")
    )


@example("desk_columns")
def _desk_columns() -> rx.Component:
    return shell.desk_columns(content.card("1"), content.card("2"))


@example("skip_link")
def _skip_link() -> rx.Component:
    return shell.skip_link(both("跳到正文", "Skip to content"))


@example("phone_page")
def _phone_page() -> rx.Component:
    return shell.phone_page(
        _card(), top=_app_bar(), nav=_bottom_nav(), foot=_action_bar(), above=[_announcer()]
    )


@example("desk_page")
def _desk_page() -> rx.Component:
    return shell.desk_page(_card(), side=_side_nav(), queue=_list_row(), above=[_announcer()])


@example("offline_bar")
def _offline_bar() -> rx.Component:
    return shell.offline_bar(
        both("没有信号，照常可用", "No signal, carry on"),
        True,
        trailing=both("2 件未送达", "2 waiting"),
    )


@example("announcer")
def _announcer() -> rx.Component:
    return shell.announcer(ExampleState.name_error)


@example("card")
def _card() -> rx.Component:
    return content.stack(
        content.card(rx.el.h2(both("一张卡片", "A card"))),
        content.card(rx.el.p(both("留意", "Mind this")), tone="amber"),
        content.card(rx.el.p(both("不对了", "Wrong")), tone="seal"),
        content.card(rx.el.p(both("好消息", "Good news")), tone="jade"),
    )


@example("link_card")
def _link_card() -> rx.Component:
    return content.link_card(rx.el.p(both("整张可点", "All of it a link")), to="/case/?id=1")


@example("section")
def _section() -> rx.Component:
    return content.section(
        both("正在办", "In progress"),
        _link_card(),
        more=router_link(both("全部", "All"), to="/all/"),
    )


@example("tag")
def _tag() -> rx.Component:
    return content.row(
        content.tag(both("等您补一张照片", "Waiting for your photo"), "you"),
        content.tag(both("他们在审核", "They are checking"), "they"),
        content.tag(both("办好了", "Done"), "done"),
        content.tag(both("今天到期", "Due today"), "late"),
        content.tag(both("草稿", "Draft")),
        content.tag(both("随状态变", "From State"), ExampleState.turn),
    )


@example("promise")
def _promise() -> rx.Component:
    return content.card(
        content.promise("3", both("个工作日办结", "working days"), both("9月30日前", "by 30 Sep")),
        content.promise("0", both("元", "yuan"), both("不收费", "free of charge")),
    )


@example("big_code")
def _big_code() -> rx.Component:
    return content.card(content.big_code("52 81", both("收到再出示", "Show on receipt")))


@example("definition")
def _definition() -> rx.Component:
    return rx.el.dl(
        content.definition(both("能看", "May see"), both("身份证", "ID card")), class_name="facts"
    )


@example("definition_list")
def _definition_list() -> rx.Component:
    return content.definition_list(
        [
            (both("办什么", "What"), both("参保登记", "Registration")),
            (both("到几时", "Until"), both("9月30日", "30 Sep")),
        ]
    )


@example("check_row")
def _check_row() -> rx.Component:
    return content.card(
        content.check_row(
            both("身份证", "ID card"),
            both("不用再拍", "no new photo needed"),
            True,
            state_text=both("已备好", "ready"),
        ),
        content.check_row(both("银行卡正面", "Front of bank card"), both("卡号清楚", "legible")),
    )


@example("list_row")
def _list_row() -> rx.Component:
    return content.list_row(
        both("王*英 · 津贴", "W* · allowance"),
        both("手机提交", "by phone"),
        both("今天 18:00", "today 18:00"),
        "/desk/?id=1",
        is_current=True,
    )


@example("list_rows")
def _list_rows() -> rx.Component:
    return content.list_rows(_list_row(), content.list_row(both("不可点", "No link")))


@example("tile")
def _tile() -> rx.Component:
    return content.tile(both("退休养老", "Old age"), "elder", "/find/?event=age")


@example("tile_grid")
def _tile_grid() -> rx.Component:
    return content.tile_grid(
        content.tile(both("出生入户", "Birth"), "child", "/find/?event=birth"),
        _tile(),
        content.tile(both("看病医保", "Health"), "medical", "/find/?event=health"),
        content.tile(both("全部", "All"), "more", "/find/"),
    )


@example("stack")
def _stack() -> rx.Component:
    return content.stack(rx.el.p("1"), rx.el.p("2"))


@example("row")
def _row() -> rx.Component:
    return content.row(rx.el.b(both("左", "Left")), rx.el.span(both("右", "Right")))


@example("hidden_text")
def _hidden_text() -> rx.Component:
    return content.hidden_text(both("只给读屏", "For screen readers"))


@example("timeline")
def _timeline() -> rx.Component:
    return content.card(
        feedback.timeline(
            feedback.timeline_item(both("提交了", "Submitted"), "9月22日 10:14", "done"),
            feedback.timeline_item(both("审核", "Checking"), "9月24日", "now"),
            feedback.timeline_item(both("制证", "Printing"), both("预计 10月8日", "8 Oct")),
            feedback.timeline_item(both("退回", "Returned"), state="stopped"),
        )
    )


@example("timeline_item")
def _timeline_item() -> rx.Component:
    item = feedback.timeline_item(
        both("审核权属", "Checking"), "9月24日", "now", state_text=both("正在进行", "now")
    )
    return feedback.timeline(item)


@example("progress_steps")
def _progress_steps() -> rx.Component:
    return feedback.progress_steps(2, 3, both("第 2 步，共 3 步", "Step 2 of 3"))


@example("notice")
def _notice() -> rx.Component:
    return content.stack(
        feedback.notice(both("随时能收回", "Can be taken back"), icon_name="shield"),
        feedback.notice(both("网上看不了", "Not online"), tone="amber", icon_name="alert"),
        feedback.notice(both("没有送到", "Not sent"), tone="seal", icon_name="alert", is_live=True),
    )


@example("empty_state")
def _empty_state() -> rx.Component:
    return feedback.empty_state(
        "file",
        both("还没有办过事", "Nothing here yet"),
        both("办的每件事都会在这里", "Every case will be here"),
        link_button(both("找一件事", "Find a service"), to="/find/", kind="quiet"),
    )


@example("skeleton")
def _skeleton() -> rx.Component:
    return feedback.skeleton(3, label=both("正在打开", "Loading"))


@example("search_box")
def _search_box() -> rx.Component:
    return forms.search_box(
        "example-search",
        both("要办什么事？", "What do you need?"),
        on_submit=ExampleState.take_values,
    )
