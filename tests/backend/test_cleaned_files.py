"""Files are judged by their content, and leave behind what they should not carry."""

import hashlib
import io
import random
import struct
import zlib

import pytest
from county import jpeg
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from backend.documents import Clean, cleaned
from backend.errors import Invalid

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
ORIENTATION, GPS, MAKE, SOFTWARE = 0x0112, 0x8825, 0x010F, 0x0131


def clean(content: bytes) -> Clean:
    return cleaned(content, hashlib.sha256(content).hexdigest())


def code_of(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        clean(content)
    return caught.value.code


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo_with_exif(orientation: int = 6) -> bytes:
    """A wide picture, red on its left half, as a phone held upright would store it."""
    image = Image.new("RGB", (80, 40), (0, 0, 200))
    ImageDraw.Draw(image).rectangle((0, 0, 39, 39), fill=(200, 0, 0))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE], exif[SOFTWARE] = orientation, "PhoneMaker", "Camera 9"
    exif[GPS] = {1: "N", 2: (40.0, 17.0, 30.0), 3: "E", 4: (97.0, 2.0, 0.0)}
    return saved(image, "JPEG", exif=exif, quality=95)


def reopened(found: Clean) -> Image.Image:
    return Image.open(io.BytesIO(found.content))


def test_position_and_maker_are_gone_and_the_picture_stands_upright() -> None:
    source = photo_with_exif()
    assert b"PhoneMaker" in source and Image.open(io.BytesIO(source)).getexif()[GPS]
    found = clean(source)
    assert (found.mime, found.width, found.height) == ("image/jpeg", 40, 80)
    assert b"PhoneMaker" not in found.content and b"Exif" not in found.content
    image = reopened(found)
    assert dict(image.getexif()) == {} and image.size == (40, 80)
    # Turned by 90 degrees to the right: what was left is on top.
    assert image.getpixel((20, 10))[0] > 150 > 50 > image.getpixel((20, 70))[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("orientation", "size"),
    [(1, (80, 40)), (3, (80, 40)), (6, (40, 80)), (8, (40, 80)), (77, (80, 40))],
)
def test_every_orientation(orientation: int, size: tuple[int, int]) -> None:
    assert reopened(clean(photo_with_exif(orientation))).size == size


def test_hidden_text_of_a_png_is_gone() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "secret words")
    notes.add_itxt("XML:com.adobe.xmp", "<gps>40.29</gps>")
    found = clean(saved(Image.new("RGBA", (9, 9), (1, 2, 3, 0)), "PNG", pnginfo=notes))
    assert found.mime == "image/png"
    assert b"secret" not in found.content and b"gps" not in found.content
    assert reopened(found).mode == "RGBA"


def test_what_hangs_on_behind_a_picture_is_gone() -> None:
    found = clean(jpeg() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in found.content and b"PK" not in found.content


@pytest.mark.parametrize(
    ("mode", "kind", "mime"),
    [
        ("L", "JPEG", "image/jpeg"),
        ("CMYK", "JPEG", "image/jpeg"),
        ("RGB", "WEBP", "image/webp"),
        ("RGBA", "WEBP", "image/webp"),
        ("P", "PNG", "image/png"),
        ("1", "PNG", "image/png"),
        ("LA", "PNG", "image/png"),
        ("I;16", "PNG", "image/png"),
    ],
)
def test_every_kind_of_pixels(mode: str, kind: str, mime: str) -> None:
    found = clean(saved(Image.new(mode, (20, 10)), kind))
    assert (found.mime, found.width, found.height) == (mime, 20, 10)
    reopened(found).load()


def test_a_palette_keeps_its_colours() -> None:
    image = Image.new("RGB", (8, 8), (250, 10, 20)).quantize(4)
    found = reopened(clean(saved(image, "PNG"))).convert("RGB")
    assert found.getpixel((3, 3)) == image.convert("RGB").getpixel((3, 3))


def test_a_pdf_passes_as_it_is() -> None:
    assert clean(PDF) == Clean(PDF, "application/pdf", None, None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "file_kind_refused"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_kind_refused"),
        (b"MZ" + b"\x00" * 200, "file_kind_refused"),
        (b"PK\x03\x04" + b"\x00" * 200, "file_kind_refused"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "file_kind_refused"),
        (b"x", "file_kind_refused"),
        (saved(Image.new("RGB", (5, 5)), "GIF"), "file_kind_refused"),
        (saved(Image.new("RGB", (5, 5)), "BMP"), "file_kind_refused"),
        (saved(Image.new("RGB", (5, 5)), "TIFF"), "file_kind_refused"),
        (jpeg(size=(900, 900))[:2000], "file_damaged"),
        (saved(Image.effect_noise((90, 90), 50), "PNG")[:-900], "file_damaged"),
        (PDF[:-8], "file_damaged"),
    ],
)
def test_what_is_not_a_photo_or_pdf_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        cleaned(b"", hashlib.sha256(b"").hexdigest())
    assert caught.value.code == "file_empty"


def test_a_file_that_is_not_the_announced_one_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        cleaned(jpeg(), hashlib.sha256(b"another").hexdigest())
    assert caught.value.code == "file_cut"


def _png_of_size(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 8000), (11000, 11000), (50_000, 50_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_unfolds(size: tuple[int, int]) -> None:
    assert code_of(_png_of_size(*size)) == "image_too_large"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damage_anywhere_is_a_refusal_and_never_a_fault() -> None:
    dice = random.Random(7)  # noqa: S311 - cases, not secrets
    sources = [
        photo_with_exif(),
        saved(Image.effect_noise((40, 30), 60), "PNG"),
        saved(Image.new("RGB", (40, 30), (9, 8, 7)), "WEBP"),
    ]
    outcomes = set()
    for number in range(600):
        broken = bytearray(sources[number % 3])
        for _ in range(dice.randint(1, 6)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        if dice.random() < 0.3:
            del broken[dice.randrange(len(broken)) :]
        try:
            outcomes.add(clean(bytes(broken)).mime)
        except Invalid as error:
            outcomes.add(error.code)
    assert {"image/jpeg", "file_damaged", "file_kind_refused"} <= outcomes


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_nonsense_in_the_place_of_exif_is_no_fault() -> None:
    for rubbish in (
        b"nonsense!",
        b"II*\x00\xff\xff\xff\xff",
        b"MM\x00*\x00\x00\x00\x08\xff\xff",
        b"",
    ):
        body = b"Exif\x00\x00" + rubbish
        marker = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        source = jpeg()
        found = clean(source[:2] + marker + source[2:])
        assert found.mime == "image/jpeg" and b"Exif" not in found.content
