"""What the terminal shows when everything is up: where to go, and who to be."""

import io
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

import qrcode


def greeting(address: str, *, people_file: Path | None) -> str:
    """The address, its QR code, and the demo people when there are any."""
    lines = ["", f"  跑一次 · OneTrip    {address}", "", _qr(address)]
    if "//localhost" in address:
        lines += ["  手机扫码 to scan with a phone: make run HOST=<本机地址 this machine>", ""]
    if people_file is not None and people_file.exists():
        lines += [
            "  试用人员 Demo people · 验证码 codes: " + address + "/dev/inbox/",
            "",
            *_table(people_file),
        ]
    lines += ["", "  Ctrl-C 停止 stops everything", ""]
    return "\n".join(lines)


def _qr(address: str) -> str:
    if not (sys.stdout.encoding or "").lower().startswith("utf"):
        return ""
    code = qrcode.QRCode(border=2, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data(address + "/")
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue()


def _table(people_file: Path) -> list[str]:
    people: list[dict[str, Any]] = json.loads(people_file.read_text("utf-8"))
    rows = [(person["name"], person["phone"], _roles(person["roles"])) for person in people]
    name_width = max(_width(name) for name, _, _ in rows)
    return [
        f"  {name}{' ' * (name_width - _width(name))}  {phone}  {roles}"
        for name, phone, roles in rows
    ]


def _roles(roles: list[dict[str, str | None]]) -> str:
    """`citizen`, or every role with its department or division."""
    names = [
        f"{role['role']} {role.get('department') or role.get('division_code') or ''}".strip()
        for role in roles
    ]
    return ", ".join(names) or "citizen"


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
