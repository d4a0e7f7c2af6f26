"""The settings of the installation as far as its page may change them: how mails go out.

They are kept in the home's ``settings.toml``, and handed to whoever sends the mails, so that nothing has to be started
again. What the environment says is above the file; then the page may look and not change.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from planner import config
from planner.actions.compose import Composer
from planner.config import Settings
from planner.links import Links
from planner.notify import Transport
from planner.notify.smtp import SmtpTransport, Timeouts

# Somebody waits before the page; a mail that goes out by itself has more patience.
_PATIENCE: Final = Timeouts(connect=10, reply=15, data=20, goodbye=2, whole=45)


@dataclass
class Installation:
    """Settings in force, and the two who know what to do with them: ``transport_of`` makes a way out of settings,
    ``adopt`` has the daemon send by them from now on.
    """

    settings: Settings
    transport_of: Callable[[Settings], Transport]
    adopt: Callable[[Settings], None]
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def imposed(self) -> list[str]:
        """Where mail settings come from that the file cannot change: variables of the environment."""
        origins = {self.settings.origins.get(name, "") for name in config.MAIL}
        return sorted(origins - {"", "default", config.SETTINGS_FILE})

    def planned(self, values: Mapping[str, Any]) -> Settings:
        """The settings with some mail settings changed, not kept yet. Raises BadSetting."""
        return self._merged(config.planned(self.settings.home, self.environ, values))

    def change(self, values: Mapping[str, Any]) -> None:
        """Keep mail settings, and send by them from now on. Raises BadSetting, HomeNotWritable."""
        with self._lock:
            self.settings = self._merged(config.change(self.settings.home, self.environ, values))
            self.adopt(self.settings)

    def transport(self, settings: Settings | None = None) -> Transport:
        """The way out of the settings in force, or of others, with the patience of somebody who waits."""
        made = self.transport_of(settings or self.settings)
        return replace(made, timeouts=_PATIENCE) if isinstance(made, SmtpTransport) else made

    def composer(self, links: Links) -> Composer:
        """Who writes the mails."""
        return Composer(links, self.settings.sender, self.settings.keys())

    def _merged(self, read: Settings) -> Settings:
        """Of what was read anew the mail settings only: the rest was settled when the planner was started."""
        mail = {name: getattr(read, name) for name in config.MAIL}
        origins = {**self.settings.origins, **{name: read.origins[name] for name in config.MAIL}}
        return replace(self.settings, **mail, origins=origins)
