"""Every page of the product, whose page it is, and a county in which each has something to show."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import app.pages
from app.layout import PAGES
from backend import applications, case_acts
from e2e.county import ALLOWANCE, APPROVER, CLERK, SUPERVISOR, Citizen, County

for _module in pkgutil.iter_modules(app.pages.__path__):
    importlib.import_module(f"app.pages.{_module.name}")

ROUTES = frozenset(page.route for page in PAGES)


@dataclass(frozen=True, slots=True)
class Scene:
    """One citizen with a case in every state."""

    citizen: Citizen
    draft: str
    open: str
    with_department: str
    approved: str
    refused: str
    withdrawn: str
    to_mend: str
    owing: str


@dataclass(frozen=True, slots=True)
class Words:
    """What people of a scene type themselves, which no catalogue translates."""

    name: str = "张桂兰"
    address: str = "二组 15 号"
    reason: str = "户口簿上的住址在瓜州县，请到瓜州县申请。"
    wish: str = "正面反光看不清，请在亮处重拍一张"


IN_LATIN = Words(
    "Zhang Guilan",
    "Group 2, No. 15",
    "The register names an address in Guazhou.",
    "Please do it again",
)


def set_scene(county: County, words: Words) -> Scene:
    """Live through a few weeks of one person's life."""
    citizen = county.new_citizen(name=words.name)
    answers = county.answers(citizen, words.address)
    refused = county.case(citizen, answers=answers)
    county.forward(CLERK, refused)
    county.refuse(APPROVER, refused, "household_elsewhere", words.reason)
    approved = county.case(citizen, answers=answers)
    county.forward(CLERK, approved)
    county.approve(APPROVER, approved)
    withdrawn = county.case(citizen, answers=answers)
    county.ask(applications.withdraw(county.person(citizen.phone).db, withdrawn))
    with_department = county.case(citizen, answers=answers)
    county.forward(CLERK, with_department)
    waiting = county.case(citizen, answers=answers)
    to_mend = county.case(citizen, answers=answers)
    county.notice(
        CLERK,
        to_mend,
        {"material": "id-card", "points": [0], "text": words.wish},
        {"field": "address", "text": words.wish},
    )
    county.ask(case_acts.ask(county.person(citizen.phone).db, to_mend, words.wish))
    owing = county.case(citizen, answers=answers)
    county.forward(CLERK, owing)
    county.approve(APPROVER, owing, owed=["bank-card"])
    # Last: a later case of the same service would hand in this very draft.
    draft = county.draft(citizen, answers=answers)
    return Scene(
        citizen,
        draft,
        waiting,
        with_department,
        approved,
        refused,
        withdrawn,
        to_mend,
        owing,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One page in one situation: what it is called here, where it is, and who looks at it."""

    name: str
    role: str
    route: str
    wait_for: str
    who: Callable[[Scene], str | None]
    query: Callable[[Scene], str] = lambda scene: ""
    is_desk: bool = False

    def address(self, scene: Scene) -> str:
        """Where it is."""
        query = self.query(scene)
        return f"{self.route}?{query}" if query else self.route


def _stranger(name: str, route: str, wait_for: str, query: str = "") -> Place:
    return Place(name, "stranger", route, wait_for, lambda s: None, lambda s: query)


def _citizen(
    name: str, route: str, wait_for: str, query: Callable[[Scene], str] = lambda s: ""
) -> Place:
    return Place(name, "citizen", route, wait_for, lambda s: s.citizen.phone, query)


def _desk(
    name: str,
    role: str,
    phone: str,
    wait_for: str,
    query: Callable[[Scene], str] = lambda s: "",
    route: str = "/desk/",
) -> Place:
    return Place(name, role, route, wait_for, lambda s: phone, query, is_desk=True)


PLACES: tuple[Place, ...] = (
    _stranger("home", "/", ".list-row, .door:visible"),
    _stranger("services", "/services/", "main .list-row"),
    _stranger("services-none", "/services/", "main .empty", "q=xkcdqv"),
    _stranger("service", "/service/", "#guide", f"code={ALLOWANCE}"),
    _stranger("service-by-phone", "/service/", "#guide", "code=ordinary-passport"),
    _stranger("sign-in", "/sign-in/", "#phone"),
    _stranger("me", "/me/", "main .card"),
    _stranger("inbox", "/dev/inbox/", "main h1, main .card, main .empty, main li"),
    _citizen("home", "/", ".card.link, .door:visible"),
    _citizen("service", "/service/", "#start", lambda s: f"code={ALLOWANCE}"),
    _citizen("apply", "/apply/", "#address", lambda s: f"id={s.draft}"),
    _citizen("cases", "/cases/", "main .card.link"),
    _citizen("case-open", "/case/", "#case", lambda s: f"id={s.open}"),
    _citizen("case-with-department", "/case/", "#case", lambda s: f"id={s.with_department}"),
    _citizen("case-approved", "/case/", "#case", lambda s: f"id={s.approved}"),
    _citizen("case-refused", "/case/", "#case", lambda s: f"id={s.refused}"),
    _citizen("case-withdrawn", "/case/", "#case", lambda s: f"id={s.withdrawn}"),
    _citizen("case-to-mend", "/case/", "#mend", lambda s: f"id={s.to_mend}"),
    _citizen("case-owing", "/case/", "#owed", lambda s: f"id={s.owing}"),
    _citizen("case-unknown", "/case/", "main .empty", lambda s: f"id={s.citizen.id}"),
    _citizen("me", "/me/", "#sign-out"),
    _citizen("wallet", "/wallet/", "main .card h2"),
    _citizen("not-your-desk", "/desk/", "main .card h1"),
    _desk("desk", "clerk", CLERK, ".queue-rows li"),
    _desk("desk-case", "clerk", CLERK, ".desk-actions summary", lambda s: f"id={s.open}"),
    _desk("desk-done", "clerk", CLERK, ".queue-rows li", lambda s: "view=done"),
    _desk(
        "desk-case", "approver", APPROVER, ".desk-actions summary",
        lambda s: f"id={s.with_department}",
    ),
    _desk(
        "desk-refused", "approver", APPROVER, ".desk-head", lambda s: f"view=done&id={s.refused}"
    ),
    _desk("absences", "clerk", CLERK, "main .card", route="/absences/"),
    _desk("absences", "supervisor", SUPERVISOR, "main .card", route="/absences/"),
    _desk(
        "supervision", "supervisor", SUPERVISOR, ".desk-figures", route="/supervision/"
    ),
    _desk("desk", "supervisor", SUPERVISOR, "main .empty"),
    _desk("guides", "approver", APPROVER, "main .queue-rows", route="/guides/"),
    _desk(
        "guide-record", "approver", APPROVER, ".desk-head",
        lambda s: f"code={ALLOWANCE}", route="/guide-record/",
    ),
    _desk("guide-edit", "approver", APPROVER, "main .empty", route="/guide-edit/"),
)  # fmt: skip
