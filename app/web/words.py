"""The few sentences of the shell itself, in both languages at once; CSS shows the one chosen.

They stand here and not in the page texts because they must appear when the rest has failed.
"""

from dataclasses import dataclass

import reflex as rx

from components import language


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in Chinese and in English."""

    zh: str
    en: str


OFFLINE = Words("没有网络，正在显示已保存的页面", "No connection. Showing saved pages")
FAULT = Words(
    "出了点问题，您填写的内容没有丢。请把编号告诉工作人员：",
    "Something went wrong; what you typed is kept. Please tell staff this reference:",
)
PAGE_FAULT = Words("这个页面出错了", "This page has failed")
TRY_AGAIN = Words("重新打开", "Open again")
GO_HOME = Words("回到首页", "Back to the start page")
NOT_FOUND = Words("没有这个页面", "There is no such page")
CALL = Words("打电话问：(0937)3212345", "Call and ask: (0937)3212345")
NOT_FOUND_WHY = Words(
    "链接可能已经过期，或者地址输错了一个字。",
    "The link may have expired, or the address has a typing error.",
)
OPENING = Words("正在打开…", "Opening…")
APP_NAME = Words("跑一次", "OneTrip")
DESCRIPTION = Words(
    "县里的事，手机上办：看得懂、问得到、少跑路。",
    "County services on your phone: clear, answered, without the trip.",
)


def both(words: Words) -> rx.Component:
    """The sentence in both languages; the style sheet shows the one chosen."""
    return language.both(words.zh, words.en)
