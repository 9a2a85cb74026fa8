-- name: candles
-- $1 market, $2 symbols, $3 <= open_time < $4; `place` counts the symbols from 1. One scan of the key a symbol.
SELECT place, open_time, open, high, low, close, volume
FROM unnest($2::text[]) WITH ORDINALITY AS wanted (name, place)
CROSS JOIN LATERAL (
    SELECT open_time, open, high, low, close, volume
    FROM candle
    WHERE market = $1 AND symbol = wanted.name AND open_time >= $3 AND open_time < $4
    OFFSET 0
) AS found

-- name: candles_with_flow
-- As `candles`, with the order flow; what is not known is NaN: binary rows of one length.
SELECT place, open_time, open, high, low, close, volume, trades, taken
FROM unnest($2::text[]) WITH ORDINALITY AS wanted (name, place)
CROSS JOIN LATERAL (
    SELECT open_time, open, high, low, close, volume, trades::float8 AS trades, coalesce(taker_volume, 'NaN') AS taken
    FROM candle
    WHERE market = $1 AND symbol = wanted.name AND open_time >= $3 AND open_time < $4
    OFFSET 0
) AS found

-- name: turnover
-- The symbols of market $1 with candles in $2 <= open_time < $3, the largest turnover first.
SELECT symbol
FROM candle
WHERE market = $1 AND open_time >= $2 AND open_time < $3
GROUP BY symbol
ORDER BY sum(quote_volume) DESC, symbol

-- name: newest
-- When the newest candle of market $1 opened.
SELECT max(open_time) FROM candle WHERE market = $1

-- name: market
-- The market with the newest candle. A look-up in the key for each market, however long its history.
WITH RECURSIVE each AS (
    (SELECT market FROM candle ORDER BY market LIMIT 1)
    UNION ALL
    SELECT (SELECT candle.market FROM candle WHERE candle.market > each.market ORDER BY candle.market LIMIT 1)
    FROM each
    WHERE each.market IS NOT NULL
)
SELECT market
FROM each
WHERE market IS NOT NULL
ORDER BY (SELECT max(open_time) FROM candle WHERE candle.market = each.market) DESC, market
LIMIT 1
