"""Keep a library of pictures among which originals are found."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "library_picture",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("deck_id", sa.String(length=32), nullable=True),
        sa.Column("added_by", sa.String(length=300), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("never", sa.Boolean(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("frame", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_library_picture_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_picture")),
    )
    for columns, unique in (
        (["tenant_id", "sha256"], True),
        (["tenant_id", "id"], False),
        (["deck_id"], False),
        (["expires_at"], False),
    ):
        name = op.f(f"ix_library_picture_{'_'.join(columns)}")
        op.create_index(name, "library_picture", columns, unique=unique)
    op.create_table(
        "library_mark",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("picture_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "picture_id", name=op.f("pk_library_mark")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("library_mark")
    op.drop_table("library_picture")
