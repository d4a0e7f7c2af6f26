"""Messages on the page: what went out, what waits, what failed and why; one mail; the next one; send again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from planner.actions.compose import Composer
from planner.actions.messages import coming, preview
from planner.core.model import Message, MessageKind, MessageState
from planner.language import kept
from planner.store.queries import businesses, outbox
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/messages"


@pytest.fixture
def signed_in(planner: Planner) -> Planner:
    """On Tuesday at 9:30, when Google's post is due."""
    planner.at("2026-12-01T08:30")
    planner.sign_in()
    return planner


def add(planner: Planner, state: str = "sent", number: int = 1, **values: Any) -> int:
    """A morning mail of some day; its id."""
    with planner.database.write() as tx:
        business = businesses.get(tx, 1)
        due = planner.now - timedelta(days=number)
        outbox.add(
            tx, key=f"digest:1:x{number}", kind="digest", business_id=1, recipient=business.email,
            local_date=due.date(), due_at=due, expires_at=due + timedelta(hours=12), next_try_at=due, state=state,
            created_at=due, **values,
        )  # fmt: skip
        return outbox.recent(tx, 1, 1000)[-1].id


def bytes_of(planner: Planner) -> bytes:
    """A morning mail as it would go out."""
    composer = Composer(planner.links, "Planner <planner@example.org>", ["k"])
    with planner.database.read() as tx:
        business = businesses.get(tx, 1)
        next_one = coming(MessageKind.DIGEST, business, planner.now - timedelta(days=1))
        assert next_one is not None
        written = preview(tx, composer, business, MessageKind.DIGEST, next_one)
    return written.mime  # type: ignore[union-attr]


def again(planner: Planner, message_id: int) -> Message:
    with planner.database.read() as tx:
        return outbox.get(tx, message_id)


def test_every_state_in_words_with_its_reason(signed_in: Planner) -> None:
    words = {
        "sent": "gesendet", "pending": "wartet", "leased": "in Arbeit", "dead": "aufgegeben", "expired": "zu spät",
        "superseded": "erledigt, nichts zu sagen", "suppressed": "nicht gesendet",
    }  # fmt: skip
    for number, state in enumerate(words, 1):
        reason = kept("The server said no: {reply}", reply=f"550 5.1.1 {state}") if state == "dead" else ""
        add(signed_in, state, number, error=reason)
    page = signed_in.browser.get(PATH).text
    for word in words.values():
        assert word in page
    assert "Der Server hat abgelehnt: 550 5.1.1 dead" in page


@on_sqlite
@pytest.mark.parametrize("said", ["", "?said=written"])
def test_that_no_server_is_set_is_said_once(make: Callable[..., Planner], said: str) -> None:
    planner = make(mail_folder="/srv/planner/mail")
    planner.sign_in()
    html = planner.browser.get(f"{PATH}{said}").text
    assert html.count("Mailserver") == 1
    assert html.count("/srv/planner/mail") == 1
    assert ("Die Testmail ist geschrieben." in html) == bool(said)


@on_sqlite
def test_fifty_a_page_in_few_statements_without_their_bytes(signed_in: Planner) -> None:
    for number in range(1, 121):
        add(signed_in, number=number, mime=b"x" * 1000)
    said: list[str] = []
    event.listen(signed_in.database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    pages = [signed_in.browser.get(f"{PATH}?page={number}").text for number in (1, 2, 3, 4)]
    assert [page.count(f'href="{PATH}/') - 2 for page in pages] == [50, 50, 20, 0]
    assert ['rel="next"' in page for page in pages] == [True, True, False, False]
    assert ['rel="prev"' in page for page in pages] == [False, True, True, True]
    assert len(said) <= 4 * 8
    assert not any("outbox.mime," in statement for statement in said)


@on_sqlite
@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "٣"])
def test_a_page_that_is_none_is_the_first(signed_in: Planner, number: str) -> None:
    add(signed_in)
    assert "gesendet" in signed_in.browser.get(f"{PATH}?page={number}").text or number == "٣"


def test_one_mail_shows_its_words_and_no_link_that_acts(signed_in: Planner) -> None:
    number = add(signed_in, mime=bytes_of(signed_in), message_id="<1@x>", reply_text="2.0.0 queued as 4AB")
    page = signed_in.browser.get(f"{PATH}/{number}").text
    assert "Heute: Google-Unternehmensprofil" in page
    assert "2.0.0 queued as 4AB" in page
    assert "/a/…" in page
    tokens = [piece for piece in bytes_of(signed_in).decode().split() if "/a/" in piece or "/unsubscribe/" in piece]
    assert tokens
    assert "/a/W" not in page
    assert "/unsubscribe/W" not in page


