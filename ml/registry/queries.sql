-- name: lock
-- One change at a time of the models of market $1 and horizon $2, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('model ' || $1::text || ' ' || $2::integer, 0));

-- name: insert
INSERT INTO model (
    market, horizon, recipe, state, trained_at, start_ms, end_ms, symbols, rows, features, parameters, code_version,
    metrics, sha256, size, artifact
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, length($15::bytea), $15)
RETURNING version;

-- name: one
SELECT model_summary.* FROM model_summary WHERE version = $1;

-- name: in_state
SELECT model_summary.* FROM model_summary WHERE market = $1 AND horizon = $2 AND state = $3;

-- name: before
-- The champions before $3 that could serve again, newest reign first.
SELECT model_summary.* FROM model_summary
CROSS JOIN LATERAL (
    SELECT max(id) AS reign
    FROM model_event
    WHERE model_event.version = model_summary.version AND model_event.state = 'champion'
) AS history
WHERE market = $1 AND horizon = $2 AND version <> $3
    AND reign IS NOT NULL AND state = 'retired' AND NOT barred AND kept
ORDER BY reign DESC;

-- name: list
-- The newest $3 of each market and horizon, and whatever serves or competes; all markets where $1 is NULL, all horizons
-- where $2 is.
SELECT model_summary.*
FROM (
    SELECT version, row_number() OVER (PARTITION BY market, horizon ORDER BY version DESC) AS place
    FROM model
    WHERE (market = $1 OR $1 IS NULL) AND (horizon = $2 OR $2 IS NULL)
) AS placed
JOIN model_summary USING (version)
WHERE place <= $3 OR state IN ('champion', 'challenger')
ORDER BY market, horizon, version DESC;

-- name: same
-- The version that this very training has already.
SELECT version FROM model WHERE market = $1 AND horizon = $2 AND trained_at = $3 AND sha256 = $4;

-- name: artifact
-- $1 version, $2 bytes that an artifact may have: a longer one is not fetched
SELECT artifact IS NULL AS gone, CASE WHEN length(artifact) <= $2 THEN artifact END AS artifact
FROM model WHERE version = $1;

-- name: move
UPDATE model SET state = $2, barred = $3 WHERE version = $1;

-- name: note
INSERT INTO model_event (version, change, state, who, reason) VALUES ($1, $2, $3, $4, $5);

-- name: changes
-- The newest $3 changes, newest first; of version $1, or of market $2, or all.
SELECT model_event.version, (extract(epoch FROM recorded_at) * 1000)::bigint AS at, change, model_event.state, who, reason
FROM model_event JOIN model USING (version)
WHERE (model_event.version = $1 OR $1 IS NULL) AND (market = $2 OR $2 IS NULL)
ORDER BY id DESC
LIMIT $3;

-- name: forget
-- The artifacts of old versions go: all but those of the newest $3, of what serves or competes, and of the newest
-- champion that could be returned to.
UPDATE model SET artifact = NULL
WHERE market = $1 AND horizon = $2 AND artifact IS NOT NULL AND state IN ('retired', 'failed')
    AND version NOT IN (
        SELECT version FROM model WHERE market = $1 AND horizon = $2 ORDER BY version DESC LIMIT $3
    )
    AND version <> coalesce($4, 0);
