"""The shell in a real browser: nothing refused by the policy, bars, titles, offline."""

from playwright.sync_api import Page, expect

from tests.web.conftest import InBrowser


def ready(page: Page) -> None:
    """Wait until the application has taken over the prerendered page."""
    page.wait_for_function("() => sessionStorage.getItem('token') !== null")


def test_home_runs_under_the_policy(in_browser: InBrowser) -> None:
    def visit(page: Page) -> None:
        page.goto("/")
        ready(page)
        page.wait_for_timeout(500)

    in_browser(visit)


def test_unknown_address_shows_calm_words(in_browser: InBrowser) -> None:
    def visit(page: Page) -> None:
        page.goto("/no-such-page/")
        expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
        # The only complaint is about the status itself.
        assert all("404" in text for text in page.complaints)  # type: ignore[attr-defined]
        page.complaints.clear()  # type: ignore[attr-defined]

    in_browser(visit)


def test_language_is_set_before_paint_and_titles_follow(in_browser: InBrowser, site: str) -> None:
    def visit(page: Page) -> None:
        page.context.add_cookies([{"name": "lang", "value": "en", "url": site}])
        page.goto("/")
        ready(page)
        english = page.locator('meta[name="title-en"]').get_attribute("content") or ""
        expect(page).to_have_title(english)
        assert page.evaluate("document.documentElement.lang") == "en"
        page.evaluate("document.documentElement.lang = 'zh-CN'")
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.lang") == "zh-CN"

    in_browser(visit)


def test_pages_open_without_network_and_say_so(in_browser: InBrowser) -> None:
    def visit(page: Page) -> None:
        page.goto("/")
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.context.set_offline(True)
        page.goto("/")
        expect(page.locator("#offline")).to_be_visible(timeout=15_000)
        page.context.set_offline(False)
        expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
        page.complaints.clear()  # type: ignore[attr-defined]

    in_browser(visit)


def test_a_new_version_waits_for_the_person_who_types(in_browser: InBrowser) -> None:
    def visit(page: Page) -> None:
        page.goto("/")
        ready(page)
        page.evaluate(
            """() => {
                const field = document.createElement("input");
                field.value = "typed";
                document.body.append(field);
                window.dispatchEvent(new Event("onetrip:new-version"));
            }"""
        )
        expect(page.locator("#new-version")).to_be_visible()
        page.evaluate("document.querySelector('body > input').value = ''")

    in_browser(visit)


def test_a_new_version_reloads_a_page_nobody_types_in(in_browser: InBrowser) -> None:
    def visit(page: Page) -> None:
        page.goto("/")
        ready(page)
        with page.expect_navigation():
            page.evaluate(
                """() => {
                    for (const field of document.querySelectorAll("input, textarea")) {
                        field.value = "";
                    }
                    window.dispatchEvent(new Event("onetrip:new-version"));
                }"""
            )

    in_browser(visit)
