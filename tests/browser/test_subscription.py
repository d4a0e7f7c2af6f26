"""A calendar address as its owner gets it: by a button, a camera, a tap; and what each program will do with it."""

import segno
from playwright.sync_api import Page, expect

from bench.serve import House
from browser.conftest import Visit, accessible, fits
from planner.store.queries import feeds

PATH = "/businesses/1/subscriptions"
# The code as it is painted: the middle of each module of the picture, dark or not.
_MODULES = """async (svg) => {
  const image = new Image();
  const copy = svg.cloneNode(true);
  const side = svg.viewBox.baseVal.width;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", side * 4);
  copy.setAttribute("height", side * 4);
  image.src = "data:image/svg+xml," + encodeURIComponent(copy.outerHTML);
  await image.decode();
  const canvas = new OffscreenCanvas(side * 4, side * 4);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  const dark = (x, y) => pen.getImageData(x * 4 + 2, y * 4 + 2, 1, 1).data[0] < 128 ? 1 : 0;
  return Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => dark(x, y)));
}"""


def make(page: Page) -> str:
    """Make an address; which it is."""
    page.get_by_role("button", name="Kalender-Adresse erstellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Kalender-Adresse")
    return page.locator("#address").inner_text()


def test_the_code_is_the_address(visit: Visit) -> None:
    page = visit(PATH)
    address = make(page)
    accessible(page)
    fits(page)
    painted = page.locator("svg.qr").evaluate(_MODULES)
    webcal = address.replace("http:", "webcal:", 1)
    wanted = segno.make(webcal, micro=False, error="m").matrix_iter(border=4)
    assert painted == [[int(module) for module in row] for row in wanted]
    assert page.get_by_role("link", name="Im Kalender öffnen").get_attribute("href") == webcal
    assert address not in page.url


def test_the_copy_button_copies_it(visit: Visit) -> None:
    page = visit(PATH, permissions=["clipboard-read", "clipboard-write"])
    address = make(page)
    page.get_by_role("button", name="Adresse kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_without_scripts_the_address_is_there_to_be_marked(visit: Visit) -> None:
    page = visit(PATH, scripts=False)
    assert make(page).endswith(".ics")
    assert page.get_by_role("button", name="Adresse kopieren").count() == 0


def test_by_keyboard_alone(visit: Visit, house: House) -> None:
    page = visit(PATH)
    page.get_by_label("Welche Beiträge?").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    expect(page.locator("#address")).to_be_visible()
    with house.database.read() as tx:
        (feed,) = feeds.of_business(tx, 1)
    assert feed.alarm_minutes == 15


def test_the_list_never_shows_it_and_ends_it(visit: Visit) -> None:
    page = visit(PATH)
    secret = make(page).rpartition("/")[2]
    page.get_by_role("link", name="Alle Abos").click()
    assert secret not in page.content()
    page.get_by_text("Dieses Abo beenden").click()
    page.get_by_role("button", name="Endgültig beenden").click()
    expect(page.get_by_role("status")).to_have_text("Beendet.")
    expect(page.get_by_text("Beendete Abos (1)")).to_be_visible()


def test_each_program_says_what_it_does(visit: Visit) -> None:
    page = visit(PATH)
    for name in ("iPhone, iPad", "Mac", "Google Kalender", "Outlook", "Android", "Thunderbird", "Nextcloud"):
        panel = page.locator("details", has=page.get_by_text(name, exact=True))
        panel.locator("summary").click()
        expect(panel.locator("dt")).to_have_text(["Sieht nach", "Erinnerungen"])
    accessible(page)
    fits(page)
