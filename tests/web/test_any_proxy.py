"""Whatever a proxy, or who plays one, writes into its headers: an address that can be counted by, and no fault."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.web.proxies import BehindProxies, household, read_address

LISTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
ADDRESS = st.ip_addresses() | st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fd00::/8")
DRESSED = st.builds(
    "{0}{1}{2}".format,
    st.sampled_from(["", " ", '"', "[", '"[', "for=", "::ffff:", "\t"]),
    ADDRESS.map(str),
    st.sampled_from(["", " ", '"', "]", "]:80", '"]', ":80", "%eth0", "%", "/24", ":", "\0"]),
)
RUBBISH = st.text(max_size=12) | st.sampled_from(
    ["unknown", "_hidden", "", "1.2.3", "0x7f.1", "١.٢.٣.٤", "1" * 5000, "::" * 50]
)
SAID = st.lists(DRESSED | ADDRESS.map(str) | RUBBISH, max_size=6).map(",".join)


def seen(peer: str, said: dict[str, str]) -> dict[str, str]:
    """What an application behind the proxies finds of a request."""
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "planner.test"}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in said.items()}
    found: dict[str, str] = {}
    BehindProxies(lambda environ, _start: found.update(environ) or [], LISTED)(environ, None)
    return found


def is_listed(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in LISTED)


@settings(max_examples=400)
@given(SAID | st.text(max_size=60), SAID | st.text(max_size=20), SAID | st.text(max_size=20), st.booleans())
def test_any_header_names_one_visitor(forwarded: str, scheme: str, other: str, trusted: bool) -> None:
    """Of an unlisted peer nothing counts; of a listed one the visitor is an address, in its one true spelling."""
    peer = "10.0.0.7" if trusted else "203.0.113.9"
    said = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": scheme, "Forwarded": other, "X-Real-IP": other,
            "X-Forwarded-Host": other}  # fmt: skip
    found = seen(peer, said)
    assert found.keys() == {"REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST"}
    assert (found["HTTP_HOST"], found["wsgi.url_scheme"] in ("http", "https")) == ("planner.test", True)
    visitor = found["REMOTE_ADDR"]
    if not trusted:
        assert (visitor, found["wsgi.url_scheme"]) == (peer, "http")
    else:
        assert str(ip_address(visitor)) == visitor
        assert household(visitor)


@settings(max_examples=200)
@given(
    st.lists(RUBBISH | ADDRESS.map(str), max_size=4).map(",".join),
    ADDRESS,
    st.lists(ADDRESS.filter(is_listed), max_size=3),
)
def test_nothing_written_further_left_changes_who_it_was(
    left: str, visitor: IPv4Address | IPv6Address, own: list[IPv6Address]
) -> None:
    """What the outermost of our proxies wrote stands left of our own; before it, what the visitor made up."""
    if is_listed(visitor) or getattr(visitor, "ipv4_mapped", None):
        return
    written = [str(visitor), *map(str, own)]
    plain = seen("10.0.0.7", {"X-Forwarded-For": ", ".join(written)})["REMOTE_ADDR"]
    assert plain == str(visitor)
    assert seen("10.0.0.7", {"X-Forwarded-For": ", ".join([left, *written])})["REMOTE_ADDR"] == plain


@settings(max_examples=300)
@example("fe80::1%" + "x" * 5000)
@given(DRESSED | RUBBISH | st.text(max_size=40))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = read_address(text)
    assert found is None or read_address(str(found)) == found
    assert household(text) == (text if found is None else household(str(found)))


@settings(max_examples=100)
@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_whoever_has_a_network_is_one_household(address: IPv6Address, host: int) -> None:
    neighbour = IPv6Address((int(address) >> 64 << 64) | host)
    if address.ipv4_mapped or neighbour.ipv4_mapped:
        return
    assert household(str(address)) == household(str(neighbour))
