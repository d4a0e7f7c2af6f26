"""The sentences of Click that people meet, listed so that the catalogues hold them beside ours.

Click asks gettext's own domain for its words; ``speak`` makes that domain ours. A sentence that a later Click words
differently comes out in English until it is written here.
"""

import gettext
import os

from planner.language import N_, catalogues


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark a sentence with a plural form for the catalogues."""
    return one, many


SENTENCES = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Option {name!r} does not take a value."),
    N_("Choose from:\n\t{choices}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not a valid boolean. Recognized values: {states}"),
    N_("Repeat for confirmation"),
    N_("Error: {message}"),
    N_("Error: The two entered values do not match."),
    plural("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    plural("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    plural("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    plural("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)


def speak(language: str) -> None:
    """Let Click speak a language."""
    os.environ["LANGUAGE"] = language  # what gettext itself goes by
    gettext.bindtextdomain("planner", catalogues())
    gettext.textdomain("planner")
