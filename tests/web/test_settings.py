"""Settings of a business on the page: everything the command line sets, errors at their fields, what was typed kept."""

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner import catalogue
from planner.actions.set_up import NewBusiness, set_up
from planner.core.model import Window
from planner.store.queries import businesses, posts
from planner.web import places
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/settings"
PLACE = {
    "name": "Bäckerei Sonnenschein", "language": "de", "country": "DE", "regions_of": "DE", "region": "BY",
    "timezone": "Europe/Berlin",
}  # fmt: skip
MAILS = {
    "email": "chef@baeckerei.example", "digest_on": "yes", "digest_time": "08:00", "nudge_time": "18:00",
    "summary_on": "yes", "quiet_from": "21:00", "quiet_until": "07:00",
}  # fmt: skip


@pytest.fixture
def signed_in(planner: Planner) -> Planner:
    planner.sign_in()
    return planner


def test_mails_and_their_hours(signed_in: Planner) -> None:
    wanted = {**MAILS, "email": "laden@example.org", "digest_time": "07:15", "nudge_on": "yes", "nudge_time": "17:45",
              "quiet_from": "20:30", "quiet_until": "06:45"}  # fmt: skip
    del wanted["summary_on"]
    assert signed_in.send(f"{PATH}/mails", **wanted).headers["Location"] == f"{PATH}?said=saved"
    now = signed_in.business
    assert (now.email, now.digest_time, now.nudge_time) == ("laden@example.org", time(7, 15), time(17, 45))
    assert (now.summary_on, now.quiet_from, now.quiet_until) == (False, time(20, 30), time(6, 45))
    page = signed_in.browser.get(f"{PATH}/mails").text
    assert 'value="17:45"' in page
    signed_in.send(f"{PATH}/mails", **{name: value for name, value in wanted.items() if name != "nudge_on"})
    assert signed_in.business.nudge_time is None


def test_planning(signed_in: Planner) -> None:
    assert signed_in.send(f"{PATH}/planning", grace_days="0", horizon_weeks="26").status_code == 303
    assert (signed_in.business.grace_days, signed_in.business.horizon_weeks) == (0, 26)


def test_name_language_and_place(signed_in: Planner) -> None:
    with signed_in.database.read() as tx:
        everything = Window(signed_in.now.date(), signed_in.now.date().replace(year=2028))
        before = posts.due_between(tx, 1, everything)
    wanted = {"name": "Sunshine", "language": "en", "trade": "bakery", "country": "AT", "regions_of": "AT",
              "region": "9", "timezone": "Europe/Vienna"}  # fmt: skip
    assert signed_in.send(f"{PATH}/business", **wanted).status_code == 303
    now = signed_in.business
    assert (now.name, now.language, now.trade, now.country, now.region) == ("Sunshine", "en", "bakery", "AT", "9")
    with signed_in.database.read() as tx:
        after = posts.due_between(tx, 1, everything)
    assert [post.due_local for post in after] == [post.due_local for post in before]
    assert after[0].text != before[0].text  # English now
    assert "in the bakehouse" in " ".join(post.text for post in after)
    assert '<option value="bakery" selected>Bakery</option>' in signed_in.browser.get(f"{PATH}/business").text
    assert "Settings" in signed_in.browser.get(f"{PATH}?said=saved").text


@on_sqlite
def test_nothing_new_changes_nothing(signed_in: Planner) -> None:
    before = signed_in.business
    for part, form in (("mails", MAILS), ("business", PLACE), ("planning", {"grace_days": "2", "horizon_weeks": "13"})):
        assert signed_in.send(f"{PATH}/{part}", **form).status_code == 303
    assert signed_in.business == before  # its revision, too: no calendar has to fetch anything anew


@on_sqlite
@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("mails", "email", "chef@"), ("mails", "digest_time", "25:00"), ("mails", "digest_time", ""),
        ("mails", "quiet_from", "abends"), ("business", "name", ""), ("business", "name", "x" * 101),
        ("business", "language", "fr"), ("business", "timezone", "Europe/Bielefeld"), ("business", "timezone", ""),
        ("business", "country", "ZZ"), ("business", "region", "ZH"), ("planning", "grace_days", "31"),
        ("planning", "horizon_weeks", "0"), ("planning", "horizon_weeks", "viele"),
    ],
)  # fmt: skip
def test_errors_keep_what_was_typed(signed_in: Planner, part: str, field: str, value: str) -> None:
    before = signed_in.business
    form = {"mails": MAILS, "business": PLACE, "planning": {"grace_days": "3", "horizon_weeks": "20"}}[part]
    typed = {**form, "email": "anders@example.org", "name": "Ganz anders", field: value}
    answer = signed_in.send(f"{PATH}/{part}", **typed)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    other = {"mails": "anders@example.org", "business": "Ganz anders", "planning": "20"}[part]
    assert other in answer.text or field in ("email", "name", "horizon_weeks")
    assert signed_in.business == before


