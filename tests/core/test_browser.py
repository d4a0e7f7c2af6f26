"""What browsers say of themselves, and what people call them."""

import pytest

from planner.core.browser import Browser, browser_of
from planner.language import translations

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IOS = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox unter Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox unter Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) " + IOS + " FxiOS/145.0 Mobile/15E148 Safari/604.1",
         "Firefox auf einem iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) " + WEBKIT + " Chrome/142.0.0.0 Mobile Safari/537.36",
         "Chrome unter Android"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + WEBKIT + " Chrome/142.0.0.0 Safari/537.36",
         "Chrome auf einem Chromebook"),
        ("Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) " + IOS + " CriOS/142.0 Mobile/15E148 Safari/604.1",
         "Chrome auf einem iPad"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WEBKIT + " Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
         "Edge unter Windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) " + WEBKIT + " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
         "Samsung Internet unter Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WEBKIT + " Chrome/142.0.0.0 Safari/537.36 OPR/125.0.0.0",
         "Opera unter Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + IOS + " Version/18.6 Safari/605.1.15",
         "Safari auf einem Mac"),
        ("Mozilla/5.0 (compatible; Something/2.0)", "Unbekannter Browser"),
        ("curl/8.5.0", "curl"),
        ("", "Unbekannter Browser"),
        ("x" * 300, "x" * 40),
    ],
)  # fmt: skip
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert browser_of(agent).in_words(translations("de").gettext) == words


def test_what_an_old_row_has_is_not_known() -> None:
    assert Browser().in_words(str) == "Unknown browser"
    assert Browser("Firefox", "BeOS").in_words(str) == "Firefox"
