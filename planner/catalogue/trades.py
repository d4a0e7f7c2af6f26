"""Trades: what each is called, and the words a text about it is filled with; from ``schedules/trades``.

The words are whole phrases, so that a text never has to inflect them. A business without a trade, or with one whose
file is gone, takes the neutral words of ``any.toml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from planner import resources
from planner.catalogue.tomlfile import TomlFile
from planner.errors import NoSuchTrade
from planner.language import N_

NEUTRAL: Final = "any"
SLOTS: Final = (
    "trade", "work", "product", "products", "place", "customers", "tool", "question", "answer", "howto",
    "advice", "before", "after", "unseen", "morning", "evening", "material", "detail",
)  # fmt: skip
SENTENCES: Final = ("answer", "advice")  # what stands by itself; question is in quotation marks
SEASONS: Final = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: its names by language, and by slot or season the words by language."""

    key: str
    names: Mapping[str, str]
    phrases: Mapping[str, Mapping[str, str]]

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return self.names.get(language) or self.names["en"]

    def words(self, language: str, season: str) -> dict[str, str]:
        """What fills each slot in a language; ``seasonal`` is what is due in that season."""
        said = {slot: each.get(language) or each["en"] for slot, each in self.phrases.items()}
        return {**{slot: said[slot] for slot in SLOTS}, "seasonal": said[season]}


def trade_keys() -> list[str]:
    """The keys of all trades."""
    return sorted(file.stem for file in _folder().glob("*.toml") if file.stem != NEUTRAL)


def trade_names(language: str) -> list[tuple[str, str]]:
    """Keys and names for a list to choose from, by name; first the empty key, which stands for any other trade."""
    named = [(key, trade(key).name(language)) for key in trade_keys()]
    return [("", trade("").name(language)), *sorted(named, key=lambda each: each[1])]


@cache
def trade(key: str) -> Trade:
    """The trade of a key, the neutral one for none. Raises NoSuchTrade, Problems."""
    if key and key not in trade_keys():
        raise NoSuchTrade(name=key, known=", ".join(trade_keys()))
    return read_trade(_folder() / f"{key or NEUTRAL}.toml")


@cache
def trade_words(key: str, language: str, season: str) -> Mapping[str, str]:
    """The words of a trade in a language and season; neutral ones for a trade nobody knows. Raises Problems."""
    return trade(key if key in trade_keys() else "").words(language, season)


def read_trade(path: Path) -> Trade:
    """A trade file. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
    slots = (*SLOTS, *SEASONS)
    file.allow(file.data, ("name", *slots))
    names = file.words(file.data, "name")
    phrases = {slot: file.words(file.data, slot) for slot in slots}
    for slot in SENTENCES:
        if not all(text.endswith((".", "!")) for text in phrases[slot].values() if text):
            file.wrong(slot, N_("“{key}” must be a whole sentence with a full stop at its end."), key=slot)
    file.finish()
    return Trade(path.stem, names, phrases)


def _folder() -> Path:
    return resources.folder("schedules") / "trades"
