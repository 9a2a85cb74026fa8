-- name: find
-- $1 person, $2 market
SELECT t.*, (SELECT json_object_agg(symbol, weight::text ORDER BY place)::text FROM rebalancing_weight WHERE target_id = t.id) AS weights
FROM rebalancing_target AS t WHERE person_id = $1 AND market = $2;

-- name: save
-- $1 person, $2 market, $3 with cash, $4 band, NULL: that of before, $5 the band where there was none, $6 symbols, $7 weights.
-- A target that a user changes is their own from then on.
WITH target AS (
    INSERT INTO rebalancing_target AS t (person_id, market, with_cash, band) VALUES ($1, $2, $3, coalesce($4::numeric, $5::numeric))
    ON CONFLICT (person_id, market) DO UPDATE
        SET with_cash = $3, band = coalesce($4::numeric, t.band), outside = false, checked_at = NULL, copied_from = NULL
    RETURNING id
), gone AS (
    DELETE FROM rebalancing_weight USING target WHERE target_id = target.id AND symbol <> ALL ($6::text[])
)
INSERT INTO rebalancing_weight (target_id, symbol, weight, place)
SELECT target.id, symbol, weight, place FROM target, unnest($6::text[], $7::numeric[]) WITH ORDINALITY AS wished (symbol, weight, place)
ON CONFLICT (target_id, symbol) DO UPDATE SET weight = excluded.weight, place = excluded.place;

-- name: set_band
-- $1 person, $2 market, $3 band
UPDATE rebalancing_target SET band = $3, outside = false, checked_at = NULL, copied_from = NULL
WHERE person_id = $1 AND market = $2 RETURNING id;

-- name: set_schedule
-- $1 person, $2 market, $3 every, $4 day, $5 minute, $6 time zone, $7 next date, $8 next time; NULLs end it
UPDATE rebalancing_target
SET every = $3, day = $4, minute = $5, timezone = $6, next_day = $7, next_at = $8, failures = 0, claimed_until = NULL, copied_from = NULL
WHERE person_id = $1 AND market = $2 RETURNING id;

-- name: remove
-- $1 person, $2 market
DELETE FROM rebalancing_target WHERE person_id = $1 AND market = $2 RETURNING id;

-- name: watched
-- $1 market, $2 after this target, $3 how many
SELECT t.*, (SELECT json_object_agg(symbol, weight::text ORDER BY place)::text FROM rebalancing_weight WHERE target_id = t.id) AS weights
FROM rebalancing_target AS t
WHERE market = $1 AND id > $2 AND EXISTS (SELECT FROM rebalancing_weight WHERE target_id = t.id)
  AND EXISTS (SELECT FROM identity WHERE identity.person_id = t.person_id)
  AND NOT EXISTS (SELECT FROM ban WHERE ban.person_id = t.person_id)
ORDER BY id LIMIT $3;

-- name: check
-- $1 target, $2 at, $3 whether a band is left, $4 key, $5 kind, $6 notice. The check that finds it first tells, in the same
-- statement; one that another worker made meanwhile changes nothing.
WITH before AS (
    SELECT id, person_id, outside FROM rebalancing_target
    WHERE id = $1 AND (checked_at IS NULL OR checked_at < $2) FOR UPDATE
), checked AS (
    UPDATE rebalancing_target AS t SET outside = $3, checked_at = $2 FROM before WHERE t.id = before.id
)
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT $4, chat.person_id, platform, chat_id, $5, $6::text::jsonb
FROM before CROSS JOIN LATERAL notice_chat(before.person_id, $5) AS chat
WHERE $3 AND NOT outside
  AND NOT EXISTS (SELECT FROM notification_preference AS mode
                  WHERE mode.person_id = before.person_id AND mode.kind = $5 AND mode.mode = 'off')
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: due
-- $1 market, $2 now, $3 how many. Those that were tried without an end come last, the least recently tried first: one that
-- waits for a price keeps no other waiting.
SELECT t.*, person.timezone AS zone,
       (SELECT json_object_agg(symbol, weight::text ORDER BY place)::text FROM rebalancing_weight WHERE target_id = t.id) AS weights
FROM rebalancing_target AS t JOIN person ON person.id = t.person_id
WHERE t.market = $1 AND (t.next_at <= $2 OR t.timezone <> person.timezone)
  AND (t.claimed_until IS NULL OR t.claimed_until <= $2)
  AND EXISTS (SELECT FROM rebalancing_weight WHERE target_id = t.id)
  AND EXISTS (SELECT FROM identity WHERE identity.person_id = t.person_id)
  AND NOT EXISTS (SELECT FROM ban WHERE ban.person_id = t.person_id)
ORDER BY t.claimed_until NULLS FIRST, t.next_at, t.id LIMIT $3;

-- name: claim
-- $1 target, $2 the time it is due at, $3 now, $4 until when
UPDATE rebalancing_target SET claimed_until = $4
WHERE id = $1 AND next_at = $2 AND (claimed_until IS NULL OR claimed_until <= $3)
RETURNING id;

-- name: advance
-- $1 target, $2 the time it was due at, $3 every, $4 day, $5 minute, $6 time zone, $7 next date, $8 next time, $9 the last date
-- that was dealt with, $10 failures, $11 key, $12 kind, $13 notice, NULL for none
WITH moved AS (
    UPDATE rebalancing_target
    SET every = $3, day = $4, minute = $5, timezone = $6, next_day = $7, next_at = $8, last_day = coalesce($9, last_day),
        failures = $10, claimed_until = NULL
    WHERE id = $1 AND next_at = $2
    RETURNING person_id
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT $11, chat.person_id, platform, chat_id, $12, $13::text::jsonb
    FROM moved CROSS JOIN LATERAL notice_chat(moved.person_id, $12) AS chat
    WHERE $13::text IS NOT NULL
    ON CONFLICT (key) DO NOTHING
)
SELECT person_id FROM moved;
