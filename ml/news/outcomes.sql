-- name: unjudged
-- $1 market, $2 assets that it has, $3 seen after, $4 seen until, $5 most seconds between publication and reading, $6 how
-- many: coins of stories without an outcome, the oldest first
SELECT story.id, named.asset, story.seen_at FROM news_story AS story
JOIN news_story_asset AS named ON named.story_id = story.id
WHERE story.seen_at > $3 AND story.seen_at <= $4 AND named.asset = ANY($2)
  AND story.seen_at - story.published_at <= make_interval(secs => $5)
  AND NOT EXISTS (SELECT FROM news_outcome AS known
                  WHERE known.market = $1 AND known.story_id = story.id AND known.asset = named.asset)
ORDER BY story.seen_at, story.id, named.asset LIMIT $6;

-- name: judge
-- $1 market, $2 when, $3 stories, $4 assets, $5 returns. A story that was trimmed meanwhile is left out.
INSERT INTO news_outcome (market, story_id, asset, returned, judged_at)
SELECT $1, judged.story_id, judged.asset, judged.returned, $2
FROM unnest($3::bigint[], $4::text[], $5::float8[]) AS judged (story_id, asset, returned)
JOIN news_story ON news_story.id = judged.story_id
ON CONFLICT DO NOTHING
RETURNING story_id;

-- name: events
-- $1 market, $2 how many: the newest stories with a known outcome, oldest first
SELECT * FROM (
    SELECT story.id, known.asset, story.title, story.tone, story.seen_at, known.returned FROM news_outcome AS known
    JOIN news_story AS story ON story.id = known.story_id
    WHERE known.market = $1 AND known.returned IS NOT NULL
    ORDER BY story.seen_at DESC, story.id DESC, known.asset LIMIT $2
) AS newest ORDER BY seen_at, id, asset;

-- name: save_model
-- $1 market, $2 when, $3 body
INSERT INTO news_model (market, trained_at, body) VALUES ($1, $2, $3::text::jsonb)
ON CONFLICT (market) DO UPDATE SET trained_at = excluded.trained_at, body = excluded.body;

-- name: model
-- $1 market
SELECT body::text FROM news_model WHERE market = $1;
