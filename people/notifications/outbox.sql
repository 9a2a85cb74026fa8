-- name: by_index
-- For this transaction: what waits is walked by its indexes, by a plan made now. One that was made while nothing waited,
-- and is kept, would read all that waits for each row of it.
SET LOCAL plan_cache_mode = force_custom_plan;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_sort = off;

-- name: heads
-- $1 platform, $2 how many chats, $3 how many of them for what can wait, $4 groups that are left out, $5 the people to whom
-- something is being sent that cannot wait, each as often as it is, $6 in how many chats at once that is for one of them:
-- chats in which something is due, those first in which somebody waits for it. The topics of a group (`group/topic`)
-- share its limits, so they count as one chat. A row that is being sent or waits for its next attempt keeps the rest of its chat waiting,
-- so that the order holds; what can wait goes first where it stands before what cannot. Each step walks the index on
-- from the row of the step before and stops at what it may take: how much waits in all does not matter.
WITH RECURSIVE pressing AS (
    SELECT 0 AS place, 0::bigint AS at, 0::bigint AS id, $4::text[] AS groups, $5::bigint[] AS people
    UNION ALL
    SELECT pressing.place + 1, found.at, found.id, pressing.groups || found.chat, pressing.people || found.person_id
    FROM pressing CROSS JOIN LATERAL (
        SELECT row.id AS at, head.id, head.person_id, split_part(row.chat_id, '/', 1) AS chat FROM outbox AS row
        CROSS JOIN LATERAL (
            SELECT id, person_id, state, next_at FROM outbox
            WHERE platform = $1 AND chat_id = row.chat_id AND state IN ('pending', 'sending')
            ORDER BY id LIMIT 1
        ) AS head
        WHERE row.platform = $1 AND NOT row.bulk AND row.state = 'pending' AND row.next_at <= now()
          AND row.id > pressing.at AND split_part(row.chat_id, '/', 1) <> ALL(pressing.groups)
          AND head.state = 'pending' AND head.next_at <= now()
          AND cardinality(array_positions(pressing.people, head.person_id)) < $6
        ORDER BY row.id LIMIT 1
    ) AS found
    WHERE pressing.place < $2
), patient AS (
    (SELECT 0 AS place, 0::bigint AS at, 0::bigint AS id, groups FROM pressing ORDER BY place DESC LIMIT 1)
    UNION ALL
    SELECT patient.place + 1, found.id, found.id, patient.groups || found.chat
    FROM patient CROSS JOIN LATERAL (
        SELECT row.id, split_part(row.chat_id, '/', 1) AS chat FROM outbox AS row
        WHERE row.platform = $1 AND row.bulk AND row.state = 'pending' AND row.next_at <= now()
          AND row.id > patient.at AND split_part(row.chat_id, '/', 1) <> ALL(patient.groups)
          AND NOT EXISTS (
              SELECT FROM outbox AS before
              WHERE before.platform = $1 AND before.chat_id = row.chat_id AND before.state IN ('pending', 'sending')
                AND before.id < row.id
          )
        ORDER BY row.id LIMIT 1
    ) AS found
    WHERE patient.place < $3
)
SELECT outbox.chat_id FROM outbox
JOIN (
    SELECT id, 1 FROM pressing WHERE place > 0 UNION ALL SELECT id, 2 FROM patient WHERE place > 0
) AS due (id, rank) USING (id)
WHERE outbox.state = 'pending' AND outbox.next_at <= now()
ORDER BY due.rank, outbox.id LIMIT $2
FOR UPDATE OF outbox SKIP LOCKED;

-- name: waiting
-- $1 platform, $2 chats, $3 how many of each: what waits there in its order, and how its person likes it
SELECT row.*, person.language, person.timezone, person.confirm, person.theme,
       coalesce(preference.mode, 'on') AS mode, quiet.starts, quiet.ends,
       coalesce(chat.public, true) AS public, chat.retired_at IS NOT NULL AS retired,
       EXISTS (SELECT FROM ban WHERE ban.person_id = row.person_id) AS banned
FROM unnest($2::text[]) AS wanted (chat_id)
CROSS JOIN LATERAL (
    SELECT id, person_id, platform, chat_id, kind, bulk, body, attempts, created_at FROM outbox
    WHERE platform = $1 AND outbox.chat_id = wanted.chat_id AND state = 'pending'
    ORDER BY id LIMIT $3
    FOR UPDATE
) AS row
JOIN person ON person.id = row.person_id
-- A trigger is as loud as a fill, the end of a resting order as an expiry.
LEFT JOIN notification_preference AS preference ON preference.person_id = row.person_id AND preference.kind =
    CASE row.kind WHEN 'order-triggered' THEN 'fill' WHEN 'order-ended' THEN 'expiry' ELSE row.kind END
