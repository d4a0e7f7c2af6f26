"""Calendar programs: which one fetched a feed, by the name it gives, in words that its user knows.

Only what programs are known to say of themselves is translated; of any other the first word stands there.
"""

import re
from typing import Final

from planner.language import N_

# The first that is found counts. Apple's daemons and Outlook name the system they run on, not themselves.
_KNOWN: Final = (
    ("Google-Calendar-Importer", "Google Calendar"),
    ("Nextcloud", "Nextcloud"),
    ("ICSx5", "ICSx⁵"),
    ("DAVx5", "DAVx⁵"),
    ("Thunderbird", "Thunderbird"),
    ("Evolution", "GNOME Evolution"),
    ("Outlook", "Outlook"),
    ("Microsoft", "Outlook"),
    ("HomeAssistant", "Home Assistant"),
    ("vdirsyncer", "vdirsyncer"),
    ("dataaccessd", "Apple (iPhone, iPad)"),
    ("iOS/", "Apple (iPhone, iPad)"),
    ("CalendarAgent", "Apple (Mac)"),
    ("macOS", "Apple (Mac)"),
    ("Mac_OS_X", "Apple (Mac)"),
    ("CalendarStore", "Apple"),
)
_BROWSER: Final = N_("a web browser")
_LONGEST: Final = 40


def program(agent: str) -> str:
    """The program of a User-Agent, to be put through gettext; empty if it did not say."""
    for piece, name in _KNOWN:
        if piece.casefold() in agent.casefold():
            return name
    if agent.startswith("Mozilla/"):
        return _BROWSER
    return re.split(r"[/\s(]", agent, maxsplit=1)[0][:_LONGEST]
