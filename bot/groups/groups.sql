-- name: settings
SELECT language, timezone, channels, rules, cooldown FROM chat_group WHERE platform = $1 AND group_id = $2

-- name: make
INSERT INTO chat_group (platform, group_id) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: lock
SELECT language, timezone, channels, rules, cooldown FROM chat_group
WHERE platform = $1 AND group_id = $2 FOR UPDATE

-- name: store
UPDATE chat_group
SET language = $3, timezone = $4, channels = $5, rules = $6, cooldown = $7, changed_at = now()
WHERE platform = $1 AND group_id = $2

-- name: log
INSERT INTO chat_group_change (command_id, platform, group_id, person_id, change)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (command_id) DO NOTHING
RETURNING id

-- name: feeds
SELECT chat_id, symbols, state, reason FROM price_feed WHERE platform = $1 AND group_id = $2 ORDER BY id

-- name: other_feeds
SELECT count(*) FROM price_feed WHERE platform = $1 AND group_id = $2 AND state = 'on' AND chat_id <> $3

-- name: start_feed
-- A feed that was off begins with a message of its own; one that runs goes on in the message it has.
INSERT INTO price_feed (platform, group_id, chat_id, symbols) VALUES ($1, $2, $3, $4)
ON CONFLICT (platform, chat_id) DO UPDATE
SET group_id = excluded.group_id, symbols = excluded.symbols, state = 'on', reason = NULL, posts = 0,
    turn = price_feed.turn + 1, next_at = now()

-- name: stop_feed
UPDATE price_feed SET state = 'ending', turn = turn + 1, next_at = now()
WHERE platform = $1 AND group_id = $2 AND chat_id = $3 AND state = 'on'
RETURNING id

-- name: claim
-- $1 platform, $2 how many, $3 seconds, $4 groups that are left out, $5 the keepers of the turns under way, each as
-- often as it has one, $6 how many at once that is for one of them. Whoever claims a feed has the next one's time of it
-- alone; a desk that stops in the middle lets it lapse. One of a group at once, because its topics share its limits. The
-- keeper of a group, who changed it last, takes turns with the others: first comes the one who was served longest ago.
-- Groups that nobody changed, and those of which anonymous administrators did (identities that begin with `-`), have one
-- keeper together, because one person may be behind all of them. A group that is banned itself, as the name in which
-- anonymous administrators write, has no turn.
WITH running AS MATERIALIZED (
    SELECT feed.id, feed.group_id, feed.next_at, CASE
        WHEN changed.person_id IS NULL OR EXISTS (
            SELECT FROM identity WHERE identity.person_id = changed.person_id AND identity.platform = $1
            AND starts_with(identity.external_id, '-')
        ) THEN '-' ELSE changed.person_id::text END AS keeper
    FROM price_feed AS feed
    LEFT JOIN LATERAL (
        SELECT person_id FROM chat_group_change AS change
        WHERE change.platform = $1 AND change.group_id = feed.group_id
        ORDER BY change.id DESC LIMIT 1
    ) AS changed ON true
    WHERE feed.platform = $1 AND feed.state <> 'off' AND NOT EXISTS (
        SELECT FROM identity JOIN ban USING (person_id)
        WHERE identity.platform = $1 AND identity.external_id = feed.group_id
    )
), served AS (
    SELECT keeper, max(next_at) AS until FROM running WHERE next_at > now() GROUP BY keeper
), heads AS (
    SELECT DISTINCT ON (group_id) id, keeper, next_at FROM running
    WHERE next_at <= now() AND group_id <> ALL ($4::text[])
    ORDER BY group_id, next_at, id
), placed AS (
    SELECT heads.*, row_number() OVER (PARTITION BY keeper ORDER BY next_at, id) AS place FROM heads
), due AS MATERIALIZED (
    SELECT feed.id, keeper FROM price_feed AS feed JOIN placed USING (id) LEFT JOIN served USING (keeper)
    WHERE feed.state <> 'off' AND feed.next_at <= now()
      AND placed.place + cardinality(array_positions($5::text[], keeper)) <= $6
    ORDER BY placed.place, served.until NULLS FIRST, placed.next_at LIMIT $2
    FOR UPDATE OF feed SKIP LOCKED
)
UPDATE price_feed SET turn = turn + 1, next_at = now() + make_interval(secs => $3)
FROM due
WHERE price_feed.id = due.id
RETURNING price_feed.id, price_feed.chat_id, price_feed.group_id, price_feed.symbols, price_feed.state,
    price_feed.message_id, price_feed.posts, price_feed.edition, price_feed.turn, due.keeper,
    (SELECT language FROM chat_group AS place
     WHERE place.platform = price_feed.platform AND place.group_id = price_feed.group_id) AS language,
    (SELECT timezone FROM chat_group AS place
     WHERE place.platform = price_feed.platform AND place.group_id = price_feed.group_id) AS timezone

-- name: shown
UPDATE price_feed
SET edition = edition + CASE WHEN message_id IS DISTINCT FROM $3 THEN 1 ELSE 0 END, message_id = $3, posts = $4,
    next_at = now() + make_interval(secs => $5)
WHERE id = $1 AND turn = $2

-- name: ended
UPDATE price_feed SET state = 'off', reason = $3, message_id = NULL WHERE id = $1 AND turn = $2
