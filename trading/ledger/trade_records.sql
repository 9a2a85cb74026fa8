-- name: executions
-- $1 account, $2 before this entry (NULL: from the newest), $3 how many, $4 symbol (NULL: any); of accounts that were
-- merged into it too
SELECT newest.*
FROM account_lineage($1) AS former
CROSS JOIN LATERAL (
    SELECT entry.id AS cursor, o.id AS order_id, o.recorded_at, o.side, o.symbol, o.quantity, o.average_price,
           o.quote_amount, o.fee, o.fee_asset, o.realised, o.parent_id, o.maker,
           EXISTS (SELECT FROM entry_correction WHERE reversed_id = entry.id) AS undone
    FROM entry JOIN orders o ON o.id = entry.order_id
    WHERE entry.account_id = former AND ($2::bigint IS NULL OR entry.id < $2) AND ($4::text IS NULL OR o.symbol = $4)
    ORDER BY entry.id DESC LIMIT $3
) AS newest
ORDER BY newest.cursor DESC LIMIT $3;

-- name: executions_of_order
-- $1 account, $2 before this execution (NULL: from the newest), $3 how many, $4 order: a market order is its own
-- execution
SELECT id AS cursor, id AS order_id, recorded_at, side, symbol, quantity, average_price, quote_amount, fee, fee_asset,
       realised, parent_id, maker,
       EXISTS (SELECT FROM entry_correction JOIN entry ON entry.id = reversed_id WHERE entry.order_id = orders.id) AS undone
FROM orders
WHERE (id = $4 OR parent_id = $4) AND ($2::bigint IS NULL OR id < $2)
  AND account_id = ANY(ARRAY(SELECT account_lineage($1)))
ORDER BY id DESC LIMIT $3;

-- The exports: $1 account, $2 since (NULL: all), $3 how many; newest first, those of accounts that were merged into it
-- too. The columns are those of the file, in its order.

-- name: export_orders
WITH wanted AS MATERIALIZED (SELECT newest.id FROM newest_orders($1, $2, $3) AS newest (id))
SELECT r.id AS "order", r.recorded_at AS "time", r.symbol, r.side, r.type, r.status, r.present_quantity AS quantity,
       r.filled, r.average_price, r.quote AS price_asset, r.present_limit AS limit_price, r.present_stop AS stop_price,
       r.trailing_delta AS trailing_bps, r.time_in_force,
       CASE WHEN r.expires_at_ms < 253402300800000 THEN to_timestamp(r.expires_at_ms / 1000.0) END AS expires,
       r.list_id AS list, r.list_kind, r.role AS list_role
FROM wanted JOIN every_order r USING (id)
ORDER BY r.id DESC;

-- name: export_fills
SELECT o.id AS "execution", coalesce(o.parent_id, o.id) AS "order", o.recorded_at AS "time", o.symbol, o.side::text,
       o.quantity, o.average_price AS price, o.quote_amount AS amount, o.quote::text AS amount_asset, o.fee,
       o.fee_asset::text, o.received, o.realised, o.mid_price, o.slippage * 10000 AS slippage_bps,
       CASE WHEN o.maker THEN 'maker' ELSE 'taker' END AS liquidity,
       coalesce(nullif(o.rule, ''), CASE WHEN o.from_book THEN 'book' ELSE 'impact' END) AS rule,
       o.price_age_ms AS latency_ms, o.source || ':' || o.symbol || ':' || o.price_time AS tick
FROM account_lineage($1) AS former
CROSS JOIN LATERAL (
    SELECT order_id FROM entry
    WHERE account_id = former AND order_id IS NOT NULL AND ($2::timestamptz IS NULL OR recorded_at >= $2)
    ORDER BY id DESC LIMIT $3
) AS newest
JOIN orders o ON o.id = newest.order_id
ORDER BY o.id DESC LIMIT $3;

-- name: export_ledger
SELECT newest.id AS entry, newest.recorded_at AS "time", newest.kind::text, newest.round, newest.order_id AS "execution",
       posting.seq AS posting, posting.source AS "from", posting.target AS "to", posting.asset::text, posting.amount
FROM account_lineage($1) AS former
CROSS JOIN LATERAL (
    SELECT * FROM entry WHERE account_id = former AND ($2::timestamptz IS NULL OR recorded_at >= $2)
    ORDER BY id DESC LIMIT $3
) AS newest
JOIN posting ON posting.entry_id = newest.id
ORDER BY newest.id DESC, posting.seq;
