"""The style sheet's promises: contrast, sizes, weight; and the files beside it."""

import itertools
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from components.boot_script import BOOT_SCRIPT, boot_script_hash
from components.icon import NAMES

ASSETS = Path(__file__).parents[2] / "assets"
SHEET = (ASSETS / "style.css").read_text("utf-8")

# Text colour on background, as the style sheet pairs them.
PAIRS = [
    ("ink", "paper"),
    ("ink", "sand"),
    ("ink", "jade-wash"),
    ("ink", "amber-wash"),
    ("ink", "seal-wash"),
    ("ink-2", "paper"),
    ("ink-2", "sand"),
    ("ink-2", "jade-wash"),
    ("ink-2", "amber-wash"),
    ("ink-2", "seal-wash"),
    ("jade", "paper"),
    ("jade", "sand"),
    ("jade", "jade-wash"),
    ("jade-deep", "paper"),
    ("jade-deep", "jade-wash"),
    ("amber", "amber-wash"),
    ("sky", "sky-wash"),
    ("seal", "paper"),
    ("seal", "sand"),
    ("seal", "seal-wash"),
    ("on-jade", "jade"),
    ("on-jade", "jade-deep"),
    ("on-jade-2", "jade"),
]
MODES = {
    "normal": ([":root"], 4.5),
    "elder": ([":root", "html[data-mode=elder]"], 7.0),
    "high": ([":root", "html[data-contrast=high]"], 7.0),
    "elder and high": (
        [":root", "html[data-mode=elder]", "html[data-contrast=high]"],
        7.0,
    ),
}


def tokens(selectors: list[str]) -> dict[str, str]:
    """Custom properties as they stand after all these rules."""
    found: dict[str, str] = {}
    for selector in selectors:
        block = re.search(re.escape(selector) + r"\{([^}]*)\}", SHEET)
        assert block, selector
        found |= dict(re.findall(r"--([\w-]+):([^;}]+)", block[1]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour.strip().lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("mode", "pair"), list(itertools.product(MODES, PAIRS)))
def test_text_can_be_read(mode: str, pair: tuple[str, str]) -> None:
    selectors, least = MODES[mode]
    known = tokens(selectors)
    assert contrast(known[pair[0]], known[pair[1]]) >= least


@pytest.mark.parametrize("mode", MODES)
def test_edges_of_inputs_can_be_seen(mode: str) -> None:
    known = tokens(MODES[mode][0])
    assert contrast(known["edge"], known["paper"]) >= 3
    assert contrast(known["focus"], known["sand"]) >= 3


def test_elder_mode_is_large() -> None:
    known = tokens(MODES["elder"][0])
    for size in ("f-xs", "f-s", "f"):
        assert int(known[size].removesuffix("px")) >= 18
    for target in ("tap", "tap-s"):
        assert int(known[target].removesuffix("px")) >= 60
    assert float(known["lh"]) >= 1.3


def test_targets_are_large_enough_for_a_thumb() -> None:
    known = tokens([":root"])
    assert int(known["tap-s"].removesuffix("px")) >= 44


def test_no_size_of_text_is_fixed_below_elder_mode() -> None:
    """A fixed size must be large, or be overridden for elder mode."""
    for rule, size in re.findall(r"([^{}]+)\{[^{}]*font-size:(\d+)px", SHEET):
        if int(size) >= 18 or "lang=en" in rule:
            continue
        name = rule.strip().split(",")[-1].split()[-1]
        assert re.search(
            rf"\[data-mode=elder\][^{{]*{re.escape(name)}[^{{]*\{{[^}}]*font-size", SHEET
        ), rule


def test_every_colour_of_text_is_a_token_that_exists() -> None:
    known = tokens([":root"])
    used = set(re.findall(r"var\(--([\w-]+)", SHEET)) - {"rail", "side"}
    assert used <= set(known)


def test_motion_can_be_switched_off_and_pages_can_be_printed() -> None:
    assert "prefers-reduced-motion:reduce" in SHEET
    assert "@media print" in SHEET


def test_sprite_holds_exactly_the_icons_that_are_named() -> None:
    sprite = (ASSETS / "icons" / "sprite.svg").read_text("utf-8")
    assert set(re.findall(r'<symbol id="(\w+)"', sprite)) == NAMES


def test_manifest_names_icons_that_exist_at_their_size() -> None:
    manifest = json.loads((ASSETS / "manifest.webmanifest").read_text("utf-8"))
    assert manifest["name"] == "跑一次"
    assert manifest["theme_color"] == tokens([":root"])["jade"]
    for entry in manifest["icons"]:
        with Image.open(ASSETS / entry["src"].lstrip("/")) as picture:
            assert "{}x{}".format(*picture.size) == entry["sizes"]


def test_boot_script_touches_nothing_but_the_root_element() -> None:
    assert boot_script_hash().startswith("'sha256-")
    assert "</" not in BOOT_SCRIPT
    assert "eval" not in BOOT_SCRIPT
