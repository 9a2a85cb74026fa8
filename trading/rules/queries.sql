-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: of
-- $1 person, $2 market, $3 how many: users whose accounts were merged may have those of both
SELECT * FROM strategy WHERE person_id = $1 AND market = $2 ORDER BY name LIMIT $3;

-- name: find
-- $1 person, $2 market, $3 name
SELECT * FROM strategy WHERE person_id = $1 AND market = $2 AND name = $3;

-- name: count
-- $1 person, $2 market
SELECT count(*) FROM strategy WHERE person_id = $1 AND market = $2;

-- name: save
-- $1 person, $2 market, $3 name, $4 symbol, $5 interval in minutes, $6 rule; another rule is not what was shared
INSERT INTO strategy (person_id, market, name, symbol, interval_minutes, rule) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (person_id, market, name) DO UPDATE
    SET symbol = excluded.symbol, interval_minutes = excluded.interval_minutes, rule = excluded.rule, changed_at = now(),
        share_code = CASE WHEN (strategy.symbol, strategy.interval_minutes, strategy.rule)
                             = (excluded.symbol, excluded.interval_minutes, excluded.rule) THEN strategy.share_code END
RETURNING *;

-- name: delete
-- $1 person, $2 market, $3 name
DELETE FROM strategy WHERE person_id = $1 AND market = $2 AND name = $3 RETURNING *;

-- name: share
-- $1 person, $2 market, $3 name, $4 code
UPDATE strategy SET share_code = coalesce(share_code, $4) WHERE person_id = $1 AND market = $2 AND name = $3 RETURNING *;

-- name: unshare
-- $1 person, $2 market, $3 name
UPDATE strategy SET share_code = NULL WHERE person_id = $1 AND market = $2 AND name = $3 RETURNING *;

-- name: shared
-- $1 code, $2 market
SELECT * FROM strategy WHERE share_code = $1 AND market = $2;
