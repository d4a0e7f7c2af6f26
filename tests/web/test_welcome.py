"""The set-up in small steps: kept as it goes, passed over, gone back to, and done again."""

from datetime import date, time
from itertools import pairwise
from pathlib import Path

import pytest
from notify.server import serving

from planner import catalogue, config
from planner.actions import access, presets
from planner.actions import posts as verbs
from planner.actions.channels import add_channel
from planner.core.model import Window
from planner.daemon import transport_of
from planner.store.queries import cadences, channels, posts
from planner.web.installation import Installation
from planner.web.welcome import STEPS
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/welcome"
ALWAYS = Window(date(2026, 1, 1), date(2028, 1, 1))


def names(planner: Planner) -> set[str]:
    with planner.database.read() as tx:
        return {channel.name for channel in channels.of_business(tx, 1)}


def test_from_the_first_page_to_the_calendar(fresh: Planner) -> None:
    home = "/businesses/1"
    assert f'href="{home}/welcome"' in fresh.browser.get(home).text
    assert fresh.browser.get(PATH).headers["Location"] == f"{PATH}/name"
    steps = {
        "name": {"name": "Café Mokka", "trade": "cafe", "language": "de"},
        "place": {"country": "AT", "regions_of": "AT", "region": "9", "timezone": "Europe/Vienna"},
        "hours": {"digest_on": "yes", "digest_time": "07:30", "summary_on": "yes", "quiet_from": "20:00",
                  "quiet_until": "07:00", "nudge_time": "18:00"},
        "mail": {"email": "wirt@example.org"},
        "rhythm": {"preset": "core-trio-light"},
        "password": {"new": "drei Tassen Mokka", "again": "drei Tassen Mokka"},
    }  # fmt: skip
    for step, following in pairwise(STEPS):
        assert fresh.browser.get(f"{PATH}/{step}").status_code == 200
        answer = fresh.send(f"{PATH}/{step}", **steps[step])
        assert answer.headers["Location"].split("?")[0] == f"{PATH}/{following}", answer.text
    fresh.read_token()
    business = fresh.business
    assert (business.name, business.trade, business.language) == ("Café Mokka", "cafe", "de")
    assert business.region == "9"
    assert (business.timezone, business.digest_time, business.email) == (
        "Europe/Vienna",
        time(7, 30),
        "wirt@example.org",
    )
    assert names(fresh) == {"Google-Unternehmensprofil", "WhatsApp", "YouTube"}  # in German by now
    with fresh.database.read() as tx:
        rules = {cadence.rrule for cadence in cadences.of_business(tx, 1)}
    assert "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU" in rules
    last = fresh.browser.get(f"{PATH}/calendar").text
    assert f'action="{home}/subscriptions"' in last
    made = fresh.send(f"{home}/subscriptions", channel="", kind="event", alarm="").headers["Location"]
    assert 'id="address"' in fresh.browser.get(made).text
    assert f'href="{home}/welcome"' not in fresh.browser.get(home).text


@on_sqlite
def test_the_browser_s_language_until_somebody_chose(fresh: Planner) -> None:
    german = {"Accept-Language": "de-AT,de;q=0.9"}
    first = fresh.browser.get(f"{PATH}/name", headers=german).text
    assert "Wie heißt Ihr Betrieb?" in first
    assert '<option value="de" selected>' in first
    assert 'value="My business"' not in first
    place = fresh.browser.get(f"{PATH}/place", headers=german).text
    assert '<option value="AT" selected>' in place
    assert '<option value="DE" selected>' in fresh.browser.get(f"{PATH}/place").text  # by its time zone
    english = fresh.browser.get(f"{PATH}/place", headers={"Accept-Language": "en-US,en;q=0.9"}).text
    assert '<option value="DE" selected>' in english  # a browser speaks English in Berlin, too
    assert fresh.business.language == "en"


@on_sqlite
def test_back_and_over(fresh: Planner) -> None:
    for number, step in enumerate(STEPS):
        page = fresh.browser.get(f"{PATH}/{step}").text
        assert (f'rel="prev" href="{PATH}/{STEPS[number - 1]}"' in page) == (number > 0)
        assert ('rel="next"' in page) == (number + 1 < len(STEPS))
        if number + 1 < len(STEPS):
            assert f'rel="next" href="{PATH}/{STEPS[number + 1]}"' in page
        assert f'action="{PATH}/later"' in page
        assert 'class="tabs"' not in page


