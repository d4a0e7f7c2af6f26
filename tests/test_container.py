"""The container, as far as it can be looked at without an engine."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from cli.program import run
from packaging.specifiers import SpecifierSet
from processes import free_port, health, started, until

from planner import config, supervisor
from planner.cli import COMMANDS

ROOT = Path(__file__).parents[1]
WALLED = ["unshare", "--user", "--map-root-user", "--mount"]


def has_namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = [*WALLED, "mount", "-o", "remount,bind,ro", "/"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


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
    assert int(planner["stop_grace_period"].rstrip("s")) > 10
    assert supervisor.NAME in whole["services"]


def test_every_setting_can_be_given_to_the_container() -> None:
    """Each is handed on from the shell under its own name; empty is as if it were not there."""
    environment = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["planner"]["environment"]
    inside = {"PLANNER_HOST", "PLANNER_PORT"}  # what is published says compose
    outside = {setting.environ for setting in config.SETTINGS} - inside
    assert environment.keys() == outside | {"TZ", "PLANNER_LANGUAGE"}
    for name, value in environment.items():
        assert re.fullmatch(rf"\$\{{{name}:(-|\?[^}}]+)\}}", value), value
    required = [name for name, value in environment.items() if ":?" in value]
    assert required == ["PLANNER_BASE_URL"], "the container cannot know its address"
    config.load(dict.fromkeys(environment, ""), Path("/data"))


def test_the_image_is_made_of_what_is_there_and_of_nobodys_data() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bases = [words.split()[0] for name, words in instructions() if name == "FROM"]
    [version] = {re.fullmatch(r"python:(3\.\d+)-slim", base)[1] for base in bases}  # type: ignore[index]
    assert version in SpecifierSet(project["requires-python"])
    assert "postgresql" in project["optional-dependencies"]
    kept_out = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv*", ".planner", ".env"} <= set(kept_out)


@pytest.mark.skipif(not has_namespaces(), reason="this machine grants no namespaces (unshare)")
def test_it_lives_where_only_its_home_can_be_written(tmp_path: Path) -> None:
    """As in the container, and as in a service of systemd: everything else is read-only, by the kernel."""
    home, port = tmp_path / "home", free_port()
    home.mkdir()
    script = """
        mount --bind "$PLANNER_HOME" "$PLANNER_HOME" && mount -o remount,bind,ro / || exit 99
        touch "$PLANNER_HOME/../elsewhere" 2>/dev/null && exit 98
        exec "$@"
    """
    walls = [*WALLED, "sh", "-c", script, "sh"]
    command = [sys.executable, "-m", "planner", "start", "--host", "127.0.0.1", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    with (tmp_path / "said").open("w") as said, subprocess.Popen(
        [*walls, *command], cwd="/", env={**kept, "PLANNER_HOME": str(home)}, stdout=said, stderr=said
    ) as process:  # fmt: skip
        try:
            until(lambda: health(port)[0] == 200 or process.poll() is not None)
            assert process.poll() is None, (process.poll(), (tmp_path / "said").read_text())
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()
    assert {"planner.db", "secret.key"} <= {file.name for file in home.iterdir()}
