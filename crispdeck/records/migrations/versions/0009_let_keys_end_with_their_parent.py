"""Let a key that was paired end with the key that it was paired by; old ones have no parent."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("parent_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("api_key", "parent_id")
