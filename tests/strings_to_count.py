"""Strings, and how long each is for a platform: one table for Python and for the browser."""

from planner.core.counting import Counts

C, G, U, B, E, L, W = Counts
FAMILY, FLAG, THUMB, KEY = "👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "1️⃣"
ADDRESS = "https://example.org/ein/langer/weg?mit=allem#da"

# string: characters, graphemes, UTF-16 units, bytes, emoji by bytes, links as 23, weighted
STRINGS: dict[str, tuple[int, int, int, int, int, int, int]] = {
    "": (0, 0, 0, 0, 0, 0, 0),
    "Brot": (4, 4, 4, 4, 4, 4, 4),
    "Brötchen": (8, 8, 8, 9, 8, 8, 8),
    "eine\nZeile": (10, 10, 10, 10, 10, 10, 10),
    "cafe\u0301": (5, 4, 5, 6, 5, 4, 4),  # é of two pieces; X puts them together
    "🥐ab": (3, 3, 4, 6, 6, 3, 4),
    FAMILY: (7, 1, 11, 25, 25, 1, 2),
    FLAG: (2, 1, 4, 8, 8, 1, 2),
    FLAG * 2: (4, 2, 8, 16, 16, 2, 4),
    THUMB: (2, 1, 4, 8, 8, 1, 2),
    KEY: (3, 1, 3, 7, 7, 1, 2),
    "❤️": (2, 1, 2, 6, 6, 1, 2),
    "❤": (1, 1, 1, 3, 1, 1, 2),  # without being told to be an emoji
    "© 2026": (6, 6, 6, 7, 6, 6, 6),
    "パン屋": (3, 3, 3, 9, 3, 3, 6),
    "빵집": (2, 2, 2, 6, 2, 2, 4),
    "хлеб": (4, 4, 4, 8, 4, 4, 4),
    "„Guten Tag“ – bis 9…": (20, 20, 20, 28, 20, 20, 21),  # X gives the ellipsis two
    "𝗙𝗲𝘁𝘁": (4, 4, 8, 16, 4, 4, 8),  # letters that look bold
    f"Hier: {ADDRESS}.": (54, 54, 54, 54, 54, 30, 30),
    f"({ADDRESS}) und {ADDRESS}": (101, 101, 101, 101, 101, 53, 53),
    "https://bäckerei.example/brötchen": (33, 33, 33, 35, 33, 23, 23),
    "http://": (7, 7, 7, 7, 7, 7, 7),
    "baeckerei.de!": (13, 13, 13, 13, 13, 13, 24),
    "Auf www.baeckerei.de/brot, jetzt": (32, 32, 32, 32, 32, 32, 34),
    "chef@baeckerei.de": (17, 17, 17, 17, 17, 17, 17),
    "z.B. am 3.12. um 9.30": (21, 21, 21, 21, 21, 21, 21),
    "Dank an @lena@mastodon.example!": (31, 31, 31, 31, 31, 14, 31),
    "@lena und @kurt": (15, 15, 15, 15, 15, 15, 15),
    "a\u200bb": (3, 3, 3, 5, 3, 3, 3),
    "x" * 300 + FAMILY * 2: (314, 302, 322, 350, 350, 302, 304),
}
ROWS = [(text, way, length) for text, lengths in STRINGS.items() for way, length in zip(Counts, lengths, strict=True)]
