-- name: keep
-- $1 market, $2 day, $3 the figures
INSERT INTO data_quality_daily (market, day, body) VALUES ($1, $2::text::date, $3::text::jsonb)
ON CONFLICT (market, day) DO UPDATE SET body = EXCLUDED.body, made_at = now()

-- name: forget
DELETE FROM data_quality_daily WHERE made_at < now() - interval '400 days'

-- name: newest
-- $1 market, '' for any
SELECT market, body FROM data_quality_daily WHERE $1 = '' OR market = $1 ORDER BY day DESC, made_at DESC LIMIT 1
