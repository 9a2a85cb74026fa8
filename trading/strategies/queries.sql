-- name: lock_person
-- $1 person; counting and adding go together, and no account of theirs goes to another user meanwhile
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: round
-- $1 account, $2 person
SELECT round FROM account WHERE id = $1 AND person_id = $2;

-- name: count
-- $1 account
SELECT count(*) FROM robot WHERE account_id = $1 AND state IN ('running', 'paused', 'stopping');

-- name: followed
-- $1 person, $2 market; what the robots that have not ended follow
SELECT DISTINCT symbol, candles, rule FROM robot JOIN account ON account.id = account_id
WHERE person_id = $1 AND robot.market = $2 AND state IN ('running', 'paused', 'stopping');

-- name: by_command
-- $1 command id, $2 person
SELECT robot.id FROM robot JOIN account ON account.id = account_id WHERE robot.command_id = $1 AND person_id = $2;

-- name: create
-- $1 command id, $2 account, $3 round, $4 market, $5 symbol, $6 candles, $7 name, $8 rule, $9 budget, $10 since,
-- $11 last candle, $12 created at
INSERT INTO robot (command_id, account_id, round, market, symbol, candles, name, rule, budget, cash, since_ms, last_candle_ms,
                   created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::numeric, $9::numeric, $10, $11, $12)
RETURNING id;

-- name: of
-- $1 person, $2 market, $3 name (NULL: any), $4 how many
SELECT robot.*, person_id, ARRAY(SELECT order_id FROM robot_order WHERE robot_id = robot.id AND open ORDER BY order_id) AS protecting
FROM account JOIN robot ON account_id = account.id
WHERE person_id = $1 AND robot.market = $2 AND ($3::text IS NULL OR name = $3)
ORDER BY state IN ('stopped', 'ended'), robot.id DESC LIMIT $4;

-- name: find
-- $1 person, $2 robot
SELECT robot.*, person_id, ARRAY(SELECT order_id FROM robot_order WHERE robot_id = robot.id AND open ORDER BY order_id) AS protecting
FROM robot JOIN account ON account.id = account_id WHERE person_id = $1 AND robot.id = $2;

-- name: pause
-- $1 person, $2 robot
UPDATE robot SET state = 'paused', reason = 'user', obstacle = NULL, step = NULL, step_leg = NULL, step_candle_ms = NULL,
    step_kind = NULL, step_size = NULL, told = true, version = version + 1, changed = pg_current_xact_id()
WHERE id = $2 AND state = 'running' AND account_id IN (SELECT id FROM account WHERE person_id = $1)
RETURNING id;

-- name: resume
-- $1 person, $2 robot, $3 last candle
UPDATE robot SET state = 'running', reason = '', obstacle = NULL, last_candle_ms = greatest(last_candle_ms, $3), guarded = false,
    told = true,    version = version + 1, changed = pg_current_xact_id()
WHERE id = $2 AND state = 'paused' AND account_id IN (SELECT id FROM account WHERE person_id = $1)
RETURNING id;

-- name: stop
-- $1 person, $2 robot, $3 sell
UPDATE robot SET state = 'stopping', reason = 'user', obstacle = NULL, sells = $3, step = NULL, step_leg = NULL,
    step_candle_ms = NULL, step_kind = NULL, step_size = NULL, told = true, version = version + 1, changed = pg_current_xact_id()
WHERE id = $2 AND state IN ('running', 'paused') AND account_id IN (SELECT id FROM account WHERE person_id = $1)
RETURNING id;

-- name: trades
-- $1 robot, $2 how many; newest first
SELECT o.id, o.recorded_at, o.side, o.quantity, o.average_price, o.quote_amount, o.fee, o.fee_asset, o.price_time, r.candle_ms,
       r.leg
FROM robot_order r JOIN orders o ON o.id = r.order_id JOIN entry e ON e.order_id = o.id AND e.kind = 'trade'
WHERE r.robot_id = $1 AND r.leg <> 'protect' ORDER BY r.order_id DESC LIMIT $2;

-- name: log
-- $1 robot, $2 how many; newest first
SELECT kind, reason, obstacle, candle_ms, count, recorded_at FROM robot_event WHERE robot_id = $1 ORDER BY id DESC LIMIT $2;

-- name: changes
-- $1 market, $2 the mark of the last call ('0': all). What was not visible then has no smaller transaction number than its
-- mark. One row without a robot where there is none.
SELECT now.mark, r.*, account.person_id,
       ARRAY(SELECT order_id FROM robot_order WHERE robot_id = r.id AND open ORDER BY order_id) AS protecting
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark) AS now
LEFT JOIN robot r ON r.market = $1 AND r.changed >= $2::text::xid8
    AND ($2 <> '0' OR r.state IN ('running', 'paused', 'stopping'))
LEFT JOIN account ON account.id = r.account_id
ORDER BY r.id;

-- name: claim
-- $1 robot, $2 version, $3 candle, $4 command id, $5 leg, $6 kind of size, $7 size
UPDATE robot SET last_candle_ms = $3, step = $4, step_leg = $5, step_candle_ms = $3, step_kind = $6, step_size = $7,
    version = version + 1, changed = pg_current_xact_id()
WHERE id = $1 AND version = $2 AND state = 'running' AND last_candle_ms < $3 AND step IS NULL
  AND NOT EXISTS (SELECT FROM ban JOIN account USING (person_id) WHERE account.id = robot.account_id)
