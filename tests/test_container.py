"""The container, as far as it can be looked at without an engine."""

import shlex
from pathlib import Path

import yaml
from cli.program import run
from processes import health, started, until

from planner import config, supervisor
from planner.cli import COMMANDS

ROOT = Path(__file__).parents[1]


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
