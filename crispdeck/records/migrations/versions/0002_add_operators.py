"""Add operators, drained workers, figures over time, limits per tenant and what lists need."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "deck": (("tenant_id", "size_bytes"), ("name", "id")),
    "job": (
        ("tenant_id", "state", "id"),
        ("tenant_id", "result_bytes"),
        ("state", "id"),
        ("state", "finished_at"),
    ),
    "picture": (("state", "finished_at"), ("tenant_id", "source_bytes")),
    "upscale": (("tenant_id", "size_bytes"),),
}
COLUMNS: dict[str, tuple[tuple[str, Any], ...]] = {
    "tenant": (
        ("max_open_jobs", sa.Integer()),
        ("max_storage_bytes", sa.BigInteger()),
        ("requests_per_minute", sa.Integer()),
        ("retention_days", sa.Double()),
    ),
    "job": (("traceback", sa.Text()),),
    "picture": (("queued_at", sa.DateTime(timezone=True)), ("traceback", sa.Text())),
}


def upgrade() -> None:
    for table, added in COLUMNS.items():
        for name, kind in added:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute("UPDATE picture SET queued_at = created_at")
    op.drop_index("ix_picture_tenant_id", "picture")
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    _create_accounts()
    _create_figures()


def _create_accounts() -> None:
    op.create_table(
        "operator",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("name", name=op.f("uq_operator_name")),
        sa.UniqueConstraint("subject", name=op.f("uq_operator_subject")),
    )
    op.create_table(
        "operator_session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("operator_id", sa.String(length=32), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operator.id"],
            name=op.f("fk_operator_session_operator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_operator_session")),
    )
    op.create_index("ix_operator_session_operator_id", "operator_session", ["operator_id"])
    op.create_index("ix_operator_session_expires_at", "operator_session", ["expires_at"])
    op.create_table(
        "failed_login",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_login")),
    )
    op.create_index("ix_failed_login_address_at", "failed_login", ["address", "at"])
    op.create_index("ix_failed_login_name_at", "failed_login", ["name", "at"])


def _create_figures() -> None:
    op.create_table(
        "drain",
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_drain")),
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
    )
    counts = ("done", "skipped", "failed", "cancelled")
    op.create_table(
        "tally",
        sa.Column("span_s", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("output_px", sa.BigInteger(), nullable=False),
        sa.Column("wait_bins", sa.JSON(), nullable=False),
        sa.Column("run_bins", sa.JSON(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest_wait_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("span_s", "begins_at", "queue", name=op.f("pk_tally")),
    )


def downgrade() -> None:
    tables = ("tally", "mark", "drain", "failed_login", "operator_session", "operator")
    for table in tables:
        op.drop_table(table)
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    op.create_index("ix_picture_tenant_id", "picture", ["tenant_id"])
    for table, added in COLUMNS.items():
        for name, _ in added:
            op.drop_column(table, name)
