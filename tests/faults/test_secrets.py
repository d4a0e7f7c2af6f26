"""A whole life of an installation in real processes; then everything that was written is searched for every secret.

What the program prints, what it logs, what lies in its home: a secret stands only where it is meant to be kept
(``secret.key``, ``settings.toml``, the mails) or is shown once to who asked for it (the sign-in link at the start, an
address by ``planner feed new``). What the daemon says is kept in files, as in a journal: no feed's address is in it. A
hostile mail server, a broken database, forged links and a client that hangs up are part of that life.
"""

import os
import re
import socket
import struct
import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from notify.server import serving
from processes import health, until

from faults.life import BASE, PING, Life
from planner.links import ACTION_LIFE, Links, Verb
from planner.store.database import Database
from planner.store.queries import posts

PAGE, WRONG, SMTP, DATABASE = (
    "Seitenpasswort-7Brezn",
    "Ratewort-8Semmeln",
    "Smtp-Kennwort+9Hörnchen",
    "Db-Kennwort-10Zöpfe",
)
MISTYPED = "Vertippt-12Krapfen"
BEFORE, MORNING, LATER = "2026-11-30T12:00", "2026-12-01T08:00", "2026-12-01T08:30"
KEPT = ("planner.db", "planner.db-wal", "planner.db-shm", "planner.db-journal", "secret.key", "settings.toml")


@pytest.fixture(params=[pytest.param("wal", marks=pytest.mark.full), "postgresql"])
def life(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Life]:
    """On SQLite; and on PostgreSQL, with a password in its address."""
    if request.param == "wal":
        address = f"sqlite:///{tmp_path / 'home' / 'planner.db'}"
    else:
        address = request.getfixturevalue("postgres_address").replace("///", f"//postgres:{quote(DATABASE)}@/", 1)
    with serving(offers=["AUTH PLAIN LOGIN"]) as server:
        yield Life(tmp_path / "home", address, server)


def test_no_secret_is_written_anywhere(life: Life) -> None:
    _founded(life)
    _mail_refused_then_taken(life)
    with life.started(LATER):
        life.server.wait_for(2)
        _looked_at(life)
        _links_pressed(life)
        _feeds_fetched(life)
        _broken(life)
        _hung_up(life)
    _looked_over(life)
    shown_once = _shown_once(life)
    assert len(life.secrets) > 25
    _search(life, shown_once)
    _search_answers(life)


def _founded(life: Life) -> None:
    life.run(
        BEFORE, "init", "--yes", "--name", "Huber", "--timezone", "Europe/Berlin", "--email", "chef@example.org",
        "--smtp-host", "127.0.0.1", "--smtp-security", "none", "--smtp-user", "huber", "--smtp-password", SMTP,
        "--mail-from", "planner@example.org",
    )  # fmt: skip
    life.run(BEFORE, "password", typed=f"{PAGE}\n{PAGE}\n")
    life.run(BEFORE, "password", "--password", "kurz", code=2)
    packed = [b64encode(word.encode()).decode() for word in (SMTP, f"\0huber\0{SMTP}")]
    for name, secret in [("page", PAGE), ("wrong", WRONG), ("smtp", SMTP), ("database", DATABASE), ("ping", PING),
                         ("mistyped", MISTYPED), *(("smtp", word) for word in packed)]:  # fmt: skip
        life.note(name, secret)
    life.note("database", quote(DATABASE))
    life.note("key", (life.home / "secret.key").read_text().strip())


def _mail_refused_then_taken(life: Life) -> None:
    """By a server that repeats the password to who is listening; the second time it is a good one."""
    life.server.script["AUTH"] = [f"535 5.7.8 no: huber {SMTP}"] * 3
    life.run(BEFORE, "doctor", "--send-test-mail", code=1)
    life.run(MORNING, "tick")
    life.run(MORNING, "status", code=1)
    life.run(MORNING, "outbox", "list")
    life.server.script["AUTH"] = []
    life.run(MORNING, "doctor", "--send-test-mail")


