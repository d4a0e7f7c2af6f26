"""A post's page in a real browser: the counter, the checklist, two people at once, and no scripts at all."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE, SIZES, House, Visit, accessible, accessible_in_the_dark, fits
from planner.actions import checklist, posts
from planner.core.model import Post, Window
from planner.store.queries import posts as rows

TODAY = date(2026, 12, 1)


@pytest.fixture
def post(house: House) -> Post:
    """Google's post of today, with two lines to do and a gap in its text."""
    with house.database.write() as tx:
        found = rows.due_between(tx, 1, Window(TODAY, TODAY + timedelta(days=1)))[0]
        for words in ("Foto machen", "Gegenlesen"):
            checklist.add_to_do(tx, found.id, words, now=house.moment[0])
        return posts.edit(tx, found.id, now=house.moment[0], text="Heute gibt es [Brot] für alle.").after


def now(house: House, post: Post) -> Post:
    with house.database.read() as tx:
        return rows.get(tx, post.id)


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
def test_anybody_can_use_it(visit: Visit, post: Post, size: dict[str, object]) -> None:
    page = visit(f"/posts/{post.id}", size=size)
    for fold in page.locator(".more-verbs > summary").all():
        fold.click()
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)


def test_narrow_with_long_words(visit: Visit, house: House, post: Post) -> None:
    with house.database.write() as tx:
        posts.edit(
            tx, post.id, now=house.moment[0], title="W" * 180, text="[" + "w" * 70 + "] " + "x" * 300, notes="n" * 90
        )
        checklist.add_to_do(tx, post.id, "c" * 150, now=house.moment[0])
    page = visit(f"/posts/{post.id}", size={**PHONE, "viewport": {"width": 360, "height": 740}})
    fits(page)


def test_the_counter_lives(visit: Visit, post: Post) -> None:
    page = visit(f"/posts/{post.id}", size=DESKTOP)
    text, hint = page.get_by_label("Text", exact=True), page.locator("#text-hint")
    expect(hint).to_have_text("30 von 1.500 Zeichen")
    text.fill("🥐ab")
    expect(hint).to_have_text("3 von 1.500 Zeichen")
    expect(page.locator("#gaps")).to_be_hidden()
    text.fill("x" * 1512)
    expect(hint).to_have_text(re.compile("^12 Zeichen zu viel: .* dieser Text hat 1.512.$"))
    expect(page.locator("#text-said")).to_have_text(re.compile("^12 Zeichen zu viel"))
    text.fill("Am [Tag] in [Ort]")
    expect(page.locator("#gaps")).to_contain_text("Noch auszufüllen: [Tag], [Ort]")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_have_text("Gespeichert.")
    expect(page.locator("mark")).to_have_text(["[Tag]", "[Ort]"])


def test_what_was_typed_stays_while_the_checklist_is_ticked(visit: Visit, house: House, post: Post) -> None:
    page = visit(f"/posts/{post.id}")
    page.get_by_label("Notizen").fill("halb fertig")
    photo = page.get_by_role("checkbox", name="Foto machen")
    photo.click()
    expect(photo).to_be_checked()
    expect(photo).to_be_focused()
    page.get_by_label("Was zu tun ist").fill("Beleuchten")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Beleuchten")).not_to_be_checked()
    expect(page.get_by_label("Was zu tun ist")).to_be_focused()
    page.get_by_role("button", name="Entfernen: Gegenlesen").click()
    expect(page.get_by_role("checkbox", name="Gegenlesen")).to_have_count(0)
    expect(page.get_by_label("Notizen")).to_have_value("halb fertig")
    assert [(each.words, each.done) for each in now(house, post).checklist] == [
        ("Foto machen", True),
        ("Beleuchten", False),
    ]
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_label("Notizen")).to_have_value("halb fertig")
    assert now(house, post).notes == "halb fertig"


