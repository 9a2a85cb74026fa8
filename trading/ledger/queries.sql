-- name: open_account
-- $1 person, $2 market, $3 quote asset, $4 grant, $5 command id, $6 body, $7 at, $8 market time
SELECT id, person_id, market, quote_asset, round, granted, opened_at
FROM open_account($1, $2, $3, $4, $5, $6, $7, $8);

-- name: account
-- $1 person, $2 market, $3 quote asset
SELECT id, person_id, market, quote_asset, round, granted, opened_at
FROM account WHERE person_id = $1 AND market = $2 AND quote_asset = $3;

-- name: reset_account
-- $1 account, $2 grant, $3 command id, $4 body, $5 at, $6 market time, $7 person
SELECT outcome, (renewed).* FROM reset_account($1, $2, $3, $4, $5, $6, $7);

-- name: place_orders
-- $1 a JSON array of orders; one row each, in this order. While trading is halted nothing is placed and there is one
-- row, whose `halt` is the reason.
SELECT * FROM place_orders($1::text::jsonb);

-- name: lock_account
-- $1 account, $2 its quote asset: the lock that every command of the account takes first
SELECT lock_account($1, $2);

-- name: placed_of_batch
-- $1 the command ids that orders of the batch may have
SELECT body, order_id FROM entry WHERE command_id = ANY($1::text[]) ORDER BY id;

-- name: tell
-- $1 keys, $2 persons, $3 platforms, $4 chats, $5 kinds, $6 notices. Nothing here may keep an order from being placed:
-- somebody who left meanwhile is told nothing, nor is a chat that is not this person's any more.
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT news.key, news.person_id, news.platform, news.chat_id, news.kind, news.body::jsonb
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
     WITH ORDINALITY AS news (key, person_id, platform, chat_id, kind, body, i)
JOIN person ON person.id = news.person_id
JOIN notification_chat AS chat USING (person_id, platform, chat_id)
WHERE chat.retired_at IS NULL
ORDER BY news.i
ON CONFLICT (key) DO NOTHING;

-- name: placed_before
-- $1 command id
SELECT body, order_id FROM entry WHERE command_id = $1;

-- name: balances
-- $1 account, $2 assets; `halt` is why trading is halted, NULL while it is open
SELECT wanted.asset, coalesce(available, 0) AS available, coalesce(held, 0) AS held,
       (SELECT reason FROM trading_state WHERE halted) AS halt
FROM unnest($2::text[]) WITH ORDINALITY AS wanted (asset, i)
LEFT JOIN balance ON account_id = $1 AND balance.asset = wanted.asset
ORDER BY i;

-- name: state
-- $1 account; the quote asset first, then by asset
SELECT asset, available, held, symbol, cost, realised, granted,
       CASE WHEN symbol IS NOT NULL THEN unit_changes_of(account_id, symbol, 'infinity') END AS units
FROM balance JOIN account ON account.id = account_id
WHERE account_id = $1
ORDER BY asset <> quote_asset, asset;

-- name: receipt
-- $1 order
SELECT o.*, fills.prices, fills.quantities
FROM orders o, LATERAL (
    SELECT array_agg(price ORDER BY seq) AS prices, array_agg(quantity ORDER BY seq) AS quantities
    FROM fill WHERE order_id = o.id
) AS fills
WHERE o.id = $1;

-- name: history
-- $1 account, $2 before this entry (NULL: from the newest), $3 how many; of accounts that were merged into it too. What
-- was merged is told once, by what it brought of the quote asset beyond the grant that went back. What is held for an
-- order, and released, moves nothing between the user and the market.
SELECT entry.id, entry.kind, entry.recorded_at, o.id AS order_id, o.side, o.symbol, o.quantity, o.average_price, o.quote_amount,
       o.fee, o.fee_asset, coalesce(o.realised, (SELECT sum(realised) FROM holding_change WHERE entry_id = entry.id)) AS realised,
       o.parent_id, o.maker, own.reason, reversed.order_id AS reverses,
       EXISTS (SELECT FROM entry_correction WHERE reversed_id = entry.id) AS undone,
       CASE WHEN entry.kind IN ('reversal', 'adjustment', 'action') THEN (
           SELECT coalesce(sum(CASE target WHEN 'available/' || entry.account_id THEN amount ELSE -amount END), 0)
           FROM posting JOIN account ON account.id = entry.account_id WHERE entry_id = entry.id AND asset = quote_asset)
       ELSE coalesce((SELECT sum(amount) FROM posting JOIN account ON account.id = entry.account_id
                      WHERE entry_id = entry.id AND source IN ('issuance', 'merges') AND asset = quote_asset), 0)
           - coalesce((SELECT returned FROM account_merge WHERE in_entry = entry.id), 0) END AS granted
FROM account_lineage($1) AS former
CROSS JOIN LATERAL (
    SELECT * FROM entry
    WHERE account_id = former AND ($2::bigint IS NULL OR id < $2) AND kind NOT IN ('merged', 'hold', 'release')
    ORDER BY id DESC LIMIT $3
) AS entry
LEFT JOIN entry_correction AS own ON own.entry_id = entry.id
LEFT JOIN entry AS reversed ON reversed.id = own.reversed_id
LEFT JOIN orders o ON o.id = coalesce(entry.order_id, reversed.order_id)
ORDER BY entry.id DESC LIMIT $3;

