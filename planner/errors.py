"""Every error a person can meet: its sentence, its exit code, its HTTP status, and whether to try again.

An error is raised with the values its sentence names; the shell that shows it picks the language. Sentences
say what is wrong and what to do next. Nothing here knows where an error comes from.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import ClassVar

from planner.language import N_, day_in_words


def _untranslated(message: str) -> str:
    return message


class PlannerError(Exception):
    """Base of all errors shown to people. Subclasses set ``message``; ``values`` fill its ``{names}``."""

    message: ClassVar[str] = N_("Something went wrong.")
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    retry: ClassVar[bool] = False

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.sentence())

    def sentence(self, translate: Callable[[str], str] = _untranslated) -> str:
        """The whole sentence in the language of ``translate`` (a gettext function); so are its days and a reason."""
        reason = self.values.get("reason")
        own = {"reason": translate(reason)} if isinstance(reason, str) and reason else {}
        days = {name: day_in_words(day, translate) for name, day in self.values.items() if type(day) is date}
        return translate(self.message).format(**{**self.values, **days, **own})


class UsageError(PlannerError):
    """What was asked for cannot be meant like that: exit code 2, HTTP 400."""

    message = N_("This cannot be done as written.")
    exit_code = 2
    http_status = 400


class NotFound(PlannerError):
    """What was named is not there: HTTP 404."""

    message = N_("There is nothing of that name.")
    http_status = 404


class Problems(PlannerError):
    """Several errors found in one go, one a line, so that nobody has to mend them one by one."""

    message = N_("{count} things need mending:")
    exit_code = 2
    http_status = 400

    def __init__(self, errors: Iterable[PlannerError]) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors))

    def sentence(self, translate: Callable[[str], str] = _untranslated) -> str:
        """The heading and below it every sentence on a line of its own."""
        lines = [super().sentence(translate)] if len(self.errors) != 1 else []
        return "\n".join(lines + [error.sentence(translate) for error in self.errors])


# --- time and rules -------------------------------------------------------------------------------------


class UnknownTimezone(UsageError):
    message = N_("“{zone}” is not a time zone this computer knows. Write it like Europe/Berlin.")


class BadDate(UsageError):
    message = N_("“{text}” is not a date in the calendar. Write it like 2026-12-01.")


class BadMonth(UsageError):
    message = N_("“{text}” is not a month of the calendar. Write it like 2026-12.")


class BadTime(UsageError):
    message = N_("“{text}” is no date and time of the calendar. Write it like 2026-12-01T09:00.")


class BadWeek(UsageError):
    message = N_("“{text}” is not a week of the calendar. Write it like 2026-W49.")


class BadClock(UsageError):
    message = N_("“{text}” is not a time of day. Write it like 08:00.")


class BadLine(UsageError):
    message = N_("“{text}” cannot be used here. Write a few words on one line.")


class BackwardsRange(UsageError):
    message = N_("The range ends before it begins: {first} to {last}. Swap the two.")


class PhraseUnclear(UsageError):
    """A sentence about a rhythm that cannot be read. ``advice`` says which of its words, and is translated, too."""

    message = N_("{advice} Write it like “every second Tuesday at 9:00” or “Mon, Wed, Fri 8:30”.")

    def __init__(self, advice: str, **values: object) -> None:
        self.advice = advice
        super().__init__(**values)

    def sentence(self, translate: Callable[[str], str] = _untranslated) -> str:
        """What was not understood, and what would be."""
        return translate(self.message).format(advice=translate(self.advice).format(**self.values))


class RuleRefused(UsageError):
    """A recurrence rule the planner does not accept; ``advice`` is the sentence that says what to write."""

    message = N_("The rule “{rule}” cannot be used: {advice}")

    def __init__(self, rule: str, advice: str, **values: object) -> None:
        self.advice = advice
        super().__init__(rule=rule, advice=advice, **values)

    def sentence(self, translate: Callable[[str], str] = _untranslated) -> str:
        """The sentence, with the advice itself translated and filled in."""
        advice = translate(self.advice).format(**{k: v for k, v in self.values.items() if k != "advice"})
        return translate(self.message).format(rule=self.values["rule"], advice=advice)


# --- things that are not there --------------------------------------------------------------------------


class NoSuchPost(NotFound):
    message = N_("There is no post {id}. See “planner post list” for the ones there are.")


class NoSuchChannel(NotFound):
    message = N_("There is no channel “{name}”. See “planner channel list” for the ones there are.")


class NoSuchCadence(NotFound):
    message = N_("There is no cadence {id}. See “planner cadence list” for the ones there are.")


class NoSuchPause(NotFound):
    message = N_("There is no pause {id}. See “planner pause list” for the ones there are.")


class NoSuchFeed(NotFound):
    message = N_("There is no feed {id}. See “planner feed list” for the ones there are.")


class NoSuchBusiness(NotFound):
    message = N_("There is no business “{name}”. See “planner business list” for the ones there are.")


class NoSuchPlatform(NotFound):
    message = N_("There is no platform “{name}” in the catalogue. There are: {known}.")


class NoSuchTrade(NotFound):
    message = N_("There is no trade “{name}”. There are: {known}.")


class NoSuchPreset(NotFound):
    message = N_("There is no preset “{name}”. There are: {known}.")


class WhichBusiness(UsageError):
    message = N_("There is more than one business here. Say which with --business: {known}.")


class NothingHere(PlannerError):
    message = N_("There is no planner in {home} yet. “planner start” or “planner init” makes one.")


# --- database and home ----------------------------------------------------------------------------------


class HomeNotWritable(PlannerError):
    message = N_("The folder {home} cannot be written ({reason}). Name another with --home or PLANNER_HOME.")


class NotWritten(PlannerError):
    message = N_("The file {file} cannot be written ({reason}). Name another.")


class DatabaseTooNew(PlannerError):
    message = N_(
        "The database was made by a newer planner (its revision is {revision}). Nothing was touched. "
        "Install a newer version of this program."
    )


class NotADatabase(PlannerError):
    message = N_("{where} is not a planner database, or it is broken. Nothing was touched. Name another file.")


class BrokenDatabase(NotADatabase):
    message = N_("{where} is broken, or no planner database. Nothing was touched. Go back: planner restore {copy}")


class DatabaseUnreachable(PlannerError):
    message = N_("The database at {where} cannot be reached: {reason}. Check that it runs, and its address.")
    http_status = 503
    retry = True


class DatabaseBusy(PlannerError):
    message = N_("The database at {where} is in use by somebody else ({reason}). Try again in a moment.")
    http_status = 503
    retry = True


class BadSetting(UsageError):
    message = N_("The setting {name} cannot be “{value}”: {reason}")


class CannotListen(PlannerError):
    message = N_(
        "The page cannot listen on {host}, port {port} ({reason}). Choose an address of this computer with --host "
        "and a port above 1023 with --port."
    )


class PortInUse(PlannerError):
    message = N_(
        "Port {port} is in use, perhaps by a planner that already runs. Stop that one, or choose another "
        "port with --port."
    )


# --- links and mail -------------------------------------------------------------------------------------


class LinkForged(NotFound):
    message = N_("This link is not one of ours. Perhaps a piece of it is missing: copy it whole.")


class LinkExpired(PlannerError):
    message = N_("This link is too old. Open the planner's page, or wait for the next mail.")
    http_status = 410


class BadAddress(UsageError):
    message = N_("“{address}” cannot be used as an e-mail address. Write it like name@example.org.")


# --- the service ---------------------------------------------------------------------------------------


class NoSupervisor(PlannerError):
    message = N_("Neither systemd nor launchd was found here. Start “planner start” by what starts other programs.")


class NotBroughtUp(PlannerError):
    message = N_("The service was written, but could not be brought up: {reason}")


class NotTakenDown(PlannerError):
    message = N_("The service could not be ended, so {file} stays: {reason}")


class NobodyAnswers(PlannerError):
    """Exit code 4: a script can tell a place where no supervisor answers from a service that fails."""

    message = N_("The service was written, but the supervisor does not answer here: {reason}")
    exit_code = 4


class NobodyTells(NobodyAnswers):
    message = N_("Whether it runs cannot be told here, for the supervisor does not answer: {reason}")


class NobodyEnds(NobodyAnswers):
    message = N_("If it runs, it could not be ended from here, for the supervisor does not answer: {reason}")
