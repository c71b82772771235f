"""The inline script that sets language, mode and contrast before the first paint."""

import base64
import hashlib

BOOT_SCRIPT = (
    "(function(d,c){function v(n){var m=c.match('(?:^|; )'+n+'=([a-z]+)');return m&&m[1]}"
    "d.lang=v('lang')==='en'?'en':'zh-CN';"
    "d.setAttribute('data-mode',v('mode')==='elder'?'elder':'normal');"
    "d.setAttribute('data-contrast',v('contrast')==='high'?'high':'normal')"
    "})(document.documentElement,document.cookie)"
)
"""Constant, because the Content-Security-Policy allows it by its hash."""


def boot_script_hash() -> str:
    """The source expression for `script-src`, e.g. `'sha256-…'` with its quotes."""
    digest = hashlib.sha256(BOOT_SCRIPT.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
