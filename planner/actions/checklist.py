"""The checklist of a post: a line more, ticked, taken away. A line is known by its place and its words together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from planner.actions.posts import Change, revise_checklist
from planner.core.characters import one_line
from planner.core.model import ToDo
from planner.errors import UsageError
from planner.language import N_

LONGEST: Final = 200
MOST: Final = 50
_List = tuple[ToDo, ...]


class NothingToDo(UsageError):
    message = N_("Write what is to be done, in a few words.")


class TooMuchToDo(UsageError):
    message = N_("A checklist has at most {most} lines. Take one away first.")


class LongToDo(UsageError):
    message = N_("A line of a checklist has at most {most} characters. Shorten it.")


def add_to_do(tx: Connection, post_id: int, words: str, *, now: datetime) -> Change:
    """Put a line at the end; one that is there already is not put twice. Raises NothingToDo, LongToDo, TooMuchToDo."""
    line = one_line(words)
    if not line:
        raise NothingToDo
    if len(line) > LONGEST:
        raise LongToDo(most=LONGEST)

    def revise(there: _List) -> _List:
        if any(each.words == line for each in there):
            return there
        if len(there) >= MOST:
            raise TooMuchToDo(most=MOST)
        return (*there, ToDo(line))

    return revise_checklist(tx, post_id, revise, now=now)


def tick_to_do(tx: Connection, post_id: int, number: int, words: str, *, done: bool, now: datetime) -> Change:
    """Tick a line, or take its tick away. Nothing happens if somebody took the line itself away."""
    return _at(tx, post_id, number, words, now, lambda line: (replace(line, done=done),))


def remove_to_do(tx: Connection, post_id: int, number: int, words: str, *, now: datetime) -> Change:
    """Take a line away."""
    return _at(tx, post_id, number, words, now, lambda _line: ())


def _at(tx: Connection, post_id: int, number: int, words: str, now: datetime, new: Callable[[ToDo], _List]) -> Change:
    """Put something else in the place of the line that was at ``number`` when somebody saw it."""

    def revise(there: _List) -> _List:
        places = [at for at, each in enumerate(there) if each.words == words]
        if not places:
            return there
        place = min(places, key=lambda at: abs(at - number))
        return (*there[:place], *new(there[place]), *there[place + 1 :])

    return revise_checklist(tx, post_id, revise, now=now)
