-- name: commands
-- $1 a JSON array of commands; the rows of each, by `place`: its answer, and one of the orders that it has changed
SELECT place, (answer).*, (told).* FROM order_commands($1::text::jsonb);

-- name: accept
-- $1 the orders, as JSON. The first row answers the call, the others its effects.
SELECT *, quantity AS bound FROM accept_orders($1::text::jsonb);

-- name: claim
-- $1 the parts of displays that orders take, as JSON
SELECT claim_displays($1::text::jsonb);

-- name: apply
-- $1 the effects, states and positions, as JSON. One row for each effect, with the terms of its order and the chat that
-- its owner reads: the chosen one, or the private one used last.
SELECT applied.place, applied.outcome, applied.order_id, applied.execution_id, applied.realised, applied.quantity,
       applied.filled, applied.reason, applied.error, terms.market, terms.symbol, terms.side, terms.type, terms.base,
       terms.quote, reached.*
FROM apply_effects($1::text::jsonb) AS applied
LEFT JOIN order_terms AS terms ON terms.id = applied.order_id
LEFT JOIN account ON account.id = terms.account_id
LEFT JOIN LATERAL (
    SELECT chat.person_id, chat.platform, chat.chat_id,
           NOT EXISTS (SELECT FROM notification_preference AS mode
                       WHERE mode.person_id = chat.person_id AND kind = 'fill' AND mode.mode = 'off') AS fills,
           NOT EXISTS (SELECT FROM notification_preference AS mode
                       WHERE mode.person_id = chat.person_id AND kind = 'expiry' AND mode.mode = 'off') AS expiries
    FROM notice_chat(account.person_id, 'fill') AS chat
) AS reached ON applied.outcome IN ('done', 'funds', 'fault')
ORDER BY applied.place;

-- name: expire
-- $1 market, $2 symbols, $3 reason, $4 command id, $5 body, $6 at, $7 market time; as `apply`
SELECT applied.place, applied.outcome, applied.order_id, applied.execution_id, applied.realised, applied.quantity,
       applied.filled, applied.reason, terms.market, terms.symbol, terms.side, terms.type, terms.base, terms.quote,
       reached.*
FROM expire_orders($1, $2, $3, $4, $5, $6, $7) AS applied
LEFT JOIN order_terms AS terms ON terms.id = applied.order_id
LEFT JOIN account ON account.id = terms.account_id
LEFT JOIN LATERAL (
    SELECT chat.person_id, chat.platform, chat.chat_id, true AS fills,
           NOT EXISTS (SELECT FROM notification_preference AS mode
                       WHERE mode.person_id = chat.person_id AND kind = 'expiry' AND mode.mode = 'off') AS expiries
    FROM notice_chat(account.person_id, 'fill') AS chat
) AS reached ON true
ORDER BY applied.order_id;

-- name: records
-- $1 orders; in this order
SELECT * FROM order_record WHERE id = ANY($1::bigint[]) ORDER BY array_position($1::bigint[], id);

-- name: open_records
-- $1 account, $2 symbol (NULL: any); newest first
SELECT * FROM order_record
WHERE id = ANY(ARRAY(SELECT order_id FROM open_order WHERE account_id = $1 AND ($2::text IS NULL OR symbol = $2)))
ORDER BY id DESC;

-- name: record
-- $1 account, $2 order: of the account or of one that was merged into it
SELECT * FROM order_record WHERE id = $2 AND account_id = ANY(ARRAY(SELECT account_lineage($1)));

-- name: events
-- $1 order, $2 how many of the last ones; oldest first
SELECT * FROM (
    SELECT number, kind, recorded_at, market_time_ms, price, quantity, execution_id, reason
    FROM order_event WHERE order_id = $1 ORDER BY number DESC LIMIT $2
) AS last ORDER BY number;

-- name: filled_at_once
-- $1 orders: the executions of their acceptance
SELECT execution_id FROM order_event
WHERE order_id = ANY($1::bigint[]) AND kind = 'filled' AND command_id LIKE 'accept:%' ORDER BY execution_id;

-- name: open_order
-- $1 account, $2 order
SELECT o.*, t.side, t.type, t.quantity AS agreed_quantity, t.limit_price AS agreed_limit, t.stop_price AS agreed_stop,
       t.trailing_delta, t.time_in_force, t.expires_at_ms, t.fee_rate, t.role, l.kind AS list_kind,
       h.asset AS hold_asset, h.amount AS hold_amount,
       coalesce((SELECT v.total_received FROM order_event v WHERE v.order_id = o.order_id AND v.kind = 'filled' AND o.filled > 0
                 ORDER BY v.number DESC LIMIT 1), 0) AS received
FROM open_order o
JOIN order_terms t ON t.id = o.order_id
LEFT JOIN order_list l ON l.id = o.list_id
LEFT JOIN order_hold h ON h.id = o.hold_id
WHERE o.account_id = $1 AND o.order_id = $2;

-- name: changes
-- $1 market, $2 the mark of the last call ('0': all). What was not visible then has no smaller transaction number than
-- its mark. One row without an order where there is none.
SELECT now.mark, o.*, t.side, t.type, t.quantity AS agreed_quantity, t.limit_price AS agreed_limit,
       t.stop_price AS agreed_stop, t.trailing_delta, t.time_in_force, t.expires_at_ms, t.fee_rate, t.role,
       l.kind AS list_kind, h.asset AS hold_asset, h.amount AS hold_amount,
       coalesce((SELECT v.total_received FROM order_event v WHERE v.order_id = o.order_id AND v.kind = 'filled' AND o.filled > 0
                 ORDER BY v.number DESC LIMIT 1), 0) AS received
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark) AS now
LEFT JOIN open_order o ON o.market = $1 AND o.changed >= $2::text::xid8
LEFT JOIN order_terms t ON t.id = o.order_id
LEFT JOIN order_list l ON l.id = o.list_id
LEFT JOIN order_hold h ON h.id = o.hold_id;

-- name: ended
-- $1 market, $2 the mark of the last call
SELECT v.order_id FROM order_event v JOIN order_terms t ON t.id = v.order_id
WHERE v.changed >= $2::text::xid8 AND v.status IN ('FILLED', 'CANCELED', 'EXPIRED') AND t.market = $1;

-- name: positions
-- $1 market, $2 log
SELECT partition, next_offset FROM match_position WHERE market = $1 AND log = $2;