@on_sqlite
def test_markup_in_a_mail_is_text(signed_in: Planner) -> None:
    mime = b"Subject: <script>a</script>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n<img src=x onerror=b>\r\n"
    page = signed_in.browser.get(f"{PATH}/{add(signed_in, mime=mime)}").text
    assert "&lt;script&gt;a" in page
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


@on_sqlite
def test_a_mail_of_another_business_is_not_there(signed_in: Planner) -> None:
    number = add(signed_in)
    assert signed_in.browser.get(f"/businesses/2/messages/{number}").status_code == 404
    assert signed_in.browser.get(f"{PATH}/{number + 1}").status_code == 404
    assert signed_in.send(f"/businesses/2/messages/{number}/again").status_code == 404


@pytest.mark.parametrize("state", ["sent", "dead", "expired", "suppressed", "pending"])
def test_send_again(signed_in: Planner, state: str) -> None:
    number = add(signed_in, state, attempts=3, error="x")
    answer = signed_in.send(f"{PATH}/{number}/again")
    assert answer.headers["Location"] == f"{PATH}/{number}?said=again"
    message = again(signed_in, number)
    assert (message.state, message.attempts, message.error) == (MessageState.PENDING, 0, "")
    assert message.next_try_at == signed_in.now
    assert "Sie geht innerhalb einer Minute" in signed_in.browser.get(answer.headers["Location"]).text


@pytest.mark.parametrize("state", ["leased", "data_started"])
def test_what_is_in_hand_is_left_alone(signed_in: Planner, state: str) -> None:
    number = add(signed_in, state)
    before = again(signed_in, number)
    for verb in ("again", "drop"):
        answer = signed_in.send(f"{PATH}/{number}/{verb}")
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
    assert again(signed_in, number) == before


def test_do_not_send_it(signed_in: Planner) -> None:
    number = add(signed_in, "pending")
    assert signed_in.send(f"{PATH}/{number}/drop").status_code == 303
    assert again(signed_in, number).state is MessageState.SUPPRESSED
    assert signed_in.send(f"{PATH}/{number}/drop").status_code == 409


@on_sqlite
def test_looking_changes_nothing(signed_in: Planner) -> None:
    add(signed_in, "pending")
    with signed_in.database.read() as tx:
        before = outbox.recent(tx, 1, 10), businesses.get(tx, 1)
    for path in (PATH, f"{PATH}/1", f"{PATH}/preview/digest", f"{PATH}/preview/summary", f"{PATH}/test"):
        assert signed_in.browser.get(path).status_code == 200
    with signed_in.database.read() as tx:
        assert (outbox.recent(tx, 1, 10), businesses.get(tx, 1)) == before
    assert signed_in.browser.get(f"{PATH}/1/again").status_code == 405


def test_tomorrow_s_mail_beforehand(signed_in: Planner) -> None:
    page = signed_in.browser.get(f"{PATH}/preview/digest").text
    assert "Mittwoch, 2. Dezember, 08:00" in page
    assert "YouTube" in page  # due on the first Wednesday
    assert "NOCH OFFEN" in page  # Google's of today, if nobody does it
    assert "/a/W" not in page


@on_sqlite
def test_a_waiting_mail_as_it_would_be_now(signed_in: Planner) -> None:
    page = signed_in.browser.get(f"{PATH}/{add(signed_in, 'pending')}").text
    assert "So sähe sie jetzt aus" in page
    assert "Google-Unternehmensprofil" in page


@on_sqlite
def test_no_mail_is_said_to_come_when_none_does(signed_in: Planner) -> None:
    assert "Diese Mail ist ausgeschaltet" in signed_in.browser.get(f"{PATH}/preview/nudge").text
    signed_in.at("2026-11-28T08:00")  # Saturday; on Sunday nothing is due
    assert "darum kommt keine Mail" in signed_in.browser.get(f"{PATH}/preview/digest").text


@on_sqlite
def test_a_way_out_that_fails_is_said(signed_in: Planner) -> None:
    with signed_in.database.write() as tx:
        reason = kept("User name or password was refused: {reply}", reply="535 no")
        outbox.set_way_out(tx, "smtp.example.org:587", failures=2, reason=reason, paused_until=None)
    page = signed_in.browser.get(PATH).text
    assert "Etwas stimmt nicht" in page
    assert "Benutzername oder Passwort" in page
