"""What must hold for every input, whatever its bytes: of rules, of the feed that posts become, of TOML files.

``make fuzz`` drives each check with Atheris for ten minutes (``SECONDS=3600 make fuzz`` for longer; one alone:
``cd tests && python -m fuzz rule -max_total_time=600``). What it kept of that lies in ``corpus/`` and is replayed by
``test_corpus.py`` without Atheris. A check raises AssertionError, or lets an exception through that nobody expects.
"""

import re
import tempfile
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

from icalendar import Calendar

from planner import catalogue, config
from planner.catalogue.portrait_file import read_portrait
from planner.catalogue.telling import statements
from planner.core.model import Business, Channel, Feed, FeedKind, Pillar, Post, Status, Window
from planner.core.recurrence import check_fires, expand
from planner.core.rule import Rule, parse_rule
from planner.errors import BadSetting, PlannerError, Problems, RuleRefused
from planner.ical import Content, FeedWriter

START = datetime(2024, 2, 29, 2, 30)  # a leap day, and an hour that the spring leaves out
BERLIN = "Europe/Berlin"
MOMENT = datetime(2026, 12, 1, 8, tzinfo=UTC)


# --- rules ----------------------------------------------------------------------------------------------


def check_rule(data: bytes) -> None:
    """A rule is refused in a sentence, or it comes back from how it is kept and gives dates in their order."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        rule = parse_rule(text)
        assert parse_rule(str(rule)) == rule
        check_fires(rule, START, BERLIN)
    except RuleRefused as refused:
        assert len(refused.sentence().splitlines()) == 1
        assert len(refused.sentence()) < 500
        return
    _check_dates(rule)


def _check_dates(rule: Rule) -> None:
    soon = Window(START, START + timedelta(days=365 * 5 + 2))
    found = list(islice(expand(rule, START, soon, BERLIN), 2000))
    assert found, "what fires gives a date within five years"
    assert len(found) <= (rule.count or 2000)
    far = Window(datetime(2090, 1, 1), datetime(2090, 4, 1))
    for window, dates in ((soon, found), (far, list(expand(rule, START, far, BERLIN)))):
        assert all(one < next_ for one, next_ in pairwise(dates))
        assert all(one in window and one.time() == START.time() for one in dates)


# --- feeds ----------------------------------------------------------------------------------------------


def check_ics(data: bytes) -> None:
    """Whatever is written into a post: a strange program reads back these words and nothing else."""
    kind, status, alarm = _options(data[:1])
    title, text, hint, business, channel, link = _texts(data[1:], 6)
    words = {"title": title, "text": text, "hint": hint, "business": business, "channel": channel, "link": link}
    body = _feed(kind, status, alarm, **words)
    assert _names(body) == _plain_names(kind, status, alarm), "no line that was not meant"
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]", line.decode("utf-8"))
    assert _raw(body, "NAME") == _raw(body, "X-WR-CALNAME") == _clean(business)
    (made,) = Calendar.from_ical(body).subcomponents
    assert made.name == {FeedKind.EVENT: "VEVENT", FeedKind.TODO: "VTODO"}[kind]
    assert made["SUMMARY"].endswith(_clean(f"{channel}: {title}"))
    told = [text, f"Hint: {hint}" if hint else "", f"Posted here: {link}" if link else ""]
    assert made["DESCRIPTION"].startswith(_clean("\n\n".join(part for part in told if part)))
    assert str(made["CATEGORIES"].cats[0]) == _clean(channel)
    for alarms in made.subcomponents:
        assert alarms["DESCRIPTION"] == _clean(f"{channel}: {title}")


def _options(chosen: bytes) -> tuple[FeedKind, Status, int | None]:
    number = chosen[0] if chosen else 0
    return list(FeedKind)[number % 2], list(Status)[number // 2 % 4], 15 if number & 8 else None


def _texts(data: bytes, count: int) -> list[str]:
    """So many texts, parted by a byte that UTF-8 does not know."""
    parts = [part.decode("utf-8", "surrogateescape") for part in data.split(b"\xff")[:count]]
    return parts + [""] * (count - len(parts))


def _feed(kind: FeedKind, status: Status, alarm: int | None, **words: str) -> bytes:
    business = Business(id=1, name=words["business"], timezone=BERLIN, language="en", created_at=MOMENT)
    channel = Channel(id=1, business_id=1, platform="gbp", name=words["channel"], created_at=MOMENT)
    feed = Feed(id=1, business_id=1, channel_id=None, kind=kind, alarm_minutes=alarm, created_at=MOMENT)
    post = Post(
        id=7, uid="post-7@test.invalid", business_id=1, channel_id=1, cadence_id=None, slot=None,
        due_local=datetime(2026, 12, 1, 9), due_at=MOMENT, pillar=Pillar.TIP, prompt="", title=words["title"],
        text=words["text"], hint=words["hint"], status=status, link=words["link"], created_at=MOMENT,
        updated_at=MOMENT,
    )  # fmt: skip
    writer = FeedWriter(lambda number: f"https://planner.test/posts/{number}")
    return writer.write(Content(business, {1: channel}, feed, (post,), date(2026, 12, 1)))


@cache
def _plain_names(kind: FeedKind, status: Status, alarm: int | None) -> list[str]:
    return _names(
        _feed(kind, status, alarm, **dict.fromkeys(("title", "text", "hint", "business", "channel", "link"), "x"))
    )


def _names(body: bytes) -> list[str]:
    """What stands before the colon of every content line; of BEGIN and END what stands behind it, too."""
    lines = body.decode("utf-8").replace("\r\n ", "").split("\r\n")
    return [line if line.startswith(("BEGIN:", "END:")) else re.split("[:;]", line)[0] for line in lines]


def _raw(body: bytes, name: str) -> str:
    """The text of the calendar's own property of that name (RFC 5545, 3.3.11), which icalendar leaves escaped."""
    lines = body.decode("utf-8").replace("\r\n ", "").split("\r\n")
    value = next(line for line in lines if line.startswith(f"{name}:")).removeprefix(f"{name}:")
    return re.sub(r"\\(.)", lambda mark: "\n" if mark[1] in "nN" else mark[1], value)


