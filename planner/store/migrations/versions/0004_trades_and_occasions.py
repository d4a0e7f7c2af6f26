"""What a business does, which gives texts their words; and which day that comes up an idea was made of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("business", sa.Column("trade", sa.Text(), server_default="", nullable=False))
    op.add_column("idea", sa.Column("occasion", sa.Text(), server_default="", nullable=False))
