"""From Today onto the platform: Copy, Share and Open, for what is due and what comes up, with scripts and without."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import House, Visit, accessible, accessible_in_the_dark, fits
from planner.core.model import Post
from planner.store.queries import posts

Which = Callable[[Page], Locator]
CLIPBOARD = ["clipboard-read", "clipboard-write"]
# What a phone's browser has, and Chromium without a window lacks: it notes what it was called with.
SHARES = "navigator.share = async (what) => { window.shared = what; };"
NO_SHARE = "delete Navigator.prototype.share; delete navigator.share;"


GAPS = "[Wort] heißt bei uns: [Erklärung].\n\nWer kennt es?"


def post_of(house: House, card: Locator) -> Post:
    with house.database.read() as tx:
        return posts.get(tx, int(card.get_attribute("data-post") or 0))


def due(page: Page) -> Locator:
    return page.locator("article.card.due").first


def coming(page: Page, place: int = 0) -> Locator:
    """A post that comes up, unfolded."""
    card = page.locator(".coming article").nth(place)
    card.locator("summary").click()
    return card


def clipboard(page: Page) -> str:
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found


def stays_here(page: Page) -> None:
    """No platform is asked by a test: whatever is not ours gets an empty page."""
    page.context.route(lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(body="<title>there</title>"))


@pytest.mark.parametrize("which", [due, coming])
def test_copy_puts_the_whole_text_onto_the_clipboard(visit: Visit, house: House, which: Which) -> None:
    page = visit("/", permissions=CLIPBOARD)
    card = which(page)
    text = post_of(house, card).text
    assert "\n" in text
    card.get_by_role("button", name="Kopieren").click()
    expect(card.get_by_role("button", name="Kopiert")).to_be_visible()
    assert clipboard(page) == text


def test_copy_on_a_post_s_page_leaves_out_nothing_that_is_marked(visit: Visit, house: House) -> None:
    page = visit("/", permissions=CLIPBOARD)
    card = due(page)
    with house.database.write() as tx:
        posts.set_texts(
            tx, [{"key": post_of(house, card).id, "title": "Wort", "text": GAPS, "hint": ""}], house.moment[0]
        )
    post = post_of(house, card)
    card.locator("h3 a").click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("button", name="Kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    assert clipboard(page) == post.text == GAPS


@pytest.mark.parametrize("which", [due, coming])
def test_share_hands_text_and_title_to_the_phone(visit: Visit, house: House, which: Which) -> None:
    page = visit("/sign-in")
    page.add_init_script(SHARES)
    page.goto("/")
    card = which(page)
    post = post_of(house, card)
    card.get_by_role("button", name="Teilen").click()
    assert page.evaluate("window.shared") == {"title": post.title, "text": post.text}


def test_where_the_browser_cannot_share_there_is_no_button(visit: Visit) -> None:
    page = visit("/sign-in")
    page.add_init_script(NO_SHARE)
    page.goto("/")
    expect(due(page).get_by_role("button", name="Kopieren")).to_be_visible()
    expect(page.get_by_role("button", name="Teilen")).to_have_count(0)


def test_open_leads_to_the_platform_with_the_text_on_the_clipboard(visit: Visit, house: House) -> None:
    """Google's form cannot be filled in from outside: the tap copies, then opens."""
    page = visit("/", permissions=CLIPBOARD)
    stays_here(page)
    card = due(page)
    link = card.get_by_role("link", name="Text kopieren, dann Google-Unternehmensprofil öffnen")
    assert link.get_attribute("href") == "https://business.google.com/posts"
    with page.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.wait_for_load_state()
    assert other.url.startswith("https://business.google.com/")
    assert other.evaluate("window.opener") is None
    page.bring_to_front()
    assert clipboard(page) == post_of(house, card).text
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_open_fills_in_the_text_where_the_platform_takes_it(visit: Visit, house: House) -> None:
    page = visit("/", permissions=CLIPBOARD)
    stays_here(page)
    page.evaluate("navigator.clipboard.writeText('before')")
    cards = page.locator(".coming article", has_text="WhatsApp")
    card = cards.first
    card.locator("summary").click()
    link = card.get_by_role("link", name="Auf WhatsApp")
    with page.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.wait_for_load_state()
    assert parse_qs(urlsplit(other.url).query)["text"] == [post_of(house, card).text]
    assert other.evaluate("window.opener") is None
    page.bring_to_front()
    assert clipboard(page) == "before"


def test_every_way_out_opens_beside_the_page_and_tells_nobody_where_from(visit: Visit) -> None:
    page = visit("/")
    links = page.locator("a.out[target]")
    assert links.count() >= 3
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert set((link.get_attribute("rel") or "").split()) == {"noopener", "noreferrer"}


def test_without_scripts_the_text_is_there_to_be_marked_and_no_button_lies(visit: Visit, house: House) -> None:
    page = visit("/", scripts=False)
    for which in (due, coming):
        card = which(page)
        expect(card.locator(".text")).to_be_visible()
        assert card.locator(".text").text_content() == post_of(house, card).text
        expect(card.locator("a.out")).to_be_visible()
    expect(page.get_by_role("button", name="Kopieren")).to_have_count(0)
    expect(page.get_by_role("button", name="Teilen")).to_have_count(0)


# --- what comes up -------------------------------------------------------------------------------------------------


def test_what_comes_up_can_be_used_by_anybody(visit: Visit) -> None:
    page = visit("/")
    for n in range(page.locator(".coming article").count()):
        coming(page, n)
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("button", "said"), [("Erledigt:", "Erledigt:"), ("Auslassen:", "Ausgelassen:"), ("Morgen:", "jetzt am")]
)
def test_each_of_the_three_and_its_undo(visit: Visit, house: House, button: str, said: str, scripts: bool) -> None:
    page = visit("/", scripts=scripts)
    card = page.locator(".coming article", has=page.get_by_role("button", name=button, include_hidden=True)).last
    card.locator("summary").click()
    post = post_of(house, card)
    card.get_by_role("button", name=button).click()
    expect(page.get_by_role("status").filter(has_text=post.title)).to_contain_text(said)
    with house.database.read() as tx:
        assert posts.get(tx, post.id) != post
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.locator(f'.coming [data-post="{post.id}"]')).to_be_visible()
    with house.database.read() as tx:
        again = posts.get(tx, post.id)
    assert (again.status, again.due_local) == (post.status, post.due_local)


@pytest.mark.full
def test_what_is_due_tomorrow_is_put_off_by_a_day(phone: Page, house: House) -> None:
    card = coming(phone)
    post = post_of(house, card)
    card.get_by_role("button", name="Einen Tag später:").click()
    expect(phone.get_by_role("status").filter(has_text=post.title)).to_contain_text("3. Dezember")


def test_a_form_is_sent_once_however_often_it_is_tapped(visit: Visit, house: House) -> None:
    page = visit("/businesses/1/posts/new")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Titel").fill("Zweimal getippt")
    page.get_by_role("button", name="Hinzufügen").evaluate("(button) => { button.click(); button.click(); }")
    expect(page.get_by_role("status").filter(has_text="Zweimal getippt")).to_be_visible()
    assert len(sent) == 1
