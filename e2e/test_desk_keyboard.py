"""A clerk without a mouse: to the list, into a case, through its acts, and back to the list."""

from __future__ import annotations

from playwright.sync_api import expect

from e2e.browsing import tab_to
from e2e.county import CLERK, County
from e2e.steps import Open


def test_a_clerk_goes_through_the_queue_without_a_mouse(county: County, desk: Open) -> None:
    cases = [county.case(county.new_citizen(name=name)) for name in ("邓小小", "卢大大")]
    clerk = desk(CLERK)
    clerk.goto("/desk/")
    for case in cases:
        expect(clerk.locator(f".queue-rows a[href*='{case}']")).to_be_visible()
    tab_to(clerk, "a.skip[href$='#queue']", most=2)
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#queue")).to_be_focused()
    for case in cases:
        row = f".queue-rows a[href*='{case}']"
        tab_to(clerk, row)
        clerk.keyboard.press("Enter")
        heading = clerk.locator(f"[data-opened='id={case}']")
        expect(heading).to_be_focused()
        expect(clerk.locator(".queue-rows a[aria-current=true]")).to_have_count(1)
        clerk.locator("a.skip[href$='#main']").focus()
        clerk.keyboard.press("Enter")
        expect(clerk.locator("#main")).to_be_focused()
        expect(heading).to_be_visible()
        heading.focus()
        tab_to(clerk, ".desk-actions summary, .desk-actions button", most=3)
        # Back to the list by the link before the heading, which shows itself to the keyboard.
        heading.focus()
        clerk.keyboard.press("Shift+Tab")
        back = clerk.locator(".desk-back")
        expect(back).to_be_focused()
        expect(back).to_be_in_viewport()
        clerk.keyboard.press("Enter")
        expect(clerk.locator(row)).to_be_focused()
