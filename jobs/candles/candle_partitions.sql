-- name: open_alerts
-- How far back the armed alerts of each market look, by its own clock (UTC ms).
SELECT market, min(market_time_ms) AS oldest FROM alert WHERE state = 'armed' GROUP BY market;