@on_sqlite
def test_a_name_that_is_taken(signed_in: Planner) -> None:
    with signed_in.database.write() as tx:
        new = NewBusiness(name="Andere", timezone="Europe/Berlin", language="de")
        set_up(tx, new, catalogue.preset("core-trio"), signed_in.site.texts, signed_in.now)
    answer = signed_in.send(f"{PATH}/business", **{**PLACE, "name": "andere"})
    assert answer.status_code == 400
    assert 'id="name-error"' in answer.text
    assert 'value="andere"' in answer.text


@on_sqlite
def test_another_country_asks_for_its_regions(signed_in: Planner) -> None:
    shown = signed_in.send(f"{PATH}/business", look="regions", **{**PLACE, "country": "CH", "name": "Neuer Name"})
    assert shown.status_code == 200
    assert '<option value="ZH">Zürich</option>' in shown.text
    assert '<option value="Europe/Zurich" selected>Zürich</option>' in shown.text
    assert 'value="Neuer Name"' in shown.text
    assert signed_in.business.country == "DE"
    # Without asking for them: BE is Berlin here and Bern there, so nothing is guessed.
    berlin = {**PLACE, "region": "BE"}
    refused = signed_in.send(f"{PATH}/business", **{**berlin, "country": "CH"})
    assert (refused.status_code, 'id="region-error"' in refused.text) == (400, True)
    assert '<option value="ZH">Zürich</option>' in refused.text
    assert signed_in.business.region == "BY"


@on_sqlite
def test_regions_and_zones_for_the_script(signed_in: Planner) -> None:
    told = signed_in.browser.get("/places/AT").json
    assert ["9", "Wien"] in told["regions"]
    assert told["zones"] == [["Europe/Vienna", "Wien"]]
    assert signed_in.browser.get("/places/-").json == {"regions": [], "zones": []}
    other = signed_in.browser.application.test_client()
    assert other.get("/places/AT").status_code == 303


def test_places_have_names() -> None:
    names = dict(places.countries("de"))
    assert (names["DE"], names["CH"]) == ("Deutschland", "Schweiz")
    assert list(names)[:3] == ["DE", "AT", "CH"]
    assert dict(places.regions("DE"))["BY"] == "Bayern"
    assert places.regions("ZZ") == ()
    assert places.zones_of("DE", "de")[0] == ("Europe/Berlin", "Berlin")
    assert (places.country_of("Europe/Berlin"), places.country_of("Mars/Olympus")) == ("DE", "")
    europe = dict(dict(places.zones("de"))["Europe"])
    assert europe["Europe/Vienna"] == "Wien"


@on_sqlite
def test_the_list_says_how_things_are(signed_in: Planner) -> None:
    page = signed_in.browser.get(PATH).text
    for words in ("Bayern, Deutschland", "Morgenmail um 08:00", "13 Wochen im Voraus", "/businesses/1/pauses"):
        assert words in page
    assert signed_in.browser.get("/businesses/9/settings").status_code == 404
    assert signed_in.browser.get(f"{PATH}/nothing").status_code == 404


@on_sqlite
def test_a_business_outside_of_the_lists_stays_as_it_is(signed_in: Planner) -> None:
    with signed_in.database.write() as tx:
        businesses.change(tx, 1, timezone="UTC", country="", region="")
    assert '<option value="UTC" selected>' in signed_in.browser.get(f"{PATH}/business").text
    form = {**PLACE, "timezone": "UTC", "country": "", "regions_of": "", "region": ""}
    assert signed_in.send(f"{PATH}/business", **form).status_code == 303
    assert signed_in.business.timezone == "UTC"


WORDS = st.text(max_size=30) | st.sampled_from(
    ["", "yes", "DE", "08:00", "\0\x1b\u202e", "9" * 400, "<b>", "{x}", "%s"]
)


@on_sqlite
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([
        "settings/business", "settings/mails", "settings/planning", "settings/password", "subscriptions",
        "welcome/name", "welcome/place", "welcome/hours", "welcome/mail", "welcome/rhythm", "messages/test",
    ]),
    st.dictionaries(
        st.sampled_from([
            "name", "language", "country", "region", "regions_of", "timezone", "email", "digest_on", "digest_time",
            "nudge_on", "nudge_time", "quiet_from", "quiet_until", "grace_days", "horizon_weeks", "old", "new", "again",
            "channel", "kind", "alarm", "preset", "smtp_host", "smtp_port", "to", "look", "untried",
        ]),
        WORDS,
    ),
)  # fmt: skip
def test_whatever_is_typed(signed_in: Planner, path: str, form: dict[str, str]) -> None:
    """It is kept, or refused with words; never a fault of ours, and never a page that cannot be shown afterwards."""
    answer = signed_in.send(f"/businesses/1/{path}", **form)
    assert answer.status_code in (200, 303, 400)
    assert signed_in.browser.get(f"/businesses/1/{path}").status_code == 200
    assert signed_in.browser.get("/businesses/1").status_code == 200
