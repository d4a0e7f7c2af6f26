"""From where an address can be reached, as far as it tells by itself: no name is looked up."""

from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

# Names that are never on the internet: RFC 6761, 6762, 8375, 9476, and what routers call their network.
_AT_HOME: Final = ("local", "localdomain", "lan", "home", "arpa", "internal", "intranet", "test", "invalid", "box")


class Reach(StrEnum):
    """Who can open an address: this computer alone, the network at home, or everybody."""

    HERE = "here"
    HOME = "home"
    WORLD = "world"


def reach(address: str) -> Reach:
    """How far an address of ours carries."""
    host = (urlsplit(address).hostname or "").rstrip(".").lower()
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return _of_name(host)
    if found.is_loopback:
        return Reach.HERE
    return Reach.WORLD if found.is_global else Reach.HOME


def _of_name(host: str) -> Reach:
    last = host.rpartition(".")[2]
    if last == "localhost":
        return Reach.HERE
    return Reach.HOME if "." not in host or last in _AT_HOME else Reach.WORLD
