-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: by_command
-- $1 command id, $2 person
SELECT * FROM forecast_alert WHERE command_id = $1 AND person_id = $2;

-- name: waiting_count
-- $1 person, $2 market
SELECT count(*) FROM forecast_alert WHERE person_id = $1 AND market = $2 AND state = 'armed';

-- name: create
-- $1 command id, $2 person, $3 platform, $4 chat, $5 market, $6 symbol, $7 horizon, $8 way, $9 chance, $10 repeat,
-- $11 ready, $12 margin, $13 pause in minutes
INSERT INTO forecast_alert
    (command_id, person_id, platform, chat_id, market, symbol, horizon, way, chance, repeat, ready, margin,
     pause_minutes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
RETURNING *;

-- name: seen
-- $1 person, $2 platform, $3 chat, $4 whether others read along; writing revives a chat
INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, platform, chat_id)
DO UPDATE SET public = excluded.public, seen_at = now(), retired_at = NULL, reason = NULL;

-- name: waiting
-- $1 person, $2 market, $3 how many
SELECT * FROM forecast_alert WHERE person_id = $1 AND market = $2 AND state = 'armed' ORDER BY id DESC LIMIT $3;

-- name: find
-- $1 person, $2 alert
SELECT * FROM forecast_alert WHERE person_id = $1 AND id = $2;

-- name: cancel
-- $1 person, $2 alert
UPDATE forecast_alert SET state = 'cancelled', ended_at = coalesce(ended_at, now())
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'cancelled')
RETURNING *;

-- name: cancel_all
-- $1 person, $2 market, $3 the newest that was shown: those that were made later stay
UPDATE forecast_alert SET state = 'cancelled', ended_at = now()
WHERE person_id = $1 AND market = $2 AND id <= $3 AND state = 'armed'
RETURNING id;

-- name: bring
-- $1 person, $2 alert, $3 platform, $4 chat; one that goes to a private chat stays there
UPDATE forecast_alert SET platform = $3, chat_id = $4
WHERE person_id = $1 AND id = $2 AND NOT EXISTS (
    SELECT FROM notification_chat AS own
    WHERE own.person_id = $1 AND (own.platform, own.chat_id) = (forecast_alert.platform, forecast_alert.chat_id) AND NOT own.public
);

-- name: repeat
-- $1 person, $2 alert
UPDATE forecast_alert SET state = 'armed', repeat = true, ended_at = NULL
WHERE person_id = $1 AND id = $2 AND state <> 'cancelled'
RETURNING *;

-- name: armed
-- $1 market
SELECT * FROM forecast_alert WHERE market = $1 AND state = 'armed' ORDER BY id;

-- name: fire
-- $1 alerts, $2 how often each fired before, $3 notices, $4 their kind, $5 now. The number of firings tells a firing
-- that is repeated after a lost answer from a new one.
WITH fired AS (
    UPDATE forecast_alert AS alert
    SET firings = alert.firings + 1, state = CASE WHEN alert.repeat THEN 'armed' ELSE 'fired' END, ready = false,
        fired_at = $5::timestamptz, ended_at = CASE WHEN alert.repeat THEN NULL ELSE now() END
    FROM unnest($1::bigint[], $2::integer[], $3::text[]) AS firing (id, before, body)
    WHERE alert.id = firing.id AND alert.state = 'armed' AND alert.firings = firing.before
    RETURNING alert.id, alert.firings, alert.person_id, alert.platform, alert.chat_id, firing.body
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT 'forecast:' || id || ':' || firings, person_id, platform, chat_id, $4, body::jsonb FROM fired ORDER BY id
    ON CONFLICT (key) DO NOTHING
)
SELECT id FROM fired;

-- name: returned
-- $1 alerts, $2 how often each fired before
UPDATE forecast_alert AS alert SET ready = true
FROM unnest($1::bigint[], $2::integer[]) AS back (id, before)
WHERE alert.id = back.id AND alert.state = 'armed' AND alert.firings = back.before AND NOT alert.ready;
