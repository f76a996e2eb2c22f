"""Fills a PostgreSQL database with jobs whose pictures wait; rows only, no objects."""

import json

from sqlalchemy import text

from crispdeck.records.database import Database
from crispdeck.records.ledger import recount_shares
from crispdeck.records.tables import Table
from crispdeck.records.work.job_options import JobOptions


def fill(db: Database, *, tenants: int, jobs: int, pictures: int, sizes: int = 4) -> int:
    """Empty the database and let `tenants` × `jobs` × `pictures` pictures wait in bulk.

    Args:
        sizes: how many sizes the pictures of a job have; those of one size share a call.

    Returns:
        How many pictures wait.
    """
    with db.session() as session:
        session.execute(text(f"TRUNCATE {', '.join(Table.metadata.tables)} CASCADE"))
        values = {
            "tenants": tenants,
            "jobs": jobs,
            "pictures": pictures,
            "sizes": sizes,
            "options": _OPTIONS,
        }
        indexes = session.execute(text(_INDEXES)).all()
        for index in indexes:  # made anew afterwards: each row would cost ten times as much
            session.execute(text(f'DROP INDEX "{index.indexname}"'))
        for statement in (_TENANTS, _JOBS, _PICTURES):
            session.execute(text(statement), values)
        for index in indexes:
            session.execute(text(index.indexdef))
        recount_shares(session)
    with db.autocommitting() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return tenants * jobs * pictures


_OPTIONS = json.dumps(JobOptions().to_json())

_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename = 'picture' AND indexname LIKE 'ix_picture%'
"""

_TENANTS = """
INSERT INTO tenant (id, name, created_at)
SELECT 't' || lpad(t::text, 31, '0'), 'tenant ' || t, now()
FROM generate_series(1, :tenants) t
"""

_JOBS = """
INSERT INTO job (id, tenant_id, kind, state, stage, queue, options, attempts, token, created_at,
    queued_at, announced_at, started_at, expires_at, turn, pictures_queued, pictures_running,
    pictures_done, pictures_skipped, pictures_failed, pictures_cancelled)
SELECT 'j' || lpad(j::text, 15, '0') || lpad(t::text, 16, '0'), 't' || lpad(t::text, 31, '0'),
    'deck', 'running', 'upscale', 'bulk', CAST(:options AS json), 0, 1, now(), now(), now(), now(),
    now() + interval '7 days', 0, :pictures, 0, 0, 0, 0, 0
FROM generate_series(1, :tenants) t, generate_series(1, :jobs) j
"""

_PICTURES = """
INSERT INTO picture (id, tenant_id, job_id, state, queue, bucket, parts, sha256, source_key,
    source_format, source_bytes, width_px, height_px, scale, attempts, token, created_at,
    queued_at, announced_at)
SELECT 'p' || substr(j.id, 9, 8) || substr(j.id, 24, 9) || lpad(n::text, 14, '0'), j.tenant_id,
    j.id, 'queued', 'bulk', (100 + n % :sizes) || 'x100x4', '["ppt/media/image1.png"]',
    md5(j.id || n) || md5(n::text), j.tenant_id || '/pictures/' || j.id || '/' || n, 'png', 1000,
    100 + n % :sizes, 100, 4, 0, 0, now(), now(), now()
FROM job j, generate_series(1, :pictures) n
"""
