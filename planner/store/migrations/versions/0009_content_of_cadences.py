"""A cadence may say what its posts are made of; of those that are there it stays open."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cadence", sa.Column("content", sa.Text(), nullable=True))
