"""Let pictures change without their job's lock, take turns, and know what every object holds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

QUEUED = sa.text("state = 'queued'")
WITH_QUEUED = sa.text("pictures_queued > 0")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
LEASED = ("leased_at", "not_before", "outage_since")


def upgrade() -> None:
    op.create_table(
        "picture_change",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("picture_id", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=False),
        sa.Column("was", sa.String(length=24), nullable=False),
        sa.Column("becomes", sa.String(length=24), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_picture_change_job_id_id", "picture_change", ["job_id", "id"])
    op.create_table(
        "share",
        sa.Column("tenant_id", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "queue", name=op.f("pk_share")),
    )
    op.execute(
        "INSERT INTO share (tenant_id, queue, queued, running, turn) "
        "SELECT tenant_id, queue, sum(pictures_queued), sum(pictures_running), 0 FROM job "
        "WHERE pictures_queued > 0 OR pictures_running > 0 GROUP BY tenant_id, queue"
    )
    for table in ("job", "picture"):
        for name in LEASED:
            op.add_column(table, sa.Column(name, TIME, nullable=True))
        op.add_column(table, sa.Column("result_sha256", sa.String(length=64), nullable=True))
    op.add_column("job", sa.Column("turn", sa.Float(), server_default="0", nullable=False))
    op.add_column("job", sa.Column("queued_at", TIME, nullable=True))
    op.add_column("picture", sa.Column("remade", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tenant", sa.Column("weight", sa.Float(), nullable=True))
    op.add_column("upscale", sa.Column("object_sha256", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_job_turn",
        "job",
        ["tenant_id", "queue", "turn", "id"],
        sqlite_where=WITH_QUEUED,
        postgresql_where=WITH_QUEUED,
    )
    op.drop_index("ix_picture_state_queue_bucket_id", "picture")
    for name, columns in (
        ("ix_picture_next", ["job_id", "id"]),
        ("ix_picture_alike", ["queue", "bucket", "job_id", "id"]),
        ("ix_picture_waiting", ["queue", "queued_at"]),
    ):
        op.create_index(name, "picture", columns, sqlite_where=QUEUED, postgresql_where=QUEUED)


def downgrade() -> None:
    for name in ("ix_picture_waiting", "ix_picture_alike", "ix_picture_next"):
        op.drop_index(name, "picture")
    op.create_index(
        "ix_picture_state_queue_bucket_id", "picture", ["state", "queue", "bucket", "id"]
    )
    op.drop_index("ix_job_turn", "job")
    op.drop_column("upscale", "object_sha256")
    op.drop_column("tenant", "weight")
    op.drop_column("picture", "remade")
    op.drop_column("job", "queued_at")
    op.drop_column("job", "turn")
    for table in ("job", "picture"):
        op.drop_column(table, "result_sha256")
        for name in LEASED:
            op.drop_column(table, name)
    op.drop_table("share")
    op.drop_table("picture_change")
