-- name: due
-- $1 how many, $2 the time now: digests whose hour has come, or whose person's day has changed
SELECT digest.*, person.timezone AS zone FROM notification_digest AS digest JOIN person ON person.id = digest.person_id
WHERE digest.next_at <= $2 OR digest.timezone <> person.timezone
ORDER BY digest.next_at, digest.person_id LIMIT $1;

-- name: plan
-- $1 person, $2 the time it was due at, $3 the time it is due at next, $4 the time zone that was reckoned with
UPDATE notification_digest SET next_at = $3, timezone = $4 WHERE person_id = $1 AND next_at = $2;

-- name: tell
-- $1 person, $2 the time it was due at, $3 the time it is due at next, $4 the time zone, $5 account, $6 round, $7 equity,
-- $8 key, $9 kind, $10 notice, $11 granted. Whoever comes first moves it on and writes it down, in one statement; to the chat that was
-- chosen, or the private one where the person was seen last, or nowhere where there is none.
WITH moved AS (
    UPDATE notification_digest SET next_at = $3, timezone = $4, account_id = $5, round = $6, equity = $7, granted = $11,
        told_at = $2
    WHERE person_id = $1 AND next_at = $2
    RETURNING person_id
)
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT $8, reached.person_id, platform, chat_id, $9, $10::text::jsonb
FROM moved CROSS JOIN LATERAL notice_chat(moved.person_id, $9) AS reached
ON CONFLICT (key) DO NOTHING;

-- name: alerts
-- $1 person, $2 market
SELECT (SELECT count(*) FROM alert WHERE person_id = $1 AND market = $2 AND state = 'armed')
       + (SELECT count(*) FROM range_alert WHERE person_id = $1 AND market = $2 AND state = 'armed')
       + (SELECT count(*) FROM condition_alert WHERE person_id = $1 AND market = $2 AND state = 'armed') AS count;
