"""Take decks in batches and in parts; keep originals after all."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_batch_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_tenant_id_id", "batch", ["tenant_id", "id"])
    op.create_index("ix_batch_expires_at", "batch", ["expires_at"])
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folder", sa.String(length=1000), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("offset_bytes", sa.BigInteger(), nullable=False),
        sa.Column("allow_signed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("deck_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_upload_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_upload_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_tenant_id", "upload", ["tenant_id"])
    op.create_index("ix_upload_batch_id", "upload", ["batch_id"])
    op.create_index("ix_upload_touched_at", "upload", ["touched_at"])
    op.create_table(
        "upload_part",
        sa.Column("upload_id", sa.String(length=32), nullable=False),
        sa.Column("start_bytes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("object_key", sa.String(length=512), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_part_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "start_bytes", name=op.f("pk_upload_part")),
        sa.UniqueConstraint("object_key", name=op.f("uq_upload_part_object_key")),
    )
    op.add_column("deck", sa.Column("brief", sa.JSON(), nullable=True))
    op.add_column("deck", sa.Column("batch_id", sa.String(length=32), nullable=True))
    op.add_column("deck", sa.Column("folder", sa.String(length=1000), nullable=True))
    op.create_index("ix_deck_batch_id", "deck", ["batch_id"])
    op.add_column("job", sa.Column("kept", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("job", "kept")
    op.drop_index("ix_deck_batch_id", "deck")
    op.drop_column("deck", "folder")
    op.drop_column("deck", "batch_id")
    op.drop_column("deck", "brief")
    op.drop_table("upload_part")
    op.drop_table("upload")
    op.drop_table("batch")
