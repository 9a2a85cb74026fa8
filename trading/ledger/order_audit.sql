-- Each query returns the rows of resting orders that break a promise, as text; none is the only good answer.

-- name: 1_order_life_broken
-- Each life is one chain of known transitions from its acceptance, and an ended status is its last.
SELECT v::text AS found
FROM (SELECT event AS v, event.*, lag(number) OVER life AS before, lag(status::text) OVER life AS was
      FROM order_event AS event WINDOW life AS (PARTITION BY order_id ORDER BY number)) AS event
WHERE number <> coalesce(before, 0) + 1 OR previous <> coalesce(was, '-')
   OR NOT EXISTS (SELECT FROM order_transition t
                  WHERE (t.previous, t.kind, t.status) = (event.previous, event.kind, event.status))
UNION ALL
SELECT t::text FROM order_terms t WHERE NOT EXISTS (SELECT FROM order_event v WHERE v.order_id = t.id)
LIMIT 50;

-- name: 1_order_ended_twice
SELECT format('order %s ended %s times', order_id, count(*)) AS found FROM order_event
WHERE status IN ('FILLED', 'CANCELED', 'EXPIRED') GROUP BY order_id HAVING count(*) > 1
LIMIT 50;

-- name: 1_open_order_differs_from_events
-- The events alone say what an order is; order_record reads an open one from open_order.
WITH told AS (
    SELECT order_id, max(number) AS last, (array_agg(status::text ORDER BY number DESC))[1] AS status,
           (array_agg(quantity::numeric ORDER BY number DESC)
               FILTER (WHERE kind IN ('accepted', 'activated', 'amended')))[1] AS quantity,
           (array_agg(price::numeric ORDER BY number DESC) FILTER (WHERE kind IN ('accepted', 'amended')))[1] AS price,
           coalesce(sum(quantity) FILTER (WHERE kind = 'filled'), 0) AS filled, bool_or(kind = 'triggered') AS triggered
    FROM order_event GROUP BY order_id
), life AS (
    SELECT told.*, t.account_id, t.symbol, CASE WHEN t.limit_price IS NOT NULL THEN told.price END AS limit_price,
           CASE WHEN t.limit_price IS NULL AND t.stop_price IS NOT NULL THEN told.price ELSE t.stop_price END AS stop_price
    FROM told JOIN order_terms t ON t.id = told.order_id
)
SELECT coalesce(o::text, life.order_id || ' is ' || life.status) AS found
FROM life FULL JOIN open_order o USING (order_id)
WHERE (o.version IS NOT NULL) <> (life.status IN ('PENDING_NEW', 'NEW', 'PARTIALLY_FILLED'))
   OR o.version IS NOT NULL
      AND (o.status, o.version, o.quantity, o.filled, o.limit_price, o.stop_price, o.triggered, o.account_id, o.symbol)
          IS DISTINCT FROM (life.status, life.last, life.quantity, life.filled, life.limit_price, life.stop_price,
                            life.triggered, life.account_id, life.symbol)
LIMIT 50;

-- name: 1_execution_differs_from_its_order
-- Of its order's account, symbol and side; told by one event; never worse than the limit that was stated last before it.
SELECT e::text AS found
FROM orders e
LEFT JOIN order_terms t ON t.id = e.parent_id
LEFT JOIN order_event v ON v.execution_id = e.id
LEFT JOIN LATERAL (
    SELECT stated.price FROM order_event stated
    WHERE stated.order_id = v.order_id AND stated.number < v.number AND stated.kind IN ('accepted', 'amended')
    ORDER BY stated.number DESC LIMIT 1
) AS bound ON t.limit_price IS NOT NULL
WHERE e.parent_id IS NOT NULL
  AND ((t.account_id, t.symbol, t.side, t.base, t.quote, t.fee_rate)
       IS DISTINCT FROM (e.account_id, e.symbol, e.side, e.base, e.quote, e.fee_rate)
    OR (v.order_id, v.quantity) IS DISTINCT FROM (e.parent_id, e.quantity)
    OR EXISTS (SELECT FROM fill WHERE fill.order_id = e.id
               AND CASE e.side WHEN 'buy' THEN fill.price > bound.price ELSE fill.price < bound.price END))
UNION ALL
SELECT v::text FROM order_event v LEFT JOIN orders e ON e.id = v.execution_id AND e.parent_id = v.order_id
WHERE v.kind = 'filled' AND e.id IS NULL
LIMIT 50;

-- name: 1_order_filled_beyond_its_quantity
-- Of all orders; the executions of an order are its own or, of a market order, itself.
WITH told AS (
    SELECT order_id, (array_agg(status ORDER BY number DESC))[1] AS status,
           (array_agg(quantity ORDER BY number DESC) FILTER (WHERE kind IN ('accepted', 'activated', 'amended')))[1] AS quantity
    FROM every_order_event GROUP BY order_id
), done AS (
    SELECT coalesce(parent_id, id) AS order_id, sum(quantity) AS filled FROM orders GROUP BY 1
)
SELECT format('order %s of %s is filled with %s and %s', order_id, told.quantity, sums.filled, status) AS found
FROM told LEFT JOIN done USING (order_id) CROSS JOIN LATERAL (SELECT coalesce(done.filled, 0) AS filled) AS sums
WHERE sums.filled > told.quantity OR (sums.filled = told.quantity) <> (status = 'FILLED')
   OR (sums.filled > 0 AND status = 'NEW') OR (sums.filled = 0 AND status = 'PARTIALLY_FILLED')
LIMIT 50;

