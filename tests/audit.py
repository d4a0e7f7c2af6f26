"""Ask whether a vulnerability is known in what the program needs at run time: a part of ``make lint``.

A finding fails; a service that cannot be reached does not, and what was not looked at is said. The answer is taken
from pip-audit's JSON alone: without a network it ends with 1 as it does with a finding, and where the service does
not know the packages it ends with 0 although it looked at none.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib import metadata
from typing import Any

from packaging.requirements import Requirement

SECONDS = 30
PIP_AUDIT = (sys.executable, "-m", "pip_audit")


def needed(name: str = "planner", extras: Iterable[str] = ("postgresql",)) -> dict[str, str]:
    """What an installed package needs, directly and through others, in the versions that are installed."""
    found: dict[str, str] = {}
    waiting = [(name, frozenset(extras))]
    seen = set()
    while waiting:
        package, wanted = waiting.pop()
        if (package, wanted) in seen:
            continue
        seen.add((package, wanted))
        for line in metadata.requires(package) or ():
            requirement = Requirement(line)
            markers = [requirement.marker is None or requirement.marker.evaluate({"extra": e}) for e in wanted | {""}]
            if any(markers):
                found[requirement.name.lower()] = metadata.version(requirement.name)
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def audit(packages: dict[str, str], command: Sequence[str] = PIP_AUDIT, seconds: float = SECONDS) -> tuple[int, str]:
    """The exit code and what to say: 1 for a known vulnerability, else 0."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write("".join(f"{name}=={version}\n" for name, version in sorted(packages.items())))
        wanted.flush()
        options = ["--requirement", wanted.name, "--no-deps", "--disable-pip", "--progress-spinner", "off"]
        try:
            done = subprocess.run(
                [*command, *options, "--timeout", "10", "--format", "json"],
                capture_output=True, encoding="utf-8", errors="replace", timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return 0, f"Dependencies not audited: no answer within {seconds} seconds."
    try:
        return _judged(json.loads(done.stdout)["dependencies"])
    except (ValueError, LookupError, TypeError):
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return 0, f"Dependencies not audited: {reason[:300]}"


def _judged(dependencies: list[dict[str, Any]]) -> tuple[int, str]:
    skipped = [each for each in dependencies if "skip_reason" in each]
    vulnerable = [
        f"{each['name']} {each['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no release'}"
        for each in dependencies
        for known in each.get("vulns", ())
    ]
    if vulnerable:
        return 1, "\n".join(["Known vulnerabilities:", *vulnerable])
    if len(skipped) == len(dependencies):
        return 0, f"Dependencies not audited: the service knows none of the {len(skipped)}."
    rest = f" {len(skipped)} could not be looked up: {', '.join(each['name'] for each in skipped)}." if skipped else ""
    return 0, f"{len(dependencies) - len(skipped)} dependencies audited, no vulnerability is known.{rest}"


if __name__ == "__main__":
    code, words = audit(needed())
    print(words)
    sys.exit(code)
