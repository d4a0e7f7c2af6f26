"""The channels of a business on the page: the list, adding from the catalogue, ending, removing."""

import re
from datetime import date, datetime

import pytest
from icalendar import Calendar, Component
from sqlalchemy import event

from planner.actions import posts
from planner.actions.cadences import add_cadence
from planner.actions.channels import add_channel
from planner.actions.pauses import add_pause
from planner.core.model import Cadence, Window
from planner.store.queries import businesses, cadences, channels
from planner.store.queries import posts as rows
from web.conftest import Planner, on_sqlite

LIST = "/businesses/1/channels"


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1]))


def names(page: Planner) -> list[str]:
    with page.database.read() as tx:
        return [channel.name for channel in channels.of_business(tx, 1)]


def events(page: Planner, path: str) -> list[Component]:
    return list(Calendar.from_ical(page.browser.get(path).data).walk("VEVENT"))


def running(page: Planner) -> list[Cadence]:
    with page.database.read() as tx:
        return [each for each in cadences.of_business(tx, 1) if each.end is None]


def test_what_is_posted_where_and_when_next(page: Planner) -> None:
    said = text(page.browser.get(LIST).text)
    assert "Google-Unternehmensprofil Jeden Dienstag um 09:00 nächster Termin: Dienstag, 8. Dezember" in said
    assert "Am ersten Mittwoch im Monat um 17:00 nächster Termin: Mittwoch, 2. Dezember" in said
    with page.database.write() as tx:
        add_pause(tx, businesses.get(tx, 1), date(2026, 12, 1), date(2026, 12, 13), reason="Umbau", now=page.now)
    said = text(page.browser.get(LIST).text)
    assert "Umbau: keine Beiträge bis Sonntag, 13. Dezember" in said
    assert "nächster Termin: Dienstag, 15. Dezember" in said
    assert f'href="{LIST}"' in page.browser.get("/businesses/1/more").text
    assert page.browser.get("/channels").headers["Location"] == LIST


@on_sqlite
def test_the_list_asks_the_database_little(page: Planner) -> None:
    """Six channels with thirty cadences: as many questions as for three with three, and at most six."""

    def statements() -> int:
        said: list[str] = []
        note = lambda *args: said.append(args[2])  # noqa: E731
        event.listen(page.database.engine, "before_cursor_execute", note)
        assert page.browser.get(LIST).status_code == 200
        event.remove(page.database.engine, "before_cursor_execute", note)
        return len([each for each in said if each.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")])

    few = statements()
    with page.database.write() as tx:
        business = businesses.get(tx, 1)
        for name in ("a", "b", "c"):
            add_channel(tx, business, "mastodon", name, now=page.now)
        for channel in channels.of_business(tx, 1):
            for hour in range(5):
                start = datetime(2026, 12, 1, 8 + hour)
                add_cadence(tx, business, channel, "FREQ=WEEKLY;BYDAY=MO", start, texts=page.site.texts, now=page.now)
    assert len(running(page)) == 33
    assert statements() == few <= 6


def test_one_tap_adds_a_channel_and_offers_its_rhythm(page: Planner) -> None:
    html = page.browser.get(f"{LIST}/new").text
    assert "bis zu 63.206 Zeichen" in html
    assert "Vorschlag: Jeden Dienstag um 09:00" in html
    assert text(html).index("WhatsApp") < text(html).index("Facebook")  # those to begin with come first
    answer = page.send(LIST, platform="instagram")
    assert answer.headers["Location"] == f"{LIST}/4?said=added"
    html = page.browser.get(answer.headers["Location"]).text
    assert "Hinzugefügt." in html
    assert "Zurzeit kein Rhythmus" in html
    assert "Vorschlag für diese Plattform" not in html  # no preset has one for it
    assert names(page)[-1] == "Instagram"


def test_a_second_one_on_a_platform_needs_a_name(page: Planner) -> None:
    answer = page.send(LIST, platform="gbp")
    assert answer.status_code == 400
    assert "Es gibt schon einen Kanal „Google-Unternehmensprofil“" in answer.text
    assert 'name="platform" value="gbp"' in answer.text
    answer = page.send(LIST, platform="gbp", name="Filiale Süd")
    html = page.browser.get(answer.headers["Location"]).text
    assert names(page)[-1] == "Filiale Süd"
    assert "Jeden Dienstag um 09:00" in text(html)
    offer = html.split("cadences/new?")[1].split('"')[0].replace("&amp;", "&")
    html = page.browser.get(f"{LIST}/4/cadences/new?{offer}").text
    assert "Dienstag, 8. Dezember, 09:00" in text(html)


@on_sqlite
def test_what_cannot_be_added(page: Planner) -> None:
    assert page.send(LIST, platform="myspace").status_code == 400
    answer = page.send(LIST, platform="x", name="n" * 61)
    assert answer.status_code == 400
    assert "höchstens 60" in answer.text
    assert page.send(LIST, platform="x", csrf="no").status_code == 403
    assert page.browser.get(f"{LIST}/99").status_code == 404
    assert len(names(page)) == 3


def test_another_name(page: Planner) -> None:
    path = page.feed()
    before = {each["UID"]: each for each in events(page, path)}
    answer = page.send(f"{LIST}/2/rename", name="  WhatsApp Nord ")
    assert answer.headers["Location"] == f"{LIST}/2?said=saved"
    assert names(page) == ["Google-Unternehmensprofil", "WhatsApp Nord", "YouTube"]
    html = page.browser.get(answer.headers["Location"]).text
    assert "Gespeichert." in html
    assert "<h1>WhatsApp Nord</h1>" in html
    renamed = [each for each in events(page, path) if "WhatsApp" in each["SUMMARY"]]
    assert renamed
    for each in renamed:
        assert str(each["SUMMARY"]).startswith(("WhatsApp Nord: ", "! WhatsApp Nord: "))
        assert each["LAST-MODIFIED"].dt > before[each["UID"]]["LAST-MODIFIED"].dt, "or no calendar takes it anew"
        assert each["SEQUENCE"] > before[each["UID"]]["SEQUENCE"]
    assert page.post("2026-12-02").revision == 0, "nobody has worked on it by that"
    assert page.send(f"{LIST}/2/rename", name="whatsapp nord").status_code == 303  # its own, in other letters
    assert names(page)[1] == "whatsapp nord"


@on_sqlite
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("youtube", "Es gibt schon einen Kanal „youtube“."),
        (" ", "Dieses Feld darf nicht leer bleiben."),
        ("n" * 61, "höchstens 60"),
    ],
)
def test_a_name_that_cannot_be_had_stays_typed(page: Planner, name: str, sentence: str) -> None:
    answer = page.send(f"{LIST}/2/rename", name=name)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'value="{name.strip()}"' in answer.text
    assert "<h1>WhatsApp</h1>" in answer.text
    assert names(page)[1] == "WhatsApp"


