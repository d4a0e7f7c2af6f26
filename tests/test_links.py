"""Signed links: what goes in comes out, for its purpose and its time only, under every key still in use."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.model import MessageKind, Pillar, Post, Status
from planner.errors import LinkExpired, LinkForged
from planner.links import Links, SignInClaim, Verb

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 1, 9, 0)
POST = Post(
    id=7, uid="post-abc@x.invalid", business_id=1, channel_id=1, cadence_id=None, slot=None, due_local=DUE, due_at=NOW,
    pillar=Pillar.TIP, prompt="", title="", text="", status=Status.PLANNED, revision=3, created_at=NOW, updated_at=NOW,
)  # fmt: skip


@pytest.fixture
def links() -> Links:
    return Links(["new key", "old key"], "https://planner.example.org/")


def token(address: str) -> str:
    return address.rpartition("/")[2]


@pytest.mark.parametrize("verb", list(Verb))
def test_an_action_link_says_what_to_do_with_which_post(links: Links, verb: Verb) -> None:
    address = links.action(verb, POST, NOW)
    assert address.startswith("https://planner.example.org/a/")
    claim = links.read_action(token(address), NOW + timedelta(days=14))
    assert (claim.verb, claim.post_id, claim.due_local) == (verb, 7, DUE)
    assert claim.means(POST)


def test_after_a_restored_backup_another_post_of_that_id_is_not_meant(links: Links) -> None:
    claim = links.read_action(token(links.action(Verb.DONE, POST, NOW)), NOW)
    other = Post(**{name: getattr(POST, name) for name in Post.__slots__ if name != "uid"}, uid="post-xyz@x.invalid")
    assert not claim.means(other)


def test_the_other_links_say_what_they_are_for(links: Links) -> None:
    assert links.read_sign_in(token(links.sign_in("nonce", NOW)), NOW) == SignInClaim("nonce", NOW)
    stop = links.read_unsubscribe(token(links.unsubscribe(4, MessageKind.SUMMARY, NOW)), NOW)
    assert (stop.business_id, stop.kind) == (4, MessageKind.SUMMARY)
    undo = links.read_undo(links.undo(POST, POST, NOW), NOW)
    assert (undo.post_id, undo.status, undo.due_local, undo.revision) == (7, Status.PLANNED, DUE, 3)
    assert links.post_page(7) == "https://planner.example.org/posts/7"
    assert links.feed("s3cret") == "https://planner.example.org/feeds/s3cret.ics"


@pytest.mark.parametrize(
    ("make", "read", "life"),
    [
        (lambda on: token(on.action(Verb.DONE, POST, NOW)), "read_action", timedelta(days=14)),
        (lambda on: on.undo(POST, POST, NOW), "read_undo", timedelta(days=1)),
        (lambda on: token(on.sign_in("n", NOW)), "read_sign_in", timedelta(hours=24)),
        (lambda on: token(on.unsubscribe(1, MessageKind.DIGEST, NOW)), "read_unsubscribe", timedelta(days=366)),
    ],
)  # fmt: skip
def test_each_has_its_time_and_no_other_purpose(links: Links, make: object, read: str, life: timedelta) -> None:
    made = make(links)  # type: ignore[operator]
    getattr(links, read)(made, NOW + life)
    with pytest.raises(LinkExpired):
        getattr(links, read)(made, NOW + life + timedelta(seconds=1))
    for other in {"read_action", "read_undo", "read_sign_in", "read_unsubscribe"} - {read}:
        with pytest.raises(LinkForged):
            getattr(links, other)(made, NOW)


def test_a_rotated_key_is_still_read_and_no_longer_used(links: Links) -> None:
    before, after = Links(["old key"], "https://x"), Links(["new key"], "https://x")
    assert links.read_sign_in(token(before.sign_in("n", NOW)), NOW).nonce == "n"
    assert after.read_sign_in(token(links.sign_in("n", NOW)), NOW).nonce == "n"
    with pytest.raises(LinkForged):
        after.read_sign_in(token(before.sign_in("n", NOW)), NOW)


@pytest.mark.parametrize("rubbish", ["", ".", "a.b", "é", "\x00", "x" * 5000, "WzFd.AAAA"])
def test_rubbish_is_refused_with_a_sentence(links: Links, rubbish: str) -> None:
    with pytest.raises(LinkForged):
        links.read_action(rubbish, NOW)


def test_no_byte_of_a_link_can_be_changed(links: Links) -> None:
    made = token(links.action(Verb.DONE, POST, NOW))
    for place in range(len(made)):
        changed = made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]
        try:
            claim = links.read_action(changed, NOW)
        except LinkForged:
            continue
        # base64 has spare bits in its last character: the same bytes written otherwise
        assert (place, claim.post_id) == (len(made) - 1, 7)


READERS = ("read_action", "read_undo", "read_unsubscribe", "read_sign_in", "read_taking_back")
LINKS = Links(["new key", "old key"], "https://planner.example.org/")
SIGNED = (
    token(LINKS.action(Verb.SKIP, POST, NOW)), LINKS.undo(POST, POST, NOW), token(LINKS.sign_in("nonce", NOW)),
    token(LINKS.unsubscribe(1, MessageKind.NUDGE, NOW)), LINKS.taking_back(1, POST, POST, NOW),
)  # fmt: skip
PIECES = st.sampled_from([*SIGNED, *(part for made in SIGNED for part in made.split("."))])


@settings(max_examples=150)
@given(
    st.text(max_size=40) | st.text(st.characters(categories=["Cs"]), min_size=1, max_size=3)
    | st.lists(PIECES | st.text("AZaz09-_.", max_size=8), min_size=2, max_size=4).map(".".join),
    st.sampled_from(READERS),
)  # fmt: skip
def test_no_text_that_we_did_not_sign_is_a_link(text: str, reader: str) -> None:
    if text not in SIGNED:
        with pytest.raises(LinkForged):
            getattr(LINKS, reader)(text, NOW)


@settings(max_examples=60)
@given(st.sampled_from(Status), st.text(), st.text(), st.datetimes(), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_an_undo_brings_back_whatever_was_there(
    status: Status, reason: str, link: str, due: datetime, posted: datetime | None
) -> None:
    before = replace(POST, status=status, skip_reason=reason, link=link, due_local=due, posted_at=posted)
    claim = LINKS.read_undo(LINKS.undo(before, POST, NOW), NOW)
    assert (claim.status, claim.skip_reason, claim.link) == (status, reason, link)
    assert (claim.due_local, claim.posted_at) == (due, posted)
