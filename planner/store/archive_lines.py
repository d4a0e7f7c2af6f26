"""An archive read line by line, as ``archive`` writes it, so that one of any size takes little memory."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TextIO

from planner.language import N_
from planner.store.archive import FORMAT, NotAnArchive
from planner.store.tables import metadata

Row = dict[str, Any]

_LONGEST: Final = 2**26  # characters of a line; a mail has far fewer
_FIRST: Final = re.compile(rf'\{{"planner": {FORMAT}, "schema": "(\w+)", "tables": \{{\n')
_TABLE: Final = re.compile(r'"(\w+)": \[(\],?)?\n')
_ROW: Final = re.compile(r"(\{.*\})(,|\],?)\n", re.DOTALL)
_LAST: Final = re.compile(r'\}, "rows": (\{.*\})\}\n')


class Lines:
    """An archive that is being read: its ``revision``, then its ``rows``; ``counts`` says how many came."""

    def __init__(self, source: TextIO) -> None:
        """Reads the first line. Raises NotAnArchive."""
        self._source = source
        self.counts: dict[str, int] = {}
        first = _FIRST.fullmatch(self._line())
        if first is None:
            raise NotAnArchive(reason=N_("it was not written by “planner backup” or “planner export”"))
        self.revision = first[1]

    def tables(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Each table's name with its rows, to be read before the next one's. Raises NotAnArchive."""
        while not (last := _LAST.fullmatch(line := self._line())):
            begins = _TABLE.fullmatch(line)
            if begins is None or begins[1] in self.counts:
                raise NotAnArchive(reason=N_("it is not whole"))
            self.counts[begins[1]] = 0
            yield begins[1], iter(()) if begins[2] else self._rows(begins[1])
        if json.loads(last[1]) != self.counts:
            raise NotAnArchive(reason=N_("it is not whole"))

    def _rows(self, table: str) -> Iterator[Row]:
        while row := _ROW.fullmatch(self._line()):
            try:
                yield json.loads(row[1])
            except ValueError as error:
                raise NotAnArchive(reason=f"it is no JSON ({error})") from error
            self.counts[table] += 1
            if row[2] != ",":
                return
        raise NotAnArchive(reason=N_("it is not whole"))

    def _line(self) -> str:
        return self._source.readline(_LONGEST)


class References:
    """Whether what rows refer to has come before them; a bit for each number that has."""

    def __init__(self) -> None:
        self._there: dict[str, bytearray] = {}
        self._keys = {
            table.name: [(key.parent.name, key.column.table.name) for key in table.foreign_keys]
            for table in metadata.sorted_tables
        }

    def see(self, table: str, row: Row) -> None:
        """Take note of a row. Raises NotAnArchive if it belongs to nothing."""
        for column, target in self._keys.get(table, ()):
            number = row.get(column)
            if number is not None and not self._has(target, number):
                raise NotAnArchive(reason=f"a row of {table} belongs to nothing")
        if isinstance(number := row.get("id"), int) and 0 <= number < 2**31:
            there = self._there.setdefault(table, bytearray())
            there.extend(bytes(max(0, number // 8 + 1 - len(there))))
            there[number // 8] |= 1 << number % 8

    def _has(self, table: str, number: Any) -> bool:
        there = self._there.get(table, b"")
        return isinstance(number, int) and 0 <= number // 8 < len(there) and bool(there[number // 8] >> number % 8 & 1)
