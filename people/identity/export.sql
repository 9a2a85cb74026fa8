-- Each query gives the rows of one section about person $1, each as one line of JSON; amounts are text, so that no
-- reader rounds them.

-- name: person
SELECT row_to_json(person)::text AS line FROM person WHERE id = $1;

-- name: identities
SELECT json_build_object('platform', platform, 'external_id', external_id)::text AS line
FROM identity WHERE person_id = $1 ORDER BY platform, external_id;

-- name: settings
SELECT json_build_object('quiet_hours_from_minute', starts, 'quiet_hours_to_minute', ends)::text AS line
FROM notification_quiet_hours WHERE person_id = $1
UNION ALL
SELECT json_build_object('digest', every, 'hour', hour)::text FROM notification_digest WHERE person_id = $1
UNION ALL
SELECT json_build_object('home_platform', platform, 'home_chat', chat_id)::text FROM notification_destination WHERE person_id = $1;

-- name: bans
-- The hash of the identity that the operator named is left out: it is no use to anybody else.
SELECT json_build_object('reason', reason, 'since', since)::text AS line FROM ban WHERE person_id = $1;

-- name: accounts
SELECT json_build_object(
    'id', id, 'market', market, 'quote_asset', quote_asset, 'round', round, 'granted', granted::text,
    'opened_at', opened_at)::text AS line
FROM account WHERE person_id = $1 ORDER BY id;

-- name: balances
SELECT json_build_object(
    'account', account_id, 'asset', asset, 'available', available::text, 'held', held::text, 'symbol', symbol,
    'cost', cost::text, 'realised', realised::text)::text AS line
FROM balance JOIN account ON account.id = account_id WHERE person_id = $1 ORDER BY account_id, asset;

-- name: watchlist
SELECT to_json(symbol)::text AS line FROM watchlist_item WHERE person_id = $1 ORDER BY place;

-- name: alerts
SELECT json_build_object(
    'id', id, 'platform', platform, 'chat', chat_id, 'market', market, 'symbol', symbol, 'direction', direction,
    'level', level::text, 'repeat', repeat, 'note', note, 'expires_at_ms', expires_at_ms, 'state', state,
    'firings', firings, 'created_at', created_at, 'fired_at', fired_at)::text AS line
FROM alert WHERE person_id = $1 ORDER BY id;

-- name: recurring_buys
SELECT json_build_object(
    'id', id, 'market', market, 'symbol', symbol, 'size', size::text, 'size_in', size_kind, 'every', every, 'day', day,
    'minute', minute, 'timezone', timezone, 'state', state, 'failures', failures, 'next_at', next_at,
    'created_at', created_at)::text AS line
FROM recurring_buy WHERE person_id = $1 ORDER BY id;

-- name: robots
SELECT json_build_object(
    'id', robot.id, 'account', account_id, 'market', robot.market, 'symbol', symbol, 'candles', candles, 'strategy', name,
    'rule', rule, 'budget', budget::text, 'state', state, 'reason', reason, 'cash', cash::text, 'quantity', quantity::text,
    'cost', cost::text, 'entry_price', entry_price::text, 'realised', realised::text, 'created_at', created_at,
    'ended_at', ended_at,
    'orders', ARRAY(SELECT order_id FROM robot_order WHERE robot_id = robot.id ORDER BY order_id),
    'events', (SELECT json_agg(json_build_object('event', kind, 'reason', e.reason, 'candle_ms', candle_ms, 'count', count,
                                                 'at', recorded_at) ORDER BY e.id) FROM robot_event e WHERE robot_id = robot.id)
)::text AS line
FROM account JOIN robot ON account_id = account.id WHERE person_id = $1 ORDER BY robot.id;

-- name: rebalancing_targets
SELECT json_build_object(
    'market', market, 'with_cash', with_cash, 'band', band::text, 'outside', outside, 'checked_at', checked_at,
    'weights', (SELECT json_object_agg(symbol, weight::text ORDER BY place) FROM rebalancing_weight WHERE target_id = id),
    'every', every, 'day', day, 'minute', minute, 'timezone', timezone, 'next_at', next_at, 'failures', failures,
    'created_at', created_at)::text AS line
FROM rebalancing_target WHERE person_id = $1 ORDER BY id;

-- name: order_groups
SELECT json_build_object(
    'command', command_id, 'market', market, 'group', body, 'scheduled', scheduled, 'refusals', refusals,
    'created_at', created_at, 'finished_at', finished_at)::text AS line
FROM order_group WHERE person_id = $1 ORDER BY id DESC;

-- name: forecast_alerts
SELECT json_build_object(
    'id', id, 'platform', platform, 'chat', chat_id, 'market', market, 'symbol', symbol, 'horizon_minutes', horizon,
    'way', way, 'chance', chance::text, 'repeat', repeat, 'state', state, 'firings', firings, 'created_at', created_at,
    'fired_at', fired_at)::text AS line
