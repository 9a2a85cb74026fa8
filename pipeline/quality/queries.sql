-- name: markets
-- A look-up in the key for each market, however long its history.
WITH RECURSIVE each AS (
    (SELECT market FROM candle ORDER BY market LIMIT 1)
    UNION ALL
    SELECT (SELECT candle.market FROM candle WHERE candle.market > each.market ORDER BY candle.market LIMIT 1)
    FROM each
    WHERE each.market IS NOT NULL
)
SELECT market, (SELECT max(open_time) FROM candle WHERE candle.market = each.market) AS newest
FROM each
WHERE market IS NOT NULL
ORDER BY newest DESC, market;

-- name: symbols
-- $1 market, $2 <= open_time < $3; $4 only these, null for all
SELECT DISTINCT symbol
FROM candle
WHERE market = $1 AND open_time >= $2 AND open_time < $3 AND ($4::text[] IS NULL OR symbol = ANY ($4))
ORDER BY symbol;
