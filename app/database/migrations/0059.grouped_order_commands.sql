-- depends: 0058.known_by_the_database
--
-- Commands of resting orders in groups: those that wait while a call is on its way go together in the next one, like
-- market orders, with one commit, and each is answered with its orders as they are then.

-- The answer to one command. `orders` are those that it accepted, ended or amended, `bound` is a limit that was reached or
-- the amount that is missing; the hold, the list and the balances are those of accepted orders.
CREATE TYPE order_answer AS (
    outcome         text,
    order_id        bigint,
    reason          text,
    bound           numeric,
    available       numeric,
    orders          bigint[],
    new_hold        bigint,
    new_list        bigint,
    base_available  numeric,
    base_held       numeric,
    quote_available numeric,
    quote_held      numeric
);

-- As accept_orders of 0058, without what fills at once: `p_bare` says that nothing does.
--
-- Accepts the orders of one command: {account_id, person_id, market, symbol, base, quote, base_unit, quote_unit, list_kind,
-- hold_amount, fee_rate, max_of_symbol, max_open, command_id, body, at, market_time, orders: [...]}. A refusal writes
-- nothing. The balances are those after it.
CREATE FUNCTION accept_resting(p jsonb, p_bare boolean) RETURNS order_answer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    r         order_answer;
    t         order_terms;
    seen      record;
    each      jsonb;
    v_account bigint := (p->>'account_id')::bigint;
    v_symbol  text := p->>'symbol';
    v_base    text := p->>'base';
    v_quote   text := p->>'quote';
    v_command text := p->>'command_id';
    v_body    bytea := decode(p->>'body', 'hex');
    v_at      timestamptz := (p->>'at')::timestamptz;
    v_time    bigint := (p->>'market_time')::bigint;
    v_kind    text := p->>'list_kind';
    v_side    text := p->'orders'->0->>'side';
    v_asset   text := CASE v_side WHEN 'buy' THEN v_quote ELSE v_base END;
    v_amount  numeric := (p->>'hold_amount')::numeric;
    v_new     integer := jsonb_array_length(p->'orders');
    v_shape   text := coalesce(v_kind, 'alone');
    v_need    numeric := 0;
    v_live    boolean;
