"""Posts dragged to another day in a real browser: by mouse, finger, keyboard, without scripts, and by two at once."""

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import DESKTOP, PHONE, House, Visit, accessible, fits
from browser.test_ideas import finger, middle, until
from planner.actions import posts as verbs
from planner.core.model import Post, Window
from planner.store.queries import businesses, channels, posts

MONTH, WEEK, LIST = (f"/businesses/1/calendar/{view}" for view in ("2026-12/month", "2026-W50/week", "2026-12/list"))
LARGE = {"viewport": {"width": 1280, "height": 1000}}


def on(house: House, day: str) -> list[Post]:
    start = date.fromisoformat(day)
    with house.database.read() as tx:
        return posts.due_between(tx, 1, Window(start, start + timedelta(days=1)))


def again(house: House, post: Post) -> Post:
    with house.database.read() as tx:
        return posts.get(tx, post.id)


@pytest.fixture
def post(house: House) -> Post:
    """Google's post of Tuesday, 8 December, 09:00."""
    return on(house, "2026-12-08")[0]


def entry(page: Page, post: Post) -> Locator:
    return page.locator(f"#post-{post.id}")


def day(page: Page, name: str) -> Locator:
    return page.locator(f'[data-day="{name}"]')


def pull(page: Page, thing: Locator, target: Locator) -> None:
    page.mouse.move(*middle(thing.locator(".entry-head")))
    page.mouse.down()
    page.mouse.move(*middle(target), steps=4)


def moved(page: Page, house: House, post: Post, where: str, words: str) -> None:
    """The post is due there at its hour, the page says so, and takes it back."""
    expect(page.locator("form.undo")).to_contain_text(f"{post.title} ist jetzt am {words} fällig")
    expect(day(page, where).locator(f"#post-{post.id}")).to_have_count(1)
    assert again(house, post).due_local == datetime.combine(date.fromisoformat(where), post.due_local.time())
    page.get_by_role("button", name="Rückgängig").click()
    expect(day(page, post.due_local.date().isoformat()).locator(f"#post-{post.id}")).to_have_count(1)
    expect(page.locator("form.undo")).to_have_count(0)
    assert again(house, post).due_local == post.due_local


def test_dragged_with_a_mouse(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, size=DESKTOP)
    pull(page, entry(page, post), day(page, "2026-12-12"))
    expect(day(page, "2026-12-12")).to_have_class("inside over")
    expect(page.locator(".ghost")).to_be_visible()
    expect(page.locator("#told")).to_have_text("Samstag, 12. Dezember")
    page.mouse.up()
    moved(page, house, post, "2026-12-12", "Samstag, 12. Dezember")
    assert page.url.endswith(MONTH), "undoing comes back to where one was"


def test_dragged_onto_a_day_of_the_next_month(visit: Visit, house: House) -> None:
    post = on(house, "2026-12-22")[0]
    page = visit(MONTH, size=LARGE)
    pull(page, entry(page, post), day(page, "2027-01-03"))
    expect(page.locator("#told")).to_have_text("Sonntag, 3. Januar, Betriebsferien")
    page.mouse.up()
    moved(page, house, post, "2027-01-03", "Sonntag, 3. Januar")


@pytest.mark.parametrize(("view", "target"), [(WEEK, "2026-12-12"), (LIST, "2026-12-10")], ids=["week", "list"])
def test_dragged_in_a_week_and_in_a_list(visit: Visit, house: House, post: Post, view: str, target: str) -> None:
    page = visit(view, size=LARGE)
    pull(page, entry(page, post), day(page, target))
    page.mouse.up()
    expect(day(page, target).locator(f"#post-{post.id}")).to_have_count(1)
    expect(page.locator("form.undo")).to_be_visible()
    assert again(house, post).due_local == datetime.fromisoformat(f"{target}T09:00")


def test_let_go_beside_or_where_it_was(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, size=DESKTOP)
    for target in (page.locator(".brand"), day(page, "2026-12-08")):
        pull(page, entry(page, post), target)
        page.mouse.up()
        expect(page.locator("#told")).to_have_text("Losgelassen. Es wurde nichts geändert.")
        expect(page.locator(".ghost")).to_have_count(0)
    assert (again(house, post), page.url.endswith(MONTH)) == (post, True)
    entry(page, post).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(post.title)


