-- name: subscribers
-- $1 how many, $2 kind, $3 after this person: who has turned the digest of the scan on
SELECT person.id AS person_id, person.timezone FROM notification_preference AS preference
JOIN person ON person.id = preference.person_id
WHERE preference.kind = $2 AND preference.mode <> 'off' AND person.id > $3
ORDER BY person.id LIMIT $1;

-- name: tell
-- $1 persons, $2 as many keys, $3 kind, $4 notice: to the chat that was chosen, or the private one where the person was seen
-- last, or nowhere where there is none. A key that is there was told.
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT told.key, told.person_id, reached.platform, reached.chat_id, $3, $4::text::jsonb
FROM unnest($1::bigint[], $2::text[]) AS told (person_id, key)
CROSS JOIN LATERAL notice_chat(told.person_id, $3) AS reached
ORDER BY told.person_id
ON CONFLICT (key) DO NOTHING
RETURNING person_id;
