"""The one boundary for what nobody expected: logged under a reference that the person also sees."""

import json
import logging
import secrets
from typing import cast

import reflex as rx
from reflex.event import EventSpec
from reflex.state import FrontendEventExceptionState
from reflex_components_core.base.error_boundary import ErrorBoundary
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import words

log = logging.getLogger("onetrip.faults")

# Without the letters and digits that are misheard on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONGEST_REPORT = 4_000


def new_reference() -> str:
    """Eight characters that a person can read out and staff can search the log for."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


class Fault(rx.State):
    """The reference of the last unexpected fault of this tab."""

    reference: str = ""

    @rx.event
    def show(self, reference: str) -> None:
        """Put a reference on the page; it says nothing that the caller does not know already."""
        self.reference = reference[:8]

    @rx.event
    def dismiss(self) -> None:
        """The person has read it."""
        self.reference = ""

    @rx.event
    def report(self, error: str, component_stack: str) -> None:
        """A component failed to render in the browser."""
        self.reference = new_reference()
        log.error(
            "fault %s in the browser: %s %s",
            self.reference,
            _one_line(error),
            _one_line(component_stack),
        )


def _one_line(report: str) -> str:
    """What a browser sends may be long, and may try to forge lines of the log."""
    return json.dumps(report[:_LONGEST_REPORT], ensure_ascii=False)


def log_handler_fault(exception: Exception) -> EventSpec:
    """Log an exception of an event handler, and show its reference to the person."""
    reference = new_reference()
    log.error("fault %s in a handler", reference, exc_info=exception)
    return cast(EventSpec, Fault.show(reference))


def log_browser_fault(exception: Exception) -> None:
    """Log a script error that the browser reported; the page itself still works."""
    log.error("fault %s in the browser: %s", new_reference(), _one_line(str(exception)))


# Reflex would reload the page on some script errors, by evaluating a string. Neither is allowed.
FrontendEventExceptionState.auto_reload_on_errors = []


@rx.memo
def fault_bar() -> rx.Component:
    """What the person sees when a handler failed: calm words and the reference."""
    return rx.el.div(
        rx.cond(
            Fault.reference != "",
            rx.el.div(
                rx.el.p(
                    words.both(words.FAULT),
                    " ",
                    rx.el.strong(Fault.reference, class_name="num", id="fault-reference"),
                    class_name="grow",
                ),
                rx.el.button(
                    "×",
                    rx.el.span("关闭", lang="zh-CN", class_name="sr zh"),
                    rx.el.span("Close", lang="en", class_name="sr en"),
                    on_click=Fault.dismiss,
                    type="button",
                    class_name="close",
                ),
                class_name="notice seal fault",
            ),
            rx.fragment(),
        ),
        role="alert",
    )


@rx.memo
def fault_page() -> rx.Component:
    """In place of a page that could not be drawn."""
    return rx.el.div(
        rx.el.main(
            rx.el.h1(words.both(words.PAGE_FAULT)),
            rx.el.p(
                words.both(words.FAULT),
                " ",
                rx.el.strong(Fault.reference, class_name="num", id="fault-reference"),
            ),
            rx.el.p(rx.el.a(words.both(words.TRY_AGAIN), href="", class_name="button main")),
            rx.el.p(rx.el.a(words.both(words.GO_HOME), href="/")),
            class_name="content",
        ),
        class_name="phone",
    )


def page_boundary(stateful: bool) -> rx.Component:
    """Catches what a page's own components throw."""
    return ErrorBoundary.create(
        on_error=Fault.report if stateful else rx.noop(),
        fallback_render=rx.Var.create(fault_page()),
    )


def answer_faults(app: ASGIApp) -> ASGIApp:
    """Outermost for plain HTTP: an exception becomes one logged reference and a calm answer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        is_started = False

        async def noting_send(message: Message) -> None:
            nonlocal is_started
            is_started = is_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await app(scope, receive, noting_send)
        except Exception as error:
            reference = new_reference()
            log.exception("fault %s at %s", reference, scope["path"], exc_info=error)
            if not is_started:
                await _answer(Request(scope), reference)(scope, receive, send)

    return answer


def _answer(request: Request, reference: str) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        body = json.dumps({"error": "unexpected", "reference": reference})
        return Response(body, status_code=500, media_type="application/json")
    sentence = f"{words.FAULT.zh} {reference}<br>{words.FAULT.en} {reference}"
    html = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{words.APP_NAME.zh}</title><p>{sentence}</p>"
        f'<p><a href="/">{words.GO_HOME.zh} · {words.GO_HOME.en}</a></p></html>'
    )
    return Response(html, status_code=500, media_type="text/html")


async def pass_on(_request: Request, exception: Exception) -> Response:
    """Keep FastAPI from answering itself, so that the outermost boundary sees the exception."""
    raise exception
