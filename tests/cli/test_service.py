"""``planner service``: what is written, what systemctl is told, and what it says to that.

There is no systemd where tests run, so programs of its names stand on the PATH: they write down how they were called
and answer as the real ones do.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.program import Answer, run
from planner.cli import supervision
from planner.supervisor import BOX

SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >> "$FAKE/called"
[ "$1" = --user ] && shift
case "$1 $2" in
  "show --property=Version")
    [ -e "$FAKE/silent" ] && { echo "Failed to connect to bus: No medium found" >&2; exit 1; }
    [ -e "$FAKE/chroot" ] && { echo "Running in chroot, ignoring command 'show'" >&2; exit 0; }
    echo Version=252.38 ;;
  "show planner") cat "$FAKE/state" ;;
  *) [ -e "$FAKE/fails-$1" ] && { cat "$FAKE/fails-$1" >&2; exit 1; } ;;
esac
exit 0
"""
SYSTEMD_RUN = """#!/bin/sh
echo "systemd-run $*" >> "$FAKE/called"
[ -e "$FAKE/no-namespaces" ] && exit 218
exit 0
"""
RUNS = "ActiveState=active\nSubState=running\nResult=success\nStateChangeTimestamp=Sat 2026-11-28 02:51:03 CET\n"
FAILED = "ActiveState=failed\nSubState=failed\nResult=exit-code\nStateChangeTimestamp=Sat 2026-11-28 02:51:03 CET\n"
BROKEN = """Job for planner.service failed because the control process exited with error code.
See "systemctl --user status planner.service" and "journalctl --user -xeu planner.service" for details.
"""


