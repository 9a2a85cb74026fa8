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
SELECT coalesce(o::text, r.id || ' is ' || r.status) AS found
FROM order_record r
FULL JOIN open_order o ON o.order_id = r.id
CROSS JOIN LATERAL (SELECT max(number) AS last FROM order_event v WHERE v.order_id = r.id) AS told
WHERE (o.order_id IS NOT NULL) <> (r.status IN ('PENDING_NEW', 'NEW', 'PARTIALLY_FILLED'))
   OR o.order_id IS NOT NULL
      AND (o.status, o.version, o.quantity, o.filled, o.limit_price, o.stop_price, o.triggered, o.account_id, o.symbol)
          IS DISTINCT FROM (r.status, told.last, r.present_quantity, r.filled, r.present_limit, r.present_stop,
                            r.triggered, r.account_id, r.symbol)
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
SELECT format('order %s of %s is filled with %s and %s', id, present_quantity, filled, status) AS found
FROM order_record
WHERE filled > present_quantity OR (filled = present_quantity) <> (status = 'FILLED')
   OR (filled > 0 AND status = 'NEW') OR (filled = 0 AND status = 'PARTIALLY_FILLED')
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
