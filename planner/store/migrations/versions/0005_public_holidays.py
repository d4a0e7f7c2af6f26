"""What a public holiday does to a cadence's slots; those that are there keep their posts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cadence", sa.Column("on_holiday", sa.Text(), server_default="keep", nullable=False))
