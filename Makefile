# The habits of the house. Every target makes the environment it needs.
#
#   make run    bring up the planner, with its home in .planner/
#   make test   all that is quick, on SQLite and a real PostgreSQL
#   make test-faults  the rest: faults that need minutes, root, a browser, a clock of their own
#   make faults  try every fault of the table, and write what became of them into docs/explanation/delivery.md
#   make lint   ruff, mypy --strict, known vulnerabilities
#   make fuzz   any bytes for rules, for feeds and for TOML files, ten minutes each
#   make bench  measure, print the table, write it to docs/reference/benchmarks.md
#   make docs   write the pages that follow from the program
#   make screenshots  the pictures of the page, and the icons
#   make messages  collect and compile the translations

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two a processor: a test that waits for a process or a browser leaves room for another.
WORKERS ?= $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))
# Many of the slow tests wait for a clock, a lease, a server that hangs.
WAITERS ?= 8
SECONDS ?= 600

# Compiling every module anew takes half of the start of each of the many processes here.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-faults faults lint fuzz bench docs screenshots messages clean

help:
	@sed -n '3,12s/^# *//p' Makefile

$(BIN)/planner: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Planner needs Python 3.11 or newer.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.develop: pyproject.toml $(BIN)/planner
	$(BIN)/python -m pip install --quiet --editable '.[postgresql]' --group test --group lint
	@touch $@

run: $(BIN)/planner
	PLANNER_HOME="$${PLANNER_HOME:-.planner}" $(BIN)/planner start

test: $(VENV)/.develop
	sh tests/faults/install.sh chromium
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not full"

test-faults: $(VENV)/.develop
	sh tests/faults/install.sh
	$(BIN)/python -m pytest -n $(WAITERS) --dist worksteal -m full

faults: $(VENV)/.develop
	sh tests/faults/install.sh
	rm -f tests/faults/results.json
	status=0; $(BIN)/python -m pytest -n $(WAITERS) --dist worksteal --record tests/faults/results.json \
		$$($(BIN)/python tests/faults/table.py) || status=$$?; \
	$(BIN)/python docs/generate.py && exit $$status

lint: $(VENV)/.develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tests/audit.py

fuzz: $(VENV)/.develop
	$(BIN)/python -m pip install --quiet --group fuzz
	set -e; for name in rule ics toml; do (cd tests && ../$(BIN)/python -m fuzz $$name -max_total_time=$(SECONDS)); done

bench: $(VENV)/.develop
	$(BIN)/python -m bench

docs: $(VENV)/.develop
	$(BIN)/python docs/generate.py

screenshots: $(VENV)/.develop
	sh tests/faults/install.sh chromium
	$(BIN)/python -m docs.pictures

messages: $(VENV)/.develop
	$(BIN)/python -m planner.locale

clean:
	rm -rf $(VENV) .venv-judges .venv-judges.lock .venv-radicale
