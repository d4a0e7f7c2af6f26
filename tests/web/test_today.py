"""The page: what it shows, what its buttons do, and that nobody else can press them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from planner.actions.access import new_nonce
from planner.actions.channels import add_channel
from planner.actions.posts import add, complete, edit
from planner.core.model import Post, Status
from planner.store.queries import businesses, channels, outbox
from planner.web import without_secrets
from web.conftest import HOME, Planner, on_sqlite, utc


def section(html: str, heading: str) -> str:
    """What is below a heading, up to the next one."""
    return html.split(f"<h2>{heading}</h2>")[1].split("<h2>")[0]


def test_the_day(page: Planner, post: Post) -> None:
    html = page.browser.get("/").text
    assert "<h1>Dienstag, 1. Dezember</h1>" in html
    due = section(html, "Heute fällig")
    assert post.title in due
    assert "09:00" in due
    for verb in ("done", "tomorrow", "skip"):
        assert f'action="/posts/{post.id}/{verb}"' in due
    coming = section(html, "Die nächsten sieben Tage")
    # Wednesday's video, Thursday's WhatsApp, and Google's next on the 8th, the seventh day from today.
    assert coming.count("data-post=") == 3
    assert "Dienstag, 8. Dezember" in coming
    assert page.post("2026-12-08").text.partition("\n")[0] in coming
    for verb in ("done", "skip", "later", "tomorrow"):  # tomorrow's is due a day later, the others tomorrow
        assert coming.count(f'/{verb}"') == {"done": 3, "skip": 3, "later": 1, "tomorrow": 2}[verb]
    page.at("2026-12-04T08:30")  # Friday: nothing was done
    html = page.browser.get("/").text
    still_open = section(html, "Noch offen")
    assert [still_open.count(f'class="card {word}"') for word in ("late", "missed")] == [2, 1]


def test_a_day_with_nothing_and_a_day_on_which_all_is_done(page: Planner, post: Post) -> None:
    page.at("2026-11-30T08:30")
    assert "quiet-day" in page.browser.get("/").text
    page.at("2026-12-01T08:30")
    page.send(f"/posts/{post.id}/done")
    html = page.browser.get("/").text
    assert "quiet-day" in html
    assert post.title in section(html, "Heute erledigt")


@pytest.mark.parametrize(
    ("verb", "status", "due"),
    [
        ("done", Status.POSTED, datetime(2026, 12, 1, 9)),
        ("skip", Status.SKIPPED, datetime(2026, 12, 1, 9)),
        ("tomorrow", Status.PLANNED, datetime(2026, 12, 2, 9)),
        ("later", Status.PLANNED, datetime(2026, 12, 2, 9)),
    ],
)
def test_the_buttons_and_their_undo(page: Planner, post: Post, verb: str, status: Status, due: datetime) -> None:
    form = {"due": post.due_local.isoformat()} if verb in ("tomorrow", "later") else {}
    answer = page.send(f"/posts/{post.id}/{verb}", **form)
    assert answer.status_code == 303
    acted = page.again(post)
    assert (acted.status, acted.due_local) == (status, due)
    html = page.browser.get(answer.headers["Location"]).text
    undo = html.split('name="undo" value="')[1].split('"')[0]
    again = page.send(f"/posts/{post.id}/{verb}", **form)
    assert "undo" not in again.headers["Location"]
    assert page.again(post) == acted
    page.send("/undo", undo=undo)
    assert (page.again(post).status, page.again(post).due_local) == (post.status, post.due_local)


def test_done_with_a_link_then_reopened(page: Planner, post: Post) -> None:
    page.send(f"/posts/{post.id}/done", link="https://g.co/1")
    assert page.again(post).link == "https://g.co/1"
    assert 'href="https://g.co/1"' in page.browser.get(f"/posts/{post.id}").text
    page.send(f"/posts/{post.id}/reopen")
    assert page.again(post).open


def test_a_page_left_open_for_days_is_shown_anew(page: Planner, post: Post) -> None:
    left = page.send(f"/posts/{post.id}/done").headers["Location"]
    assert 'name="undo"' in page.browser.get(left).text
    page.moment[0] += timedelta(days=3)
    answer = page.browser.get(left)
    assert answer.status_code == 200
    assert 'name="undo"' not in answer.text
    for bad in ("x", "a.b", "%00"):
        assert page.browser.get(f"/?undo={bad}").status_code == 200


def test_skipping_what_is_posted_is_explained(page: Planner, post: Post) -> None:
    with page.database.write() as tx:
        complete(tx, post.id, now=page.now)
    assert page.send(f"/posts/{post.id}/skip").status_code == 409


# --- only our own forms ---------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("csrf", "headers"),
    [
        ("", {}),
        ("0" * 64, {}),
        (None, {"Origin": "https://evil.test"}),
        (None, {"Origin": "http://localhost.evil.test"}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Sec-Fetch-Site": "same-site"}),
    ],
)
@pytest.mark.parametrize("path", ["/posts/{id}/done", "/undo", "/sign-out"])
def test_no_other_page_can_press_the_buttons(
    page: Planner, post: Post, path: str, csrf: str | None, headers: dict[str, str]
) -> None:
    form = {} if csrf is None else {"csrf": csrf}
    assert page.send(path.format(id=post.id), headers, **form).status_code == 403
    assert page.again(post) == post
    assert page.browser.get("/").status_code == 200


@on_sqlite
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},  # what a browser says that is told to send no referrer
        {"Origin": HOME},  # behind a proxy that gives us another host
        {},  # an old browser
    ],
)
def test_our_own_page_can(page: Planner, post: Post, headers: dict[str, str]) -> None:
    assert page.send(f"/posts/{post.id}/done", headers).status_code == 303


def test_the_token_is_that_of_the_session(page: Planner, post: Post) -> None:
    old = page.csrf
    page.sign_in()
    assert page.csrf != old
    page.csrf = old
    assert page.send(f"/posts/{post.id}/done").status_code == 403


@on_sqlite
@pytest.mark.parametrize("path", ["/posts/1/done", "/undo"])
def test_strangers_cannot_act(planner: Planner, path: str) -> None:
    assert planner.send(path).status_code == 303
    assert planner.post("2026-12-01").status is Status.PLANNED


# --- what people and robots type ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/posts/0", 404), ("/posts/99999", 404), ("/posts/2147483648", 404), ("/posts/9999999999999999999999", 404),
        ("/posts/-1", 404), ("/posts/x", 404), ("/businesses/99", 404), ("/businesses/2147483648", 404),
        ("/wp-login.php", 404), ("/static/../../secret.key", 404), ("/static/%2e%2e/site.py", 404), ("/posts/%00", 404),
    ],
)  # fmt: skip
def test_what_is_not_there(page: Planner, path: str, status: int) -> None:
    assert page.browser.get(path).status_code == status


@on_sqlite
@pytest.mark.parametrize("verb", ["", "explode", "../1/done"])
def test_there_is_no_such_verb(page: Planner, post: Post, verb: str) -> None:
    assert page.send(f"/posts/{post.id}/{verb}").status_code in (404, 405)
    assert page.again(post) == post


@on_sqlite
@pytest.mark.parametrize(
    ("due", "status"), [("tomorrow", 400), ("2026-13-01", 400), ("9999-12-31T09:00", 400), ("2026-12-05T09:00", 409)]
)
def test_a_form_with_another_time_puts_nothing_off(page: Planner, post: Post, due: str, status: int) -> None:
    assert page.send(f"/posts/{post.id}/tomorrow", due=due).status_code == status
    assert page.again(post) == post


@on_sqlite
def test_too_much_at_once(page: Planner, post: Post) -> None:
    assert page.send(f"/posts/{post.id}/done", link="https://x.example/" + "x" * 300_000).status_code == 413


@on_sqlite
def test_words_of_people_are_words(page: Planner, post: Post) -> None:
    nasty = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    with page.database.write() as tx:
        edit(tx, post.id, title=nasty, text=nasty, now=page.now)
        businesses.change(tx, 1, name=nasty)
    for path in ("/", f"/posts/{post.id}", page.links.action("done", post, page.now).removeprefix(HOME)):  # type: ignore[arg-type]
        html = page.browser.get(path).text
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "{{ 7*7 }}" in html


# --- notices --------------------------------------------------------------------------------------------


@on_sqlite
def test_where_mails_go_when_there_is_no_server(make: Callable[..., Planner]) -> None:
    planner = make(mail_folder="/srv/planner/mail")
    planner.sign_in()
    assert "/srv/planner/mail" in planner.browser.get("/").text


def test_mails_that_do_not_get_out_are_told_of(page: Planner) -> None:
    assert 'role="alert"' not in page.browser.get("/").text
    with page.database.write() as tx:
        outbox.set_way_out(tx, "smtp.example:587", failures=2, reason="Passwort falsch", paused_until=page.now)
        for _ in range(2):
            outbox.blame(tx, "chef@baeckerei.example", "550 no such user", page.now)
    html = page.browser.get("/").text
    assert "Passwort falsch" in html
    assert "550 no such user" in html


def test_several_businesses_are_chosen_from(page: Planner, texts: object) -> None:
    with page.database.write() as tx:
        other = businesses.add(tx, name="Café Huber", timezone="Europe/Vienna", language="en", created_at=page.now)
        channel = add_channel(tx, other, "gbp", "Maps", now=page.now)
        made = add(tx, other, channel, datetime(2026, 12, 1, 10), title="Coffee", now=page.now)
    html = page.browser.get("/").text
    assert "Café Huber" in html
    assert "Bäckerei Sonnenschein" in html
    day = page.browser.get(f"/businesses/{other.id}").text
    assert '<html lang="en">' in day
    assert "Tuesday, 1 December" in day
    answer = page.send(f"/posts/{made.id}/done")
    assert answer.headers["Location"].startswith(f"/businesses/{other.id}?undo=")
    with page.database.read() as tx:
        assert [channel.name for channel in channels.of_business(tx, other.id)] == ["Maps"]


# --- headers --------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/posts/99999", "/nowhere", "/a/x", "/static/planner.css", "/healthz"]
)
def test_every_answer_is_guarded(page: Planner, path: str) -> None:
    with page.browser.get(path) as answer:
        headers = answer.headers
    csp = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert csp["default-src"] == csp["frame-ancestors"] == csp["base-uri"] == "'none'"
    assert csp["script-src"] == csp["style-src"] == csp["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("at", "posted"),
    [
        ("2026-12-01T08:05:00.123Z", "2026-12-01T08:05"),
        ("2026-12-01T08:05:00+00:00", "2026-12-01T08:05"),
        ("2026-12-01T09:05", "2026-12-01T08:30"),  # without an offset nobody knows
        ("2026-12-02T08:05:00Z", "2026-12-01T08:30"),  # a phone whose clock is ahead
        ("2026-11-01T08:05:00Z", "2026-12-01T08:30"),  # or far behind
        ("", "2026-12-01T08:30"),
    ],
)
def test_done_without_network_keeps_the_moment_of_the_tap(page: Planner, at: str, posted: str) -> None:
    post = page.post("2026-12-01")
    assert page.send(f"/posts/{post.id}/done", at=at).status_code == 303
    found = page.again(post).posted_at
    assert found is not None
    assert found.replace(second=0, microsecond=0) == utc(posted)


@on_sqlite
@pytest.mark.parametrize("at", ["yesterday", "2026-13-01T00:00Z", "9" * 400])
def test_a_moment_nobody_can_read_is_refused(page: Planner, at: str) -> None:
    assert page.send("/posts/1/done", at=at).status_code == 400


def test_the_day_asks_six_questions_however_many_posts_there_are(page: Planner) -> None:
    statements: list[str] = []
    event.listen(page.database.engine, "before_cursor_execute", lambda *given: statements.append(str(given[2])))
    page.browser.get("/businesses/1")
    assert len([each for each in statements if each.startswith("SELECT")]) <= 6
    few = len(statements)
    with page.database.write() as tx:
        for n in range(50):
            add(
                tx,
                page.business,
                channels.of_business(tx, 1)[n % 3],
                datetime(2026, 12, 2, 8, n),
                title="x",
                now=page.now,
            )
    statements.clear()
    page.browser.get("/businesses/1")
    assert len(statements) == few


def test_what_was_done_can_be_given_its_address_and_what_was_skipped_a_reason(page: Planner) -> None:
    post = page.post("2026-12-01")
    day = page.browser.get(page.send(f"/posts/{post.id}/skip").headers["Location"]).text
    assert 'name="reason" value="Keine Zeit"' in day
    page.send(f"/posts/{post.id}/skip", reason="Keine Zeit")
    assert page.again(post).skip_reason == "Keine Zeit"
    day = page.browser.get(page.send(f"/posts/{post.id}/done").headers["Location"]).text
    assert 'name="link"' in day
    page.send(f"/posts/{post.id}/done", link="g.co/1")
    assert page.again(post).link == "https://g.co/1"


@on_sqlite
@pytest.mark.parametrize("path", ["/", "/posts/1", "/sign-in"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page: Planner, path: str) -> None:
    html = page.browser.get(path).text
    for forbidden in ("style=", "<style", "onclick", "onload", "javascript:"):
        assert forbidden not in html
    assert html.count("<script") == html.count('<script type="module" src="/static/') >= 1


@on_sqlite
def test_no_policy_of_ours_allows_what_is_unsafe(page: Planner) -> None:
    for path in ("/", "/sign-in", "/nowhere", "/a/x", page.feed(), "/healthz"):
        with page.browser.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert not [word for word in ("unsafe", "*", "http:", "https:", "blob:") if word in policy], path


@on_sqlite
@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/sessions", "/posts/1", "/nowhere", "/a/x", "/healthz", "/sign-in/x"]
)
def test_no_page_with_anything_on_it_is_kept_by_anybody(page: Planner, path: str) -> None:
    assert page.browser.get(path).headers["Cache-Control"] == "no-store"


@on_sqlite
def test_with_https_browsers_are_told_to_stay_there(make: Callable[..., Planner]) -> None:
    for home, said in (("https://planner.test", True), (HOME, False)):
        planner = make(home=home)
        for path in ("/", "/sign-in", "/healthz", "/feeds/x.ics"):
            assert ("Strict-Transport-Security" in planner.browser.get(path).headers) is said


@on_sqlite
def test_what_takes_a_change_back_opens_nothing_to_who_is_not_signed_in(page: Planner, post: Post) -> None:
    """It stands in the page's address, so a proxy may have written it down."""
    token = page.send(f"/posts/{post.id}/done").headers["Location"].partition("undo=")[2]
    done = page.again(post)
    stranger = page.browser.application.test_client()
    assert stranger.post("/a/undo", data={"undo": token}).status_code == 404
    assert stranger.post("/undo", data={"undo": token}).status_code == 303
    assert page.again(post) == done
    assert page.send("/undo", undo=token).status_code == 303
    assert page.again(post).open


