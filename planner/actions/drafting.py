"""Working on the words of a post or an idea: what may be written, how much of it, and saving all of it at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection

from planner.actions import posts
from planner.core.characters import one_line, some_lines
from planner.core.model import Content, Pillar
from planner.errors import UsageError
from planner.language import N_

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 20_000
LONGEST_NOTES: Final = 5_000


class FieldRefused(UsageError):
    """What was typed into ``field`` cannot be kept like that."""

    field: str = ""


class TitleMissing(FieldRefused):
    message = N_("Give it a title, so that you find it again.")
    field = "title"


class TitleTooLong(FieldRefused):
    message = N_("A title has at most {most} characters. Shorten it; the rest fits into the text.")
    field = "title"


class TextTooLong(FieldRefused):
    message = N_("A text has at most {most} characters here. Shorten it.")
    field = "text"


class NotesTooLong(FieldRefused):
    message = N_("Notes have at most {most} characters. Shorten them.")
    field = "notes"


@dataclass(frozen=True, slots=True)
class Draft:
    """A post's words as somebody wrote them; ``link`` is None where it was not asked for."""

    title: str
    text: str
    pillar: Pillar
    content: Content | Literal[""] = ""
    notes: str = ""
    link: str | None = None


def title_of(words: str) -> str:
    """A title as it is kept. Raises TitleMissing, TitleTooLong."""
    title = one_line(words)
    if not title:
        raise TitleMissing
    if len(title) > LONGEST_TITLE:
        raise TitleTooLong(most=LONGEST_TITLE)
    return title


def text_of(words: str) -> str:
    """A text as it is kept, without blank ends. Raises TextTooLong."""
    text = some_lines(words).strip()
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT)
    return text


def save(tx: Connection, post_id: int, draft: Draft, *, seen: str, now: datetime) -> posts.Change:
    """Keep a draft as a post's words, if they still are what its author had before him (``seen``, core.wording.mark).

    Raises FieldRefused, BadLink, EditedMeanwhile.
    """
    notes = some_lines(draft.notes).strip()
    if len(notes) > LONGEST_NOTES:
        raise NotesTooLong(most=LONGEST_NOTES)
    return posts.edit(
        tx, post_id, now=now, title=title_of(draft.title), text=text_of(draft.text), pillar=draft.pillar,
        content=draft.content, notes=notes, link=draft.link, seen=seen,
    )  # fmt: skip
