-- name: of_order
-- $1 number of an order, as receipts and the history show it
SELECT id FROM entry WHERE order_id = $1;

-- name: of_command
-- $1 command id
SELECT id FROM entry WHERE command_id = $1;

-- name: reverse
-- $1 entry, $2 reason, $3 at, $4 market time
SELECT * FROM reverse_entry($1, $2, $3, $4);

-- name: adjust
-- $1 account, $2 amount, $3 reason, $4 command id, $5 body, $6 at, $7 market time
SELECT * FROM adjust_account($1, $2, $3, $4, $5, $6, $7);

-- name: booked
-- $1 entry of a reversal or an adjustment: what it moved, asset by asset, and the order that it reverses
SELECT account.id AS account_id, account.person_id, account.market, account.quote_asset, c.reason, o.id AS order_id,
       o.side, o.symbol, o.base, o.quantity, o.average_price, entry.market_time_ms,
       (SELECT array_agg(ARRAY[asset, net::text] ORDER BY asset) FROM (
           SELECT asset::text, sum(CASE target WHEN 'available/' || account.id THEN amount ELSE -amount END) AS net
           FROM posting WHERE entry_id = entry.id GROUP BY asset) AS moved) AS moved
FROM entry
JOIN entry_correction c ON c.entry_id = entry.id
JOIN account ON account.id = entry.account_id
LEFT JOIN entry AS reversed ON reversed.id = c.reversed_id
LEFT JOIN orders o ON o.id = reversed.order_id
WHERE entry.id = $1;

-- name: tell
-- $1 key, $2 person, $3 kind, $4 notice: to the chat that was chosen for notices about money, else to the private one seen
-- last; to nobody without one
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT $1, chat.person_id, chat.platform, chat.chat_id, $3, $4::jsonb FROM notice_chat($2, $3) AS chat
ON CONFLICT (key) DO NOTHING;
