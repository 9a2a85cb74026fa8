-- name: untold
-- $1 how many: stories that users have not been told, locked for this transaction
SELECT story.id, title, link, source, published_at, seen_at, tone,
       ARRAY(SELECT asset FROM news_story_asset WHERE story_id = story.id ORDER BY place, asset) AS assets
FROM news_story AS story WHERE told_at IS NULL
ORDER BY story.id DESC LIMIT $1 FOR UPDATE OF story SKIP LOCKED;

-- name: told
-- $1 when, $2 stories
UPDATE news_story SET told_at = $1 WHERE id = ANY($2);

-- name: readers
-- $1 market, $2 symbols that stories are about: users who asked for headlines and watch or hold one of them, with their
-- quiet hours and the chat that they are told in
SELECT chosen.person_id, person.timezone, quiet.starts, quiet.ends, reached.platform, reached.chat_id,
       array_agg(DISTINCT followed.symbol) AS symbols
FROM notification_preference AS chosen
JOIN person ON person.id = chosen.person_id
CROSS JOIN LATERAL (
    SELECT symbol FROM watchlist_item WHERE person_id = chosen.person_id AND symbol = ANY($2)
    UNION
    SELECT balance.symbol FROM account JOIN balance ON balance.account_id = account.id
    WHERE account.person_id = chosen.person_id AND account.market = $1 AND account.closed_at IS NULL
      AND balance.available + balance.held > 0 AND balance.symbol = ANY($2)
) AS followed
CROSS JOIN LATERAL notice_chat(chosen.person_id, chosen.kind) AS reached
LEFT JOIN notification_quiet_hours AS quiet ON quiet.person_id = chosen.person_id
WHERE chosen.kind = 'headline' AND chosen.mode <> 'off'
GROUP BY chosen.person_id, person.timezone, quiet.starts, quiet.ends, reached.platform, reached.chat_id
ORDER BY chosen.person_id;

-- name: tell
-- $1 persons, $2 platforms, $3 chats, $4 dates of the persons' own days, $5 notices, $6 kind, $7 most a day: each message
-- takes the first number of its day that is free; without one, nothing is sent
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT free.key, letter.person_id, letter.platform, letter.chat_id, $6, letter.body::jsonb
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
    AS letter (person_id, platform, chat_id, day, body)
CROSS JOIN LATERAL (
    SELECT numbered.key FROM generate_series(1, $7::integer) AS place
    CROSS JOIN LATERAL (SELECT 'headline:' || letter.person_id || ':' || letter.day || ':' || place) AS numbered (key)
    WHERE NOT EXISTS (SELECT FROM outbox AS sent WHERE sent.key = numbered.key)
    ORDER BY place LIMIT 1
) AS free
ON CONFLICT (key) DO NOTHING
RETURNING id;
