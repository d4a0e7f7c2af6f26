"""Documentation fails the build when it is wrong: every command shown is run, every link leads somewhere."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from planner import config
from planner.cli import COMMANDS

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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_in_shell_blocks_exist(page: Path) -> None:
    """Blocks that are not run name only commands and options that the reference knows."""
    known = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("planner "):
                words = re.sub(r'"[^"]*"', "x", line.split("#")[0]).split()
                unknown = [word for word in words if word.startswith("--") and f"`{word}" not in known]
                assert unknown == [], line
