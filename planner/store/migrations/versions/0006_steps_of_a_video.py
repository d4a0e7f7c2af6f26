"""Which steps of making a video are done; when each is due follows from the post's day."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post", sa.Column("steps", sa.Text(), server_default="", nullable=False))
