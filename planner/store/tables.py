"""The tables, and nothing that uses them. Migrations build the same by steps; a test compares the two."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from planner.store.columns import Instant, WallTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _belongs_to(table: str, *, nullable: bool = False) -> Column[int]:
    return Column(f"{table}_id", Integer, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable)


business = Table(
    "business",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("language", String(8), nullable=False),
    _text("country"),
    _text("region"),
    _text("email"),
    Column("digest_on", Boolean, nullable=False),
    Column("digest_time", Time, nullable=False),
    Column("nudge_time", Time),
    Column("summary_on", Boolean, nullable=False),
    Column("quiet_from", Time, nullable=False),
    Column("quiet_until", Time, nullable=False),
    Column("grace_days", Integer, nullable=False),
    Column("horizon_weeks", Integer, nullable=False),
    # Rises with every change to anything of the business: a feed's ETag is made of it.
    _count("revision"),
    # The tzdata release its instants were derived with; when it changes they are derived again.
    _text("tzdata"),
    Column("created_at", Instant, nullable=False),
    _text("trade"),
)

channel = Table(
    "channel",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("business"),
    Column("platform", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("business_id", "name"),
)

cadence = Table(
    "cadence",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("business"),
    _belongs_to("channel"),
    Column("dtstart", WallTime, nullable=False),
    Column("rrule", Text, nullable=False),
    _text("exdates"),  # ISO dates, comma-separated
    _text("pillars"),  # pillar names, comma-separated
    Column("end", WallTime),
    Column("planned_until", WallTime),
    # When planning is wanted next; NULL when the cadence has no further slot. The tick asks for <= now.
    Column("plan_at", Instant),
    _count("position"),
    Column("created_at", Instant, nullable=False),
    Column("on_holiday", Text, nullable=False, server_default="keep"),
    Column("purpose", Text, nullable=False, server_default="posting"),
    Column("content", Text),  # the kind of content of its posts; NULL leaves it open
    Index("ix_cadence_plan_at", "plan_at"),
    Index("ix_cadence_channel_id", "channel_id"),
)

pause = Table(
    "pause",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("business"),
    _belongs_to("channel", nullable=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    _text("reason"),
    Index("ix_pause_business_id_last", "business_id", "last"),
)

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    _belongs_to("business"),
    _belongs_to("channel"),
    Column("cadence_id", Integer, ForeignKey("cadence.id", ondelete="SET NULL")),
    Column("slot", WallTime),
    Column("due_local", WallTime, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("pillar", Text, nullable=False),  # "" for a round of answering
    _text("prompt"),
    _text("title"),
    _text("text"),
    _text("hint"),
    Column("status", Text, nullable=False),
    _text("link"),
    _text("skip_reason"),
    # Whether somebody worked on its title or text: reopened, it is drafted again and not merely planned.
    Column("edited", Boolean, nullable=False, server_default="0"),
    _text("content"),  # the kind of content it needs
    _text("notes"),
    _text("checklist"),  # a line each, "x " or "- " before it
    _text("steps"),  # those of making it that are done, comma-separated
    Column("posted_at", Instant),
    _count("sequence"),
    _count("revision"),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("purpose", Text, nullable=False, server_default="posting"),
    UniqueConstraint("cadence_id", "slot"),
    Index("ix_post_business_id_due_local", "business_id", "due_local"),
    Index("ix_post_channel_id_due_local", "channel_id", "due_local"),
    Index("ix_post_business_id_slot", "business_id", "slot"),
    Index("ix_post_business_id_posted_at", "business_id", "posted_at"),
    # Or SQLite would give the number of a post taken back to the next one, and an old mail's link would act on that.
    sqlite_autoincrement=True,
)

# What people did with a post, one row a change.
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("post"),
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    _text("detail"),
    Index("ix_history_post_id", "post_id"),
)

# The backlog. An idea that became a post keeps its row, so that taking it back costs nothing.
idea = Table(
    "idea",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("business"),
    Column("channel_id", Integer, ForeignKey("channel.id", ondelete="SET NULL")),
    Column("pillar", Text, nullable=False),
    _text("title"),
    _text("text"),
    Column("post_id", Integer, ForeignKey("post.id", ondelete="SET NULL")),
    _count("revision"),
    Column("created_at", Instant, nullable=False),
    _text("occasion"),  # the day it was made of, with its year
    Index("ix_idea_business_id", "business_id"),
    Index("ix_idea_post_id", "post_id"),
    Index("ix_idea_channel_id", "channel_id"),
)

# When each kind of mail is next owed to a business; one row a business and kind, so a tick asks one index.
reminder = Table(
    "reminder",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("business"),
    Column("kind", Text, nullable=False),
    Column("next_date", Date, nullable=False),
    Column("next_at", Instant, nullable=False),
    UniqueConstraint("business_id", "kind"),
    Index("ix_reminder_next_at", "next_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    _belongs_to("business"),
    Column("recipient", Text, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    # Since when it may go: when it was due, the end of a night, when a person asked; tries do not move it.
    Column("ready_at", Instant),
    Column("state", Text, nullable=False),
    _count("attempts"),
    _text("lease_owner"),
    Column("lease_until", Instant),
    _count("lease_seq"),
    Column("message_id", Text, unique=True),
    Column("mime", LargeBinary),
    Column("mime_sha256", Text),
    Column("ambiguous", Boolean, nullable=False, server_default="0"),
    _count("repeats"),
    Column("reply_code", Integer),
    _text("reply_text"),
    _text("error"),
    Column("sent_at", Instant),
    # When it was given up or went stale; NULL again once a mail that says so got through, or a person saw to it.
    Column("lost_at", Instant),
    Column("alarming", Boolean, nullable=False, server_default="0"),  # lost, and nothing was done about it yet
    Column("created_at", Instant, nullable=False),
)
Index("ix_outbox_business_id_due_at", outbox.c.business_id, outbox.c.due_at)

# An address that refused mail for good, and how often.
address = Table(
    "address",
    metadata,
    Column("address", Text, primary_key=True),
    _count("failures"),
    _text("reason"),
    Column("failed_at", Instant, nullable=False),
)

# A way out that does not work at the moment (refused connection, wrong password): one probe, then all again.
transport = Table(
    "transport",
    metadata,
    Column("name", Text, primary_key=True),
    _count("failures"),
    _text("reason"),
    Column("paused_until", Instant),
    Column("last_sent_at", Instant),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("business"),
    _belongs_to("channel", nullable=True),
    Column("kind", Text, nullable=False),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("alarm_minutes", Integer),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_fetched_at", Instant),
    _text("last_agent"),
    Index("ix_feed_business_id", "business_id"),
)

# Who may look at the page. A sign-in link is signed; its use is kept here so that it works once.
session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    _text("browser"),
    _text("system"),
    Column("last_used_at", Instant),
)

used_link = Table(
    "used_link",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("used_at", Instant, nullable=False),
)

# Facts about this installation: instance id, password hash.
fact = Table(
    "fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# The last beat of each tick, for /healthz and the status command.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("tick", Text, primary_key=True),
    Column("beat_at", Instant, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    _text("error"),
)
