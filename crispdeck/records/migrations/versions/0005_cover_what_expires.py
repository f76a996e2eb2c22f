"""Let indexes alone tell how much will be deleted soon; no new columns."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_deck_expires_at", "deck")
    op.create_index("ix_deck_expires_at_id_size_bytes", "deck", ["expires_at", "id", "size_bytes"])
    op.drop_index("ix_job_deck_id", "job")
    op.create_index("ix_job_deck_id_result_bytes", "job", ["deck_id", "result_bytes"])


def downgrade() -> None:
    op.drop_index("ix_job_deck_id_result_bytes", "job")
    op.create_index("ix_job_deck_id", "job", ["deck_id"])
    op.drop_index("ix_deck_expires_at_id_size_bytes", "deck")
    op.create_index("ix_deck_expires_at", "deck", ["expires_at"])
