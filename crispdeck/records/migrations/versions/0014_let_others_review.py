"""Let somebody without a key look at one batch and say what they think; no rows."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_key.id"], name=op.f("fk_review_key_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_review_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_batch_id", "review", ["batch_id"])
    op.create_table(
        "review_verdict",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("deck_id", sa.String(length=32), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["review.key_id"], name=op.f("fk_review_verdict_key_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_review_verdict_deck_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", "deck_id", name=op.f("pk_review_verdict")),
    )


def downgrade() -> None:
    op.drop_table("review_verdict")
    op.drop_table("review")
