"""Run by the judges' Python: a feed from standard input, read by Home Assistant's strict parser; its items as JSON."""

import json
import sys
from datetime import UTC, date, datetime

from ical.calendar_stream import IcsCalendarStream

calendar = IcsCalendarStream.calendar_from_ics(sys.stdin.buffer.read().decode("utf-8"))
found = [(event.uid, event.start, event.summary, event.description) for event in calendar.timeline]
found += [(todo.uid, todo.due, todo.summary, todo.description) for todo in calendar.todos]


def told(at: date) -> str:
    """A day as it is, an instant in UTC."""
    return (at.astimezone(UTC) if isinstance(at, datetime) else at).isoformat()


print(json.dumps([[uid, told(at), *words] for uid, at, *words in found]))
