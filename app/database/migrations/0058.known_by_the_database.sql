-- depends: 0055.corporate_actions
--
-- What callers of the ledger's functions could make up is bounded or known here: the person for whom a command acts, the
-- units of amounts, the asset and the price of a hold, the shape of a list. Reads of an order no longer grow with its events.

-- Refuses a command of a person to whom the account does not belong any more, because it went back to somebody else while
-- the command was on its way. The caller has the account's lock. A person who is not named is not compared: the version
-- before names none.
CREATE FUNCTION check_account_person(p_account bigint, p_person bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF p_person <> (SELECT a.person_id FROM account a WHERE a.id = p_account) THEN
        RAISE EXCEPTION 'account % does not belong to person %', p_account, p_person
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_of_person';
    END IF;
END $$;

-- Refuses units that round by more than 0.01 of a quote asset or 1 of a base asset.
CREATE FUNCTION check_units(p_base_unit numeric, p_quote_unit numeric) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF (p_base_unit <= 1 AND p_quote_unit <= 0.01) IS NOT TRUE THEN
        RAISE EXCEPTION 'units of % and % are too large', p_base_unit, p_quote_unit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
END $$;

-- Sums over the executions of the order up to this one: the quantity, average price x quantity, and what was received.
ALTER TABLE order_event
    ADD COLUMN total_quantity numeric,
    ADD COLUMN total_value numeric,
    ADD COLUMN total_received numeric;
UPDATE order_event v
    SET total_quantity = sums.quantity, total_value = sums.value, total_received = sums.received
    FROM (
        SELECT told.order_id, told.number, sum(e.quantity) OVER life AS quantity,
               sum(e.average_price * e.quantity) OVER life AS value, sum(e.received) OVER life AS received
        FROM order_event told JOIN orders e ON e.id = told.execution_id
        WINDOW life AS (PARTITION BY told.order_id ORDER BY told.number)
    ) AS sums WHERE (v.order_id, v.number) = (sums.order_id, sums.number);
ALTER TABLE order_event ADD CONSTRAINT order_event_totals CHECK (
    CASE kind WHEN 'filled' THEN total_quantity > 0 AND total_value > 0 AND total_received >= 0
              ELSE total_quantity IS NULL AND total_value IS NULL AND total_received IS NULL END);
-- The last fill and the last terms of an order are found however many events of the other kind followed.
CREATE INDEX order_event_filled_idx ON order_event (order_id, number) WHERE kind = 'filled';
CREATE INDEX order_event_stated_idx ON order_event (order_id, number) WHERE kind <> 'filled';

-- As 0050 made it, with reads that do not grow with the events: an open order is as open_order has it, an ended one as its
-- last events left it.
CREATE OR REPLACE VIEW order_record AS
SELECT t.*, l.kind AS list_kind,
       coalesce(o.status::text, (
           SELECT v.status::text FROM order_event v WHERE v.order_id = t.id ORDER BY v.number DESC LIMIT 1
       )) AS status,
       coalesce(o.quantity::numeric, (
           SELECT v.quantity::numeric FROM order_event v
           WHERE v.order_id = t.id AND v.kind IN ('accepted', 'activated', 'amended') ORDER BY v.number DESC LIMIT 1
       )) AS present_quantity,
       coalesce(o.filled::numeric, done.total_quantity, 0) AS filled,
       CASE WHEN t.limit_price IS NOT NULL THEN coalesce(o.limit_price::numeric, (
           SELECT v.price::numeric FROM order_event v
           WHERE v.order_id = t.id AND v.kind IN ('accepted', 'amended') ORDER BY v.number DESC LIMIT 1
       )) END AS present_limit,
       CASE WHEN t.stop_price IS NULL OR t.limit_price IS NOT NULL THEN t.stop_price ELSE coalesce(o.stop_price::numeric, (
           SELECT v.price::numeric FROM order_event v
           WHERE v.order_id = t.id AND v.kind IN ('accepted', 'amended') ORDER BY v.number DESC LIMIT 1
       )) END AS present_stop,
       round(done.total_value / done.total_quantity, 12) AS average_price, h.id AS hold_id, h.asset AS hold_asset,
       h.amount AS hold_amount, o.extreme,
       coalesce(o.triggered, (
           SELECT true FROM order_event v WHERE v.order_id = t.id AND v.kind = 'triggered' LIMIT 1
       ), false) AS triggered
FROM order_terms t
LEFT JOIN order_list l ON l.id = t.list_id
LEFT JOIN open_order o ON o.order_id = t.id
LEFT JOIN order_hold h ON h.id = o.hold_id
LEFT JOIN LATERAL (
    SELECT v.total_quantity, v.total_value FROM order_event v WHERE v.order_id = t.id AND v.kind = 'filled'
    ORDER BY v.number DESC LIMIT 1
) AS done ON true;

-- As 0050 made it. The cost of a purchase is rounded down only if the hold does not pay it rounded up and the rest: as
-- trading.orders.holds.cost_of. A caller who took the hold for smaller than it is finds the order `gone`, and reads it
-- again. What a purchase realised is not the caller's, and its average price lies between the prices of its fills.
CREATE OR REPLACE FUNCTION fill_order(
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
    v_best   numeric;
    v_worst  numeric;
    v_least  numeric;
    v_most   numeric;
    v_entry  bigint;
    v_free   text := 'available/' || t.account_id;
    v_held   text := 'held/' || t.account_id;
BEGIN
    SELECT sum((f->>1)::numeric), sum((f->>0)::numeric * (f->>1)::numeric),
           CASE WHEN v_buys THEN max((f->>0)::numeric) ELSE min((f->>0)::numeric) END,
           CASE WHEN v_buys THEN min((f->>0)::numeric) ELSE max((f->>0)::numeric) END
        INTO v_filled, v_worth, v_worst, v_best FROM jsonb_array_elements(p->'fills') AS f;
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
    v_least := v_worth - mod(v_worth, t.quote_unit);
    v_most := CASE WHEN v_buys THEN rounded_up(v_worth, t.quote_unit) ELSE v_least END;
    IF v_buys AND o.quote_amount = v_least AND v_least < v_most
        AND h.amount - rounded_up((x.quantity - x.filled - o.quantity) * x.hold_price, t.quote_unit) >= v_most THEN
        outcome := 'gone';
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
    o.realised := NULL;
    o.rule := coalesce(o.rule, '');
    v_fee := v_gross * o.fee_rate;
    -- A figure that is missing is refused as well: the whole is NULL then. The average is rounded beyond the tick.
    IF (v_filled = o.quantity
        AND o.quote_amount IN (v_least, v_most) AND (o.quote_amount > 0 OR NOT v_buys)
        AND o.average_price BETWEEN least(v_best, v_worst) * 0.999 AND greatest(v_best, v_worst) * 1.001
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

-- As 0050 made it, with the sums over the executions.
CREATE OR REPLACE FUNCTION apply_effect(
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
    v_price  numeric;
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
            v_price := e->'execution'->>'average_price';
            INSERT INTO order_event
                (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price, quantity,
                 execution_id, total_quantity, total_value, total_received)
                SELECT p_order, x.version + 1, x.status, v_kind,
                       CASE WHEN r.filled = x.quantity THEN 'FILLED' ELSE 'PARTIALLY_FILLED' END, p_command, p_at, v_time,
                       v_price, booked.quantity, booked.execution_id, r.filled,
                       coalesce(last.total_value, 0) + v_price * booked.quantity,
                       coalesce(last.total_received, 0) + (e->'execution'->>'received')::numeric
                FROM (SELECT) AS now LEFT JOIN LATERAL (
                    SELECT v.total_value, v.total_received FROM order_event v
                    WHERE v.order_id = p_order AND v.kind = 'filled' AND x.filled > 0 ORDER BY v.number DESC LIMIT 1
                ) AS last ON true;
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

-- As 0050 made it, for the person of the account. The asset held is that which the first order spends, and a purchase may
-- cost no less than its own price.
--
-- Accepts the orders of one command: {account_id, person_id, market, symbol, base, quote, base_unit, quote_unit, list_kind,
-- hold_amount, fee_rate, max_of_symbol, max_open, command_id, body, at, market_time, orders: [...], effects: [...]}. The
-- first row answers the call; a refusal writes nothing.
CREATE OR REPLACE FUNCTION accept_orders(p jsonb) RETURNS SETOF order_outcome
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
    v_side    text := p->'orders'->0->>'side';
    v_asset   text := CASE v_side WHEN 'buy' THEN p->>'quote' ELSE p->>'base' END;
    v_amount  numeric := (p->>'hold_amount')::numeric;
    v_new     integer := jsonb_array_length(p->'orders');
    v_symbol  text;
    v_list    bigint;
    v_hold    bigint;
    v_entry   bigint;
    v_shape   text;
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
    PERFORM check_account_person(v_account, (p->>'person_id')::bigint);
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
    IF FOUND AND v_symbol IS DISTINCT FROM p->>'symbol' AND same_symbol(v_symbol, p->>'symbol') IS NOT TRUE THEN
        RAISE EXCEPTION '% is not traded as %', p->>'base', p->>'symbol'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    v_shape := coalesce(p->>'list_kind', 'alone') || (
        SELECT string_agg(' ' || coalesce(o.terms->>'role', 'alone'), '' ORDER BY o.place)
        FROM jsonb_array_elements(p->'orders') WITH ORDINALITY AS o (terms, place));
    IF v_shape IN ('alone alone', 'OCO limit stop', 'OTO working limit', 'OTO working stop', 'OTOCO working limit stop')
        IS NOT TRUE THEN
        RAISE EXCEPTION 'a list has no such orders: %', v_shape
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    PERFORM check_units((p->>'base_unit')::numeric, (p->>'quote_unit')::numeric);

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
        IF t.hold_price < coalesce(t.limit_price, t.stop_price) OR v_live AND t.side <> v_side THEN
            RAISE EXCEPTION 'order % of the command is not paid by the hold', v_index
                USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
        END IF;
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

-- As 0050 made it, for the person of the account. Callers of the version before name none.
DROP FUNCTION cancel_orders(bigint, bigint[], text, text, bytea, timestamptz, bigint);
CREATE FUNCTION cancel_orders(
    p_account bigint, p_orders bigint[], p_symbol text, p_command text, p_body bytea, p_at timestamptz,
    p_market_time bigint, p_person bigint DEFAULT NULL
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
    PERFORM check_account_person(p_account, p_person);
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
REVOKE ALL ON FUNCTION cancel_orders(bigint, bigint[], text, text, bytea, timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cancel_orders(bigint, bigint[], text, text, bytea, timestamptz, bigint, bigint) TO paperdesk_app;

-- As 0050 made it, for the person of the account, and at most 100 times an order (`amended_out`). Only the price that an
-- order rests or triggers at is amended; it keeps its place only if nothing but its quantity changes, and falls.
--
-- Amends an open order: {account_id, person_id, order_id, version, quantity, limit_price, stop_price, hold_price,
-- queue_ahead, loses_place, command_id, body, at, market_time}. Its hold becomes what it needs then.
CREATE OR REPLACE FUNCTION amend_order(p jsonb) RETURNS order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r         order_outcome;
    known     entry;
    x         open_order;
    h         order_hold;
    v_account bigint := (p->>'account_id')::bigint;
    v_order   bigint := (p->>'order_id')::bigint;
    v_most    CONSTANT integer := 100;
    v_amended integer;
    v_loses   boolean;
    v_before  open_order;
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
    PERFORM check_account_person(v_account, (p->>'person_id')::bigint);
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
    SELECT count(*) INTO v_amended FROM (
        SELECT FROM order_event v WHERE v.order_id = v_order AND v.kind = 'amended' LIMIT v_most) AS amended;
    IF v_amended >= v_most THEN
        r.outcome := 'amended_out';
        r.quantity := v_most;
        RETURN r;
    END IF;
    v_before := x;
    x.quantity := p->>'quantity';
    IF x.limit_price IS NOT NULL THEN
        x.limit_price := coalesce((p->>'limit_price')::numeric, x.limit_price);
    ELSIF x.stop_price IS NOT NULL THEN
        x.stop_price := coalesce((p->>'stop_price')::numeric, x.stop_price);
    END IF;
    IF x.hold_price IS NOT NULL THEN
        x.hold_price := coalesce((p->>'hold_price')::numeric, x.hold_price);
    END IF;
    IF (p->>'limit_price')::numeric <> x.limit_price OR (p->>'limit_price' IS NOT NULL AND x.limit_price IS NULL)
        OR (p->>'stop_price')::numeric <> x.stop_price OR (p->>'stop_price' IS NOT NULL AND x.stop_price IS NULL)
        OR x.hold_price < coalesce(x.limit_price, x.stop_price) THEN
        RAISE EXCEPTION 'order % has no such price to amend', v_order
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    v_loses := (p->>'loses_place')::boolean OR x.quantity > v_before.quantity
        OR (x.limit_price, x.stop_price) IS DISTINCT FROM (v_before.limit_price, v_before.stop_price);
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
        hold_price = x.hold_price,
        queue_ahead = CASE WHEN v_loses THEN (p->>'queue_ahead')::numeric ELSE x.queue_ahead END,
        priority = CASE WHEN v_loses THEN nextval('orders_id_seq') ELSE x.priority END,
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

-- As 0050 made it, for the person of the account, with bounds of the units as in check_units.
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
        FROM account a
        WHERE a.id = o.account_id AND a.quote_asset = o.quote
          AND a.person_id = coalesce((p->>'person_id')::bigint, a.person_id)
        RETURNING id INTO v_entry;
    IF v_entry IS NULL THEN
        PERFORM check_account_person(o.account_id, (p->>'person_id')::bigint);
    END IF;
    paid := CASE o.side WHEN 'buy' THEN o.quote ELSE o.base END;
    gained := CASE o.side WHEN 'buy' THEN o.base ELSE o.quote END;
    -- A figure that is missing is refused as well: the whole is NULL then.
    IF (v_entry IS NOT NULL
        AND o.base <> o.quote
        AND o.base_unit <= 1 AND o.quote_unit <= 0.01
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

-- As 0050 made it, for the person of the account. Callers of the version before name none.
DROP FUNCTION reset_account(bigint, numeric, text, bytea, timestamptz, bigint);
CREATE FUNCTION reset_account(
    p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamptz, p_market_time bigint,
    p_person bigint DEFAULT NULL,
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
    PERFORM check_account_person(p_account, p_person);
    PERFORM check_opening_grant(p_grant);
    PERFORM end_all_orders(p_account, 'reset', 'reset-orders:' || p_account || ':' || renewed.round, p_at, p_market_time);
    UPDATE account a SET round = a.round + 1, granted = p_grant, adjusted = 0 WHERE a.id = p_account RETURNING a.* INTO renewed;
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
REVOKE ALL ON FUNCTION reset_account(bigint, numeric, text, bytea, timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reset_account(bigint, numeric, text, bytea, timestamptz, bigint, bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION check_account_person(bigint, bigint), check_units(numeric, numeric) FROM PUBLIC;