BEGIN
    PERFORM FROM balance b WHERE b.account_id = v_account AND b.asset = v_quote FOR UPDATE;
    -- What the lock has waited for is seen by this statement, and not by the one before.
    SELECT a.round, a.person_id, known.id AS known, known.body, trading_halt() AS halt, cash.available AS cash,
           cash.held AS cash_held, coin.available AS coin, coin.held AS coin_held, coin.symbol, room.of_account, room.of_symbol
        INTO seen
        FROM account a
        LEFT JOIN entry known ON known.command_id = v_command
        LEFT JOIN balance cash ON cash.account_id = a.id AND cash.asset = v_quote
        LEFT JOIN balance coin ON coin.account_id = a.id AND coin.asset = v_base
        CROSS JOIN LATERAL (
            SELECT count(*) AS of_account, count(*) FILTER (WHERE o.symbol = v_symbol) AS of_symbol
            FROM open_order o WHERE o.account_id = a.id
        ) AS room
        WHERE a.id = v_account AND a.quote_asset = v_quote AND a.market = p->>'market' AND a.closed_at IS NULL;
    IF NOT FOUND THEN
        r.outcome := 'no_account';
        RETURN r;
    END IF;
    IF seen.known IS NOT NULL THEN
        r.outcome := CASE WHEN seen.body = v_body THEN 'replayed' ELSE 'reused' END;
        r.orders := ARRAY(SELECT id FROM order_terms WHERE command_id = v_command ORDER BY position);
        RETURN r;
    END IF;
    IF seen.person_id <> (p->>'person_id')::bigint THEN
        PERFORM check_account_person(v_account, (p->>'person_id')::bigint);
    END IF;
    IF seen.halt IS NOT NULL THEN
        r.outcome := 'halted';
        r.reason := seen.halt;
        RETURN r;
    END IF;
    IF seen.of_account + v_new > (p->>'max_open')::integer OR seen.of_symbol + v_new > (p->>'max_of_symbol')::integer THEN
        r.outcome := 'too_many';
        r.bound := CASE WHEN seen.of_account + v_new > (p->>'max_open')::integer THEN p->>'max_open'
                        ELSE p->>'max_of_symbol' END::numeric;
        RETURN r;
    END IF;
    r.available := CASE v_asset WHEN v_quote THEN seen.cash ELSE seen.coin END;
    IF v_amount > coalesce(r.available, 0) THEN
        r.outcome := 'short';
        RETURN r;
    END IF;
    IF seen.coin IS NOT NULL AND seen.symbol IS DISTINCT FROM v_symbol AND same_symbol(seen.symbol, v_symbol) IS NOT TRUE THEN
        RAISE EXCEPTION '% is not traded as %', v_base, v_symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;

    WITH held AS (
        INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (v_command, v_body, 'hold', v_account, seen.round, v_at, v_time) RETURNING id
    ), moved AS (
        INSERT INTO posting SELECT id, 1, 'available/' || v_account, 'held/' || v_account, v_asset, v_amount
        FROM held WHERE v_amount > 0
    ), owed AS (
        UPDATE balance SET available = available - v_amount, held = held + v_amount
        WHERE account_id = v_account AND asset = v_asset
    ) INSERT INTO order_hold (account_id, asset, amount) VALUES (v_account, v_asset, v_amount) RETURNING id INTO r.new_hold;
    IF v_kind IS NOT NULL THEN
        INSERT INTO order_list VALUES (nextval('orders_id_seq'), v_account, v_kind) RETURNING id INTO r.new_list;
    END IF;
    FOR v_index IN 0 .. v_new - 1 LOOP
        each := p->'orders'->v_index;
        -- What all orders of the command have in common is said once, beside them.
        t := jsonb_populate_record(NULL::order_terms, each || p);
        t.id := nextval('orders_id_seq');
        t.position := v_index;
        t.list_id := r.new_list;
        t.recorded_at := v_at;
        t.market_time_ms := v_time;
        v_live := v_kind IS NULL OR v_kind = 'OCO' OR t.role = 'working';
        IF t.hold_price < coalesce(t.limit_price, t.stop_price) OR v_live AND t.side <> v_side THEN
            RAISE EXCEPTION 'order % of the command is not paid by the hold', v_index
                USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
        END IF;
        IF v_live THEN
            v_need := greatest(v_need, CASE t.side WHEN 'buy' THEN rounded_up(t.quantity * t.hold_price, t.quote_unit)
                                                   ELSE t.quantity END);
        END IF;
        v_shape := v_shape || ' ' || coalesce(t.role, 'alone');
        r.orders := r.orders || t.id;
        INSERT INTO order_terms SELECT t.*;
        INSERT INTO order_event
            (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price, quantity)
            VALUES (t.id, 1, '-', 'accepted', CASE WHEN v_live THEN 'NEW' ELSE 'PENDING_NEW' END, v_command, v_at, v_time,
                    coalesce(t.limit_price, t.stop_price), t.quantity);
        INSERT INTO open_order (order_id, account_id, market, symbol, list_id, status, version, accepted_at_ms, quantity,
                                limit_price, stop_price, hold_price, hold_id, priority, queue_ahead)
            VALUES (t.id, v_account, t.market, t.symbol, r.new_list, CASE WHEN v_live THEN 'NEW' ELSE 'PENDING_NEW' END, 1,
                    v_time, t.quantity, t.limit_price, t.stop_price, t.hold_price, CASE WHEN v_live THEN r.new_hold END, t.id,
                    (each->>'queue_ahead')::numeric);
    END LOOP;
    IF v_shape IN ('alone alone', 'OCO limit stop', 'OTO working limit', 'OTO working stop', 'OTOCO working limit stop')
        IS NOT TRUE THEN
        RAISE EXCEPTION 'a list has no such orders: %', v_shape
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
    IF (t.base_unit <= 1 AND t.quote_unit <= 0.01) IS NOT TRUE THEN
        PERFORM check_units(t.base_unit, t.quote_unit);
    END IF;
    IF p_bare AND v_need > v_amount THEN
        RAISE EXCEPTION 'the orders need more than is held for them'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_hold_suffices';
    END IF;
    r.outcome := 'accepted';
    r.quote_available := seen.cash - CASE v_asset WHEN v_quote THEN v_amount ELSE 0 END;
    r.quote_held := seen.cash_held + CASE v_asset WHEN v_quote THEN v_amount ELSE 0 END;
    r.base_available := coalesce(seen.coin, 0) - CASE v_asset WHEN v_base THEN v_amount ELSE 0 END;
    r.base_held := coalesce(seen.coin_held, 0) + CASE v_asset WHEN v_base THEN v_amount ELSE 0 END;
    RETURN r;