@pytest.mark.parametrize("verb", ["complete", "skip"])
def test_what_is_posted_or_skipped_stays_and_says_so(visit: Visit, house: House, post: Post, verb: str) -> None:
    with house.database.write() as tx:
        getattr(verbs, verb)(tx, post.id, now=house.moment[0])
    page = visit(MONTH, size=DESKTOP)
    expect(entry(page, post).locator(".grab")).to_have_count(0)
    pull(page, entry(page, post), day(page, "2026-12-12"))
    expect(page.locator("#told")).to_have_text("Was gepostet oder ausgelassen ist, bleibt, wo es ist.")
    expect(page.locator("#told")).to_be_in_viewport()
    expect(page.locator(".ghost, .over")).to_have_count(0)
    page.mouse.up()
    assert page.url.endswith(MONTH)
    assert again(house, post).due_local == post.due_local


def test_dragged_with_a_finger(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, size=PHONE)
    with finger(page) as touch:
        x, y = middle(entry(page, post))
        touch("touchStart", x, y)  # type: ignore[operator]
        expect(page.locator(".ghost")).to_be_visible()
        target = middle(day(page, "2026-12-16"))
        for part in (0.3, 0.7, 1.0):
            touch("touchMove", x + (target[0] - x) * part, y + (target[1] - y) * part)  # type: ignore[operator]
        expect(day(page, "2026-12-16")).to_have_class("inside over")
        fits(page)
        touch("touchEnd")  # type: ignore[operator]
    moved(page, house, post, "2026-12-16", "Mittwoch, 16. Dezember")


def test_a_finger_that_moves_at_once_scrolls(visit: Visit, house: House, post: Post) -> None:
    page = visit(LIST, size=PHONE)
    with finger(page) as touch:
        x, y = middle(entry(page, post))
        touch("touchStart", x, y)  # type: ignore[operator]
        for step in range(1, 6):
            touch("touchMove", x, y - 30 * step)  # type: ignore[operator]
        until(page, "scrollY > 50")
        expect(page.locator(".ghost")).to_have_count(0)
        touch("touchEnd")  # type: ignore[operator]
    assert again(house, post) == post


@pytest.mark.full
def test_the_page_goes_on_while_a_post_is_held_at_its_edge(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, size={"viewport": {"width": 1280, "height": 560}})
    page.mouse.move(*middle(entry(page, post).locator(".entry-head")))
    page.mouse.down()
    page.mouse.move(700, 540, steps=3)
    until(page, "scrollY > 100 && scrollY + innerHeight > document.documentElement.scrollHeight - 2")  # it stands again
    target = day(page, "2026-12-30")
    page.mouse.move(*middle(target))
    expect(target).to_have_class("inside paused over")
    before = page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(scrollY), 20)))")
    page.mouse.up()
    expect(page.locator("form.undo")).to_contain_text("Mittwoch, 30. Dezember")
    until(page, f"Math.abs(scrollY - {before}) < 5")  # the page comes back where it stood


def test_dragged_with_the_keyboard(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, size=DESKTOP)
    told, handle = page.locator("#told"), page.get_by_role("button", name=f"Greifen: {post.title}")
    handle.focus()
    page.keyboard.press("Space")
    expect(told).to_contain_text(f"Gegriffen: {post.title}.")
    expect(handle).to_have_attribute("aria-pressed", "true")
    expect(entry(page, post)).to_have_class("entry upcoming movable draggable grabbed")
    accessible(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(told).to_have_text("Losgelassen. Es wurde nichts geändert.")
    page.keyboard.press("Enter")
    for key, where in (
        ("ArrowDown", "Dienstag, 15. Dezember"), ("ArrowRight", "Mittwoch, 16. Dezember"),
        ("ArrowUp", "Mittwoch, 9. Dezember"), ("ArrowLeft", "Dienstag, 8. Dezember"),
        ("ArrowUp", "Dienstag, 1. Dezember"), ("ArrowLeft", "Montag, 30. November"),
        ("ArrowLeft", "Hier ist kein weiterer Tag. Wenn es weiter weg sein soll, öffnen Sie den Beitrag und wählen Sie"
         " dort einen Tag."),
        ("ArrowRight", "Dienstag, 1. Dezember"), ("ArrowRight", "Mittwoch, 2. Dezember"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(told).to_have_text(where)
    page.keyboard.press("Enter")
    expect(page.locator("form.undo")).to_be_visible()
    expect(handle).to_be_focused()
    expect(told).to_have_text(f"{post.title} ist jetzt am Mittwoch, 2. Dezember fällig.")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(told).to_have_text(f"{post.title} ist jetzt am Mittwoch, 9. Dezember fällig.")
    expect(handle).to_be_focused()
    assert again(house, post).due_local == datetime(2026, 12, 9, 9)


def test_in_english_with_the_keyboard_alone_in_a_week(visit: Visit, house: House, post: Post) -> None:
    with house.database.write() as tx:
        businesses.change(tx, 1, language="en")
    page = visit(WEEK, size=DESKTOP, locale="en-GB")
    handle = page.get_by_role("button", name=f"Grab: {post.title}")
    handle.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Choose a day with the arrow keys")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#told")).to_have_text("Thursday, 10 December")
    page.keyboard.press("Tab")
    expect(page.locator("#told")).to_have_text("Let go. Nothing was changed.")
    handle.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("form.undo")).to_contain_text(f"{post.title} is due on Monday, 7 December now.")
    expect(handle).to_be_focused()


