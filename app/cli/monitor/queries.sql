-- name: sizes
-- Rows are the statistics' estimate: counting would read everything.
SELECT
    pg_database_size(current_database()) AS database_bytes,
    coalesce(sum(pg_total_relation_size(part.inhrelid)), 0)::bigint AS candle_bytes,
    coalesce(sum(greatest(stat.n_live_tup, 0)), 0)::bigint AS candles,
    count(*) FILTER (WHERE stat.n_live_tup > 0) AS months
FROM pg_inherits AS part
LEFT JOIN pg_stat_user_tables AS stat ON stat.relid = part.inhrelid
WHERE part.inhparent = 'candle'::regclass;

-- name: newest
-- The newest candle of a market ($1) among these symbols ($2) since $3: one look-up in the key each.
SELECT max(newest) AS newest
FROM unnest($2::text[]) AS given (symbol), LATERAL (
    SELECT max(open_time) AS newest FROM candle
    WHERE candle.market = $1 AND candle.symbol = given.symbol AND candle.open_time >= $3
) AS found;

-- name: gaps
-- Minutes that have no candle, between the first and the last of each symbol since $2.
SELECT coalesce(sum(missing), 0)::bigint AS missing, count(*) FILTER (WHERE missing > 0) AS gappy
FROM (
    SELECT (max(open_time) - min(open_time)) / 60000 + 1 - count(*) AS missing
    FROM candle WHERE market = $1 AND open_time >= $2
    GROUP BY symbol
) AS symbol;

-- name: waiting
SELECT 'outbox' AS box, platform, count(*) AS waiting FROM outbox WHERE state IN ('pending', 'sending') GROUP BY platform
UNION ALL
SELECT 'inbox', platform, count(*) FROM inbox WHERE state IN ('pending', 'sending') GROUP BY platform;

-- name: leaders
-- Who holds an advisory lock for good: its number, and since when that connection is there.
SELECT (held.classid::bigint << 32) | held.objid::bigint AS key, session.application_name, session.backend_start
FROM pg_locks AS held
JOIN pg_stat_activity AS session ON session.pid = held.pid
WHERE held.locktype = 'advisory' AND held.objsubid = 1 AND held.granted AND session.datname = current_database()
    AND session.application_name IN ('paperdesk lease', 'paperdesk telegram')
ORDER BY session.backend_start;
