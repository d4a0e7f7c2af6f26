"""Years of posts on six channels, put into a bakery in one go: for what somebody pays who has been at it for long."""

from datetime import timedelta

from sqlalchemy import insert, select

from bench.bakery import NOW
from planner.store.database import Database
from planner.store.tables import channel, post

CHANNELS = 6


def fill(database: Database, years: int) -> None:
    """Two posts a week on six channels, for so many years back and two weeks ahead; what was filled in before goes."""
    with database.write() as tx:
        for number in range(CHANNELS):
            if not tx.execute(select(channel.c.id).where(channel.c.name == f"Kanal {number}")).first():
                row = {"business_id": 1, "platform": "gbp", "name": f"Kanal {number}", "created_at": NOW}
                tx.execute(insert(channel), row)
        lines = list(tx.execute(select(channel.c.id).where(channel.c.name.startswith("Kanal "))).scalars())
        tx.execute(post.delete().where(post.c.uid.startswith("bench-")))
        tx.execute(insert(post), [_row(line, n) for line in lines for n in range(years * 104)])


def _row(line: int, number: int) -> dict[str, object]:
    due = NOW - timedelta(days=3.5 * number - 14)
    return {
        "uid": f"bench-{line}-{number}", "business_id": 1, "channel_id": line, "due_local": due.replace(tzinfo=None),
        "due_at": due, "pillar": "tip", "title": "Brot des Monats", "text": "Ein Text zum Posten.\n" * 8,
        "status": "posted" if due < NOW else "planned", "posted_at": due if due < NOW else None,
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
