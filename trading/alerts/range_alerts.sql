-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: by_command
-- $1 command id, $2 person
SELECT * FROM range_alert WHERE command_id = $1 AND person_id = $2;

-- name: waiting_count
-- $1 person, $2 market
SELECT count(*) FROM range_alert WHERE person_id = $1 AND market = $2 AND state = 'armed';

-- name: create
-- $1 command id, $2 person, $3 platform, $4 chat, $5 market, $6 symbol, $7 fraction, $8 window in minutes, $9 repeat,
-- $10 ready, $11 market time, $12 rearm, $13 pause in ms, $14 note, $15 end
INSERT INTO range_alert
    (command_id, person_id, platform, chat_id, market, symbol, fraction, window_minutes, repeat, ready, market_time_ms,
     rearm, pause_ms, note, expires_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
RETURNING *;

-- name: seen
-- $1 person, $2 platform, $3 chat, $4 whether others read along; writing revives a chat
INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, platform, chat_id)
DO UPDATE SET public = excluded.public, seen_at = now(), retired_at = NULL, reason = NULL;

-- name: waiting
-- $1 person, $2 market, $3 how many
SELECT * FROM range_alert WHERE person_id = $1 AND market = $2 AND state = 'armed' ORDER BY id DESC LIMIT $3;

-- name: find
-- $1 person, $2 alert
SELECT * FROM range_alert WHERE person_id = $1 AND id = $2;

-- name: cancel
-- $1 person, $2 alert
UPDATE range_alert SET state = 'cancelled', ended_at = coalesce(ended_at, now()), changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'cancelled')
RETURNING *;

-- name: cancel_all
-- $1 person, $2 market, $3 the newest that was shown: those that were made later stay
UPDATE range_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE person_id = $1 AND market = $2 AND id <= $3 AND state = 'armed'
RETURNING id;

-- name: bring
-- $1 person, $2 alert, $3 platform, $4 chat; one that goes to a private chat stays there
UPDATE range_alert SET platform = $3, chat_id = $4
WHERE person_id = $1 AND id = $2 AND NOT EXISTS (
    SELECT FROM notification_chat AS own
    WHERE own.person_id = $1 AND (own.platform, own.chat_id) = (range_alert.platform, range_alert.chat_id) AND NOT own.public
);

-- name: repeat
-- $1 person, $2 alert, $3 market time; an alert that fired stays as it is until its range has fallen
UPDATE range_alert
SET state = 'armed', repeat = true, market_time_ms = CASE WHEN state = 'armed' THEN market_time_ms ELSE $3 END,
    ended_at = NULL, changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state <> 'cancelled'
RETURNING *;

-- name: armed
-- $1 market; one row without an alert where there is none. The mark is a transaction number and a time.
SELECT now.mark, range_alert.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) || ' ' || extract(epoch FROM now()) AS mark) AS now
LEFT JOIN range_alert ON range_alert.market = $1 AND range_alert.state = 'armed';

-- name: changes
-- $1 market, $2 the mark of the last call. What was not visible then has no smaller transaction number than its mark.
-- An alert that had ended an hour before that call was told then: joining accounts changes all that ever were.
SELECT now.mark, range_alert.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) || ' ' || extract(epoch FROM now()) AS mark) AS now
LEFT JOIN range_alert ON range_alert.market = $1 AND range_alert.changed >= split_part($2, ' ', 1)::xid8
    AND (range_alert.ended_at IS NULL OR range_alert.ended_at >= to_timestamp(split_part($2, ' ', 2)::float8 - 3600));

-- name: fire
-- $1 alerts, $2 how often each fired before, $3 times, $4 notices, $5 their kind. The number of firings tells a firing
-- that is repeated after a lost answer from a new one.
WITH fired AS (
    UPDATE range_alert AS alert
    SET firings = alert.firings + 1, state = CASE WHEN alert.repeat THEN 'armed' ELSE 'fired' END, ready = false,
        market_time_ms = firing.time + 1, fired_at = now(), ended_at = CASE WHEN alert.repeat THEN NULL ELSE now() END,
        changed = pg_current_xact_id()
    FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[]) AS firing (id, before, time, body)
    WHERE alert.id = firing.id AND alert.state = 'armed' AND alert.firings = firing.before
      AND (alert.expires_at_ms IS NULL OR firing.time < alert.expires_at_ms)
    RETURNING alert.id, alert.firings, alert.person_id, alert.platform, alert.chat_id, firing.time,
              jsonb_set(firing.body::jsonb, '{notice,note}', to_jsonb(alert.note)) AS body
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT 'range:' || id || ':' || firings, person_id, platform, chat_id, $5, body FROM fired ORDER BY time, id
    ON CONFLICT (key) DO NOTHING
)
SELECT id FROM fired;

-- name: returned
-- $1 alerts, $2 how often each fired before, $3 since when each is ready
UPDATE range_alert AS alert SET ready = true, market_time_ms = back.since, changed = pg_current_xact_id()
FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS back (id, before, since)
WHERE alert.id = back.id AND alert.state = 'armed' AND alert.firings = back.before AND NOT alert.ready;
