"""The service: what is written is what systemd takes, hardened, and the daemon tells it how it goes."""

import plistlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml
from cli.program import Answer, run
from processes import health, started, until

from planner import config, supervisor
from planner.cli import COMMANDS
from planner.supervisor import OutOfReach, property_list, tell, unit

ROOT = Path(__file__).parents[1]
analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")


def analyzed(tmp_path: Path, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    file = tmp_path / "planner.service"
    file.write_text(text)
    return subprocess.run(["systemd-analyze", *words, str(file)], capture_output=True, text=True, check=False)


@analyze
@pytest.mark.parametrize("home", [None, Path('/srv/100% Brot/"Huber" $HOME')])
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path, home: Path | None) -> None:
    found = analyzed(tmp_path, unit(["/bin/true", "a b", "50%", "$x"], home), "verify")
    assert (found.returncode, found.stderr, found.stdout) == (0, "", "")


@analyze
def test_the_service_of_the_system_is_hardly_exposed(tmp_path: Path) -> None:
    found = analyzed(tmp_path, unit(["/bin/true"], None), "security", "--offline=true")
    level = re.search(r"Overall exposure level for planner.service: ([0-9.]+)", found.stdout)
    assert level, found.stderr
    assert float(level[1]) <= 2.0


def test_words_are_kept_from_being_read_as_something_else() -> None:
    text = unit(["/opt/my planner/bin/planner", "$x", "5%"], Path('/srv/a "b" $c'))
    assert 'ExecStart="/opt/my planner/bin/planner" $$x "5%%" start\n' in text
    assert 'Environment="PLANNER_HOME=/srv/a \\"b\\" $c"\n' in text


def test_a_program_in_a_home_is_no_service_of_the_system() -> None:
    with pytest.raises(OutOfReach, match="/home/eva"):
        unit(["/home/eva/.local/bin/planner"], None)


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


def service(tmp_path: Path, *words: str) -> Answer:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "PLANNER_HOME": str(tmp_path / "home")}
    return run("service", *words, environ=environ)


@pytest.mark.skipif(shutil.which("systemctl") is None, reason="there is no systemd here")
def test_installed_looked_at_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no real manager is touched
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    file = tmp_path / "config" / "systemd" / "user" / "planner.service"
    assert service(tmp_path, "status").code == 1
    answer = service(tmp_path, "install")
    assert (answer.code, answer.err) == (0, "")
    assert "systemctl --user enable --now planner" in answer.out
    assert file.read_text() == service(tmp_path, "install", "--print").out
    assert service(tmp_path, "status").code == 0
    file.write_text(file.read_text().replace("WatchdogSec=60", "WatchdogSec=6000"))
    assert service(tmp_path, "status").code == 1
    assert service(tmp_path, "uninstall").code == 0
    assert not file.exists()


# --- the container, as far as it can be looked at without an engine ------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line and line[0] != "#"]


def test_the_image_runs_as_nobody_and_calls_commands_that_there_are() -> None:
    found = dict(instructions())
    assert found["USER"].isdecimal()
    assert found["USER"] != "0"
    assert found["VOLUME"] == "/data"
    assert "PLANNER_HOME=/data" in found["ENV"]
    assert found["EXPOSE"] == str(config.DEFAULT_PORT)
    called = [found["CMD"], found["HEALTHCHECK"].partition("CMD ")[2]]
    assert [shlex.split(words.strip("[]").replace(",", " "))[-1] for words in called] == ["start", "status"]
    assert {"start", "status"} <= COMMANDS.keys()
    assert ("COPY", ". /source") in instructions()
    assert "/source[postgresql]" in found["RUN"] + str(instructions())


def test_the_check_of_its_health_says_what_the_daemon_does(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with started(home) as (_process, port):
        until(lambda: health(port)[0] == 200)
        assert run("status", environ={"PLANNER_HOME": str(home)}).code == 0
    assert run("status", environ={"PLANNER_HOME": str(tmp_path / "none")}).code != 0


def test_compose_gives_no_more_than_is_needed() -> None:
    whole = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    planner = whole["services"]["planner"]
    assert (planner["read_only"], planner["cap_drop"]) == (True, ["ALL"])
    assert planner["security_opt"] == ["no-new-privileges:true"]
    assert planner["volumes"] == ["data:/data"]
    assert planner["ports"] == [f"{config.DEFAULT_PORT}:{config.DEFAULT_PORT}"]
    assert planner["environment"].keys() <= {setting.environ for setting in config.SETTINGS}
    assert int(planner["stop_grace_period"].rstrip("s")) > 10
    assert supervisor.NAME in whole["services"]
