-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: by_command
-- $1 command id, $2 person
SELECT * FROM condition_alert WHERE command_id = $1 AND person_id = $2;

-- name: same
-- $1 person, $2 market, $3 symbol, $4 measure, $5 direction, $6 level, $7 interval, $8 length, $9 order,
-- $10 rule
SELECT id FROM condition_alert
WHERE person_id = $1 AND market = $2 AND symbol = $3 AND measure = $4 AND direction = $5 AND level = $6
  AND interval_minutes = $7 AND length = $8 AND order_id IS NOT DISTINCT FROM $9 AND rule IS NOT DISTINCT FROM $10
  AND state = 'armed';

-- name: waiting_count
-- $1 person, $2 market
SELECT count(*) FROM condition_alert WHERE person_id = $1 AND market = $2 AND state IN ('armed', 'muted');

-- name: create
-- $1 command id, $2 person, $3 platform, $4 chat, $5 market, $6 symbol, $7 measure, $8 direction, $9 level, $10 interval in
-- minutes, $11 length, $12 order, $13 its price, $14 rule, $15 rearm, $16 repeat, $17 ready, $18 market time, $19 pause
-- in ms, $20 note, $21 end
INSERT INTO condition_alert
    (command_id, person_id, platform, chat_id, market, symbol, measure, direction, level, interval_minutes, length, order_id,
     reference, rule, rearm, repeat, ready, market_time_ms, pause_ms, note, expires_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
RETURNING *;

-- name: seen
-- $1 person, $2 platform, $3 chat, $4 whether others read along; writing revives a chat
INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, platform, chat_id)
DO UPDATE SET public = excluded.public, seen_at = now(), retired_at = NULL, reason = NULL;

-- name: waiting
-- $1 person, $2 market, $3 how many
SELECT * FROM condition_alert WHERE person_id = $1 AND market = $2 AND state IN ('armed', 'muted')
ORDER BY id DESC LIMIT $3;

-- name: find
-- $1 person, $2 alert
SELECT * FROM condition_alert WHERE person_id = $1 AND id = $2;

-- name: cancel
-- $1 person, $2 alert
UPDATE condition_alert SET state = 'cancelled', ended_at = coalesce(ended_at, now()), changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'muted', 'cancelled')
RETURNING *;

-- name: cancel_all
-- $1 person, $2 market, $3 the newest that was shown: those that were made later stay
UPDATE condition_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE person_id = $1 AND market = $2 AND id <= $3 AND state IN ('armed', 'muted')
RETURNING id;

-- name: edit
-- $1 person, $2 alert, $3 measure, $4 direction, $5 level, $6 interval, $7 length, $8 order, $9 its price, $10 rule,
-- $11 rearm, $12 ready, $13 market time; another condition is another alert that counts its firings on
UPDATE condition_alert
SET measure = $3, direction = $4, level = $5, interval_minutes = $6, length = $7, order_id = $8, reference = $9, rule = $10,
    rearm = $11, ready = $12, market_time_ms = $13, changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'muted')
RETURNING *;

-- name: mute
-- $1 person, $2 alert
UPDATE condition_alert SET state = 'muted', changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state IN ('armed', 'muted')
RETURNING *;

-- name: bring
-- $1 person, $2 alert, $3 platform, $4 chat; one that goes to a private chat stays there
UPDATE condition_alert SET platform = $3, chat_id = $4
WHERE person_id = $1 AND id = $2 AND NOT EXISTS (
    SELECT FROM notification_chat AS own
    WHERE own.person_id = $1 AND (own.platform, own.chat_id) = (condition_alert.platform, condition_alert.chat_id)
      AND NOT own.public
);

-- name: repeat
-- $1 person, $2 alert, $3 market time, $4 ready; one that waits already stays as it is
UPDATE condition_alert
SET state = 'armed', repeat = true, ready = CASE WHEN state = 'armed' THEN ready ELSE $4 END,
    market_time_ms = CASE WHEN state = 'armed' THEN market_time_ms ELSE $3 END, ended_at = NULL,
    changed = pg_current_xact_id()
