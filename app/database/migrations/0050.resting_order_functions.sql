-- depends: 0049.resting_orders
--
-- The only functions that write resting orders. Each takes the account's lock first, which is the quote asset's balance
-- row; those of several accounts in the order of their numbers.

-- What became of one effect or one command. `place` is that of the effect in the call, -1 the answer to the call.
CREATE TYPE order_outcome AS (
    place        integer,
    outcome      text,
    order_id     bigint,
    account_id   bigint,
    execution_id bigint,
    realised     numeric,
    quantity     numeric,
    filled       numeric,
    reason       text,
    orders       bigint[],
    available    numeric,
    error        text
);

CREATE FUNCTION rounded_up(p_amount numeric, p_unit numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_amount - mod(p_amount, p_unit) + CASE WHEN mod(p_amount, p_unit) > 0 THEN p_unit ELSE 0 END
$$;

-- The money that the orders which share a hold need, without `p_except`: the larger need of a pair.
CREATE FUNCTION hold_need(p_hold bigint, p_except bigint DEFAULT 0) RETURNS numeric
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(max(CASE t.side WHEN 'buy' THEN rounded_up((o.quantity - o.filled) * o.hold_price, t.quote_unit)
                                    ELSE o.quantity - o.filled END), 0)
    FROM open_order o JOIN order_terms t ON t.id = o.order_id WHERE o.hold_id = p_hold AND o.order_id <> p_except
$$;

-- Returns to `available` what these holds have beyond the need of the orders that are left, as one entry.
CREATE FUNCTION release_holds(
    p_account bigint, p_holds bigint[], p_command text, p_body bytea, p_at timestamptz, p_market_time bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    h       order_hold;
    v_need  numeric;
    v_freed numeric;
    v_entry bigint;
    v_seq   smallint := 0;
BEGIN
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT p_command, p_body, 'release', a.id, a.round, p_at, p_market_time FROM account a WHERE a.id = p_account
        RETURNING id INTO v_entry;
    FOR h IN SELECT * FROM order_hold WHERE id = ANY(p_holds) ORDER BY id LOOP
        v_need := hold_need(h.id);
        v_freed := greatest(h.amount - v_need, 0);
        IF v_need = 0 THEN
            DELETE FROM order_hold WHERE id = h.id;
        ELSE
            UPDATE order_hold SET amount = amount - v_freed WHERE id = h.id;
        END IF;
        CONTINUE WHEN v_freed = 0;
        v_seq := v_seq + 1;
        INSERT INTO posting VALUES
            (v_entry, v_seq, 'held/' || p_account, 'available/' || p_account, h.asset, v_freed);
        UPDATE balance SET available = available + v_freed, held = held - v_freed
            WHERE account_id = p_account AND asset = h.asset;
    END LOOP;
END $$;

-- Ends these open orders of one account; those not in `p_named` have the reason that another order of their list ended.
CREATE FUNCTION end_orders(
    p_account bigint, p_orders bigint[], p_named bigint[], p_kind text, p_reason text, p_command text, p_body bytea,
    p_at timestamptz, p_market_time bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_holds bigint[];
BEGIN
    INSERT INTO order_event
        (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, reason)
        SELECT o.order_id, o.version + 1, o.status, p_kind, CASE p_kind WHEN 'canceled' THEN 'CANCELED' ELSE 'EXPIRED' END,
               p_command, p_at, p_market_time, CASE WHEN o.order_id = ANY(p_named) THEN p_reason ELSE 'list' END
        FROM open_order o WHERE o.order_id = ANY(p_orders) AND o.account_id = p_account ORDER BY o.order_id;
    WITH ended AS (
        DELETE FROM open_order o WHERE o.order_id = ANY(p_orders) AND o.account_id = p_account RETURNING o.hold_id
    ) SELECT array_agg(DISTINCT hold_id) INTO v_holds FROM ended WHERE hold_id IS NOT NULL;
    PERFORM release_holds(p_account, v_holds, p_command, p_body, p_at, p_market_time);
END $$;

-- Cancels all open orders of an account whose lock is held, because the account is reset, merged or closed.
CREATE FUNCTION end_all_orders(
    p_account bigint, p_reason text, p_command text, p_at timestamptz, p_market_time bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_orders bigint[] := ARRAY(SELECT order_id FROM open_order WHERE account_id = p_account ORDER BY order_id);
BEGIN
    IF cardinality(v_orders) > 0 THEN
        PERFORM end_orders(p_account, v_orders, v_orders, 'canceled', p_reason, p_command,
                           sha256(convert_to(p_command, 'UTF8')), p_at, p_market_time);
    END IF;
END $$;

-- Books an execution of an open order, as place_order books a market order, but paid from the hold. What the hold has
-- beyond the need of the rest goes back to `available` in the same entry. The outcome is `gone` if the execution does not
-- fit the order as it is now, and `funds` if the hold does not suffice.
CREATE FUNCTION fill_order(
    p jsonb, t order_terms, x open_order, p_body bytea, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT execution_id bigint, OUT realised numeric, OUT quantity numeric
)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    o        orders := jsonb_populate_record(NULL::orders, p);
    cash     balance;
    coin     balance;
    h        order_hold;
    has_coin boolean;
    v_buys   boolean := t.side = 'buy';
    v_gross  numeric := CASE WHEN t.side = 'buy' THEN o.quantity ELSE o.quote_amount END;
    v_paid   numeric := CASE WHEN t.side = 'buy' THEN o.quote_amount ELSE o.quantity END;
    v_unit   numeric := CASE WHEN t.side = 'buy' THEN t.base_unit ELSE t.quote_unit END;
    v_fee    numeric;
    v_need   numeric := 0;
    v_freed  numeric;
    owned    numeric;
    released numeric;
    v_filled numeric;
    v_worth  numeric;
    v_worst  numeric;
    v_entry  bigint;
    v_free   text := 'available/' || t.account_id;
    v_held   text := 'held/' || t.account_id;
BEGIN
    SELECT sum((f->>1)::numeric), sum((f->>0)::numeric * (f->>1)::numeric),
           CASE WHEN v_buys THEN max((f->>0)::numeric) ELSE min((f->>0)::numeric) END
        INTO v_filled, v_worth, v_worst FROM jsonb_array_elements(p->'fills') AS f;
    IF o.quantity > x.quantity - x.filled OR NOT x.triggered AND t.type NOT IN ('LIMIT', 'LIMIT_MAKER')
        OR (CASE WHEN v_buys THEN v_worst > x.limit_price ELSE v_worst < x.limit_price END) THEN
        outcome := 'gone';
        RETURN;
    END IF;
    SELECT * INTO h FROM order_hold WHERE id = x.hold_id;
    IF v_paid > h.amount THEN
        outcome := 'funds';
        RETURN;
    END IF;
    o.id := nextval('orders_id_seq');
    o.parent_id := t.id;
    o.account_id := t.account_id;
    o.symbol := t.symbol;
    o.base := t.base;
    o.quote := t.quote;
    o.side := t.side;
    o.fee_rate := t.fee_rate;
    o.base_unit := t.base_unit;
    o.quote_unit := t.quote_unit;
    o.recorded_at := p_at;
    o.rule := coalesce(o.rule, '');
    v_fee := v_gross * o.fee_rate;
    -- A figure that is missing is refused as well: the whole is NULL then. A cost is rounded up, and down where the hold
    -- would otherwise be short for the rest (trading.orders.holds.cost_of).
    IF (v_filled = o.quantity
        AND CASE WHEN v_buys THEN abs(o.quote_amount - v_worth) < o.quote_unit AND o.quote_amount > 0
                 ELSE o.quote_amount <= v_worth AND v_worth - o.quote_amount < o.quote_unit END
        AND mod(o.quote_amount, o.quote_unit) = 0
        AND o.fee >= v_fee AND o.fee - v_fee < v_unit AND mod(o.fee, v_unit) = 0
        AND o.fee_asset = CASE WHEN v_buys THEN o.base ELSE o.quote END
        AND o.received = v_gross - o.fee) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'the figures of an execution do not add up'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;

    IF o.quantity = x.quantity - x.filled THEN
        DELETE FROM open_order WHERE order_id = x.order_id;
    ELSE
        UPDATE open_order oo SET filled = x.filled + o.quantity, status = 'PARTIALLY_FILLED', version = x.version + 1,
            changed = pg_current_xact_id() WHERE oo.order_id = x.order_id;
    END IF;
    v_need := hold_need(h.id);
    v_freed := greatest(h.amount - v_paid - v_need, 0);
    IF v_need = 0 THEN
        DELETE FROM order_hold WHERE id = h.id;
    ELSE
        UPDATE order_hold SET amount = amount - v_paid - v_freed WHERE id = h.id;
    END IF;

    SELECT * INTO cash FROM balance b WHERE b.account_id = o.account_id AND b.asset = o.quote;
    SELECT * INTO coin FROM balance b WHERE b.account_id = o.account_id AND b.asset = o.base;
    has_coin := FOUND;
    IF NOT has_coin THEN
        coin := (o.account_id, o.base, 0, 0, o.symbol, 0, 0);
    END IF;
    IF coin.symbol IS DISTINCT FROM o.symbol AND same_symbol(coin.symbol, o.symbol) IS NOT TRUE THEN
        RAISE EXCEPTION '% is not traded as %', o.base, o.symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    IF v_buys THEN
        cash.held := cash.held - v_paid - v_freed;
        cash.available := cash.available + v_freed;
        coin.available := coin.available + o.received;
        coin.cost := coin.cost + o.quote_amount;
    ELSE
        -- The same as trading.portfolio.released_cost: div() is exact and truncates.
        owned := coin.available + coin.held;
        released := CASE WHEN o.quantity = owned THEN coin.cost
                         ELSE div(coin.cost * o.quantity, owned * o.quote_unit) * o.quote_unit END;
        coin.held := coin.held - v_paid - v_freed;
        coin.available := coin.available + v_freed;
        cash.available := cash.available + o.received;
        o.realised := o.received - released;
        coin.cost := coin.cost - released;
        coin.realised := coin.realised + o.realised;
    END IF;
    UPDATE balance b SET available = cash.available, held = cash.held
        WHERE b.account_id = o.account_id AND b.asset = o.quote;
    IF has_coin THEN
        UPDATE balance b SET available = coin.available, held = coin.held, cost = coin.cost, realised = coin.realised
            WHERE b.account_id = o.account_id AND b.asset = o.base;
    ELSE
        INSERT INTO balance SELECT coin.*;
    END IF;

    o.base_available := coin.available;
    o.base_held := coin.held;
    o.quote_available := cash.available;
    o.quote_held := cash.held;
    INSERT INTO orders SELECT o.*;
    INSERT INTO fill SELECT o.id, f.seq, (f.fill->>0)::numeric, (f.fill->>1)::numeric
        FROM jsonb_array_elements(p->'fills') WITH ORDINALITY AS f(fill, seq);
    INSERT INTO entry (command_id, body, kind, account_id, round, order_id, recorded_at, market_time_ms)
        SELECT 'order:' || t.id || ':' || x.version, p_body, 'trade', a.id, a.round, o.id, p_at, p_market_time
        FROM account a WHERE a.id = o.account_id AND a.quote_asset = o.quote RETURNING id INTO STRICT v_entry;
    INSERT INTO posting
        SELECT v_entry, seq, source, target, asset, moved
        FROM (VALUES (1, v_held, 'exchange', h.asset::text, v_paid),
                     (2, 'exchange', v_free, o.fee_asset::text, v_gross),
                     (3, v_free, 'fees', o.fee_asset::text, o.fee::numeric),
                     (4, v_held, v_free, h.asset::text, v_freed)) AS moves (seq, source, target, asset, moved)
        WHERE moved > 0;
    outcome := 'done';
    execution_id := o.id;
    realised := o.realised;
    quantity := o.quantity;
END $$;

-- Holds the money of a pending order that goes live, together with the other order of its pair. False if it is not
-- available.
CREATE FUNCTION hold_for(
    t order_terms, x open_order, p_body bytea, p_at timestamptz, p_market_time bigint, OUT hold_id bigint
)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_asset text := CASE t.side WHEN 'buy' THEN t.quote ELSE t.base END;
    v_need  numeric := CASE t.side WHEN 'buy' THEN rounded_up(x.quantity * x.hold_price, t.quote_unit) ELSE x.quantity END;
    v_entry bigint;
    v_has   numeric;
BEGIN
    SELECT h.id, h.amount INTO hold_id, v_has
        FROM open_order o JOIN order_hold h ON h.id = o.hold_id JOIN order_terms other ON other.id = o.order_id
        WHERE o.list_id = x.list_id AND other.role <> 'working' AND h.asset = v_asset LIMIT 1;
    v_need := greatest(v_need - coalesce(v_has, 0), 0);
    IF v_need > coalesce((SELECT available FROM balance WHERE account_id = t.account_id AND asset = v_asset), 0) THEN
        hold_id := NULL;
        RETURN;
    END IF;
    IF hold_id IS NULL THEN
        INSERT INTO order_hold (account_id, asset, amount) VALUES (t.account_id, v_asset, v_need)
            RETURNING id INTO hold_id;
    ELSE
        UPDATE order_hold SET amount = amount + v_need WHERE id = hold_id;
    END IF;
    IF v_need > 0 THEN
        INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
            SELECT 'order:' || t.id || ':' || x.version, p_body, 'hold', a.id, a.round, p_at, p_market_time
            FROM account a WHERE a.id = t.account_id RETURNING id INTO v_entry;
        INSERT INTO posting VALUES
            (v_entry, 1, 'available/' || t.account_id, 'held/' || t.account_id, v_asset, v_need);
        UPDATE balance SET available = available - v_need, held = held + v_need
            WHERE account_id = t.account_id AND asset = v_asset;
    END IF;
END $$;

-- Applies one effect to an open order of an account whose lock is held. `p_command` is that of this effect alone: an
-- order which has an event of it is left as it is (`replayed`). `gone`: it has ended, or is not as the effect takes it. What
-- follows from another order of its list needs no version: an amendment does not undo what happened there.
CREATE FUNCTION apply_effect(
    e jsonb, p_place integer, p_order bigint, p_command text, p_body bytea, p_at timestamptz
) RETURNS order_outcome
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    r        order_outcome;
    t        order_terms;
    x        open_order;
    booked   record;
    v_kind   text := e->>'kind';
    v_time   bigint := (e->>'time')::bigint;
    v_hold   bigint;
    v_status text;
BEGIN
    r.place := p_place;
    r.order_id := p_order;
    IF EXISTS (SELECT FROM order_event v WHERE v.order_id = p_order AND v.command_id = p_command) THEN
        r.outcome := 'replayed';
        RETURN r;
    END IF;
    r.outcome := 'gone';
    SELECT * INTO x FROM open_order o WHERE o.order_id = p_order;
    IF NOT FOUND
        OR (e->>'version')::integer <> x.version AND v_kind <> 'activated' AND e->>'reason' IS DISTINCT FROM 'list'
        OR (x.status = 'PENDING_NEW') <> (v_kind = 'activated') AND v_kind <> 'expired' THEN
        RETURN r;
    END IF;
    SELECT * INTO t FROM order_terms WHERE id = p_order;
    r.account_id := t.account_id;
    r.quantity := x.quantity;
    r.filled := x.filled;
    CASE v_kind
    WHEN 'triggered' THEN
        IF x.triggered OR t.type IN ('LIMIT', 'LIMIT_MAKER') THEN
            RETURN r;
        END IF;
        UPDATE open_order o SET triggered = true, queue_ahead = NULL, version = x.version + 1,
            changed = pg_current_xact_id() WHERE o.order_id = p_order;
        INSERT INTO order_event
            (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price)
            VALUES (p_order, x.version + 1, x.status, v_kind, x.status, p_command, p_at, v_time, (e->>'price')::numeric);
        r.outcome := 'done';
    WHEN 'filled' THEN
        SELECT * INTO booked FROM fill_order(e->'execution', t, x, p_body, p_at, v_time);
        IF booked.outcome = 'done' THEN
            r.filled := x.filled + booked.quantity;
            r.execution_id := booked.execution_id;
            r.realised := booked.realised;
            INSERT INTO order_event
                (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price, quantity,
                 execution_id)
                VALUES (p_order, x.version + 1, x.status, v_kind,
                        CASE WHEN r.filled = x.quantity THEN 'FILLED' ELSE 'PARTIALLY_FILLED' END, p_command, p_at, v_time,
                        (e->'execution'->>'average_price')::numeric, booked.quantity, booked.execution_id);
        END IF;
        r.outcome := booked.outcome;
    WHEN 'activated' THEN
        x.quantity := least(x.quantity, (e->>'quantity')::numeric);
        v_hold := hold_for(t, x, p_body, p_at, v_time);
        IF v_hold IS NULL THEN
            r.outcome := 'funds';
        ELSE
            UPDATE open_order o SET status = 'NEW', quantity = x.quantity, hold_id = v_hold, accepted_at_ms = v_time,
                priority = nextval('orders_id_seq'), version = x.version + 1, changed = pg_current_xact_id()
                WHERE o.order_id = p_order;
            INSERT INTO order_event
                (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, quantity)
                VALUES (p_order, x.version + 1, x.status, v_kind, 'NEW', p_command, p_at, v_time, x.quantity);
            r.quantity := x.quantity;
            r.outcome := 'done';
        END IF;
    WHEN 'expired' THEN
        r.outcome := 'done';
        r.reason := e->>'reason';
    END CASE;
    -- What the money held does not pay for ends, whatever the market offers.
    IF r.outcome = 'funds' THEN
        r.reason := 'funds';
    END IF;
    IF r.reason IS NOT NULL THEN
        INSERT INTO order_event
            (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, reason)
            VALUES (p_order, x.version + 1, x.status, 'expired', 'EXPIRED', p_command, p_at, v_time, r.reason);
        DELETE FROM open_order o WHERE o.order_id = p_order;
        IF x.hold_id IS NOT NULL THEN
            PERFORM release_holds(t.account_id, ARRAY[x.hold_id], 'order:' || p_order || ':' || x.version, p_body, p_at,
                                  v_time);
        END IF;
    END IF;
    IF (r.outcome = 'funds' OR r.reason = 'fault') AND t.role = 'working' THEN
        PERFORM follow_working(t, 'order:' || p_order || ':' || x.version || ':list', p_place, p_command, p_body, p_at, v_time);
    END IF;
    RETURN r;
END $$;

-- Lets the pending orders of a list go live for what its working order, which has ended with a part filled, received: at
-- most for their quantity, in whole steps, as trading.orders.holds.live_quantity. They end if that is less than a step.
-- `p_list` is the command of their end, `p_command` that of the effect.
CREATE FUNCTION follow_working(
    t order_terms, p_list text, p_place integer, p_command text, p_body bytea, p_at timestamptz, p_market_time bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_orders   bigint[];
    v_quantity numeric;
    v_price    numeric;
    v_step     numeric;
    v_received numeric := (SELECT coalesce(sum(e.received), 0) FROM orders e WHERE e.parent_id = t.id);
    v_order    bigint;
BEGIN
    SELECT array_agg(o.order_id ORDER BY o.order_id), min(o.quantity), max(o.hold_price),
           max(coalesce(w.step, w.base_unit)) INTO v_orders, v_quantity, v_price, v_step
        FROM open_order o JOIN order_terms w ON w.id = o.order_id
        WHERE o.list_id = t.list_id AND o.status = 'PENDING_NEW';
    IF v_orders IS NULL THEN
        RETURN;
    END IF;
    v_quantity := least(div(v_quantity, v_step),
                        CASE t.side WHEN 'buy' THEN div(v_received, v_step) ELSE div(v_received, v_price * v_step) END)
                  * v_step;
    IF v_quantity > 0 THEN
        FOREACH v_order IN ARRAY v_orders LOOP
            PERFORM apply_effect(
                jsonb_build_object('kind', 'activated', 'quantity', v_quantity, 'time', p_market_time),
                p_place, v_order, p_command, p_body, p_at);
        END LOOP;
    ELSE
        PERFORM end_orders(t.account_id, v_orders, '{}', 'expired', 'list', p_list, p_body, p_at, p_market_time);
    END IF;
END $$;

-- Applies an effect, after the database has rejected the batch that it is part of. An effect that is rejected for what it
-- says ends its order (`fault`); if that is rejected as well, the order stays as it is (`stuck`). Failures of the server are
-- no rejections: they end the call.
CREATE FUNCTION apply_alone(
    e jsonb, p_place integer, p_order bigint, p_command text, p_body bytea, p_at timestamptz
) RETURNS order_outcome
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    r       order_outcome;
    v_error text;
BEGIN
    BEGIN
        RETURN apply_effect(e, p_place, p_order, p_command, p_body, p_at);
    EXCEPTION WHEN OTHERS THEN
        IF NOT is_rejection(SQLSTATE) THEN
            RAISE;
        END IF;
        v_error := SQLERRM;
    END;
    BEGIN
        r := apply_effect(e || '{"kind": "expired", "reason": "fault"}', p_place, p_order, p_command, p_body, p_at);
        r.outcome := CASE r.outcome WHEN 'done' THEN 'fault' ELSE r.outcome END;
    EXCEPTION WHEN OTHERS THEN
        IF NOT is_rejection(SQLSTATE) THEN
            RAISE;
        END IF;
        r.place := p_place;
        r.order_id := p_order;
        r.outcome := 'stuck';
    END;
    r.error := v_error;
    RETURN r;
END $$;

-- True for errors of a statement's values: cardinality, data, integrity, and those that functions raise.
CREATE FUNCTION is_rejection(p_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(p_state, 2) IN ('21', '22', '23', 'P0')
$$;

-- Accepts the orders of one command: {account_id, market, symbol, base, quote, base_unit, quote_unit, list_kind, hold_asset,
-- hold_amount, fee_rate, max_of_symbol, max_open, command_id, body, at, market_time, orders: [...], effects: [...]}. The
-- first row answers the call; a refusal writes nothing.
CREATE FUNCTION accept_orders(p jsonb) RETURNS SETOF order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r         order_outcome;
    t         order_terms;
    known     entry;
    each      jsonb;
    effect    order_outcome;
    v_account bigint := (p->>'account_id')::bigint;
    v_command text := p->>'command_id';
    v_body    bytea := decode(p->>'body', 'hex');
    v_at      timestamptz := (p->>'at')::timestamptz;
    v_time    bigint := (p->>'market_time')::bigint;
    v_asset   text := p->>'hold_asset';
    v_amount  numeric := (p->>'hold_amount')::numeric;
    v_new     integer := jsonb_array_length(p->'orders');
    v_symbol  text;
    v_list    bigint;
    v_hold    bigint;
    v_entry   bigint;
    v_live    boolean;
    v_place   integer := 0;
    v_index   integer;
    v_round   integer;
    v_open    integer;
    v_same    integer;
BEGIN
    r.place := -1;
    r.account_id := v_account;
    PERFORM FROM balance b WHERE b.account_id = v_account AND b.asset = p->>'quote' FOR UPDATE;
    SELECT a.round INTO v_round FROM account a
        WHERE a.id = v_account AND a.quote_asset = p->>'quote' AND a.market = p->>'market' AND a.closed_at IS NULL;
    IF NOT FOUND THEN
        r.outcome := 'no_account';
        RETURN NEXT r;
        RETURN;
    END IF;
    SELECT * INTO known FROM entry e WHERE e.command_id = v_command;
    IF FOUND THEN
        r.outcome := CASE WHEN known.body = v_body THEN 'replayed' ELSE 'reused' END;
        r.orders := ARRAY(SELECT id FROM order_terms WHERE command_id = v_command ORDER BY position);
        RETURN NEXT r;
        RETURN;
    END IF;
    r.reason := trading_halt();
    IF r.reason IS NOT NULL THEN
        r.outcome := 'halted';
        RETURN NEXT r;
        RETURN;
    END IF;
    SELECT count(*), count(*) FILTER (WHERE o.symbol = p->>'symbol') INTO v_open, v_same
        FROM open_order o WHERE o.account_id = v_account;
    IF v_open + v_new > (p->>'max_open')::integer OR v_same + v_new > (p->>'max_of_symbol')::integer THEN
        r.outcome := 'too_many';
        r.quantity := CASE WHEN v_open + v_new > (p->>'max_open')::integer THEN p->>'max_open'
                           ELSE p->>'max_of_symbol' END::numeric;
        RETURN NEXT r;
        RETURN;
    END IF;
    SELECT b.available, b.symbol INTO r.available, v_symbol FROM balance b
        WHERE b.account_id = v_account AND b.asset = v_asset;
    IF v_amount > coalesce(r.available, 0) THEN
        r.outcome := 'short';
        RETURN NEXT r;
        RETURN;
    END IF;
    SELECT b.symbol INTO v_symbol FROM balance b WHERE b.account_id = v_account AND b.asset = p->>'base';
    IF FOUND AND v_symbol IS DISTINCT FROM p->>'symbol' AND same_symbol(v_symbol, p->>'symbol') IS NOT TRUE
        OR v_asset NOT IN (p->>'base', p->>'quote') THEN
        RAISE EXCEPTION '% is not traded as %', p->>'base', p->>'symbol'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;

    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (v_command, v_body, 'hold', v_account, v_round, v_at, v_time) RETURNING id INTO v_entry;
    IF v_amount > 0 THEN
        INSERT INTO posting VALUES
            (v_entry, 1, 'available/' || v_account, 'held/' || v_account, v_asset, v_amount);
    END IF;
    UPDATE balance SET available = available - v_amount, held = held + v_amount
        WHERE account_id = v_account AND asset = v_asset;
    INSERT INTO order_hold (account_id, asset, amount) VALUES (v_account, v_asset, v_amount) RETURNING id INTO v_hold;
    IF p->>'list_kind' IS NOT NULL THEN
        INSERT INTO order_list VALUES (nextval('orders_id_seq'), v_account, p->>'list_kind') RETURNING id INTO v_list;
    END IF;
    FOR v_index IN 0 .. v_new - 1 LOOP
        each := p->'orders'->v_index;
        t := jsonb_populate_record(NULL::order_terms, each);
        t.id := nextval('orders_id_seq');
        t.account_id := v_account;
        t.command_id := v_command;
        t.position := v_index;
        t.list_id := v_list;
        t.market := p->>'market';
        t.symbol := p->>'symbol';
        t.base := p->>'base';
        t.quote := p->>'quote';
        t.fee_rate := p->>'fee_rate';
        t.base_unit := p->>'base_unit';
        t.quote_unit := p->>'quote_unit';
        t.recorded_at := v_at;
        t.market_time_ms := v_time;
        INSERT INTO order_terms SELECT t.*;
        v_live := v_list IS NULL OR p->>'list_kind' = 'OCO' OR t.role = 'working';
        INSERT INTO order_event
            (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price, quantity)
            VALUES (t.id, 1, '-', 'accepted', CASE WHEN v_live THEN 'NEW' ELSE 'PENDING_NEW' END, v_command, v_at, v_time,
                    coalesce(t.limit_price, t.stop_price), t.quantity);
        INSERT INTO open_order (order_id, account_id, market, symbol, list_id, status, version, accepted_at_ms, quantity,
                                limit_price, stop_price, hold_price, hold_id, priority, queue_ahead)
            VALUES (t.id, v_account, t.market, t.symbol, v_list, CASE WHEN v_live THEN 'NEW' ELSE 'PENDING_NEW' END, 1,
                    v_time, t.quantity, t.limit_price, t.stop_price, t.hold_price, CASE WHEN v_live THEN v_hold END, t.id,
                    (each->>'queue_ahead')::numeric);
        r.orders := r.orders || t.id;
    END LOOP;
    r.outcome := 'accepted';
    RETURN NEXT r;
    FOR each IN SELECT * FROM jsonb_array_elements(p->'effects') LOOP
        v_index := (each->>'order_id')::integer + 1;
        effect := apply_effect(each, v_place, r.orders[v_index], 'accept:' || r.orders[v_index] || ':' || v_place, v_body,
                               v_at);
        IF effect.outcome <> 'done' THEN
            RAISE EXCEPTION 'effect % of a new order does not apply: %', v_place, effect.outcome
                USING ERRCODE = 'check_violation', CONSTRAINT = 'order_effect_applies';
        END IF;
        RETURN NEXT effect;
        v_place := v_place + 1;
    END LOOP;
    -- What is filled or expires at once needs no more than it cost.
    IF hold_need(v_hold) > coalesce((SELECT amount FROM order_hold WHERE id = v_hold), 0) THEN
        RAISE EXCEPTION 'the orders need more than is held for them'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_hold_suffices';
    END IF;
END $$;

-- Cancels open orders of an account and the others of their lists: those of `p_orders`, or all, or all of a symbol.
CREATE FUNCTION cancel_orders(
    p_account bigint, p_orders bigint[], p_symbol text, p_command text, p_body bytea, p_at timestamptz,
    p_market_time bigint
) RETURNS order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r       order_outcome;
    known   entry;
    v_named bigint[];
BEGIN
    r.place := -1;
    r.account_id := p_account;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = p_account AND a.closed_at IS NULL FOR UPDATE OF b;
    IF NOT FOUND THEN
        r.outcome := 'no_account';
        RETURN r;
    END IF;
    SELECT * INTO known FROM entry e WHERE e.command_id = p_command;
    IF FOUND THEN
        r.outcome := CASE WHEN known.body = p_body THEN 'replayed' ELSE 'reused' END;
        r.orders := ARRAY(SELECT t.id FROM order_terms t JOIN order_event v ON v.order_id = t.id
                          WHERE t.account_id = p_account AND v.command_id = p_command ORDER BY t.id);
        RETURN r;
    END IF;
    v_named := ARRAY(
        SELECT o.order_id FROM open_order o
        WHERE o.account_id = p_account AND (p_orders IS NULL OR o.order_id = ANY(p_orders))
          AND (p_symbol IS NULL OR o.symbol = p_symbol));
    IF p_orders IS NOT NULL AND NOT v_named @> p_orders THEN
        SELECT wanted, (SELECT v.status FROM order_event v JOIN order_terms t ON t.id = v.order_id
                        WHERE t.id = wanted AND t.account_id = p_account ORDER BY v.number DESC LIMIT 1)
            INTO r.order_id, r.reason FROM unnest(p_orders) AS wanted WHERE NOT wanted = ANY(v_named) LIMIT 1;
        r.outcome := CASE WHEN r.reason IS NULL THEN 'unknown' ELSE 'ended' END;
        RETURN r;
    END IF;
    r.orders := ARRAY(
        SELECT o.order_id FROM open_order o
        WHERE o.account_id = p_account AND (o.order_id = ANY(v_named) OR o.list_id IN (
            SELECT named.list_id FROM open_order named WHERE named.order_id = ANY(v_named)))
        ORDER BY o.order_id);
    PERFORM end_orders(p_account, r.orders, v_named, 'canceled', 'user', p_command, p_body, p_at, p_market_time);
    r.outcome := 'done';
    RETURN r;
END $$;

-- Amends an open order: {account_id, order_id, version, quantity, limit_price, stop_price, hold_price, queue_ahead,
-- loses_place, command_id, body, at, market_time}. Its hold becomes what it needs then.
CREATE FUNCTION amend_order(p jsonb) RETURNS order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r         order_outcome;
    known     entry;
    x         open_order;
    h         order_hold;
    v_account bigint := (p->>'account_id')::bigint;
    v_order   bigint := (p->>'order_id')::bigint;
    v_more    numeric := 0;
    v_unit    numeric;
    v_entry   bigint;
BEGIN
    r.place := -1;
    r.account_id := v_account;
    r.order_id := v_order;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = v_account AND a.closed_at IS NULL FOR UPDATE OF b;
    IF NOT FOUND THEN
        r.outcome := 'no_account';
        RETURN r;
    END IF;
    SELECT * INTO known FROM entry e WHERE e.command_id = p->>'command_id';
    IF FOUND THEN
        r.outcome := CASE WHEN known.body = decode(p->>'body', 'hex') THEN 'replayed' ELSE 'reused' END;
        RETURN r;
    END IF;
    r.reason := trading_halt();
    IF r.reason IS NOT NULL THEN
        r.outcome := 'halted';
        RETURN r;
    END IF;
    SELECT * INTO x FROM open_order o WHERE o.order_id = v_order AND o.account_id = v_account;
    IF NOT FOUND THEN
        SELECT v.status INTO r.reason FROM order_event v JOIN order_terms t ON t.id = v.order_id
            WHERE t.id = v_order AND t.account_id = v_account ORDER BY v.number DESC LIMIT 1;
        r.outcome := CASE WHEN r.reason IS NULL THEN 'unknown' ELSE 'ended' END;
        RETURN r;
    END IF;
    SELECT t.quote_unit INTO v_unit FROM order_terms t WHERE t.id = v_order;
    IF x.version <> (p->>'version')::integer OR (p->>'quantity')::numeric <= x.filled THEN
        r.outcome := 'moved';
        RETURN r;
    END IF;
    x.quantity := p->>'quantity';
    IF x.limit_price IS NOT NULL THEN
        x.limit_price := coalesce((p->>'limit_price')::numeric, x.limit_price);
    END IF;
    x.stop_price := coalesce((p->>'stop_price')::numeric, x.stop_price);
    IF x.hold_price IS NOT NULL THEN
        x.hold_price := coalesce((p->>'hold_price')::numeric, x.hold_price);
    END IF;
    IF x.hold_id IS NOT NULL THEN
        SELECT * INTO h FROM order_hold WHERE id = x.hold_id;
        v_more := greatest(hold_need(h.id, v_order),
                           CASE WHEN x.hold_price IS NULL THEN x.quantity - x.filled
                                ELSE rounded_up((x.quantity - x.filled) * x.hold_price, v_unit) END) - h.amount;
        SELECT b.available INTO r.available FROM balance b WHERE b.account_id = v_account AND b.asset = h.asset;
        IF v_more > r.available THEN
            r.outcome := 'short';
            r.quantity := v_more;
            r.reason := h.asset;
            RETURN r;
        END IF;
    END IF;
    UPDATE open_order o SET quantity = x.quantity, limit_price = x.limit_price, stop_price = x.stop_price,
        hold_price = x.hold_price, queue_ahead = (p->>'queue_ahead')::numeric,
        priority = CASE WHEN (p->>'loses_place')::boolean THEN nextval('orders_id_seq') ELSE x.priority END,
        accepted_at_ms = (p->>'market_time')::bigint, version = x.version + 1, changed = pg_current_xact_id()
        WHERE o.order_id = v_order;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT p->>'command_id', decode(p->>'body', 'hex'), CASE WHEN v_more > 0 THEN 'hold' ELSE 'release' END, a.id,
               a.round, (p->>'at')::timestamptz, (p->>'market_time')::bigint
        FROM account a WHERE a.id = v_account RETURNING id INTO v_entry;
    IF v_more <> 0 THEN
        INSERT INTO posting VALUES
            (v_entry, 1, CASE WHEN v_more > 0 THEN 'available/' ELSE 'held/' END || v_account,
             CASE WHEN v_more > 0 THEN 'held/' ELSE 'available/' END || v_account, h.asset, abs(v_more));
        UPDATE balance SET available = available - v_more, held = held + v_more
            WHERE account_id = v_account AND asset = h.asset;
        UPDATE order_hold SET amount = amount + v_more WHERE id = h.id;
    END IF;
    INSERT INTO order_event
        (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price, quantity)
        VALUES (v_order, x.version + 1, x.status, 'amended', x.status, p->>'command_id', (p->>'at')::timestamptz,
                (p->>'market_time')::bigint,
                coalesce(x.limit_price, x.stop_price), x.quantity);
    r.outcome := 'done';
    RETURN r;
END $$;

-- Writes what the market did to open orders: {market, log, before, after, command_id, body, at, effects: [...], states:
-- [...], alone}. One row an effect; or one row at place -1, which is `fenced` if another reader moved the position, `moved`
-- if this very call did, or `halted`: then nothing is written. With `alone`, an effect that is rejected leaves the others as
-- they are, and a row at place -2 tells that the states were.
CREATE FUNCTION apply_effects(p jsonb) RETURNS SETOF order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r         order_outcome;
    each      jsonb;
    place     record;
    known     match_position;
    v_command text := p->>'command_id';
    v_body    bytea := decode(p->>'body', 'hex');
    v_at      timestamptz := (p->>'at')::timestamptz;
    v_orders  bigint[];
    v_order   bigint;
    v_broken  bigint[] := '{}';  -- lists of which an effect is gone: nothing that followed from it happens either
    v_alone   boolean := coalesce((p->>'alone')::boolean, false);
    v_place   integer := 0;
BEGIN
    IF p @? '$.effects[*] ? (@.kind == "filled")' THEN
        r.reason := trading_halt();
        IF r.reason IS NOT NULL THEN
            r.place := -1;
            r.outcome := 'halted';
            RETURN NEXT r;
            RETURN;
        END IF;
    END IF;
    FOR place IN
        SELECT pos.key::integer AS number, pos.value::bigint AS after, (p->'before'->>pos.key)::bigint AS before
        FROM jsonb_each_text(coalesce(p->'after', '{}')) AS pos ORDER BY 1
    LOOP
        SELECT * INTO known FROM match_position m
            WHERE (m.market, m.log, m.partition) = (p->>'market', p->>'log', place.number) FOR UPDATE;
        IF known.next_offset IS DISTINCT FROM place.before THEN
            r.place := -1;
            r.outcome := CASE WHEN known.next_offset = place.after AND known.command_id = v_command THEN 'moved'
                              ELSE 'fenced' END;
            RETURN NEXT r;
            RETURN;
        END IF;
    END LOOP;
    FOR place IN SELECT pos.key::integer AS number, pos.value::bigint AS after FROM jsonb_each_text(p->'after') AS pos LOOP
        INSERT INTO match_position VALUES (p->>'market', p->>'log', place.number, place.after, v_command)
            ON CONFLICT (market, log, partition) DO UPDATE
                SET next_offset = excluded.next_offset, command_id = excluded.command_id
                WHERE p->'before' ? place.number::text;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'another reader took partition %', place.number USING ERRCODE = 'serialization_failure';
        END IF;
    END LOOP;
    v_orders := ARRAY(SELECT (effect->>'order_id')::bigint FROM jsonb_array_elements(p->'effects') AS effect);
    IF cardinality(v_orders) > 0 THEN
        PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
            WHERE a.id IN (SELECT t.account_id FROM order_terms t WHERE t.id = ANY(v_orders))
            ORDER BY a.id FOR UPDATE OF b;
    END IF;
    FOR each IN SELECT * FROM jsonb_array_elements(p->'effects') LOOP
        v_order := each->>'order_id';
        IF cardinality(v_broken) > 0 AND (each->>'kind' = 'activated' OR each->>'reason' = 'list')
            AND (SELECT t.list_id FROM order_terms t WHERE t.id = v_order) = ANY(v_broken) THEN
            r := NULL;
            r.place := v_place;
            r.order_id := v_order;
            r.outcome := 'gone';
        ELSIF v_alone THEN
            r := apply_alone(each, v_place, v_order, v_command || ':' || v_place, v_body, v_at);
        ELSE
            r := apply_effect(each, v_place, v_order, v_command || ':' || v_place, v_body, v_at);
        END IF;
        IF r.outcome IN ('gone', 'fault', 'stuck') THEN
            v_broken := v_broken || ARRAY(SELECT t.list_id FROM order_terms t WHERE t.id = v_order AND t.list_id IS NOT NULL);
        END IF;
        RETURN NEXT r;
        v_place := v_place + 1;
    END LOOP;
    -- A row of another version, or that another transaction is changing, is left: the worker reads that order again.
    BEGIN
        WITH learned AS (
            SELECT o.order_id, (s.state->>1)::numeric AS queue_ahead, (s.state->>2)::numeric AS extreme
            FROM jsonb_array_elements(p->'states') AS s (state)
            JOIN open_order o ON o.order_id = (s.state->>0)::bigint AND o.version = (s.state->>3)::integer
            ORDER BY o.order_id FOR UPDATE OF o SKIP LOCKED
        ) UPDATE open_order o SET queue_ahead = learned.queue_ahead, extreme = learned.extreme
            FROM learned WHERE o.order_id = learned.order_id;
    EXCEPTION WHEN OTHERS THEN
        IF NOT (v_alone AND is_rejection(SQLSTATE)) THEN
            RAISE;
        END IF;
        r := NULL;
        r.place := -2;
        r.outcome := 'states';
        r.error := SQLERRM;
        RETURN NEXT r;
    END;
END $$;

-- Expires all open orders of symbols on a market. One row an order.
CREATE FUNCTION expire_orders(
    p_market text, p_symbols text[], p_reason text, p_command text, p_body bytea, p_at timestamptz, p_market_time bigint
) RETURNS SETOF order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r          order_outcome;
    holder     record;
    v_accounts bigint[] := ARRAY(
        SELECT DISTINCT o.account_id FROM open_order o WHERE o.market = p_market AND o.symbol = ANY(p_symbols));
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = ANY(v_accounts) ORDER BY a.id FOR UPDATE OF b;
    FOR holder IN
        SELECT o.account_id, array_agg(o.order_id ORDER BY o.order_id) AS orders FROM open_order o
        WHERE o.market = p_market AND o.symbol = ANY(p_symbols) AND o.account_id = ANY(v_accounts)
        GROUP BY o.account_id ORDER BY o.account_id
    LOOP
        FOR r IN
            SELECT 0, 'done', o.order_id, o.account_id, NULL, NULL, o.quantity, o.filled, p_reason, NULL, NULL, NULL
            FROM open_order o WHERE o.order_id = ANY(holder.orders) ORDER BY o.order_id
        LOOP
            RETURN NEXT r;
        END LOOP;
        PERFORM end_orders(holder.account_id, holder.orders, holder.orders, 'expired', p_reason,
                           p_command || ':' || holder.account_id, p_body, p_at, p_market_time);
    END LOOP;
END $$;

-- An order with its present state, open or ended; what an amendment said last holds.
CREATE VIEW order_record AS
SELECT t.*, l.kind AS list_kind, told.status, told.quantity AS present_quantity, coalesce(done.filled, 0) AS filled,
       CASE WHEN t.limit_price IS NOT NULL THEN told.price END AS present_limit,
       CASE WHEN t.limit_price IS NULL AND t.stop_price IS NOT NULL THEN told.price ELSE t.stop_price END AS present_stop,
       done.average_price, h.id AS hold_id, h.asset AS hold_asset, h.amount AS hold_amount, o.extreme, told.triggered
FROM order_terms t
LEFT JOIN order_list l ON l.id = t.list_id
LEFT JOIN open_order o ON o.order_id = t.id
LEFT JOIN order_hold h ON h.id = o.hold_id
CROSS JOIN LATERAL (
    SELECT (array_agg(v.status::text ORDER BY v.number DESC))[1] AS status,
           (array_agg(v.quantity::numeric ORDER BY v.number DESC)
               FILTER (WHERE v.kind IN ('accepted', 'activated', 'amended')))[1] AS quantity,
           (array_agg(v.price::numeric ORDER BY v.number DESC) FILTER (WHERE v.kind IN ('accepted', 'amended')))[1] AS price,
           coalesce(bool_or(v.kind = 'triggered'), false) AS triggered
    FROM order_event v WHERE v.order_id = t.id
) AS told
CROSS JOIN LATERAL (
    SELECT sum(e.quantity) AS filled, round(sum(e.average_price * e.quantity) / sum(e.quantity), 12) AS average_price
    FROM orders e WHERE e.parent_id = t.id
) AS done;
GRANT SELECT ON order_record TO paperdesk_app;

REVOKE ALL ON FUNCTION rounded_up(numeric, numeric), hold_need(bigint, bigint),
    release_holds(bigint, bigint[], text, bytea, timestamptz, bigint),
    end_orders(bigint, bigint[], bigint[], text, text, text, bytea, timestamptz, bigint),
    end_all_orders(bigint, text, text, timestamptz, bigint),
    fill_order(jsonb, order_terms, open_order, bytea, timestamptz, bigint),
    hold_for(order_terms, open_order, bytea, timestamptz, bigint),
    apply_effect(jsonb, integer, bigint, text, bytea, timestamptz),
    apply_alone(jsonb, integer, bigint, text, bytea, timestamptz), is_rejection(text),
    follow_working(order_terms, text, integer, text, bytea, timestamptz, bigint),
    accept_orders(jsonb), cancel_orders(bigint, bigint[], text, text, bytea, timestamptz, bigint),
    amend_order(jsonb), apply_effects(jsonb),
    expire_orders(text, text[], text, text, bytea, timestamptz, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accept_orders(jsonb),
    cancel_orders(bigint, bigint[], text, text, bytea, timestamptz, bigint), amend_order(jsonb), apply_effects(jsonb),
    expire_orders(text, text[], text, text, bytea, timestamptz, bigint) TO paperdesk_app;

-- As 0043 made it; the columns of resting orders' executions are not the application's to set here.
CREATE OR REPLACE FUNCTION place_order(
    p jsonb,
    OUT outcome text, OUT order_id bigint, OUT realised numeric,
    OUT base_available numeric, OUT base_held numeric, OUT quote_available numeric, OUT quote_held numeric
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    o        orders := jsonb_populate_record(NULL::orders, p);
    cash     balance;
    coin     balance;
    known    record;
    has_coin boolean;
    owned    numeric;
    released numeric;
    paid     text;
    gained   text;
    v_entry  bigint;
    v_buys   boolean := o.side = 'buy';
    v_gross  numeric := CASE WHEN o.side = 'buy' THEN o.quantity ELSE o.quote_amount END;
    v_unit   numeric := CASE WHEN o.side = 'buy' THEN o.base_unit ELSE o.quote_unit END;
    v_fee    numeric := v_gross * o.fee_rate;
    v_price  numeric;
    v_filled numeric;
    v_worth  numeric;
    v_code   text := 'available/' || o.account_id;
BEGIN
    o.recorded_at := p->>'at';  -- what the call says has the names that it had in every version
    -- The quote asset's balance row is the account's lock: every command takes it first.
    SELECT * INTO cash FROM balance b WHERE b.account_id = o.account_id AND b.asset = o.quote FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'no_account';
        RETURN;
    END IF;
    SELECT e.order_id, e.body INTO known FROM entry e WHERE e.command_id = p->>'command_id';
    IF FOUND THEN
        outcome := CASE WHEN known.body = decode(p->>'body', 'hex') THEN 'replayed' ELSE 'reused' END;
        order_id := known.order_id;
        RETURN;
    END IF;

    SELECT * INTO coin FROM balance b WHERE b.account_id = o.account_id AND b.asset = o.base;
    has_coin := FOUND;
    IF NOT has_coin THEN
        coin := (o.account_id, o.base, 0, 0, o.symbol, 0, 0);
    END IF;
    IF coin.symbol IS DISTINCT FROM o.symbol AND same_symbol(coin.symbol, o.symbol) IS NOT TRUE THEN
        RAISE EXCEPTION '% is not traded as %', o.base, o.symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    base_available := coin.available;
    base_held := coin.held;
    quote_available := cash.available;
    quote_held := cash.held;
    IF o.quote_amount > cash.available AND o.side = 'buy' OR o.quantity > coin.available AND o.side = 'sell' THEN
        outcome := 'short';
        RETURN;
    END IF;
    IF (p->>'empties')::boolean AND o.quantity <> coin.available THEN
        outcome := 'moved';
        RETURN;
    END IF;

    IF o.side = 'buy' THEN
        quote_available := cash.available - o.quote_amount;
        base_available := coin.available + o.received;
        coin.cost := coin.cost + o.quote_amount;
    ELSE
        -- The same as trading.portfolio.released_cost: div() is exact and truncates.
        owned := coin.available + coin.held;
        released := CASE WHEN o.quantity = owned THEN coin.cost
                         ELSE div(coin.cost * o.quantity, owned * o.quote_unit) * o.quote_unit END;
        quote_available := cash.available + o.received;
        base_available := coin.available - o.quantity;
        realised := o.received - released;
        coin.cost := coin.cost - released;
        coin.realised := coin.realised + realised;
    END IF;
    UPDATE balance b SET available = quote_available WHERE b.account_id = o.account_id AND b.asset = o.quote;
    IF has_coin THEN
        UPDATE balance b SET available = base_available, cost = coin.cost, realised = coin.realised
            WHERE b.account_id = o.account_id AND b.asset = o.base;
    ELSE
        INSERT INTO balance VALUES
            (o.account_id, o.base, base_available, 0, o.symbol, coin.cost, coin.realised);
    END IF;

    o.id := nextval('orders_id_seq');
    o.parent_id := NULL;
    o.maker := false;
    o.rule := '';
    o.realised := realised;
    o.base_available := base_available;
    o.base_held := base_held;
    o.quote_available := quote_available;
    o.quote_held := quote_held;
    INSERT INTO orders SELECT o.*;
    IF jsonb_array_length(p->'fills') = 1 THEN  -- most orders; a row of values costs less than a function's rows
        v_price := p->'fills'->0->>0;
        v_filled := p->'fills'->0->>1;
        v_worth := v_price * v_filled;
        INSERT INTO fill VALUES (o.id, 1, v_price, v_filled);
    ELSE
        INSERT INTO fill SELECT o.id, f.seq, (f.fill->>0)::numeric, (f.fill->>1)::numeric
            FROM jsonb_array_elements(p->'fills') WITH ORDINALITY AS f(fill, seq);
        SELECT sum(quantity), sum(price * quantity) INTO v_filled, v_worth FROM fill WHERE fill.order_id = o.id;
    END IF;
    INSERT INTO entry (command_id, body, kind, account_id, round, order_id, recorded_at, market_time_ms)
        SELECT p->>'command_id', decode(p->>'body', 'hex'), 'trade', a.id, a.round, o.id,
               (p->>'at')::timestamptz, (p->>'market_time')::bigint
        FROM account a WHERE a.id = o.account_id AND a.quote_asset = o.quote RETURNING id INTO v_entry;
    paid := CASE o.side WHEN 'buy' THEN o.quote ELSE o.base END;
    gained := CASE o.side WHEN 'buy' THEN o.base ELSE o.quote END;
    -- A figure that is missing is refused as well: the whole is NULL then.
    IF (v_entry IS NOT NULL
        AND o.base <> o.quote
        AND v_filled = o.quantity
        AND CASE WHEN v_buys THEN o.quote_amount >= v_worth AND o.quote_amount - v_worth < o.quote_unit
                 ELSE o.quote_amount <= v_worth AND v_worth - o.quote_amount < o.quote_unit END
        AND mod(o.quote_amount, o.quote_unit) = 0
        AND o.fee >= v_fee AND o.fee - v_fee < v_unit AND mod(o.fee, v_unit) = 0
        AND o.fee_asset = gained
        AND o.received = v_gross - o.fee) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'the figures of an order do not add up'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    INSERT INTO posting
        SELECT v_entry, seq, source, target, asset, moved
        FROM (VALUES (1, v_code, 'exchange', paid, CASE o.side WHEN 'buy' THEN o.quote_amount ELSE o.quantity END),
                     (2, 'exchange', v_code, gained, CASE o.side WHEN 'buy' THEN o.quantity ELSE o.quote_amount END),
                     (3, v_code, 'fees', gained, o.fee)) AS moves (seq, source, target, asset, moved)
        WHERE moved > 0;
    outcome := 'filled';
    order_id := o.id;
END $$;

-- As 0043 made it; open orders end first, so that nothing is held when the balances go back.
CREATE OR REPLACE FUNCTION reset_account(
    p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT renewed account
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known   entry;
    v_entry bigint;
    v_quote text;
BEGIN
    SELECT * INTO renewed FROM account a WHERE a.id = p_account;
    v_quote := renewed.quote_asset;
    -- The quote asset's balance row is the account's lock: every command takes it first.
    PERFORM FROM balance b WHERE b.account_id = p_account AND b.asset = v_quote FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'no_account';
        RETURN;
    END IF;
    SELECT * INTO renewed FROM account a WHERE a.id = p_account;
    SELECT * INTO known FROM entry e WHERE e.command_id = p_command;
    IF FOUND THEN
        outcome := CASE WHEN known.body = p_body THEN 'replayed' ELSE 'reused' END;
        renewed.round := known.round;
        renewed.granted := (SELECT p.amount FROM posting p WHERE p.entry_id = known.id AND p.source = 'issuance');
        RETURN;
    END IF;
    PERFORM check_opening_grant(p_grant);
    PERFORM end_all_orders(p_account, 'reset', 'reset-orders:' || p_account || ':' || renewed.round, p_at, p_market_time);
    UPDATE account a SET round = a.round + 1, granted = p_grant WHERE a.id = p_account RETURNING a.* INTO renewed;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (p_command, p_body, 'reset', p_account, renewed.round, p_at, p_market_time) RETURNING id INTO v_entry;
    INSERT INTO posting
        SELECT v_entry, row_number() OVER (ORDER BY asset, code), code || '/' || p_account, 'issuance', asset, amount
        FROM (SELECT asset, 'available' AS code, available AS amount FROM balance WHERE account_id = p_account
              UNION ALL
              SELECT asset, 'held', held FROM balance WHERE account_id = p_account) returned
        WHERE amount > 0;
    INSERT INTO posting VALUES (v_entry, 0, 'issuance', 'available/' || p_account, v_quote, p_grant);
    UPDATE balance SET held = 0, cost = 0, realised = 0, available = CASE WHEN asset = v_quote THEN p_grant ELSE 0 END
        WHERE account_id = p_account;
    outcome := 'reset';
END $$;

-- As 0043 made it; the open orders of the account that goes end first.
CREATE OR REPLACE FUNCTION merge_account(p_source bigint, p_target bigint, p_at timestamptz, p_market_time bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_command text := 'merge:' || p_source || ':' || p_target;
    v_granted numeric;
    v_out     bigint;
    v_in      bigint;
    v_merge   bigint;
BEGIN
    PERFORM end_all_orders(p_source, 'merged', v_command || ':orders', p_at, p_market_time);
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT v_command || ':out', sha256(convert_to(v_command, 'UTF8')), 'merged', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_source RETURNING id INTO v_out;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT v_command || ':in', sha256(convert_to(v_command, 'UTF8')), 'merge', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_target RETURNING id INTO v_in;
    SELECT a.granted INTO v_granted FROM account a WHERE a.id = p_source;
    INSERT INTO account_merge (source_id, target_id, granted, returned, out_entry, in_entry)
        VALUES (p_source, p_target, v_granted, v_granted, v_out, v_in) RETURNING id INTO v_merge;
    INSERT INTO account_merge_asset
        SELECT v_merge, asset, symbol, available + held, cost, realised FROM balance
        WHERE account_id = p_source
          AND (available > 0 OR held > 0 OR cost > 0 OR realised <> 0
               OR asset = (SELECT quote_asset FROM account WHERE id = p_source));
    INSERT INTO posting
        SELECT v_out, row_number() OVER (ORDER BY asset, code), code || '/' || p_source, 'merges', asset, amount
        FROM (SELECT asset, 'available' AS code, available AS amount FROM balance WHERE account_id = p_source
              UNION ALL
              SELECT asset, 'held', held FROM balance WHERE account_id = p_source) given
        WHERE amount > 0;
    INSERT INTO posting
        SELECT v_in, row_number() OVER (ORDER BY asset), 'merges', 'available/' || p_target, asset, quantity
        FROM account_merge_asset WHERE merge_id = v_merge AND quantity > 0;
    INSERT INTO posting
        SELECT v_in, 1 + (SELECT count(*) FROM posting WHERE entry_id = v_in), 'available/' || p_target, 'issuance',
               quote_asset, v_granted
        FROM account WHERE id = p_target;
    INSERT INTO balance (account_id, asset, available, symbol, cost, realised)
        SELECT p_target, asset, quantity, symbol, cost, realised FROM account_merge_asset WHERE merge_id = v_merge
        ON CONFLICT (account_id, asset) DO UPDATE
            SET available = balance.available + excluded.available, cost = balance.cost + excluded.cost,
                realised = balance.realised + excluded.realised;
    UPDATE balance SET available = 0, held = 0, cost = 0, realised = 0 WHERE account_id = p_source;
    UPDATE balance SET available = available - v_granted
        WHERE account_id = p_target AND asset = (SELECT quote_asset FROM account WHERE id = p_target);
    UPDATE account SET person_id = -id, closed_at = p_at WHERE id = p_source;
END $$;

-- As 0043 made it; open orders end first.
CREATE OR REPLACE FUNCTION close_account(p_account bigint, p_at timestamptz, p_market_time bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_command text := 'close:' || p_account;
    v_entry   bigint;
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = p_account FOR UPDATE OF b;
    PERFORM end_all_orders(p_account, 'closed', v_command || ':orders', p_at, p_market_time);
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT v_command, sha256(convert_to(v_command, 'UTF8')), 'close', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_account RETURNING id INTO v_entry;
    INSERT INTO posting
        SELECT v_entry, row_number() OVER (ORDER BY asset, code), code || '/' || p_account, 'issuance', asset, amount
        FROM (SELECT asset, 'available' AS code, available AS amount FROM balance WHERE account_id = p_account
              UNION ALL
              SELECT asset, 'held', held FROM balance WHERE account_id = p_account) returned
        WHERE amount > 0;
    UPDATE balance SET available = 0, held = 0, cost = 0, realised = 0 WHERE account_id = p_account;
    UPDATE account SET person_id = -id, closed_at = p_at WHERE id = p_account;
END $$;

-- As 0047 made it; orders that were open in an account end when it goes back, since another person may have placed them.
CREATE OR REPLACE FUNCTION undo_join(p_join link_join) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = ANY(p_join.accounts) ORDER BY a.id FOR UPDATE OF b;
    PERFORM end_all_orders(a.id, 'merged', 'undo-orders:' || a.id || ':' || nextval('orders_id_seq'), now(),
                           (extract(epoch FROM now()) * 1000)::bigint)
        FROM account a
        WHERE a.id = ANY(p_join.accounts) AND a.person_id = p_join.host_id AND a.closed_at IS NULL
          AND EXISTS (SELECT FROM open_order o WHERE o.account_id = a.id);
    UPDATE account SET person_id = p_join.former_id
        WHERE id = ANY(p_join.accounts) AND person_id = p_join.host_id AND closed_at IS NULL;
    UPDATE alert SET person_id = p_join.former_id, changed = pg_current_xact_id()
        WHERE id = ANY(p_join.alerts) AND person_id = p_join.host_id;
    UPDATE range_alert SET person_id = p_join.former_id, changed = pg_current_xact_id()
        WHERE id = ANY(p_join.alerts) AND person_id = p_join.host_id;
    UPDATE forecast_alert SET person_id = p_join.former_id
        WHERE id = ANY(p_join.forecast_alerts) AND person_id = p_join.host_id;
    UPDATE recurring_buy SET person_id = p_join.former_id
        WHERE id = ANY(p_join.recurring_buys) AND person_id = p_join.host_id;
    UPDATE outbox SET person_id = p_join.former_id WHERE id = ANY(p_join.notices) AND person_id = p_join.host_id;
    UPDATE chat_group_change SET person_id = p_join.former_id
        WHERE id = ANY(p_join.group_changes) AND person_id = p_join.host_id;
    DELETE FROM notification_chat
        WHERE person_id = p_join.host_id AND platform = p_join.platform AND chat_id = ANY(p_join.chats);
    UPDATE notification_chat SET retired_at = NULL, reason = NULL WHERE person_id = p_join.former_id AND reason = 'linked';
    DELETE FROM watchlist_item WHERE person_id = p_join.host_id AND symbol = ANY(p_join.watched);
    INSERT INTO ban (person_id, reason, since, named)
        SELECT p_join.former_id, reason, since, named FROM ban
        WHERE person_id = p_join.host_id AND (since <= p_join.joined_at OR named IS NULL
            OR named = identity_digest(p_join.platform, p_join.external_id))
        ON CONFLICT DO NOTHING;
    DELETE FROM link_join WHERE former_id = p_join.former_id;
    UPDATE identity SET person_id = p_join.former_id
        WHERE (platform, external_id) = (p_join.platform, p_join.external_id);
END $$;
