-- depends: 0059.grouped_order_commands
--
-- One model of all orders for those who read them: terms that never change, and the events of a life. A market order is
-- decided in the transaction that places it, so its row of `orders` says all of both: here it is presented like the others,
-- and nothing is stored twice.

-- Orders with their present state, as order_record has them. The terms of a market order are its side and its quantity,
-- with what expired unfilled.
CREATE VIEW every_order AS
SELECT r.id, r.account_id, r.command_id::text AS command_id, r.list_id, r.list_kind, r.role, r.market, r.symbol,
       r.base::text AS base, r.quote::text AS quote, r.side::text AS side, r.type, r.quantity::numeric AS quantity,
       r.limit_price::numeric AS limit_price, r.stop_price::numeric AS stop_price, r.trailing_delta, r.time_in_force,
       r.expires_at_ms, r.fee_rate::numeric AS fee_rate, r.base_unit::numeric AS base_unit,
       r.quote_unit::numeric AS quote_unit, r.recorded_at, r.market_time_ms, r.status, r.present_quantity, r.filled,
       r.present_limit, r.present_stop::numeric AS present_stop, r.average_price
FROM order_record r
UNION ALL
SELECT o.id, o.account_id, (SELECT e.command_id::text FROM entry e WHERE e.account_id = o.account_id AND e.order_id = o.id),
       NULL, NULL, NULL, (SELECT a.market FROM account a WHERE a.id = o.account_id), o.symbol, o.base::text, o.quote::text,
       o.side::text, 'MARKET', o.quantity + o.unfilled, NULL, NULL, NULL, NULL, NULL, o.fee_rate::numeric,
       o.base_unit::numeric, o.quote_unit::numeric, o.recorded_at,
       (SELECT e.market_time_ms FROM entry e WHERE e.account_id = o.account_id AND e.order_id = o.id),
       CASE WHEN o.unfilled > 0 THEN 'EXPIRED' ELSE 'FILLED' END, o.quantity + o.unfilled, o.quantity::numeric, NULL, NULL,
       o.average_price::numeric
FROM orders o WHERE o.parent_id IS NULL;

-- Events of all orders, as order_event has them. What a market order found no liquidity for expires at once.
CREATE VIEW every_order_event AS
SELECT v.order_id, v.number, v.previous, v.kind::text AS kind, v.status::text AS status, v.recorded_at,
       v.price::numeric AS price, v.quantity::numeric AS quantity, v.execution_id, v.reason::text AS reason
FROM order_event v
UNION ALL
SELECT o.id, life.number, life.previous, life.kind, life.status, o.recorded_at, life.price, life.quantity, life.execution_id,
       life.reason
FROM orders o
CROSS JOIN LATERAL (VALUES
    (1, '-', 'accepted', 'NEW', NULL::numeric, o.quantity + o.unfilled, NULL::bigint, NULL::text),
    (2, 'NEW', 'filled', CASE WHEN o.unfilled > 0 THEN 'PARTIALLY_FILLED' ELSE 'FILLED' END, o.average_price::numeric,
     o.quantity::numeric, o.id, NULL),
    (3, 'PARTIALLY_FILLED', 'expired', 'EXPIRED', NULL, NULL, NULL, coalesce(o.unfilled_reason::text, 'immediate'))
) AS life (number, previous, kind, status, price, quantity, execution_id, reason)
WHERE o.parent_id IS NULL AND (life.number < 3 OR o.unfilled > 0);

-- The numbers of the newest orders of an account and of those that were merged into it, since a moment (NULL: all).
CREATE FUNCTION newest_orders(p_account bigint, p_since timestamptz, p_most bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT newest.id FROM account_lineage(p_account) AS former CROSS JOIN LATERAL (
        (SELECT t.id FROM order_terms t
         WHERE t.account_id = former AND (p_since IS NULL OR t.recorded_at >= p_since) ORDER BY t.id DESC LIMIT p_most)
        UNION ALL
        (SELECT o.id FROM entry e JOIN orders o ON o.id = e.order_id
         WHERE e.account_id = former AND o.parent_id IS NULL AND (p_since IS NULL OR e.recorded_at >= p_since)
         ORDER BY e.id DESC LIMIT p_most)
    ) AS newest
    ORDER BY newest.id DESC LIMIT p_most
$$;

-- Simulated time that an order took to the market, of what it filled when it arrived. NULL: none, or of a former version.
ALTER TABLE orders
    ADD COLUMN latency_ms integer CONSTRAINT orders_latency_bounds CHECK (latency_ms BETWEEN 0 AND 10000);

GRANT SELECT ON every_order, every_order_event TO paperdesk_app;
REVOKE ALL ON FUNCTION newest_orders(bigint, timestamptz, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION newest_orders(bigint, timestamptz, bigint) TO paperdesk_app;
