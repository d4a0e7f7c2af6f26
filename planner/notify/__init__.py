"""Ways out for a mail: one file each, behind one small protocol.

A transport opens a session; a session takes one frozen mail at a time for one recipient. ``on_data`` is called
when everything but the mail itself was said, and must be through before its first byte goes out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from planner.core.retry import Failure
from planner.language import kept


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said when it took a mail."""

    code: int
    text: str


class DeliveryFailed(Exception):
    """A mail, or the way out itself, was refused: what kind of no it was, and why, in words."""

    def __init__(self, failure: Failure, message: str, code: int | None = None, **values: object) -> None:
        self.failure = failure
        self.message = message
        self.values = values
        self.code = code
        super().__init__(self.sentence())

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The reason in the language of ``translate`` (a gettext function)."""
        return translate(self.message).format(**self.values)

    @property
    def kept(self) -> str:
        """The reason as it is stored, see ``language.said``."""
        return kept(self.message, **self.values)


class Session(Protocol):
    """An open way out."""

    def deliver(self, sender: str, recipient: str, mime: bytes, on_data: Callable[[], None]) -> Reply:
        """Hand over one mail. Raises DeliveryFailed; whatever ``on_data`` raises passes through."""

    def close(self) -> None:
        """Say goodbye; what becomes of the goodbye does not matter."""


class Transport(Protocol):
    """A way out that can be opened."""

    @property
    def name(self) -> str:
        """Under which its faults are remembered."""

    @property
    def needs_address(self) -> bool:
        """Whether a mail without an address is of no use to it."""

    def open(self) -> Session:
        """Raises DeliveryFailed of the kinds CHANNEL and CONFIGURATION."""
