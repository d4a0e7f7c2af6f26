"""Connections that do not wait for ever: a request has to be whole in time, and of too many the longest waits no more.

Waitress takes a hundred connections and lets each stay as long as a byte comes now and then; a hundred of those, from
one machine, would shut the page for everybody.
"""

import time
from typing import Any, Final

from waitress.channel import HTTPChannel

WHOLE_WITHIN: Final = 20.0  # seconds from the connection, or the request before, to the end of a request
MOST_OPEN: Final = 200


class Punctual(HTTPChannel):  # type: ignore[misc]
    """One connection, as waitress keeps it."""

    def __init__(self, server: Any, *given: Any, **named: Any) -> None:
        super().__init__(server, *given, **named)
        self.since = time.monotonic()
        crowd = [each for each in server.active_channels.values() if not each.will_close]
        if len(crowd) > MOST_OPEN:
            waiting = [each for each in crowd if not each.requests]
            min(waiting, key=lambda each: each.since).will_close = True

    def received(self, data: bytes) -> bool:
        """Take what has come; with its end the time for the next request begins."""
        taken: bool = super().received(data)
        if self.request is None:
            self.since = time.monotonic()
        return taken

    def readable(self) -> bool:
        """Asked every second at least; who is not served or answered, and late, is let go."""
        idle = not self.requests and not self.total_outbufs_len
        if idle and time.monotonic() - self.since > WHOLE_WITHIN:
            self.will_close = True
        more: bool = super().readable()
        return more
