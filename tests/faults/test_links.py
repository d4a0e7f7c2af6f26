"""The links of a mail that really arrived, at a page that really runs: scanners, double taps, two tabs, old mails.

What became of it is read from the database, whole tables at a time. A browser with scripts is the last test; it needs
Chromium and takes its time, so it is one of those marked ``full``.
"""

import email
import email.policy
import http.client
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from notify.server import serving
from processes import health, started, until
from sqlalchemy import text

from faults.installation import Installation
from planner.links import Links
from planner.store.database import Database
from planner.store.queries import posts

BASE = "http://planner.test"
MORNING, TWO_WEEKS_ON = "2026-12-01T08:00:01", "2026-12-16T09:00"
# What a look could change; not what the daemon itself writes while it runs.
TABLES = ("business", "channel", "cadence", "pause", "post", "session", "used_link", "fact", "feed")
WRONG_KEY = "of another installation, and long enough"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Morning:
    """An installation after its digest has arrived: a business with Google's post of Tuesday and three of its own."""

    home: Path
    installation: Installation
    mail: EmailMessage

    @property
    def links(self) -> list[str]:
        """Every address of ours in the mail, as it stands there."""
        found = re.findall(rf"{BASE}/[\w./=-]+", self.text + self.html + str(self.mail["List-Unsubscribe"]))
        return sorted(set(found))

    @property
    def text(self) -> str:
        return str(self.mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]

    @property
    def html(self) -> str:
        return str(self.mail.get_body(("html",)).get_content())  # type: ignore[union-attr]

    @property
    def unsubscribe(self) -> str:
        return str(self.mail["List-Unsubscribe"]).strip("<>")

    def verbs(self, title: str) -> dict[str, str]:
        """Of one post of the mail: what each link is called, and where it leads."""
        found = re.findall(rf"(Done|Tomorrow|Skip):\n({BASE}/a/\S+)", self.text.split(f"\n{title}\n")[1])[:3]
        return dict(found)

    def keys(self) -> list[str]:
        return (self.home / "secret.key").read_text().split()

    @contextmanager
    def page(self, now: str = MORNING) -> Iterator[int]:
        """The page, on this port."""
        with started(self.home, "--now", now, **self.installation.settings) as (_process, port):
            until(lambda: health(port)[0] != 0)
            yield port

    def state(self) -> dict[str, list[str]]:
        """Every row of the tables a look could change."""
        database = Database(self.installation.address)
        with database.read() as tx:
            found = {name: sorted(map(str, tx.execute(text(f"SELECT * FROM {name}")))) for name in TABLES}
        database.close()
        return found

    def post(self, title: str) -> Any:
        database = Database(self.installation.address)
        with database.read() as tx:
            number = tx.execute(text("SELECT id FROM post WHERE title = :title"), {"title": title}).scalar_one()
            found = posts.get(tx, number)
        database.close()
        return found

    def wants_digests(self) -> bool:
        database = Database(self.installation.address)
        with database.read() as tx:
            found = tx.execute(text("SELECT digest_on FROM business")).scalar_one()
        database.close()
        return bool(found)


@pytest.fixture(params=["wal", "postgresql"])
def morning(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Morning]:
    """On SQLite and on PostgreSQL."""
    fixture = {"wal": "sqlite_address", "postgresql": "postgres_address"}[request.param]
    with _mailed(tmp_path / "home", request.getfixturevalue(fixture)) as found:
        yield found


@contextmanager
def _mailed(home: Path, address: str) -> Iterator[Morning]:
    with serving() as server:
        installation = Installation(home, address, server)
        installation.environ["PLANNER_LANGUAGE"] = "en"
        installation.set_up()
        for title in ("Rolls", "Bread", "Cake"):
            words = ("post", "add", "Google Business Profile", "2026-12-01T07:30", "--title", title, "--text", "Fresh.")
            assert installation.run("2026-11-30T12:00", *words) == 0
        found = Morning(home, installation, EmailMessage())
        with found.page() as _port:
            server.wait_for(1)
        arrived = email.message_from_bytes(server.taken[0].data, policy=email.policy.default)
        assert isinstance(arrived, EmailMessage)
        found.mail = arrived
        yield found


