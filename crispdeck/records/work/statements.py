"""What a worker asks of PostgreSQL, each in one statement and one round trip; no Python.

A statement that commits by itself holds its locks for no longer than the server needs, while no
client thinks. The states are written out: the indexes of queued pictures serve no parameter.
SQLite, where a writer is alone anyway, has the same in Python (`fairness`, `ending`, `ledger`).
"""

from sqlalchemy import text

TAKE = text(
    """
WITH moment AS MATERIALIZED (
    SELECT coalesce(CAST(:now AS timestamptz), clock_timestamp()) AS at
),
worker_may AS MATERIALIZED (
    SELECT NOT EXISTS (SELECT 1 FROM drain WHERE node = :node) AS take
),
bulk_is AS MATERIALIZED (
    SELECT CAST(:bulk AS boolean) AND CAST(:interactive AS boolean)
        AND (SELECT created_at FROM picture WHERE state = 'queued' AND queue = 'bulk'
             ORDER BY id LIMIT 1) <= (SELECT at FROM moment) - CAST(:turn AS interval)
        AND NOT EXISTS (
            SELECT 1 FROM picture WHERE queue = 'bulk'
            AND started_at > (SELECT at FROM moment) - CAST(:turn AS interval)
        ) AS due
),
named AS MATERIALIZED (
    SELECT id FROM picture
    WHERE id = :named AND state = 'queued' AND queue = 'interactive'
        AND CAST(:interactive AS boolean)
        AND (SELECT take FROM worker_may)
        AND (SELECT due FROM bulk_is) IS NOT TRUE
        AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
    FOR NO KEY UPDATE SKIP LOCKED
),
line AS MATERIALIZED (
    SELECT s.tenant_id, s.queue
    FROM share s
    JOIN tenant t ON t.id = s.tenant_id
    CROSS JOIN LATERAL (SELECT coalesce(t.weight, 1.0) AS of) weight
    CROSS JOIN (
        SELECT sum(running) FILTER (WHERE queue = 'interactive') AS interactive,
               sum(running) FILTER (WHERE queue = 'bulk') AS bulk
        FROM share
    ) held
    WHERE s.queued > 0
        AND (s.queue = 'interactive' AND CAST(:interactive AS boolean)
            OR s.queue = 'bulk' AND CAST(:bulk AS boolean))
        AND (SELECT take FROM worker_may)
    ORDER BY
        CASE WHEN s.queue = 'interactive' THEN 1
             WHEN (SELECT due FROM bulk_is) THEN 0 ELSE 2 END,
        s.running > (
            CASE s.queue WHEN 'bulk' THEN held.bulk ELSE held.interactive END
            + CAST(:most AS integer)
        ) * weight.of / sum(weight.of) OVER (PARTITION BY s.queue),
        s.turn, s.tenant_id
),
in_turn AS MATERIALIZED (
    -- Joins of what is limited go row by row in the order of the line, and end with the first.
    SELECT one.id
    FROM line
    CROSS JOIN LATERAL (
        SELECT id FROM job
        WHERE tenant_id = line.tenant_id AND queue = line.queue AND pictures_queued > 0
            AND stage = 'upscale' AND state IN ('queued', 'running')
        ORDER BY turn, id LIMIT CAST(:jobs AS integer)
    ) waiting
    CROSS JOIN LATERAL (
        SELECT id FROM picture
        WHERE job_id = waiting.id AND state = 'queued' AND queue = line.queue
            AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
        ORDER BY id LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED
    ) one
    WHERE NOT EXISTS (SELECT 1 FROM named)
    LIMIT 1
),
lead AS MATERIALIZED (
    SELECT id, job_id, queue, bucket,
        CASE WHEN attempts > 0 THEN 0 ELSE greatest(0, least(
            CAST(:most AS bigint),
            CAST(:max_px AS bigint)
                / greatest(1, coalesce(width_px, 1)::bigint * coalesce(height_px, 1))
        ) - 1) END AS room
    FROM picture
    WHERE id = coalesce((SELECT id FROM named), (SELECT id FROM in_turn))
),
own AS MATERIALIZED (
    SELECT one.id, one.place FROM lead CROSS JOIN LATERAL (
        SELECT id, 1 AS place FROM picture
        WHERE state = 'queued' AND queue = lead.queue AND bucket = lead.bucket
            AND job_id = lead.job_id AND attempts = 0 AND id <> lead.id
            AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
        ORDER BY id LIMIT lead.room
        FOR NO KEY UPDATE SKIP LOCKED
    ) one
),
others AS MATERIALIZED (
    SELECT one.id, one.place FROM lead CROSS JOIN LATERAL (
        SELECT id, 2 AS place FROM picture
        WHERE state = 'queued' AND queue = lead.queue AND bucket = lead.bucket
            AND job_id <> lead.job_id AND attempts = 0
            AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
        ORDER BY job_id, id LIMIT greatest(0, lead.room - (SELECT count(*) FROM own))
        FOR NO KEY UPDATE SKIP LOCKED
    ) one
),
chosen AS MATERIALIZED (
    SELECT id, 0 AS place FROM lead
    UNION ALL SELECT id, place FROM own UNION ALL SELECT id, place FROM others
),
taken AS (
    UPDATE picture p SET
        state = 'running', worker = :worker, leased_at = moment.at,
        lease_until = moment.at + CAST(:lease AS interval),
        attempts = p.attempts + 1, token = p.token + 1, started_at = moment.at,
        finished_at = NULL, code = NULL, detail = NULL
    FROM moment
    WHERE p.id = ANY (ARRAY(SELECT id FROM chosen))
    RETURNING p.id, p.token, p.tenant_id, p.job_id, p.attempts, p.queue, p.parts, p.sha256,
        p.source_key, p.source_format, p.source_bytes, p.width_px, p.height_px, p.scale
),
noted AS (
    INSERT INTO picture_change (tenant_id, job_id, picture_id, queue, was, becomes, data, at)
    SELECT taken.tenant_id, taken.job_id, id, taken.queue, 'queued', 'running',
        json_build_object('parts', taken.parts, 'code', NULL, 'worker', CAST(:worker AS text)),
        (SELECT at FROM moment)
    FROM chosen JOIN taken USING (id) ORDER BY chosen.place, taken.job_id, id
)
SELECT taken.*, (SELECT options FROM job WHERE job.id = taken.job_id) AS options
FROM chosen JOIN taken USING (id)
ORDER BY chosen.place, taken.job_id, taken.id
"""
)
"""Choose pictures as `fairness` says, lease them to a worker, and leave their changes."""

