"""A running product, and the people and cases that stories need."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psutil
from stdnum.cn import ric
from supabase import AsyncClient

from backend import applications, auth, case_acts, documents, web_sessions
from backend.config import Settings, read
from backend.database import call, connections, service_db
from e2e import pictures

_SERVER = "app.web.worker:serve"
# The demo people, by what they do.
WANG = "+8613800000001"
CLERK = "+8613800000003"
CLERK_ELSEWHERE = "+8613800000004"
APPROVER = "+8613800000006"
INSURANCE = "+8613800000007"
SUPERVISOR = "+8613800000013"
ADMINISTRATOR = "+8613800000014"
POLICE = "+8613800000021"
HUMAN_RESOURCES = "+8613800000022"

ALLOWANCE = "elderly-allowance"
SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who lives in the county."""

    id: str
    phone: str
    name: str
    id_number: str
    birthday: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in: the cookie's secret, and the client that is them."""

    id: str
    phone: str
    secret: str
    db: AsyncClient


class County:
    """One running product and its people."""

    def __init__(self, address: str, local: Path, launcher: subprocess.Popen[bytes]) -> None:
        self.address = address
        self.local = local
        self._launcher = launcher
        self.settings = self._settings_of_the_server()
        self._people: dict[str, Person] = {}
        # Numbers of this run, apart from those of earlier runs against the same Supabase.
        self._numbers = count(int(time.time()) % 10_000_000)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def close(self) -> None:
        """End the loop; the launcher is ended by who started it."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    # ---- processes ---------------------------------------------------------------------------

    def _server(self) -> psutil.Process:
        return next(p for p in self.processes() if _SERVER in " ".join(p.cmdline()))

    def _settings_of_the_server(self) -> Settings:
        return read(self._server().environ())

    def processes(self) -> list[psutil.Process]:
        """Every process that the launcher started."""
        return psutil.Process(self._launcher.pid).children(recursive=True)

    def restart_web(self) -> None:
        """What a deploy does: the web server goes, with every State, and another one comes."""
        server = self._server()
        family = [server, *server.children(recursive=True)]
        server.terminate()
        psutil.wait_procs(family, timeout=20)
        _await(lambda: _answers(f"{self.address}/api/health"), 60, "the web server did not return")

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something to become true in the county."""
        _await(is_so, 30, "it did not come to pass")

    # ---- asking the backend ------------------------------------------------------------------

    def ask(self, what: Coroutine[Any, Any, T]) -> T:
        """Await something of the backend, on a loop beside the browser's."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(60)

    def as_service(self, function: str, **arguments: Any) -> Any:
        """Call one SQL function as the server itself."""

        async def run() -> Any:
            return await call(service_db(self.settings), function, **arguments)

        return self.ask(run())

    def code_for(self, phone: str) -> str:
        """The last code that was sent to a number."""
        digits = phone.removeprefix("+")
        path = self.settings.dev_inbox_path
        assert path is not None
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        texts = [m["text"] for m in map(json.loads, lines) if m["phone"].lstrip("+") == digits]
        return re.findall(r"[0-9]{6}", texts[-1])[0]

    def codes_sent(self, phone: str) -> int:
        """How many messages went to a number."""
        path = self.settings.dev_inbox_path
        assert path is not None
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return sum(json.loads(line)["phone"].lstrip("+") == phone.lstrip("+") for line in lines)

    # ---- people ------------------------------------------------------------------------------

    def person(self, phone: str) -> Person:
        """Somebody signed in, once for all tests."""
        if phone not in self._people:
            self._people[phone] = self.signed_in_anew(phone)
        return self._people[phone]

    def signed_in_anew(self, phone: str, device: str = "e2e") -> Person:
        """The same person on one more device."""
        return self.ask(self._sign_in(phone, device))

    async def _sign_in(self, phone: str, device: str) -> Person:
        settings = self.settings
        await auth.send_code(settings, phone, address=str(uuid4()))
        session = await auth.verify_code(settings, phone, self.code_for(phone))
        secret = await web_sessions.open_session(settings, session, device_label=device)
        who = await web_sessions.signed_in(settings, secret)
        return Person(who.person_id, phone, secret, who.db)

    def new_phone(self) -> str:
        """A number that nobody has yet."""
        return f"+86139{next(self._numbers) % 100_000_000:08d}"

    def new_citizen(
        self, *, birthday: str = "1941-05-03", name: str = "", division: str = "620981101200"
    ) -> Citizen:
        """Somebody the county knows and who has not applied for anything."""
        number = next(self._numbers)
        first = f"622101{birthday.replace('-', '')}{number % 1000:03d}"
        id_number = first + ric.calc_check_digit(f"{first}0")
        name = name or f"{SURNAMES[number % len(SURNAMES)]}桂兰"
        phone = self.new_phone()
        facts = {
            "name": name,
            "id_number": id_number,
            "division_code": division,
            "language": "zh",
            "mode": "normal",
            "roles": [],
        }

        async def run() -> str:
            db = service_db(self.settings)
            made = await db.auth.admin.create_user({"phone": phone, "phone_confirm": True})
            await call(db, "import_person", person_id=made.user.id, person=facts)
            return made.user.id

        return Citizen(self.ask(run()), phone, name, id_number, birthday)

    # ---- cases -------------------------------------------------------------------------------

    def answers(self, citizen: Citizen, address: str = "二组 15 号") -> dict[str, Any]:
        """Every answer of the allowance's form."""
        return {
            "name": citizen.name,
            "id_number": citizen.id_number,
            "birthday": citizen.birthday,
            "phone": citizen.phone.removeprefix("+86"),
            "household_division": "620981101200",
            "address": address,
            "pay_method": "social_card",
            "is_applying_for_self": True,
            "declaration": True,
        }

    def draft(
        self,
        citizen: Citizen,
        service: str = ALLOWANCE,
        *,
        answers: dict[str, Any] | None = None,
        with_photos: bool = True,
    ) -> str:
        """An open draft with every answer and photo; returns its id."""
        person = self.person(citizen.phone)
        return self.ask(
            self._draft(
                person,
                citizen,
                service,
                self.answers(citizen) if answers is None else answers,
                with_photos,
            )
        )

    async def _draft(
        self,
        person: Person,
        citizen: Citizen,
        service: str,
        answers: dict[str, Any],
        with_photos: bool,
    ) -> str:
        application_id = await applications.start(person.db, service)
        if answers:
            await applications.save_draft(person.db, application_id, answers, base_version=0)
        if with_photos:
            found = await applications.page(person.db, application_id)
            for material in found["materials"]:
                is_paper = material["source"] == "upload" or material["registry"]
                if is_paper and material["is_required"] and material["is_needed"]:
                    for nth in range(max(1, material["min_files"])):
                        photo = pictures.of(material["code"], nth, citizen.name, citizen.id_number)
                        await self.upload(person, application_id, material["code"], photo)
        return application_id

    async def upload(
        self, person: Person, application_id: str, material: str, content: bytes
    ) -> None:
        place = await documents.begin(
            self.settings, person.db, application_id, material, name="photo.jpg",
            mime="image/jpeg", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        if place.is_existing:
            return
        url = place.upload_url.replace("http://localhost:", "http://127.0.0.1:")
        answer = await connections().put(
            url, content=content, headers={"content-type": "image/jpeg"}
        )
        assert answer.status_code == 200, answer.text
        await documents.finish(self.settings, person.db, place.document_id)

    def case(
        self, citizen: Citizen, service: str = ALLOWANCE, *, answers: dict[str, Any] | None = None
    ) -> str:
        """A case that was handed in; returns its id."""
        application_id = self.draft(citizen, service, answers=answers)
        self.ask(
            applications.submit(
                self.person(citizen.phone).db,
                application_id,
                submission_key=str(uuid4()),
                today=date.today(),
            )
        )
        return application_id

    def current_step(self, who: str, application_id: str) -> str:
        """The step that stands open on the desk of `who`."""
        page = self.page(who, application_id)
        return next(step["id"] for step in page["steps"] if step["status"] == "current")

    def page(self, who: str, application_id: str) -> dict[str, Any]:
        """What the database tells this person about a case."""
        return self.ask(applications.page(self.person(who).db, application_id))

    def forward(self, clerk: str, application_id: str) -> None:
        """The window passes it on."""
        step = self.current_step(clerk, application_id)
        self.ask(applications.forward(self.person(clerk).db, step))

    def approve(self, approver: str, application_id: str, owed: Sequence[str] = ()) -> None:
        """The department agrees; some papers may come within a month."""
        until = (date.today() + timedelta(days=30)).isoformat()
        debts = [{"material": material, "until": until} for material in owed]
        self.decide(approver, application_id, decision="approve", reason="", owed=debts)

    def decide(self, approver: str, application_id: str, **decision: Any) -> None:
        """The department decides the step that is its own."""
        step = self.page(approver, application_id)["my_step_id"]
        db = self.person(approver).db
        self.ask(call(db, "decide_application", step_id=step, **decision))

    def notice(self, clerk: str, application_id: str, *items: case_acts.NoticeItem) -> None:
        """The window says once and for all what is to be mended."""
        db = self.person(clerk).db
        self.ask(case_acts.send_notice(db, application_id, list(items)))

    def refuse(self, approver: str, application_id: str, code: str, reason: str) -> None:
        """The department does not agree."""
        step = self.current_step(approver, application_id)
        self.ask(
            applications.refuse(self.person(approver).db, step, reason_code=code, reason=reason)
        )

    def count_of_cases(self, citizen: Citizen) -> int:
        """How many cases somebody has, drafts included."""
        return len(self.ask(applications.mine(self.person(citizen.phone).db, limit=50)))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _await(is_so: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)
