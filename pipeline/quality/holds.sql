-- name: add
-- $1 market, $2 symbol, $3 last price, $4 price that came, $5 time
INSERT INTO symbol_hold (market, symbol, last_price, jumped_price, market_time_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (market, symbol) WHERE released_at IS NULL DO NOTHING;

-- name: held
-- $1 market
SELECT symbol FROM symbol_hold WHERE market = $1 AND released_at IS NULL;

-- name: last_prices
-- $1 market, $2 symbols
SELECT wanted.symbol, last.open_time + 60000 AS time, last.close
FROM unnest($2::text[]) AS wanted (symbol)
CROSS JOIN LATERAL (
    SELECT open_time, close FROM candle WHERE market = $1 AND candle.symbol = wanted.symbol ORDER BY open_time DESC LIMIT 1
) AS last;
