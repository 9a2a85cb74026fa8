-- name: find
-- $1 market, $2 quote asset, $3 kind
SELECT body::text AS body FROM market_report WHERE market = $1 AND quote_asset = $2 AND kind = $3;

-- name: save
-- $1 market, $2 quote asset, $3 kind, $4 body, $5 time
INSERT INTO market_report (market, quote_asset, kind, body, made_at) VALUES ($1, $2, $3, $4::text::jsonb, $5)
ON CONFLICT (market, quote_asset, kind) DO UPDATE SET body = excluded.body, made_at = excluded.made_at;
