-- Each query returns the rows that break a promise, as text; none is the only good answer.

-- name: 1_posting_malformed
SELECT posting::text AS found FROM posting
WHERE NOT (amount > 0 AND amount <= 1e20) OR source = target
   OR source !~ '^(issuance|exchange|fees|merges|actions|(available|held)/[1-9][0-9]{0,18})$'
   OR target !~ '^(issuance|exchange|fees|merges|actions|(available|held)/[1-9][0-9]{0,18})$'
LIMIT 50;

-- name: 1_entry_without_postings
SELECT entry::text AS found FROM entry
WHERE kind NOT IN ('merge', 'merged', 'close', 'hold', 'release') AND NOT EXISTS (SELECT FROM posting WHERE entry_id = entry.id)
LIMIT 50;

-- name: 1_posting_of_another_account
SELECT posting::text AS found
FROM posting LEFT JOIN entry ON entry.id = entry_id
WHERE entry.id IS NULL
   OR source LIKE '%/%' AND split_part(source, '/', 2) <> account_id::text
   OR target LIKE '%/%' AND split_part(target, '/', 2) <> account_id::text
LIMIT 50;

-- name: 1_trade_differs_from_order
-- An execution of a resting order is paid from what is held; what that order needs no more is released with it.
WITH expected AS (
    SELECT entry.id AS entry_id, moves.*
    FROM orders o
    JOIN entry ON entry.order_id = o.id
    CROSS JOIN LATERAL (SELECT 'available/' || o.account_id AS code, o.side = 'buy' AS buys,
                               CASE WHEN parent_id IS NULL THEN 'available/' ELSE 'held/' END || o.account_id AS pays) AS of
    CROSS JOIN LATERAL (VALUES
        (pays, 'exchange', CASE WHEN buys THEN quote ELSE base END, CASE WHEN buys THEN quote_amount ELSE quantity END),
        ('exchange', code, CASE WHEN buys THEN base ELSE quote END, CASE WHEN buys THEN quantity ELSE quote_amount END),
        (code, 'fees', CASE WHEN buys THEN base ELSE quote END, fee)
    ) AS moves (source, target, asset, amount)
    WHERE amount > 0
), booked AS (
    SELECT entry_id, posting.source, target, asset, amount
    FROM posting JOIN entry ON entry.id = entry_id LEFT JOIN orders o ON o.id = entry.order_id
    WHERE kind = 'trade'
      AND (parent_id IS NULL OR posting.source <> 'held/' || o.account_id OR target <> 'available/' || o.account_id
           OR asset <> CASE o.side WHEN 'buy' THEN quote ELSE base END)
)
SELECT 'expected ' || missing::text AS found FROM (TABLE expected EXCEPT ALL TABLE booked) AS missing
UNION ALL
SELECT 'booked ' || surplus::text FROM (TABLE booked EXCEPT ALL TABLE expected) AS surplus
LIMIT 50;

-- name: 1_order_without_its_entry
SELECT o::text AS found
FROM orders o LEFT JOIN entry ON entry.order_id = o.id AND entry.account_id = o.account_id AND entry.kind = 'trade'
GROUP BY o.id HAVING count(entry.id) <> 1
UNION ALL
SELECT entry::text FROM entry WHERE (kind = 'trade') <> (order_id IS NOT NULL)
LIMIT 50;

-- name: 1_order_differs_from_fills
-- Amounts are whole units, costs and fees rounded up, proceeds down: mod() is exact where a division is not. The cost of
-- an execution of a resting order may be rounded down, so that its hold pays for the rest.
WITH exact AS (
    SELECT o AS whole, o.*, filled, worth,
           CASE o.side WHEN 'buy' THEN quantity * fee_rate ELSE quote_amount * fee_rate END AS exact_fee,
           CASE o.side WHEN 'buy' THEN base_unit ELSE quote_unit END AS fee_unit
    FROM orders o LEFT JOIN LATERAL (
        SELECT sum(fill.quantity) AS filled, sum(fill.price * fill.quantity) AS worth FROM fill WHERE order_id = o.id
    ) AS fills ON true
)
SELECT whole::text AS found FROM exact
WHERE filled IS DISTINCT FROM quantity
   OR quote_amount <> worth - mod(worth, quote_unit)
                    + CASE WHEN side = 'buy' AND mod(worth, quote_unit) > 0 THEN quote_unit ELSE 0 END
      AND (side = 'sell' OR parent_id IS NULL OR quote_amount <> worth - mod(worth, quote_unit))
   OR fee <> exact_fee - mod(exact_fee, fee_unit) + CASE WHEN mod(exact_fee, fee_unit) > 0 THEN fee_unit ELSE 0 END
   OR fee_asset <> CASE side WHEN 'buy' THEN base ELSE quote END
   OR received <> CASE side WHEN 'buy' THEN quantity ELSE quote_amount END - fee
   OR (realised IS NOT NULL) <> (side = 'sell')
