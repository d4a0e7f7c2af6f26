"""A hand that uses the page by the words it reads, and what that costs a person: taps, fields, characters, seconds.

A browser is quicker than any owner, so its clock says nothing about two minutes. The seconds are those of a model, the
keystroke-level model (Card, Moran and Newell, 1980) with figures for a phone; only what was counted can be asserted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from playwright.sync_api import Locator, Page

from planner.language import translations

THINKING: Final = 1.35  # seconds to make up one's mind before a tap or a field (operator M)
TAPPING: Final = 1.1  # to bring the finger there and touch (operator P)
A_CHARACTER: Final = 0.33  # 36 words a minute on glass: Palin et al., How do people type on mobile devices? (2019)
READING: Final = 238 / 60  # words a second, read silently and in full: Brysbaert (2019)
A_SHARE: Final = 0.28  # of a page's words that are read at most: Nielsen, How little do users read? (2008)
LOADING: Final = 0.5  # until a page is there, over a home's wireless network


@dataclass(frozen=True, slots=True)
class Pace:
    """What was done so far; ``words`` were there to be read, ``pages`` were waited for."""

    taps: int = 0
    fields: int = 0
    characters: int = 0
    words: int = 0
    pages: int = 0

    @property
    def seconds(self) -> float:
        """How long somebody takes who reads as people read pages."""
        return self._hands + A_SHARE * self.words / READING

    @property
    def seconds_of_a_reader(self) -> float:
        """How long somebody takes who reads every word of every page."""
        return self._hands + self.words / READING

    @property
    def _hands(self) -> float:
        decisions = self.taps + self.fields
        return decisions * (THINKING + TAPPING) + self.characters * A_CHARACTER + self.pages * LOADING

    def told(self, what: str) -> str:
        """A line for people."""
        return (
            f"{what}: {self.taps} taps, {self.fields} fields, {self.characters} characters typed, {self.pages} pages "
            f"of {self.words} words; {self.seconds:.0f} s, or {self.seconds_of_a_reader:.0f} s reading every word"
        )


class Hand:
    """A finger on a page in a language; ``pace`` is what it has done so far."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.speak: Callable[[str], str] = translations(language).gettext
        self.pace = Pace()

    def tap(self, what: Locator) -> None:
        """Touch what is there."""
        what.click()
        self._did(taps=1)

    def press(self, words: str) -> None:
        """Tap the button that says so, in the source's language."""
        self.tap(self.page.get_by_role("button", name=self.speak(words), exact=True))

    def follow(self, words: str) -> None:
        """Tap the link that says so."""
        self.tap(self.page.get_by_role("link", name=self.speak(words)))

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(self.speak(label), exact=True).fill(text)
        self._did(fields=1, characters=len(text))

    def choose(self, label: str, value: str) -> None:
        """Open a list, and tap a line of it."""
        self.page.get_by_label(self.speak(label), exact=True).select_option(value)
        self._did(fields=1, taps=1)

    def arrived(self) -> None:
        """A page has come: what stands on it can be read, but for what is folded away, and in lists to choose from."""
        main = self.page.locator("main")
        listed = "".join(main.locator("select").all_inner_texts())
        self._did(pages=1, words=len(main.inner_text().split()) - len(listed.split()))

    def _did(self, **more: int) -> None:
        self.pace = replace(self.pace, **{name: getattr(self.pace, name) + count for name, count in more.items()})
