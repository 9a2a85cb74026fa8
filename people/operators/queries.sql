-- name: log
-- $1 command id, $2 platform, $3 external id, $4 person, $5 line, $6 result: nothing where it is there already
INSERT INTO operator_action (command_id, platform, external_id, person_id, line, result) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (command_id) DO NOTHING RETURNING id;

-- name: turn
-- $1 command id: the same command, elsewhere at this moment, comes after this one
SELECT pg_advisory_xact_lock(hashtextextended('operation:' || $1::text, 0));

-- name: logged
-- $1 command id
SELECT result FROM operator_action WHERE command_id = $1;

-- name: last
-- $1 how many
SELECT recorded_at AS at, platform, external_id, line, result FROM operator_action ORDER BY id DESC LIMIT $1;

-- name: set_trading
-- $1 halted, $2 reason
SELECT set_trading($1, $2);

-- name: person
-- $1 person
SELECT id FROM person WHERE id = $1;

-- name: identity
-- $1 platform, $2 external id
SELECT person_id FROM identity WHERE platform = $1 AND external_id = $2;

-- name: identities
-- $1 person
SELECT platform, external_id FROM identity WHERE person_id = $1;

-- name: ban
-- $1 person, $2 reason, $3 platform and $4 external id of the identity that was named, '' for none
SELECT ban_person($1, $2, $3, $4);

-- name: unban
-- $1 person
SELECT lift_ban($1);

-- name: unban_identity
-- $1 platform, $2 external id, of a person who deleted their data
SELECT lift_identity_ban($1, $2);

-- name: banned
SELECT person_id, reason FROM ban;

-- name: draft
-- $1 token, $2 person, $3 text, $4 seconds
INSERT INTO broadcast (token, person_id, body, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4));

-- name: forget_drafts
DELETE FROM broadcast WHERE sent_at IS NULL AND expires_at < now() - interval '1 day';

-- name: claim
-- $1 token, $2 person
SELECT id, body FROM broadcast WHERE token = $1 AND person_id = $2 AND sent_at IS NULL AND expires_at > now() FOR UPDATE;

-- name: drop
-- $1 token, $2 person
DELETE FROM broadcast WHERE token = $1 AND person_id = $2 AND sent_at IS NULL AND expires_at > now() RETURNING id;

-- name: reached
-- How many people a broadcast reaches now, and how many not, by the reason (app/database/migrations/0023.reach.sql).
SELECT way, count(*) AS count FROM broadcast_reach GROUP BY way;

-- name: spread
-- $1 broadcast, $2 its notice, $3 kind: to each person once, in private
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT 'broadcast:' || $1::bigint || ':' || person_id, person_id, platform, chat_id, $3, $2::jsonb
FROM broadcast_reach WHERE chat_id IS NOT NULL
ORDER BY person_id
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: sent
-- $1 broadcast, $2 how many, $3 first row, $4 last row
UPDATE broadcast SET sent_at = now(), chats = $2, first_row = $3, last_row = $4 WHERE id = $1;

-- name: counts
SELECT (SELECT count(*) FROM person) AS people, (SELECT count(*) FROM ban) AS banned,
       (SELECT count(*) FROM account) AS accounts,
       (SELECT count(*) FROM orders WHERE recorded_at >= date_trunc('day', now(), 'UTC')) AS orders_today,
       (SELECT count(*) FROM inbox WHERE state IN ('pending', 'sending')) AS inbox_waiting,
       (SELECT count(*) FROM alert WHERE state = 'armed')
       + (SELECT count(*) FROM range_alert WHERE state = 'armed')
       + (SELECT count(*) FROM condition_alert WHERE state = 'armed') AS alerts_waiting,
       halted, reason, since
FROM trading_state;

-- name: outbox
SELECT state, count(*) AS count FROM outbox GROUP BY state;

-- name: sending
-- The last broadcast of a day, and what became of its rows so far.
WITH last AS (
    SELECT * FROM broadcast WHERE sent_at > now() - interval '1 day' ORDER BY sent_at DESC LIMIT 1
)
SELECT last.sent_at, last.chats, outbox.state, count(outbox.id) AS count
FROM last LEFT JOIN outbox ON outbox.id BETWEEN last.first_row AND last.last_row
    AND starts_with(outbox.key, 'broadcast:' || last.id || ':')
GROUP BY 1, 2, 3;

-- name: size
SELECT pg_database_size(current_database());