FROM forecast_alert WHERE person_id = $1 ORDER BY id;

-- name: range_alerts
SELECT json_build_object(
    'id', id, 'platform', platform, 'chat', chat_id, 'market', market, 'symbol', symbol, 'range', fraction::text,
    'window_minutes', window_minutes, 'repeat', repeat, 'note', note, 'expires_at_ms', expires_at_ms, 'state', state,
    'firings', firings, 'created_at', created_at, 'fired_at', fired_at)::text AS line
FROM range_alert WHERE person_id = $1 ORDER BY id;

-- name: condition_alerts
SELECT json_build_object(
    'id', id, 'platform', platform, 'chat', chat_id, 'market', market, 'symbol', symbol, 'measure', measure,
    'direction', direction, 'level', level::text, 'candle_minutes', interval_minutes, 'candles', length, 'order', order_id,
    'rule', rule,
    'repeat', repeat, 'pause_ms', pause_ms, 'note', note, 'expires_at_ms', expires_at_ms, 'state', state,
    'firings', firings, 'created_at', created_at, 'fired_at', fired_at)::text AS line
FROM condition_alert WHERE person_id = $1 ORDER BY id;

-- name: strategies
SELECT json_build_object(
    'id', id, 'market', market, 'name', name, 'symbol', symbol, 'candle_minutes', interval_minutes, 'rule', rule,
    'share_code', share_code, 'created_at', created_at, 'changed_at', changed_at)::text AS line
FROM strategy WHERE person_id = $1 ORDER BY id;

-- name: limits
SELECT json_build_object(
    'kind', kind, 'value', value::text, 'cooldown_minutes', cooldown_minutes, 'next_value', next_value::text,
    'next_at', next_at, 'set_at', set_at)::text AS line
FROM trading_limit WHERE person_id = $1 ORDER BY kind;

-- name: limit_states
SELECT json_build_object(
    'account', account_id, 'equity', equity::text, 'valued_at', valued_at, 'day_start', day_start::text, 'day_ends', day_ends,
    'peak', peak::text, 'peak_at', peak_at, 'paused_by', paused_kind, 'paused_at', paused_at, 'paused_until', paused_until,
    'day_paused_at', day_paused_at, 'day_paused_until', day_paused_until
)::text AS line
FROM account JOIN account_limit_state ON account_id = account.id WHERE person_id = $1 ORDER BY account_id;

-- name: backtest_trials
-- The rule itself is not held. Newest first.
SELECT json_build_object(
    'market', market, 'symbol', symbol, 'digest', encode(digest, 'hex'), 'score', score, 'tried_at', tried_at)::text AS line
FROM backtest_trial WHERE person_id = $1 ORDER BY tried_at DESC, digest;

-- name: chats
SELECT json_build_object(
    'platform', platform, 'chat', chat_id, 'public', public, 'seen_at', seen_at, 'retired_at', retired_at,
    'reason', reason)::text AS line
FROM notification_chat WHERE person_id = $1 ORDER BY platform, chat_id;

-- name: preferences
SELECT json_build_object('kind', kind, 'mode', mode)::text AS line
FROM notification_preference WHERE person_id = $1 ORDER BY kind;

-- name: link_codes
-- The code itself is not held.
SELECT json_build_object('expires_at', expires_at, 'state', state, 'tries', tries)::text AS line
FROM link_code WHERE person_id = $1;

-- name: groups
SELECT json_build_object('platform', platform, 'group', group_id, 'change', change, 'at', changed_at)::text AS line
FROM chat_group_change WHERE person_id = $1 ORDER BY id DESC;

-- name: outbox
SELECT json_build_object(
    'id', id, 'platform', platform, 'chat', chat_id, 'kind', kind, 'body', body, 'created_at', created_at,
    'state', state, 'reason', reason, 'sent_at', sent_at)::text AS line
FROM outbox WHERE person_id = $1 ORDER BY id DESC;

-- name: inbox
SELECT json_build_object(
    'platform', inbox.platform, 'received_at', received_at, 'state', state, 'body', body)::text AS line
FROM identity JOIN inbox ON inbox.platform = identity.platform AND body LIKE '%' || external_id || '%'
WHERE person_id = $1 AND telegram_sender_of(body) = external_id ORDER BY received_at DESC;

-- name: questions
SELECT json_build_object('platform', platform, 'chat', chat, 'line', line, 'asked_at', asked_at)::text AS line
FROM identity JOIN pending_prompt USING (platform, external_id) WHERE person_id = $1;

