"""Statements that are compiled once in a process of the tests, whatever database they are for.

SQLAlchemy keeps what it compiled with an engine; the planner has one for its whole life, the tests one for each test,
and compiling took nearly half of their time.
"""

from typing import Any

from planner.store.database import Database


class Kept(dict[Any, Any]):
    """Compiled statements by what SQLAlchemy knows them by, but for the dialect its class instead of the object."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_of_class(key))

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_class(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_class(key), compiled)


def _of_class(key: Any) -> Any:
    dialect, *rest = key
    return (type(dialect), *rest)


def once() -> None:
    """From now on every database of this process shares what was compiled."""
    kept, begin = Kept(), Database.__init__

    def begin_with_kept(self: Database, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        self.engine.update_execution_options(compiled_cache=kept)

    Database.__init__ = begin_with_kept  # type: ignore[method-assign]