END $$;

-- As 0058 made it, by accept_resting; `effects` are what fills, expires or goes live at once. The first row answers the
-- call.
CREATE OR REPLACE FUNCTION accept_orders(p jsonb) RETURNS SETOF order_outcome
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    r        order_outcome;
    effect   order_outcome;
    each     jsonb;
    accepted order_answer := accept_resting(p, jsonb_array_length(p->'effects') = 0);
    v_place  integer := 0;
    v_order  bigint;
BEGIN
    r.place := -1;
    r.account_id := p->>'account_id';
    r.outcome := accepted.outcome;
    r.reason := accepted.reason;
    r.quantity := accepted.bound;
    r.orders := accepted.orders;
    r.available := accepted.available;
    RETURN NEXT r;
    IF r.outcome <> 'accepted' OR jsonb_array_length(p->'effects') = 0 THEN
        RETURN;
    END IF;
    FOR each IN SELECT * FROM jsonb_array_elements(p->'effects') LOOP
        v_order := r.orders[(each->>'order_id')::integer + 1];
        effect := apply_effect(each, v_place, v_order, 'accept:' || v_order || ':' || v_place, decode(p->>'body', 'hex'),
                               (p->>'at')::timestamptz);
        IF effect.outcome <> 'done' THEN
            RAISE EXCEPTION 'effect % of a new order does not apply: %', v_place, effect.outcome
                USING ERRCODE = 'check_violation', CONSTRAINT = 'order_effect_applies';
        END IF;
        RETURN NEXT effect;
        v_place := v_place + 1;
    END LOOP;
    -- What is filled or expires at once needs no more than it cost.
    IF hold_need(accepted.new_hold) > coalesce((SELECT amount FROM order_hold WHERE id = accepted.new_hold), 0) THEN
        RAISE EXCEPTION 'the orders need more than is held for them'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_hold_suffices';
    END IF;
END $$;

-- Executes commands of resting orders in their order, each as the function of its `command` does ('accept' without effects,
-- 'cancel' or 'amend'). One row each, counted by `place`; a cancel and an amendment have one for each of their orders, the
-- newest first, as it is then (`told`).
CREATE FUNCTION order_commands(p jsonb) RETURNS TABLE (place integer, answer order_answer, told order_record)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    each jsonb;
    done order_outcome;
BEGIN
    place := 0;
    FOR each IN SELECT value FROM jsonb_array_elements(p) LOOP
        told := NULL;
        IF each->>'command' = 'accept' THEN
            answer := accept_resting(each, true);
            RETURN NEXT;
        ELSE
            IF each->>'command' = 'amend' THEN
                done := amend_order(each);
                done.orders := CASE WHEN done.outcome IN ('done', 'replayed') THEN ARRAY[done.order_id] END;
            ELSE
                done := cancel_orders(
                    (each->>'account_id')::bigint,
                    CASE WHEN each->'orders' <> 'null' THEN
                        ARRAY(SELECT value::bigint FROM jsonb_array_elements_text(each->'orders')) END,
                    each->>'symbol', each->>'command_id', decode(each->>'body', 'hex'), (each->>'at')::timestamptz,
                    (each->>'market_time')::bigint, (each->>'person_id')::bigint);
            END IF;
            answer := (done.outcome, done.order_id, done.reason, done.quantity, done.available, done.orders,
                       NULL, NULL, NULL, NULL, NULL, NULL);
            FOR told IN SELECT * FROM order_record o WHERE o.id = ANY(done.orders) ORDER BY o.id DESC LOOP
                RETURN NEXT;
            END LOOP;
            IF NOT FOUND THEN
                RETURN NEXT;
            END IF;
        END IF;
        place := place + 1;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION accept_resting(jsonb, boolean), order_commands(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION order_commands(jsonb) TO paperdesk_app;