def _looked_at(life: Life) -> None:
    """Signed in by the link and by the password, the wrong ones before the right one."""
    printed = (life.home.parent / "out").read_text()
    link = re.search(rf"{BASE}(/sign-in/\S+)", printed)
    assert link
    assert "/feeds/" not in printed, "that would stay in the journal"
    life.note("sign-in link", link[1].rpartition("/")[2])
    feed = re.search(rf"{BASE}/feeds/(\S+)\.ics", life.run(LATER, "feed", "new"))
    assert feed
    life.note("feed", feed[1])
    assert life.ask("GET", link[1]).status == 200
    life.sign_in(link[1], {})
    assert life.ask("POST", link[1], {}).status == 410
    for path in ("/", "/posts/1", "/sessions", "/nowhere", f"/feeds/{feed[1]}", f"/sign-in/{link[1]}x"):
        life.ask("GET", path)
    undo = life.ask("POST", "/posts/1/done", {"csrf": life.csrf(), "link": "https://example.org/1"})
    life.note("undo", undo.headers["Location"].partition("undo=")[2])
    assert life.ask("GET", undo.headers["Location"]).status == 200
    assert life.ask("POST", "/posts/1/done", {"csrf": "x" * 64}).status == 403
    life.cookie = ""
    assert life.ask("POST", "/sign-in", {"password": WRONG}).status == 403
    assert life.ask("POST", f"/sign-in?password={WRONG}", {"password": WRONG}).status == 403
    life.sign_in("/sign-in", {"password": PAGE})
    assert life.ask("POST", "/sign-out", {"csrf": life.csrf()}).status == 303
    life.sign_in("/sign-in", {"password": PAGE})


def _links_pressed(life: Life) -> None:
    """Those of the mail that arrived, forged ones, and ones that are too old."""
    mail = life.server.taken[-1].data.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode()
    links = sorted(set(re.findall(rf"{BASE}(/(?:a|unsubscribe)/[\w.-]+)", mail)))
    assert len(links) >= 4
    key = (life.home / "secret.key").read_text().strip()
    database = Database(life.address)
    with database.read() as tx:
        post = posts.get(tx, 2)
    database.close()
    old = Links([key], "").action(Verb.DONE, post, datetime(2026, 12, 1, tzinfo=UTC) - ACTION_LIFE - timedelta(days=1))
    forged = Links(["another key"], "").action(Verb.DONE, post, datetime(2026, 12, 1, tzinfo=UTC))
    for path in [*links, old, forged]:
        life.note("link", path.rpartition("/")[2])
        for method in ("GET", "POST"):
            status = life.ask(method, path, {} if method == "POST" else None).status
            assert status == (410 if path == old else 404 if path == forged else 200), path
    for undo in re.findall(r'action="/a/undo"><input type="hidden" name="undo" value="([^"]+)"',
                           "".join(answer.text for answer in life.answers)):  # fmt: skip
        life.note("undo", undo)
    life.ask("POST", "/a/undo", {"undo": undo})


def _feeds_fetched(life: Life) -> None:
    secret = next(secret for name, secret in life.secrets.items() if name.endswith("feed"))
    life.cookie = ""
    assert life.ask("GET", f"/feeds/{secret}.ics").status == 200
    assert life.ask("GET", f"/feeds/{secret}x.ics", X_Forwarded_For=secret, Host=secret).status == 404
    assert life.ask("GET", f"/feeds/{secret}.ics?{secret}", Referer=secret, User_Agent="Calendar").status == 200


def _broken(life: Life) -> None:
    """Somebody takes a table away while it runs: every address gives a fault of ours, and so do the ticks."""
    paths = [answer.path for answer in life.answers if answer.status in (200, 303)]
    life.database("ALTER TABLE outbox RENAME TO outbox_away")
    life.run(LATER, "tick", code=1)
    life.run(LATER, "outbox", "list", code=1)
    for table in ("feed", "post", "session", "fact"):
        life.database(f"ALTER TABLE {table} RENAME TO {table}_away")
        for path in sorted(set(paths)):
            life.ask("GET", path)
            life.ask("POST", path, {"password": PAGE, "undo": "x"})
        life.database(f"ALTER TABLE {table}_away RENAME TO {table}")
    assert 500 in [answer.status for answer in life.answers]
    until(lambda: "failed" in (life.home.parent / "err").read_text())
    life.database("ALTER TABLE outbox_away RENAME TO outbox")


def _hung_up(life: Life) -> None:
    """A client that asks for its feed and is gone, and ones that speak no HTTP."""
    secret = next(secret for name, secret in life.secrets.items() if name.endswith("feed"))
    path = f"/feeds/{secret}.ics"
    asked = (f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" * 20, f"GET {path} HTTP/9.9\0\r\n\r\n",
             f"POST {path} HTTP/1.1\r\nContent-Length: x{secret}\r\n\r\n", f"{path}\r\n\r\n")  # fmt: skip
    for words in asked:
        with socket.create_connection(("127.0.0.1", life.port), timeout=5) as line:
            line.sendall(words.encode())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed by a reset
    threading.Event().wait(0.5)
    assert health(life.port)[0] in (200, 503)


