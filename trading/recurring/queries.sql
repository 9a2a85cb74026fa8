-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: count
-- $1 person, $2 market
SELECT count(*) FROM recurring_buy WHERE person_id = $1 AND market = $2;

-- name: by_command
-- $1 command id, $2 person
SELECT * FROM recurring_buy WHERE command_id = $1 AND person_id = $2;

-- name: create
-- $1 command id, $2 person, $3 market, $4 symbol, $5 kind of size, $6 size, $7 every, $8 day, $9 minute, $10 time zone,
-- $11 next date, $12 next time
INSERT INTO recurring_buy
    (command_id, person_id, market, symbol, size_kind, size, every, day, minute, timezone, next_day, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING *;

-- name: of
-- $1 person, $2 market
SELECT * FROM recurring_buy WHERE person_id = $1 AND market = $2 ORDER BY id;

-- name: find
-- $1 person, $2 plan
SELECT * FROM recurring_buy WHERE person_id = $1 AND id = $2;

-- name: pause
-- $1 person, $2 plan
UPDATE recurring_buy SET state = 'paused', claimed_until = NULL, tried_at = NULL WHERE person_id = $1 AND id = $2
RETURNING *;

-- name: resume
-- $1 person, $2 plan, $3 time zone, $4 next date, $5 next time
UPDATE recurring_buy
SET state = 'active', failures = 0, timezone = $3, next_day = $4, next_at = $5, tried_at = NULL, claimed_until = NULL
WHERE person_id = $1 AND id = $2 AND state <> 'active'
RETURNING *;

-- name: remove
-- $1 person, $2 plan
DELETE FROM recurring_buy WHERE person_id = $1 AND id = $2 RETURNING *;

-- name: due
-- $1 market, $2 now, $3 how many
SELECT plan.*, person.timezone AS zone,
       EXISTS (SELECT FROM entry WHERE command_id = 'recurring:' || plan.id || ':' || plan.next_day) AS placed
FROM recurring_buy AS plan JOIN person ON person.id = plan.person_id
WHERE plan.market = $1 AND plan.state = 'active' AND (plan.next_at <= $2 OR plan.timezone <> person.timezone)
  AND (plan.claimed_until IS NULL OR plan.claimed_until <= $2)
  AND NOT EXISTS (SELECT FROM ban WHERE ban.person_id = plan.person_id)
ORDER BY plan.next_at, plan.id LIMIT $3;

-- name: claim
-- $1 plan, $2 the time it is due at, $3 now, $4 until when
UPDATE recurring_buy SET claimed_until = $4
WHERE id = $1 AND next_at = $2 AND state = 'active' AND (claimed_until IS NULL OR claimed_until <= $3)
RETURNING id;

-- name: wait
-- $1 plan, $2 the time it is due at, $3 now
UPDATE recurring_buy SET tried_at = coalesce(tried_at, $3), claimed_until = NULL WHERE id = $1 AND next_at = $2;

-- name: move_on
-- $1 plan, $2 the time it was due at, $3 next date, $4 next time, $5 time zone, $6 the last date that was dealt with,
-- $7 failures, $8 state, $9 keys, $10 kinds, $11 notices. Whoever comes first moves it on and writes the notices down,
-- in one statement; to the chat that was chosen, or the private one where the person was seen last, or nowhere.
WITH moved AS (
    UPDATE recurring_buy
    SET next_day = $3, next_at = $4, timezone = $5, last_day = coalesce($6, last_day), failures = $7, state = $8,
        tried_at = NULL, claimed_until = NULL
    WHERE id = $1 AND next_at = $2 AND state = 'active'
    RETURNING person_id
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT key, chat.person_id, platform, chat_id, kind, body::jsonb
    FROM moved CROSS JOIN unnest($9::text[], $10::text[], $11::text[]) WITH ORDINALITY AS notice (key, kind, body, place)
    CROSS JOIN LATERAL notice_chat(moved.person_id, kind) AS chat
    ORDER BY place
    ON CONFLICT (key) DO NOTHING
)
SELECT person_id FROM moved;

-- name: telling
-- $1 person; how loud a fill and a rest that expired are, where they were chosen to be told at all
SELECT chat.platform, chat.chat_id, chat.public,
       NOT EXISTS (SELECT FROM notification_preference WHERE person_id = $1 AND kind = 'fill' AND mode = 'off') AS fills,
       NOT EXISTS (SELECT FROM notification_preference WHERE person_id = $1 AND kind = 'expiry' AND mode = 'off') AS expiries
FROM notice_chat($1, 'fill') AS chat;