END = text(
    """
WITH moment AS MATERIALIZED (
    SELECT coalesce(CAST(:now AS timestamptz), clock_timestamp()) AS at
),
ends AS MATERIALIZED (
    SELECT * FROM json_to_recordset(CAST(:ends AS json)) AS e (
        id text, token integer, state text, result_key text, result_format text,
        width_px integer, height_px integer, size_bytes bigint, sha256 text, report json,
        code text, detail text, traceback text
    )
),
held AS MATERIALIZED (
    SELECT p.id FROM picture p, ends e
    WHERE p.id = ANY (ARRAY(SELECT id FROM ends)) AND e.id = p.id
        AND e.token = p.token AND p.lease_until IS NOT NULL
    ORDER BY p.id
    FOR NO KEY UPDATE OF p
),
ended AS (
    UPDATE picture p SET
        state = e.state, worker = NULL, leased_at = NULL, lease_until = NULL, not_before = NULL,
        outage_since = NULL, finished_at = moment.at, result_key = e.result_key,
        result_format = e.result_format, result_width_px = e.width_px,
        result_height_px = e.height_px, result_bytes = e.size_bytes, result_sha256 = e.sha256,
        report = e.report, code = e.code, detail = e.detail, traceback = e.traceback
    FROM ends e, moment
    WHERE p.id = ANY (ARRAY(SELECT id FROM held)) AND e.id = p.id
    RETURNING p.id, p.tenant_id, p.job_id, p.queue, p.parts, p.state, p.code
),
noted AS (
    INSERT INTO picture_change (tenant_id, job_id, picture_id, queue, was, becomes, data, at)
    SELECT tenant_id, job_id, id, queue, 'running', state,
        json_build_object('parts', parts, 'code', code), (SELECT at FROM moment)
    FROM ended ORDER BY id
)
SELECT id FROM ended
"""
)
"""Write how pictures ended that their claims still own, and leave their changes."""