@on_sqlite
def test_home_leads_there_until_a_step_was_kept(fresh: Planner) -> None:
    assert fresh.browser.get("/").headers["Location"] == PATH
    assert fresh.browser.get("/businesses/1").status_code == 200, "nobody is locked out of the day"
    place = {"country": "AT", "regions_of": "AT", "region": "9", "timezone": "Europe/Vienna"}
    assert fresh.send(f"{PATH}/place", **place).status_code == 303
    assert fresh.browser.get("/").status_code == 200


@on_sqlite
def test_home_leads_there_until_it_was_put_off(fresh: Planner) -> None:
    for _twice in range(2):
        assert fresh.send(f"{PATH}/later").headers["Location"] == "/businesses/1"
    day = fresh.browser.get("/")
    assert (day.status_code, f'href="{PATH}"' in day.text) == (200, True)


@on_sqlite
def test_home_of_a_business_with_a_name_is_its_day(planner: Planner) -> None:
    planner.sign_in()
    assert planner.browser.get("/").status_code == 200


@on_sqlite
def test_a_password_within_the_set_up(fresh: Planner) -> None:
    short = fresh.send(f"{PATH}/password", new="kurz", again="kurz")
    assert (short.status_code, 'id="new-error"' in short.text) == (400, True)
    other = fresh.send(f"{PATH}/password", new="drei Tassen Mokka", again="drei Tassen Moka")
    assert (other.status_code, 'id="again-error"' in other.text) == (400, True)
    kept = fresh.send(f"{PATH}/password", new="drei Tassen Mokka", again="drei Tassen Mokka")
    told = fresh.browser.get(kept.headers["Location"]).text
    assert "step 7 of 7" in told
    assert "The password is set." in told
    assert f'rel="prev" href="{PATH}/rhythm"' in told, "what is set cannot be gone back to here"
    with fresh.database.read() as tx:
        assert access.right_password(tx, "drei Tassen Mokka")


@on_sqlite
def test_who_has_a_password_is_not_asked_for_one(fresh: Planner) -> None:
    """Nor can it be changed here, where nobody asks for the old one."""
    with fresh.database.write() as tx:
        access.set_password(tx, "drei Tassen Mokka")
    fresh.sign_in()
    assert "step 5 of 6" in fresh.browser.get(f"{PATH}/rhythm").text
    assert fresh.browser.get(f"{PATH}/password").headers["Location"] == f"{PATH}/calendar"
    assert f'rel="prev" href="{PATH}/rhythm"' in fresh.browser.get(f"{PATH}/calendar").text
    assert fresh.send(f"{PATH}/password", new="vier Tassen Mokka", again="vier Tassen Mokka").status_code == 303
    with fresh.database.read() as tx:
        assert access.right_password(tx, "drei Tassen Mokka")


@on_sqlite
@pytest.mark.parametrize(
    ("step", "form", "field"),
    [
        ("name", {"name": "", "language": "de"}, "name"),
        ("place", {"country": "DE", "regions_of": "DE", "region": "BY", "timezone": "Nowhere"}, "timezone"),
        ("hours", {"digest_time": "8", "nudge_time": "18:00", "quiet_from": "21:00", "quiet_until": "07:00"},
         "digest_time"),
        ("mail", {"email": "wirt@"}, "email"),
    ],
)  # fmt: skip
def test_errors_stay_at_their_step(fresh: Planner, step: str, form: dict[str, str], field: str) -> None:
    before = fresh.business
    answer = fresh.send(f"{PATH}/{step}", **form)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert fresh.business == before


@on_sqlite
def test_another_preset_is_none(fresh: Planner) -> None:
    answer = fresh.send(f"{PATH}/rhythm", preset="../../etc/passwd")
    assert (answer.status_code, 'class="error"' in answer.text) == (400, True)