def _clean(text: str) -> str:
    """What of a text can come back: all but what acts instead of being something, and line ends as one."""
    lines = re.sub("\r\n|[\r\u2028\u2029]", "\n", text)
    turning = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    return "".join(
        c for c in lines if c in "\t\n" or not (unicodedata.category(c) in ("Cc", "Cs") or ord(c) in turning)
    )


# --- TOML -----------------------------------------------------------------------------------------------


def check_toml(data: bytes) -> None:
    """A preset, a platform, the settings: read, or everything wrong with them said at lines of the file."""
    _scratch().write_bytes(data)
    for read in (_check_preset, _check_platform):
        try:
            read(_scratch())
        except Problems as problems:
            _check_problems(problems, data)
    try:
        found = config.load({}, _scratch().parent, host="127.0.0.1")
        assert found.address.startswith(("http://", "https://"))
        assert found.address.isascii()
        assert found.address.isprintable()
        assert 0 <= found.port <= 65_535
    except BadSetting as refused:
        _check_sentence(refused)


def _check_preset(file: Path) -> None:
    preset = catalogue.read_preset(file)
    assert preset.titles["en"]
    assert preset.cadences
    for cadence in preset.cadences:
        parse_rule(cadence.rrule)
        assert cadence.pillars
        for language in ("en", "de"):
            assert cadence.channel_name(language).isprintable()


def _check_platform(file: Path) -> None:
    platform = catalogue.read_platform(file)
    assert platform.name("de")
    assert platform.text_limit is None or platform.text_limit > 0
    assert (platform.compose_link("a b", "c") is None) is (platform.compose is None)
    portrait = read_portrait(file)
    assert portrait.platform == platform
    for language in ("en", "de"):
        assert all(said.text.isprintable() for said in statements(portrait, language, str))


def _check_problems(problems: Problems, data: bytes) -> None:
    last = len(data.decode("utf-8", "replace").splitlines()) + 1
    assert problems.errors
    for problem in problems.errors:
        assert 1 <= int(str(problem.values["line"])) <= last
        _check_sentence(problem)


def _check_sentence(error: PlannerError) -> None:
    sentence = error.sentence()
    assert sentence
    assert len(sentence) < 10_000 + len(str(error.values))


def _scratch() -> Path:
    """A file named as the settings are, in a folder of this process."""
    if not _folders:
        _folders.append(tempfile.TemporaryDirectory(prefix="planner-fuzz-"))
    return Path(_folders[0].name) / config.SETTINGS_FILE


_folders: list[tempfile.TemporaryDirectory[str]] = []
TARGETS: dict[str, Callable[[bytes], None]] = {"rule": check_rule, "ics": check_ics, "toml": check_toml}