-- name: merges
SELECT json_build_object(
    'from_account', source_id, 'into_account', target_id, 'granted', account_merge.granted::text, 'returned', returned::text, 'asset', asset,
    'quantity', quantity::text, 'cost', cost::text, 'realised', realised::text)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true
JOIN account_merge ON source_id = former JOIN account_merge_asset ON merge_id = account_merge.id
WHERE person_id = $1 ORDER BY account_merge.id, asset;

-- name: corrections
SELECT json_build_object('entry', entry.id, 'account', entry.account_id, 'reverses_entry', reversed_id, 'reason', reason)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN entry ON entry.account_id = former
JOIN entry_correction ON entry_id = entry.id
WHERE person_id = $1 ORDER BY entry.id DESC;

-- name: daily_equity
SELECT json_build_object(
    'account', account_id, 'day', day, 'round', snapshot.round, 'equity', equity::text,
    'granted', snapshot.granted::text, 'trades', trades)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true
JOIN equity_snapshot AS snapshot ON account_id = former
WHERE person_id = $1 ORDER BY day DESC, account_id;

-- name: daily_risk
-- Forecasts of the VaR of each day, and what came of them.
SELECT json_build_object(
    'account', account_id, 'day', day, 'equity', equity, 'positions', positions, 'doubtful', doubtful,
    'historical_95', historical_95, 'historical_99', historical_99, 'gaussian_95', gaussian_95, 'gaussian_99', gaussian_99,
    'cornish_fisher_95', cornish_fisher_95, 'cornish_fisher_99', cornish_fisher_99, 'filtered_95', filtered_95,
    'filtered_99', filtered_99, 'realised', realised, 'judged_doubtful', judged_doubtful)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true
JOIN risk_forecast ON account_id = former
WHERE person_id = $1 ORDER BY day DESC, account_id;

-- name: resting_orders
SELECT json_build_object(
    'id', r.id, 'account', r.account_id, 'at', r.recorded_at, 'list', r.list_id, 'list_kind', r.list_kind, 'role', r.role,
    'side', r.side, 'symbol', r.symbol, 'type', r.type, 'quantity', r.quantity::text, 'limit_price', r.limit_price::text,
    'stop_price', r.stop_price::text, 'trailing_delta', r.trailing_delta, 'time_in_force', r.time_in_force,
    'expires_at_ms', r.expires_at_ms, 'fee_rate', r.fee_rate::text, 'status', r.status, 'filled', r.filled::text,
    'hold_asset', r.hold_asset, 'hold', r.hold_amount::text)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN order_record r ON r.account_id = former
WHERE person_id = $1 ORDER BY r.id DESC;

-- name: order_events
-- `execution` is the number of a row of `orders`.
SELECT json_build_object(
    'order', v.order_id, 'number', v.number, 'event', v.kind, 'status', v.status, 'at', v.recorded_at,
    'market_time_ms', v.market_time_ms, 'price', v.price::text, 'quantity', v.quantity::text, 'execution', v.execution_id,
    'reason', v.reason)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN order_terms t ON t.account_id = former
JOIN order_event v ON v.order_id = t.id
WHERE person_id = $1 ORDER BY v.order_id DESC, v.number;

-- name: orders
SELECT json_build_object(
    'id', o.id, 'account', o.account_id, 'at', o.recorded_at, 'side', o.side, 'symbol', o.symbol, 'quantity', o.quantity::text,
    'unfilled', o.unfilled::text, 'average_price', o.average_price::text, 'amount', o.quote_amount::text,
    'fee', o.fee::text, 'fee_asset', o.fee_asset, 'received', o.received::text, 'slippage', o.slippage::text,
    'realised', o.realised::text, 'price_source', o.source, 'price_time_ms', o.price_time,
    'resting_order', o.parent_id)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN orders o ON o.account_id = former
WHERE person_id = $1 ORDER BY o.id DESC;

-- name: fills
SELECT json_build_object(
    'order', order_id, 'seq', seq, 'price', price::text, 'quantity', fill.quantity::text)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN orders o ON o.account_id = former
JOIN fill ON order_id = o.id
WHERE person_id = $1 ORDER BY o.id DESC, seq;

-- name: entries
SELECT json_build_object(
    'id', entry.id, 'account', entry.account_id, 'kind', kind, 'round', entry.round, 'order', order_id, 'at', recorded_at,
    'command', command_id)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN entry ON entry.account_id = former
WHERE person_id = $1 ORDER BY entry.id DESC;

-- name: postings
SELECT json_build_object(
    'entry', entry_id, 'seq', seq, 'from', source, 'to', target, 'asset', asset, 'amount', amount::text)::text AS line
FROM account JOIN LATERAL account_lineage(account.id) AS former ON true JOIN entry ON entry.account_id = former
JOIN posting ON entry_id = entry.id
WHERE person_id = $1 ORDER BY entry.id DESC, seq;
