"""Submission against a real conversation on loopback: every kind of no, and every way a line can break."""

import dataclasses
import socket
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.server import CLOSE, DRIP, HANG, MailServer, serving, trusting_context
from planner.core.retry import Failure
from planner.notify import DeliveryFailed, NobodyListens, Reply
from planner.notify.smtp import SmtpTransport, Timeouts, classify

PIPELINING: list[list[str]] = [[], ["PIPELINING"]]
QUICK = Timeouts(connect=5, reply=5, data=5, whole=30)
MIME = b"Subject: x\r\n\r\nHello\r\n.starts with a dot\r\n..two\r\n"


def to(server: MailServer, **options: object) -> SmtpTransport:
    given = {"security": "none", "timeouts": QUICK, "context": trusting_context(), **options}
    return SmtpTransport("127.0.0.1", server.port, **given)  # type: ignore[arg-type]


def deliver(server: MailServer, **options: object) -> Reply:
    session = to(server, **options).open()
    try:
        return session.deliver("planner@example.org", "chef@example.org", MIME, NobodyListens())
    finally:
        session.close()


def failure_of(server: MailServer, **options: object) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        deliver(server, **options)
    return caught.value


def test_a_mail_arrives_byte_for_byte() -> None:
    with serving() as server:
        reply = deliver(server)
        (mail,) = server.taken
    assert (reply.code, reply.text) == (250, "ok")
    assert (mail.sender, mail.recipient, mail.data) == ("planner@example.org", "chef@example.org", MIME)


def test_many_mails_over_one_connection() -> None:
    with serving() as server:
        session = to(server).open()
        for _ in range(3):
            session.deliver("planner@example.org", "chef@example.org", MIME, NobodyListens())
        session.close()
        assert (server.connections, len(server.taken)) == (1, 3)


@pytest.mark.parametrize(
    ("step", "answer", "failure"),
    [
        ("MAIL", "451 4.3.0 try again", Failure.LATER),
        ("MAIL", "550 5.7.1 sender refused", Failure.CONFIGURATION),
        ("MAIL", "553 not your address", Failure.CONFIGURATION),
        ("MAIL", "530 5.7.0 authentication required", Failure.CONFIGURATION),
        ("MAIL", "421 4.3.2 closing", Failure.CHANNEL),
        ("RCPT", "450 4.2.0 greylisted", Failure.LATER),
        ("RCPT", "452 4.2.2 mailbox full", Failure.LATER),
        ("RCPT", "550 5.1.1 no such user", Failure.ADDRESS),
        ("RCPT", "550 no such user", Failure.ADDRESS),
        ("RCPT", "552 5.2.2 mailbox full", Failure.MAILBOX_FULL),
        ("RCPT", "554 5.7.1 relay access denied", Failure.CONFIGURATION),
        ("DATA", "451 4.3.0 later", Failure.LATER),
        ("DATA", "554 5.5.1 no", Failure.CONTENT),
        ("end", "451 4.3.0 later", Failure.LATER),
        ("end", "452 4.3.1 disk full", Failure.LATER),
        ("end", "552 5.3.4 too big", Failure.CONTENT),
        ("end", "554 5.6.0 malformed", Failure.CONTENT),
        ("end", "550 5.7.515 no DMARC", Failure.CONFIGURATION),
        ("end", "421 4.3.2 closing", Failure.CHANNEL),
        # the line breaks before the mail: not delivered, not the mail's fault
        ("MAIL", CLOSE, Failure.CHANNEL),
        ("RCPT", CLOSE, Failure.CHANNEL),
        ("DATA", CLOSE, Failure.CHANNEL),
        ("RCPT", "25" + CLOSE, Failure.CHANNEL),
    ],
)
@pytest.mark.parametrize("offers", PIPELINING)
def test_every_no_is_understood_and_nothing_was_taken(
    step: str, answer: str, failure: Failure, offers: list[str]
) -> None:
    with serving(offers=offers, script={step: [answer]}) as server:
        assert failure_of(server).failure is failure
        assert server.taken == []


