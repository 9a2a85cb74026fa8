-- name: insert
-- One row per market, symbol and minute, whatever is delivered in whatever order: of two versions of a minute the one
-- with more trades stays, then the one with more volume; the same candle again changes nothing, but that it adds order
-- flow that was not known.
INSERT INTO candle AS kept (
    market, symbol, open_time, open, high, low, close, volume, quote_volume, trades, taker_volume, quote_imbalance
)
SELECT $1, *
FROM unnest(
    $2::text[], $3::bigint[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[],
    $10::bigint[], $11::float8[], $12::float8[]
)
ON CONFLICT (market, symbol, open_time) DO UPDATE
SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
    volume = excluded.volume, quote_volume = excluded.quote_volume, trades = excluded.trades,
    taker_volume = CASE
        WHEN (excluded.trades, excluded.volume) = (kept.trades, kept.volume)
        THEN coalesce(kept.taker_volume, excluded.taker_volume) ELSE excluded.taker_volume END,
    quote_imbalance = CASE
        WHEN (excluded.trades, excluded.volume) = (kept.trades, kept.volume)
        THEN coalesce(kept.quote_imbalance, excluded.quote_imbalance) ELSE excluded.quote_imbalance END
WHERE (excluded.trades, excluded.volume) > (kept.trades, kept.volume)
    OR (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.quote_volume, excluded.trades)
        = (kept.open, kept.high, kept.low, kept.close, kept.volume, kept.quote_volume, kept.trades)
    AND (
        kept.taker_volume IS NULL AND excluded.taker_volume IS NOT NULL
        OR kept.quote_imbalance IS NULL AND excluded.quote_imbalance IS NOT NULL
    );

-- name: make_partitions
SELECT make_candle_partitions($1, $2);

-- name: months
-- The months that have a partition and the markets in each.
SELECT month_ms, market FROM candle_months() ORDER BY month_ms, market;

-- name: drop_month
SELECT drop_candle_month($1);

-- name: minutes
-- $1 market, $2 symbol, $3 <= open_time < $4
SELECT open_time, open, high, low, close, volume, quote_volume, trades, taker_volume, quote_imbalance
FROM candle
WHERE market = $1 AND symbol = $2 AND open_time >= $3 AND open_time < $4
ORDER BY open_time;

-- name: columns
-- As `minutes`, without what may be NULL: binary rows of one length.
SELECT open_time, open, high, low, close, volume, quote_volume, trades
FROM candle
WHERE market = $1 AND symbol = $2 AND open_time >= $3 AND open_time < $4
ORDER BY open_time;

-- name: wider
-- As `minutes`, in buckets of $5 ms that begin at multiples of $5; `minutes` says how many each was built from.
WITH bucket AS (
    SELECT
        min(open_time) AS first_minute,
        max(open_time) AS last_minute,
        max(high) AS high,
        min(low) AS low,
        sum(volume) AS volume,
        sum(quote_volume) AS quote_volume,
        sum(trades)::bigint AS trades,
        CASE WHEN count(taker_volume) = count(*) THEN sum(taker_volume) END AS taker_volume,
        CASE WHEN count(quote_imbalance) = count(*) THEN avg(quote_imbalance) END AS quote_imbalance,
        count(*) AS minutes
    FROM candle
    WHERE market = $1 AND symbol = $2 AND open_time >= $3 AND open_time < $4
    GROUP BY open_time / $5
)
SELECT
    first_minute / $5 * $5 AS open_time,
    -- subqueries, not joins: always one look-up in the primary key each, whatever the planner knows of the table
    (SELECT open FROM candle WHERE market = $1 AND symbol = $2 AND open_time = first_minute),
    high,
    low,
    (SELECT close FROM candle WHERE market = $1 AND symbol = $2 AND open_time = last_minute),
    volume, quote_volume, trades, taker_volume, quote_imbalance, minutes
FROM bucket
ORDER BY first_minute;

-- name: closes
-- The last $4 closes of a symbol before $3, newest first: when each was known and what it was.
SELECT open_time + 60000 AS time, close
FROM candle
WHERE market = $1 AND symbol = $2 AND open_time <= $3::bigint - 60000
ORDER BY open_time DESC
LIMIT $4;

-- name: unit_changes
-- $1 market, $2 symbol: changes of the unit in which it is priced, oldest first
SELECT since_ms, ratio FROM unit_change WHERE market = $1 AND symbol = $2 ORDER BY since_ms;

-- name: units
-- $1 market: the changes of all symbols
SELECT symbol, array_agg(ARRAY[since_ms::numeric, ratio] ORDER BY since_ms) AS units FROM unit_change
WHERE market = $1 GROUP BY symbol;

-- name: closes_at
-- $1 market, $2 symbols, $3 as many times, $4 oldest age in ms: the last close known at each of these times. LATERAL makes
-- each a look-up in the primary key of one or two partitions, whatever the planner estimates.
SELECT asked.symbol, asked.at, found.time, found.close
FROM unnest($2::text[], $3::bigint[]) AS asked (symbol, at)
CROSS JOIN LATERAL (
    SELECT open_time + 60000 AS time, close FROM candle
    WHERE market = $1 AND candle.symbol = asked.symbol
      AND open_time <= asked.at - 60000 AND open_time >= asked.at - 60000 - $4::bigint
    ORDER BY open_time DESC LIMIT 1
) AS found;

-- name: times
-- The minutes that are there.
SELECT open_time
FROM candle
WHERE market = $1 AND symbol = $2 AND open_time >= $3 AND open_time < $4
ORDER BY open_time;
