"""Answers to forms, kept in memory for as long as somebody may come back to them; answers.py gives them addresses."""

import secrets
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it was answered, packed; ``owner`` is the mark of the session it belongs to, "" for nobody's."""

    owner: str
    status: int
    packed: bytes

    @property
    def html(self) -> bytes:
        """The page."""
        return zlib.decompress(self.packed)


class Answers:
    """The latest answers, some an owner, so that nobody crowds out another. Safe to share between threads."""

    def __init__(self, owners: int = 100, each: int = 20) -> None:
        """``each`` is how many answers are kept of an owner, of whom there are at most ``owners``."""
        self._owners, self._each = owners, each
        self._kept: OrderedDict[str, OrderedDict[str, Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, owner: str, status: int, html: bytes) -> str:
        """Keep an answer: the key by which it is had again, which nobody can guess."""
        key, answer = secrets.token_urlsafe(16), Answer(owner, status, zlib.compress(html))
        with self._lock:
            mine = self._kept.setdefault(owner, OrderedDict())
            self._kept.move_to_end(owner)
            mine[key] = answer
            if len(mine) > self._each:
                mine.popitem(last=False)
            if len(self._kept) > self._owners:
                self._kept.popitem(last=False)
        return key

    def get(self, owner: str, key: str) -> Answer | None:
        """An answer that is there still, of this owner or nobody's."""
        with self._lock:
            found = (self._kept[each].get(key) for each in (owner, "") if each in self._kept)
            return next((answer for answer in found if answer), None)