def ask(
    port: int, method: str, link: str, body: bytes = b"", kind: str = "application/x-www-form-urlencoded"
) -> Answer:
    """A request without any cookie, to where the link leads: the page stands on another address here."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request(method, link.removeprefix(BASE), body or None, {"Content-Type": kind} if method == "POST" else {})
        answer = line.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
    finally:
        line.close()


def at_once(port: int, requests: list[tuple[str, str]]) -> list[Answer]:
    """Requests in the same moment, as far as there is one."""
    ready, answers = threading.Barrier(len(requests)), list[Answer]()

    def run(method: str, link: str) -> None:
        ready.wait()
        answers.append(ask(port, method, link))

    threads = [threading.Thread(target=run, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.full
def test_looking_changes_nothing_however_often_and_at_once(morning: Morning) -> None:
    acting = [link for link in morning.links if "/a/" in link or "/unsubscribe/" in link]
    assert len(acting) == 4 * 3 + 1
    with morning.page() as port:
        before = morning.state()
        for link in morning.links:
            for method in ("HEAD", "GET", "GET"):
                answer = ask(port, method, link)
                assert answer.status in (200, 303), (link, answer.status)
                assert "Set-Cookie" not in answer.headers
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["Cache-Control"] == "no-store"
        for link in acting:
            assert [answer.status for answer in at_once(port, [("GET", link)] * 10)] == [200] * 10
            assert "<form" in ask(port, "GET", link).text
        assert morning.state() == before


@pytest.mark.full
def test_pressed_twice_in_two_tabs_and_from_an_old_mail(morning: Morning) -> None:
    rolls, bread, cake = (morning.verbs(title) for title in ("Rolls", "Bread", "Cake"))
    with morning.page() as port:
        # Twice, and ten times in the same moment: once.
        answers = at_once(port, [("POST", rolls["Done"])] * 10)
        assert [answer.status for answer in answers] == [200] * 10
        done = morning.post("Rolls")
        assert (done.status, done.revision) == ("posted", 2)
        again = ask(port, "POST", rolls["Done"])
        assert (again.status, "It is posted" in again.text) == (200, True)
        assert morning.post("Rolls") == done

        # Done in one tab, skip in the other: the second is told how things are.
        assert ask(port, "GET", bread["Skip"]).text.count("Skip it this time") == 1
        assert ask(port, "POST", bread["Done"]).status == 200
        done = morning.post("Bread")
        told = ask(port, "POST", bread["Skip"])
        assert (told.status, "This was settled before" in told.text) == (200, True)
        assert "settled already" in ask(port, "GET", bread["Skip"]).text
        assert morning.post("Bread") == done

        # Put off; then the old mail again, the next day: not put off twice, but still good for Done.
        assert ask(port, "POST", cake["Tomorrow"]).status == 200
        moved = morning.post("Cake")
        assert f"{moved.due_local:%m-%d}" == "12-02"
        assert ask(port, "POST", cake["Tomorrow"]).status == 200
    with morning.page("2026-12-02T09:00") as port:
        late = ask(port, "POST", cake["Tomorrow"])
        assert (late.status, "Wednesday, 2 December" in late.text) == (200, True)
        assert morning.post("Cake") == moved
        assert ask(port, "POST", cake["Done"]).status == 200
        assert morning.post("Cake").status == "posted"


def test_both_in_the_same_moment_end_in_one_state(morning: Morning) -> None:
    """Skipping a post that is posted is refused, posting one that was skipped is not: it ends posted either way."""
    verbs = morning.verbs("Rolls")
    with morning.page() as port:
        answers = at_once(port, [("POST", verbs["Done"]), ("POST", verbs["Skip"])] * 4)
    assert [answer.status for answer in answers] == [200] * 8
    found = morning.post("Rolls")
    assert (found.status, found.skip_reason, found.revision <= 3) == ("posted", "", True)


@pytest.mark.full
def test_what_is_forged_old_or_of_another_key_is_a_page_and_changes_nothing(morning: Morning) -> None:
    post, verbs = morning.post("Rolls"), morning.verbs("Rolls")
    foreign = Links([WRONG_KEY], BASE).action("done", post, post.due_at)  # type: ignore[arg-type]
    good, [key] = verbs["Done"], morning.keys()
    forged = [foreign, good[:-3], good + "A", good.replace("/a/", "/a/x"), morning.unsubscribe.replace("/unsub", "/a")]
    swapped = [good.replace("/a/", "/unsubscribe/"), good.replace("/a/", "/sign-in/"), f"{BASE}/a/{'x' * 3000}"]

    def refused(port: int, links: list[str], status: int) -> None:
        before = morning.state()
        for link in links:
            for method in ("GET", "HEAD", "POST"):
                answer = ask(port, method, link)
                assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8"), link
        assert morning.state() == before

    with morning.page() as port:
        refused(port, [*forged, *swapped], 404)
        assert ask(port, "GET", good).status == 200
    with morning.page(TWO_WEEKS_ON) as port:
        refused(port, list(verbs.values()), 410)
    file = morning.home / "secret.key"
    file.write_text("a new key, the old one is withdrawn\n".replace(" ", "-"))
    with morning.page() as port:
        refused(port, [*verbs.values(), morning.unsubscribe], 404)
    file.write_text(f"a-new-key-the-old-one-is-still-good\n{key}\n")
    with morning.page() as port:
        assert ask(port, "GET", good).status == 200
        assert ask(port, "POST", good).status == 200
    assert morning.post("Rolls").status == "posted"


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=xyz", "application/x-www-form-urlencoded"])
def test_one_click_unsubscribing(morning: Morning, kind: str) -> None:
    """RFC 8058, as a mail program does it: no cookie, no redirect, no look at the page first."""
    assert str(morning.mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    body = b"List-Unsubscribe=One-Click"
    if kind.startswith("multipart"):
        part = b'Content-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click'
        body = b"--xyz\r\n" + part + b"\r\n--xyz--\r\n"
    with morning.page() as port:
        assert "<form" in ask(port, "GET", morning.unsubscribe).text
        assert morning.wants_digests()
        for _ in range(2):
            answer = ask(port, "POST", morning.unsubscribe, body, kind)
            assert answer.status == 200
            assert not {"Location", "Set-Cookie"} & answer.headers.keys()
            assert not morning.wants_digests()


# A scanner that runs scripts: it opens every link in a frame, asks for it by script, and fetches it beforehand.
SCANNER = """<!doctype html><title>waiting</title><body><script>
const links = LINKS;
const frames = links.map((link) => new Promise((done) => {
  const hint = document.createElement("link");
  hint.rel = "prefetch"; hint.href = link; document.head.append(hint);
  const frame = document.createElement("iframe");
  frame.onload = done; frame.src = link; document.body.append(frame);
}));
const asked = links.map((link) => fetch(link, {mode: "no-cors"}));
Promise.allSettled([...frames, ...asked]).then((all) => {
  document.title = "looked " + all.filter((each) => each.status === "fulfilled").length;
});
</script>"""


@pytest.mark.full
def test_a_browser_that_runs_scripts_changes_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, postgres_address: str
) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "Chromium is not installed. This test needs it: apt install chromium"
    with _mailed(tmp_path / "home", postgres_address) as morning, morning.page() as port:
        before, count = morning.state(), 0
        acting = [link for link in morning.links if link != f"{BASE}/"]
        scanner = tmp_path / "scanner.html"
        scanner.write_text(SCANNER.replace("LINKS", str(acting)))

        def shown(address: str) -> str:
            nonlocal count
            count += 1
            command = [
                chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--no-first-run", f"--user-data-dir={tmp_path / f'browser{count}'}", "--timeout=15000",
                "--virtual-time-budget=10000", f"--host-resolver-rules=MAP planner.test:80 127.0.0.1:{port}",
                "--dump-dom", address,
            ]  # fmt: skip
            return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=90, check=True).stdout

        for link in [*acting[:4], morning.unsubscribe]:
            assert "<form" in shown(link), link
        assert f"<title>looked {2 * len(acting)}</title>" in shown(scanner.as_uri())
        assert morning.state() == before
        assert morning.wants_digests()
