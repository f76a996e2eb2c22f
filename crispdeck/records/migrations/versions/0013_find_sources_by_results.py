"""Find what a picture in a deck was made from; no new columns."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_picture_tenant_id_result_sha256", "picture", ["tenant_id", "result_sha256"])


def downgrade() -> None:
    op.drop_index("ix_picture_tenant_id_result_sha256", "picture")
