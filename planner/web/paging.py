"""Long lists, page by page: which one is wanted, and what is on it. The page's number stands in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """One page of a list, counted from 1, and whether there is another behind it."""

    lines: Sequence[T]
    number: int
    more: bool

    def map(self, change: Callable[[T], U]) -> "Sheet[U]":
        """The same page with other lines."""
        return Sheet([change(line) for line in self.lines], self.number, self.more)


def sheet(read: Callable[[int, int], Sequence[T]], size: int, name: str = "page") -> Sheet[T]:
    """The page wanted by the address; ``read`` gives what comes after so many, at most so many."""
    number = page_number(name)
    found = read((number - 1) * size, size + 1)
    return Sheet(found[:size], number, len(found) > size)


def page_number(name: str = "page") -> int:
    """Which page of a list is wanted; the first if nobody can read it."""
    given = request.args.get(name, "1")
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1
