"""What is typed after a command: read as what it says, or refused in one sentence that shows how to write it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.program import Planner, number, run  # first: it chooses the language
from planner import config
from planner.cli.app import (
    LONGEST_LINE,
    YEARS,
    App,
    one_line,
    open_database,
    parse_clock,
    parse_day,
    parse_moment,
    parse_wall,
    parse_week,
    some_words,
)
from planner.cli.calendar import _month
from planner.cli.post import LONGEST_TEXT
from planner.cli.questions import check_region, machine_timezone
from planner.cli.words import terminal_language
from planner.core import characters, localtime
from planner.errors import PlannerError, UnknownTimezone, UsageError
from planner.language import LANGUAGES

LIKELY = st.text("0123456789-:.+TWZ ", max_size=24) | st.builds(
    "{:04}-{:02}-{:02}{}".format,
    st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32),
    st.sampled_from(["", "T09:00", " 9:00", "T24:00", "T09:00+23:59", "T09:00Z", "T02:30:00.5"]),
)  # fmt: skip
READERS: dict[Callable[[str], Any], type] = {
    parse_moment: datetime, parse_wall: datetime, parse_day: date, _month: date, parse_clock: time,
}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(READERS)), LIKELY | st.text(max_size=20))
def test_any_text_is_a_time_in_the_years_we_know_or_refused(read: Callable[[str], Any], text: str) -> None:
    try:
        found = read(text)
    except UsageError as refused:
        assert refused.exit_code == 2
        assert len(refused.sentence()) < 200
    else:
        assert isinstance(found, READERS[read])
        assert read is parse_clock or found.year in YEARS
        if isinstance(found, datetime):
            moment = found.astimezone(UTC) if found.tzinfo else localtime.instant(found, "Pacific/Apia")
            assert moment.tzinfo is UTC
        assert read is not parse_wall or found.tzinfo is None


@settings(max_examples=60, deadline=None)
@given(LIKELY)
def test_any_now_is_an_instant_or_refused(text: str) -> None:
    try:
        assert App(now=text).moment("America/Adak").tzinfo is UTC
        assert parse_week(f"{App(now=text).moment('UTC').year}-W01").year
    except UsageError:
        pass


@settings(max_examples=150, deadline=None)
@given(st.text("Europ/Brlin._-+\\0\0 ", max_size=16) | st.text(max_size=12) | st.sampled_from(
    [".", "..", "/", "zone.tab", "tzdata.zi", "Europe", "posix/UTC", "x" * 5000, "CON", "\udcff", "Europe/Berlin\n"]
))  # fmt: skip
def test_any_text_is_a_zone_that_can_be_counted_in_or_none(name: str) -> None:
    try:
        localtime.zone(name)
        assert localtime.instant(datetime(2026, 7, 1, 12), name).tzinfo is UTC
    except UnknownTimezone as refused:
        assert name in refused.sentence()
    assert machine_timezone({"TZ": name}, Path("/nowhere"))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20) | st.just("x" * 3000))
def test_any_words_are_on_one_line_or_refused(text: str) -> None:
    for read in (one_line, some_words):
        try:
            words = read(None, None, text)
        except UsageError as refused:
            assert "\n" not in refused.sentence()
        else:
            assert words is not None
            assert characters.one_line(words) == words
            assert len(words) <= LONGEST_LINE


@pytest.mark.parametrize("words", ["👩‍🍳 backt", "👩‍👩‍👧‍👦", "5\u00a0€", "Zucker\u00adbäcker", "می\u200cخواهم"])
def test_words_with_joiners_and_hard_spaces_are_words(words: str) -> None:
    assert one_line(None, None, words) == words


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["DE", "", "AT", "XX", "\0"]) | st.text(max_size=4), st.text(max_size=4))
def test_any_country_is_known_or_refused(country: str, region: str) -> None:
    try:
        check_region(country, region)
    except UsageError as refused:
        assert refused.exit_code == 2
    else:
        assert country in ("DE", "AT", "") or len(country) <= 3


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["--language", "--language=de", "de", "--home", "-x", "=", ""]) | st.text(max_size=5)),
       st.dictionaries(st.sampled_from(["PLANNER_LANGUAGE", "LC_ALL", "LANG"]), st.text(max_size=8)))  # fmt: skip
def test_any_terminal_has_a_language(arguments: list[str], environ: dict[str, str]) -> None:
    assert terminal_language(environ, arguments) in LANGUAGES


OPTIONS = st.sampled_from(
    ["?", "&", "=", "journal", "timeout", "uri", "true", "mode", "connect_timeout", "sslmode", "a", "%00", "#", "1"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["postgresql://127.0.0.1:1/x", "postgres://u:p@127.0.0.1:1/", "sqlite:///gone/x.db", "sqlite:///"]),
    st.lists(OPTIONS, max_size=6).map("".join) | st.text(max_size=10),
)
@pytest.mark.filterwarnings("ignore:Query string argument")
def test_any_database_address_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, more: str
) -> None:
    """Nothing is there, so every one of them is refused; nothing that is not said is made."""
    monkeypatch.chdir(tmp_path)
    app = App(home=str(tmp_path), database_url=address + more)
    with pytest.raises(PlannerError) as refused:
        _ = app.database
    assert ":p@" not in refused.value.sentence()
    app.close()


def test_a_database_s_name_that_no_disk_takes(tmp_path: Path) -> None:
    for command in (("today",), ("init", "--yes")):
        answer = run("--home", str(tmp_path), "--database-url", "sqlite:////" + "x" * 1000, *command)
        assert (answer.code, answer.out) == (1, "")
    with (
        pytest.raises(PlannerError),
        open_database(config.load({}, tmp_path, database_url="sqlite:////" + "x" * 1000)).read(),
    ):
        pass


def test_a_text_has_a_bound(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    answer = planner("post", "edit", post, "--text", "-", typed="x" * (LONGEST_TEXT + 1))
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "20000" in answer.err


@pytest.mark.parametrize("words", [
    ("post", "edit", "1", "--title", "x" * 2001), ("post", "skip", "1", "--reason", "x" * 2001),
    ("done", "1", "--link", "https://x.example/" + "x" * 2000), ("business", "set", "--name", "x" * 2001),
])  # fmt: skip
def test_a_line_has_a_bound(words: tuple[str, ...], planner: Planner) -> None:
    answer = planner(*words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert len(answer.err) < 200
