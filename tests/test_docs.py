"""Documentation fails the build when it is wrong: every command shown is run, every link leads somewhere."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from conftest import Recorder
from faults.table import NAMES

os.environ["PLANNER_LANGUAGE"] = "en"  # before the command line is imported: it takes its language from there

from planner import config, errors
from planner.cli import COMMANDS, cli

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """docs/generate.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["README.md", "docs/tutorial/first-week.md"])
def test_what_a_page_shows_is_what_the_program_prints(name: str, generate: ModuleType) -> None:
    page = (ROOT / name).read_text("utf-8")
    assert page.count("```console") >= 5
    assert generate.with_output(page) == page, "run: make docs"


def test_the_generated_reference_is_up_to_date(generate: ModuleType) -> None:
    for path, page in generate.PAGES.items():
        assert path.read_text("utf-8") == page(), f"{path.name}: run make docs"


def test_the_picture_of_the_week_is_up_to_date(generate: ModuleType) -> None:
    assert (ROOT / "docs" / "images" / "week.svg").read_text("utf-8") == generate.week_picture(), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for target in re.findall(r"\]\(([^)#:]+)", page.read_text("utf-8")):
            waiting.append((page.parent / target).resolve())
    assert [page for page in PAGES if page not in seen] == []


def test_every_command_and_setting_is_in_the_reference() -> None:
    commands = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"## planner {name}" not in commands] == []
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    assert [s.name for s in config.SETTINGS if f"`{s.environ}`" not in settings] == []


def test_every_variable_of_the_environment_is_in_the_reference() -> None:
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "planner").rglob("*.py"))
    assert {name for name in re.findall(r"\bPLANNER_[A-Z_]+\b", source) if f"`{name}`" not in settings} == set()


def test_every_exit_code_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text("utf-8")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    codes = {kind.exit_code for kind in kinds} | {0, 3, 70, 130}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE)} == codes


def test_the_fields_of_json_are_in_the_reference(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")

    def printed(*arguments: str) -> object:
        environ = {"PLANNER_HOME": str(tmp_path), "PLANNER_NOW": "2026-12-01T08:00"}
        result = CliRunner(env=environ).invoke(cli, [*arguments], catch_exceptions=False)
        return json.loads(result.output) if "--json" in arguments else None

    def documented(command: str) -> set[str]:
        row = re.search(rf"^\| `{command}` \| (.*) \|$", page, flags=re.MULTILINE)
        assert row
        return set(re.findall(r"`(\w+)`", row[1]))

    printed("init", "--yes")
    printed("pause", "add", "--from", "2026-12-24", "--to", "2026-12-26")
    printed("feed", "new")
    posts = printed("post", "list", "--json")
    table = page.split("stable:")[1].split("`post show` adds")[0]
    assert isinstance(posts, list)
    assert list(posts[0]) == re.findall(r"\w+", "".join(re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)))
    for command in (
        "cadence list",
        "channel list",
        "pause list",
        "feed list",
        "business list",
        "platform list",
        "days",
    ):
        rows = printed(*command.split(), "--json")
        assert isinstance(rows, list)
        assert set(rows[0]) == documented(command), command
    for command in ("post show 1", "summary", "status", "doctor", "config", "tick", "outbox list", "platform show gbp",
                    "advise --yes --apply"):  # fmt: skip
        shown = printed(*command.split(), "--json")
        assert isinstance(shown, dict)
        assert [name for name in shown if f"`{name}`" not in page] == [], command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_that_are_not_run_exist(page: Path) -> None:
    """In shell blocks and in the running text: the command is known, and so is every option of it."""
    text = page.read_text("utf-8")
    blocks = "".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL))
    lines = re.findall(r"^planner (.*)$", blocks, flags=re.MULTILINE)
    spans = re.findall(r"`planner ([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert [line for line in [*lines, *spans] if _unknown(line)] == []


@pytest.mark.parametrize("line", ["posts list", "post lst", "week --jsn", "done 1 --reason x", "--hme x today"])
def test_what_does_not_exist_is_noticed(line: str) -> None:
    assert _unknown(line)


def _unknown(line: str) -> list[str]:
    """What the program does not know of a command line."""
    command: click.Command = cli
    context = click.Context(cli)
    known = {option for parameter in cli.params for option in parameter.opts} | {"--help"}
    wrong, before = [], ""
    for word in shlex.split(line, comments=True):
        inner = command.get_command(context, word) if isinstance(command, click.Group) else None
        if inner is not None:
            command = inner
            known |= {option for parameter in command.params for option in parameter.opts}
        elif word.startswith("--"):
            wrong += [word] if word.partition("=")[0] not in known else []
        elif isinstance(command, click.Group) and not before.startswith("--"):
            wrong.append(word)
        before = word
    return wrong


def test_every_test_in_the_table_of_faults_exists() -> None:
    rows = tomllib.loads((ROOT / "tests" / "faults" / "faults.toml").read_text("utf-8"))["fault"]
    gone = []
    for name in (name for row in rows for name in row["tests"]):
        file, _colons, function = name.partition("::")
        if f"def {function}(" not in (ROOT / file).read_text("utf-8"):
            gone.append(name)
    assert gone == []


def test_every_test_in_the_table_of_faults_has_passed() -> None:
    """In the run that was recorded last; a new row, or a renamed test, wants a new run of ``make faults``."""
    rows = tomllib.loads((ROOT / "tests" / "faults" / "faults.toml").read_text("utf-8"))["fault"]
    results = json.loads((ROOT / "tests" / "faults" / "results.json").read_text("utf-8"))
    outcomes = {
        name: {o for each in results.get(name, {}).values() for o in each} for row in rows for name in row["tests"]
    }
    assert {name: found for name, found in outcomes.items() if found != {"passed"}} == {}


def test_the_table_of_faults_is_that_of_the_recorded_run(generate: ModuleType) -> None:
    page = (ROOT / "docs" / "explanation" / "delivery.md").read_text("utf-8")
    assert generate.with_faults(page) == page, "run: make docs"
    assert re.findall(r"^.*(?:\*\*not run|\*\*and failed|\*\*none yet).*$", page, flags=re.MULTILINE) == []
    results = json.loads((ROOT / "tests" / "faults" / "results.json").read_text("utf-8"))
    assert results.keys() == set(NAMES), "run: make faults"


def test_what_was_not_run_is_said_and_fails(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of an earlier run is kept: what the last one did not run has no result."""
    shutil.copytree(ROOT / "tests" / "faults", tmp_path, dirs_exist_ok=True)
    recorder = Recorder(tmp_path / "results.json")
    recorder.found = {NAMES[0]: {"wal": {"passed": 1}}}
    recorder.pytest_sessionfinish()
    monkeypatch.setattr(generate, "FAULTS", tmp_path)
    page = generate.with_faults("<!-- faults -->\n<!-- /faults -->\n")
    assert generate.faults_not_run() == NAMES[1:]
    assert page.count("**not run**") >= len(NAMES) - 1


def test_every_fault_of_the_table_tries_a_promise() -> None:
    page = (ROOT / "docs" / "explanation" / "delivery.md").read_text("utf-8")
    tried = re.findall(r"^\| \*\*[^|]+\*\* \| [^|]+ \| ([\d–, ]+) \|$", page, flags=re.MULTILINE)
    assert len(tried) == 9
    spans = [span.partition("–") for line in tried for span in line.split(", ")]
    numbers = {n for first, _, last in spans for n in range(int(first), int(last or first) + 1)}
    assert numbers == {int(n) for n in re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE)} == set(range(1, 49))