LIMIT 50;

-- name: 1_order_of_another_asset
-- An order is quoted in its account's asset, and a base asset is traded under one symbol.
SELECT o::text AS found
FROM orders o
JOIN account ON account.id = account_id
LEFT JOIN balance ON balance.account_id = account.id AND balance.asset = o.base
WHERE o.quote <> quote_asset OR o.base = o.quote OR same_symbol(balance.symbol, o.symbol) IS NOT TRUE
UNION ALL
SELECT brought::text
FROM account_merge
JOIN account ON account.id = target_id
JOIN account_merge_asset AS brought ON merge_id = account_merge.id AND brought.asset <> quote_asset
JOIN balance ON balance.account_id = target_id AND balance.asset = brought.asset
WHERE same_symbol(balance.symbol, brought.symbol) IS NOT TRUE
LIMIT 50;

-- name: 1_grant_that_no_owner_set
SELECT format('entry %s: account %s was granted %s %s', entry.id, account_id, amount, asset) AS found
FROM posting JOIN entry ON entry.id = entry_id
WHERE source = 'issuance' AND kind IN ('grant', 'reset') AND amount NOT IN (SELECT amount FROM opening_grant)
LIMIT 50;

-- name: 1_account_differs_from_entries
SELECT account::text AS found
FROM account LEFT JOIN LATERAL (
    SELECT count(*) AS rounds, count(*) FILTER (WHERE kind = 'grant') AS grants,
           (array_agg(posting.amount ORDER BY entry.id DESC))[1] AS granted, max(entry.id) AS last
    FROM entry JOIN posting ON entry_id = entry.id AND source = 'issuance' AND asset = account.quote_asset
    WHERE entry.account_id = account.id AND kind IN ('grant', 'reset')
) AS told ON true LEFT JOIN LATERAL (
    SELECT coalesce(sum(account_merge.granted - returned), 0) AS granted FROM account_merge
    WHERE target_id = account.id AND in_entry > told.last
) AS brought ON true LEFT JOIN LATERAL (
    SELECT coalesce(sum(CASE source WHEN 'issuance' THEN amount ELSE -amount END), 0) AS granted
    FROM entry JOIN posting ON entry_id = entry.id AND 'issuance' IN (source, target)
    WHERE entry.account_id = account.id AND kind IN ('adjustment', 'reversal') AND entry.id > told.last
) AS adjusted ON true
WHERE rounds <> account.round OR grants <> 1
   OR told.granted + brought.granted + adjusted.granted IS DISTINCT FROM account.granted
LIMIT 50;

-- name: 1_merge_differs_from_its_entries
WITH expected AS (
    SELECT out_entry AS entry_id, source_id AS account_id, 'merged' AS kind, granted FROM account_merge
    UNION ALL SELECT in_entry, target_id, 'merge', NULL FROM account_merge
)
SELECT coalesce(expected::text, entry::text) AS found
FROM expected FULL JOIN (SELECT * FROM entry WHERE kind IN ('merge', 'merged')) AS entry ON entry.id = entry_id
LEFT JOIN account ON account.id = expected.account_id
WHERE (entry.account_id, entry.kind::text) IS DISTINCT FROM (expected.account_id, expected.kind)
   OR expected.kind = 'merged' AND expected.granted <> account.granted
UNION ALL
SELECT posting::text FROM posting JOIN entry ON entry.id = entry_id
WHERE kind = 'merge' AND (source <> 'merges' OR target <> 'available/' || account_id)
      AND (source <> 'available/' || account_id OR target <> 'issuance')
   OR kind = 'merged' AND (target <> 'merges' OR source NOT IN ('available/' || account_id, 'held/' || account_id))
   OR kind = 'close' AND (target <> 'issuance' OR source NOT IN ('available/' || account_id, 'held/' || account_id))
   OR kind NOT IN ('merge', 'merged') AND 'merges' IN (source, target)
UNION ALL
SELECT account_merge::text FROM account_merge JOIN account ON account.id = target_id
LEFT JOIN LATERAL (
    SELECT sum(amount) AS amount, bool_and(asset = quote_asset) AS of_quote FROM posting
    WHERE entry_id = in_entry AND target = 'issuance'
) AS back ON true
WHERE coalesce(back.amount, 0) <> returned OR NOT coalesce(back.of_quote, true)
LIMIT 50;

