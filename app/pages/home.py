"""The first page."""
import reflex as rx

from app.layout import page


class Placeholder(rx.State):
    count: int = 0
    @rx.event
    def add(self):
        self.count += 1
    @rx.event
    def fail(self):
        raise RuntimeError("on purpose")

@page("/", "home.title")
def home() -> rx.Component:
    return rx.el.main(rx.el.h1("OneTrip"), rx.el.button("add", on_click=Placeholder.add, id="add"), rx.el.button("fail", on_click=Placeholder.fail, id="fail"), rx.el.output(Placeholder.count, id="count"))
