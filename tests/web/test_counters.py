"""How long a post is, said by the server: in the platform's own way of counting, titles, too, and a new post."""

from datetime import datetime

import pytest

from planner import catalogue
from planner.actions.channels import add_channel
from planner.actions.posts import add
from planner.core.counting import Counts, count
from planner.core.model import Post
from planner.web.counters import live, measured, too_long, way
from web.conftest import Planner, on_sqlite

NEW = "/businesses/1/posts"
FAMILY = "👨‍👩‍👧‍👦"
ADDRESS = "https://example.org/" + "x" * 100


def on(page: Planner, platform: str, text: str, title: str = "x") -> Post:
    """A post on a new channel of a platform."""
    with page.database.write() as tx:
        channel = add_channel(tx, page.business, platform, f"mein {platform}", now=page.now)
        return add(tx, page.business, channel, datetime(2026, 12, 1, 10), title=title, text=text, now=page.now)


@pytest.mark.parametrize(
    ("platform", "text", "said"),
    [
        ("bluesky", FAMILY * 300, "300 von 300 Zeichen"),
        ("bluesky", FAMILY * 301, "1 Zeichen zu viel: Bluesky erlaubt 300, dieser Text hat 301."),
        ("threads", "👍ab", "6 von 500 Zeichen"),
        ("x", f"パン {ADDRESS}", "28 von 280 Zeichen"),
        ("mastodon", f"{FAMILY} {ADDRESS}", "25 von 500 Zeichen"),
        ("youtube", "ä" * 2501, "2 Zeichen zu viel: YouTube erlaubt 5.000, dieser Text hat 5.002."),
        ("tiktok", FAMILY, "11 von 4.000 Zeichen"),
        ("gbp", FAMILY, "7 von 1.500 Zeichen"),
    ],
)
def test_each_platform_counts_in_its_own_way(page: Planner, platform: str, text: str, said: str) -> None:
    post = on(page, platform, text)
    html = page.browser.get(f"/posts/{post.id}").text
    assert html.count(said) == 2  # of the text as it is, and below its field
    if platform in ("bluesky", "gbp"):
        assert "zählt als" not in html
    else:
        assert "zählt als" in html


@on_sqlite
@pytest.mark.parametrize(("platform", "most"), [("youtube", 100), ("pinterest", 100)])
def test_a_title_that_is_too_long_is_told(page: Planner, platform: str, most: int) -> None:
    fits, over = on(page, platform, "x", "t" * most), None
    assert f"{most} von {most} Zeichen" in page.browser.get(f"/posts/{fits.id}").text
    page.send(f"/posts/{fits.id}/edit", title="t" * (most + 3), text="x", pillar="tip", content="", notes="", seen="")
    with page.database.write() as tx:
        channel = add_channel(tx, page.business, platform, "noch einer", now=page.now)
        over = add(tx, page.business, channel, datetime(2026, 12, 1, 10), title="t" * (most + 3), now=page.now)
    html = page.browser.get(f"/posts/{over.id}").text
    assert html.count(f"3 Zeichen zu viel: {catalogue.platform(platform).name('de')} erlaubt im Titel {most}") == 2


@on_sqlite
def test_a_post_that_is_added_too_long_is_added_and_told(page: Planner) -> None:
    form = {"title": "t" * 104, "day": "2026-12-05", "time": "09:00", "text": "ä" * 2600}
    with page.database.write() as tx:
        channel = add_channel(tx, page.business, "youtube", "Videos", now=page.now)
    answer = page.send(NEW, channel=str(channel.id), **form)
    html = page.browser.get(answer.headers["Location"]).text
    assert "4 Zeichen zu viel: YouTube erlaubt im Titel 100, dieser hat 104." in html
    assert "200 Zeichen zu viel: YouTube erlaubt 5.000, dieser Text hat 5.200." in html
    answer = page.send(NEW, channel=str(channel.id), **{**form, "title": "kurz", "text": "kurz"})
    assert "zu viel" not in page.browser.get(answer.headers["Location"]).text


@on_sqlite
def test_the_form_of_a_new_post_counts_for_the_channel_that_is_chosen(page: Planner) -> None:
    assert "0 von 1.500 Zeichen" in page.browser.get(f"{NEW}/new?channel=1").text
    video = page.browser.get(f"{NEW}/new?channel=3").text
    assert "0 von 5.000 Zeichen" in video
    assert "0 von 100 Zeichen" in video
    refused = page.send(NEW, channel="3", title="", day="2026-12-05", time="09:00", text="Brötchen")
    assert refused.status_code == 400
    assert "9 von 5.000 Zeichen" in refused.text


def test_every_platform_with_a_limit_is_counted_in_some_way() -> None:
    for key in catalogue.platform_keys():
        platform = catalogue.platform(key)
        text = "x" * ((platform.text_limit or 100) + 1)
        assert measured(platform, "text", text, "en").too_long is (platform.text_limit is not None)
        assert live(platform, "text", "en")["data-counts"] == platform.text_counts
        assert bool(way(platform, "de")) is (platform.text_counts not in (Counts.CHARACTERS, Counts.GRAPHEMES))
        assert not too_long(platform, "x", "x", "en")
        assert count("Brot", platform.text_counts) == 4