def test_what_was_done_is_not_thrown_away(fresh: Planner) -> None:
    with fresh.database.write() as tx:
        first = posts.due_between(tx, 1, ALWAYS)[0]
        verbs.skip(tx, first.id, now=fresh.now, reason="")
        assert not presets.is_untouched(tx, fresh.business)
    assert 'name="preset"' not in fresh.browser.get(f"{PATH}/rhythm").text
    answer = fresh.send(f"{PATH}/rhythm", preset="core-trio-light")
    assert answer.status_code == 400
    with fresh.database.read() as tx:
        assert posts.get(tx, first.id).status == "skipped"


@on_sqlite
def test_a_channel_of_one_s_own_stays(fresh: Planner) -> None:
    with fresh.database.write() as tx:
        add_channel(tx, fresh.business, "instagram", "", now=fresh.now)
    assert fresh.send(f"{PATH}/rhythm", preset="core-trio-light").status_code == 400
    assert "Instagram" in names(fresh)


@on_sqlite
def test_the_same_preset_again_leaves_everything(fresh: Planner) -> None:
    with fresh.database.read() as tx:
        before = posts.due_between(tx, 1, ALWAYS)
    assert fresh.send(f"{PATH}/rhythm", preset="core-trio").status_code == 303
    with fresh.database.read() as tx:
        assert posts.due_between(tx, 1, ALWAYS) == before


@on_sqlite
def test_a_mail_server_on_the_way(fresh: Planner, tmp_path: Path) -> None:
    environ = {"PLANNER_SECRET_KEY": "k" * 40}
    config.make_home(tmp_path / "home")
    installation = Installation(config.load(environ, tmp_path / "home"), transport_of, lambda _: None, environ)
    object.__setattr__(fresh.site, "installation", installation)
    with serving(script={"RCPT": ["550 5.1.1 nobody"]}) as server:
        form = {"email": "wirt@example.org", "smtp_host": "127.0.0.1", "smtp_port": str(server.port),
                "smtp_security": "none", "smtp_user": "", "smtp_password": "",
                "mail_from": "p@example.org"}  # fmt: skip
        refused = fresh.send(f"{PATH}/mail", **form)
        assert refused.status_code == 400
        assert "nobody" in refused.text
        assert 'name="untried"' in refused.text
        assert installation.settings.smtp_host == ""
        assert fresh.business.email == "wirt@example.org"  # this was kept
        assert fresh.send(f"{PATH}/mail", **form).headers["Location"] == f"{PATH}/rhythm"
        assert len(server.taken) == 1
    assert installation.settings.smtp_host == "127.0.0.1"
    assert 'name="smtp_host"' not in fresh.browser.get(f"{PATH}/mail").text


@on_sqlite
def test_a_server_without_an_address_to_try(fresh: Planner, tmp_path: Path) -> None:
    installation = Installation(config.load({}, tmp_path), transport_of, lambda _: None, {})
    object.__setattr__(fresh.site, "installation", installation)
    form = {"email": "", "smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_port": "1"}
    assert 'id="email-error"' in fresh.send(f"{PATH}/mail", **form).text
    assert fresh.send(f"{PATH}/mail", untried="yes", **form).status_code == 303
    assert installation.settings.smtp_port == 1


def test_the_trade_said_at_the_start_is_in_the_texts_and_in_the_advice(fresh: Planner) -> None:
    with fresh.database.read() as tx:
        before = {post.text for post in posts.due_between(tx, 1, ALWAYS)}
    assert '<option value="cafe">' in fresh.browser.get(f"{PATH}/name").text
    fresh.send(f"{PATH}/name", name="Café Mokka", trade="cafe", language="en")
    words = catalogue.trade_words("cafe", "en", "winter")
    with fresh.database.read() as tx:
        written = " ".join(post.text for post in posts.due_between(tx, 1, ALWAYS) if post.text not in before)
    assert any(words[slot] in written for slot in ("trade", "product", "place"))
    step = fresh.browser.get(f"{PATH}/rhythm").text
    assert step.index('value="cafe"') < step.index('value="core-trio"'), "what is made for the trade comes first"
    advice = fresh.browser.get("/businesses/1/advice?from=welcome").text
    assert '<option value="cafe" selected>' in advice


@on_sqlite
def test_a_trade_nobody_knows_is_refused(fresh: Planner) -> None:
    answer = fresh.send(f"{PATH}/name", name="Café Mokka", trade="alchemist", language="en")
    assert (answer.status_code, 'id="trade-error"' in answer.text) == (400, True)
    assert fresh.business.name == "My business"