ADD_UP = text(
    """
WITH behind AS MATERIALIZED (
    SELECT id FROM unnest(CAST(:ids AS text[])) AS asked (id)
    WHERE EXISTS (SELECT 1 FROM picture_change c WHERE c.job_id = asked.id)
),
mine AS MATERIALIZED (
    SELECT id FROM behind WHERE pg_try_advisory_xact_lock(hashtextextended(id, 0))
),
locked AS MATERIALIZED (
    SELECT j.id, j.tenant_id, j.state, j.stage, j.pictures_queued, j.pictures_running,
        j.pictures_done, j.pictures_skipped, j.pictures_failed, j.pictures_cancelled
    FROM job j WHERE j.id = ANY (ARRAY(SELECT id FROM mine))
    ORDER BY j.id
    FOR NO KEY UPDATE OF j SKIP LOCKED
),
change AS MATERIALIZED (
    DELETE FROM picture_change c WHERE c.job_id = ANY (ARRAY(SELECT id FROM locked))
    RETURNING c.id, c.job_id, c.picture_id, c.queue, c.was, c.becomes, c.data, c.at
),
-- Counts after each change, in the order of their numbers.
counted AS MATERIALIZED (
    SELECT c.*, l.tenant_id, l.stage,
        l.state = 'queued' AND bool_or(c.becomes = 'running') OVER so_far AS now_runs,
        l.state = 'queued' AND c.becomes = 'running' AND
            count(*) FILTER (WHERE c.becomes = 'running') OVER so_far = 1 AS starts,
        l.state,
        l.pictures_queued + sum((c.becomes = 'queued')::int - (c.was = 'queued')::int)
            OVER so_far AS queued,
        l.pictures_running + sum((c.becomes = 'running')::int - (c.was = 'running')::int)
            OVER so_far AS running,
        l.pictures_done + sum((c.becomes = 'done')::int - (c.was = 'done')::int)
            OVER so_far AS done,
        l.pictures_skipped + sum((c.becomes = 'skipped')::int - (c.was = 'skipped')::int)
            OVER so_far AS skipped,
        l.pictures_failed + sum((c.becomes = 'failed')::int - (c.was = 'failed')::int)
            OVER so_far AS failed,
        l.pictures_cancelled + sum((c.becomes = 'cancelled')::int - (c.was = 'cancelled')::int)
            OVER so_far AS cancelled
    FROM change c JOIN locked l ON l.id = c.job_id
    WINDOW so_far AS (PARTITION BY c.job_id ORDER BY c.id)
),
told AS (
    INSERT INTO event (tenant_id, job_id, picture_id, kind, data, at)
    SELECT c.tenant_id, c.job_id, e.picture_id, e.kind,
        ((jsonb_build_object(
            'job_state', CASE WHEN c.now_runs THEN 'running' ELSE c.state END,
            'stage', c.stage,
            'counts', CASE WHEN e.rank = 0 THEN jsonb_build_object(
                'queued', c.queued + 1, 'running', c.running - 1, 'done', c.done,
                'skipped', c.skipped, 'failed', c.failed, 'cancelled', c.cancelled
            ) ELSE jsonb_build_object(
                'queued', c.queued, 'running', c.running, 'done', c.done,
                'skipped', c.skipped, 'failed', c.failed, 'cancelled', c.cancelled
            ) END
        ) || e.data))::json, c.at
    FROM counted c CROSS JOIN LATERAL (
        SELECT 0 AS rank, NULL AS picture_id, 'job.running' AS kind,
            '{"worker": null}'::jsonb AS data
        WHERE c.starts
        UNION ALL
        SELECT 1, c.picture_id, 'picture.' || c.becomes,
            jsonb_build_object('state', c.becomes) || c.data::jsonb
    ) e
    ORDER BY c.id, e.rank
),
sums AS MATERIALIZED (
    SELECT job_id, count(*) FILTER (WHERE becomes = 'running') AS begun,
        min(at) FILTER (WHERE becomes = 'running') AS begun_at,
        sum((becomes = 'queued')::int - (was = 'queued')::int) AS queued,
        sum((becomes = 'running')::int - (was = 'running')::int) AS running,
        sum((becomes = 'done')::int - (was = 'done')::int) AS done,
        sum((becomes = 'skipped')::int - (was = 'skipped')::int) AS skipped,
        sum((becomes = 'failed')::int - (was = 'failed')::int) AS failed,
        sum((becomes = 'cancelled')::int - (was = 'cancelled')::int) AS cancelled
    FROM change GROUP BY job_id
),
added AS (
    UPDATE job j SET
        pictures_queued = j.pictures_queued + s.queued,
        pictures_running = j.pictures_running + s.running,
        pictures_done = j.pictures_done + s.done,
        pictures_skipped = j.pictures_skipped + s.skipped,
        pictures_failed = j.pictures_failed + s.failed,
        pictures_cancelled = j.pictures_cancelled + s.cancelled,
        turn = s.begun + CASE WHEN j.pictures_queued = 0 AND s.queued > 0 THEN coalesce((
                SELECT min(o.turn) FROM job o
                WHERE o.tenant_id = j.tenant_id AND o.queue = j.queue
                    AND o.pictures_queued > 0 AND o.id <> j.id
            ), j.turn) ELSE j.turn END,
        started_at = CASE WHEN s.begun > 0 AND j.state = 'queued'
            THEN coalesce(j.started_at, s.begun_at) ELSE j.started_at END,
        state = CASE WHEN s.begun > 0 AND j.state = 'queued' THEN 'running' ELSE j.state END
    FROM sums s
    WHERE j.id = ANY (ARRAY(SELECT job_id FROM sums)) AND j.id = s.job_id
    RETURNING j.id, j.state IN ('queued', 'running') AND j.stage = 'upscale'
        AND j.pictures_queued = 0 AND j.pictures_running = 0 AS ended
),
shared AS (
    INSERT INTO share (tenant_id, queue, queued, running, turn)
    SELECT tenant_id, queue, queued, running,
        CASE WHEN queued > 0 THEN coalesce(
            (SELECT min(s.turn) FROM share s WHERE s.queue = owed.queue AND s.queued > 0),
            (SELECT max(s.turn) FROM share s WHERE s.queue = owed.queue), 0
        ) ELSE 0 END
    FROM (
        SELECT tenant_id, queue,
            sum((becomes = 'queued')::int - (was = 'queued')::int) AS queued,
            sum((becomes = 'running')::int - (was = 'running')::int) AS running
        FROM counted GROUP BY tenant_id, queue
    ) owed
    ORDER BY tenant_id, queue
    ON CONFLICT (tenant_id, queue) DO UPDATE SET
        queued = share.queued + excluded.queued,
        running = share.running + excluded.running,
        turn = CASE WHEN share.queued <= 0 AND share.turn < excluded.turn
                    THEN excluded.turn ELSE share.turn END
            + (SELECT count(*) FROM change c JOIN locked l ON l.id = c.job_id
               WHERE l.tenant_id = share.tenant_id AND c.queue = share.queue
                   AND c.becomes = 'running')
            / coalesce((SELECT weight FROM tenant t WHERE t.id = share.tenant_id), 1.0)
)
SELECT mine.id, coalesce(added.ended, false) AS ended, added.id IS NOT NULL AS added
FROM mine LEFT JOIN added ON added.id = mine.id
"""
)
"""Add up the changes of those jobs whose batons and locks are free, as `ledger.add_up` does."""

BEHIND = text("SELECT DISTINCT job_id FROM picture_change WHERE job_id = ANY (:ids)")
"""Name those of the jobs that have changes to be added up."""

BATON = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:id, 0))")
"""Take the baton of one job, if it is free."""
