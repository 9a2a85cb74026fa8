-- name: choices
-- $1 person; always one row
SELECT (SELECT coalesce(jsonb_object_agg(kind, mode), '{}') FROM notification_preference WHERE person_id = $1)::text AS modes,
       quiet.starts, quiet.ends, digest.every, digest.hour,
       home.platform AS home_platform, home.chat_id AS home_chat, home.public AS home_public,
       own.platform AS own_platform, own.chat_id AS own_chat
FROM (VALUES (true)) AS one
LEFT JOIN notification_quiet_hours AS quiet ON quiet.person_id = $1
LEFT JOIN notification_digest AS digest ON digest.person_id = $1
LEFT JOIN (
    SELECT notification_chat.* FROM notification_destination JOIN notification_chat USING (person_id, platform, chat_id) WHERE retired_at IS NULL
) AS home ON home.person_id = $1
LEFT JOIN LATERAL (
    SELECT platform, chat_id FROM notification_chat WHERE person_id = $1 AND NOT public AND retired_at IS NULL
    ORDER BY seen_at DESC, platform, chat_id LIMIT 1
) AS own ON true;

-- name: set_mode
-- $1 person, $2 kind, $3 mode
INSERT INTO notification_preference (person_id, kind, mode) VALUES ($1, $2, $3)
ON CONFLICT (person_id, kind) DO UPDATE SET mode = excluded.mode;

-- name: set_quiet
-- $1 person, $2 from, $3 to, in minutes of the day
INSERT INTO notification_quiet_hours (person_id, starts, ends) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends;

-- name: end_quiet
-- $1 person
DELETE FROM notification_quiet_hours WHERE person_id = $1;

-- name: set_digest
-- $1 person, $2 how often, $3 hour. When the next one is due is reckoned by who sends it.
INSERT INTO notification_digest (person_id, every, hour) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET every = excluded.every, hour = excluded.hour, timezone = '';

-- name: end_digest
-- $1 person
DELETE FROM notification_digest WHERE person_id = $1;

-- name: set_home
-- $1 person, $2 platform, $3 chat, $4 whether it may be one that others read
INSERT INTO notification_destination (person_id, platform, chat_id)
SELECT person_id, platform, chat_id FROM notification_chat
WHERE person_id = $1 AND platform = $2 AND chat_id = $3 AND retired_at IS NULL AND (NOT public OR $4)
ON CONFLICT (person_id) DO UPDATE SET platform = excluded.platform, chat_id = excluded.chat_id, chosen_at = now()
RETURNING person_id;

-- name: end_home
-- $1 person
DELETE FROM notification_destination WHERE person_id = $1;

-- name: reach
-- $1 persons, $2 platforms, $3 chats, $4 whether others read along; in an order that two callers share. Writing revives
-- a chat. Somebody who left meanwhile is left out.
INSERT INTO notification_chat (person_id, platform, chat_id, public)
SELECT seen.* FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[]) AS seen (person_id, platform, chat_id, public)
JOIN person ON person.id = seen.person_id
ORDER BY seen.person_id, seen.platform, seen.chat_id
ON CONFLICT (person_id, platform, chat_id)
DO UPDATE SET public = excluded.public, seen_at = now(), retired_at = NULL, reason = NULL;