-- name: 1_order_totals_differ_from_executions
SELECT v::text AS found
FROM (SELECT told AS v, told.total_quantity, told.total_value, told.total_received, sum(e.quantity) OVER life AS quantity,
             sum(e.average_price * e.quantity) OVER life AS value, sum(e.received) OVER life AS received
      FROM order_event told JOIN orders e ON e.id = told.execution_id
      WINDOW life AS (PARTITION BY told.order_id ORDER BY told.number)) AS sums
WHERE (total_quantity, total_value, total_received) IS DISTINCT FROM (quantity, value, received)
LIMIT 50;

-- name: 1_cost_rounded_down_beyond_its_hold
-- The cost of a purchase is rounded down only where the hold pays no more: then nothing of it goes back.
SELECT e::text AS found
FROM orders e
JOIN entry ON entry.order_id = e.id
JOIN posting p ON p.entry_id = entry.id AND p.source = 'held/' || e.account_id AND p.target = 'available/' || e.account_id
WHERE e.side = 'buy' AND e.parent_id IS NOT NULL
  AND e.quote_amount < (SELECT sum(fill.price * fill.quantity) FROM fill WHERE fill.order_id = e.id)
LIMIT 50;

-- name: 1_unit_too_large
-- As check_units.
SELECT format('order %s in units of %s and %s', id, base_unit, quote_unit) AS found
FROM (SELECT id, base_unit, quote_unit FROM orders UNION ALL SELECT id, base_unit, quote_unit FROM order_terms) AS figures
WHERE (base_unit <= 1 AND quote_unit <= 0.01) IS NOT TRUE
LIMIT 50;

-- name: 1_hold_moves_elsewhere
-- A hold and a release stay within their account.
SELECT posting::text AS found FROM posting JOIN entry ON entry.id = entry_id
WHERE kind = 'hold' AND (source <> 'available/' || entry.account_id OR target <> 'held/' || entry.account_id)
   OR kind = 'release' AND (source <> 'held/' || entry.account_id OR target <> 'available/' || entry.account_id)
LIMIT 50;

-- name: 2_holds_differ_from_held
WITH holds AS (
    SELECT account_id, asset, sum(amount) AS amount FROM order_hold GROUP BY account_id, asset
)
SELECT format('account %s, %s: %s held, the orders hold %s', account_id, asset, balance.held, holds.amount) AS found
FROM balance FULL JOIN holds USING (account_id, asset)
WHERE coalesce(balance.held, 0) <> coalesce(holds.amount, 0)
LIMIT 50;

-- name: 3_hold_of_no_open_order
SELECT h::text AS found FROM order_hold h
WHERE NOT EXISTS (SELECT FROM open_order o WHERE o.hold_id = h.id)
UNION ALL
SELECT o::text FROM open_order o LEFT JOIN order_hold h ON h.id = o.hold_id JOIN order_terms t ON t.id = o.order_id
WHERE o.hold_id IS NOT NULL
  AND (h.account_id, h.asset) IS DISTINCT FROM (t.account_id, CASE t.side WHEN 'buy' THEN t.quote ELSE t.base END)
LIMIT 50;

-- name: 1_list_differs_from_its_orders
-- Of one account and symbol, in the places that its kind has. One cancels the other: beside a filled order of a pair none is
-- open, and none waits for a working order that is filled.
SELECT format('list %s, %s, of the orders %s', l.id, l.kind, told.orders) AS found
FROM order_list l LEFT JOIN LATERAL (
    SELECT array_agg(t.id ORDER BY t.id) AS orders, array_agg(t.role ORDER BY t.id) AS roles,
           count(DISTINCT (t.account_id, t.symbol)) AS owners, min(t.account_id) AS account_id,
           bool_or(t.role <> 'working' AND ended.status = 'FILLED') AND bool_or(t.role <> 'working' AND o.order_id IS NOT NULL)
               AS both,
           bool_or(t.role = 'working' AND ended.status = 'FILLED') AND bool_or(o.status = 'PENDING_NEW') AS waits
    FROM order_terms t LEFT JOIN open_order o ON o.order_id = t.id
    LEFT JOIN LATERAL (
        SELECT v.status FROM order_event v WHERE v.order_id = t.id ORDER BY v.number DESC LIMIT 1
    ) AS ended ON true
    WHERE t.list_id = l.id
) AS told ON true
WHERE told.owners IS DISTINCT FROM 1 OR told.account_id <> l.account_id OR told.both OR told.waits
   OR NOT CASE l.kind WHEN 'OCO' THEN told.roles <@ ARRAY['limit', 'stop'] AND cardinality(told.roles) = 2
                      WHEN 'OTO' THEN 'working' = ANY(told.roles) AND cardinality(told.roles) = 2
                      ELSE told.roles @> ARRAY['working', 'limit', 'stop'] AND cardinality(told.roles) = 3 END
UNION ALL
SELECT t::text FROM order_terms t LEFT JOIN order_list l ON l.id = t.list_id WHERE t.list_id IS NOT NULL AND l.id IS NULL
LIMIT 50;

-- name: 1_execution_before_its_trigger
-- An order with a stop price is executed only after it was triggered, and is triggered once.
SELECT v::text AS found
FROM order_event v JOIN order_terms t ON t.id = v.order_id
WHERE v.kind = 'filled' AND t.type NOT IN ('LIMIT', 'LIMIT_MAKER')
  AND NOT EXISTS (SELECT FROM order_event earlier
                  WHERE earlier.order_id = v.order_id AND earlier.kind = 'triggered' AND earlier.number < v.number)
UNION ALL
SELECT v::text FROM order_event v JOIN order_terms t ON t.id = v.order_id
WHERE v.kind = 'triggered' AND (t.type IN ('LIMIT', 'LIMIT_MAKER') OR EXISTS (
    SELECT FROM order_event earlier
    WHERE earlier.order_id = v.order_id AND earlier.kind = 'triggered' AND earlier.number < v.number))
LIMIT 50;
