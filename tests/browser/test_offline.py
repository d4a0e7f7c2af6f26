"""Without network Today can be read, and what is ticked off is sent when the network is back."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from bench.line import await_kept
from browser.conftest import House, Visit, accessible
from planner.actions import checklist
from planner.actions import posts as verbs
from planner.core.model import Post, Status, Window
from planner.store.queries import businesses, posts

DAY = "/businesses/1"


@pytest.fixture
def kept(phone: Page) -> Page:
    """Today, once it is kept for times without network."""
    await_kept(phone)
    phone.reload()
    return phone


def video(house: House) -> Post:
    day = date(2026, 12, 2)
    with house.database.read() as tx:
        return posts.due_between(tx, 1, Window(day, day + timedelta(days=1)))[0]


def due(house: House, page: Page) -> Post:
    number = page.locator("[data-post]").first.get_attribute("data-post")
    with house.database.read() as tx:
        return posts.get(tx, int(number or 0))


def test_today_can_be_read(kept: Page) -> None:
    title = kept.locator("h3").first.inner_text()
    expect(kept.locator("#offline")).to_be_hidden()
    kept.context.set_offline(True)
    kept.reload()
    expect(kept.locator("h3").first).to_have_text(title)
    expect(kept.locator("#offline")).to_be_visible()


def test_done_is_sent_when_the_network_is_back(kept: Page, house: House) -> None:
    post = due(house, kept)
    kept.context.set_offline(True)
    kept.get_by_role("button", name="Erledigt:").first.click()
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_visible()
    assert due(house, kept).status is Status.PLANNED
    kept.context.set_offline(False)
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_hidden()
    with house.database.read() as tx:
        assert posts.get(tx, post.id).status is Status.POSTED


def test_what_the_planner_refuses_is_told_and_not_kept(kept: Page, house: House) -> None:
    kept.context.set_offline(True)
    kept.get_by_role("button", name="Auslassen:").first.click()
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_visible()
    with house.database.write() as tx:
        tx.exec_driver_sql("UPDATE post SET status = 'posted', revision = revision + 1")
    kept.context.set_offline(False)
    expect(kept.locator("#offline")).to_contain_text("ging nicht durch")
    assert kept.evaluate("indexedDB.databases().then((all) => all.length)") == 1
    kept.reload()
    expect(kept.locator("#offline")).to_be_hidden()


def test_what_somebody_skipped_meanwhile_is_done_and_told(kept: Page, house: House) -> None:
    post = due(house, kept)
    kept.context.set_offline(True)
    kept.get_by_role("button", name="Erledigt:").first.click()
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_visible()
    with house.database.write() as tx:
        verbs.skip(tx, post.id, now=house.moment[0], reason="Ofen kaputt")
    kept.context.set_offline(False)
    expect(kept.get_by_text("hatte diesen Beitrag inzwischen ausgelassen")).to_be_visible()
    with house.database.read() as tx:
        assert posts.get(tx, post.id).status is Status.POSTED


def test_what_somebody_moved_meanwhile_is_not_put_off_and_told(kept: Page, house: House) -> None:
    post = due(house, kept)
    kept.context.set_offline(True)
    kept.get_by_role("button", name="Morgen:").first.click()
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_visible()
    with house.database.write() as tx:
        moved = verbs.move(tx, post.id, post.due_local + timedelta(days=5), now=house.moment[0]).after
    kept.context.set_offline(False)
    expect(kept.locator("#offline")).to_contain_text("ging nicht durch")
    with house.database.read() as tx:
        assert posts.get(tx, post.id) == moved


def test_signing_out_forgets_what_was_kept(kept: Page) -> None:
    kept.goto("/businesses/1/more")
    kept.get_by_role("button", name="Abmelden").click()
    expect(kept.get_by_role("heading", name="Anmelden")).to_be_visible()
    assert kept.evaluate("caches.keys()") == []
    assert kept.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_another_page_is_no_dead_end(kept: Page) -> None:
    kept.context.set_offline(True)
    kept.get_by_role("link", name="Kalender").click()
    expect(kept.locator("#offline")).to_be_visible()
    expect(kept.get_by_role("button", name="Erledigt:").first).to_be_visible()


# --- the first visit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["/", DAY, "/businesses/1/calendar"])
@pytest.mark.parametrize("then", ["/", DAY])
def test_one_visit_is_enough_and_serves_both_addresses(visit: Visit, first: str, then: str) -> None:
    page = visit(first)
    await_kept(page)
    page.context.set_offline(True)
    page.goto(then)
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("article.card.due h3").first).to_be_visible()
    assert page.evaluate("[...document.styleSheets].every((sheet) => sheet.cssRules.length > 50)")
    expect(page.get_by_role("button", name="Kopieren").first).to_be_visible()  # its script is there, too


@pytest.mark.parametrize("first", ["/", DAY])
def test_what_the_first_visit_kept_is_the_page_as_it_came_and_as_well_guarded(visit: Visit, first: str) -> None:
    """Handed over by the page itself: nothing that its scripts did, all that its headers say."""
    page = visit(first)
    await_kept(page)
    kept, came = (page.evaluate(_PAGE, ask) for ask in ("caches", "fetch"))
    assert kept["guards"] == came["guards"]
    assert "script-src 'self'" in kept["guards"][0]
    assert kept["text"] == came["text"]


_PAGE = """async (asked) => {
  const answer = await (asked === "caches" ? caches.match("/businesses/1") : fetch("/businesses/1"));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const names = [
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Content-Type-Options",
    "Content-Type",
  ];
  return { guards: names.map((name) => answer.headers.get(name)), text: page.documentElement.outerHTML };
}"""


def test_both_addresses_show_what_was_seen_last(kept: Page, house: House) -> None:
    """Not the one yesterday and the other today."""
    kept.goto(DAY)
    kept.get_by_role("button", name="Erledigt:").first.click()
    expect(kept.get_by_role("heading", name="Heute erledigt")).to_be_visible()
    kept.context.set_offline(True)
    kept.goto("/")
    expect(kept.get_by_role("heading", name="Heute erledigt")).to_be_visible()


@pytest.mark.full
def test_where_there_are_several_each_has_its_own(visit: Visit, house: House) -> None:
    with house.database.write() as tx:
        now = house.moment[0]
        businesses.add(tx, name="Café Huber", timezone="Europe/Vienna", language="de", created_at=now)
    page = visit(DAY)
    await_kept(page)
    for path in (DAY, "/businesses/2", "/"):
        page.goto(path)
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("link", name="Café Huber")).to_be_visible()
    page.goto("/businesses/2")
    expect(page.get_by_role("banner")).to_contain_text("Café Huber")
    page.goto(DAY)
    expect(page.get_by_role("banner")).to_contain_text("Sonnenschein")


# --- what else may wait ------------------------------------------------------------------------------------------


@pytest.mark.full
def test_a_step_ticked_on_today_is_sent_later(kept: Page, house: House) -> None:
    steps = kept.locator("#steps")
    title = steps.locator("li").inner_text()
    kept.context.set_offline(True)
    steps.get_by_role("button", name="Erledigt: Idee").click()
    expect(steps.get_by_text("Wartet auf das Netz")).to_be_visible()
    expect(kept.get_by_text("Wartet auf das Netz")).to_have_count(1)
    accessible(kept)
    assert video(house).steps == ()
    kept.context.set_offline(False)
    expect(kept.get_by_text("Wartet auf das Netz")).to_have_count(0)
    assert video(house).steps == ("idea",)
    assert steps.locator("li").inner_text() != title


@pytest.mark.full
def test_steps_and_lines_ticked_on_the_post_s_page_are_sent_later_and_what_is_typed_stays(
    kept: Page, house: House
) -> None:
    post = video(house)
    with house.database.write() as tx:
        checklist.add_to_do(tx, post.id, "Licht holen", now=house.moment[0])
    kept.goto(f"/posts/{post.id}")
    kept.get_by_label("Notizen").fill("halb fertig")
    kept.context.set_offline(True)
    film = kept.get_by_role("checkbox", name=re.compile("^Drehen"))
    film.click()
    expect(film).to_be_checked()
    expect(kept.locator("#steps").get_by_text("Wartet auf das Netz")).to_be_visible()
    film.click()  # a slip, taken back, and meant after all: all three are sent, in this order
    expect(film).not_to_be_checked()
    film.click()
    light = kept.get_by_role("checkbox", name="Licht holen")
    light.click()
    expect(light).to_be_checked()
    expect(light).to_be_focused()
    accessible(kept)
    kept.context.set_offline(False)
    expect(kept.get_by_text("Wartet auf das Netz")).to_have_count(0)
    after = video(house)
    assert after.steps == ("idea", "script", "film")
    assert [each.done for each in after.checklist] == [True]
    expect(kept.get_by_label("Notizen")).to_have_value("halb fertig")


@pytest.mark.full
def test_undo_is_sent_later(kept: Page, house: House) -> None:
    post = due(house, kept)
    kept.get_by_role("button", name="Erledigt:").first.click()
    notice = kept.get_by_role("status").filter(has_text="Erledigt:")
    expect(notice).to_be_visible()
    kept.context.set_offline(True)
    notice.get_by_role("button", name="Rückgängig").click()
    expect(notice.get_by_text("Wartet auf das Netz")).to_be_visible()
    with house.database.read() as tx:
        assert posts.get(tx, post.id).status is Status.POSTED
    kept.context.set_offline(False)
    expect(kept.get_by_role("button", name=f"Erledigt: {post.title}")).to_be_visible()
    with house.database.read() as tx:
        assert posts.get(tx, post.id).open


def test_what_comes_up_can_be_put_off_without_network(kept: Page, house: House) -> None:
    card = kept.locator(".coming article").first
    card.locator("summary").click()
    kept.context.set_offline(True)
    card.get_by_role("button", name="Einen Tag später:").click()
    expect(kept.locator("#offline")).to_be_visible()
    card.locator("summary").click()
    expect(card.get_by_text("Wartet auf das Netz")).to_be_visible()
    kept.context.set_offline(False)
    expect(kept.get_by_text("Wartet auf das Netz")).to_have_count(0)
    with house.database.read() as tx:
        moved = [post.title for post in posts.due_between(tx, 1, Window(date(2026, 12, 3), date(2026, 12, 4)))]
    assert card.locator(".title").inner_text() in moved


_SENT = """async (path) => {
  const text = await (await fetch(path)).text();
  const button = new DOMParser().parseFromString(text, "text/html").querySelector(".changed .notice");
  return new URLSearchParams(new FormData(button)).toString();
}"""


@pytest.mark.full
def test_what_arrived_although_its_answer_was_lost_may_come_again(kept: Page, house: House) -> None:
    """Undo, and a step: the second time changes nothing and is no refusal."""
    post = due(house, kept)
    kept.get_by_role("button", name="Erledigt:").first.click()
    kept.wait_for_url("**/businesses/1?undo=*")
    undo = kept.evaluate(_SENT, kept.url)
    csrf = kept.locator('[name="csrf"]').first.input_value()
    step = f"csrf={csrf}&step=idea"
    again = """async ([path, body]) => {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      return (await fetch(path, { method: "POST", headers, body, redirect: "manual" })).type;
    }"""
    for path, body in (("/undo", undo), (f"/posts/{video(house).id}/steps/tick", step)) * 2:
        assert kept.evaluate(again, [path, body]) == "opaqueredirect"
    with house.database.read() as tx:
        assert posts.get(tx, post.id).revision == post.revision + 2
    assert video(house).steps == ("idea",)
