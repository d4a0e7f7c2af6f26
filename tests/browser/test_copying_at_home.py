"""Copying where a browser has no clipboard for scripts: at an address at home, by plain HTTP, which is not trusted."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bench.serve import HEADLESS, PHONE, House
from browser.conftest import accessible
from planner.store.queries import posts

HOST = "planner.home"


@pytest.fixture
def home(chromium: Browser, house: House) -> Iterator[Page]:
    """Today on a phone, signed in, at a name that leads to this machine; no platform is asked."""
    url = f"http://{HOST}:{urlsplit(house.url).port}"
    args = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    browser = chromium.browser_type.launch(executable_path=HEADLESS, args=args)
    context = browser.new_context(locale="de-DE", base_url=url, **PHONE)
    context.add_cookies([{"name": "planner", "value": house.secret(), "url": url}])
    context.route(lambda asked: HOST not in asked, lambda route: route.fulfill(body="<title>there</title>"))
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto("/")
    assert page.evaluate("[isSecureContext, typeof navigator.clipboard]") == [False, "undefined"]
    yield page
    browser.close()
    assert errors == []


def pasted(page: Page) -> str:
    """What is on the clipboard, as somebody gets it: by the keyboard, into a field."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' }))")
    field = page.locator("#paste")
    field.focus()
    page.keyboard.press("Control+V")
    words = field.input_value()
    field.evaluate("(field) => field.remove()")
    return words


def text_of(house: House, card: Locator) -> str:
    with house.database.read() as tx:
        return posts.get(tx, int(card.get_attribute("data-post") or 0)).text


@pytest.mark.parametrize("which", ["due", "coming up"])
def test_the_text_is_copied_and_the_page_stays_as_it_was(home: Page, house: House, which: str) -> None:
    card = home.locator("article.card.due" if which == "due" else ".coming article").first
    if which != "due":
        card.locator("summary").click()
    text = text_of(house, card)
    assert "\n" in text
    button = card.locator("[data-copy]")
    button.focus()
    before = home.evaluate("scrollY")
    home.keyboard.press("Enter")
    expect(button).to_have_text("Kopiert")
    expect(button).to_be_focused()
    assert home.evaluate("scrollY") == before
    expect(home.locator("textarea")).to_have_count(0)
    accessible(home)
    assert pasted(home) == text


def test_the_tap_that_opens_a_platform_copies_first(home: Page, house: House) -> None:
    card = home.locator("article.card.due").first
    link = card.get_by_role("link", name="Text kopieren, dann Google-Unternehmensprofil öffnen")
    with home.context.expect_page() as opened:
        link.tap()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith("https://business.google.com/")
    home.bring_to_front()
    assert pasted(home) == text_of(house, card)


def test_the_address_of_the_calendar_is_copied(home: Page) -> None:
    home.goto("/businesses/1/subscriptions")
    home.get_by_role("button", name="Kalender-Adresse erstellen").click()
    address = home.locator("#address").inner_text()
    home.get_by_role("button", name="Adresse kopieren").tap()
    expect(home.get_by_role("button", name="Kopiert")).to_be_visible()
    assert address.endswith(".ics")
    assert pasted(home) == address


def test_what_the_browser_refuses_is_not_said_to_be_copied(home: Page) -> None:
    home.evaluate("document.execCommand = () => false")
    button = home.locator("article.card.due [data-copy]").first
    button.click()
    expect(button).to_be_hidden()
