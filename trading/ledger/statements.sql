-- name: open_orders
-- $1 account, $2 moment, $3 how many
SELECT t.id, t.symbol, t.side, t.type, told.status, told.quantity, told.price, coalesce(told.filled, 0) AS filled
FROM order_terms t
CROSS JOIN LATERAL (
    SELECT (array_agg(v.status::text ORDER BY v.number DESC))[1] AS status,
           (array_agg(v.quantity::numeric ORDER BY v.number DESC)
                FILTER (WHERE v.kind IN ('accepted', 'activated', 'amended')))[1] AS quantity,
           (array_agg(v.price::numeric ORDER BY v.number DESC) FILTER (WHERE v.kind IN ('accepted', 'amended')))[1] AS price,
           sum(v.quantity::numeric) FILTER (WHERE v.kind = 'filled') AS filled
    FROM order_event v WHERE v.order_id = t.id AND v.recorded_at <= $2
) AS told
WHERE t.account_id = $1 AND t.recorded_at <= $2 AND told.status IN ('PENDING_NEW', 'NEW', 'PARTIALLY_FILLED')
ORDER BY t.id DESC LIMIT $3;

-- name: entries_until
-- $1 account, $2 moment
SELECT count(*) FROM entry WHERE account_id = $1 AND recorded_at <= $2;

-- name: symbols
-- $1 account, $2 moment: the symbol under which each asset was traded, and the changes of its unit until then
SELECT asset, symbol, unit_changes_of(account_id, symbol, $2) AS units FROM balance WHERE account_id = $1 AND symbol IS NOT NULL;

-- name: account
-- $1 account
SELECT id, person_id, market, quote_asset, round, granted, opened_at FROM account WHERE id = $1;
