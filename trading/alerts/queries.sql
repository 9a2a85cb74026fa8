-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: by_command
-- $1 command id, $2 person
SELECT * FROM alert WHERE command_id = $1 AND person_id = $2;

-- name: create
-- $1 command id, $2 person, $3 platform, $4 chat, $5 market, $6 symbol, $7 direction, $8 level, $9 repeat, $10 ready,
-- $11 market time, $12 rearm, $13 pause in ms
INSERT INTO alert
    (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready, market_time_ms, rearm,
     pause_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
RETURNING *;

-- name: seen
-- $1 person, $2 platform, $3 chat, $4 whether others read along; writing revives a chat
INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, platform, chat_id)
DO UPDATE SET public = excluded.public, seen_at = now(), retired_at = NULL, reason = NULL;

-- name: waiting
-- $1 person, $2 market, $3 before this alert (NULL: from the newest), $4 how many
SELECT * FROM alert
WHERE person_id = $1 AND market = $2 AND state IN ('armed', 'muted') AND ($3::bigint IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4;

-- name: find
-- $1 person, $2 alert
SELECT * FROM alert WHERE person_id = $1 AND id = $2;

-- name: cancel
-- $1 person, $2 alert
UPDATE alert SET state = 'cancelled', ended_at = coalesce(ended_at, now()), changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'muted', 'cancelled')
RETURNING *;

-- name: cancel_all
-- $1 person, $2 market, $3 the newest that was shown: those that were made later stay
UPDATE alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE person_id = $1 AND market = $2 AND id <= $3 AND state IN ('armed', 'muted')
RETURNING id;

-- name: waiting_count
-- $1 person, $2 market
SELECT count(*) AS count, count(*) FILTER (WHERE state = 'muted') AS muted, max(id) AS newest FROM alert
WHERE person_id = $1 AND market = $2 AND state IN ('armed', 'muted');

-- name: edit
-- $1 person, $2 alert, $3 direction, $4 level, $5 ready, $6 market time, $7 rearm; another level is another alert that
-- counts its firings on
UPDATE alert SET direction = $3, level = $4, ready = $5, market_time_ms = $6, rearm = $7, changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'muted')
RETURNING *;

-- name: mute
-- $1 person, $2 alert
UPDATE alert SET state = 'muted', changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'muted')
RETURNING *;

-- name: bring
-- $1 person, $2 alert, $3 platform, $4 chat; one that goes to a private chat stays there
UPDATE alert SET platform = $3, chat_id = $4
WHERE person_id = $1 AND id = $2 AND NOT EXISTS (
    SELECT FROM notification_chat AS own
    WHERE own.person_id = $1 AND (own.platform, own.chat_id) = (alert.platform, alert.chat_id) AND NOT own.public
);

-- name: repeat
-- $1 person, $2 alert, $3 ready, $4 market time
UPDATE alert SET state = 'armed', repeat = true, ready = $3, market_time_ms = $4, ended_at = NULL, changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state <> 'cancelled'
RETURNING *;

-- name: armed
-- $1 market, $2 after this alert, $3 how many; one row without an alert where there is none. The mark is a transaction
-- number and a time.
SELECT now.mark, armed.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) || ' ' || extract(epoch FROM now()) AS mark) AS now
LEFT JOIN LATERAL (
    SELECT id, symbol, direction, level, market_time_ms, ready, firings, repeat, rearm, pause_ms
    FROM alert WHERE market = $1 AND state = 'armed' AND id > $2 ORDER BY id LIMIT $3
) AS armed ON true;

-- name: changes
-- $1 market, $2 the mark of the last call. What was not visible then has no smaller transaction number than its mark.
-- An alert that had ended an hour before that call was told then: joining accounts changes all that ever were.
SELECT now.mark, alert.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) || ' ' || extract(epoch FROM now()) AS mark) AS now
LEFT JOIN alert ON alert.market = $1 AND alert.changed >= split_part($2, ' ', 1)::xid8
    AND (alert.ended_at IS NULL OR alert.ended_at >= to_timestamp(split_part($2, ' ', 2)::float8 - 3600));

-- name: fire
-- $1 alerts, $2 how often each fired before, $3 times, $4 notices, $5 their kind, $6 directions, $7 levels. The number of
-- firings tells a firing that is repeated after a lost answer from a new one; a level that was changed meanwhile was not
-- reached.
WITH fired AS (
    UPDATE alert
    SET firings = alert.firings + 1, state = CASE WHEN alert.repeat THEN 'armed' ELSE 'fired' END, ready = false,
        market_time_ms = firing.time + 1, fired_at = now(), ended_at = CASE WHEN alert.repeat THEN NULL ELSE now() END,
        changed = pg_current_xact_id()
    FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $6::text[], $7::numeric[])
         AS firing (id, before, time, body, direction, level)
    WHERE alert.id = firing.id AND alert.state = 'armed' AND alert.firings = firing.before
      AND alert.direction = firing.direction AND alert.level = firing.level
    RETURNING alert.id, alert.firings, alert.person_id, alert.platform, alert.chat_id, firing.time, firing.body
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT 'alert:' || id || ':' || firings, person_id, platform, chat_id, $5, body::jsonb FROM fired ORDER BY time, id
    ON CONFLICT (key) DO NOTHING
)
SELECT id FROM fired;

-- name: returned
-- $1 alerts, $2 how often each fired before, $3 since when each is ready, $4 directions, $5 levels
UPDATE alert SET ready = true, market_time_ms = back.since, changed = pg_current_xact_id()
FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::numeric[])
     AS back (id, before, since, direction, level)
WHERE alert.id = back.id AND alert.state = 'armed' AND alert.firings = back.before AND NOT alert.ready
  AND alert.direction = back.direction AND alert.level = back.level;