LEFT JOIN notification_quiet_hours AS quiet ON quiet.person_id = row.person_id
LEFT JOIN notification_chat AS chat
    ON chat.person_id = row.person_id AND chat.platform = row.platform AND chat.chat_id = row.chat_id
ORDER BY row.id;

-- name: claim
-- $1 rows, $2 seconds of the lease: until then nobody else takes them
UPDATE outbox SET attempts = attempts + 1, next_at = now() + make_interval(secs => $2) WHERE id = ANY($1);

-- name: begin
-- $1 rows, $2 the attempt they were claimed for, $3 seconds of the lease: all of them, or none where one of them is
-- somebody else's by now. From here on a crash leaves them uncertain.
WITH held AS MATERIALIZED (
    SELECT outbox.id FROM outbox JOIN unnest($1::bigint[], $2::integer[]) AS claimed (id, attempt) USING (id)
    WHERE outbox.state = 'pending' AND outbox.attempts = claimed.attempt
    FOR UPDATE OF outbox
)
UPDATE outbox SET state = 'sending', next_at = now() + make_interval(secs => $3)
WHERE id IN (SELECT id FROM held) AND (SELECT count(*) FROM held) = cardinality($1::bigint[])
RETURNING id;

-- name: finish
-- $1 rows, $2 the attempt they were claimed for, $3 state, $4 reason, $5 message
UPDATE outbox SET state = $3, reason = $4, message_id = $5, sent_at = CASE WHEN $3 = 'sent' THEN now() END
FROM unnest($1::bigint[], $2::integer[]) AS claimed (id, attempt)
WHERE outbox.id = claimed.id AND outbox.attempts = claimed.attempt AND outbox.state IN ('pending', 'sending');

-- name: later
-- $1 rows, $2 the attempt they were claimed for, $3 reason, $4 seconds
UPDATE outbox SET state = 'pending', reason = $3, next_at = now() + make_interval(secs => $4)
FROM unnest($1::bigint[], $2::integer[]) AS claimed (id, attempt)
WHERE outbox.id = claimed.id AND outbox.attempts = claimed.attempt AND outbox.state IN ('pending', 'sending');

-- name: redirect
-- $1 rows, $2 the attempt they were claimed for, $3 reason: dead here, and again in the newest private chat of the person
WITH dead AS (
    UPDATE outbox SET state = 'dead', reason = $3
    FROM unnest($1::bigint[], $2::integer[]) AS claimed (id, attempt)
    WHERE outbox.id = claimed.id AND outbox.attempts = claimed.attempt AND outbox.state = 'pending'
    RETURNING outbox.id, outbox.person_id, outbox.kind, outbox.body
)
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT 'elsewhere:' || dead.id, dead.person_id, own.platform, own.chat_id, dead.kind, dead.body
FROM dead CROSS JOIN LATERAL (
    SELECT platform, chat_id FROM notification_chat
    WHERE person_id = dead.person_id AND retired_at IS NULL AND NOT public
    ORDER BY seen_at DESC, platform, chat_id LIMIT 1
) AS own
ORDER BY dead.id
ON CONFLICT (key) DO NOTHING;

