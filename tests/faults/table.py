"""The names of the tests in the table of faults, for pytest's command line: python tests/faults/table.py"""

import tomllib
from pathlib import Path

ROWS = tomllib.loads((Path(__file__).parent / "faults.toml").read_text("utf-8"))["fault"]
NAMES = sorted({name for row in ROWS for name in row["tests"]})

if __name__ == "__main__":
    print(" ".join(NAMES))