class Machine:
    """A machine with a systemd that is played."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.unit = folder / "config" / "systemd" / "user" / "planner.service"
        self.fake = folder / "fake"
        self.fake.mkdir()
        for name, text in (("systemctl", SYSTEMCTL), ("systemd-run", SYSTEMD_RUN)):
            (self.fake / name).write_text(text)
            (self.fake / name).chmod(0o755)
        self.says("state", RUNS)

    def says(self, name: str, text: str = "") -> None:
        (self.fake / name).write_text(text)

    def service(self, *words: str, **environ: str) -> Answer:
        surroundings: Mapping[str, str | None] = {
            "XDG_CONFIG_HOME": str(self.folder / "config"), "PLANNER_HOME": str(self.home), "FAKE": str(self.fake),
            "PATH": f"{self.fake}:{os.environ['PATH']}", **environ,
        }  # fmt: skip
        return run("service", *words, environ=surroundings)

    def called(self) -> list[str]:
        """How systemctl was called to change something, since last asked."""
        file = self.fake / "called"
        found = file.read_text().splitlines() if file.exists() else []
        file.write_text("")
        return [line for line in found if " show " not in line and line.startswith("systemctl")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_installed_looked_at_renewed_and_removed(machine: Machine) -> None:
    assert machine.service("status").code == 1
    answer = machine.service("install")
    assert (answer.code, answer.err) == (0, "")
    assert "journalctl --user -u planner" in answer.out
    up = [f"systemctl --user {words}" for words in ("daemon-reload", "enable planner", "restart planner")]
    assert machine.called() == up
    assert machine.unit.read_text() == machine.service("install", "--print").out
    status = machine.service("status")
    assert (status.code, status.err) == (0, "")
    assert "It runs, since Sat 2026-11-28 02:51:03 CET." in status.out
    machine.unit.write_text(machine.unit.read_text().replace("WatchdogSec=60", "WatchdogSec=6000"))
    stale = machine.service("status")
    assert (stale.code, "planner service install" in stale.out) == (1, True)
    machine.called()
    assert machine.service("install").code == 0
    assert machine.called() == up, "renewed is started anew, or the old one goes on"
    assert machine.service("uninstall").code == 0
    assert machine.called() == ["systemctl --user disable --now planner"]
    assert not machine.unit.exists()


@pytest.mark.parametrize("step", ["daemon-reload", "enable", "restart"])
def test_what_cannot_be_brought_up_is_said_in_systemds_words(machine: Machine, step: str) -> None:
    machine.says(f"fails-{step}", BROKEN)
    answer = machine.service("install")
    assert answer.code == 1
    assert "the control process exited with error code" in answer.err
    assert "journalctl --user -xeu planner.service" in answer.err
    assert "It runs" not in answer.out
    assert machine.unit.exists()


@pytest.mark.parametrize(("how", "reason"), [("silent", "No medium found"), ("chroot", "Running in chroot")])
def test_where_none_answers_the_file_is_written_and_a_script_can_tell(machine: Machine, how: str, reason: str) -> None:
    machine.says(how)
    answer = machine.service("install")
    assert (answer.code, reason in answer.err) == (4, True)
    assert "  systemctl --user daemon-reload\n  systemctl --user enable planner\n" in answer.out
    assert machine.called() == [], "nothing that would fail is tried"
    assert "ProtectSystem=strict" in machine.unit.read_text()
    status = machine.service("status")
    assert (status.code, reason in status.err) == (4, True)
    gone = machine.service("uninstall")
    assert (gone.code, reason in gone.err, machine.unit.exists()) == (4, True, False), (
        "it may go on: nobody could end it"
    )
    assert gone.out.endswith("  systemctl --user stop planner\n  systemctl --user daemon-reload\n")
    assert machine.called() == []


def test_what_cannot_be_ended_keeps_its_file(machine: Machine) -> None:
    """Without it nobody could end the service by its name any more, and a script would take it for gone."""
    machine.service("install")
    machine.says("fails-disable", "Failed to stop planner.service: Access denied\n")
    answer = machine.service("uninstall")
    assert (answer.code, "Access denied" in answer.err, machine.unit.exists()) == (1, True, True)
    assert "Removed" not in answer.out
    (machine.fake / "fails-disable").unlink()
    assert (machine.service("uninstall").code, machine.unit.exists()) == (0, False)


def test_what_does_not_run_is_said_with_the_reason(machine: Machine) -> None:
    machine.service("install")
    machine.says("state", FAILED)
    status = machine.service("status")
    assert status.code == 1
    assert "failed, exit-code, since Sat 2026-11-28 02:51:03 CET." in status.out
    assert "journalctl --user -u planner" in status.out


def test_a_machine_that_keeps_namespaces_from_users_gets_a_unit_that_starts(machine: Machine) -> None:
    """As Ubuntu does: with an empty CapabilityBoundingSet= the service would end with 218 before it began."""
    machine.says("no-namespaces")
    answer = machine.service("install")
    assert answer.code == 0
    assert "fewer walls" in answer.out
    assert "CapabilityBoundingSet" not in machine.unit.read_text()
    status = machine.service("status")
    assert (status.code, "fewer walls" in status.out) == (0, True)
    (machine.fake / "no-namespaces").unlink()
    assert machine.service("status").code == 1, "it could have them now"


def test_the_box_that_is_tried_is_the_one_that_is_written(machine: Machine) -> None:
    machine.service("install")
    [tried] = [line for line in (machine.fake / "called").read_text().splitlines() if line.startswith("systemd-run")]
    for line in BOX.splitlines():
        assert f" --property={line} " in tried
        assert f"\n{line}\n" in machine.unit.read_text()
    assert tried.endswith(" -m planner --version")


def test_settings_of_the_shell_are_kept_for_the_service_and_stand_in_no_unit(machine: Machine) -> None:
    secrets = {"PLANNER_DATABASE_URL": "postgresql://eva:geheim-7@db.example.org/planner",
               "PLANNER_SMTP_PASSWORD": "Geheim \"8\" $x", "PLANNER_SECRET_KEY": "geheim-9, geheim-10"}  # fmt: skip
    answer = machine.service("install", PLANNER_BASE_URL="https://plan.example.org", PLANNER_PORT="8421", **secrets)
    assert answer.code == 0
    assert "base_url, database_url, port, secret_key, smtp_password" in answer.out
    settings = machine.home / "settings.toml"
    assert settings.stat().st_mode & 0o777 == 0o600
    for told in (machine.unit.read_text(), answer.out, answer.err, (machine.fake / "called").read_text()):
        assert not re.search("geheim", told, re.IGNORECASE)
    found = {each["name"]: each for each in run("--home", str(machine.home), "config", "--json").json["settings"]}
    assert {found[name]["origin"] for name in ("database_url", "smtp_password", "secret_key", "port", "base_url")} == {
        "settings.toml"
    }
    assert (found["base_url"]["value"], found["port"]["value"]) == ("https://plan.example.org", 8421)
    assert 'smtp_password = "Geheim \\"8\\" $x"\n' in settings.read_text()
    machine.service("install")
    assert "postgresql://" in settings.read_text(), "a renewal without them keeps what is there"


def test_a_database_elsewhere_may_be_written_and_is_named_whole(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert machine.service("install", PLANNER_DATABASE_URL="sqlite:///data/planner.db").code == 0
    assert f'database_url = "sqlite:///{tmp_path}/data/planner.db"' in (machine.home / "settings.toml").read_text()
    assert f'ReadWritePaths="{machine.home}" "{tmp_path}/data"\n' in machine.unit.read_text()
    monkeypatch.chdir("/")
    assert machine.service("status").code == 0


def test_of_the_whole_machine(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "ETC", machine.folder / "etc")
    monkeypatch.setattr(supervision, "STATE", machine.folder / "private")
    monkeypatch.setattr(supervision, "command", lambda: ["/opt/planner/bin/planner"])
    answer = machine.service("install", "--system", PLANNER_SMTP_PASSWORD="geheim")
    assert (answer.code, answer.err) == (0, "")
    assert machine.called() == [
        f"systemctl {words}" for words in ("daemon-reload", "enable planner", "restart planner")
    ]
    unit = machine.folder / "etc" / "systemd" / "system" / "planner.service"
    assert "DynamicUser=yes\n" in unit.read_text()
    kept = machine.folder / "private" / "planner"
    assert [path.stat().st_mode & 0o777 for path in (kept.parent, kept, kept / "settings.toml")] == [
        0o700, 0o700, 0o600,
    ]  # fmt: skip
    assert machine.service("status", "--system").code == 0
    assert machine.service("uninstall", "--system").code == 0
    assert (unit.exists(), (kept / "settings.toml").exists()) == (False, True)


def test_without_any_supervisor_it_is_said(machine: Machine, tmp_path: Path) -> None:
    answer = machine.service("install", PATH=str(tmp_path))
    assert (answer.code, "planner start" in answer.err) == (1, True)
