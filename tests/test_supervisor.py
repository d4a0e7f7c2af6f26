"""What is written for systemd and launchd is what they take, hardened; and the daemon tells how it goes."""

import os
import plistlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from processes import started

from planner.supervisor import OutOfReach, property_list, system_unit, tell, user_unit

analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")


def analyzed(tmp_path: Path, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    file = tmp_path / "planner.service"
    file.write_text(text)
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    return subprocess.run(
        ["systemd-analyze", *words, str(file)], capture_output=True, text=True, check=False, env=environ
    )


COMMAND = ["/bin/true", "a b", "50%", "$x"]
UNITS = {
    "system": system_unit(COMMAND),
    "user": user_unit(COMMAND, Path('/srv/100% Brot/"Huber" $HOME\\x'), [Path("/srv/other place")]),
    "user without namespaces": user_unit(COMMAND, Path("/srv/planner"), boxed=False),
}


@analyze
@pytest.mark.parametrize("kind", UNITS)
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path, kind: str) -> None:
    found = analyzed(tmp_path, UNITS[kind], *([] if kind == "system" else ["--user"]), "verify")
    assert (found.returncode, found.stderr, found.stdout) == (0, "", "")


@analyze
@pytest.mark.parametrize(("kind", "bar"), [("system", 1.2), ("user", 1.7), ("user without namespaces", 6.2)])
def test_it_is_hardly_exposed(tmp_path: Path, kind: str, bar: float) -> None:
    """At most 2.0 is the aim. A user's unit counts as root's to the analysis, as long as no manager runs (0.4)."""
    words = [] if kind == "system" else ["--user"]
    found = analyzed(tmp_path, UNITS[kind], *words, "security", "--offline=true", f"--threshold={bar * 10:.0f}")
    level = re.search(r"Overall exposure level for planner.service: ([0-9.]+)", found.stdout)
    assert level, found.stderr
    assert (found.returncode, float(level[1]) <= bar) == (0, True), level[0]


def test_a_user_gets_nothing_that_only_the_system_can_give() -> None:
    """systemd.exec(5) of 252: these do nothing, or end the service, where a user's manager is told of them."""
    useless = ("User=", "Group=", "DynamicUser=", "SupplementaryGroups=", "ProtectProc=", "ProcSubset=", "RemoveIPC=",
               "DevicePolicy=", "StateDirectory=", "AmbientCapabilities=")  # fmt: skip
    for text in (UNITS["user"], UNITS["user without namespaces"]):
        assert not [line for line in text.splitlines() if line.startswith(useless)]
    plain = UNITS["user without namespaces"]
    assert not re.search("^(Protect|Private|CapabilityBoundingSet|ReadWritePaths)", plain, re.MULTILINE)
    assert re.search("^PrivateUsers=yes$", UNITS["user"], re.MULTILINE), "without it the manager has no right to others"


def test_words_are_kept_from_being_read_as_something_else() -> None:
    text = user_unit(["/opt/my planner/bin/planner", "$x", "5%"], Path('/srv/a "b" $c'))
    assert 'ExecStart="/opt/my planner/bin/planner" $$x "5%%" start\n' in text
    assert 'Environment="PLANNER_HOME=/srv/a \\"b\\" $c"\n' in text
    # Where paths are listed, a backslash is one of theirs and marks nothing.
    [paths] = re.findall("^ReadWritePaths=(.*)$", UNITS["user"], re.MULTILINE)
    assert paths == """"/srv/100%% Brot/"'"'"Huber"'"'" $HOME\\x" "/srv/other place\""""


def test_a_program_in_a_home_is_no_service_of_the_system() -> None:
    with pytest.raises(OutOfReach, match="/home/eva"):
        system_unit(["/home/eva/.local/bin/planner"])


def test_the_property_list_of_macos() -> None:
    found = plistlib.loads(property_list(["/opt/planner"], Path("/Users/eva/Library/Planner")).encode())
    assert found["ProgramArguments"] == ["/opt/planner", "start"]
    assert found["EnvironmentVariables"] == {"PLANNER_HOME": "/Users/eva/Library/Planner"}
    assert (found["RunAtLoad"], found["KeepAlive"]) == (True, {"SuccessfulExit": False})


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "planner"])
def test_nobody_listening_is_no_fault(address: str) -> None:
    assert not tell("READY=1", {"NOTIFY_SOCKET": address})


def test_the_daemon_says_ready_alive_and_stopping(tmp_path: Path) -> None:
    folder = tempfile.mkdtemp()  # an address of a socket may have about a hundred characters
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(f"{folder}/notify")
        wire.settimeout(30)
        with started(tmp_path / "home", NOTIFY_SOCKET=f"{folder}/notify") as (process, _port):
            assert wire.recv(100) == b"READY=1"
            assert [wire.recv(100), wire.recv(100)] == [b"WATCHDOG=1"] * 2
            process.send_signal(signal.SIGTERM)
            told = b""
            while told != b"STOPPING=1":
                told = wire.recv(100)
            assert process.wait(10) == 0
    shutil.rmtree(folder)