@pytest.mark.parametrize("offers", PIPELINING)
@pytest.mark.parametrize("answer", [CLOSE, "25" + CLOSE, "2" + CLOSE, HANG, "rubbish"])
def test_after_the_dot_nobody_knows(answer: str, offers: list[str]) -> None:
    with serving(offers=offers, script={"end": [answer]}) as server:
        error = failure_of(server, timeouts=dataclasses.replace(QUICK, data=0.3))
        assert error.failure is Failure.AMBIGUOUS
        assert len(server.taken) == 1


@pytest.mark.parametrize("answer", ["421 too slow", CLOSE, "rubbish", HANG])
def test_what_comes_to_quit_does_not_matter(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(script={"QUIT": [answer]}) as server:
        assert deliver(server, timeouts=dataclasses.replace(QUICK, goodbye=0.3)).code == 250


def test_after_a_no_the_same_line_takes_the_next_mail() -> None:
    with serving(script={"RCPT": ["550 5.1.1 no such user"]}) as server:
        session = to(server).open()
        with pytest.raises(DeliveryFailed):
            session.deliver("planner@example.org", "nobody@example.org", MIME, NobodyListens())
        session.deliver("planner@example.org", "chef@example.org", MIME, NobodyListens())
        session.close()
        assert (server.connections, [mail.recipient for mail in server.taken]) == (1, ["chef@example.org"])


class Told(NobodyListens):
    """Writes down the moments, and what the server had heard and taken by then; may raise at one of them."""

    def __init__(self, server: MailServer, raises: str = "") -> None:
        self.moments: list[tuple[str, int]] = []
        self._server, self._raises = server, raises

    def _note(self, name: str) -> None:
        self.moments.append((name, len(self._server.taken)))
        if name == self._raises:
            raise KeyError("not mine")

    def said(self) -> None:
        self._note("said")

    def data_starts(self) -> None:
        self._note("data starts")

    def all_out(self) -> None:
        self._note("all out")


@pytest.mark.parametrize("offers", PIPELINING)
def test_the_moments_come_in_order(offers: list[str]) -> None:
    with serving(offers=offers) as server:
        told = Told(server)
        session = to(server).open()
        session.deliver("planner@example.org", "chef@example.org", MIME, told)
        assert [name for name, _taken in told.moments] == ["said", "data starts", "all out"]
        assert [taken for _name, taken in told.moments[:2]] == [0, 0]
        session.close()


@pytest.mark.parametrize("offers", PIPELINING)
@pytest.mark.parametrize("moment", ["said", "data starts"])
def test_what_is_raised_before_the_data_passes_and_ends_the_conversation(moment: str, offers: list[str]) -> None:
    with serving(offers=offers) as server:
        session = to(server).open()
        with pytest.raises(KeyError):
            session.deliver("planner@example.org", "chef@example.org", MIME, Told(server, moment))
        with pytest.raises(DeliveryFailed) as caught:
            session.deliver("planner@example.org", "chef@example.org", MIME, NobodyListens())
        assert caught.value.failure is Failure.CHANNEL
        assert server.taken == []


def test_where_the_server_offers_it_all_is_said_at_once() -> None:
    """While the first reply is made the rest of the commands lies there already."""
    waiting: list[bytes] = []

    def looks() -> str:
        waiting.append(server.lying_there())
        return "250 ok"

    with serving(offers=["PIPELINING"], script={"MAIL": [looks, looks]}) as server:
        session = to(server).open()
        for _ in range(2):
            session.deliver("planner@example.org", "chef@example.org", MIME, NobodyListens())
        session.close()
        assert waiting == [b"RCPT TO:<chef@example.org>\r\nDATA\r\n"] * 2
        assert [mail.data for mail in server.taken] == [MIME, MIME]


@pytest.mark.parametrize("lets_data_pass", [False, True])
def test_after_a_no_in_the_middle_of_a_pipeline_nothing_is_sent(lets_data_pass: bool) -> None:
    """RFC 2920, 3.1: a server may say yes to DATA though it said no to the only recipient; then a lone dot ends it."""
    script = {"RCPT": ["550 5.1.1 no such user"], **({"DATA": ["354 go on"]} if lets_data_pass else {})}
    with serving(offers=["PIPELINING"], script=script) as server:
        session = to(server).open()
        with pytest.raises(DeliveryFailed) as caught:
            session.deliver("planner@example.org", "nobody@example.org", MIME, NobodyListens())
        assert caught.value.failure is Failure.ADDRESS
        session.deliver("planner@example.org", "chef@example.org", MIME, NobodyListens())
        session.close()
        assert (server.connections, [mail.recipient for mail in server.taken]) == (1, ["chef@example.org"])


def test_a_command_is_one_line() -> None:
    with serving() as server:
        session = to(server).open()
        with pytest.raises(ValueError, match="one line"):
            session.deliver("planner@example.org", "a@b.example>\r\nRCPT TO:<c@d.example", MIME, NobodyListens())
        session.close()
        assert not any("c@d.example" in line for line in server.said)


@pytest.mark.parametrize("step", ["greeting", "MAIL", "end"])
def test_a_server_that_drips_is_cut_off(step: str) -> None:
    with serving(script={step: [DRIP]}) as server:
        error = failure_of(server, timeouts=Timeouts(connect=5, reply=5, data=5, whole=0.3))
        assert error.failure is (Failure.AMBIGUOUS if step == "end" else Failure.CHANNEL)


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL"])
def test_a_server_that_hangs_is_given_up(step: str) -> None:
    with serving(script={step: [HANG]}) as server:
        error = failure_of(server, timeouts=dataclasses.replace(QUICK, connect=0.3, reply=0.3))
        assert error.failure is Failure.CHANNEL


# --- the way there, in words ----------------------------------------------------------------------------


def test_tls_from_the_first_byte() -> None:
    with serving(implicit_tls=True) as server:
        assert deliver(server, security="tls").code == 250


@pytest.mark.parametrize(("password", "sent"), [("secret", "AG1lAHNlY3JldA=="), ("Öl", "AG1lAMOWbA==")])
def test_starttls_and_a_password(password: str, sent: str) -> None:
    with serving(offers=["STARTTLS", "AUTH PLAIN"]) as server:
        assert deliver(server, security="starttls", user="me", password=password).code == 250
        assert server.said[:4] == ["ehlo [127.0.0.1]", "STARTTLS", "ehlo [127.0.0.1]", f"AUTH PLAIN {sent}"]


def test_without_starttls_nothing_is_said_in_plain_text() -> None:
    with serving(offers=["AUTH PLAIN"]) as server:
        error = failure_of(server, security="starttls", user="me", password="geheim")
        assert error.failure is Failure.CONFIGURATION
        assert "STARTTLS" in error.sentence()
        assert server.said == ["ehlo [127.0.0.1]"]


def test_plain_text_is_for_this_machine_only() -> None:
    with pytest.raises(DeliveryFailed) as caught:
        SmtpTransport("192.0.2.1", 25, "none").open()
    assert caught.value.failure is Failure.CONFIGURATION
    assert "192.0.2.1 is not this machine" in caught.value.sentence()


UNKNOWN = {"security": "starttls", "context": None}
WRONG, WRONG_TOO = {"user": "me", "password": "wrong"}, {"user": "me", "password": "fälsch"}


@pytest.mark.parametrize(
    ("options", "script", "failure", "words"),
    [
        (UNKNOWN, {}, Failure.CONFIGURATION, "The certificate of 127.0.0.1 is not valid"),
        ({"security": "tls"}, {}, Failure.CONFIGURATION, "No TLS with 127.0.0.1:"),
        (WRONG, {"AUTH": ["535 5.7.8 no"] * 2}, Failure.CONFIGURATION, "User name or password was refused: 535 5.7.8"),
        (WRONG_TOO, {"AUTH": ["535 5.7.8 no"]}, Failure.CONFIGURATION, "User name or password was refused: 535 5.7.8"),
        ({}, {"greeting": ["554 no service"]}, Failure.CHANNEL, "The server turned us away: 554 no service"),
        ({}, {"greeting": ["421 busy"]}, Failure.CHANNEL, "The server turned us away: 421 busy"),
        ({}, {"greeting": [CLOSE]}, Failure.CHANNEL, "The server closed the line"),
        ({}, {"MAIL": ["550 5.7.1 not you"]}, Failure.CONFIGURATION, "The server refused the sender: 550 5.7.1 not"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    options: dict[str, object], script: dict[str, list[str]], failure: Failure, words: str
) -> None:
    with serving(offers=["STARTTLS", "AUTH PLAIN"], script=script) as server:
        error = failure_of(server, **options)
    assert error.failure is failure
    assert error.sentence().startswith(words)


@pytest.mark.parametrize("password", ["Semmel&Brot", "fälsch"])
def test_a_server_that_repeats_the_password_is_not_quoted(password: str) -> None:
    packed = [b64encode(word.encode()).decode() for word in (password, f"\0me\0{password}")]
    said = [f"535 5.7.8 {word} is wrong" for word in (password, *packed)]
    for line in said:
        with serving(offers=["AUTH PLAIN"], script={"AUTH": [line]}) as server:
            sentence = failure_of(server, user="me", password=password).sentence()
        assert not [word for word in (password, *packed) if word in sentence]
        assert "… is wrong" in sentence


def test_what_a_server_says_is_a_line_of_letters_without_addresses_of_ours() -> None:
    """It stands on the page, in the terminal and in the calendar. Filters quote the address they do not like."""
    link = "http://planner.test/a/WzE3OTYxOTg0MDAsIm4iXQ.xDRFe7"
    with serving(script={"end": [f"554 5.7.1 \x1b[2J\u202eblocked: <{link}> \x07"]}) as server:
        error = failure_of(server)
    assert error.sentence().isprintable()
    assert "blocked: <http://planner.test/a/…>" in error.sentence()
    with serving(script={"end": [f"250 taken \x1b[31m {link}"]}) as server:
        reply = deliver(server)
    assert (reply.code, reply.text.isprintable(), link in reply.text) == (250, True, False)


def test_a_port_that_waits_for_tls_from_the_first_byte() -> None:
    """Both sides wait for the other to begin; the commonest mistake of all."""
    with serving(script={"greeting": [HANG]}) as server:
        error = failure_of(server, security="starttls", timeouts=Timeouts(connect=0.3))
    assert error.failure is Failure.CHANNEL
    assert "takes TLS from the first byte (465 does)" in error.sentence()


def test_a_server_that_wants_a_password_says_so() -> None:
    with serving(script={"MAIL": ["530 5.7.0 Authentication required"]}) as server:
        error = failure_of(server)
    assert error.failure is Failure.CONFIGURATION
    assert error.sentence().startswith("The server wants a user name and a password first: 530")


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryFailed) as caught:
            SmtpTransport("127.0.0.1", taken.getsockname()[1], "none").open()
    assert caught.value.failure is Failure.CHANNEL
    assert "cannot be reached" in caught.value.sentence()


def test_a_name_nobody_knows() -> None:
    with pytest.raises(DeliveryFailed) as caught:
        SmtpTransport("mail.planner.invalid", 465, "tls").open()
    assert caught.value.failure is Failure.CHANNEL
    assert "The name mail.planner.invalid is not known" in caught.value.sentence()


@settings(max_examples=150)
@given(
    st.integers(-1, 700) | st.integers(),
    st.from_regex(r"\A[245]\.[0-9]{1,4}\.[0-9]{1,4} ") | st.text(max_size=40),
    st.sampled_from(["MAIL", "RCPT", "DATA", "end of data"]),
)
def test_every_reply_has_a_meaning(code: int, text: str, at: str) -> None:
    """None passes for success, none is forgotten, and none burns an address unless the address was asked about."""
    meaning = classify(code, text, at)
    assert meaning in Failure
    assert (meaning is Failure.ADDRESS) <= (at == "RCPT" and 500 <= code < 600)
    assert (meaning is Failure.AMBIGUOUS) == (at == "end of data" and not 400 <= code < 600)


@pytest.mark.parametrize("host", ["mail..example", "x" * 64 + ".example", "\udcff.example"])
def test_a_server_whose_name_cannot_be_asked_for(host: str) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        SmtpTransport(host, 25).open()
    assert failed.value.failure is Failure.CHANNEL
