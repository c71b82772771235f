"""Composition root: pages, what wraps them, and the HTTP endpoints beside them."""

import os
from functools import partial

import reflex as rx
from fastapi import FastAPI
from reflex.utils.prerequisites import get_web_dir

from app.api.routes import PROBES, ROUTERS
from app.layout import add_pages
from app.live import run_feed
from app.pages import (
    absences,
    apply,
    case,
    cases,
    desk,
    guide_edit,
    guide_record,
    guides,
    home,
    inbox,
    me,
    service,
    services,
    sign_in,
    supervision,
    wallet,
)
from app.web import faults, policy, words
from app.web.connection import connection_bar
from app.web.head import head_components
from app.web.health import health_router
from app.web.not_found import not_found, opening
from app.web.reconnect import keep_state_across_networks
from app.web.site import site_from

# Importing a page registers it; the tuple says which there are.
SERVED = (
    absences,
    apply,
    case,
    cases,
    desk,
    guide_edit,
    guide_record,
    guides,
    home,
    inbox,
    me,
    service,
    services,
    sign_in,
    supervision,
    wallet,
)


def _api() -> FastAPI:
    """The endpoints; no schema page, since no one but our own pages calls them."""
    api = FastAPI(title="OneTrip", openapi_url=None)
    api.add_exception_handler(Exception, faults.pass_on)
    api.include_router(health_router(PROBES))
    for router in ROUTERS:
        api.include_router(router)
    return api


app = rx.App(
    html_lang="zh-CN",
    head_components=head_components(),
    stylesheets=["/style.css"],
    toaster=None,
    hydrate_fallback=opening,
    backend_exception_handler=faults.log_handler_fault,
    frontend_exception_handler=faults.log_browser_fault,
    api_transformer=[
        _api(),
        faults.answer_faults,
        partial(
            policy.guard_answers,
            site=site_from(os.environ),
            script_hashes=policy.read_script_hashes(get_web_dir() / "build" / "client"),
        ),
    ],
)
app.app_wraps = {
    (55, "ErrorBoundary"): faults.page_boundary,
    (5, "Overlay"): lambda stateful: (
        rx.fragment(connection_bar(), faults.fault_bar()) if stateful else None
    ),
}
keep_state_across_networks(app)
app.register_lifespan_task(run_feed)
add_pages(app)
app.add_page(not_found, route="404", title=words.NOT_FOUND.zh, image="")
