-- name: tell
-- $1 platforms, $2 ids on them, $3 key, $4 kind, $5 notice: each operator once, in the private chat they were last seen
-- in, and whoever sits at the console
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT $3::text || ':' || person_id, person_id, platform, chat_id, $4, $5::text::jsonb
FROM (
    SELECT DISTINCT ON (chat.person_id) chat.person_id, chat.platform, chat.chat_id
    FROM notification_chat AS chat JOIN identity ON identity.person_id = chat.person_id
    WHERE NOT chat.public AND chat.retired_at IS NULL
      AND (identity.platform = 'console' OR (identity.platform, identity.external_id) IN (
          SELECT * FROM unnest($1::text[], $2::text[])
      ))
    ORDER BY chat.person_id, chat.seen_at DESC, chat.platform, chat.chat_id
) AS reached
ON CONFLICT (key) DO NOTHING
RETURNING id
