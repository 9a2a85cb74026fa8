-- name: begin
-- $1 the action as JSON, $2 at
SELECT begin_action($1::text::jsonb, $2);

-- name: apply
-- $1 action, $2 after this account, $3 how many, $4 at, $5 market time
SELECT * FROM apply_action($1, $2, $3, $4, $5);

-- name: finish
-- $1 action, $2 at
SELECT finish_action($1, $2);

-- name: undo
-- $1 action, $2 after this account, $3 how many, $4 at, $5 market time
SELECT account_id, outcome, coalesce(asset, '') AS asset, coalesce(missing, 0) AS missing,
       (SELECT target_id FROM account_merge WHERE source_id = account_id) AS merged_into
FROM undo_action($1, $2, $3, $4, $5) ORDER BY account_id;

-- name: known
-- $1 action
SELECT * FROM corporate_action WHERE id = $1;

-- name: actions
-- $1 how many
SELECT c.*, (SELECT count(*) FROM corporate_action_account WHERE action_id = c.id) AS accounts
FROM corporate_action c ORDER BY created_at DESC LIMIT $1;

-- name: holds
SELECT market, symbol, last_price, jumped_price, since FROM symbol_hold WHERE released_at IS NULL ORDER BY since;

-- name: hold
-- $1 market, $2 symbol, $3 market time
INSERT INTO symbol_hold (market, symbol, market_time_ms) VALUES ($1, $2, $3)
ON CONFLICT (market, symbol) WHERE released_at IS NULL DO NOTHING RETURNING id;

-- name: markets_of
-- $1 symbol: the markets in which it is held, or in which accounts hold it or wait for it
SELECT market FROM symbol_hold WHERE symbol = $1 AND released_at IS NULL
UNION
SELECT account.market FROM balance JOIN account ON account.id = account_id AND closed_at IS NULL
WHERE balance.symbol = $1 AND available + held > 0
UNION
SELECT market FROM open_order WHERE symbol = $1
ORDER BY market;

-- name: reach
-- $1 market, $2 symbol: what an action on it would reach now
SELECT (SELECT count(*) FROM balance JOIN account ON account.id = account_id AND closed_at IS NULL
        WHERE account.market = $1 AND balance.symbol = $2 AND available + held > 0) AS accounts,
       (SELECT coalesce(sum(available + held), 0) FROM balance JOIN account ON account.id = account_id AND closed_at IS NULL
        WHERE account.market = $1 AND balance.symbol = $2) AS quantity,
       (SELECT count(*) FROM open_order WHERE market = $1 AND symbol = $2) AS orders,
       (SELECT count(*) FROM alert WHERE market = $1 AND symbol = $2 AND state IN ('armed', 'muted'))
       + (SELECT count(*) FROM range_alert WHERE market = $1 AND symbol = $2 AND state = 'armed')
       + (SELECT count(*) FROM condition_alert WHERE market = $1 AND symbol = $2 AND state IN ('armed', 'muted'))
       + (SELECT count(*) FROM forecast_alert WHERE market = $1 AND symbol = $2 AND state = 'armed')
       + (SELECT count(*) FROM recurring_buy WHERE market = $1 AND symbol = $2 AND state <> 'stopped') AS alerts;

-- name: end_alerts
-- $1 market, $2 symbol: how many alerts and recurring buys of each person ended
WITH prices AS (
    UPDATE alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
    WHERE market = $1 AND symbol = $2 AND state IN ('armed', 'muted') RETURNING person_id
), ranges AS (
    UPDATE range_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
    WHERE market = $1 AND symbol = $2 AND state = 'armed' RETURNING person_id
), conditions AS (
    UPDATE condition_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
    WHERE market = $1 AND symbol = $2 AND state IN ('armed', 'muted') RETURNING person_id
), forecasts AS (
    UPDATE forecast_alert SET state = 'cancelled', ended_at = now()
    WHERE market = $1 AND symbol = $2 AND state = 'armed' RETURNING person_id
), buys AS (
    UPDATE recurring_buy SET state = 'stopped', tried_at = NULL, claimed_until = NULL
    WHERE market = $1 AND symbol = $2 AND state <> 'stopped' RETURNING person_id
)
SELECT person_id, count(*) AS ended FROM (
    TABLE prices UNION ALL TABLE ranges UNION ALL TABLE conditions UNION ALL TABLE forecasts UNION ALL TABLE buys
) AS gone GROUP BY person_id ORDER BY person_id;

-- name: follow_targets
-- $1 market, $2 symbol, $3 the symbol that it became, NULL: none. Targets have its weight instead; one that had both has the sum.
WITH followed AS (
    INSERT INTO rebalancing_weight (target_id, symbol, weight, place)
    SELECT target_id, $3, weight, place FROM rebalancing_weight JOIN rebalancing_target AS target ON target.id = target_id
    WHERE market = $1 AND symbol = $2 AND $3::text IS NOT NULL
    ON CONFLICT (target_id, symbol) DO UPDATE SET weight = rebalancing_weight.weight + excluded.weight
)
DELETE FROM rebalancing_weight USING rebalancing_target AS target
WHERE target.id = target_id AND market = $1 AND symbol = $2;

-- name: tell
-- $1 keys, $2 persons, $3 kind, $4 notices: each to the chat of its kind
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT news.key, news.person_id, chat.platform, chat.chat_id, $3, news.body::jsonb
FROM unnest($1::text[], $2::bigint[], $4::text[]) AS news (key, person_id, body)
CROSS JOIN LATERAL notice_chat(news.person_id, $3) AS chat
ON CONFLICT (key) DO NOTHING;
