"""Drive one check with Atheris (libFuzzer): ``cd tests && python -m fuzz rule|ics|toml [-max_total_time=600 …]``.

New inputs and what breaks a check are kept in ``build/fuzz/``; whatever breaks one becomes a file of the corpus.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["planner", "tomllib", "icalendar", "dateutil"]):
    from fuzz.target import TARGETS

HERE = Path(__file__).parent


def main() -> None:
    """The first argument names the check; the others are libFuzzer's."""
    name, *options = sys.argv[1:]
    work = HERE.parents[1] / "build" / "fuzz" / name
    work.mkdir(parents=True, exist_ok=True)
    folders = [str(work), str(HERE / "corpus" / name)]
    defaults = ["-max_len=2048", "-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={work.parent}/{name}-"]
    own = folders if all(option.startswith("-") for option in options) else []
    again = f"{sys.executable} -m fuzz {name}"  # libFuzzer's -merge=1 starts itself anew by this
    atheris.Setup([again, *defaults, *options, *own], TARGETS[name])
    atheris.Fuzz()


main()
