"""Python's interface to SQLite: the package's own, newer SQLite where it is installed, else Python's.

Everything that touches a SQLite file imports ``sqlite3`` from here. The SQLite that comes with many Pythons can damage
a database in WAL mode (decision 8); the one in the package ``pysqlite3`` is past that, on the machines it is built for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["sqlite3"]
