-- name: begin
-- $1 command id, $2 person, $3 market, $4 the group as JSON, $5 whether a schedule places it, $6 now, $7 claimed until
INSERT INTO order_group (command_id, person_id, market, body, scheduled, created_at, claimed_until)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6, $7)
ON CONFLICT (command_id) DO NOTHING
RETURNING *;

-- name: find
-- $1 command id, $2 person
SELECT * FROM order_group WHERE command_id = $1 AND person_id = $2;

-- name: claim
-- $1 group, $2 now, $3 until when
UPDATE order_group SET claimed_until = $3 WHERE id = $1 AND finished_at IS NULL AND claimed_until <= $2 RETURNING *;

-- name: advance
-- $1 group, $2 claimed until, $3 why orders were not placed, by their number
UPDATE order_group SET claimed_until = $2, refusals = refusals || $3::text::jsonb WHERE id = $1 AND finished_at IS NULL;

-- name: finish
-- $1 group, $2 now, $3 key, $4 kind, $5 notice, NULL for none. Whoever comes first ends it and tells, in one statement.
WITH ended AS (
    UPDATE order_group SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL RETURNING person_id
)
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT $3, chat.person_id, platform, chat_id, $4, $5::text::jsonb
FROM ended CROSS JOIN LATERAL notice_chat(ended.person_id, $4) AS chat
WHERE $5::text IS NOT NULL
ON CONFLICT (key) DO NOTHING;

-- name: unfinished
-- $1 market, $2 now, $3 how many
SELECT * FROM order_group WHERE market = $1 AND finished_at IS NULL AND claimed_until <= $2 ORDER BY id LIMIT $3;
