"""Keep the decks that wait until their tenant may have another job; no rows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_deck",
        sa.Column("deck_id", sa.String(length=32), nullable=False),
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_waiting_deck_deck_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_waiting_deck_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deck_id", name=op.f("pk_waiting_deck")),
    )
    op.create_index(
        "ix_waiting_deck_tenant_id_asked_at_place",
        "waiting_deck",
        ["tenant_id", "asked_at", "place"],
    )


def downgrade() -> None:
    op.drop_table("waiting_deck")
