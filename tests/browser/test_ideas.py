"""Ideas in a real browser: dragged onto a slot by mouse, finger and keyboard, and all of it without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import DESKTOP, PHONE, SIZES, House, Visit, accessible, accessible_in_the_dark, fits
from planner.actions import ideas as verbs
from planner.core.model import Idea, Pillar, Post, Window
from planner.store.queries import businesses, channels, ideas, posts

LIST = "/businesses/1/ideas"


@pytest.fixture
def stock(house: House) -> list[Idea]:
    """One idea for any channel, one for WhatsApp alone."""
    with house.database.write() as tx:
        business = businesses.get(tx, 1)
        whatsapp = next(each.id for each in channels.of_business(tx, 1) if each.platform == "whatsapp")
        return [
            verbs.add_idea(
                tx, business, title=title, text="Ab heute.", pillar=pillar, channel_id=channel, now=house.moment[0]
            )
            for title, pillar, channel in (("Stollen", Pillar.SEASON, None), ("Nur hier", Pillar.OFFER, whatsapp))
        ]


def post_on(house: House, day: date) -> Post:
    with house.database.read() as tx:
        return posts.due_between(tx, 1, Window(day, day + timedelta(days=1)))[0]


GOOGLE, WHATSAPP = date(2026, 12, 8), date(2026, 12, 10)


def waiting(house: House) -> list[str]:
    with house.database.read() as tx:
        return [idea.title for idea in ideas.backlog(tx, 1)]


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
def test_anybody_can_use_it(visit: Visit, stock: list[Idea], size: dict[str, object]) -> None:
    page = visit(LIST, size=size)
    page.get_by_text("Eine Idee aufschreiben").click()
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)
    page.goto(f"{LIST}/{stock[0].id}")
    for fold in page.locator("summary").all():
        fold.click()
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)


def test_narrow_with_long_words(visit: Visit, house: House) -> None:
    with house.database.write() as tx:
        idea = verbs.add_idea(tx, businesses.get(tx, 1), title="W" * 200, text="x" * 500, now=house.moment[0])
    narrow = {**PHONE, "viewport": {"width": 360, "height": 740}}
    for path in (LIST, f"{LIST}/{idea.id}"):
        fits(visit(path, size=narrow))


def card(page: Page, title: str) -> Locator:
    return page.locator(".idea", has_text=title)


def slot(page: Page, post: Post) -> Locator:
    return page.locator(f'.slot[data-post="{post.id}"]')


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def until(page: Page, true: str) -> None:
    """Wait for something of the page that no locator knows (wait_for_function needs eval, which the page forbids)."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(30)
    raise AssertionError(true)


def bring(place: Locator) -> None:
    """Away from the edge of the list, where it would go on while something is held."""
    place.evaluate("place => place.closest('.room').scrollTo(0, place.offsetTop - 150)")


def landed(page: Page, house: House, day: date, title: str) -> None:
    """The idea is in the post of the day, and the page says so; taken back, both are as they were."""
    expect(page.get_by_role("status").first).to_contain_text(f"{title}: jetzt der Beitrag von")
    assert post_on(house, day).title == title
    assert title not in waiting(house)
    page.get_by_role("button", name="Rückgängig").click()
    expect(card(page, title)).to_be_visible()
    assert post_on(house, day).title != title


def test_dragged_with_a_mouse(visit: Visit, house: House, stock: list[Idea]) -> None:
    page, post = visit(LIST, size=DESKTOP), post_on(house, GOOGLE)
    bring(slot(page, post))
    page.mouse.move(*middle(card(page, "Stollen").locator("h3 a")))
    page.mouse.down()
    page.mouse.move(*middle(slot(page, post)), steps=5)
    expect(slot(page, post)).to_have_class("slot over")
    expect(page.locator(".ghost")).to_be_visible()
    page.mouse.up()
    landed(page, house, GOOGLE, "Stollen")


@pytest.mark.full
def test_let_go_beside_or_onto_what_does_not_fit(visit: Visit, house: House, stock: list[Idea]) -> None:
    page, before = visit(LIST, size=DESKTOP), post_on(house, GOOGLE)
    bring(slot(page, before))
    for target in ((5.0, 400.0), middle(slot(page, before))):
        page.mouse.move(*middle(card(page, "Nur hier").locator("h3 a")))
        page.mouse.down()
        page.mouse.move(*target, steps=4)
        expect(page.locator(".slot.over")).to_have_count(0)
        page.mouse.up()
        expect(page.locator("#told")).to_have_text("Losgelassen. Es wurde nichts geändert.")
        expect(page.locator(".ghost")).to_have_count(0)
    assert post_on(house, GOOGLE) == before
    assert page.url.endswith(LIST), "letting go is no click on the title"
    card(page, "Nur hier").locator("h3 a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nur hier")


def test_dragged_onto_a_free_day(visit: Visit, house: House, stock: list[Idea]) -> None:
    page = visit(LIST, size=DESKTOP)
    page.mouse.move(*middle(card(page, "Nur hier").locator("h3 a")))
    page.mouse.down()
    page.mouse.move(*middle(page.locator('.slot[data-day="2026-12-05"]')), steps=4)
    page.mouse.up()
    expect(page.get_by_label("Tag", exact=True)).to_have_value("2026-12-05")
    expect(page.get_by_label("Uhrzeit")).to_have_value("11:00")
    page.get_by_role("button", name="Beitrag hinzufügen").click()
    expect(page.get_by_role("status").first).to_contain_text(
        "Nur hier: jetzt der Beitrag von Samstag, 5. Dezember, 11:00"
    )
    assert post_on(house, date(2026, 12, 5)).title == "Nur hier"
    page.go_back()
    expect(page.get_by_role("alert").or_(page.get_by_text("Den Beitrag öffnen")).first).to_be_visible()


