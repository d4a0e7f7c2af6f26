"""Mails that did not get through are remembered until somebody was told; waiting counts from when a mail could go."""

import sqlalchemy as sa
from alembic import op

from planner.store.columns import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("ready_at", Instant(), nullable=True))
    op.add_column("outbox", sa.Column("lost_at", Instant(), nullable=True))
    op.add_column("outbox", sa.Column("alarming", sa.Boolean(), server_default="0", nullable=False))
    op.execute("UPDATE outbox SET ready_at = CASE WHEN due_at > created_at THEN due_at ELSE created_at END")
    op.execute(
        "UPDATE outbox SET lost_at = due_at WHERE state IN ('dead', 'expired') AND NOT EXISTS (SELECT 1 FROM outbox"
        " AS later WHERE later.business_id = outbox.business_id AND later.state = 'sent'"
        " AND later.due_at >= outbox.due_at)"
    )
    pending = sa.text("state = 'pending'")
    op.create_index("ix_outbox_ready", "outbox", ["ready_at"], sqlite_where=pending, postgresql_where=pending)
    lost = sa.text("lost_at IS NOT NULL")
    op.create_index("ix_outbox_lost", "outbox", ["business_id", "lost_at"], sqlite_where=lost, postgresql_where=lost)
