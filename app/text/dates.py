"""Dates as people say them, on the county's clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.text import Language, say

ZONE = ZoneInfo("Asia/Shanghai")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parsed(text: str | None) -> datetime | None:
    """A moment, or the beginning of a day, of the database on the county's clock; None for none."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)


def today() -> date:
    """Today in the county."""
    return datetime.now(ZONE).date()


def day(language: Language, text: str | None, *, is_whole: bool = False) -> str:
    """9月30日 · 30 Sep; with the year when it is not this one, or when `is_whole`."""
    moment = parsed(text)
    if moment is None:
        return ""
    has_year = is_whole or moment.year != today().year
    if language == "zh":
        return f"{f'{moment.year}年' if has_year else ''}{moment.month}月{moment.day}日"
    return f"{moment.day} {_MONTHS[moment.month - 1]}{f' {moment.year}' if has_year else ''}"


def moment(language: Language, text: str | None) -> str:
    """9月22日 10:14 · 22 Sep 10:14."""
    at = parsed(text)
    return f"{day(language, text)} {at:%H:%M}" if at else ""


def limit(language: Language, value: int, unit: str) -> str:
    """A time limit: 3 个工作日 · 3 working days."""
    key = f"limit.{unit}" + (".one" if value == 1 else "")
    return say(language, key, value=value)


def left(language: Language, due_at: str | None, days_left: int | None) -> str:
    """How long until a due moment, in working days: 今天 18:00 前, 还有 2 天, 晚了 1 天."""
    due = parsed(due_at)
    if due is None or days_left is None:
        return ""
    if due < datetime.now(ZONE):
        late = max(0, -days_left)
        return say(language, "left.late" if late else "left.late_today", value=late)
    if due.date() == today():
        return say(language, "left.today", time=f"{due:%H:%M}")
    return say(language, "left.one" if days_left <= 1 else "left.days", value=max(days_left, 1))
