"""Since when a feed has been what it is, for programs that ask by time and not by ETag."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

_REMEMBERED: Final = 10_000


class Seen:
    """Remembers, in memory, when each feed was first handed out as it is now; after a restart it begins anew."""

    def __init__(self) -> None:
        self._feeds: OrderedDict[int, tuple[str, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def since(self, feed_id: int, tag: str, now: datetime) -> datetime:
        """A whole second, later than that of whatever the feed was before, so that no two contents share one."""
        with self._lock:
            before = self._feeds.pop(feed_id, None)
            moment = now.replace(microsecond=0)
            if before is not None:
                moment = before[1] if before[0] == tag else max(moment, before[1] + timedelta(seconds=1))
            self._feeds[feed_id] = (tag, moment)
            while len(self._feeds) > _REMEMBERED:
                self._feeds.popitem(last=False)
            return moment
