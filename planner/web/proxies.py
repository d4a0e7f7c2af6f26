"""What a proxy says about a visitor: believed only if the proxy is listed in the settings, else taken away.

Anybody can write ``X-Forwarded-For``. Of a listed peer the right-most address that is no listed proxy itself counts
(what stands further left was written by whoever asked), and whether the visitor's line to it was HTTPS. What host was
asked for is never taken from a proxy: links are made from the configured address. Waitress knows only one trusted
address and no networks, so this is ours.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_SAID: Final = (
    "HTTP_FORWARDED", "HTTP_X_FORWARDED_BY", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_SERVER", "HTTP_X_REAL_IP",
)  # fmt: skip
_NEIGHBOURS: Final = 64  # whoever has one address of IPv6 has all of such a network


class BehindProxies:
    """A WSGI application behind the proxies of some networks; with none, what any proxy says is dropped."""

    def __init__(self, app: Application, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Put the visitor's address and scheme in the place of the proxy's."""
        said = {name: environ.pop(name, "") for name in _SAID}
        if self._lists(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._visitor(environ["REMOTE_ADDR"], said["HTTP_X_FORWARDED_FOR"])
            scheme = said["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _lists(self, text: str) -> bool:
        address = read_address(text)
        return address is not None and any(address in network for network in self._trusted)

    def _visitor(self, peer: str, forwarded: str) -> str:
        """From the right, past our own proxies; at what is no address the last one that can be believed counts."""
        for entry in reversed(forwarded.split(",")):
            address = read_address(entry)
            if address is None:
                break
            peer = str(address)
            if not self._lists(peer):
                break
        return peer


def read_address(text: str) -> Address | None:
    """An address as proxies write it: perhaps with a port, in brackets, or IPv4 dressed as IPv6; None if it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def household(text: str) -> str:
    """By what guesses are counted: the address, of IPv6 the network that one visitor has to himself."""
    address = read_address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _NEIGHBOURS), strict=False))
    return str(address or text)
