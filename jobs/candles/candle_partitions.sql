-- name: open_alerts
-- How far back the armed alerts of each market look, by its own clock (UTC ms).
SELECT market, min(oldest) AS oldest FROM (
    SELECT market, market_time_ms AS oldest FROM alert WHERE state = 'armed'
    UNION ALL
    SELECT market, market_time_ms - window_minutes * 60000::bigint FROM range_alert WHERE state = 'armed'
) AS waiting GROUP BY market;
