"""The two nights of the year on which an hour is missing or comes twice: one mail a local date, at the right hour."""

import json
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from notify.server import Mail, MailServer

from faults.installation import Installation

pytestmark = pytest.mark.full

# Beirut, Cairo, Havana and Santiago change at midnight, Lord Howe by half an hour.
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "America/Havana",
    "Asia/Beirut",
)  # fmt: skip
HOURS = (time(0, 0), time(0, 30), time(2, 30))
YEAR = 2026
MINUTE = timedelta(minutes=1)
# Many commands of the program, one after the other, in one process of it.
COMMANDS = """
import json, sys
from planner.cli import main
for words in json.load(sys.stdin):
    try:
        main(words)
    except SystemExit as end:
        assert not end.code, (words, end.code)
"""


@cache
def rules(zone: str) -> ZoneInfo:
    """A zone by the rules of the package ``tzdata``; the program is told to take the same."""
    folder, _, name = zone.partition("/")
    with resources.files(f"tzdata.zoneinfo.{folder}").joinpath(name).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


def changes(zone: str) -> list[date]:
    """The local days of a year on which a zone's offset is another one at the end than at the beginning."""
    days = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
    offsets = [datetime.combine(day, time(), rules(zone)).utcoffset() for day in [*days, date(YEAR + 1, 1, 1)]]
    return [day for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]


def owed(zone: str, hour: time) -> list[datetime]:
    """When a mail is owed on the day before each change, on the day itself, and on the one after, in UTC.

    A time that does not exist is counted with the offset before the gap, one that comes twice is the first
    (RFC 5545, 3.3.5); ZoneInfo does both with fold=0.
    """
    around = {day + timedelta(days=n) for day in changes(zone) for n in (-1, 0, 1)}
    return sorted(datetime.combine(day, hour, rules(zone)).astimezone(UTC) for day in around)


def run(installation: Installation, *commands: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS], input=json.dumps(commands), env=installation.environ, text=True,
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def address(zone: str, hour: time) -> str:
    return f"{zone.replace('/', '.').lower()}.{hour:%H%M}@example.org"


def set_up(installation: Installation) -> None:
    """A business for each zone and hour, with something due every noon."""
    at = ["--now", f"{YEAR - 1}-12-31T12:00+00:00"]
    for zone in ZONES:
        for hour in HOURS:
            mail = address(zone, hour)
            one = [*at, "--business", mail]
            run(
                installation,
                [*at, "business", "add", mail, "--timezone", zone, "--email", mail, "--preset", "core-trio-light"],
                [*one, "business", "set", "--digest-time", f"{hour:%H:%M}", "--summary", "no",
                 "--quiet-from", "23:00", "--quiet-until", "23:00", "--grace-days", "0"],
                [*one, "channel", "add", "website", "--name", "Daily"],
                [*one, "cadence", "add", "Daily", "--rrule", "FREQ=DAILY", "--start", f"{YEAR}-01-01T12:00"],
            )  # fmt: skip


def sent(mails: list[Mail]) -> dict[str, list[datetime]]:
    """When mails were written, by whom they are for."""
    found = defaultdict(list)
    for mail in mails:
        found[mail.recipient].append(parsedate_to_datetime(message_from_bytes(mail.data)["Date"]).astimezone(UTC))
    return found


@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
def test_one_mail_a_local_date_at_its_hour_through_every_change(
    installation: Installation, server: MailServer, tmp_path: Path
) -> None:
    """The planner is asked a minute before every moment at which somebody is owed a mail, and at that moment."""
    assert sum(len(changes(zone)) for zone in ZONES) >= 12
    nowhere = tmp_path / "no rules"
    nowhere.mkdir()
    installation.environ["PYTHONTZPATH"] = str(nowhere)
    set_up(installation)
    expected = {address(zone, hour): owed(zone, hour) for zone in ZONES for hour in HOURS}
    asked = sorted({moment - early for each in expected.values() for moment in each for early in (MINUTE, 0 * MINUTE)})
    run(installation, *(["--now", moment.isoformat(), "tick"] for moment in asked))
    found = sent(server.taken)
    for recipient, moments in expected.items():
        on_time = [moment for moment in found[recipient] if moment in moments]
        assert on_time == moments, recipient
        zone = next(zone for zone in ZONES if recipient.startswith(zone.replace("/", ".").lower()))
        days = [moment.astimezone(rules(zone)).date() for moment in found[recipient]]
        assert len(days) == len(set(days)), f"two mails on one date: {recipient}"
