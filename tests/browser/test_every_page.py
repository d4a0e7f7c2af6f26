"""Every page there is, on a phone and a desktop, in both languages: for anybody, as wide as its window, from us alone.

The pages are those of the app's own map, so that none is forgotten: a new one fails here until it has an address.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from bench import bakery
from bench.serve import DESKTOP, PHONE, House
from browser.conftest import Visit, accessible, fits
from planner.actions.ideas import add_idea
from planner.core.ladder import Size
from planner.core.model import MessageKind, Pillar
from planner.links import Links, Verb
from planner.store.queries import businesses, cadences, posts
from planner.web.welcome import STEPS

HERE = "/businesses/1"
PAGES: dict[str, list[str]] = {
    "today.day": [HERE],
    "calendar.calendar": [f"{HERE}/calendar/{sheet}" for sheet in ("2026-12/month", "2026-W49/week", "2026-12/list")],
    "placing.new": [f"{HERE}/posts/new?day=2026-12-05"],
    "post.show": ["/posts/1", "/posts/20"],
    "ideas.backlog": [f"{HERE}/ideas"],
    "ideas.one": [f"{HERE}/ideas/1"],
    "consistency.consistency": [f"{HERE}/consistency"],
    "consistency.until": [f"{HERE}/consistency/2026-W45"],
    "consistency.week": [f"{HERE}/weeks/2026-W46"],
    "catching_up.catch_up": [f"{HERE}/catch-up"],
    "advice.ask": [f"{HERE}/advice"],
    "new_business.form": ["/businesses/new"],
    "more.more": [f"{HERE}/more"],
    "channels.overview": [f"{HERE}/channels"],
    "channels.one": [f"{HERE}/channels/1"],
    "channels.new": [f"{HERE}/channels/new"],
    "channels.ending": [f"{HERE}/channels/1/end"],
    "cadences.new": [f"{HERE}/channels/1/cadences/new"],
    "cadences.edit": [f"{HERE}/cadences/1/change"],
    "cadences.ending": [f"{HERE}/cadences/1/end"],
    "left_out.overview": [f"{HERE}/cadences/1/days"],
    "pauses.overview": [f"{HERE}/pauses"],
    "platforms.overview": [f"{HERE}/platforms"],
    "platforms.one": [f"{HERE}/platforms/gbp"],
    "platforms.compare": [f"{HERE}/platforms/compare?platform=gbp&platform=youtube&platform=tiktok"],
    "subscriptions.overview": [f"{HERE}/subscriptions"],
    "messages.overview": [f"{HERE}/messages"],
    "messages.one": [f"{HERE}/messages/1"],
    "messages.preview": [f"{HERE}/messages/preview/{kind}" for kind in ("digest", "nudge", "summary")],
    "messages.test_form": [f"{HERE}/messages/test"],
    "settings.overview": [f"{HERE}/settings"],
    "settings.form": [f"{HERE}/settings/{part}" for part in ("business", "mails", "planning")],
    "mail_server.form": [f"{HERE}/settings/mail-server"],
    "password.form": [f"{HERE}/settings/password"],
    "backup.form": [f"{HERE}/settings/backup"],
    "welcome.show": [f"{HERE}/welcome/{step}" for step in STEPS],
    "sign_in.sessions": ["/sessions"],
    "sign_in.form": ["/sign-in"],
}
SIGNED = (  # their addresses are signed
    "mail_links.offer", "mail_links.offer_rhythm", "catching_up.offer_catching_up", "mail_links.ask", "sign_in.link",
    "subscriptions.made",  # and of one session: looked at by test_subscription.py
)  # fmt: skip
ELSEWHERE = {
    "today.home", "more.short", "calendar.now", "consistency.last_week", "welcome.begin",  # they lead to another page
    "feeds.feed", "feeds.robots", "health.healthz", "installed.manifest", "installed.worker", "assets.static",
    "settings.place",  # these are no pages
}  # fmt: skip
SMALL = {**PHONE, "viewport": {"width": 360, "height": 740}}
# Either language on either size, and each of these light and dark once: colours know nothing of words.
WINDOWS = [
    pytest.param({**SMALL, "color_scheme": "light"}, "de", id="phone-de"),
    pytest.param({**DESKTOP, "color_scheme": "dark"}, "en", id="desktop-en"),
    pytest.param({**SMALL, "color_scheme": "dark"}, "en", id="phone-en", marks=pytest.mark.full),
    pytest.param({**DESKTOP, "color_scheme": "light"}, "de", id="desktop-de", marks=pytest.mark.full),
]


pytestmark = pytest.mark.usefixtures("furnished")


def test_none_is_forgotten(house: House) -> None:
    asked = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert asked == PAGES.keys() | set(SIGNED) | ELSEWHERE


@pytest.mark.long
@pytest.mark.parametrize(("window", "language"), WINDOWS)
def test_every_page(visit: Visit, house: House, window: dict[str, object], language: str) -> None:
    with house.database.write() as tx:
        businesses.change(tx, 1, language=language)
        add_idea(tx, businesses.get(tx, 1), title="Zwei Minuten", pillar=Pillar.TIP, now=bakery.NOW)
        post, cadence, business = posts.get(tx, 1), cadences.get(tx, 1, 1), businesses.get(tx, 1)
    links: Links = house.app.extensions["planner"].links
    signed = [
        links.action(Verb.DONE, post, bakery.NOW), links.unsubscribe(1, MessageKind.DIGEST, bakery.NOW),
        links.sign_in("nonce", bakery.NOW), links.rhythm(cadence, Size.SMALLER, bakery.NOW, take=True),
        links.as_advised(business, bakery.NOW.date(), bakery.NOW),
    ]  # fmt: skip
    page = visit("/robots.txt", size=window, locale=language)
    for path in [*(path for paths in PAGES.values() for path in paths), *(urlsplit(link).path for link in signed)]:
        looked_at(page, path, house.url, language)


def looked_at(page: Page, path: str, home: str, language: str) -> None:
    """Go there, unfold everything, and look."""
    asked: set[str] = set()

    def note(request: Request) -> None:
        asked.add(urlsplit(request.url).netloc)

    page.on("request", note)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert page.locator("html").get_attribute("lang") == language, path
    assert page.locator("h1").count() == 1, path
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    fits(page)
    accessible(page)
    assert asked == {urlsplit(home).netloc}, path
    page.remove_listener("request", note)