@pytest.mark.parametrize(
    "odd", ["a\x00b", "a\r\nBcc: eve@evil.test", "\u202eexe.gnp", "a\u2028b", "\x9b31m", "\x1b[2J"]
)
def test_what_people_type_is_a_line_of_letters(page: Planner, post: Post, odd: str) -> None:
    assert page.send(f"/posts/{post.id}/skip", reason=odd).status_code == 303
    kept = page.again(post).skip_reason
    assert kept.isprintable()
    link = page.send(f"/posts/{post.id}/done", link=f"https://example.org/{odd}")
    assert link.status_code in (303, 400)
    assert page.again(post).link.isprintable()


@on_sqlite
def test_links_come_from_the_settings_and_not_from_the_request(page: Planner) -> None:
    path = page.feed()
    assert "evil.test" not in page.browser.get(path, headers={"Host": "evil.test"}).text
    answer = page.browser.get("/posts/1", headers={"Host": "evil.test"})
    assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/a/token.sig", "/a/…"),
        ("/feeds/secret.ics", "/feeds/…"),
        ("/sign-in/token", "/sign-in/…"),
        ("/unsubscribe/token", "/unsubscribe/…"),
        ("/posts/1/done", "/posts/1/done"),
        ("/", "/"),
    ],
)
def test_secrets_stay_out_of_the_log(path: str, logged: str) -> None:
    assert without_secrets(path) == logged


@on_sqlite
def test_a_fault_of_ours_is_a_page_and_a_line_without_secrets(page: Planner, caplog: pytest.LogCaptureFixture) -> None:
    path = page.feed()
    with page.database.write() as tx:
        tx.exec_driver_sql("DROP TABLE feed")
    assert page.browser.get(path).status_code == 500
    assert path.removeprefix("/feeds/") not in caplog.text
    assert "fault on GET /feeds/…" in caplog.text


def test_signing_in_works_without_scripts_and_twice_over_two_devices(page: Planner) -> None:
    phone = page.browser.application.test_client()
    phone.post(page.links.sign_in(new_nonce(), page.now).removeprefix(HOME))
    assert phone.get("/").status_code == page.browser.get("/").status_code == 200
