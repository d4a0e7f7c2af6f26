"""The two posts that go with a pause: that it is closed from when to when, and that it is open again."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from planner.core.consistency import paused
from planner.core.model import Pause


class Notice(StrEnum):
    """What is said about a pause; the names of its prompts in ``templates/posts/<language>/closing``."""

    CLOSED = "closed"
    BACK = "back"

    def key(self, pause: Pause) -> str:
        """What a post of this notice was made of: a pause of other days is another one."""
        return f"closing/{self}/{pause.first}/{pause.last}"


def notice_days(pause: Pause, channel_id: int, pauses: Sequence[Pause], today: date) -> dict[Notice, date]:
    """When each notice is due on a channel, local days: on the last open day before the pause, on the first after it.

    One whose day is over is not there.
    """
    before, after = pause.first - timedelta(days=1), pause.last + timedelta(days=1)
    while before >= today and paused(before, channel_id, pauses):
        before -= timedelta(days=1)
    while paused(after, channel_id, pauses):
        after += timedelta(days=1)
    return {notice: day for notice, day in ((Notice.CLOSED, before), (Notice.BACK, after)) if day >= today}
