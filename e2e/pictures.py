"""Photos of papers that nobody owns: drawn, marked as samples, different for everybody."""

from __future__ import annotations

import io
from functools import cache
from glob import glob

from PIL import Image, ImageDraw, ImageFont

_SIZE = (1200, 760)
_INK = (38, 48, 52)
_FONTS = (
    "/usr/share/fonts/**/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/**/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/**/wqy-*.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/**/*Heiti*.ttc",
)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for pattern in _FONTS:
        for path in sorted(glob(pattern, recursive=True)):
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def _table(colour: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A card of this colour lying on a wooden table."""
    image = Image.new("RGB", (1600, 1200), (121, 92, 66))
    draw = ImageDraw.Draw(image)
    for line in range(0, 1200, 26):
        draw.line((0, line, 1600, line + 14), fill=(112 + line % 3 * 4, 84, 60), width=9)
    draw.rounded_rectangle((206, 228, 1406, 988), 46, fill=(66, 48, 34))
    draw.rounded_rectangle((200, 220, 1400, 980), 46, fill=colour)
    return image, draw


def _jpeg(image: Image.Image, draw: ImageDraw.ImageDraw) -> bytes:
    stamp = Image.new("RGBA", (900, 170), (0, 0, 0, 0))
    ImageDraw.Draw(stamp).text((0, 0), "样张 SAMPLE", font=_font(128), fill=(170, 40, 30, 110))
    turned = stamp.rotate(16, expand=True)
    image.paste(turned, (420, 420), turned)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def id_card_front(name: str, number: str) -> bytes:
    """The side with the face."""
    image, draw = _table((222, 233, 238))
    born = f"{number[6:10]} 年 {int(number[10:12])} 月 {int(number[12:14])} 日"
    home = "玉门镇南门村二组"
    rows = (("姓名", name), ("性别", "女    民族  汉"), ("出生", born), ("住址", home))
    for n, (label, value) in enumerate(rows):
        draw.text((270, 300 + 110 * n), label, font=_font(38), fill=(60, 110, 150))
        draw.text((390, 294 + 110 * n), value, font=_font(46), fill=_INK)
    draw.text((270, 880), "公民身份号码", font=_font(36), fill=(60, 110, 150))
    draw.text((560, 868), number, font=_font(52), fill=_INK)
    draw.rectangle((1040, 300, 1320, 660), fill=(205, 214, 220))
    draw.ellipse((1110, 350, 1250, 510), fill=(172, 182, 190))
    draw.pieslice((1060, 520, 1300, 800), 180, 360, fill=(172, 182, 190))
    draw.rectangle((1040, 661, 1320, 800), fill=(222, 233, 238))
    return _jpeg(image, draw)


def id_card_back(name: str, number: str) -> bytes:
    """The side with the emblem, which is left blank here."""
    image, draw = _table((226, 236, 228))
    draw.ellipse((270, 290, 430, 450), outline=(170, 60, 50), width=8)
    draw.text((470, 300), "居民身份证（样张）", font=_font(66), fill=_INK)
    draw.text((300, 720), "签发机关   玉门市（样张）", font=_font(42), fill=_INK)
    draw.text((300, 820), f"有效期限   长期   {number[-4:]}", font=_font(42), fill=_INK)
    return _jpeg(image, draw)


def bank_card(name: str, number: str) -> bytes:
    """The side with the number."""
    image, draw = _table((30, 120, 96))
    white = (240, 248, 244)
    draw.text((270, 280), "社会保障卡（样张）", font=_font(58), fill=white)
    draw.rounded_rectangle((280, 430, 420, 540), 16, fill=(214, 190, 120))
    draw.text((280, 640), f"6217 0000 0000 {number[-4:]}", font=_font(76), fill=white)
    draw.text((280, 830), name, font=_font(54), fill=white)
    return _jpeg(image, draw)


def household_page(name: str, number: str) -> bytes:
    """One page of the register."""
    image, draw = _table((246, 240, 224))
    draw.text((560, 250), "常住人口登记卡（样张）", font=_font(48), fill=_INK)
    for n in range(7):
        draw.line((250, 340 + 88 * n, 1350, 340 + 88 * n), fill=(120, 110, 90), width=3)
    rows = (
        f"姓名　{name}",
        "户主或与户主关系　户主",
        f"公民身份号码　{number}",
        "住址　甘肃省玉门市玉门镇南门村二组",
        "何时迁来本市　1962 年",
        "登记日期　2015 年 6 月",
    )
    for n, row in enumerate(rows):
        draw.text((280, 356 + 88 * n), row, font=_font(42), fill=_INK)
    return _jpeg(image, draw)


def plain_paper(code: str, number: str) -> bytes:
    """Any other paper of a guide."""
    image, draw = _table((250, 250, 246))
    draw.text((280, 280), f"材料样张 {code}", font=_font(56), fill=_INK)
    draw.text((280, 400), number, font=_font(44), fill=_INK)
    for n in range(6):
        draw.line((280, 520 + 66 * n, 1320, 520 + 66 * n), fill=(200, 200, 196), width=10)
    return _jpeg(image, draw)


def of(material: str, nth: int, name: str, number: str) -> bytes:
    """The photo that a material asks for; another `nth` is another photo."""
    if material == "id-card":
        return id_card_back(name, number) if nth % 2 else id_card_front(name, number)
    if material == "bank-card":
        return bank_card(name, number)
    if material == "household-page":
        return household_page(name, number)
    return plain_paper(f"{material} {nth + 1}", number)
