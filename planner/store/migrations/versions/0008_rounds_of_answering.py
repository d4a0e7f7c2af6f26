"""Rounds of answering reviews and messages: a cadence and its posts say whether anything is published."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("cadence", "post"):
        op.add_column(table, sa.Column("purpose", sa.Text(), server_default="posting", nullable=False))