-- name: retire
-- $1 platform, $2 chat, $3 reason, $4 the notice that says so (NULL: said before), $5 its kind. All that waits for the
-- chat is dead; people who can be reached in a chat of their own are told there, and get there what was meant for this
-- one.
WITH dead AS (
    UPDATE outbox SET state = 'dead', reason = $3
    WHERE platform = $1 AND chat_id = $2 AND state IN ('pending', 'sending')
    RETURNING id, person_id, kind, body
), retired AS (
    INSERT INTO notification_chat (person_id, platform, chat_id, public, retired_at, reason)
    SELECT DISTINCT person_id, $1, $2, true, now(), $3 FROM dead
    ON CONFLICT (person_id, platform, chat_id) DO UPDATE SET retired_at = excluded.retired_at, reason = excluded.reason
), elsewhere AS (
    SELECT DISTINCT ON (person_id) person_id, platform, chat_id FROM notification_chat
    WHERE person_id IN (SELECT person_id FROM dead) AND (platform, chat_id) <> ($1, $2)
      AND retired_at IS NULL AND NOT public
    ORDER BY person_id, seen_at DESC, platform, chat_id
), moved AS (
    UPDATE alert SET platform = elsewhere.platform, chat_id = elsewhere.chat_id, changed = pg_current_xact_id()
    FROM elsewhere
    WHERE alert.person_id = elsewhere.person_id AND (alert.platform, alert.chat_id) = ($1, $2)
      AND alert.state <> 'cancelled'
), foreseen AS (
    UPDATE forecast_alert SET platform = elsewhere.platform, chat_id = elsewhere.chat_id
    FROM elsewhere
    WHERE forecast_alert.person_id = elsewhere.person_id
      AND (forecast_alert.platform, forecast_alert.chat_id) = ($1, $2) AND forecast_alert.state <> 'cancelled'
), ranges AS (
    UPDATE range_alert SET platform = elsewhere.platform, chat_id = elsewhere.chat_id, changed = pg_current_xact_id()
    FROM elsewhere
    WHERE range_alert.person_id = elsewhere.person_id
      AND (range_alert.platform, range_alert.chat_id) = ($1, $2) AND range_alert.state <> 'cancelled'
), conditions AS (
    UPDATE condition_alert
    SET platform = elsewhere.platform, chat_id = elsewhere.chat_id, changed = pg_current_xact_id()
    FROM elsewhere
    WHERE condition_alert.person_id = elsewhere.person_id
      AND (condition_alert.platform, condition_alert.chat_id) = ($1, $2) AND condition_alert.state <> 'cancelled'
), again AS (
    SELECT 0 AS place, 'gone:' || min(id) AS key, person_id, $5 AS kind, $4::jsonb AS body FROM dead
    WHERE $4 IS NOT NULL GROUP BY person_id
    UNION ALL
    SELECT id, 'elsewhere:' || id, person_id, kind, body FROM dead
)
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT again.key, person_id, elsewhere.platform, elsewhere.chat_id, again.kind, again.body
FROM again JOIN elsewhere USING (person_id)
ORDER BY place
ON CONFLICT (key) DO NOTHING;

-- name: lapse
-- Whoever sent these is gone, and nobody knows how far they came.
UPDATE outbox SET state = 'uncertain', reason = 'the desk stopped while sending'
WHERE state = 'sending' AND next_at < now();

-- name: expire
-- $1 seconds
UPDATE outbox SET state = 'dead', reason = coalesce(reason || '; ', '') || 'too old'
WHERE state = 'pending' AND created_at < now() - make_interval(secs => $1) AND next_at <= now();

-- name: forget
-- $1 seconds, $2 how many: old ones that are settled
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE state IN ('sent', 'dead') AND created_at < now() - make_interval(secs => $1)
    ORDER BY id LIMIT $2
);

-- name: forget_alerts
-- $1 seconds, $2 how many: alerts that have been over for so long
DELETE FROM alert WHERE id IN (
    SELECT id FROM alert
    WHERE state IN ('fired', 'cancelled')
      AND coalesce(ended_at, fired_at, created_at) < now() - make_interval(secs => $1)
    LIMIT $2
);

-- name: forget_forecast_alerts
-- $1 seconds, $2 how many: alerts on forecasts that have been over for so long
DELETE FROM forecast_alert WHERE id IN (
    SELECT id FROM forecast_alert
    WHERE state <> 'armed' AND coalesce(ended_at, fired_at, created_at) < now() - make_interval(secs => $1)
    LIMIT $2
);

-- name: forget_range_alerts
-- $1 seconds, $2 how many: range alerts that have been over for so long
DELETE FROM range_alert WHERE id IN (
    SELECT id FROM range_alert
    WHERE state <> 'armed' AND coalesce(ended_at, fired_at, created_at) < now() - make_interval(secs => $1)
    LIMIT $2
);

-- name: forget_condition_alerts
-- $1 seconds, $2 how many: condition alerts that have been over for so long
DELETE FROM condition_alert WHERE id IN (
    SELECT id FROM condition_alert
    WHERE state IN ('fired', 'cancelled')
      AND coalesce(ended_at, fired_at, created_at) < now() - make_interval(secs => $1)
    LIMIT $2
);

-- name: kinds
-- What is on its way or never arrived, by kind.
SELECT kind, state, count(*) AS count FROM outbox WHERE state <> 'sent' GROUP BY kind, state ORDER BY kind, state;

-- name: counts
SELECT state, count(*) AS count FROM outbox GROUP BY state;

-- name: unsent
-- $1 how many: what was not sent, the newest first
SELECT id, state, platform, chat_id, kind, attempts, created_at, reason FROM outbox
WHERE state <> 'sent' ORDER BY id DESC LIMIT $1;

-- name: redrive
-- $1 row: sends what is uncertain or dead after all
UPDATE outbox SET state = 'pending', attempts = 0, next_at = now(), created_at = now(), reason = 'sent again by hand'
WHERE id = $1 AND state IN ('uncertain', 'dead')
RETURNING id;
