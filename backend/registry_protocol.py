"""How a question to a registry is signed, and its answer: the same words for both ends.

The whole protocol stands in docs/registry-protocol.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

VERSION = "v1"
KEY_ID = "x-onetrip-key-id"
TIMESTAMP = "x-onetrip-timestamp"
NONCE = "x-onetrip-nonce"
SIGNATURE = "x-onetrip-signature"

MAX_AGE_SECONDS = 120
MAX_QUESTION_BYTES = 16_384
MAX_ANSWER_BYTES = 65_536
MAX_TEXT = 200
"""Characters of one fact."""

# What each registry may tell, and what kind of fact it is: the first five are shown masked.
FACTS: dict[str, dict[str, str]] = {
    "household": {
        "name": "name",
        "id_number": "id_number",
        "birthday": "date",
        "division": "division",
        "address": "address",
        "head": "name",
        "relation": "text",
    },
    "marriage": {"spouse_name": "name", "registered_on": "date"},
    "birth": {
        "child_name": "name",
        "child_sex": "choice",
        "born_on": "date",
        "certificate_number": "text",
    },
    "business": {
        "business_name": "text",
        "credit_code": "text",
        "business_kind": "text",
        "division": "division",
        "address": "address",
    },
    "social_insurance": {
        "card_status": "text",
        "card_last_four": "text",
        "insured_since": "text",
        "months_paid": "text",
        "employer": "text",
    },
    "property": {
        "address": "address",
        "certificate_number": "text",
        "area": "text",
        "co_owner": "name",
    },
    "assistance": {"assistance_kind": "text", "since": "date"},
}


@dataclass(frozen=True, slots=True)
class Key:
    """What both ends share: the key's public id, and the secret itself."""

    id: str
    secret: bytes


def _signed(key: Key, *lines: str) -> str:
    digest = hmac.new(key.secret, "\n".join((VERSION, *lines)).encode(), hashlib.sha256).digest()
    return f"{VERSION}={base64.b64encode(digest).decode()}"


def signature_of_question(key: Key, path: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Over method, path, time in seconds since 1970, nonce and the SHA-256 of the body."""
    return _signed(key, "POST", path, timestamp, nonce, hashlib.sha256(body).hexdigest())


def signature_of_answer(key: Key, status: int, nonce: str, body: bytes) -> str:
    """Over status, the question's nonce and the SHA-256 of the body: it answers this question."""
    return _signed(key, "ANSWER", str(status), nonce, hashlib.sha256(body).hexdigest())


def is_same(given: str, right: str) -> bool:
    """Compares two signatures in the same time wherever they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
