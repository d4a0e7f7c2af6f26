"""Ways out for a mail: one file each, behind one small protocol.

A transport opens a session; a session takes one frozen mail at a time for one recipient, and tells whoever hands it
over how far it is, so that his own work is done while the other side is waited for.
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


class Moments(Protocol):
    """The moments of handing over one mail, in their order; what the first two raise ends it and passes through."""

    def said(self) -> None:
        """Something was said, and nothing is answered yet."""

    def data_starts(self) -> None:
        """The first byte of the mail itself is about to go out."""

    def all_out(self) -> None:
        """The whole mail has gone out, and nothing is answered yet; must not raise."""


class NobodyListens:
    """For who has nothing to do meanwhile."""

    def said(self) -> None:
        """Nothing."""

    def data_starts(self) -> None:
        """Nothing."""

    def all_out(self) -> None:
        """Nothing."""


class Session(Protocol):
    """An open way out."""

    def deliver(self, sender: str, recipient: str, mime: bytes, moments: Moments) -> Reply:
        """Hand over one mail. Raises DeliveryFailed; what ``moments`` raise passes through and closes the session."""

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
