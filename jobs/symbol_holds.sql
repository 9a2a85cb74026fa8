-- name: told
-- Holds of which nobody was told yet, with whom to tell: who holds the symbol, or has an open order or an alert on it.
WITH fresh AS (
    UPDATE symbol_hold SET told_at = now() WHERE told_at IS NULL AND released_at IS NULL
    RETURNING id, market, symbol, last_price, market_time_ms
), concerned AS (
    SELECT fresh.*, account.person_id FROM fresh
    JOIN balance ON balance.symbol = fresh.symbol AND available + held > 0
    JOIN account ON account.id = balance.account_id AND account.market = fresh.market AND account.closed_at IS NULL
    UNION
    SELECT fresh.*, account.person_id FROM fresh
    JOIN open_order o ON o.market = fresh.market AND o.symbol = fresh.symbol JOIN account ON account.id = o.account_id
    UNION
    SELECT fresh.*, waits.person_id FROM fresh
    JOIN (SELECT person_id, market, symbol FROM alert WHERE state = 'armed'
          UNION SELECT person_id, market, symbol FROM range_alert WHERE state = 'armed'
          UNION SELECT person_id, market, symbol FROM condition_alert WHERE state = 'armed'
          UNION SELECT person_id, market, symbol FROM forecast_alert WHERE state = 'armed'
          UNION SELECT person_id, market, symbol FROM recurring_buy WHERE state = 'active') AS waits
        ON waits.market = fresh.market AND waits.symbol = fresh.symbol
)
SELECT id, market, symbol, last_price, market_time_ms, person_id FROM concerned ORDER BY id, person_id