def test_moved_onto_a_full_day_the_focus_is_on_the_way_to_it(visit: Visit, house: House, post: Post) -> None:
    with house.database.write() as tx:
        for n in range(3):
            channel = channels.of_business(tx, 1)[n]
            due = datetime(2026, 12, 9, 7, n)
            verbs.add(tx, businesses.get(tx, 1), channel, due, title=f"P{n}", now=house.moment[0])
    page = visit(MONTH, size=DESKTOP)
    page.get_by_role("button", name=f"Greifen: {post.title}").focus()
    for key in ("Enter", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="+1 weitere: Mittwoch, 9. Dezember")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#day-2026-12-09").get_by_text(post.title)).to_be_in_viewport()


def test_without_scripts_it_is_moved_on_its_page(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, scripts=False)
    expect(page.locator(".grab, [data-scripts]:visible")).to_have_count(0)
    entry(page, post).locator("a").click()
    page.get_by_text("Auf einen anderen Tag verschieben").click()
    page.get_by_label("Neuer Tag und Uhrzeit").fill("2026-12-12T09:00")
    page.get_by_role("button", name="Verschieben").click()
    page.get_by_text("Kalender").click()
    expect(day(page, "2026-12-12").locator(f"#post-{post.id}")).to_have_count(1)


@pytest.mark.full
def test_two_people_drag_one_post(visit: Visit, house: House, post: Post) -> None:
    first, second = visit(MONTH, size=DESKTOP), visit(f"{MONTH}?channel={post.channel_id}", size=DESKTOP)
    pull(first, entry(first, post), day(first, "2026-12-12"))
    first.mouse.up()
    expect(first.locator("form.undo")).to_be_visible()
    pull(second, entry(second, post), day(second, "2026-12-16"))
    second.mouse.up()
    expect(second.get_by_role("alert")).to_have_text(
        f"Jemand anderes hat {post.title} inzwischen verschoben. Der Beitrag blieb auf Samstag, 12. Dezember, 09:00."
    )
    expect(day(second, "2026-12-12").locator(f"#post-{post.id}")).to_have_count(1)
    expect(second.get_by_text("WhatsApp,")).to_have_count(0)
    accessible(second)
    assert again(house, post).due_local == datetime(2026, 12, 12, 9)
    pull(second, entry(second, post), day(second, "2026-12-16"))
    second.mouse.up()
    expect(second.locator("form.undo")).to_contain_text("16. Dezember")
    first.get_by_role("button", name="Rückgängig").click()
    expect(first.get_by_role("status").first).to_contain_text("nichts zurückgenommen")
    assert again(house, post).due_local == datetime(2026, 12, 16, 9)


def test_one_posts_while_the_other_drags(visit: Visit, house: House, post: Post) -> None:
    page = visit(MONTH, size=DESKTOP)
    with house.database.write() as tx:
        verbs.complete(tx, post.id, now=house.moment[0])
    pull(page, entry(page, post), day(page, "2026-12-12"))
    page.mouse.up()
    expect(page.get_by_role("alert")).to_contain_text("als gepostet abgehakt")
    expect(entry(page, post)).to_have_class("entry posted")
    assert again(house, post).due_local == post.due_local
