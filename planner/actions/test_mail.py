"""A test mail, sent at once on the way every mail goes, so that a person learns what is wrong with it."""

from datetime import datetime
from secrets import token_hex

from planner.core import localtime
from planner.links import Links
from planner.notify import NobodyListens, Reply, Transport
from planner.notify.message import build, check_address, envelope
from planner.render import mail
from planner.store.database import Database
from planner.store.queries import businesses, lost, outbox


def send_test_mail(
    database: Database, transport: Transport, links: Links, sender: str, business_id: int, to: str, now: datetime
) -> Reply:
    """Send a test mail for a business; to the sender itself if ``to`` is empty.

    If it gets through, a way out that was resting and an address that had refused mail are in use again, and mails that
    did not get through to the business's own address before are no trouble any more. Raises
    BadAddress for an address that cannot be used, DeliveryFailed with the reason in words.
    """
    with database.read() as tx:
        business = businesses.get(tx, business_id)
    recipient = check_address(to) if to else envelope(sender)
    moment = localtime.wall(now, business.timezone)
    mime = build(
        mail("test", business.language, business=business, home=links.home(), moment=moment),
        sender=sender,
        recipient=recipient,
        message_id=f"<{token_hex(16)}@{envelope(sender).rpartition('@')[2]}>",
        moment=now.astimezone(localtime.zone(business.timezone)),
        language=business.language,
        unsubscribe=None,
    )
    session = transport.open()
    try:
        reply = session.deliver(envelope(sender), recipient, mime, NobodyListens())
    finally:
        session.close()
    with database.write() as tx:
        outbox.works(tx, transport.name, now)
        outbox.forgive(tx, recipient)
        if to == business.email:
            lost.seen_to(tx, business.id)
    return reply
