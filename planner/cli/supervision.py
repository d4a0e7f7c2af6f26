"""Talking to what runs services: systemctl and systemd-run, launchctl. What is written there is made in supervisor.py.

A supervisor that does not answer (a container, a shell without a session) is no fault of the service: the file is
written all the same, and what to type where it answers is said.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from planner import supervisor
from planner.cli.words import _
from planner.errors import NoSupervisor

ETC: Final = Path("/etc")
STATE: Final = Path("/var/lib/private")  # where the home of a user that is made for the service really lies
_PATIENCE: Final = 660  # seconds; a first start after a release may have tables to bring up to date
_PROPERTIES: Final = ("ActiveState", "SubState", "Result", "StateChangeTimestamp")


@dataclass(frozen=True, slots=True)
class State:
    """Whether the service runs; since when, in the supervisor's own words, and what else it says of it."""

    runs: bool
    words: str
    since: str = ""


class Supervisor(Protocol):
    """What ``planner service`` asks of either."""

    file: Path
    up: list[list[str]]
    down: list[list[str]]
    log: str

    def text(self, home: Path, writable: Sequence[Path]) -> str:
        """What belongs into the file on this machine."""

    def silence(self) -> str | None:
        """Why it does not answer here; None if it does."""

    def bring_up(self) -> str | None:
        """Take up what is written, start or restart it; why that failed, or None."""

    def take_down(self) -> str | None:
        """End it, now and at the next start of the machine; why that failed, or None."""

    def state(self) -> State:
        """Whether it runs."""


def found(system: bool) -> Supervisor:
    """The supervisor of this machine. Raises NoSupervisor."""
    if sys.platform == "darwin":
        return Launchd()
    if shutil.which("systemctl") is None:
        raise NoSupervisor
    return Systemd(system)


class Systemd:
    """The manager of the system, or of a user."""

    def __init__(self, system: bool) -> None:
        self._system = system
        own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        folder = ETC / "systemd" / "system" if system else own / "systemd" / "user"
        self.file = folder / f"{supervisor.NAME}.service"
        self._control = ["systemctl"] if system else ["systemctl", "--user"]
        self.up = [[*self._control, *words, *([] if words == ("daemon-reload",) else [supervisor.NAME])]
                   for words in (("daemon-reload",), ("enable",), ("restart",))]  # fmt: skip
        self.down = [[*self._control, "stop", supervisor.NAME], [*self._control, "daemon-reload"]]
        self.log = f"journalctl {'' if system else '--user '}-u {supervisor.NAME}"

    def text(self, home: Path, writable: Sequence[Path]) -> str:
        """The unit; a user's one without the box, where this machine's manager cannot make one."""
        if self._system:
            return supervisor.system_unit(command())
        return supervisor.user_unit(command(), home, writable, boxed=self.silence() is not None or self._can_box())

    def silence(self) -> str | None:
        """In a chroot systemctl says that it ignores us, and means to have done well."""
        done = _done([*self._control, "show", "--property=Version"])
        return None if done.code == 0 and done.out.startswith("Version=") else done.reason

    def _can_box(self) -> bool:
        """Whether a service in the box gets as far as our program: where rights are withheld it ends before (218)."""
        words = [f"--property={line}" for line in supervisor.BOX.splitlines()]
        tried = ["systemd-run", "--user", "--quiet", "--wait", "--collect", *words, *command(), "--version"]
        return _done(tried).code == 0

    def bring_up(self) -> str | None:
        """Units are read anew first; a restart starts what does not run, too."""
        for words in self.up:
            if (done := _done(words)).code:
                return done.reason
        return None

    def take_down(self) -> str | None:
        """Also what is not enabled, or does not run."""
        done = _done([*self._control, "disable", "--now", supervisor.NAME])
        return done.reason if done.code else None

    def state(self) -> State:
        """Active is what told that it is ready (Type=notify)."""
        wanted = [f"--property={name}" for name in _PROPERTIES]
        said = dict(
            line.partition("=")[::2]
            for line in _done([*self._control, "show", supervisor.NAME, *wanted]).out.splitlines()
        )
        state, sub, result, since = (said.get(name, "") for name in _PROPERTIES)
        words = ", ".join(word for word in dict.fromkeys((state, sub, result)) if word and word != "success")
        return State(state == "active", words, since)


class Launchd:
    """Of a user; the whole machine has none here."""

    log = "log show --predicate 'process == \"planner\"'"

    def __init__(self) -> None:
        self.file = Path.home() / "Library" / "LaunchAgents" / f"{supervisor.NAME}.plist"
        self._domain = f"gui/{os.getuid()}"
        self._service = f"{self._domain}/{supervisor.NAME}"
        self.up = [["launchctl", "bootstrap", self._domain, str(self.file)]]
        self.down = [["launchctl", "bootout", self._service]]

    def text(self, home: Path, writable: Sequence[Path]) -> str:
        """The property list; launchd shuts nobody into anything."""
        return supervisor.property_list(command(), home)

    def silence(self) -> str | None:
        """Without a session at the screen there is no such domain."""
        done = _done(["launchctl", "print", self._domain])
        return done.reason if done.code else None

    def bring_up(self) -> str | None:
        """What is loaded is not read anew: it goes first, if it is there."""
        self.take_down()
        done = _done(self.up[0])
        return done.reason if done.code else None

    def take_down(self) -> str | None:
        """What runs is told to stop; what is not loaded has ended."""
        if _done(["launchctl", "print", self._service]).code:
            return None
        done = _done(self.down[0])
        return done.reason if done.code else None

    def state(self) -> State:
        """As launchd prints it: “state = running”, and how it ended last."""
        said = _done(["launchctl", "print", self._service]).out
        words = re.findall(r"^\s*((?:state|last exit code) = .+)$", said, re.MULTILINE)
        return State("state = running" in words, ", ".join(words))


def command() -> list[str]:
    """How this very program is started."""
    script = shutil.which(sys.argv[0]) if Path(sys.argv[0]).name == "planner" else None
    return [str(Path(script).absolute())] if script else [sys.executable, "-m", "planner"]


@dataclass(frozen=True, slots=True)
class _Done:
    code: int
    out: str
    reason: str


def _done(words: list[str]) -> _Done:
    """What came of a command, and the last things it said."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            words, capture_output=True, encoding="utf-8", errors="replace", timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _Done(1, "", str(error))
    said = " ".join((done.stderr.strip() or done.stdout.strip()).split())[-500:]
    return _Done(done.returncode, done.stdout, said or _("exit code {code}").format(code=done.returncode))