RETURNING id;

-- name: banned
-- $1 robot
SELECT FROM ban JOIN account USING (person_id) JOIN robot ON robot.account_id = account.id WHERE robot.id = $1;

-- name: prepare
-- $1 robot, $2 version, $3 candle, $4 command id, $5 leg, $6 kind of size, $7 size
UPDATE robot SET step = $4, step_leg = $5, step_candle_ms = $3, step_kind = $6, step_size = $7,
    version = version + 1, changed = pg_current_xact_id()
WHERE id = $1 AND version = $2 AND state IN ('running', 'stopping')
RETURNING id;

-- name: drop
-- $1 robot, $2 version, $3 why, $4 obstacle, $5 whether it pauses, which is an event of its own
WITH dropped AS (
    UPDATE robot SET step = NULL, step_leg = NULL, step_candle_ms = NULL, step_kind = NULL, step_size = NULL,
        state = CASE WHEN $5 THEN 'paused' ELSE state END, reason = CASE WHEN $5 THEN $3 ELSE reason END,
        obstacle = CASE WHEN $5 THEN $4::text::jsonb ELSE obstacle END, told = told AND NOT $5,
        version = version + 1, changed = pg_current_xact_id()
    WHERE id = $1 AND version = $2 AND step IS NOT NULL
    RETURNING id, last_candle_ms
), noted AS (
    INSERT INTO robot_event (robot_id, kind, reason, obstacle, candle_ms)
    SELECT id, 'dropped', $3, $4::text::jsonb, last_candle_ms FROM dropped WHERE NOT $5
)
SELECT id FROM dropped;

-- name: halt
-- $1 robot, $2 version, $3 state, $4 reason, $5 obstacle
UPDATE robot SET state = $3, reason = $4, obstacle = $5::text::jsonb, step = NULL, step_leg = NULL, step_candle_ms = NULL,
    step_kind = NULL, step_size = NULL, told = false, ended_at = CASE WHEN $3 IN ('stopped', 'ended') THEN now() END,
    version = version + 1, changed = pg_current_xact_id()
WHERE id = $1 AND version = $2 AND state IN ('running', 'stopping')
RETURNING id;

-- name: give_up
-- $1 robot, $2 reason. What cannot be read of them is often the reason or the obstacle, which end here.
UPDATE robot SET state = CASE state WHEN 'stopping' THEN 'stopped' ELSE 'paused' END, reason = $2, obstacle = NULL,
    step = NULL, step_leg = NULL, step_candle_ms = NULL, step_kind = NULL, step_size = NULL, told = false,
    ended_at = CASE state WHEN 'stopping' THEN now() END, version = version + 1, changed = pg_current_xact_id()
WHERE id = $1 AND state IN ('running', 'stopping')
RETURNING id;

-- name: advance
-- $1 robots, $2 candles, $3 how many were missed, $4 highest prices. Rows that an order has locked are left
-- and returned.
WITH seen AS (
    SELECT s.* FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::numeric[]) AS s (id, candle_ms, missed, high)
    JOIN robot ON robot.id = s.id ORDER BY s.id FOR NO KEY UPDATE OF robot SKIP LOCKED
), moved AS (
    UPDATE robot SET last_candle_ms = seen.candle_ms,
        highest = CASE WHEN robot.highest IS NOT NULL THEN greatest(robot.highest, seen.high) END
    FROM seen WHERE robot.id = seen.id AND robot.state = 'running' AND robot.last_candle_ms < seen.candle_ms
    RETURNING robot.id, seen.candle_ms, seen.missed
), noted AS (
    INSERT INTO robot_event (robot_id, kind, candle_ms, count)
        SELECT id, 'missed', candle_ms, missed FROM moved WHERE missed > 0
)
SELECT robot.id FROM robot WHERE robot.id = ANY ($1) AND robot.id NOT IN (SELECT id FROM seen);

-- name: end
-- $1 market, $2 symbols, $3 reason
UPDATE robot SET state = 'ended', reason = $3, obstacle = NULL, step = NULL, step_leg = NULL, step_candle_ms = NULL,
    step_kind = NULL, step_size = NULL, told = false, ended_at = now(), version = version + 1, changed = pg_current_xact_id()
WHERE market = $1 AND symbol = ANY($2::text[]) AND state IN ('running', 'paused', 'stopping')
RETURNING id;

-- name: untold
-- $1 market; with the chat as for recurring buys, or none
SELECT robot.*, account.person_id, '{}'::bigint[] AS protecting, chat.platform, chat.chat_id
FROM robot JOIN account ON account.id = account_id
LEFT JOIN LATERAL notice_chat(account.person_id, 'robot') AS chat ON true
WHERE robot.market = $1 AND NOT told ORDER BY robot.id LIMIT 100 FOR NO KEY UPDATE OF robot SKIP LOCKED;

-- name: tell
-- $1 robots, $2 keys, $3 persons, $4 platforms, $5 chats, $6 kind, $7 notices; a user without a chat is told nothing, nor
-- is anybody of a robot without a notice
WITH told AS (UPDATE robot SET told = true WHERE id = ANY($1::bigint[]))
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT key, person_id, platform, chat_id, $6, body::jsonb
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $7::text[]) AS notice (key, person_id, platform, chat_id, body)
WHERE platform IS NOT NULL
ON CONFLICT (key) DO NOTHING;
