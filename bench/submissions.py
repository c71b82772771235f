"""Whole applications through the whole stack, by many people at once.

Each does what a web process does for them: become the person of a cookie, open a draft, keep the
answers, send photos to storage, have them checked, hand in.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import httpx
from PIL import Image

from backend import applications, documents, web_sessions
from backend.applications import Receipt
from backend.config import Settings
from backend.database import Database, connections
from backend.errors import ServiceError
from bench.effort import Effort
from bench.figures import Figure, milliseconds
from bench.progress import say
from e2e.county import Citizen, County

INSURANCE = "resident-medical-insurance"
# What somebody is asked to photograph whom no registry was asked about.
_PAPERS = ("id-card", "household-page")
_CROWDS = (1, 16, 64)
_WARM_UP = 2
# Nobody may send more than 200 files an hour, and some are in every crowd.
_MOST_EACH = 60
# What a person would be shown as "try again".
FAILURES = (ServiceError, httpx.HTTPError)
# The storage path that a phone takes, without the detour by name.
_LOOPBACK = ("http://localhost:", "http://127.0.0.1:")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody with a phone in the hand."""

    citizen: Citizen
    secret: str


@dataclass(slots=True)
class Tally:
    """What a crowd achieved."""

    receipts: list[Receipt] = field(default_factory=list[Receipt])
    submit_seconds: list[float] = field(default_factory=list[float])
    whole_seconds: list[float] = field(default_factory=list[float])
    refused: int = 0
    seconds: float = 0


def figures(county: County, effort: Effort) -> Iterator[Figure]:
    """Rates and durations for one person alone, a full hall, and the last day of a deadline."""
    say(f"signing {max(_CROWDS)} people in")
    applicants = [new_applicant(county) for _ in range(max(_CROWDS))]
    photos = small_photos()
    asyncio.run(_apply_at_once(county.settings, applicants[:1], photos, _WARM_UP, 60))
    for crowd in _CROWDS:
        share = min(_MOST_EACH, max(2, effort.submissions // max(crowd, 4)))
        say(f"{crowd} at once, {share} applications each")
        tally = asyncio.run(
            _apply_at_once(
                county.settings, applicants[:crowd], photos, share, effort.submission_seconds
            )
        )
        check_receipts(tally.receipts)
        rate = len(tally.receipts) / tally.seconds
        yield Figure("applications", f"submissions per second at {crowd}", rate, "1/s", "higher")
        yield milliseconds("applications", f"submit {{p}} at {crowd}", tally.submit_seconds, 95)
        yield milliseconds(
            "applications", f"whole application {{p}} at {crowd}", tally.whole_seconds, 95
        )
        yield Figure(
            "applications", f"refused submissions at {crowd}", tally.refused, "count", "lower", 0
        )


def new_applicant(county: County) -> Applicant:
    """Somebody who signed in and never applied."""
    citizen = county.new_citizen(birthday="1980-09-18")
    return Applicant(citizen, county.person(citizen.phone).secret)


Photos = dict[str, bytes]


def small_photos() -> Photos:
    """One of each paper: the bytes travel and are checked, but the network is not the question."""
    return {paper: _noise() for paper in _PAPERS}


def _noise() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((640, 400), 40).convert("RGB").save(written, "JPEG", quality=80)
    return written.getvalue()


def answers_of(citizen: Citizen) -> dict[str, object]:
    """Every answer of the insurance's form."""
    return {
        "name": citizen.name,
        "id_number": citizen.id_number,
        "birthday": citizen.birthday,
        "phone": citizen.phone.removeprefix("+86"),
        "household_division": "620981101200",
        "is_registered_here": True,
        "registration_kind": "again",
        "person_kind": "adult",
        "assistance_kind": "none",
        "has_employee_insurance": False,
        "is_applying_for_self": True,
        "declaration": True,
    }


async def _apply_at_once(
    settings: Settings, applicants: Sequence[Applicant], photos: Photos, share: int, seconds: float
) -> Tally:
    """Everybody applies `share` times, one after another, for `seconds` at most."""
    tally, began = Tally(), time.perf_counter()

    async def applies(applicant: Applicant) -> None:
        for _ in range(share):
            if time.perf_counter() - began > seconds:
                return
            try:
                await apply(settings, applicant, photos, tally)
            except FAILURES:
                tally.refused += 1

    await asyncio.gather(*(applies(applicant) for applicant in applicants))
    tally.seconds = time.perf_counter() - began
    await connections().aclose()
    return tally


async def apply(settings: Settings, applicant: Applicant, photos: Photos, tally: Tally) -> None:
    """One application from the open draft to the receipt, written into the tally.

    Raises one of FAILURES when the stack refuses or does not answer.
    """
    began = time.perf_counter()
    db = (await web_sessions.signed_in(settings, applicant.secret)).db
    application_id = await applications.start(db, INSURANCE)
    answers = answers_of(applicant.citizen)
    await applications.save_draft(db, application_id, answers, base_version=0)
    for paper, photo in photos.items():
        await _send(settings, db, application_id, paper, photo)
    pressed = time.perf_counter()
    receipt = await applications.submit(
        db, application_id, submission_key=str(uuid4()), today=date.today()
    )
    tally.submit_seconds.append(time.perf_counter() - pressed)
    tally.whole_seconds.append(time.perf_counter() - began)
    tally.receipts.append(receipt)


async def _send(
    settings: Settings, db: Database, application_id: str, paper: str, photo: bytes
) -> None:
    upload = await documents.begin(
        settings, db, application_id, paper, name="photo.jpg", mime="image/jpeg",
        size=len(photo), sha256=hashlib.sha256(photo).hexdigest(),
    )  # fmt: skip
    if upload.is_existing:
        return
    sent = await connections().put(
        upload.upload_url.replace(*_LOOPBACK), content=photo, headers={"content-type": "image/jpeg"}
    )
    sent.raise_for_status()
    await documents.finish(settings, db, upload.document_id)


def check_receipts(receipts: Sequence[Receipt]) -> None:
    """A rate of submissions that are not each a case of its own would be worth nothing."""
    numbers = [receipt.receipt_number for receipt in receipts]
    if not numbers:
        raise RuntimeError("nobody got a receipt")
    if len(set(numbers)) != len(numbers) or any(receipt.is_repeated for receipt in receipts):
        raise RuntimeError("two submissions share a receipt")
    if any(int(number) % 97 != 1 for number in numbers):
        raise RuntimeError("a receipt number has a wrong check digit")