-- name: round_start
-- $1 account
SELECT market_time_ms FROM entry WHERE account_id = $1 AND kind IN ('grant', 'reset') ORDER BY id DESC LIMIT 1;

-- name: changes
-- $1 account, $2 start, $3 bucket width in ms, $4 last bucket. A merge brings its holdings, and its cash beyond the grant
-- it came with, which counts from the beginning, as adjustments do. `ratio` is what a unit became by a redenomination of
-- `since_ms`, or by its undoing.
WITH round AS (
    SELECT max(id) AS first FROM entry WHERE account_id = $1 AND kind IN ('grant', 'reset')
)
SELECT greatest(0, least($4::bigint, (entry.market_time_ms - $2::bigint) / $3::bigint)) AS bucket, o.symbol,
       sum(CASE o.side WHEN 'buy' THEN -o.quote_amount ELSE o.received END) AS cash,
       sum(CASE o.side WHEN 'buy' THEN o.received ELSE -o.quantity END) AS base,
       (array_agg(o.average_price ORDER BY o.id DESC))[1] AS price,
       max(entry.market_time_ms) AS time, NULL::bigint AS since_ms, NULL::numeric AS ratio
FROM entry JOIN orders o ON o.id = entry.order_id
WHERE entry.account_id = $1 AND entry.id > (SELECT first FROM round)
GROUP BY 1, 2
UNION ALL
SELECT greatest(0, least($4::bigint, (entry.market_time_ms - $2::bigint) / $3::bigint)), coalesce(each.symbol, ''),
       CASE WHEN each.symbol IS NULL THEN each.quantity - account_merge.granted ELSE 0 END,
       CASE WHEN each.symbol IS NULL THEN 0 ELSE each.quantity END,
       CASE WHEN each.symbol IS NULL OR each.quantity = 0 THEN 0 ELSE round(each.cost / each.quantity, 12) END,
       entry.market_time_ms, NULL, NULL
FROM entry JOIN account_merge ON in_entry = entry.id JOIN account_merge_asset AS each ON merge_id = account_merge.id
WHERE entry.account_id = $1 AND entry.kind = 'merge' AND entry.id > (SELECT first FROM round)
UNION ALL
SELECT greatest(0, least($4::bigint, (entry.market_time_ms - $2::bigint) / $3::bigint)), coalesce(x.symbol, ''),
       CASE WHEN x.symbol IS NULL THEN moved.net ELSE 0 END, CASE WHEN x.symbol IS NULL THEN 0 ELSE moved.net END,
       CASE WHEN x.symbol IS NULL OR moved.net = 0 THEN 0 ELSE round(abs(x.cost / moved.net), 12) END,
       entry.market_time_ms, redenominated.unit_since_ms,
       CASE entry.kind WHEN 'action' THEN redenominated.ratio::numeric ELSE 1 / redenominated.ratio::numeric END
FROM entry
CROSS JOIN LATERAL (
    SELECT asset, sum(CASE target WHEN 'available/' || entry.account_id THEN amount ELSE -amount END) AS net
    FROM posting WHERE entry_id = entry.id GROUP BY asset HAVING bool_and('issuance' NOT IN (source, target))
) AS moved
LEFT JOIN holding_change x ON x.entry_id = entry.id AND x.asset = moved.asset
LEFT JOIN LATERAL (
    SELECT c.unit_since_ms, c.ratio FROM corporate_action_account d JOIN corporate_action c ON c.id = d.action_id
    WHERE c.kind = 'redenomination' AND d.entry_id = coalesce(
        (SELECT reversed_id FROM entry_correction WHERE entry_id = entry.id), entry.id)
) AS redenominated ON x.symbol IS NOT NULL
WHERE entry.account_id = $1 AND entry.kind IN ('reversal', 'action') AND entry.id > (SELECT first FROM round)
ORDER BY 1, 2, 6;

-- name: former_accounts
-- $1 account: those that were merged into it
SELECT former FROM account_lineage($1) AS former WHERE former <> $1;

-- name: stake
-- $1 person, $2 market, $3 quote asset, $4 symbol, $5 since (market time), $6 entries looked through, $7 most trades;
-- no row without an account, one without a trade where there is none
SELECT held.quantity, held.cost, trade.*
FROM account
LEFT JOIN LATERAL (
    SELECT available + held AS quantity, cost FROM balance
    WHERE account_id = account.id AND symbol = $4 AND available + held > 0
) AS held ON true
LEFT JOIN LATERAL (
    SELECT o.id AS order_id, recent.market_time_ms, o.side, o.average_price
    FROM (SELECT order_id, market_time_ms, round FROM entry
          WHERE account_id = account.id ORDER BY id DESC LIMIT $6) AS recent
    JOIN orders o ON o.id = recent.order_id
    WHERE o.symbol = $4 AND recent.market_time_ms >= $5 AND recent.round = account.round
    ORDER BY o.id DESC LIMIT $7
) AS trade ON true
WHERE account.person_id = $1 AND account.market = $2 AND account.quote_asset = $3
ORDER BY trade.order_id;