WHERE person_id = $1 AND id = $2 AND state <> 'cancelled'
RETURNING *;

-- name: armed
-- $1 market; one row without an alert where there is none. The mark is a transaction number and a time.
SELECT now.mark, condition_alert.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) || ' ' || extract(epoch FROM now()) AS mark) AS now
LEFT JOIN condition_alert ON condition_alert.market = $1 AND condition_alert.state = 'armed';

-- name: changes
-- $1 market, $2 the mark of the last call. What was not visible then has no smaller transaction number than its mark.
-- An alert that had ended an hour before that call was told then: joining accounts changes all that ever were.
SELECT now.mark, condition_alert.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) || ' ' || extract(epoch FROM now()) AS mark) AS now
LEFT JOIN condition_alert ON condition_alert.market = $1 AND condition_alert.changed >= split_part($2, ' ', 1)::xid8
    AND (condition_alert.ended_at IS NULL
         OR condition_alert.ended_at >= to_timestamp(split_part($2, ' ', 2)::float8 - 3600));

-- name: fire
-- $1 alerts, $2 how often each fired before, $3 times, $4 notices, $5 their kind, $6 measures, $7 directions, $8 levels,
-- $9 intervals, $10 lengths, $11 prices of orders (NULL: none), $12 rules (NULL: none). The number of firings tells a firing that is repeated after a
-- lost answer from a new one; a condition that was changed meanwhile, and an order that ended or moved, was not reached. The
-- note is added here.
WITH fired AS (
    UPDATE condition_alert AS alert
    SET firings = alert.firings + 1, state = CASE WHEN alert.repeat THEN 'armed' ELSE 'fired' END, ready = false,
        market_time_ms = firing.time + 1, fired_at = now(), ended_at = CASE WHEN alert.repeat THEN NULL ELSE now() END,
        changed = pg_current_xact_id()
    FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $6::text[], $7::text[], $8::numeric[], $9::integer[],
                $10::integer[], $11::numeric[], $12::text[])
         AS firing (id, before, time, body, measure, direction, level, minutes, length, reference, rule)
    WHERE alert.id = firing.id AND alert.state = 'armed' AND alert.firings = firing.before
      AND alert.measure = firing.measure AND alert.direction = firing.direction AND alert.level = firing.level
      AND alert.interval_minutes = firing.minutes AND alert.length = firing.length
      AND alert.reference IS NOT DISTINCT FROM firing.reference AND alert.rule IS NOT DISTINCT FROM firing.rule
      AND (alert.expires_at_ms IS NULL OR firing.time < alert.expires_at_ms)
      AND (alert.order_id IS NULL OR EXISTS (SELECT FROM open_order WHERE open_order.order_id = alert.order_id))
    RETURNING alert.id, alert.firings, alert.person_id, alert.platform, alert.chat_id, firing.time,
              jsonb_set(firing.body::jsonb, '{notice,note}', to_jsonb(alert.note)) AS body
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT 'condition:' || id || ':' || firings, person_id, platform, chat_id, $5, body FROM fired ORDER BY time, id
    ON CONFLICT (key) DO NOTHING
)
SELECT id FROM fired;

-- name: returned
-- $1 alerts, $2 how often each fired before, $3 since when each is ready, $4 measures, $5 levels, $6 prices of orders,
-- $7 rules
UPDATE condition_alert AS alert SET ready = true, market_time_ms = back.since, changed = pg_current_xact_id()
FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::numeric[], $6::numeric[],
            $7::text[])
     AS back (id, before, since, measure, level, reference, rule)
WHERE alert.id = back.id AND alert.state = 'armed' AND alert.firings = back.before AND NOT alert.ready
  AND alert.measure = back.measure AND alert.level = back.level AND alert.reference IS NOT DISTINCT FROM back.reference
  AND alert.rule IS NOT DISTINCT FROM back.rule;
