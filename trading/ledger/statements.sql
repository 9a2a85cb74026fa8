-- name: open_orders
-- $1 account, $2 moment, $3 how many. The last event of each order is found by its key, whatever came before it.
SELECT t.id, t.symbol, t.side, t.type, last.status::text AS status,
       (SELECT v.quantity::numeric FROM order_event v
        WHERE v.order_id = t.id AND v.recorded_at <= $2 AND v.kind IN ('accepted', 'activated', 'amended')
        ORDER BY v.number DESC LIMIT 1) AS quantity,
       (SELECT v.price::numeric FROM order_event v
        WHERE v.order_id = t.id AND v.recorded_at <= $2 AND v.kind IN ('accepted', 'amended')
        ORDER BY v.number DESC LIMIT 1) AS price,
       (SELECT coalesce(sum(v.quantity::numeric), 0) FROM order_event v
        WHERE v.order_id = t.id AND v.recorded_at <= $2 AND v.kind = 'filled') AS filled
FROM order_terms t
CROSS JOIN LATERAL (
    SELECT v.status FROM order_event v WHERE v.order_id = t.id AND v.recorded_at <= $2 ORDER BY v.number DESC LIMIT 1
) AS last
WHERE t.account_id = $1 AND t.recorded_at <= $2 AND last.status IN ('PENDING_NEW', 'NEW', 'PARTIALLY_FILLED')
ORDER BY t.id DESC LIMIT $3;

-- name: round
-- $1 account, $2 moment: its round, and what was granted in it: at its beginning, by corrections, and with merges
WITH began AS (
    SELECT id, round FROM entry
    WHERE account_id = $1 AND recorded_at <= $2 AND kind IN ('grant', 'reset') ORDER BY id DESC LIMIT 1
)
SELECT began.round,
       (SELECT coalesce(sum(amount::numeric), 0) FROM posting WHERE entry_id = began.id AND source = 'issuance')
       + (SELECT coalesce(sum(CASE source WHEN 'issuance' THEN amount::numeric ELSE -amount END), 0)
          FROM entry e JOIN posting ON entry_id = e.id AND 'issuance' IN (source, target)
          WHERE e.account_id = $1 AND e.id > began.id AND e.recorded_at <= $2
            AND e.kind IN ('adjustment', 'reversal', 'action'))
       + (SELECT coalesce(sum(m.granted - m.returned), 0) FROM entry e JOIN account_merge m ON m.in_entry = e.id
          WHERE e.account_id = $1 AND e.id > began.id AND e.recorded_at <= $2) AS granted
FROM began;

-- name: amounts
-- $1 account, $2 moment: what every entry until then left of each asset; its cost and realised profit are of the round, and
-- gone when the account ended
WITH past AS MATERIALIZED (
    SELECT id, kind, order_id FROM entry WHERE account_id = $1 AND recorded_at <= $2
), began AS (
    SELECT max(id) FILTER (WHERE kind IN ('grant', 'reset')) AS id,
           coalesce(bool_or(kind IN ('merged', 'close')), false) AS ended FROM past
), moved AS (
    SELECT p.asset::text AS asset,
           sum(CASE 'available/' || $1 WHEN target THEN amount::numeric WHEN source THEN -amount ELSE 0 END) AS available,
           sum(CASE 'held/' || $1 WHEN target THEN amount::numeric WHEN source THEN -amount ELSE 0 END) AS held
    FROM past JOIN posting p ON p.entry_id = past.id GROUP BY 1
), effect AS (
    SELECT o.base::text AS asset, CASE o.side WHEN 'buy' THEN o.quote_amount::numeric ELSE o.realised - o.received END AS cost,
           coalesce(o.realised, 0)::numeric AS realised
    FROM began, past JOIN orders o ON o.id = past.order_id WHERE past.id > began.id
    UNION ALL
    SELECT x.asset::text, x.cost::numeric, x.realised::numeric
    FROM began, past JOIN holding_change x ON x.entry_id = past.id
    WHERE past.id > began.id AND past.kind IN ('reversal', 'action')
    UNION ALL
    SELECT each.asset::text, each.cost::numeric, each.realised::numeric
    FROM began, past JOIN account_merge ON in_entry = past.id
    JOIN account_merge_asset AS each ON merge_id = account_merge.id AND each.symbol IS NOT NULL
    WHERE past.id > began.id AND past.kind = 'merge'
), gained AS (
    SELECT effect.asset, sum(cost) AS cost, sum(realised) AS realised
    FROM effect, began WHERE NOT began.ended GROUP BY effect.asset
)
SELECT asset, coalesce(available, 0) AS available, coalesce(held, 0) AS held, coalesce(cost, 0) AS cost,
       coalesce(realised, 0) AS realised
FROM moved LEFT JOIN gained USING (asset) ORDER BY asset;

-- name: entries_until
-- $1 account, $2 moment, $3 at most
SELECT count(*) FROM (SELECT FROM entry WHERE account_id = $1 AND recorded_at <= $2 LIMIT $3) AS few;

-- name: symbols
-- $1 account, $2 moment: the symbol under which each asset was traded, and the changes of its unit until then
SELECT asset, symbol, unit_changes_of(account_id, symbol, $2) AS units FROM balance WHERE account_id = $1 AND symbol IS NOT NULL;

-- name: account
-- $1 account
SELECT id, person_id, market, quote_asset, round, granted, opened_at FROM account WHERE id = $1;
