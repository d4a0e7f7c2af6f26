"""What the mails say, in both languages, as text for its own sake and as HTML for a phone."""

import email
import re
from datetime import date, time
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from actions.conftest import Shop, utc
from planner.actions import posts, remind
from planner.actions.compose import Composer, Written
from planner.core.ladder import Size
from planner.core.model import MessageKind, Pillar
from planner.links import Links, Verb
from planner.store.queries import businesses, cadences, outbox
from planner.store.tables import post as posts_table

LINKS = Links(["k" * 43], "https://planner.test")
COMPOSER = Composer(LINKS, "Planner <planner@example.org>", ["k" * 43])


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    """Google on Tuesdays at nine, WhatsApp on Wednesdays at eleven and on Fridays, from 1 December 2026."""
    whatsapp = shop.add_channel("whatsapp", "WhatsApp")
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00")
    shop.cadence("FREQ=WEEKLY;BYDAY=WE,FR", "2026-12-02T11:00", channel=whatsapp)
    with shop.database.write() as tx:
        there = businesses.change(tx, shop.id, email="chef@example.org", nudge_time=time(18, 0))
        remind.schedule(tx, there, shop.now)
    return shop


def written(shop: Shop, kind: MessageKind, now: str, **changes: object) -> EmailMessage:
    """The mail of a kind that is owed at an instant (UTC)."""
    with shop.database.write() as tx:
        if changes:
            businesses.change(tx, shop.id, **changes)
        remind.remind(tx, utc(now))
        (message,) = [m for m in outbox.recent(tx, None, 9) if m.kind is kind and m.state == "pending"]
        (job,) = COMPOSER.brief(tx, [message], utc(now))
        mail = COMPOSER.write(job, utc(now))
    assert isinstance(mail, Written), mail
    parsed = email.message_from_bytes(mail.mime, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    content: str = mail.get_body((kind,)).get_content()  # type: ignore[union-attr]
    return content.replace("\r\n", "\n")


class Page(HTMLParser):
    """The links of a page, and every address it would fetch by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in ("src", "href", "background", "srcset"):
                self.fetched.append(value or "")


@pytest.mark.parametrize(
    ("moment", "language", "subject"),
    [
        ("2026-12-01T07:00", "en", "Today: Google"),
        ("2026-12-01T07:00", "de", "Heute: Google"),
        ("2026-12-02T07:00", "en", "Today: WhatsApp · 1 still open"),
        ("2026-12-02T07:00", "de", "Heute: WhatsApp · 1 noch offen"),
        ("2026-12-03T07:00", "en", "2 posts are still open"),
        ("2026-12-04T07:00", "en", "Today: WhatsApp · 2 still open"),
    ],
)
def test_the_subject_of_a_digest_is_short_and_says_what_it_is_about(
    bakery: Shop, moment: str, language: str, subject: str
) -> None:
    """Nothing is done all week: Tuesday's stays open, then Wednesday's too."""
    assert written(bakery, MessageKind.DIGEST, moment, language=language)["Subject"] == subject


def test_a_digest_holds_text_to_copy_and_a_link_for_everything(bakery: Shop) -> None:
    """Wednesday 2 December: WhatsApp due, Google still open, Friday's coming up (within three days)."""
    mail = written(bakery, MessageKind.DIGEST, "2026-12-02T07:00", language="en")
    text, due, late = text_of(mail), bakery.on("2026-12-02"), bakery.on("2026-12-01")
    coming = bakery.on("2026-12-04")
    order = ["DUE TODAY", due.title, due.text, "STILL OPEN", late.title, late.text, "COMING UP", coming.title]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert coming.text not in text
    assert "Friday, 4 December, 11:00 · WhatsApp: " in text
    for post in (due, late):
        for verb in (Verb.DONE, Verb.TOMORROW, Verb.SKIP):
            assert LINKS.action(verb, post, utc("2026-12-02T07:00")) in text.splitlines()


def test_what_a_text_still_waits_for_is_said_with_the_way_to_fill_it_in(bakery: Shop) -> None:
    due = bakery.on("2026-12-02")
    with bakery.database.write() as tx:
        tx.execute(
            update(posts_table).where(posts_table.c.id == due.id).values(text="Ask us about [a thing] and [a price].")
        )
    mail = written(bakery, MessageKind.DIGEST, "2026-12-02T07:00", language="en")
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert "Still to fill in: [a thing], [a price]" in text
        assert LINKS.post_page(due.id) in text
    with bakery.database.write() as tx:
        tx.execute(update(posts_table).values(text="Bread is ready. Who wants some?"))
    assert "Still to fill in" not in text_of(written(bakery, MessageKind.DIGEST, "2026-12-02T07:00", language="en"))


def test_every_link_of_the_text_stands_on_a_line_of_its_own(bakery: Shop) -> None:
    for kind, now in [(MessageKind.DIGEST, "2026-12-02T07:00"), (MessageKind.SUMMARY, "2026-12-07T07:00")]:
        lines = [line for line in text_of(written(bakery, kind, now)).splitlines() if "http" in line]
        assert lines
        assert all(re.fullmatch(r"https?://\S+", line) for line in lines)


def test_the_compose_link_brings_the_text_along(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        posts.edit(tx, bakery.on("2026-12-02").id, text="50 % auf Brötchen & Kaffee?\nJa! #1 +2", now=bakery.now)
    mail = written(bakery, MessageKind.DIGEST, "2026-12-02T07:00")
    (link,) = [line for line in text_of(mail).splitlines() if line.startswith("https://wa.me")]
    assert parse_qs(urlsplit(link).query) == {"text": ["50 % auf Brötchen & Kaffee?\nJa! #1 +2"]}
    assert link in Page(text_of(mail, "html")).links


@pytest.mark.parametrize("kind", [MessageKind.DIGEST, MessageKind.NUDGE, MessageKind.SUMMARY])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_html_fetches_nothing_fits_a_phone_and_the_dark(bakery: Shop, kind: MessageKind, language: str) -> None:
    now = "2026-12-07T07:00" if kind is MessageKind.SUMMARY else "2026-12-02T17:00"
    mail = written(bakery, kind, now, language=language)
    html = text_of(mail, "html")
    page = Page(html)
    assert page.fetched == []
    assert len(mail.get_body(("html",)).get_content().encode()) < 100_000  # type: ignore[union-attr]
    assert "color-scheme" in html
    assert "prefers-color-scheme: dark" in html
    assert f'lang="{language}"' in html
    assert str(mail["Content-Language"]) == language
    unsubscribe = str(mail["List-Unsubscribe"]).strip("<>")
    assert unsubscribe in page.links
    assert unsubscribe in text_of(mail)
    claim = LINKS.read_unsubscribe(unsubscribe.rpartition("/")[2], utc(now))
    assert (claim.business_id, claim.kind) == (bakery.id, kind)


def test_what_people_write_is_never_markup(bakery: Shop) -> None:
    nasty = "<script>alert(1)</script> & <b>\n</div>"
    with bakery.database.write() as tx:
        posts.edit(tx, bakery.on("2026-12-02").id, title=nasty, text=nasty, now=bakery.now)
    mail = written(bakery, MessageKind.DIGEST, "2026-12-02T07:00", name="<i>Huber</i>")
    html = text_of(mail, "html")
    assert "<script" not in html
    assert "<i>Huber" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;<br>\n&lt;/div&gt;" in html
    assert nasty in text_of(mail)


def test_the_summary_counts_and_asks_about_what_was_missed(bakery: Shop) -> None:
    """Week 49: Google is done on Tuesday; Wednesday's WhatsApp is missed on Monday, Friday's too (grace two days)."""
    with bakery.database.write() as tx:
        posts.complete(tx, bakery.on("2026-12-01").id, now=utc("2026-12-01T10:00"))
    mail = written(bakery, MessageKind.SUMMARY, "2026-12-07T07:00", language="en")
    text = text_of(mail)
    assert str(mail["Subject"]) == "Week 49: 1 posted, goal 3"
    assert "Google\n  posted 1, goal 1\n" in text
    assert "WhatsApp\n  posted 0, goal 2, missed 2\n" in text
    assert "\n  1 week in a row\n" in text
    for day in ("2026-12-02", "2026-12-04"):
        assert LINKS.action(Verb.SKIP, bakery.on(day), utc("2026-12-07T07:00")) in text


def test_a_nudge_is_about_today_only(bakery: Shop) -> None:
    mail = written(bakery, MessageKind.NUDGE, "2026-12-02T17:00", language="en")
    assert str(mail["Subject"]) == "Still time today: WhatsApp"
    assert bakery.on("2026-12-01").title not in text_of(mail)


def test_a_summary_of_a_week_without_anything_is_not_sent(shop: Shop) -> None:
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
        remind.remind(tx, utc("2026-12-07T07:00"))
        (message,) = outbox.recent(tx, None, 9)
        (job,) = COMPOSER.brief(tx, [message], utc("2026-12-07T07:00"))
        assert COMPOSER.write(job, utc("2026-12-07T07:00")) is None


def test_a_digest_says_what_a_friend_would_do(bakery: Shop) -> None:
    """On 9 December nobody has done anything: the posts of the 1st, 2nd, 4th and 8th are open, one is due."""
    mail = written(bakery, MessageKind.DIGEST, "2026-12-09T07:00", language="en")
    for kind in ("plain", "html"):
        words = " ".join(text_of(mail, kind).split())
        assert words.count("Drop it: two old posts at a time are enough.") == 2
        assert "Post it now; it still makes sense." in words
        assert "4 old posts stand open, and two at a time are enough. Settle the oldest first;" in words
        assert "as advised, 1 stay for today." in words
        assert words.count("https://planner.test/a/catch-up/") == 1
    html = text_of(mail, "html")
    (link,) = [each for each in Page(html).links if "/a/catch-up/" in each]
    claim = LINKS.read_as_advised(link.rpartition("/")[2], utc("2026-12-09T07:00"))
    assert (claim.business_id, claim.day) == (bakery.id, date(2026, 12, 9))


def test_with_two_old_posts_open_nothing_is_too_much(bakery: Shop) -> None:
    """On 5 December the posts of the 1st, 2nd and 4th are open; with the first done there are two."""
    with bakery.database.write() as tx:
        posts.complete(tx, bakery.on("2026-12-01").id, now=utc("2026-12-04T12:00"))
    words = text_of(written(bakery, MessageKind.DIGEST, "2026-12-05T07:00", language="en"))
    assert "STILL OPEN" in words
    assert "stand open" not in words


def test_the_weekly_mail_settles_all_of_it_with_one_tap(bakery: Shop) -> None:
    mail = written(bakery, MessageKind.SUMMARY, "2026-12-14T07:00", language="en")
    words = " ".join(text_of(mail).split())
    assert "old posts stand open, and two at a time are enough." in words
    (token,) = re.findall(r"https://planner.test/a/catch-up/(\S+)", words)
    assert LINKS.read_as_advised(token, utc("2026-12-27T07:00")).day == date(2026, 12, 14)


def test_a_summary_offers_a_rhythm_that_fits(bakery: Shop) -> None:
    mail = written(bakery, MessageKind.SUMMARY, "2026-12-21T07:00", language="en")
    for kind in ("plain", "html"):
        words = " ".join(text_of(mail, kind).split())
        assert "Google: 3 weeks in a row below the goal." in words
        assert "every 2 weeks on Tuesday" in words
    with bakery.database.read() as tx:
        google = next(each for each in cadences.of_business(tx, bakery.id) if each.channel_id == bakery.channel.id)
    for take in (True, False):
        link = LINKS.rhythm(google, Size.SMALLER, utc("2026-12-21T07:00"), take=take)
        assert link in text_of(mail).splitlines()
        assert link in Page(text_of(mail, "html")).links


@pytest.mark.parametrize("weekly", [True, False], ids=["with a weekly mail", "without"])
def test_the_morning_mail_of_a_monday_offers_the_rhythm_in_a_line_or_instead_of_the_weekly_one(
    bakery: Shop, weekly: bool
) -> None:
    """Nothing twice on one day: where the weekly mail has both taps, one line with the page says that there is one."""
    mail = written(bakery, MessageKind.DIGEST, "2026-12-21T07:00", language="en", summary_on=weekly)
    text, page = text_of(mail), Page(text_of(mail, "html"))
    assert ("every 2 weeks on Tuesday" in text) is not weekly
    assert ("Leave it as it is" in text_of(mail, "html")) is not weekly
    line = "Another rhythm would fit better: Google, WhatsApp"
    assert (line in text) is weekly
    assert (line in text_of(mail, "html")) is weekly
    there = f"https://planner.test/businesses/{bakery.id}/catch-up"
    assert (there in text.splitlines()) is weekly
    assert (there in page.links) is weekly


@pytest.mark.parametrize("day", ["2026-12-14", "2026-12-22"], ids=["too early", "a Tuesday"])
def test_no_other_morning_mail_speaks_of_rhythms(bakery: Shop, day: str) -> None:
    text = text_of(written(bakery, MessageKind.DIGEST, f"{day}T07:00", language="en"))
    assert "Another rhythm" not in text
    assert "https://planner.test/businesses" not in text


def button(address: str, words: str) -> str:
    """The button that stands out, in HTML."""
    return rf'<a href="{re.escape(address)}" class="main"[^>]*>{words}</a>'


@pytest.mark.parametrize("kind", [MessageKind.DIGEST, MessageKind.SUMMARY])
def test_moving_as_advised_is_one_tap_and_stands_out(bakery: Shop, kind: MessageKind) -> None:
    """On Monday, 14 December, Google's of the 8th would come too near to Tuesday's: Wednesday is free."""
    now = "2026-12-14T07:00"
    with bakery.database.write() as tx:
        for day in ("2026-12-09", "2026-12-11"):
            posts.complete(tx, bakery.on(day).id, now=utc("2026-12-12T10:00"))
    mail, old = written(bakery, kind, now, language="en"), bakery.on("2026-12-08")
    text, html = text_of(mail), text_of(mail, "html")
    assert "Move it to Wednesday, 16 December: the next post on this channel is near." in text
    link = LINKS.action(Verb.MOVE, old, utc(now), day=date(2026, 12, 16))
    assert f"Move to Wednesday, 16 December:\n{link}" in text
    assert re.search(button(link, "Move to Wednesday, 16 December"), html)
    done = LINKS.action(Verb.DONE, old, utc(now))
    assert re.search(rf'<a href="{re.escape(done)}" class="plain"', html), "one button stands out, not two"


@pytest.mark.parametrize(("language", "words"), [("en", "Drop it"), ("de", "Fallen lassen")])
def test_dropping_as_advised_is_one_tap_and_stands_out(bakery: Shop, language: str, words: str) -> None:
    """With those of the 9th and the 11th there are two old ones already."""
    now = "2026-12-14T07:00"
    html = text_of(written(bakery, MessageKind.DIGEST, now, language=language), "html")
    for day in ("2026-12-08", "2026-12-04"):
        assert re.search(button(LINKS.action(Verb.SKIP, bakery.on(day), utc(now)), words), html)
    newest = LINKS.action(Verb.SKIP, bakery.on("2026-12-11"), utc(now))
    assert not re.search(button(newest, words), html)


def test_a_summary_says_when_the_month_tips_over(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        for post in bakery.posts()[:6]:
            posts.edit(tx, post.id, now=bakery.now, pillar=Pillar.OFFER)
    mail = written(bakery, MessageKind.SUMMARY, "2026-12-07T07:00", language="de")
    assert "Viel Werbung:" in text_of(mail)
    assert "Viel Werbung:" in text_of(mail, "html")