def _looked_over(life: Life) -> None:
    """Every command that tells something; and those that cannot, because somebody mistyped something."""
    for words in (["config"], ["config", "--json"], ["doctor"], ["doctor", "--json"], ["outbox", "list", "--json"],
                  ["feed", "list"], ["session", "list"], ["business", "show"], ["today"], ["tick", "--json"],
                  ["service", "install", "--print"], ["export", str(life.home.parent / "export.json")]):  # fmt: skip
        if words[0] != "service" or os.path.exists("/usr/bin/systemctl"):
            life.run(LATER, *words)
    life.note("feed", life.run(LATER, "feed", "new").split("/feeds/")[1].split(".ics")[0])
    life.run(LATER, "backup", str(life.home.parent / "by-hand.db"))
    for away in (f"postgresql://postgres:{quote(DATABASE)}@127.0.0.1:1/planner", f"mysql://me:{quote(DATABASE)}@x/y",
                 f"postgresql://postgres@127.0.0.1:1/planner?password={quote(DATABASE)}",
                 f"postgresql://me:{quote(DATABASE)}@127.0.0.1:port/planner"):  # fmt: skip
        life.run(LATER, "status", code=2 if "mysql" in away or ":port" in away else 1, PLANNER_DATABASE_URL=away)
        if away.startswith("postgresql") and ":port" not in away:
            life.run(LATER, "config", PLANNER_DATABASE_URL=away)
    life.run(LATER, "status", code=2, PLANNER_PING_URL=f"ftp://{PING}")
    settings = life.home / "settings.toml"
    kept = settings.read_text()
    settings.write_text(f'{kept}\nsmtp_pasword = "{MISTYPED}"\n')
    life.run(LATER, "status", code=2)
    settings.write_text(f'{kept}\nsmtp_password_again = "{MISTYPED}\n')
    life.run(LATER, "status", code=2)
    settings.write_text(kept)


def _shown_once(life: Life) -> dict[str, str]:
    """Where a secret is meant to be shown: the link and the feed of the start, and the feed that was asked for."""
    places = {}
    for name, secret in life.secrets.items():
        if name.endswith(("sign-in link", "feed")):
            [place] = [where for where, said in life.written.items() if secret in said]
            assert life.written[place].count(secret) == 1
            assert place == "start, printed" if name.endswith("link") else place.endswith("feed new")
            places[secret] = place
    assert len(places) == 3
    return places


def _search(life: Life, shown_once: dict[str, str]) -> None:
    """Everything that was written, and every file in the home that is not there to keep secrets."""
    everything = dict(life.written)
    for file in life.home.rglob("*"):
        if file.is_file() and file.name not in KEPT and not {"backups", "mail"} & set(file.parts):
            everything[str(file)] = file.read_text("utf-8", "replace")
    assert "Traceback" in everything["start, logged"], "the faults were logged, or there is nothing to search"
    found = [
        f"{name} in {where}"
        for name, secret in life.secrets.items()
        for where, said in everything.items()
        if secret in said and shown_once.get(secret) != where
    ]
    assert found == []
    kept = (life.home.parent / "export.json").read_text()
    hashed = [name for name, secret in life.secrets.items() if not name.endswith(("link", "ping")) and secret in kept]
    assert hashed == [], "the tables hold hashes; links are in the mails"


def _search_answers(life: Life) -> None:
    """No answer tells a secret that its reader did not bring, or leads elsewhere with one."""
    never = [s for n, s in life.secrets.items() if n.endswith(("page", "smtp", "database", "ping", "key", "feed"))]
    harmless = [s for n, s in life.secrets.items() if n.endswith("undo")]  # in the page's address: needs the session
    for answer in life.answers:
        where = f"{answer.status} {answer.path}"
        assert answer.headers["Referrer-Policy"] == "no-referrer", where
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], where
        assert not [secret for secret in never if secret in answer.text], where
        to = answer.headers.get("Location", "")
        assert not [s for s in life.secrets.values() if s in to and s not in harmless], where
        assert to.startswith("/") or not to, where
        for tag, link in re.findall(r'(<a [^>]*href="(https?://[^"]+)"[^>]*>)', answer.text):
            if not link.startswith(BASE):
                assert "noreferrer" in tag, tag
                assert not [secret for secret in life.secrets.values() if secret in link], link
