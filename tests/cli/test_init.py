"""Setting up by questions and by options."""

from pathlib import Path

import pytest

from cli.program import Planner, run
from planner.cli.questions import machine_timezone


def test_questions_are_asked_again_until_the_answer_can_be_used(tmp_path: Path) -> None:
    typed = [
        "Salon Eva", "Mars/Base", "Europe/Vienna", "fr", "de", "AT", "ZZ", "9", "eva", "eva@example.org",
        "barber", "hairdresser", "nope", "core-trio", "",
    ]  # fmt: skip
    home = tmp_path / "home"
    answer = run("--home", str(home), "--now", "2026-11-01T08:00", "init", typed="\n".join(typed) + "\n")
    assert answer.code == 0, answer.err
    assert len(answer.err.splitlines()) == 6
    found = run("--home", str(home), "business", "show", "--json").json
    assert [found[name] for name in ("name", "timezone", "language", "country", "region", "email", "trade")] == [
        "Salon Eva", "Europe/Vienna", "de", "AT", "9", "eva@example.org", "hairdresser",
    ]  # fmt: skip


def test_what_is_an_option_is_not_asked(tmp_path: Path) -> None:
    answer = run(
        "--home", str(tmp_path), "init", "--name", "X", "--timezone", "UTC", "--language", "en", "--country", "",
        "--email", "x@example.org", "--trade", "", "--preset", "core-trio", "--smtp-host", "mail.example.org",
        "--smtp-user", "x", "--smtp-password", 'quo"te\\', typed="",
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    settings = tmp_path / "settings.toml"
    assert settings.stat().st_mode & 0o777 == 0o600
    shown = run("--home", str(tmp_path), "config", "--json")
    assert 'quo"te' not in shown.out
    origins = {each["name"]: (each["value"], each["origin"]) for each in shown.json["settings"]}
    assert origins["smtp_host"] == ("mail.example.org", "settings.toml")
    assert origins["smtp_port"] == (587, "default")


def test_a_user_name_alone_asks_for_its_password(tmp_path: Path) -> None:
    options = ["--name", "X", "--timezone", "UTC", "--language", "en", "--country", "", "--email", "x@example.org"]
    mail = ["--trade", "", "--preset", "core-trio", "--smtp-host", "mail.example.org", "--smtp-user", "x"]
    assert run("--home", str(tmp_path), "init", *options, *mail, typed="geheim\n").code == 0
    assert 'smtp_password = "geheim"' in (tmp_path / "settings.toml").read_text("utf-8")


def test_init_on_a_business_changes_it_and_keeps_its_posts(planner: Planner) -> None:
    before = [post["uid"] for post in planner("month", "2026-11", "--json").json]
    assert planner("init", "--yes", "--email", "new@example.org").code == 0
    found = planner("business", "show", "--json").json
    assert (found["name"], found["email"], found["region"]) == ("Bakery", "new@example.org", "BY")
    assert [post["uid"] for post in planner("month", "2026-11", "--json").json] == before


@pytest.mark.parametrize(
    ("named", "link", "written", "zone"),
    [
        ("Europe/Vienna", "Europe/Zurich", "", "Europe/Vienna"),
        ("", "Europe/Zurich", "Europe/Vienna", "Europe/Zurich"),
        ("", "", "America/New_York\n", "America/New_York"),
        ("", "Etc/UTC", "", "Europe/Berlin"),
        ("Mars/Base", "Europe/Zurich", "", "Europe/Zurich"),
        ("", "", "", "Europe/Berlin"),
    ],
)
def test_the_machines_zone(named: str, link: str, written: str, zone: str, tmp_path: Path) -> None:
    if link:
        (tmp_path / "localtime").symlink_to(f"/usr/share/zoneinfo/{link}")
    if written:
        (tmp_path / "timezone").write_text(written, encoding="utf-8")
    assert machine_timezone({"TZ": named}, tmp_path) == zone
