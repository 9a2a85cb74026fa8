-- name: alerts
-- $1 market, $2 symbols
UPDATE alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE market = $1 AND symbol = ANY($2::text[]) AND state IN ('armed', 'muted')
RETURNING id, person_id, platform, chat_id, symbol

-- name: forecasts
-- $1 market, $2 symbols
UPDATE forecast_alert SET state = 'cancelled', ended_at = now()
WHERE market = $1 AND symbol = ANY($2::text[]) AND state = 'armed'
RETURNING id, person_id, platform, chat_id, symbol

-- name: ranges
-- $1 market, $2 symbols
UPDATE range_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE market = $1 AND symbol = ANY($2::text[]) AND state = 'armed'
RETURNING id, person_id, platform, chat_id, symbol

-- name: conditions
-- $1 market, $2 symbols
UPDATE condition_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
WHERE market = $1 AND symbol = ANY($2::text[]) AND state IN ('armed', 'muted')
RETURNING id, person_id, platform, chat_id, symbol

-- name: repeats
-- $1 market, $2 symbols; the chat is the one chosen for notices about money, else the private one seen last, else none
WITH stopped AS (
    UPDATE recurring_buy SET state = 'stopped', tried_at = NULL, claimed_until = NULL
    WHERE market = $1 AND symbol = ANY($2::text[]) AND state = 'active'
    RETURNING id, person_id, symbol
)
SELECT stopped.id, stopped.person_id, stopped.symbol, chat.platform, chat.chat_id
FROM stopped LEFT JOIN LATERAL notice_chat(stopped.person_id, 'delisted') AS chat ON true

-- name: holders
-- $1 market, $2 symbols, $3 when each left: of the delistings that are new here, who holds the symbol, and the chat as
-- for recurring buys
WITH fresh AS (
    INSERT INTO delisting (market, symbol, delisted_at)
    SELECT $1, gone.symbol, gone.delisted_at FROM unnest($2::text[], $3::bigint[]) AS gone (symbol, delisted_at)
    ON CONFLICT DO NOTHING
    RETURNING symbol, delisted_at
)
SELECT account.person_id, fresh.symbol, account.id || ':' || fresh.symbol || ':' || fresh.delisted_at AS id,
       chat.platform, chat.chat_id
FROM fresh
JOIN balance ON balance.symbol = fresh.symbol AND available + held > 0
JOIN account ON account.id = balance.account_id AND account.market = $1 AND account.closed_at IS NULL
CROSS JOIN LATERAL notice_chat(account.person_id, 'delisted') AS chat
ORDER BY account.person_id, fresh.symbol

-- name: tell
-- $1 keys, $2 persons, $3 platforms, $4 chats, $5 kind, $6 notices
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT key, person_id, platform, chat_id, $5, body::jsonb
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $6::text[])
     AS notice (key, person_id, platform, chat_id, body)
ON CONFLICT (key) DO NOTHING