def test_two_people_on_one_post(visit: Visit, house: House, post: Post) -> None:
    first, second = visit(f"/posts/{post.id}", size=DESKTOP), visit(f"/posts/{post.id}", size=PHONE)
    first.get_by_label("Text", exact=True).fill("Worte der Chefin")
    second.get_by_label("Text", exact=True).fill("Worte des Neffen")
    first.get_by_role("button", name="Speichern").click()
    expect(first.get_by_role("status").first).to_have_text("Gespeichert.")
    second.get_by_role("button", name="Speichern").click()
    expect(second.get_by_role("alert")).to_contain_text("Jemand anderes hat diesen Beitrag inzwischen geändert")
    expect(second.locator(".newer")).to_contain_text("Worte der Chefin")
    expect(second.get_by_label("Text", exact=True)).to_have_value("Worte des Neffen")
    accessible(second)
    assert now(house, post).text == "Worte der Chefin"
    second.get_by_role("button", name="Speichern").click()
    expect(second.get_by_role("status").first).to_have_text("Gespeichert.")
    assert now(house, post).text == "Worte des Neffen"


def walk(page: Page) -> None:
    """Everything on the page, as somebody without scripts does it."""
    page.get_by_label("Was zu tun ist").fill("Beleuchten")
    page.get_by_role("button", name="Hinzufügen").click()
    page.get_by_role("checkbox", name="Beleuchten").click()
    expect(page.get_by_role("checkbox", name="Beleuchten")).to_be_checked()
    page.get_by_role("button", name="Entfernen: Foto machen").click()
    expect(page.get_by_role("checkbox", name="Foto machen")).to_have_count(0)
    page.get_by_label("Titel").fill("Ein neuer Titel")
    page.get_by_label("Art des Inhalts").select_option("Video")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Ein neuer Titel")).to_be_visible()
    page.get_by_text("Auslassen", exact=True).click()
    page.get_by_label("Warum?").fill("Kein Mehl")
    page.get_by_role("button", name="Diesmal auslassen").click()


def test_without_scripts(visit: Visit, house: House, post: Post) -> None:
    page = visit(f"/posts/{post.id}", scripts=False)
    walk(page)
    page.goto(f"/posts/{post.id}")
    expect(page.get_by_text("Ausgelassen: Kein Mehl")).to_be_visible()
    page.get_by_role("button", name="Wieder öffnen").click()
    after = now(house, post)
    assert (after.title, after.open, [each.words for each in after.checklist]) == (
        "Ein neuer Titel", True, ["Gegenlesen", "Beleuchten"],
    )  # fmt: skip


def test_with_the_keyboard_alone(visit: Visit, post: Post) -> None:
    page = visit(f"/posts/{post.id}", size=DESKTOP)
    page.get_by_role("checkbox", name="Foto machen").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Foto machen")).to_be_checked()
    page.get_by_label("Titel").focus()
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Gespeichert.")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{post.title}!")


# --- the steps of a video ------------------------------------------------------------------------------------------


@pytest.fixture
def video(house: House) -> Post:
    """The video of Wednesday, 2 December, which nobody has begun."""
    day = date(2026, 12, 2)
    with house.database.read() as tx:
        return rows.due_between(tx, 1, Window(day, day + timedelta(days=1)))[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_tap_a_step(visit: Visit, house: House, video: Post, scripts: bool) -> None:
    page = visit(f"/posts/{video.id}", size=PHONE, scripts=scripts)
    steps = page.locator("#steps")
    expect(steps.locator(".next")).to_contain_text("Idee")
    if scripts:  # axe is one
        accessible(page)
    fits(page)
    steps.get_by_role("checkbox", name=re.compile("^Drehen")).click()
    expect(steps.locator("h2")).to_contain_text("3 von 6 erledigt")
    expect(steps.locator(".next")).to_contain_text("Schneiden")
    assert now(house, video).steps == ("idea", "script", "film")
    steps.get_by_role("checkbox", name="Drehen").click()
    expect(steps.locator(".next")).to_contain_text("Drehen")
    assert now(house, video).steps == ("idea", "script")