@contextmanager
def finger(page: Page) -> Iterator[object]:
    """``touch("touchStart", x, y)``: a real finger, as Chromium gets it from the screen."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *place: float) -> None:
        points = [{"x": place[0], "y": place[1]}] if place else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    yield touch
    session.detach()


def test_dragged_with_a_finger(visit: Visit, house: House, stock: list[Idea]) -> None:
    page, post = visit(LIST, size=PHONE), post_on(house, WHATSAPP)
    with finger(page) as touch:
        x, y = middle(card(page, "Nur hier").locator(".meta"))
        touch("touchStart", x, y)  # type: ignore[operator]
        expect(page.locator(".ghost")).to_be_visible()
        expect(slot(page, post_on(house, GOOGLE))).to_have_class("slot unfit")
        bring(slot(page, post))
        target = middle(slot(page, post))
        for part in (0.3, 0.7, 1.0):
            touch("touchMove", x + (target[0] - x) * part, y + (target[1] - y) * part)  # type: ignore[operator]
        expect(slot(page, post)).to_have_class("slot over")
        fits(page)
        touch("touchEnd")  # type: ignore[operator]
    landed(page, house, WHATSAPP, "Nur hier")


def test_a_finger_that_moves_at_once_scrolls(visit: Visit, house: House, stock: list[Idea]) -> None:
    page = visit(LIST, size=PHONE)
    with finger(page) as touch:
        x, y = middle(card(page, "Nur hier").locator(".meta"))
        touch("touchStart", x, y)  # type: ignore[operator]
        for step in range(1, 6):
            touch("touchMove", x, y - 40 * step)  # type: ignore[operator]
        until(page, "scrollY > 50")
        expect(page.locator(".ghost")).to_have_count(0)
        touch("touchEnd")  # type: ignore[operator]
    assert len(waiting(house)) == 2


def test_dragged_with_the_keyboard(visit: Visit, house: House, stock: list[Idea]) -> None:
    page = visit(LIST, size=DESKTOP)
    told = page.locator("#told")
    handle = page.get_by_role("button", name="Greifen: Nur hier")
    handle.focus()
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Gegriffen: Nur hier.")
    expect(handle).to_have_attribute("aria-pressed", "true")
    accessible(page)
    page.keyboard.press("Escape")
    expect(told).to_have_text("Losgelassen. Es wurde nichts geändert.")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(told).to_have_text("Donnerstag, 3. Dezember, 11:00, WhatsApp, 1 von 12")
    page.keyboard.press("ArrowUp")
    expect(told).to_contain_text("12 von 12")
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    expect(told).to_have_text("Donnerstag, 10. Dezember, 11:00, WhatsApp, 7 von 12")
    page.keyboard.press("Enter")
    landed(page, house, WHATSAPP, "Nur hier")


@pytest.mark.full
def test_without_scripts(visit: Visit, house: House, stock: list[Idea]) -> None:
    page = visit(LIST, scripts=False)
    expect(page.locator(".grab").first).to_be_hidden()
    page.get_by_text("Eine Idee aufschreiben").click()
    page.get_by_label("Titel").fill("Lebkuchen")
    page.get_by_label("Thema").select_option("Tipp")
    page.get_by_role("button", name="Hinzufügen").click()
    card(page, "Lebkuchen").get_by_role("link", name="Einen Beitrag daraus machen").click()
    page.get_by_label("Titel").fill("Lebkuchen aufbewahren")
    page.get_by_role("button", name="Speichern").click()
    card(page, "Lebkuchen aufbewahren").get_by_role("link", name="Einen Beitrag daraus machen").click()
    page.get_by_label("Dienstag, 8. Dezember, 09:00").check()
    page.get_by_role("button", name="Dort einsetzen").click()
    landed(page, house, GOOGLE, "Lebkuchen aufbewahren")
    card(page, "Stollen").get_by_role("link", name="Einen Beitrag daraus machen").click()
    page.get_by_text("Entfernen", exact=True).click()
    page.get_by_role("button", name="Diese Idee entfernen").click()
    expect(page.get_by_role("status").first).to_have_text("Entfernt.")
    assert waiting(house) == ["Lebkuchen aufbewahren", "Nur hier"]


@pytest.mark.full
def test_the_list_goes_on_while_something_is_held_at_its_edge(visit: Visit, stock: list[Idea]) -> None:
    page = visit(LIST, size={"viewport": {"width": 1280, "height": 500}})
    x, _y = middle(page.locator(".slot").first)
    page.mouse.move(*middle(card(page, "Stollen").locator("h3 a")))
    page.mouse.down()
    page.mouse.move(x, 480, steps=3)
    until(page, "document.querySelector('.room').scrollTop > 100")
    page.mouse.move(x, 350)
    expect(page.locator(".slot.over")).to_have_count(1)
    stopped = page.evaluate("document.querySelector('.room').scrollTop")
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('.room').scrollTop") == stopped
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()
    expect(card(page, "Stollen")).to_be_visible()