@on_sqlite
def test_nobody_else_renames(page: Planner) -> None:
    assert page.send(f"{LIST}/2/rename", name="X", csrf="no").status_code == 403
    assert page.send(f"{LIST}/99/rename", name="X").status_code == 404
    assert names(page)[1] == "WhatsApp"


def test_a_channel_without_history_is_removed(page: Planner) -> None:
    page.send(LIST, platform="instagram")
    assert "Diesen Kanal entfernen" in page.browser.get(f"{LIST}/4").text
    assert page.send(f"{LIST}/4/remove").headers["Location"] == f"{LIST}?said=removed"
    assert names(page) == ["Google-Unternehmensprofil", "WhatsApp", "YouTube"]
    assert page.send(f"{LIST}/4/remove").status_code == 404


def test_a_channel_with_history_stays(page: Planner) -> None:
    with page.database.write() as tx:
        posts.complete(tx, page.post("2026-12-01").id, now=page.now)
    assert "Diesen Kanal entfernen" not in page.browser.get(f"{LIST}/1").text
    answer = page.send(f"{LIST}/1/remove")
    assert answer.status_code == 409
    assert "Auf diesem Kanal ist schon etwas geschehen" in answer.text
    assert len(names(page)) == 3


@on_sqlite
def test_a_missed_post_is_history_too(page: Planner) -> None:
    page.at("2026-12-02T08:30")
    assert page.send(f"{LIST}/1/remove").status_code == 409


@on_sqlite
def test_a_subscription_keeps_a_channel(page: Planner) -> None:
    page.feed(channel="youtube")
    answer = page.send(f"{LIST}/3/remove")
    assert answer.status_code == 409
    assert "Ein Kalender-Abo zeigt nur diesen Kanal" in answer.text


def test_ending_all_its_rhythms(page: Planner) -> None:
    html = page.browser.get(f"{LIST}/1/end?on=2026-12-15").text
    assert "12 geplante Beiträge, an denen niemand gearbeitet hat" in html
    assert [each.channel_id for each in running(page)] == [1, 2, 3]  # looking has changed nothing
    answer = page.send(f"{LIST}/1/end", on="2026-12-15")
    assert answer.headers["Location"] == f"{LIST}/1?said=ended"
    assert [each.channel_id for each in running(page)] == [2, 3]
    assert "endet am Dienstag, 15. Dezember" in page.browser.get(f"{LIST}/1").text
    with page.database.read() as tx:
        days = Window(date(2026, 12, 8), date(2027, 6, 1))
        left = [post.due_local.day for post in rows.due_between(tx, 1, days) if post.channel_id == 1]
    assert left == [8]
    assert page.send(f"{LIST}/1/end", on="2026-12-15").status_code == 303  # once more is no more
    assert page.send(f"{LIST}/1/end", on="2026-11-30").status_code == 400
    assert page.send(f"{LIST}/1/end", on="soon").status_code == 400
