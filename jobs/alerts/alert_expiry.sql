-- name: prices
-- $1 market, $2 its time
UPDATE alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE market = $1 AND expires_at_ms <= $2 AND state IN ('armed', 'muted')
RETURNING id

-- name: ranges
-- $1 market, $2 its time
UPDATE range_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE market = $1 AND expires_at_ms <= $2 AND state = 'armed'
RETURNING id

-- name: conditions
-- $1 market, $2 its time; also alerts on orders that have ended, which users were told about
UPDATE condition_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE market = $1 AND state IN ('armed', 'muted') AND (expires_at_ms <= $2 OR (
    order_id IS NOT NULL AND NOT EXISTS (SELECT FROM open_order WHERE open_order.order_id = condition_alert.order_id)))
RETURNING id
