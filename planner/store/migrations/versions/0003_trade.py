"""What a business does: its trade gives the texts their words."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("business", sa.Column("trade", sa.Text(), server_default="", nullable=False))
