"""Auditing the dependencies: a finding fails, a service that is away does not, what was not looked at is said."""

import json
import sys
import time
from pathlib import Path

import pytest
from audit import audit, needed

PACKAGES = {"flask": "3.1.0", "click": "8.3.0"}
SOUND = {"name": "click", "version": "8.3.0", "vulns": []}
HOLED = {
    "name": "flask", "version": "3.1.0", "vulns": [
        {"id": "PYSEC-2026-1", "fix_versions": ["3.1.1"], "aliases": [], "description": "…"},
        {"id": "GHSA-x", "fix_versions": [], "aliases": [], "description": "…"},
    ],
}  # fmt: skip
UNKNOWN = {"name": "flask", "skip_reason": "Dependency not found on PyPI and could not be audited: flask (3.1.0)"}


def program(folder: Path, body: str) -> list[str]:
    """A pip-audit that answers as told."""
    file = folder / "pip_audit.py"
    file.write_text(body, encoding="utf-8")
    return [sys.executable, str(file)]


@pytest.mark.parametrize(
    ("dependencies", "ends", "code", "words"),
    [
        (
            [HOLED, SOUND],
            1,
            1,
            ["flask 3.1.0: PYSEC-2026-1, mended in 3.1.1", "flask 3.1.0: GHSA-x, mended in no release"],
        ),
        ([HOLED, SOUND], 0, 1, ["PYSEC-2026-1"]),
        ([SOUND], 0, 0, ["1 dependencies audited, no vulnerability is known."]),
        ([SOUND, UNKNOWN], 0, 0, ["1 dependencies audited", "1 could not be looked up: flask"]),
        ([UNKNOWN], 0, 0, ["not audited", "knows none of the 1"]),
        ([], 0, 0, ["not audited"]),
    ],
)
def test_what_was_found_decides_and_not_the_exit_code(
    tmp_path: Path, dependencies: list[object], ends: int, code: int, words: list[str]
) -> None:
    answer = json.dumps({"dependencies": dependencies, "fixes": []})
    found = audit(PACKAGES, program(tmp_path, f"import sys; print({answer!r}); sys.exit({ends})"))
    assert found[0] == code
    assert [each for each in words if each not in found[1]] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ConnectionError('Failed to resolve pypi.org')", "Failed to resolve pypi.org"),
        ("print('<html>a wall in between</html>')", "no answer"),
        ("print('[]')", "no answer"),
        ("import no_such_module", "no_such_module"),
    ],
)
def test_a_service_that_is_away_is_said_and_does_not_fail(tmp_path: Path, body: str, words: str) -> None:
    code, said = audit(PACKAGES, program(tmp_path, body))
    assert code == 0
    assert said.startswith("Dependencies not audited: ")
    assert words in said


def test_a_service_that_hangs_is_given_up(tmp_path: Path) -> None:
    began = time.monotonic()
    code, said = audit(PACKAGES, program(tmp_path, "import time; time.sleep(60)"), seconds=0.5)
    assert (code, "no answer within" in said) == (0, True)
    assert time.monotonic() - began < 10


def test_it_is_asked_about_what_is_needed_at_run_time_alone(tmp_path: Path) -> None:
    packages = needed()
    assert {"flask", "sqlalchemy", "psycopg", "psycopg-binary", "werkzeug", "waitress"} <= packages.keys()
    assert not {"pytest", "mypy", "ruff", "hypothesis", "planner"} & packages.keys()
    copy = tmp_path / "asked"
    body = f"import sys, shutil; shutil.copy(sys.argv[sys.argv.index('--requirement') + 1], {str(copy)!r})"
    audit(PACKAGES, program(tmp_path, body))
    assert copy.read_text() == "click==8.3.0\nflask==3.1.0\n"
