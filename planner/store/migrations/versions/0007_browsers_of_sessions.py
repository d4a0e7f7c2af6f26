"""Which browser began a session, and when it was used last; of those that are there neither is known."""

import sqlalchemy as sa
from alembic import op

from planner.store.columns import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("browser", sa.Text(), server_default="", nullable=False))
    op.add_column("session", sa.Column("system", sa.Text(), server_default="", nullable=False))
    op.add_column("session", sa.Column("last_used_at", Instant(), nullable=True))