-- name: 1_closed_account_goes_on
SELECT account::text AS found
FROM account LEFT JOIN LATERAL (
    SELECT kind FROM entry WHERE account_id = account.id ORDER BY id DESC LIMIT 1
) AS last ON true
WHERE (closed_at IS NOT NULL) <> (person_id < 0) OR (closed_at IS NOT NULL) <> (kind IN ('merged', 'close'))
   OR closed_at IS NOT NULL AND EXISTS (
      SELECT FROM balance WHERE account_id = account.id AND (available > 0 OR held > 0 OR cost > 0 OR realised <> 0))
LIMIT 50;

-- name: 1_ledger_not_append_only
-- The application changes the ledger through its functions only. A view writes to its table with its owner's rights.
WITH RECURSIVE ledger (relation) AS (
    SELECT name::regclass::oid
    FROM (VALUES ('entry'), ('posting'), ('orders'), ('fill'), ('account'), ('balance'), ('account_merge'),
                 ('account_merge_asset'), ('opening_grant'), ('order_list'), ('order_terms'), ('order_transition'),
                 ('order_event'), ('order_hold'), ('open_order'), ('match_position'), ('entry_correction'),
                 ('holding_change'), ('corporate_action'), ('corporate_action_account')) AS of_ledger (name)
    UNION
    SELECT ev_class FROM ledger
    JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = relation AND classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite ON pg_rewrite.oid = objid
)
SELECT role || ' may ' || privilege || ' ' || relname AS found
FROM (VALUES ('paperdesk_app')) AS application (role),
     ledger JOIN pg_class ON pg_class.oid = relation,
     (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS forbidden (privilege)
WHERE has_table_privilege(role, relation, privilege)
   OR privilege IN ('INSERT', 'UPDATE') AND has_any_column_privilege(role, relation, privilege);

-- name: 1_command_not_unique
SELECT command_id || ' x ' || count(*) AS found FROM entry GROUP BY command_id HAVING count(*) > 1
UNION ALL
SELECT 'no unique index on entry (command_id)' WHERE NOT EXISTS (
    SELECT FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indrelid = 'entry'::regclass AND indisunique AND indisvalid AND indnkeyatts = 1 AND indpred IS NULL
      AND attname = 'command_id')
LIMIT 50;

-- name: 2_balance_differs_from_postings
WITH legs AS (
    SELECT target AS code, asset, amount FROM posting UNION ALL SELECT source, asset, -amount FROM posting
), posted AS (
    SELECT split_part(code, '/', 2)::bigint AS account_id, asset,
           sum(amount) FILTER (WHERE code LIKE 'available/%') AS available,
           sum(amount) FILTER (WHERE code LIKE 'held/%') AS held
    FROM legs WHERE code LIKE '%/%' GROUP BY 1, 2
)
SELECT format('account %s, %s: %s available and %s held, but postings say %s and %s', account_id, asset,
              balance.available, balance.held, posted.available, posted.held) AS found
FROM balance FULL JOIN posted USING (account_id, asset)
WHERE coalesce(balance.available, 0) <> coalesce(posted.available, 0)
   OR coalesce(balance.held, 0) <> coalesce(posted.held, 0)
LIMIT 50;

-- name: 2_asset_not_conserved
WITH house AS (
    SELECT asset, amount FROM posting WHERE target NOT LIKE '%/%'
    UNION ALL SELECT asset, -amount FROM posting WHERE source NOT LIKE '%/%'
    UNION ALL SELECT asset, available + held FROM balance
)
SELECT format('%s: all accounts together have %s instead of 0', asset, sum(amount)) AS found
FROM house GROUP BY asset HAVING sum(amount) <> 0
LIMIT 50;

-- name: 3_balance_out_of_bounds
SELECT balance::text AS found FROM balance
WHERE NOT (available >= 0 AND available <= 1e20 AND held >= 0 AND held <= 1e20 AND cost >= 0 AND cost <= 1e20)
LIMIT 50;

-- name: 4_trade_dated_before_its_predecessor
-- A price is compared with the market at the time that its command states. A day is left for clocks that were set; a
-- replay starts again at its beginning.
WITH dated AS (
    SELECT entry.id, market_time_ms, lag(entry.id) OVER earlier AS other, lag(market_time_ms) OVER earlier AS before
    FROM entry JOIN account ON account.id = account_id
    WHERE kind = 'trade' AND market !~ '^replay(:|$)'
    WINDOW earlier AS (PARTITION BY market ORDER BY entry.id)
)
SELECT format('entry %s: market time %s, but entry %s before it has %s', id, market_time_ms, other, before) AS found
FROM dated WHERE before::numeric - market_time_ms > 86400000
LIMIT 50;

-- name: fill_prices
-- $1 account (NULL: all), $2 neighbouring minutes to either side. Each order with the range of its fills and of the
-- archived candles around the time of its price. Orders of one symbol and minute share one look-up in the archive. What an
-- open order is filled with may be booked long after it was traded: its age proves nothing.
WITH traded AS MATERIALIZED (
    SELECT o.id, o.side, o.symbol, o.from_book, o.price_time,
           CASE WHEN o.parent_id IS NULL THEN o.price_age_ms ELSE 0 END AS price_age_ms, entry.market_time_ms, account.market,
           least(greatest(o.price_time, 0), 4102444800000) / 60000 * 60000 AS minute
    FROM entry
    JOIN orders o ON o.id = entry.order_id
    JOIN account ON account.id = o.account_id
    WHERE $1::bigint IS NULL OR entry.account_id IN (SELECT account_lineage($1))
), shown AS MATERIALIZED (
    -- LATERAL makes this a look-up of a few rows in the primary key for each minute, whatever the planner estimates.
    SELECT asked.*, around.*
    FROM (SELECT DISTINCT market, symbol, minute FROM traded) AS asked
    CROSS JOIN LATERAL (
        SELECT min(low)::numeric AS low, max(high)::numeric AS high, sum(trades) AS trades FROM candle
        WHERE candle.market = asked.market AND candle.symbol = asked.symbol
          AND open_time BETWEEN minute - $2::bigint * 60000 AND minute + $2::bigint * 60000
    ) AS around
)
SELECT traded.*, fills.lowest, fills.highest, shown.low, shown.high, shown.trades
FROM traded
JOIN (
    SELECT order_id, min(price::numeric) AS lowest, max(price::numeric) AS highest FROM fill
    WHERE $1::bigint IS NULL OR order_id IN (SELECT id FROM traded) GROUP BY order_id
) AS fills ON fills.order_id = traded.id
LEFT JOIN shown USING (market, symbol, minute)
ORDER BY traded.id;

-- name: entries
-- What is appended says of which account, and in which order.
SELECT entry.id, entry.kind, entry.account_id, entry.round, moves.codes, moves.assets, moves.amounts,
       account.quote_asset, o.side, o.base, o.quote, o.symbol, o.quantity, o.quote_amount, o.received, o.quote_unit,
       o.realised, o.base_available, o.base_held, o.quote_available, o.quote_held, carried.*, changed.*
FROM entry
JOIN account ON account.id = entry.account_id
LEFT JOIN orders o ON o.id = entry.order_id
CROSS JOIN LATERAL (
    SELECT array_agg(ARRAY[source, target]::text[] ORDER BY seq) AS codes, array_agg(asset::text ORDER BY seq) AS assets,
           array_agg(amount::numeric ORDER BY seq) AS amounts
    FROM posting WHERE entry_id = entry.id
) AS moves
LEFT JOIN LATERAL (
    SELECT array_agg(asset::text ORDER BY asset) AS carried_assets,
           array_agg(quantity::numeric ORDER BY asset) AS carried_quantities,
           array_agg(cost::numeric ORDER BY asset) AS carried_costs,
           array_agg(each.realised::numeric ORDER BY asset) AS carried_realised,
           max(CASE entry.id WHEN in_entry THEN account_merge.granted - returned END) AS kept_grant
    FROM account_merge JOIN account_merge_asset AS each ON merge_id = account_merge.id
    WHERE entry.id IN (in_entry, out_entry)
) AS carried ON entry.kind IN ('merge', 'merged')
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[x.asset, x.symbol]::text[] ORDER BY x.asset) AS changed_assets,
           array_agg(ARRAY[x.cost, x.realised, undone.cost, undone.realised] ORDER BY x.asset) AS changed_figures
    FROM holding_change x
    LEFT JOIN entry_correction c ON c.entry_id = entry.id
    LEFT JOIN holding_effect undone ON undone.entry_id = c.reversed_id AND undone.asset = x.asset
    WHERE x.entry_id = entry.id
) AS changed ON entry.kind IN ('reversal', 'action')

-- name: balances
-- What is appended says of which account, and in which order.
SELECT account_id, asset, available, held, symbol, cost, realised FROM balance

-- name: accounts_of
-- $1 person
SELECT account.*, (SELECT count(*) FROM entry WHERE account_id = account.id) AS entries
FROM account WHERE person_id = $1 ORDER BY id;
