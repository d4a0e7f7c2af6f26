"""``python -m planner`` is the same program as ``planner``."""

from planner.cli import main

main()
