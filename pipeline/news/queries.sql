-- name: feeds
-- $1 feeds
SELECT id, source, etag, modified, failures, fault, next_at, read_at, worked_at FROM news_feed WHERE id = ANY($1);

-- name: save_feed
-- $1 feed, $2 source, $3 etag, $4 modified, $5 failures, $6 fault, $7 next, $8 read, $9 worked
INSERT INTO news_feed (id, source, etag, modified, failures, fault, next_at, read_at, worked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET
    source = excluded.source, etag = excluded.etag, modified = excluded.modified, failures = excluded.failures,
    fault = excluded.fault, next_at = excluded.next_at, read_at = excluded.read_at,
    worked_at = coalesce(excluded.worked_at, news_feed.worked_at);

-- name: forget_feeds
-- $1 feeds that are listed: the state of all others goes
DELETE FROM news_feed WHERE id <> ALL($1);

-- name: titles
-- $1 since, $2 how many: of the newest stories, to compare new ones with
SELECT link_key, title FROM news_story WHERE seen_at >= $1 ORDER BY seen_at DESC, id DESC LIMIT $2;

-- name: known
-- $1 keys of links
SELECT link_key FROM news_story WHERE link_key = ANY($1);

-- name: add
-- Stories that do not exist yet: $1 keys, $2 titles, $3 links, $4 sources, $5 published, $6 seen, $7 tones
INSERT INTO news_story (link_key, title, link, source, published_at, seen_at, tone)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::float8[])
ON CONFLICT (link_key) DO NOTHING
RETURNING id, link_key;

-- name: add_assets
-- $1 stories, $2 assets, $3 places
INSERT INTO news_story_asset (story_id, asset, place)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::smallint[])
ON CONFLICT DO NOTHING;

-- name: latest
-- $1 asset (NULL: any), $2 since, $3 how many of each source: the newest first
SELECT story.id, title, link, source, published_at, seen_at, tone,
       ARRAY(SELECT asset FROM news_story_asset WHERE story_id = story.id ORDER BY place, asset) AS assets
FROM (
    SELECT id, row_number() OVER (PARTITION BY source ORDER BY published_at DESC, id DESC) AS newest FROM news_story AS each
    WHERE published_at >= $2
      AND ($1::text IS NULL OR EXISTS (SELECT FROM news_story_asset WHERE story_id = each.id AND asset = $1))
) AS numbered JOIN news_story AS story USING (id)
WHERE newest <= $3
ORDER BY published_at DESC, story.id DESC;

-- name: tone
-- $1 asset (NULL: any), $2 after, $3 until
SELECT count(*) AS count, avg(tone) AS tone FROM news_story AS story
WHERE published_at > $2 AND published_at <= $3
  AND ($1::text IS NULL OR EXISTS (SELECT FROM news_story_asset WHERE story_id = story.id AND asset = $1));

-- name: daily_tones
-- $1 beginning of the first day, $2 end of the last: what was first seen on each day (UTC), so that a day is not changed later
SELECT (seen_at AT TIME ZONE 'UTC')::date AS day, avg(tone) AS tone FROM news_story
WHERE seen_at >= $1 AND seen_at < $2 GROUP BY 1;

-- name: trim
-- $1 seen before, $2 how many are kept at most, $3 how many are deleted by one call
DELETE FROM news_story WHERE id IN (
    (SELECT id FROM news_story WHERE seen_at < $1 ORDER BY seen_at LIMIT $3)
    UNION
    (SELECT id FROM news_story ORDER BY seen_at DESC, id DESC OFFSET $2 LIMIT $3)
)
RETURNING id;
