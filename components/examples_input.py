"""Examples of what takes input and of what the phone itself does."""

import reflex as rx

from components import device, feedback, forms
from components.content import stack
from components.dialog import confirm_dialog
from components.draft import STATUS_TEXTS, draft_keeper, draft_status
from components.error_summary import error_summary
from components.examples import ExampleState, example
from components.focus import focus_on
from components.image_viewer import VIEWER_TEXTS, image_viewer
from components.language import both
from components.last_seen import last_seen
from components.linked_select import linked_select
from components.photo import PHOTO_TEXTS, photo_input
from components.post_form import post_form
from components.preference import preference_switch
from components.repeating import repeating_group, repeating_item
from components.search_box import search_box
from components.signature import SIGNATURE_TEXTS, signature_pad
from components.subject import only_for
from components.types import FieldError, Option, OptionGroup
from components.written import written_input


@example("text_input")
def _text_input() -> rx.Component:
    return stack(
        forms.text_input(
            "example-name",
            both("姓名", "Name"),
            help=both("与身份证一致", "as on the ID card"),
            error=ExampleState.name_error,
            is_required=True,
            autocomplete="name",
            on_blur=ExampleState.take_text,
        ),
        forms.text_input(
            "example-phone",
            both("手机号", "Phone"),
            kind="tel",
            inputmode="tel",
            error="这个号码少一位",
            value="1380000000",
            on_enter=ExampleState.press,
        ),
    )


@example("text_area")
def _text_area() -> rx.Component:
    return forms.text_area(
        "example-words",
        both("补充说明", "Anything else"),
        optional_text=both("可不填", "optional"),
        max_length=500,
    )


@example("select_input")
def _select_input() -> rx.Component:
    return forms.select_input(
        "example-town",
        both("乡镇", "Town"),
        [Option("a", "赤金镇"), Option("b", "花海镇")],
        empty_label="请选择",
        value="a",
    )


@example("linked_select")
def _linked_select() -> rx.Component:
    return linked_select(
        "example-home",
        both("家在哪里", "Home"),
        [
            OptionGroup("t1", "赤金镇", [Option("v1", "光明村"), Option("v2", "东湖村")]),
            OptionGroup("t2", "花海镇", [Option("v3", "黄水桥村")]),
        ],
        first_label=both("乡镇", "Town"),
        second_label=both("村", "Village"),
        value="v2",
        error="",
    )


@example("written_input")
def _written_input() -> rx.Component:
    return stack(
        written_input("example-day", both("出生日期", "Date of birth"), format="date"),
        written_input(
            "example-sum", both("金额", "Amount"), format="money", optional_text=both("元", "yuan")
        ),
        written_input("example-card", both("卡号", "Card"), format="bank_card", value="6222 0212"),
    )


@example("repeating_item")
def _repeating_item() -> rx.Component:
    return repeating_item(
        forms.text_input("example-child.0.name", both("姓名", "Name")),
        id="example-child.0",
        title=both("孩子 1", "Child 1"),
        remove_label=both("删除", "Remove"),
        confirm_title=both("要删除吗？", "Remove it?"),
        confirm_text=both("可以恢复。", "It can be brought back."),
        cancel_label=both("不了", "Keep it"),
        on_remove=ExampleState.press,
    )


@example("repeating_group")
def _repeating_group() -> rx.Component:
    return repeating_group(
        id="example-children",
        label=both("孩子", "Children"),
        help=both("每个孩子填一份", "one card each"),
        error="",
        add_label=both("再加一个", "Add one"),
        on_add=ExampleState.press,
        is_gone=ExampleState.is_busy,
        gone_text=both("已删除", "Removed"),
        undo_label=both("恢复", "Bring back"),
        on_undo=ExampleState.press,
    )


@example("signature_pad")
def _signature_pad() -> rx.Component:
    return signature_pad(
        "example-signature",
        both("我声明以上属实", "I declare that this is true"),
        begin_url="/api/uploads/begin",
        finish_url="/api/uploads/finish",
        subject={"application_id": "1", "material": "signature"},
        texts={name: both("签名", name.capitalize()) for name in SIGNATURE_TEXTS},
        on_done=ExampleState.take_text,
    )


@example("focus_on")
def _focus_on() -> rx.Component:
    return focus_on("main", turn=0)


@example("radio_group")
def _radio_group() -> rx.Component:
    return forms.radio_group(
        "example-way",
        both("怎么发放", "How to pay"),
        ExampleState.choices,
        value="bank",
        error="",
        on_change=ExampleState.take_text,
    )


@example("check_box")
def _check_box() -> rx.Component:
    return forms.check_box(
        "example-consent",
        both("我同意按上述目的使用照片", "I agree to this use of the photo"),
        help=both("30 天后删除", "deleted after 30 days"),
        error="",
        on_change=ExampleState.take_flag,
    )


@example("code_input")
def _code_input() -> rx.Component:
    return forms.code_input(
        "example-code",
        both("短信验证码", "Code from the message"),
        help=both("6 位数字", "6 digits"),
        error="",
        on_change=ExampleState.take_text,
    )


@example("error_summary")
def _error_summary() -> rx.Component:
    return stack(
        error_summary(
            both("有 2 处要改", "2 things to change"),
            [FieldError("example-name", "请填写姓名"), FieldError("example-way", "请选择发放方式")],
        ),
        error_summary(
            both("请留意", "Please note"),
            [FieldError("example-name", "比一般的长")],
            is_quiet=True,
        ),
    )


