"""Back, forward and reload: always the page that was there, no question whether to send a form again, nothing twice."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from bench.serve import DESKTOP, House
from browser.conftest import Visit
from planner.actions import posts
from planner.actions.access import set_password
from planner.core.model import Post, Status, Window
from planner.links import Links, Verb
from planner.store.queries import feeds
from planner.store.queries import posts as rows

TODAY = date(2026, 12, 1)
both = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def post(house: House) -> Post:
    """Google's post of today."""
    with house.database.read() as tx:
        return rows.due_between(tx, 1, Window(TODAY, TODAY + timedelta(days=1)))[0]


def now(house: House, post: Post) -> Post:
    with house.database.read() as tx:
        return rows.get(tx, post.id)


def made(house: House) -> int:
    with house.database.read() as tx:
        return len(feeds.of_business(tx, 1))


def posted(page: Page) -> list[str]:
    """The forms that the page sends from here on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


@both
@pytest.mark.parametrize("path", ["/businesses/1/subscriptions", "/businesses/1/welcome/calendar"])
def test_a_new_address_is_there_after_a_reload_and_made_once(
    visit: Visit, house: House, path: str, scripts: bool
) -> None:
    page = visit(path, scripts=scripts)
    sent = posted(page)
    before = made(house)
    page.get_by_role("button", name="Kalender-Adresse erstellen").click()
    address = page.locator("#address").inner_text()
    page.reload()
    expect(page.locator("#address")).to_have_text(address)
    page.go_back()
    expect(page.get_by_role("button", name="Kalender-Adresse erstellen")).to_be_visible()
    page.go_forward()
    expect(page.locator("#address")).to_have_text(address)
    assert len(sent) == 1
    assert made(house) == before + 1
    assert address.rpartition("/")[2].removesuffix(".ics") not in page.url


def test_two_taps_make_one_address(visit: Visit, house: House) -> None:
    """Also where no script keeps the second one back."""
    page = visit("/businesses/1/subscriptions", scripts=False)
    before = made(house)
    form = {
        name: page.locator(f'form.stack [name="{name}"]').input_value()
        for name in ("csrf", "once", "channel", "kind", "alarm")
    }
    answers = [page.request.post("/businesses/1/subscriptions", form=form).url for _ in range(2)]
    assert all("/subscriptions/made/" in url for url in answers)
    assert made(house) == before + 1


def test_a_double_click_adds_one_post(visit: Visit, house: House) -> None:
    """Without scripts, so that both arrive."""
    page = visit("/businesses/1/posts/new", scripts=False)
    page.get_by_label("Titel").fill("Doppelt geklickt")
    page.get_by_role("button", name="Hinzufügen").dblclick()
    expect(page.get_by_role("status").filter(has_text="Doppelt geklickt")).to_be_visible()
    with house.database.read() as tx:
        there = rows.due_between(tx, 1, Window(TODAY, TODAY + timedelta(days=1)))
    assert [post.title for post in there].count("Doppelt geklickt") == 1


@both
def test_back_to_a_form_that_was_refused(visit: Visit, house: House, post: Post, scripts: bool) -> None:
    page = visit("/businesses/1/posts/new", scripts=scripts)
    page.get_by_label("Titel").fill("   ")
    page.get_by_label("Text zum Posten").fill("Was ich getippt habe")
    sent = posted(page)
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.get_by_role("alert")).to_contain_text("Titel")
    expect(page.get_by_label("Text zum Posten")).to_have_value("Was ich getippt habe")
    page.reload()
    expect(page.get_by_label("Text zum Posten")).to_have_value("Was ich getippt habe")
    page.get_by_label("Titel").fill("Mit Titel")
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.get_by_role("status").filter(has_text="Mit Titel")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("alert")).to_contain_text("Titel")
    expect(page.get_by_label("Text zum Posten")).to_have_value("Was ich getippt habe")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beitrag hinzufügen")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.go_forward()
    page.go_forward()
    expect(page.get_by_role("status").filter(has_text="Mit Titel")).to_be_visible()
    assert len(sent) == 2


@both
def test_back_to_a_conflict(visit: Visit, house: House, post: Post, scripts: bool) -> None:
    page = visit(f"/posts/{post.id}", size=DESKTOP, scripts=scripts)
    page.get_by_label("Text", exact=True).fill("Worte des Neffen")
    with house.database.write() as tx:
        posts.edit(tx, post.id, now=house.moment[0], text="Worte der Chefin")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".newer")).to_contain_text("Worte der Chefin")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_have_text("Gespeichert.")
    page.go_back()
    expect(page.locator(".newer")).to_contain_text("Worte der Chefin")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Worte des Neffen")
    assert now(house, post).text == "Worte des Neffen"


@both
def test_back_after_done_shows_the_day_as_it_is(visit: Visit, house: House, post: Post, scripts: bool) -> None:
    page = visit("/", scripts=scripts)
    sent = posted(page)
    page.get_by_role("button", name=f"Erledigt: {post.title}").click()
    expect(page.get_by_role("status").filter(has_text=post.title)).to_be_visible()
    page.reload()
    page.go_back()
    expect(page.get_by_role("heading", name="Heute erledigt")).to_be_visible()
    expect(page.get_by_role("button", name=f"Erledigt: {post.title}")).to_have_count(0)
    assert len(sent) == 1


def test_a_day_left_open_meanwhile_is_told_and_left_again(visit: Visit, house: House, post: Post) -> None:
    """Somebody else has posted it: skipping is refused on the post's page, and Back leads to the day."""
    page = visit("/")
    with house.database.write() as tx:
        posts.complete(tx, post.id, now=house.moment[0])
    page.get_by_role("button", name=f"Auslassen: {post.title}").click()
    expect(page.get_by_role("alert")).to_contain_text("schon als gepostet")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("schon als gepostet")
    page.go_back()
    expect(page.get_by_role("heading", name="Heute erledigt")).to_be_visible()


@both
def test_back_and_reload_after_a_mail_s_link(visit: Visit, house: House, post: Post, scripts: bool) -> None:
    link = Links(["k" * 40], house.url).action(Verb.DONE, post, house.moment[0]).removeprefix(house.url)
    page = visit(link, scripts=scripts)
    page.get_by_role("button", name="Ja, ").click()
    expect(page.get_by_role("status")).to_contain_text("Gepostet. Gut gemacht!")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Gepostet. Gut gemacht!")
    page.get_by_role("link", name="Den Planner öffnen").click()
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("Gepostet. Gut gemacht!")
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("status")).to_contain_text("Zurückgenommen")
    assert now(house, post).status is not Status.POSTED


def test_back_after_a_wrong_password(visit: Visit, house: House) -> None:
    with house.database.write() as tx:
        set_password(tx, "drei lange Worte")
    page = visit("/sign-in", signed_in=False)
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    house.moment[0] += timedelta(minutes=5)  # a wrong one makes the next one wait
    page.get_by_label("Passwort").fill("drei lange Worte")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("link", name="Kalender")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Passwort")).to_be_visible()
