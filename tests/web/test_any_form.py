"""Every address of the page, asked and sent whatever its forms might hold: an answer, and never a fault of ours.

The addresses are those the app has, and the names of fields those its pages have, so that no new one is left out.
"""

import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.core.model import FeedKind, Pillar
from web.conftest import Planner, on_sqlite

ROOT = Path(__file__).parents[2]
FIELDS = sorted(
    {name for file in (ROOT / "templates" / "web").glob("*.j2") for name in
     re.findall(r'\bname="(\w+)"', file.read_text("utf-8"))}
    | {name for file in (ROOT / "planner" / "web").glob("*.py") for name in
       re.findall(r'(?:typed|\.get|form\.\w+)\("(\w+)"', file.read_text("utf-8"))}
)  # fmt: skip
DAYS = ["2026-12-01", "0001-01-01", "9999-12-31", "2026-02-30", "2026-W49", "20261201", "٢٠٢٦-١٢-٠١"]
CLOCKS = ["09:00", "24:00", "00:00", "9", "23:59:59.999999", "09:00+05:00", "09:00Z", "09:00-23:59"]
NUMBERS = ["0", "1", "2", "3", "-1", "2147483647", "2147483648", "9" * 5000, "1_0", " 1", "٣", "²", "1e3", "0x1"]
KNOWN = [*FeedKind, *Pillar, "yes", "on", "de", "en", "xx", "DE", "BY", "Europe/Berlin", "../etc/passwd", "core-trio",
         "tls", "none",
         "smtp.example.org", "a@example.org", "a@b\nBcc: c", "https://example.org/x", "javascript:x"]  # fmt: skip
VALUE = (
    st.sampled_from([*DAYS, *CLOCKS, *NUMBERS, *KNOWN]) | st.builds("{}T{}".format, st.sampled_from(DAYS),
    st.sampled_from(CLOCKS)) | st.text(max_size=30) | st.text("\0\x1b\u202e\ud800\n[]%é", max_size=5)
)  # fmt: skip
FORM = st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=8)
DATED = st.fixed_dictionaries({}, optional={
    "day": st.sampled_from(DAYS), "time": st.sampled_from(CLOCKS), "channel": st.sampled_from(NUMBERS[:4]),
    "to": VALUE, "seen": VALUE, "at": VALUE, "title": st.just("x"), "pillar": st.sampled_from(Pillar),
})  # fmt: skip
many = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def addresses(planner: Planner, method: str) -> list[tuple[str, set[str]]]:
    """Every address that takes a method, and the names of what varies in it."""
    rules = planner.browser.application.url_map.iter_rules()
    return sorted((str(rule), set(rule.arguments)) for rule in rules if method in (rule.methods or ()))


def filled(rule: str, number: str, word: str, choice: int) -> str:
    """An address with numbers where it wants them, one of its own words where it has a choice, and any elsewhere."""
    rule = re.sub(r"<int[^>]*>", number, rule)
    rule = re.sub(r"<any\(([^)]*)\)[^>]*>", lambda names: (found := names[1].split(", "))[choice % len(found)], rule)
    return re.sub(r"<[^>]*>", lambda _: word, rule)


@on_sqlite
@many
@given(data=st.data(), method=st.sampled_from(["GET", "POST", "POST"]), form=FORM | DATED)
def test_whatever_is_sent_anywhere(planner: Planner, data: Any, method: str, form: dict[str, str]) -> None:
    if planner.browser.get("/sessions").status_code != 200:
        planner.sign_in()
        ideas = planner.send("/businesses/1/ideas", title="Brot", pillar="tip")
        assert ideas.status_code == 303
    rule, _ = data.draw(st.sampled_from(addresses(planner, method)))
    number = data.draw(st.sampled_from(["1", "2", "99", "2147483647"]))
    word = data.draw(st.sampled_from(["done", "skip", "tomorrow", "x", "..", "%00", "%F0%9F%8D%9E"]))
    path = filled(rule, number, word, data.draw(st.integers(0, 3)))
    sendable = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    asked = method == "GET"
    answer = planner.browser.get(path, query_string=sendable) if asked else planner.send(path, **sendable)
    answer.close()  # a copy of the database is sent as it is read
    assert answer.status_code < 500 or path == "/healthz", path  # no daemon runs: that is said
    assert answer.status_code in (
        200,
        202,
        204,
        303,
        304,
        308,
        400,
        401,
        403,
        404,
        405,
        409,
        410,
        413,
        415,
        422,
        429,
        503,
    )


@on_sqlite
def test_the_addresses_and_the_names_are_found(planner: Planner) -> None:
    rules = [rule for rule, _ in addresses(planner, "POST")]
    assert len(rules) >= 30
    assert {"title", "text", "due", "to", "day", "digest_time", "smtp_host", "password", "csrf", "kind"} <= {*FIELDS}
