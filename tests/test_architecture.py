"""The house stands as drawn: who may import whom, and where nobody may look at a clock.

The layers, from the floor up: errors/resources/language; core; the edges (store, ical, render, notify,
catalogue, links, supervisor), which do not know one another; actions; the shells (cli, web, daemon, config).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "planner"
LAYER = {
    "errors": 0, "resources": 0, "language": 0, "locale": 0,
    "core": 1,
    "store": 2, "ical": 2, "render": 2, "notify": 2, "catalogue": 2, "feastdays": 2, "links": 2, "supervisor": 2,
    "actions": 3,
    "config": 4, "machineclock": 4, "zonerules": 4,
    "web": 5, "clockwatch": 5, "ticks": 6, "listening": 6, "pulse": 7, "daemon": 8, "process": 9, "cli": 10,
    "__main__": 11,
}  # fmt: skip
FORBIDDEN_IN_CORE = {"now", "today", "utcnow", "time", "open", "monotonic", "getLogger", "getenv"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "time", "_time"}


def modules() -> Iterator[tuple[str, Path]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in file.parts and file != PACKAGE / "__init__.py":
            yield file.relative_to(PACKAGE).parts[0].removesuffix(".py"), file


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from ((name, node.lineno) for name in names if name.startswith("planner."))


def test_every_module_has_its_layer() -> None:
    assert {part for part, _ in modules()} <= LAYER.keys()


def test_imports_only_go_down() -> None:
    wrong = []
    for part, file in modules():
        for name, line in imports(ast.parse(file.read_text("utf-8"))):
            target = name.split(".")[1]
            if target != part and LAYER.get(target, 0) >= max(LAYER[part], 1):
                wrong.append(f"{file.relative_to(PACKAGE)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def calls(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Every call as (owner, name, line): ``datetime.now()`` gives ("datetime", "now", …)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield "", node.func.id, node.lineno
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield getattr(owner, "id", getattr(owner, "attr", "?")), node.func.attr, node.lineno


def test_the_core_is_pure() -> None:
    wrong = []
    for file in sorted((PACKAGE / "core").glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for owner, name, line in calls(tree):
            made_of_parts = (owner, name) == ("", "time")  # the constructor of datetime.time
            if name in FORBIDDEN_IN_CORE and owner in CLOCK_OWNERS | {"", "logging", "os"} and not made_of_parts:
                wrong.append(f"core/{file.name}:{line} calls {owner}.{name}()")
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                if banned := {"logging", "os", "sqlalchemy", "time", "pathlib"} & {n.split(".")[0] for n in names}:
                    if isinstance(node, ast.ImportFrom) and node.module == "datetime":
                        continue
                    wrong.append(f"core/{file.name}:{node.lineno} imports {banned}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", sorted(name for name, layer in LAYER.items() if layer <= 3))
def test_only_the_shells_read_the_clock_and_the_environment(part: str) -> None:
    wrong = []
    for name, file in modules():
        if name != part:
            continue
        tree = ast.parse(file.read_text("utf-8"))
        for owner, called, line in calls(tree):
            if (owner in CLOCK_OWNERS and called in CLOCKS) or (owner, called) == ("os", "getenv"):
                wrong.append(f"{file.relative_to(PACKAGE)}:{line} calls {owner}.{called}()")
        wrong += [
            f"{file.relative_to(PACKAGE)}:{node.lineno} reads the environment"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "environ"
            and isinstance(node.value, ast.Name) and node.value.id == "os"
        ]  # fmt: skip
    assert not wrong, "\n".join(wrong)