@example("confirm_dialog")
def _confirm_dialog() -> rx.Component:
    return confirm_dialog(
        both("撤回申请", "Withdraw"),
        id="example-dialog",
        title=both("要撤回吗？", "Withdraw it?"),
        text=both("撤回后可以重新提交。", "You can submit it again later."),
        confirm_label=both("撤回", "Withdraw"),
        cancel_label=both("不撤回", "Keep it"),
        kind="stop",
        trigger_kind="stop",
        on_confirm=ExampleState.press,
    )


@example("preference_switch")
def _preference_switch() -> rx.Component:
    return stack(
        preference_switch(
            "lang",
            [("zh", "中文"), ("en", "English")],
            label=both("语言", "Language"),
            on_change=ExampleState.take_text,
        ),
        preference_switch(
            "mode",
            [("normal", both("标准", "Standard")), ("elder", both("大字版", "Large"))],
            label=both("字号", "Text"),
            shape="toggle",
        ),
        preference_switch(
            "contrast",
            [("normal", both("柔和", "Calm")), ("high", both("高对比", "High contrast"))],
            label=both("对比度", "Contrast"),
        ),
    )


@example("draft_keeper")
def _draft_keeper() -> rx.Component:
    return draft_keeper(
        forms.text_input("example-draft", both("会记住的字", "Text that is kept")),
        storage_key="example-draft",
        version=ExampleState.version,
        on_save=ExampleState.save,
        on_restore=ExampleState.take_values,
        on_status=ExampleState.take_text,
    )


@example("only_for")
def _only_for() -> rx.Component:
    return only_for(
        both("这里什么也没指名", "Nothing is named here"),
        param="id",
        value="",
        fallback=both("正在打开…", "Opening…"),
    )


@example("draft_status")
def _draft_status() -> rx.Component:
    words = {name: both("正在保存…", "Saving…") for name in STATUS_TEXTS}
    return draft_status(both("自动保存", "Saved by itself"), id="example-status", texts=words)


@example("photo_input")
def _photo_input() -> rx.Component:
    return photo_input(
        "example-photo",
        both("银行卡正面照片", "Front of the bank card"),
        help=both("卡号清楚，没有反光", "number legible, no glare"),
        begin_url="/api/uploads/begin",
        finish_url="/api/uploads/finish",
        subject={"application_id": "1", "material": "card"},
        texts=_PHOTO_WORDS,
        on_done=ExampleState.take_text,
        on_refused=ExampleState.refuse,
        accept="image/*,application/pdf",
    )


_PHOTO_ZH = [
    "拍照",
    "从手机里选",
    "重拍",
    "正在处理…",
    "正在上传",
    "正在核对…",
    "信号不好，正在重试…",
    "已收到",
    "取消",
    "已取消",
    "这个文件是空的，请重新拍",
    "文件太大，请重新拍",
    "请选照片",
    "这张照片打不开，请重新拍",
    "没有传上去，请到信号好的地方再试",
    "没有收下，请重新拍",
]
_PHOTO_WORDS = {
    name: both(zh, name.replace("_", " ").capitalize())
    for name, zh in zip(PHOTO_TEXTS, _PHOTO_ZH, strict=True)
}


@example("image_viewer")
def _image_viewer() -> rx.Component:
    words = zip(VIEWER_TEXTS, ("看大图", "放大", "缩小", "转一下", "关上"), strict=True)
    return image_viewer(
        "/icons/icon-512.png", "材料", texts={name: both(zh, name) for name, zh in words}
    )


@example("share_button")
def _share_button() -> rx.Component:
    return device.share_button(
        both("分享", "Share"), title="跑一次", done_label=both("网址已复制", "Address copied")
    )


@example("print_button")
def _print_button() -> rx.Component:
    return device.print_button(both("打印", "Print"))


@example("copy_button")
def _copy_button() -> rx.Component:
    return device.copy_button(
        both("复制受理号", "Copy number"), text="6209", done_label=both("已复制", "Copied")
    )


@example("install_hint")
def _install_hint() -> rx.Component:
    return device.install_hint(
        both("放到手机桌面", "Put it on your home screen"),
        text=both("下次一点就开，没有信号也能看。", "One tap next time, works offline."),
        ios_text=both("点“分享”，再点“添加到主屏幕”。", "Tap Share, then Add to Home Screen."),
        install_label=both("放到桌面", "Add"),
        later_label=both("以后再说", "Later"),
    )


@example("post_form")
def _post_form() -> rx.Component:
    return post_form(
        forms.code_input("example-sent-code", both("验证码", "Code")),
        action="/api/session",
        on_refused=ExampleState.refuse_field,
        network_message=both("没有网络，请再试一次", "No connection, please try again"),
    )


@example("search_box")
def _search_box() -> rx.Component:
    return search_box(
        both("要找什么？", "What are you looking for?"), both("搜索", "Search"), target="/"
    )


@example("last_seen")
def _last_seen() -> rx.Component:
    return last_seen(
        both("这里是名单", "here is the list"),
        storage_key="example-list",
        rows=rx.Var.create([{"title": "甲", "note": "一", "href": "/"}]),
        is_ready=True,
        is_cut=False,
        answered_for="",
        waiting=feedback.skeleton(2, label=both("正在打开…", "Opening…")),
        kept_note=both("这是上次看到的。", "This is what was seen last."),
        nothing_note=both("没有网络。", "No network."),
        stale_note=both("没有连上。", "Not connected."),
    )
