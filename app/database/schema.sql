-- What app/database/migrations amount to. Written by `make schema`; never edited or applied.

SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;

CREATE DOMAIN public.account_code AS text
	CONSTRAINT account_code_known CHECK ((VALUE ~ '^(issuance|exchange|fees|merges|actions|(available|held)/[1-9][0-9]{0,18})$'::text));

CREATE DOMAIN public.amount AS numeric
	CONSTRAINT amount_bounds CHECK (((VALUE >= (0)::numeric) AND (VALUE <= '100000000000000000000'::numeric)));

CREATE DOMAIN public.asset_name AS text
	CONSTRAINT asset_name_shape CHECK ((VALUE ~ '^[^[:space:]/]{1,32}$'::text));

CREATE DOMAIN public.body_hash AS bytea
	CONSTRAINT body_hash_length CHECK ((octet_length(VALUE) = 32));

CREATE DOMAIN public.command_name AS text
	CONSTRAINT command_name_length CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 128)));

CREATE DOMAIN public.entry_kind AS text
	CONSTRAINT entry_kind_known CHECK ((VALUE = ANY (ARRAY['grant'::text, 'trade'::text, 'reset'::text, 'merge'::text, 'merged'::text, 'close'::text, 'hold'::text, 'release'::text, 'reversal'::text, 'adjustment'::text, 'action'::text])));

CREATE DOMAIN public.limit_kind AS text
	CONSTRAINT limit_kind_known CHECK ((VALUE = ANY (ARRAY['day'::text, 'drawdown'::text, 'coin'::text, 'order'::text, 'orders'::text, 'streak'::text, 'loss'::text])));

CREATE DOMAIN public.limit_value AS numeric
	CONSTRAINT limit_value_bounds CHECK (((VALUE > (0)::numeric) AND (VALUE <= ('1000000000000'::bigint)::numeric)));

CREATE TYPE public.order_answer AS (
	outcome text,
	order_id bigint,
	reason text,
	bound numeric,
	available numeric,
	orders bigint[],
	new_hold bigint,
	new_list bigint,
	base_available numeric,
	base_held numeric,
	quote_available numeric,
	quote_held numeric
);

CREATE DOMAIN public.order_end_reason AS text
	CONSTRAINT order_end_reason_known CHECK ((VALUE = ANY (ARRAY['user'::text, 'list'::text, 'time'::text, 'immediate'::text, 'protection'::text, 'funds'::text, 'reset'::text, 'merged'::text, 'closed'::text, 'delisted'::text, 'fault'::text, 'action'::text])));

CREATE DOMAIN public.order_event_kind AS text
	CONSTRAINT order_event_kind_known CHECK ((VALUE = ANY (ARRAY['accepted'::text, 'activated'::text, 'triggered'::text, 'filled'::text, 'amended'::text, 'canceled'::text, 'expired'::text])));

CREATE TYPE public.order_outcome AS (
	place integer,
	outcome text,
	order_id bigint,
	account_id bigint,
	execution_id bigint,
	realised numeric,
	quantity numeric,
	filled numeric,
	reason text,
	orders bigint[],
	available numeric,
	error text
);

CREATE DOMAIN public.order_side AS text
	CONSTRAINT order_side_known CHECK ((VALUE = ANY (ARRAY['buy'::text, 'sell'::text])));

CREATE DOMAIN public.order_status AS text
	CONSTRAINT order_status_known CHECK ((VALUE = ANY (ARRAY['PENDING_NEW'::text, 'NEW'::text, 'PARTIALLY_FILLED'::text, 'FILLED'::text, 'CANCELED'::text, 'EXPIRED'::text])));

CREATE DOMAIN public.positive_amount AS numeric
	CONSTRAINT positive_amount_bounds CHECK (((VALUE > (0)::numeric) AND (VALUE <= '100000000000000000000'::numeric)));

CREATE DOMAIN public.signed_amount AS numeric
	CONSTRAINT signed_amount_bounds CHECK (((VALUE >= '-100000000000000000000'::numeric) AND (VALUE <= '100000000000000000000'::numeric)));

CREATE FUNCTION public.accept_orders(p jsonb) RETURNS SETOF public.order_outcome
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.accept_resting(p jsonb, p_bare boolean) RETURNS public.order_answer
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.account_lineage(p_account bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    WITH RECURSIVE lineage (id) AS (
        SELECT p_account
        UNION
        SELECT m.source_id FROM lineage JOIN account_merge m ON m.target_id = lineage.id
    )
    SELECT id FROM lineage
$$;

CREATE FUNCTION public.adjust_account(p_account bigint, p_amount numeric, p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT entry_id bigint, OUT asset text, OUT missing numeric, OUT held numeric) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    a     account;
    b     balance;
    known entry;
BEGIN
    SELECT owned.* INTO b FROM balance owned JOIN account mine ON mine.id = owned.account_id AND mine.quote_asset = owned.asset
        WHERE mine.id = p_account FOR UPDATE OF owned;
    SELECT * INTO a FROM account WHERE id = p_account;
    asset := a.quote_asset;
    SELECT * INTO known FROM entry WHERE command_id = p_command;
    entry_id := known.id;
    outcome := CASE
        WHEN known.id IS NOT NULL AND known.body = p_body THEN 'replayed'
        WHEN known.id IS NOT NULL THEN 'reused'
        WHEN a.id IS NULL THEN 'unknown'
        WHEN a.closed_at IS NOT NULL THEN 'closed'
        WHEN b.available + p_amount < 0 THEN 'short'
        WHEN a.granted + p_amount <= 0 THEN 'grant' END;
    IF outcome IS NOT NULL THEN
        missing := -p_amount - b.available;
        held := b.held;
        RETURN;
    END IF;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (p_command, p_body, 'adjustment', a.id, a.round, p_at, p_market_time) RETURNING id INTO entry_id;
    INSERT INTO entry_correction VALUES (entry_id, NULL, p_reason);
    INSERT INTO posting VALUES
        (entry_id, 1, CASE WHEN p_amount > 0 THEN 'issuance' ELSE 'available/' || a.id END,
         CASE WHEN p_amount > 0 THEN 'available/' || a.id ELSE 'issuance' END, a.quote_asset, abs(p_amount));
    UPDATE balance SET available = available + p_amount WHERE account_id = a.id AND asset = a.quote_asset;
    UPDATE account SET granted = granted + p_amount, adjusted = adjusted + p_amount WHERE id = a.id;
    outcome := 'done';
END $$;

CREATE FUNCTION public.admit_robot_order() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    r robot;
    o orders;
BEGIN
    SELECT * INTO r FROM robot WHERE step = NEW.command_id AND id = split_part(NEW.command_id, ':', 2)::bigint FOR UPDATE;
    IF (r.account_id = NEW.account_id AND r.round = NEW.round) IS NOT TRUE THEN
        RAISE EXCEPTION '% is not what the robot does next', NEW.command_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'robot_step';
    END IF;
    IF NEW.kind = 'trade' THEN
        SELECT * INTO STRICT o FROM orders WHERE id = NEW.order_id;
        PERFORM book_robot_order(r.id, o, r.step_leg, r.step_candle_ms);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.amend_order(p jsonb) RETURNS public.order_outcome
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.apply_action(p_id text, p_after bigint, p_limit integer, p_at timestamp with time zone, p_market_time bigint) RETURNS TABLE(account_id bigint, person_id bigint, ended integer, asset text, quantity numeric, became_asset text, became numeric)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    c          corporate_action;
    a          account;
    b          balance;
    other      balance;
    v_accounts bigint[];
    v_orders   bigint[];
    v_entry    bigint;
    v_command  text;
    v_body     bytea;
    v_free     text;
    v_cash     numeric;
    v_lost     boolean;
BEGIN
    SELECT * INTO c FROM corporate_action WHERE id = p_id AND state = 'applying' FOR UPDATE;
    IF NOT FOUND OR c.kind = 'none' THEN
        RETURN;
    END IF;
    v_accounts := ARRAY(
        SELECT reached.id FROM (
            SELECT mine.id FROM account mine JOIN balance held ON held.account_id = mine.id
            WHERE mine.market = c.market AND mine.closed_at IS NULL AND mine.id > p_after
              AND held.symbol = c.symbol AND held.available + held.held > 0
            UNION
            SELECT o.account_id FROM open_order o
            WHERE o.market = c.market AND o.symbol = c.symbol AND o.account_id > p_after
        ) AS reached
        WHERE NOT EXISTS (SELECT FROM corporate_action_account done
                          WHERE (done.action_id, done.account_id) = (p_id, reached.id))
        ORDER BY reached.id LIMIT p_limit);
    PERFORM FROM balance held JOIN account mine ON mine.id = held.account_id AND mine.quote_asset = held.asset
        WHERE mine.id = ANY(v_accounts) ORDER BY mine.id FOR UPDATE OF held;
    FOR a IN SELECT * FROM account WHERE id = ANY(v_accounts) AND closed_at IS NULL ORDER BY id LOOP
        v_command := 'action:' || p_id || ':' || a.id;
        v_body := sha256(convert_to(v_command, 'UTF8'));
        v_free := 'available/' || a.id;
        v_entry := NULL;
        v_orders := ARRAY(SELECT o.order_id FROM open_order o
                          WHERE o.account_id = a.id AND o.symbol = c.symbol ORDER BY o.order_id);
        IF cardinality(v_orders) > 0 THEN
            PERFORM end_orders(a.id, v_orders, v_orders, 'expired', 'action', v_command || ':orders', v_body, p_at,
                               p_market_time);
        END IF;
        SELECT * INTO b FROM balance WHERE account_id = a.id AND symbol = c.symbol AND available > 0;
        IF FOUND THEN
            became := CASE WHEN c.kind = 'delisting' THEN div(b.available * c.price, c.unit) * c.unit
                           ELSE div(b.available * c.ratio, c.unit) * c.unit END;
            became_asset := CASE WHEN c.kind = 'delisting' THEN a.quote_asset
                                 WHEN c.kind = 'redenomination' THEN b.asset ELSE c.into_asset END;
            v_cash := CASE c.kind WHEN 'delisting' THEN became ELSE 0 END;
            v_lost := became = 0 OR c.kind = 'delisting';  -- nothing carries the cost on: it is realised
            INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
                VALUES (v_command, v_body, 'action', a.id, a.round, p_at, p_market_time) RETURNING id INTO v_entry;
            INSERT INTO posting SELECT v_entry, seq, source, target, moved_asset, moved
                FROM (VALUES (1, v_free, 'actions', b.asset::text, b.available::numeric),
                             (2, 'actions', v_free, became_asset, became)) AS moves (seq, source, target, moved_asset, moved)
                WHERE moved > 0;
            INSERT INTO holding_change VALUES (
                v_entry, b.asset, b.symbol,
                CASE WHEN c.kind = 'redenomination' AND NOT v_lost THEN 0 ELSE -b.cost END,
                CASE WHEN v_lost THEN v_cash - b.cost ELSE 0 END);
            UPDATE balance SET
                available = CASE WHEN c.kind = 'redenomination' THEN became ELSE 0 END,
                cost = CASE WHEN c.kind = 'redenomination' AND NOT v_lost THEN cost ELSE 0 END,
                realised = realised + CASE WHEN v_lost THEN v_cash - b.cost ELSE 0 END
                WHERE account_id = a.id AND asset = b.asset;
            IF c.kind = 'delisting' THEN
                UPDATE balance SET available = available + became WHERE account_id = a.id AND asset = a.quote_asset;
            ELSIF c.kind IN ('rename', 'conversion') AND became > 0 THEN
                SELECT * INTO other FROM balance WHERE account_id = a.id AND asset = c.into_asset;
                IF FOUND AND other.symbol IS DISTINCT FROM c.into_symbol
                    AND same_symbol(other.symbol, c.into_symbol) IS NOT TRUE THEN
                    RAISE EXCEPTION '% is not traded as %', c.into_asset, c.into_symbol
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
                END IF;
                INSERT INTO balance (account_id, asset, available, held, symbol, cost, realised)
                    VALUES (a.id, c.into_asset, became, 0, c.into_symbol, b.cost, 0)
                    ON CONFLICT (account_id, asset) DO UPDATE
                        SET available = balance.available + excluded.available, cost = balance.cost + excluded.cost;
                INSERT INTO holding_change VALUES (v_entry, c.into_asset, c.into_symbol, b.cost, 0);
            END IF;
        END IF;
        INSERT INTO corporate_action_account VALUES (p_id, a.id, v_entry);
        account_id := a.id;
        person_id := a.person_id;
        ended := cardinality(v_orders);
        asset := b.asset;
        quantity := CASE WHEN v_entry IS NULL THEN 0 ELSE b.available END;
        became := CASE WHEN v_entry IS NULL THEN 0 ELSE became END;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE FUNCTION public.apply_alone(e jsonb, p_place integer, p_order bigint, p_command text, p_body bytea, p_at timestamp with time zone) RETURNS public.order_outcome
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.apply_effect(e jsonb, p_place integer, p_order bigint, p_command text, p_body bytea, p_at timestamp with time zone) RETURNS public.order_outcome
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.apply_effects(p jsonb) RETURNS SETOF public.order_outcome
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
    v_taken   numeric;
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
        PERFORM pg_advisory_xact_lock(locks.key) FROM (
            SELECT DISTINCT display_lock(t.market, t.symbol, t.side) AS key
            FROM jsonb_array_elements(p->'effects') AS effect JOIN order_terms t ON t.id = (effect->>'order_id')::bigint
            WHERE effect ? 'display' ORDER BY 1
        ) AS locks;
    END IF;
    FOR each IN SELECT * FROM jsonb_array_elements(p->'effects') LOOP
        v_order := each->>'order_id';
        v_taken := CASE WHEN each ? 'display' THEN display_taken(each->'display', v_order, v_command || ':' || v_place) END;
        IF cardinality(v_broken) > 0 AND (each->>'kind' = 'activated' OR each->>'reason' = 'list')
            AND (SELECT t.list_id FROM order_terms t WHERE t.id = v_order) = ANY(v_broken) THEN
            r := NULL;
            r.place := v_place;
            r.order_id := v_order;
            r.outcome := 'gone';
        ELSIF v_taken IS NOT NULL THEN
            r := NULL;
            r.place := v_place;
            r.order_id := v_order;
            r.outcome := 'taken';
            r.quantity := v_taken;
        ELSIF v_alone THEN
            r := apply_alone(each, v_place, v_order, v_command || ':' || v_place, v_body, v_at);
        ELSE
            r := apply_effect(each, v_place, v_order, v_command || ':' || v_place, v_body, v_at);
        END IF;
        IF r.outcome = 'done' AND each ? 'display' THEN
            PERFORM take_display(each->'display', v_order);
        END IF;
        IF r.outcome IN ('gone', 'taken', 'fault', 'stuck') THEN
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
END $_$;

CREATE FUNCTION public.ban_person(p_person bigint, p_reason text, p_platform text, p_external text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO ban (person_id, reason, named)
        SELECT p_person, p_reason, CASE WHEN p_platform <> '' THEN identity_digest(p_platform, p_external) END
        ON CONFLICT (person_id) DO UPDATE SET reason = excluded.reason,
            named = CASE WHEN ban.named = excluded.named THEN ban.named END;
END $$;

CREATE FUNCTION public.ban_returning_identity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO ban (person_id, reason, since)
        SELECT NEW.person_id, reason, since FROM banned_identity
        WHERE digest = identity_digest(NEW.platform, NEW.external_id)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION public.begin_action(p jsonb, p_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    wanted corporate_action := jsonb_populate_record(NULL::corporate_action, p);
    known  corporate_action;
    v_hold symbol_hold;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('corporate-action:' || wanted.id, 0));
    SELECT * INTO known FROM corporate_action WHERE id = wanted.id;
    IF FOUND THEN
        IF (known.market, known.symbol, known.kind) <> (wanted.market, wanted.symbol, wanted.kind)
            OR (known.ratio, known.into_symbol, known.into_asset, known.price)
               IS DISTINCT FROM (wanted.ratio, wanted.into_symbol, wanted.into_asset, wanted.price) THEN
            RETURN 'reused';
        END IF;
        RETURN CASE WHEN known.state IN ('undoing', 'undone') THEN 'undone' ELSE 'replayed' END;
    END IF;
    SELECT * INTO v_hold FROM symbol_hold
        WHERE market = wanted.market AND symbol = wanted.symbol AND released_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not_held';
    END IF;
    IF v_hold.since > clock_timestamp() - interval '15 seconds' THEN
        RETURN 'fresh';
    END IF;
    IF EXISTS (SELECT FROM corporate_action c
               WHERE (c.market, c.symbol, c.state) = (wanted.market, wanted.symbol, 'applying')) THEN
        RETURN 'busy';
    END IF;
    wanted.state := 'applying';
    wanted.created_at := p_at;
    wanted.finished_at := NULL;
    INSERT INTO corporate_action SELECT wanted.*;
    RETURN 'begun';
END $$;

CREATE FUNCTION public.blank_operator_actions(p_person bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    UPDATE operator_action SET line = split_part(line, ' ', 1) || ' …'
        WHERE result ~ ('^(banned|unbanned|not banned|person) ' || p_person || '(:|$)')
           OR EXISTS (SELECT FROM identity i WHERE i.person_id = p_person
                      AND lower(i.platform || ':' || i.external_id)
                          = ANY (regexp_split_to_array(lower(line), '[[:space:],;()]+')));
END $_$;

CREATE FUNCTION public.blank_sender() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.sender := '';
    RETURN NEW;
END
$$;

CREATE FUNCTION public.blank_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.body := '{}';
    NEW.lane := '-';
    NEW.sender := '';
    RETURN NEW;
END
$$;

CREATE TABLE public.orders (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    symbol text NOT NULL,
    base public.asset_name NOT NULL,
    quote public.asset_name NOT NULL,
    side public.order_side NOT NULL,
    quantity public.positive_amount NOT NULL,
    unfilled public.amount NOT NULL,
    quote_amount public.amount NOT NULL,
    average_price public.positive_amount NOT NULL,
    mid_price public.positive_amount NOT NULL,
    slippage public.signed_amount NOT NULL,
    fee_rate public.amount NOT NULL,
    fee public.amount NOT NULL,
    fee_asset public.asset_name NOT NULL,
    received public.amount NOT NULL,
    base_unit public.positive_amount NOT NULL,
    quote_unit public.positive_amount NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    from_book boolean NOT NULL,
    price_time bigint NOT NULL,
    price_age_ms bigint NOT NULL,
    realised public.signed_amount,
    base_available public.amount NOT NULL,
    base_held public.amount NOT NULL,
    quote_available public.amount NOT NULL,
    quote_held public.amount NOT NULL,
    parent_id bigint,
    maker boolean DEFAULT false NOT NULL,
    rule text DEFAULT ''::text NOT NULL,
    unfilled_reason public.order_end_reason,
    latency_ms integer,
    CONSTRAINT orders_latency_bounds CHECK (((latency_ms >= 0) AND (latency_ms <= 10000))),
    CONSTRAINT orders_rule_shape CHECK ((rule ~ '^[a-z-]{0,32}$'::text))
);

CREATE FUNCTION public.book_robot_order(p_robot bigint, o public.orders, p_leg text, p_candle bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    r          robot;
    v_sold     numeric;
    v_received numeric;
    v_released numeric;
BEGIN
    SELECT * INTO r FROM robot WHERE id = p_robot FOR UPDATE;
    INSERT INTO robot_order (order_id, robot_id, leg, candle_ms) VALUES (o.id, r.id, p_leg, p_candle);
    IF o.side = 'buy' THEN
        IF o.quote_amount > r.cash THEN
            RAISE EXCEPTION 'robot % has % to spend', r.id, r.cash
                USING ERRCODE = 'check_violation', CONSTRAINT = 'robot_budget';
        END IF;
        r.cash := r.cash - o.quote_amount;
        r.quantity := r.quantity + o.received;
        r.cost := r.cost + o.quote_amount;
        r.entry_price := o.average_price;
        r.highest := o.average_price;
    ELSE
        IF p_leg <> 'protection' AND o.quantity > r.quantity THEN
            RAISE EXCEPTION 'robot % has % to sell', r.id, r.quantity
                USING ERRCODE = 'check_violation', CONSTRAINT = 'robot_step';
        END IF;
        -- A protective order that its user made larger sells coins of the user too: their money is not the robot's.
        v_sold := least(o.quantity, r.quantity);
        v_received := CASE WHEN v_sold = o.quantity THEN o.received
                           ELSE div(o.received * v_sold, o.quantity * o.quote_unit) * o.quote_unit END;
        v_released := CASE WHEN v_sold = r.quantity THEN r.cost
                           ELSE div(r.cost * v_sold, r.quantity * o.quote_unit) * o.quote_unit END;
        r.cash := r.cash + v_received;
        r.quantity := r.quantity - v_sold;
        r.cost := r.cost - v_released;
        r.realised := r.realised + v_received - v_released;
    END IF;
    UPDATE robot SET cash = r.cash, quantity = r.quantity, cost = r.cost, entry_price = r.entry_price, highest = r.highest,
        realised = r.realised, moves = moves + 1, guarded = guarded AND p_leg = 'protection',
        version = version + 1, changed = pg_current_xact_id(), step = CASE WHEN p_leg = 'protection' THEN step END, step_leg = CASE WHEN p_leg = 'protection' THEN step_leg END,
        step_candle_ms = CASE WHEN p_leg = 'protection' THEN step_candle_ms END,
        step_kind = CASE WHEN p_leg = 'protection' THEN step_kind END,
        step_size = CASE WHEN p_leg = 'protection' THEN step_size END
    WHERE id = r.id;
END $$;

CREATE FUNCTION public.book_robot_protection() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM book_robot_order(p.robot_id, NEW, 'protection', p.candle_ms) FROM robot_order p WHERE p.order_id = NEW.parent_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.bound_group_changes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM chat_group_change AS change
    WHERE change.platform = NEW.platform AND change.group_id = NEW.group_id AND change.id <= (
        SELECT id FROM chat_group_change AS kept
        WHERE kept.platform = NEW.platform AND kept.group_id = NEW.group_id
        ORDER BY id DESC OFFSET 1000 LIMIT 1
    );
    RETURN NULL;
END $$;

CREATE FUNCTION public.bounded_sales(p_account bigint, p_most integer, p_since timestamp with time zone, p_losing boolean) RETURNS TABLE(sale bigint, at timestamp with time zone, realised numeric, cost numeric)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    c_most     CONSTANT integer := 20000;
    c_portion  CONSTANT integer := 1024;
    v_accounts bigint[] := ARRAY(SELECT account_lineage(p_account));
    v_reversed bigint[] := reversed_orders(p_account);
    v_seen     bigint[] := '{}';  -- of several executions: others are met once
    v_sales    integer := 0;
    v_before    timestamptz := 'infinity';
    v_before_id bigint := 0;
    v_portion  integer := greatest(1, least(8, c_most / cardinality(v_accounts)));
    v_read     integer := 0;
    v_round    integer;
    v_left     integer := c_most;
    v_parts    integer;
    execution  record;
BEGIN
    WHILE v_sales < p_most LOOP
        -- Portions grow: most often the first few executions decide. Each is read of every account, and what is not among
        -- the newest of all of them is read again.
        FOR execution IN
            SELECT found.*, count(*) OVER () AS read FROM unnest(v_accounts) AS mine CROSS JOIN LATERAL (
                SELECT o.recorded_at, o.id, coalesce(o.parent_id, o.id) AS sale FROM orders o
                WHERE o.account_id = mine AND o.side = 'sell' AND o.recorded_at > p_since
                    AND (o.recorded_at, o.id) < (v_before, v_before_id)
                ORDER BY o.recorded_at DESC, o.id DESC LIMIT v_portion
            ) AS found ORDER BY found.recorded_at DESC, found.id DESC LIMIT v_portion
        LOOP
            v_before := execution.recorded_at;
            v_before_id := execution.id;
            v_round := execution.read;
            CONTINUE WHEN execution.sale = ANY (v_seen) OR execution.id = ANY (v_reversed);
            -- Of a sale that is not larger than what may still be read.
            SELECT execution.sale, count(*), max(part.recorded_at), sum(part.realised), sum(part.received - part.realised)
                INTO sale, v_parts, at, realised, cost
                FROM (SELECT each.* FROM (
                          SELECT * FROM orders o WHERE o.id = execution.sale
                          UNION ALL
                          SELECT * FROM orders o WHERE o.parent_id = execution.sale
                      ) AS each LIMIT v_left + 1) AS part
                WHERE part.side = 'sell' AND part.id <> ALL (v_reversed);
            v_left := v_left - v_parts;
            IF v_left < 0 THEN
                RETURN;
            END IF;
            v_sales := v_sales + 1;
            IF v_parts > 1 THEN
                v_seen := v_seen || execution.sale;
            END IF;
            RETURN NEXT;
            IF p_losing AND (realised < 0) IS NOT TRUE OR v_sales >= p_most THEN
                RETURN;
            END IF;
        END LOOP;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        v_read := v_read + v_round;
        IF v_read >= c_most THEN
            RETURN;
        END IF;
        v_portion := greatest(1, least(4 * v_portion, c_portion, (c_most - v_read) / cardinality(v_accounts)));
    END LOOP;
END $$;

CREATE FUNCTION public.cancel_orders(p_account bigint, p_orders bigint[], p_symbol text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, p_person bigint DEFAULT NULL::bigint) RETURNS public.order_outcome
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.candle_months() RETURNS TABLE(month_ms bigint, market text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    month timestamptz;
    following bigint;
    found_any boolean;
BEGIN
    FOR month IN
        SELECT to_timestamp(right(part.relname, 7), 'YYYY_MM')
        FROM pg_inherits AS child JOIN pg_class AS part ON part.oid = child.inhrelid
        WHERE child.inhparent = 'candle'::regclass
        ORDER BY 1
    LOOP
        month_ms := extract(epoch FROM month) * 1000;
        following := extract(epoch FROM month + interval '1 month') * 1000;
        found_any := false;
        market := '';
        LOOP
            SELECT next.market INTO market FROM candle AS next
            WHERE next.open_time >= month_ms AND next.open_time < following AND next.market > candle_months.market
            ORDER BY next.market LIMIT 1;
            EXIT WHEN NOT FOUND;
            found_any := true;
            RETURN NEXT;
        END LOOP;
        IF NOT found_any THEN
            market := NULL;
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION public.change_unit_of_mark(p_account bigint, p_action text, p_undone boolean) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    UPDATE account_limit_state s SET marks = jsonb_set(s.marks, ARRAY[c.symbol], to_jsonb(
        round((s.marks->>c.symbol)::numeric * CASE WHEN p_undone THEN c.ratio ELSE 1 / c.ratio END, 18)))
    FROM corporate_action c
    WHERE c.id = p_action AND c.kind = 'redenomination' AND s.account_id = p_account AND s.marks ? c.symbol
$$;

CREATE FUNCTION public.check_account_person(p_account bigint, p_person bigint) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF p_person <> (SELECT a.person_id FROM account a WHERE a.id = p_account) THEN
        RAISE EXCEPTION 'account % does not belong to person %', p_account, p_person
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_of_person';
    END IF;
END $$;

CREATE FUNCTION public.check_limits(p_account bigint, p_symbol text, p_price numeric, p_amount numeric, p_added numeric, p_adds boolean, p_rests boolean, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    c_fresh CONSTANT interval := interval '1 minute';
    a        account;
    s        account_limit_state;
    l        record;
    pause    record;
    v_equity numeric;
    v_coin   numeric;
    v_blind  boolean;
    v_open   numeric;
    v_until  timestamptz;
BEGIN
    SELECT known.* INTO a FROM account known WHERE known.id = p_account
        AND (EXISTS (SELECT FROM trading_limit t WHERE t.person_id = known.person_id)
             OR EXISTS (SELECT FROM desk_limit)
             OR EXISTS (SELECT FROM account_limit_state p WHERE p.account_id = known.id
                        AND (p.paused_kind IS NOT NULL OR p.day_paused_until IS NOT NULL)));
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO s FROM account_limit_state known WHERE known.account_id = p_account;
    IF p_adds THEN
        SELECT * INTO pause FROM pause_in_force(p_account, p_at);
        IF FOUND THEN
            PERFORM refuse_by_limit(pause.kind, pause.value, 0, a.quote_asset, pause.until - p_at, pause.of_desk);
        END IF;
    END IF;
    FOR l IN SELECT * FROM limits_in_force(a.person_id, p_at) LOOP
        IF l.kind = 'orders' THEN
            IF p_rests AND (SELECT count(*) FROM open_order o WHERE o.account_id = p_account) > l.value THEN
                PERFORM refuse_by_limit(l.kind, l.value, l.value, a.quote_asset, NULL, l.of_desk);
            END IF;
        ELSIF NOT p_adds THEN
            CONTINUE;
        ELSIF l.kind = 'order' THEN
            IF p_amount > l.value THEN
                PERFORM refuse_by_limit(l.kind, l.value, l.value, a.quote_asset, NULL, l.of_desk);
            END IF;
        ELSIF l.kind IN ('streak', 'loss') THEN
            IF l.kind = 'streak' THEN
                SELECT max(sale.at) INTO v_until FROM newest_sales(p_account, least(l.value, 1000)::integer) AS sale
                    HAVING count(*) FILTER (WHERE sale.realised < 0) = l.value;
            ELSE
                SELECT max(sale.at) INTO v_until
                    FROM sales_since(p_account, p_at - make_interval(mins => l.cooldown_minutes)) AS sale
                    WHERE sale.realised < 0 AND -sale.realised >= l.value * sale.cost;
            END IF;
            v_until := v_until + make_interval(mins => l.cooldown_minutes);
            IF v_until > p_at THEN
                PERFORM refuse_by_limit(l.kind, l.value, 0, a.quote_asset, v_until - p_at, l.of_desk);
            END IF;
        ELSE
            IF v_equity IS NULL THEN
                SELECT sum(CASE WHEN b.symbol IS NULL THEN b.available + b.held ELSE
                               (b.available + b.held) * CASE WHEN b.symbol = p_symbol AND p_price IS NOT NULL THEN p_price
                                                             ELSE (s.marks->>b.symbol)::numeric END END),
                       coalesce(sum((b.available + b.held) * coalesce(p_price, (s.marks->>b.symbol)::numeric))
                                FILTER (WHERE b.symbol = p_symbol), 0),
                       bool_or(b.symbol IS NOT NULL AND NOT s.marks ? b.symbol
                               AND (b.symbol <> p_symbol OR p_price IS NULL))
                    INTO v_equity, v_coin, v_blind
                    FROM balance b WHERE b.account_id = p_account AND b.available + b.held > 0;
                IF (s.valued_at >= p_at - c_fresh AND s.day_ends > p_at AND s.round = a.round AND s.adjusted = a.adjusted
                    AND NOT v_blind) IS NOT TRUE THEN
                    RAISE EXCEPTION 'the account % is not valued at current prices', p_account
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'account_valued';
                END IF;
            END IF;
            IF l.kind = 'day' AND s.day_start - v_equity >= l.value * s.day_start THEN
                PERFORM refuse_by_limit(l.kind, l.value, 0, a.quote_asset, s.day_ends - p_at, l.of_desk);
            ELSIF l.kind = 'drawdown' AND s.peak - v_equity >= l.value * s.peak THEN
                PERFORM refuse_by_limit(l.kind, l.value, 0, a.quote_asset, NULL, l.of_desk);
            ELSIF l.kind = 'coin' THEN
                -- What open orders may buy: of a list the largest, since its orders exclude or follow each other.
                SELECT coalesce(sum(each.most), 0) INTO v_open FROM (
                    SELECT max((o.quantity - o.filled) * o.hold_price) AS most FROM open_order o
                    WHERE o.account_id = p_account AND o.symbol = p_symbol AND o.hold_price IS NOT NULL
                    GROUP BY coalesce(o.list_id, o.order_id)
                ) AS each;
                IF v_coin + v_open > l.value * v_equity THEN
                    PERFORM refuse_by_limit(l.kind, l.value,
                        trunc(greatest(l.value * v_equity - (v_coin + v_open - p_added), 0), 2), a.quote_asset, NULL, l.of_desk);
                END IF;
            END IF;
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION public.check_market_order_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_market text := (SELECT a.market FROM account a WHERE a.id = NEW.account_id);
BEGIN
    IF is_in_question(v_market, NEW.symbol) THEN
        RAISE EXCEPTION '% is held, or an action is being applied to it', NEW.symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'symbol_in_question';
    END IF;
    IF EXISTS (SELECT FROM corporate_action c
               WHERE c.market = v_market AND c.symbol = NEW.symbol AND c.state = 'done'
                 AND c.unit_since_ms > NEW.price_time) THEN
        RAISE EXCEPTION 'the price of % is of the unit before its redenomination', NEW.symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'price_of_this_unit';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.check_merge_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (
        SELECT FROM account a
        JOIN corporate_action c ON c.market = a.market AND c.kind <> 'none' AND c.state IN ('applying', 'undoing')
        LEFT JOIN corporate_action_account d ON (d.action_id, d.account_id) = (c.id, a.id)
        WHERE a.id IN (NEW.source_id, NEW.target_id)
          AND CASE c.state
              WHEN 'undoing' THEN d.entry_id IS NOT NULL
                  AND NOT EXISTS (SELECT FROM entry_correction r WHERE r.reversed_id = d.entry_id)
              ELSE d.account_id IS NOT NULL OR EXISTS (
                  SELECT FROM balance b
                  WHERE b.account_id = a.id AND b.symbol IN (c.symbol, c.into_symbol) AND b.available + b.held > 0) END
    ) THEN
        RAISE EXCEPTION 'accounts % and % wait for a corporate action', NEW.source_id, NEW.target_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merge_after_action';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.check_new_robot() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF (NEW.cash = NEW.budget AND NEW.quantity = 0 AND NEW.cost = 0 AND NEW.realised = 0 AND NEW.moves = 0
        AND NEW.entry_price IS NULL AND NEW.highest IS NULL AND NOT NEW.guarded AND NEW.step IS NULL) IS NOT TRUE THEN
        RAISE EXCEPTION 'a robot begins with its budget and nothing else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'robot_begins_with_its_budget';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.check_opening_grant(p_grant numeric) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF p_grant IS DISTINCT FROM current_opening_grant() THEN
        RAISE EXCEPTION 'accounts do not open with %', p_grant
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_grant_in_force';
    END IF;
END $$;

CREATE FUNCTION public.check_resting_order_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF is_in_question(NEW.market, NEW.symbol) THEN
        RAISE EXCEPTION '% is held, or an action is being applied to it', NEW.symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'symbol_in_question';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.check_units(p_base_unit numeric, p_quote_unit numeric) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    AS $$
BEGIN
    IF (p_base_unit <= 1 AND p_quote_unit <= 0.01) IS NOT TRUE THEN
        RAISE EXCEPTION 'units of % and % are too large', p_base_unit, p_quote_unit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_adds_up';
    END IF;
END $$;

CREATE FUNCTION public.claim_displays(p jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_claims integer;
    v_done   integer;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(locks.key) FROM (
        SELECT DISTINCT display_lock(a.market, c.symbol, c.side) AS key
        FROM jsonb_to_recordset(p) AS c (account_id bigint, symbol text, side text) JOIN account a ON a.id = c.account_id
        ORDER BY 1
    ) AS locks;
    WITH claim AS (
        SELECT a.market, c.symbol, c.side, d.price, d.time, d.from_book, d.owner, min(d.start) AS start, max(d."end") AS "end",
               sum(d."end" - d.start) AS quantity
        FROM jsonb_to_recordset(p) AS c (account_id bigint, symbol text, side text, display jsonb)
        JOIN account a ON a.id = c.account_id
        CROSS JOIN jsonb_to_record(c.display)
             AS d (price numeric, time bigint, from_book boolean, owner bigint, start numeric, "end" numeric)
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), done AS (
        INSERT INTO display_use AS known
            (market, symbol, side, price, time_ms, from_book, owner, base, used, others, sold)
        SELECT c.market, c.symbol, c.side, c.price, c.time, c.from_book, c.owner, c.start, c."end", near.used, c.quantity
        FROM claim c CROSS JOIN LATERAL (
            SELECT coalesce(sum(n.resting + CASE WHEN n.from_book <> c.from_book THEN n.sold ELSE 0 END), 0) AS used
            FROM display_use n
            WHERE (n.market, n.symbol, n.side, n.price) = (c.market, c.symbol, c.side, c.price)
              AND n.time_ms BETWEEN c.time - 1000 AND c.time + 1000
        ) AS near
        WHERE c.start >= near.used
        ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (market, symbol, side, price, time_ms, from_book) DO UPDATE SET
            owner = excluded.owner,
            base = CASE WHEN known.owner = excluded.owner AND known.others = excluded.others THEN known.base
                        ELSE excluded.base END,
            used = greatest(known.used, excluded.used),
            others = excluded.others,
            sold = known.sold + excluded.sold
        WHERE known.owner = excluded.owner AND known.others = excluded.others AND excluded.base >= known.base
           OR excluded.base >= known.used + excluded.others - known.others
        RETURNING 1
    ) SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM done) INTO v_claims, v_done;
    IF v_done < v_claims THEN
        RAISE EXCEPTION 'a displayed quantity is taken' USING ERRCODE = 'check_violation', CONSTRAINT = 'display_untaken',
            DETAIL = (
                SELECT jsonb_object_agg(c.symbol, (greatest(known.used - known.others, 0) + near.used)::text)
                FROM jsonb_to_recordset(p) AS c (account_id bigint, symbol text, side text, display jsonb)
                JOIN account a ON a.id = c.account_id
                CROSS JOIN jsonb_to_record(c.display) AS d (price numeric, time bigint, from_book boolean)
                LEFT JOIN display_use known
                    ON (known.market, known.symbol, known.side, known.price, known.time_ms, known.from_book)
                     = (a.market, c.symbol, c.side, d.price, d.time, d.from_book)
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(n.resting + CASE WHEN n.from_book <> d.from_book THEN n.sold ELSE 0 END), 0) AS used
                    FROM display_use n
                    WHERE (n.market, n.symbol, n.side, n.price) = (a.market, c.symbol, c.side, d.price)
                      AND n.time_ms BETWEEN d.time - 1000 AND d.time + 1000
                ) AS near
            );
    END IF;
END $$;

CREATE FUNCTION public.claim_link_code(p_selector text, p_hash bytea, p_platform text, p_external text, p_public boolean, p_now timestamp with time zone, OUT outcome text, OUT code_id bigint, OUT host_id bigint, OUT open_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    c_most   CONSTANT smallint := 5;
    c_window CONSTANT interval := interval '10 minutes';
    guess    link_code_attempt;
    code     link_code;
BEGIN
    IF p_public THEN
        UPDATE link_code SET state = 'burned' WHERE selector = p_selector AND hash = p_hash AND state = 'open';
        outcome := 'public';
        RETURN;
    END IF;
    -- The row is the lock: one identity enters one code at a time.
    INSERT INTO link_code_attempt VALUES (p_platform, p_external, 0, p_now)
        ON CONFLICT (platform, external_id) DO UPDATE
            SET count = CASE WHEN link_code_attempt.since <= p_now - c_window THEN 0 ELSE link_code_attempt.count END,
                since = CASE WHEN link_code_attempt.since <= p_now - c_window THEN p_now ELSE link_code_attempt.since END
        RETURNING * INTO guess;
    IF guess.count >= c_most THEN
        outcome := 'blocked';
        open_at := guess.since + c_window;
        RETURN;
    END IF;
    SELECT * INTO code FROM link_code WHERE selector = p_selector AND hash = p_hash FOR UPDATE;
    IF NOT FOUND THEN
        UPDATE link_code_attempt SET count = count + 1 WHERE (platform, external_id) = (p_platform, p_external);
        UPDATE link_code SET tries = tries + 1, state = CASE WHEN tries + 1 >= c_most THEN 'burned' ELSE 'open' END
            WHERE selector = p_selector AND state = 'open';
        outcome := 'wrong';
        RETURN;
    END IF;
    outcome := CASE
        WHEN NOT is_hosting(code.person_id) THEN 'gone'
        WHEN code.state <> 'open' THEN code.state
        WHEN code.expires_at <= p_now THEN 'expired'
        WHEN EXISTS (SELECT FROM identity i WHERE (i.platform, i.external_id, i.person_id)
                         = (p_platform, p_external, code.person_id)) THEN 'same'
        WHEN (code.claimed_platform, code.claimed_id) <> (p_platform, p_external) THEN 'used'
        ELSE 'claimed' END;
    IF outcome = 'claimed' THEN
        UPDATE link_code SET claimed_platform = p_platform, claimed_id = p_external WHERE id = code.id;
        code_id := code.id;
        host_id := code.person_id;
    END IF;
END $$;

CREATE FUNCTION public.clear_former(p_former bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_join link_join;
BEGIN
    FOR v_join IN SELECT * FROM link_join WHERE host_id = p_former ORDER BY former_id LOOP
        v_join.alerts := v_join.alerts || ARRAY(
            SELECT a.id FROM alert a JOIN notification_chat c USING (platform, chat_id)
            WHERE a.person_id = p_former AND c.person_id = v_join.former_id
            UNION ALL
            SELECT a.id FROM range_alert a JOIN notification_chat c USING (platform, chat_id)
            WHERE a.person_id = p_former AND c.person_id = v_join.former_id
            UNION ALL
            SELECT a.id FROM condition_alert a JOIN notification_chat c USING (platform, chat_id)
            WHERE a.person_id = p_former AND c.person_id = v_join.former_id);
        v_join.forecast_alerts := v_join.forecast_alerts || ARRAY(
            SELECT a.id FROM forecast_alert a JOIN notification_chat c USING (platform, chat_id)
            WHERE a.person_id = p_former AND c.person_id = v_join.former_id);
        PERFORM undo_join(v_join);
    END LOOP;
    IF NOT EXISTS (SELECT FROM identity WHERE person_id = p_former) THEN
        RETURN true;
    END IF;
    SELECT * INTO v_join FROM link_join WHERE former_id = p_former;
    PERFORM undo_join(v_join);
    PERFORM drop_unowned(v_join.host_id, p_at, p_market_time);
    RETURN false;
END $$;

CREATE FUNCTION public.close_account(p_account bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.copy_joined_targets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO rebalancing_target (
        person_id, market, with_cash, band, every, day, minute, timezone, next_day, next_at, last_day, copied_from, created_at)
        SELECT NEW.host_id, market, with_cash, band, every, day, minute, timezone, next_day, next_at, last_day, person_id, created_at
        FROM rebalancing_target WHERE person_id = NEW.former_id
        ON CONFLICT (person_id, market) DO NOTHING;
    INSERT INTO rebalancing_weight (target_id, symbol, weight, place)
        SELECT there.id, w.symbol, w.weight, w.place
        FROM rebalancing_target own
        JOIN rebalancing_target there ON there.person_id = NEW.host_id AND there.market = own.market
            AND there.copied_from = own.person_id
        JOIN rebalancing_weight w ON w.target_id = own.id
        WHERE own.person_id = NEW.former_id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION public.current_opening_grant() RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT amount::numeric FROM opening_grant ORDER BY id DESC LIMIT 1
$$;

CREATE FUNCTION public.delete_person(p_person bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM ban WHERE person_id = p_person;
    DELETE FROM outbox WHERE person_id = p_person;
    DELETE FROM alert WHERE person_id = p_person;
    DELETE FROM notification_chat WHERE person_id = p_person;
    DELETE FROM notification_preference WHERE person_id = p_person;
    DELETE FROM notification_quiet_hours WHERE person_id = p_person;
    UPDATE rebalancing_target SET copied_from = NULL WHERE copied_from = p_person;
    DELETE FROM person WHERE id = p_person;  -- and with it what is watched, and the code
END $$;

CREATE FUNCTION public.display_lock(p_market text, p_symbol text, p_side text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT hashtextextended(p_market || '/' || p_symbol || '/' || p_side, 52)
$$;

CREATE FUNCTION public.display_taken(d jsonb, p_order bigint, p_command text) RETURNS numeric
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_taken numeric := (
        SELECT sum(u.sold + u.resting) FROM order_terms t
        JOIN display_use u ON (u.market, u.symbol, u.side, u.price) = (t.market, t.symbol, t.side, (d->>'price')::numeric)
        WHERE t.id = p_order AND u.time_ms BETWEEN (d->>'since')::bigint AND (d->>'time')::bigint + 1000);
BEGIN
    RETURN CASE WHEN v_taken > (d->>'start')::numeric
        AND NOT EXISTS (SELECT FROM order_event v WHERE v.order_id = p_order AND v.command_id = p_command) THEN v_taken END;
END $$;

CREATE FUNCTION public.drop_candle_month(from_ms bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '2s'
    AS $$
DECLARE
    month timestamptz := to_timestamp(from_ms / 1000.0);
    part text := 'candle_' || to_char(month, 'YYYY_MM');
BEGIN
    IF month <> date_trunc('month', month) OR month + interval '2 months' > now() THEN
        RAISE EXCEPTION 'no month of candles to drop begins at %', from_ms USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_candle_partitions'));
    IF NOT EXISTS (
        SELECT FROM pg_inherits WHERE inhparent = 'candle'::regclass AND inhrelid = to_regclass(part)
    ) THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', part);
    RETURN true;
END
$$;

CREATE FUNCTION public.drop_copied_targets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM rebalancing_target WHERE person_id = OLD.person_id AND copied_from = NEW.person_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.drop_unowned(p_person bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM identity WHERE person_id = p_person)
        OR EXISTS (SELECT FROM link_join WHERE p_person IN (former_id, link_join.host_id)) THEN
        RETURN false;
    END IF;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id = p_person ORDER BY a.id FOR UPDATE OF b;
    PERFORM close_account(a.id, p_at, p_market_time) FROM account a WHERE a.person_id = p_person;
    PERFORM delete_person(p_person);
    RETURN true;
END $$;

CREATE FUNCTION public.end_all_orders(p_account bigint, p_reason text, p_command text, p_at timestamp with time zone, p_market_time bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_orders bigint[] := ARRAY(SELECT order_id FROM open_order WHERE account_id = p_account ORDER BY order_id);
BEGIN
    IF cardinality(v_orders) > 0 THEN
        PERFORM end_orders(p_account, v_orders, v_orders, 'canceled', p_reason, p_command,
                           sha256(convert_to(p_command, 'UTF8')), p_at, p_market_time);
    END IF;
END $$;

CREATE FUNCTION public.end_orders(p_account bigint, p_orders bigint[], p_named bigint[], p_kind text, p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.end_robot_protection() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_robot bigint;
BEGIN
    UPDATE robot_order SET open = false WHERE order_id = OLD.order_id RETURNING robot_id INTO v_robot;
    IF FOUND THEN
        UPDATE robot SET changed = pg_current_xact_id() WHERE id = v_robot;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.end_robots_of_account() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.closed_at IS NOT NULL THEN
        DELETE FROM robot WHERE account_id = NEW.id;
    ELSE
        PERFORM halt_robots(ARRAY(SELECT id FROM robot WHERE account_id = NEW.id), 'ended', 'reset');
        UPDATE robot SET quantity = 0, cost = 0, version = version + 1, changed = pg_current_xact_id()
            WHERE account_id = NEW.id AND quantity > 0;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.end_robots_of_action() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM halt_robots(ARRAY(SELECT id FROM robot WHERE market = NEW.market AND symbol = NEW.symbol), 'ended', 'action');
    RETURN NULL;
END $$;

CREATE FUNCTION public.end_robots_of_parting() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_brought bigint[];
BEGIN
    SELECT robots INTO v_brought FROM link_join WHERE former_id = NEW.person_id AND host_id = OLD.person_id;
    IF FOUND THEN
        PERFORM halt_robots(ARRAY(SELECT id FROM robot WHERE account_id = NEW.id AND id <> ALL(v_brought)), 'ended', 'parted');
        PERFORM halt_robots(ARRAY(SELECT id FROM robot WHERE account_id = NEW.id AND id = ANY(v_brought)), 'paused', 'parted');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.erase_person(p_person bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_join link_join;
BEGIN
    PERFORM FROM person p WHERE p.id = p_person OR p.id IN (SELECT former_id FROM link_join WHERE host_id = p_person)
        ORDER BY p.id FOR UPDATE;
    IF NOT EXISTS (SELECT FROM person WHERE id = p_person) THEN
        RETURN false;
    END IF;
    FOR v_join IN SELECT * FROM link_join WHERE host_id = p_person ORDER BY former_id FOR UPDATE LOOP
        PERFORM undo_join(v_join);
    END LOOP;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id = p_person ORDER BY a.id FOR UPDATE OF b;
    PERFORM close_account(a.id, p_at, p_market_time) FROM account a WHERE a.person_id = p_person;
    UPDATE inbox SET body = '{}', lane = '-', reason = '' FROM identity i
        WHERE i.person_id = p_person AND inbox.platform = i.platform AND inbox.state <> 'pending'
          AND inbox.body LIKE '%' || i.external_id || '%' AND telegram_sender_of(inbox.body) = i.external_id;
    DELETE FROM pending_prompt USING identity i
        WHERE i.person_id = p_person
          AND (pending_prompt.platform, pending_prompt.external_id) = (i.platform, i.external_id);
    DELETE FROM link_code_attempt USING identity i
        WHERE i.person_id = p_person
          AND (link_code_attempt.platform, link_code_attempt.external_id) = (i.platform, i.external_id);
    INSERT INTO banned_identity (digest, reason, since)
        SELECT identity_digest(i.platform, i.external_id), ban.reason, ban.since
        FROM ban JOIN identity i ON i.person_id = ban.person_id WHERE ban.person_id = p_person
        ON CONFLICT (digest) DO UPDATE SET reason = excluded.reason, since = excluded.since;
    PERFORM blank_operator_actions(p_person);
    DELETE FROM identity WHERE person_id = p_person;
    PERFORM delete_person(p_person);
    RETURN true;
END $$;

CREATE FUNCTION public.expire_orders(p_market text, p_symbols text[], p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) RETURNS SETOF public.order_outcome
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE TABLE public.open_order (
    order_id bigint NOT NULL,
    account_id bigint NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    list_id bigint,
    status public.order_status NOT NULL,
    version integer NOT NULL,
    accepted_at_ms bigint NOT NULL,
    quantity public.positive_amount NOT NULL,
    filled public.amount DEFAULT 0 NOT NULL,
    limit_price public.positive_amount,
    stop_price public.positive_amount,
    hold_price public.positive_amount,
    hold_id bigint,
    priority bigint NOT NULL,
    triggered boolean DEFAULT false NOT NULL,
    queue_ahead public.amount,
    extreme public.positive_amount,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT open_order_has_a_rest CHECK (((filled)::numeric < (quantity)::numeric)),
    CONSTRAINT open_order_holds_when_live CHECK ((((status)::text = 'PENDING_NEW'::text) = (hold_id IS NULL))),
    CONSTRAINT open_order_is_open CHECK (((status)::text = ANY (ARRAY['PENDING_NEW'::text, 'NEW'::text, 'PARTIALLY_FILLED'::text])))
);

CREATE TABLE public.order_terms (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    command_id public.command_name NOT NULL,
    "position" smallint NOT NULL,
    list_id bigint,
    role text,
    market text NOT NULL,
    symbol text NOT NULL,
    base public.asset_name NOT NULL,
    quote public.asset_name NOT NULL,
    side public.order_side NOT NULL,
    type text NOT NULL,
    quantity public.positive_amount NOT NULL,
    limit_price public.positive_amount,
    stop_price public.positive_amount,
    trailing_delta integer,
    time_in_force text NOT NULL,
    expires_at_ms bigint,
    hold_price public.positive_amount,
    step public.positive_amount,
    fee_rate public.amount NOT NULL,
    base_unit public.positive_amount NOT NULL,
    quote_unit public.positive_amount NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    market_time_ms bigint NOT NULL,
    CONSTRAINT order_terms_dated CHECK (((time_in_force = 'GTD'::text) = (expires_at_ms IS NOT NULL))),
    CONSTRAINT order_terms_in_list CHECK (((list_id IS NULL) = (role IS NULL))),
    CONSTRAINT order_terms_limit_known CHECK (((limit_price IS NULL) = (type = ANY (ARRAY['STOP_LOSS'::text, 'TAKE_PROFIT'::text])))),
    CONSTRAINT order_terms_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT order_terms_of_two_assets CHECK (((base)::text <> (quote)::text)),
    CONSTRAINT order_terms_position_bounds CHECK ((("position" >= 0) AND ("position" <= 9))),
    CONSTRAINT order_terms_purchase_bounded CHECK ((((side)::text = 'buy'::text) = (hold_price IS NOT NULL))),
    CONSTRAINT order_terms_role_known CHECK ((role = ANY (ARRAY['working'::text, 'limit'::text, 'stop'::text]))),
    CONSTRAINT order_terms_stop_known CHECK (
CASE
    WHEN (type = ANY (ARRAY['LIMIT'::text, 'LIMIT_MAKER'::text])) THEN ((stop_price IS NULL) AND (trailing_delta IS NULL))
    ELSE ((stop_price IS NOT NULL) OR (trailing_delta IS NOT NULL))
END),
    CONSTRAINT order_terms_symbol_length CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT order_terms_time_in_force_known CHECK ((time_in_force = ANY (ARRAY['GTC'::text, 'IOC'::text, 'FOK'::text, 'GTD'::text]))),
    CONSTRAINT order_terms_trailing_delta_bounds CHECK (((trailing_delta >= 1) AND (trailing_delta <= 1000000))),
    CONSTRAINT order_terms_type_known CHECK ((type = ANY (ARRAY['LIMIT'::text, 'LIMIT_MAKER'::text, 'STOP_LOSS'::text, 'STOP_LOSS_LIMIT'::text, 'TAKE_PROFIT'::text, 'TAKE_PROFIT_LIMIT'::text])))
);

CREATE FUNCTION public.fill_order(p jsonb, t public.order_terms, x public.open_order, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT execution_id bigint, OUT realised numeric, OUT quantity numeric) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.finish_action(p_id text, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    c corporate_action;
BEGIN
    SELECT * INTO c FROM corporate_action WHERE id = p_id AND state = 'applying' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    IF c.kind <> 'none' AND (
        EXISTS (SELECT FROM balance b JOIN account a ON a.id = b.account_id
                WHERE a.market = c.market AND a.closed_at IS NULL AND b.symbol = c.symbol AND b.available + b.held > 0
                  AND NOT EXISTS (SELECT FROM corporate_action_account done
                                  WHERE (done.action_id, done.account_id) = (p_id, a.id)))
        OR EXISTS (SELECT FROM open_order o WHERE o.market = c.market AND o.symbol = c.symbol)) THEN
        RETURN false;
    END IF;
    UPDATE corporate_action SET state = 'done', finished_at = p_at WHERE id = p_id;
    UPDATE symbol_hold SET released_at = p_at WHERE market = c.market AND symbol = c.symbol AND released_at IS NULL;
    RETURN true;
END $$;

CREATE FUNCTION public.follow_order_price() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_price numeric := CASE
        WHEN NEW.stop_price IS NULL OR (NEW.triggered AND NEW.limit_price IS NOT NULL) THEN NEW.limit_price
        ELSE NEW.stop_price END;
BEGIN
    UPDATE condition_alert SET reference = v_price, changed = pg_current_xact_id()
    WHERE order_id = NEW.order_id AND state IN ('armed', 'muted') AND v_price IS NOT NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION public.follow_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM change_unit_of_mark(NEW.account_id, NEW.action_id, false);
    RETURN NULL;
END $$;

CREATE FUNCTION public.follow_working(t public.order_terms, p_list text, p_place integer, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.forbid_closed_account_update() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'account % is closed', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'account_open';
END $$;

CREATE FUNCTION public.forget_person(p_person bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT erase_person(p_person, p_at, p_market_time)
$$;

CREATE FUNCTION public.forget_robots(p_most integer) RETURNS SETOF bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    DELETE FROM robot WHERE id IN (
        SELECT r.id FROM robot r
        WHERE r.state IN ('stopped', 'ended') AND r.told AND coalesce(r.ended_at, r.created_at) < now() - interval '90 days'
          AND NOT EXISTS (SELECT FROM robot_order o WHERE o.robot_id = r.id AND o.open)
        ORDER BY r.id LIMIT p_most FOR UPDATE SKIP LOCKED)
    RETURNING id
$$;

CREATE FUNCTION public.halt_robots(p_robots bigint[], p_state text, p_reason text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    UPDATE robot SET state = p_state, reason = p_reason, obstacle = NULL, step = NULL, step_leg = NULL, step_candle_ms = NULL,
        step_kind = NULL, step_size = NULL, told = false, version = version + 1, changed = pg_current_xact_id(),
        ended_at = CASE p_state WHEN 'ended' THEN now() END
    WHERE id = ANY(p_robots) AND (state IN ('running', 'stopping') OR state = 'paused' AND p_state = 'ended')
$$;

CREATE FUNCTION public.hold_for(t public.order_terms, x public.open_order, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT hold_id bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.hold_need(p_hold bigint, p_except bigint DEFAULT 0) RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT coalesce(max(CASE t.side WHEN 'buy' THEN rounded_up((o.quantity - o.filled) * o.hold_price, t.quote_unit)
                                    ELSE o.quantity - o.filled END), 0)
    FROM open_order o JOIN order_terms t ON t.id = o.order_id WHERE o.hold_id = p_hold AND o.order_id <> p_except
$$;

CREATE FUNCTION public.identity_digest(p_platform text, p_external text) RETURNS bytea
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    RETURN (SELECT sha256(key || sha256(key || convert_to(p_platform || ':' || p_external, 'UTF8'))) FROM identity_key);
END $$;

CREATE FUNCTION public.is_hosting(p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM identity WHERE person_id = p_person)
        AND NOT EXISTS (SELECT FROM link_join WHERE former_id = p_person)
$$;

CREATE FUNCTION public.is_in_question(p_market text, p_symbol text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM symbol_hold h
                   WHERE h.market = p_market AND h.symbol = p_symbol AND h.released_at IS NULL)
        OR EXISTS (SELECT FROM corporate_action c
                   WHERE c.market = p_market AND c.symbol = p_symbol AND c.state IN ('applying', 'undoing'))
$$;

CREATE TABLE public.trading_limit (
    person_id bigint NOT NULL,
    kind public.limit_kind NOT NULL,
    value public.limit_value NOT NULL,
    cooldown_minutes integer DEFAULT 60 NOT NULL,
    next_value public.limit_value,
    next_at timestamp with time zone,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT trading_limit_cooldown_bounds CHECK (((cooldown_minutes >= 1) AND (cooldown_minutes <= 43200))),
    CONSTRAINT trading_limit_next_has_time CHECK (((next_value IS NULL) OR (next_at IS NOT NULL)))
);

CREATE FUNCTION public.is_limit_of_join(p_limit public.trading_limit, p_after public.trading_limit, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT (p_limit.value = p_after.value AND p_limit.cooldown_minutes = p_after.cooldown_minutes
            AND (p_limit.set_at = p_after.set_at AND p_limit.next_at IS NULL OR p_limit.next_at > p_at)) IS TRUE
$$;

CREATE FUNCTION public.is_rejection(p_state text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT left(p_state, 2) IN ('21', '22', '23', 'P0')
$$;

CREATE FUNCTION public.is_wholly_undone(p_action text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT NOT EXISTS (
        SELECT FROM corporate_action_account d
        WHERE d.action_id = p_action AND d.entry_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM entry_correction r WHERE r.reversed_id = d.entry_id))
$$;

CREATE FUNCTION public.keep_joined_strategy() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO strategy (person_id, market, name, symbol, interval_minutes, rule, created_at, changed_at)
        VALUES (OLD.former_id, OLD.market, coalesce(OLD.former_name, OLD.name), OLD.symbol, OLD.interval_minutes, OLD.rule,
                OLD.created_at, OLD.changed_at)
        ON CONFLICT DO NOTHING;
    NEW.former_id := NULL;
    NEW.former_name := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION public.lift_ban(p_person bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM banned_identity USING identity i
        WHERE i.person_id = p_person AND digest = identity_digest(i.platform, i.external_id);
    DELETE FROM ban USING link_join j WHERE j.host_id = p_person AND ban.person_id = j.former_id;
    DELETE FROM ban WHERE person_id = p_person;
    RETURN FOUND;
END $$;

CREATE FUNCTION public.lift_identity_ban(p_platform text, p_external text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM banned_identity WHERE digest = identity_digest(p_platform, p_external);
    RETURN FOUND;
END $$;

CREATE FUNCTION public.limit_amendment() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    o       open_order;
    was     order_event;
    v_left  numeric;
    v_spent numeric;
BEGIN
    SELECT * INTO o FROM open_order x WHERE x.order_id = NEW.order_id AND x.hold_price IS NOT NULL;
    SELECT * INTO was FROM order_event v
        WHERE v.order_id = NEW.order_id AND v.number < NEW.number AND v.kind IN ('accepted', 'amended')
        ORDER BY v.number DESC LIMIT 1;
    v_left := NEW.quantity - o.filled;
    IF o.order_id IS NOT NULL AND (
        NEW.quantity > was.quantity
        OR v_left * coalesce(NEW.price, o.hold_price) > (was.quantity - o.filled) * coalesce(was.price, o.hold_price)) THEN
        v_left := v_left * o.hold_price;
        v_spent := (SELECT v.total_value FROM order_event v WHERE v.order_id = NEW.order_id AND v.kind = 'filled'
                    ORDER BY v.number DESC LIMIT 1);
        PERFORM check_limits(o.account_id, o.symbol, NULL, coalesce(v_spent, 0) + v_left, v_left, true, false,
                             NEW.recorded_at);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.limit_market_order() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM check_limits(NEW.account_id, NEW.symbol, NEW.mid_price, NEW.quote_amount, NEW.received * NEW.mid_price,
                         true, false, NEW.recorded_at);
    RETURN NULL;
END $$;

CREATE FUNCTION public.limit_merged_account() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    c_pauses  CONSTANT bigint[] := ARRAY[NEW.source_id, NEW.target_id];
    by_day    account_limit_state;
    by_hand   account_limit_state;
BEGIN
    SELECT s.* INTO by_hand FROM account_limit_state s
        WHERE s.account_id = ANY(c_pauses) AND s.paused_kind = 'drawdown' ORDER BY s.paused_at LIMIT 1;
    SELECT s.* INTO by_day FROM account_limit_state s
        WHERE s.account_id = ANY(c_pauses) AND (s.paused_kind = 'day' OR s.day_paused_until IS NOT NULL)
        ORDER BY greatest(CASE s.paused_kind WHEN 'day' THEN s.paused_until END, s.day_paused_until) DESC LIMIT 1;
    IF by_day.paused_kind = 'day' AND (by_day.day_paused_until >= by_day.paused_until) IS NOT TRUE THEN
        by_day.day_paused_value := by_day.paused_value;
        by_day.day_paused_desk := by_day.paused_desk;
        by_day.day_paused_at := by_day.paused_at;
        by_day.day_paused_until := by_day.paused_until;
    END IF;
    INSERT INTO account_limit_state (account_id, round, adjusted, equity, marks, valued_at, day_start, day_ends, peak, peak_at)
        SELECT NEW.target_id, 0, 0, 0, '{}', was.valued_at, 0, was.day_ends, 0, was.peak_at
        FROM account_limit_state was
        WHERE was.account_id = NEW.source_id AND (was.paused_kind IS NOT NULL OR was.day_paused_until IS NOT NULL)
        ON CONFLICT (account_id) DO NOTHING;
    UPDATE account_limit_state SET
        round = 0,
        paused_kind = by_hand.paused_kind, paused_value = by_hand.paused_value, paused_desk = by_hand.paused_desk,
        paused_at = by_hand.paused_at, paused_until = by_hand.paused_until,
        day_paused_value = by_day.day_paused_value, day_paused_desk = by_day.day_paused_desk,
        day_paused_at = by_day.day_paused_at, day_paused_until = by_day.day_paused_until
        WHERE account_id = NEW.target_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.limit_resting_order() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM check_limits(NEW.account_id, NEW.symbol, NULL, NEW.quantity * NEW.hold_price, NEW.quantity * NEW.hold_price,
                         NEW.hold_price IS NOT NULL, true,
                         (SELECT t.recorded_at FROM order_terms t WHERE t.id = NEW.order_id));
    RETURN NULL;
END $$;

CREATE FUNCTION public.limits_in_force(p_person bigint, p_at timestamp with time zone) RETURNS TABLE(kind text, value numeric, cooldown_minutes integer, of_desk boolean)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT DISTINCT ON (1) known.kind, known.value, known.cooldown_minutes, known.of_desk
    FROM (
        SELECT t.kind::text, CASE WHEN t.next_at <= p_at THEN t.next_value ELSE t.value END::numeric AS value,
               t.cooldown_minutes, false AS of_desk
        FROM trading_limit t WHERE t.person_id = p_person
        UNION ALL
        SELECT d.kind::text, d.value::numeric, d.cooldown_minutes, true FROM desk_limit d
    ) AS known
    WHERE known.value IS NOT NULL
    ORDER BY 1, known.value, known.cooldown_minutes DESC
$$;

CREATE FUNCTION public.link_persons(p_code bigint, p_platform text, p_external text, p_how text, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT host_id bigint, OUT how_done text, OUT missing numeric, OUT missing_asset text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    c_most  CONSTANT integer := 10;
    c_grace CONSTANT interval := interval '2 minutes';  -- to read the preview of a code entered at the last moment
    code    link_code;
    joining bigint;
    v_host  bigint;
    v_found bigint;
    v_moved bigint[] := '{}';
    v_watch text[];
    v_chats text[];
BEGIN
    SELECT c.person_id INTO v_host FROM link_code c WHERE c.id = p_code;
    host_id := v_host;
    SELECT i.person_id INTO joining FROM identity i WHERE (i.platform, i.external_id) = (p_platform, p_external);
    -- Both persons first, in order: two that link with each other at once cannot wait for each other.
    PERFORM FROM person WHERE id IN (v_host, joining) ORDER BY id FOR UPDATE;
    SELECT * INTO code FROM link_code c WHERE c.id = p_code FOR UPDATE;
    IF NOT FOUND OR (code.claimed_platform, code.claimed_id) IS DISTINCT FROM (p_platform, p_external) THEN
        outcome := 'gone';
        RETURN;
    END IF;
    SELECT i.person_id INTO v_found FROM identity i
        WHERE (i.platform, i.external_id) = (p_platform, p_external) FOR UPDATE;
    IF v_found IS DISTINCT FROM joining THEN
        RAISE EXCEPTION 'the identity changed hands' USING ERRCODE = 'serialization_failure';
    END IF;
    how_done := code.how;
    outcome := CASE
        WHEN joining IS NULL THEN 'gone'
        WHEN code.state = 'used' THEN CASE WHEN joining = v_host THEN 'replayed' ELSE 'gone' END
        WHEN NOT is_hosting(v_host) THEN 'gone'
        WHEN code.state = 'burned' THEN 'burned'
        WHEN code.expires_at + c_grace <= p_at THEN 'expired'
        WHEN joining = v_host THEN 'same'
        WHEN (SELECT count(*) FROM identity i WHERE i.person_id = joining) > 1 THEN 'linked'
        WHEN EXISTS (SELECT FROM link_join j
                     WHERE j.host_id = joining OR (j.platform, j.external_id) = (p_platform, p_external))
            THEN 'linked'
        WHEN (SELECT count(*) FROM identity i WHERE i.person_id = v_host) >= c_most THEN 'many'
        WHEN code.by_link AND (code.confirmed_at IS NULL OR code.how IS DISTINCT FROM p_how) THEN 'unconfirmed'
        ELSE 'done' END;
    IF outcome <> 'done' THEN
        RETURN;
    END IF;

    -- The accounts' locks, in the order in which orders that go together take them.
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id IN (v_host, joining) ORDER BY a.id FOR UPDATE OF b;
    IF p_how = 'merge' THEN
        SELECT short.missing, short.missing_asset INTO missing, missing_asset
            FROM short_of_grant(joining, v_host) AS short;
        IF FOUND THEN
            outcome := 'short';
            RETURN;
        END IF;
        WITH moved AS (
            UPDATE account a SET person_id = v_host
            WHERE a.person_id = joining AND NOT EXISTS (
                SELECT FROM account there WHERE there.person_id = v_host
                    AND (there.market, there.quote_asset) = (a.market, a.quote_asset))
            RETURNING a.id
        ) SELECT coalesce(array_agg(id), '{}') INTO v_moved FROM moved;
    END IF;
    SELECT coalesce(array_agg(w.symbol), '{}') INTO v_watch FROM watchlist_item w WHERE w.person_id = joining
        AND NOT EXISTS (SELECT FROM watchlist_item there WHERE there.person_id = v_host AND there.symbol = w.symbol);
    v_chats := ARRAY(SELECT c.chat_id FROM notification_chat c WHERE c.person_id = joining AND c.platform = p_platform
        AND NOT EXISTS (SELECT FROM notification_chat there WHERE there.person_id = v_host
            AND (there.platform, there.chat_id) = (c.platform, c.chat_id)));
    UPDATE identity SET person_id = v_host WHERE (platform, external_id) = (p_platform, p_external);
    INSERT INTO link_join (
        platform, external_id, host_id, former_id, how, joined_at, accounts,
        alerts, forecast_alerts, recurring_buys, notices, watched, chats, group_changes
    ) VALUES (
        p_platform, p_external, v_host, joining, p_how, p_at, v_moved,
        ARRAY(SELECT id FROM alert WHERE person_id = joining
              UNION ALL SELECT id FROM range_alert WHERE person_id = joining
              UNION ALL SELECT id FROM condition_alert WHERE person_id = joining),
        ARRAY(SELECT id FROM forecast_alert WHERE person_id = joining),
        ARRAY(SELECT id FROM recurring_buy WHERE person_id = joining),
        ARRAY(SELECT id FROM outbox WHERE person_id = joining), v_watch, v_chats,
        ARRAY(SELECT id FROM chat_group_change WHERE person_id = joining));
    PERFORM reassign_person(joining, v_host);
    -- Digests and broadcasts reach the shared person; the former one is told nothing.
    UPDATE notification_chat SET retired_at = p_at, reason = 'linked' WHERE person_id = joining AND retired_at IS NULL;
    DELETE FROM link_code c WHERE c.person_id = joining;
    UPDATE link_code SET state = 'used', how = p_how WHERE id = p_code;
    DELETE FROM link_code_attempt WHERE (platform, external_id) = (p_platform, p_external);
    how_done := p_how;
END $$;

CREATE FUNCTION public.lock_account(p_account bigint, p_quote text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM FROM balance b WHERE b.account_id = p_account AND b.asset = p_quote FOR UPDATE;
END $$;

CREATE FUNCTION public.make_candle_partitions(from_ms bigint, to_ms bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    month timestamptz := date_trunc('month', to_timestamp(from_ms / 1000.0));
    following timestamptz;
    part text;
BEGIN
    IF from_ms < 0 OR to_ms < from_ms OR to_ms - from_ms > 3660 * 86400000::bigint OR to_ms > 4102444800000 THEN
        RAISE EXCEPTION 'no partitions from % to %', from_ms, to_ms USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_candle_partitions'));
    WHILE month <= to_timestamp(to_ms / 1000.0) LOOP
        following := month + interval '1 month';
        part := 'candle_' || to_char(month, 'YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE candle INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part);
            EXECUTE format(
                'ALTER TABLE candle ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                part, (extract(epoch FROM month) * 1000)::bigint, (extract(epoch FROM following) * 1000)::bigint
            );
            IF to_regrole('paperdesk_reader') IS NOT NULL THEN
                EXECUTE format('GRANT SELECT ON %I TO paperdesk_reader', part);
            END IF;
        END IF;
        month := following;
    END LOOP;
END
$$;

CREATE FUNCTION public.mark_last_old_entry() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.after_entry := (SELECT coalesce(max(e.id), 0) FROM entry e);
    RETURN NEW;
END $$;

CREATE FUNCTION public.mark_old_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.after_entry := NULL;
    NEW.unit_since_ms := CASE WHEN NEW.kind = 'redenomination' THEN greatest(
        0,
        (SELECT h.market_time_ms FROM symbol_hold h
         WHERE (h.market, h.symbol) = (NEW.market, NEW.symbol) AND h.released_at IS NULL),
        (SELECT max(o.price_time) + 1 FROM orders o JOIN account a ON a.id = o.account_id
         WHERE o.symbol = NEW.symbol AND a.market = NEW.market)) END;
    RETURN NEW;
END $$;

CREATE FUNCTION public.merge_account(p_source bigint, p_target bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_command text := 'merge:' || p_source || ':' || p_target;
    v_granted numeric;
    v_kept    numeric;
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
    SELECT a.granted, greatest(a.adjusted, 0) INTO v_granted, v_kept FROM account a WHERE a.id = p_source;
    INSERT INTO account_merge (source_id, target_id, granted, returned, out_entry, in_entry)
        VALUES (p_source, p_target, v_granted, v_granted - v_kept, v_out, v_in) RETURNING id INTO v_merge;
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
               quote_asset, v_granted - v_kept
        FROM account WHERE id = p_target;
    INSERT INTO balance (account_id, asset, available, symbol, cost, realised)
        SELECT p_target, asset, quantity, symbol, cost, realised FROM account_merge_asset WHERE merge_id = v_merge
        ON CONFLICT (account_id, asset) DO UPDATE
            SET available = balance.available + excluded.available, cost = balance.cost + excluded.cost,
                realised = balance.realised + excluded.realised;
    UPDATE balance SET available = 0, held = 0, cost = 0, realised = 0 WHERE account_id = p_source;
    UPDATE balance SET available = available - v_granted + v_kept
        WHERE account_id = p_target AND asset = (SELECT quote_asset FROM account WHERE id = p_target);
    UPDATE account SET granted = granted + v_kept, adjusted = adjusted + v_kept WHERE id = p_target AND v_kept > 0;
    UPDATE account SET person_id = -id, closed_at = p_at WHERE id = p_source;
END $$;

CREATE FUNCTION public.merge_joined_limits(p_from bigint, p_to bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_brought trading_limit;
    v_own     trading_limit;
    v_after   trading_limit;
    v_limits  jsonb := '{}';
BEGIN
    FOR v_brought IN SELECT * FROM trading_limit t
        WHERE t.person_id = p_from AND (t.next_at IS NULL OR t.next_at > now() OR t.next_value IS NOT NULL)
    LOOP
        IF v_brought.next_at <= now() THEN
            v_brought.value := v_brought.next_value;
        END IF;
        SELECT * INTO v_own FROM trading_limit t WHERE t.person_id = p_to AND t.kind = v_brought.kind;
        v_after := stricter_limit(v_own, v_brought, now());
        PERFORM put_limit(p_to, v_brought.kind, v_after);
        v_limits := v_limits || jsonb_build_object(v_brought.kind, jsonb_build_object(
            'brought', to_jsonb(v_brought), 'after', to_jsonb(v_after),
            'before', CASE WHEN v_own.person_id IS NOT NULL THEN to_jsonb(v_own) END));
    END LOOP;
    UPDATE link_join SET limits = v_limits WHERE former_id = p_from AND host_id = p_to;
END $$;

CREATE FUNCTION public.move_robots_of_merge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM halt_robots(ARRAY(SELECT id FROM robot WHERE account_id = NEW.source_id), 'paused', 'linked');
    UPDATE robot SET account_id = NEW.target_id, round = (SELECT a.round FROM account a WHERE a.id = NEW.target_id),
        version = version + 1, changed = pg_current_xact_id()
        WHERE account_id = NEW.source_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.newest_orders(p_account bigint, p_since timestamp with time zone, p_most bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.newest_sales(p_account bigint, p_most integer) RETURNS TABLE(sale bigint, at timestamp with time zone, realised numeric, cost numeric)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT * FROM bounded_sales(p_account, p_most, '-infinity', true)
$$;

CREATE FUNCTION public.note_joined_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.settings := ARRAY(
        SELECT kind FROM notification_preference WHERE person_id = NEW.former_id
        EXCEPT SELECT kind FROM notification_preference WHERE person_id = NEW.host_id);
    IF NOT EXISTS (SELECT FROM notification_quiet_hours WHERE person_id = NEW.host_id) THEN
        NEW.settings := NEW.settings || 'notification_quiet_hours'::text;
    END IF;
    IF NOT EXISTS (SELECT FROM notification_digest WHERE person_id = NEW.host_id) THEN
        NEW.settings := NEW.settings || 'notification_digest'::text;
    END IF;
    IF NOT EXISTS (SELECT FROM notification_destination WHERE person_id = NEW.host_id) THEN
        NEW.settings := NEW.settings || 'notification_destination'::text;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.note_robot_protection() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO robot_order (order_id, robot_id, leg, candle_ms, open)
        SELECT NEW.id, r.id, 'protect', r.step_candle_ms, true FROM robot r
        WHERE r.id = split_part(NEW.command_id, ':', 2)::bigint AND r.step = NEW.command_id
        UNION ALL
        -- The second order of a pair: the step ended with the first.
        SELECT NEW.id, first.robot_id, 'protect', first.candle_ms, true
        FROM order_terms t JOIN robot_order first ON first.order_id = t.id
        WHERE t.command_id = NEW.command_id AND NEW.position > 0 AND t.position = 0;
    UPDATE robot SET step = NULL, step_leg = NULL, step_candle_ms = NULL, guarded = true, version = version + 1,
        changed = pg_current_xact_id()
        WHERE id = split_part(NEW.command_id, ':', 2)::bigint AND step = NEW.command_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.note_robot_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO robot_event (robot_id, kind, reason, obstacle) VALUES (NEW.id, NEW.state, NEW.reason, NEW.obstacle);
    RETURN NULL;
END $$;

CREATE FUNCTION public.notice_chat(p_person bigint, p_kind text) RETURNS TABLE(person_id bigint, platform text, chat_id text, public boolean)
    LANGUAGE sql STABLE
    AS $$
    SELECT chat.person_id, chat.platform, chat.chat_id, chat.public
    FROM notification_chat AS chat LEFT JOIN notification_destination AS home USING (person_id, platform, chat_id)
    WHERE chat.person_id = p_person AND chat.retired_at IS NULL AND (home.person_id IS NOT NULL OR NOT chat.public)
    ORDER BY chat.public AND p_kind <> ALL (ARRAY[
                 'fill', 'order-triggered', 'order-ended', 'expiry', 'repeat', 'repeat-missed', 'robot', 'order-group',
                 'rebalance-drift', 'rebalance-failed', 'corporate-action', 'delisted', 'limit', 'correction', 'scan', 'headline',
                 'digest']),
             home.person_id IS NULL, chat.seen_at DESC, chat.platform, chat.chat_id
    LIMIT 1
$$;

CREATE TABLE public.account (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    market text NOT NULL,
    quote_asset public.asset_name NOT NULL,
    round integer DEFAULT 1 NOT NULL,
    granted public.positive_amount NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    adjusted public.signed_amount DEFAULT 0 NOT NULL,
    CONSTRAINT account_closed_is_nobodys CHECK (((closed_at IS NOT NULL) = (person_id < 0))),
    CONSTRAINT account_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300)))
);

CREATE FUNCTION public.open_account(p_person bigint, p_market text, p_quote text, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) RETURNS SETOF public.account
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    opened  account;
    v_entry bigint;
BEGIN
    INSERT INTO account (person_id, market, quote_asset, granted, opened_at)
        VALUES (p_person, p_market, p_quote, p_grant, p_at)
        ON CONFLICT ON CONSTRAINT account_person_market_quote_key DO NOTHING RETURNING * INTO opened;
    IF NOT FOUND THEN
        RETURN QUERY SELECT * FROM account a
            WHERE a.person_id = p_person AND a.market = p_market AND a.quote_asset = p_quote;
        RETURN;
    END IF;
    PERFORM check_opening_grant(p_grant);
    IF p_person < 0 THEN  -- the mark of a closed account
        RAISE EXCEPTION 'person % is none', p_person USING ERRCODE = 'check_violation', CONSTRAINT = 'account_of_person';
    END IF;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (p_command, p_body, 'grant', opened.id, opened.round, p_at, p_market_time) RETURNING id INTO v_entry;
    INSERT INTO posting VALUES (v_entry, 1, 'issuance', 'available/' || opened.id, p_quote, p_grant);
    INSERT INTO balance (account_id, asset, available) VALUES (opened.id, p_quote, p_grant);
    RETURN NEXT opened;
END $$;

CREATE TABLE public.order_event (
    order_id bigint NOT NULL,
    number integer NOT NULL,
    follows integer GENERATED ALWAYS AS (NULLIF((number - 1), 0)) STORED,
    previous text NOT NULL,
    kind public.order_event_kind NOT NULL,
    status public.order_status NOT NULL,
    command_id public.command_name NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    market_time_ms bigint NOT NULL,
    price public.positive_amount,
    quantity public.positive_amount,
    execution_id bigint,
    reason public.order_end_reason,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    total_quantity numeric,
    total_value numeric,
    total_received numeric,
    CONSTRAINT order_event_end_has_reason CHECK ((((kind)::text = ANY (ARRAY['canceled'::text, 'expired'::text])) = (reason IS NOT NULL))),
    CONSTRAINT order_event_first CHECK (((number = 1) = (previous = '-'::text))),
    CONSTRAINT order_event_number_bounds CHECK ((number > 0)),
    CONSTRAINT order_event_of_execution CHECK ((((kind)::text = 'filled'::text) = (execution_id IS NOT NULL))),
    CONSTRAINT order_event_totals CHECK (
CASE kind
    WHEN 'filled'::text THEN ((total_quantity > (0)::numeric) AND (total_value > (0)::numeric) AND (total_received >= (0)::numeric))
    ELSE ((total_quantity IS NULL) AND (total_value IS NULL) AND (total_received IS NULL))
END)
);

CREATE TABLE public.order_hold (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    asset public.asset_name NOT NULL,
    amount public.amount NOT NULL
);

CREATE TABLE public.order_list (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    CONSTRAINT order_list_kind_known CHECK ((kind = ANY (ARRAY['OCO'::text, 'OTO'::text, 'OTOCO'::text])))
);

CREATE VIEW public.order_record AS
 SELECT t.id,
    t.account_id,
    t.command_id,
    t."position",
    t.list_id,
    t.role,
    t.market,
    t.symbol,
    t.base,
    t.quote,
    t.side,
    t.type,
    t.quantity,
    t.limit_price,
    t.stop_price,
    t.trailing_delta,
    t.time_in_force,
    t.expires_at_ms,
    t.hold_price,
    t.step,
    t.fee_rate,
    t.base_unit,
    t.quote_unit,
    t.recorded_at,
    t.market_time_ms,
    l.kind AS list_kind,
    COALESCE((o.status)::text, ( SELECT (v.status)::text AS status
           FROM public.order_event v
          WHERE (v.order_id = t.id)
          ORDER BY v.number DESC
         LIMIT 1)) AS status,
    COALESCE((o.quantity)::numeric, ( SELECT (v.quantity)::numeric AS quantity
           FROM public.order_event v
          WHERE ((v.order_id = t.id) AND ((v.kind)::text = ANY (ARRAY['accepted'::text, 'activated'::text, 'amended'::text])))
          ORDER BY v.number DESC
         LIMIT 1)) AS present_quantity,
    COALESCE((o.filled)::numeric, done.total_quantity, (0)::numeric) AS filled,
        CASE
            WHEN (t.limit_price IS NOT NULL) THEN COALESCE((o.limit_price)::numeric, ( SELECT (v.price)::numeric AS price
               FROM public.order_event v
              WHERE ((v.order_id = t.id) AND ((v.kind)::text = ANY (ARRAY['accepted'::text, 'amended'::text])))
              ORDER BY v.number DESC
             LIMIT 1))
            ELSE NULL::numeric
        END AS present_limit,
        CASE
            WHEN ((t.stop_price IS NULL) OR (t.limit_price IS NOT NULL)) THEN (t.stop_price)::numeric
            ELSE COALESCE((o.stop_price)::numeric, ( SELECT (v.price)::numeric AS price
               FROM public.order_event v
              WHERE ((v.order_id = t.id) AND ((v.kind)::text = ANY (ARRAY['accepted'::text, 'amended'::text])))
              ORDER BY v.number DESC
             LIMIT 1))
        END AS present_stop,
    round((done.total_value / done.total_quantity), 12) AS average_price,
    h.id AS hold_id,
    h.asset AS hold_asset,
    h.amount AS hold_amount,
    o.extreme,
    COALESCE(o.triggered, ( SELECT true
           FROM public.order_event v
          WHERE ((v.order_id = t.id) AND ((v.kind)::text = 'triggered'::text))
         LIMIT 1), false) AS triggered
   FROM ((((public.order_terms t
     LEFT JOIN public.order_list l ON ((l.id = t.list_id)))
     LEFT JOIN public.open_order o ON ((o.order_id = t.id)))
     LEFT JOIN public.order_hold h ON ((h.id = o.hold_id)))
     LEFT JOIN LATERAL ( SELECT v.total_quantity,
            v.total_value
           FROM public.order_event v
          WHERE ((v.order_id = t.id) AND ((v.kind)::text = 'filled'::text))
          ORDER BY v.number DESC
         LIMIT 1) done ON (true));

CREATE FUNCTION public.order_commands(p jsonb) RETURNS TABLE(place integer, answer public.order_answer, told public.order_record)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
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

CREATE FUNCTION public.pause_account(p_account bigint, p_kind text, p_value numeric, p_desk boolean, p_at timestamp with time zone, p_market_time bigint) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_command text := 'limit:' || p_account || ':' || p_kind || ':' || round(extract(epoch FROM p_at) * 1000);
    s         account_limit_state;
    v_buys    bigint[];
    v_done    order_outcome;
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = p_account AND a.closed_at IS NULL FOR UPDATE OF b;
    SELECT * INTO s FROM account_limit_state known
        WHERE known.account_id = p_account
          AND CASE p_kind WHEN 'day' THEN known.day_start - known.equity >= p_value * known.day_start
                          WHEN 'drawdown' THEN known.peak - known.equity >= p_value * known.peak END
        FOR UPDATE;
    IF NOT FOUND OR s.paused_kind = p_kind AND (s.paused_until > p_at) IS NOT FALSE
        OR p_kind = 'day' AND s.day_paused_until > p_at THEN
        RETURN NULL;
    END IF;
    IF p_kind = 'day' AND s.paused_kind = 'drawdown' THEN
        UPDATE account_limit_state SET day_paused_value = p_value, day_paused_desk = p_desk, day_paused_at = p_at,
                                       day_paused_until = s.day_ends
            WHERE account_id = p_account;
    ELSE
        IF s.paused_kind = 'day' AND s.paused_until > p_at THEN
            UPDATE account_limit_state SET day_paused_value = s.paused_value, day_paused_desk = s.paused_desk,
                                           day_paused_at = s.paused_at, day_paused_until = s.paused_until
                WHERE account_id = p_account;
        END IF;
        UPDATE account_limit_state SET paused_kind = p_kind, paused_value = p_value, paused_desk = p_desk, paused_at = p_at,
                                       paused_until = CASE p_kind WHEN 'day' THEN s.day_ends END
            WHERE account_id = p_account;
    END IF;
    v_buys := ARRAY(SELECT o.order_id FROM open_order o WHERE o.account_id = p_account AND o.hold_price IS NOT NULL
                    ORDER BY o.order_id);
    IF cardinality(v_buys) = 0 THEN
        RETURN 0;
    END IF;
    v_done := cancel_orders(p_account, v_buys, NULL, v_command, sha256(convert_to(v_command, 'UTF8')), p_at, p_market_time);
    RETURN cardinality(v_done.orders);
END $$;

CREATE FUNCTION public.pause_in_force(p_account bigint, p_at timestamp with time zone) RETURNS TABLE(kind text, value numeric, of_desk boolean, at timestamp with time zone, until timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT s.paused_kind::text, s.paused_value, s.paused_desk, s.paused_at, s.paused_until
    FROM account_limit_state s
    WHERE s.account_id = p_account AND s.paused_kind IS NOT NULL AND (s.paused_until > p_at) IS NOT FALSE
    UNION ALL
    SELECT 'day', s.day_paused_value, s.day_paused_desk, s.day_paused_at, s.day_paused_until
    FROM account_limit_state s WHERE s.account_id = p_account AND s.day_paused_until > p_at
    LIMIT 1
$$;

CREATE FUNCTION public.pause_robots_of_correction() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM halt_robots(ARRAY(
        SELECT o.robot_id FROM entry e JOIN robot_order o ON o.order_id = e.order_id WHERE e.id = NEW.reversed_id),
        'ended', 'corrected');
    RETURN NULL;
END $$;

CREATE FUNCTION public.pause_robots_of_link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.robots := ARRAY(SELECT r.id FROM robot r JOIN account a ON a.id = r.account_id
                        WHERE a.person_id = NEW.former_id OR a.id = ANY(NEW.accounts));
    PERFORM halt_robots(NEW.robots, 'paused', 'linked');
    RETURN NEW;
END $$;

CREATE FUNCTION public.place_order(p jsonb, OUT outcome text, OUT order_id bigint, OUT realised numeric, OUT base_available numeric, OUT base_held numeric, OUT quote_available numeric, OUT quote_held numeric) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.place_orders(p jsonb) RETURNS TABLE(outcome text, order_id bigint, realised numeric, base_available numeric, base_held numeric, quote_available numeric, quote_held numeric, halt text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    each    jsonb;
    v_claims jsonb := '[]';
BEGIN
    halt := trading_halt();
    IF halt IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;
    FOR each IN SELECT value FROM jsonb_array_elements(p) LOOP
        SELECT placed.* INTO outcome, order_id, realised, base_available, base_held, quote_available, quote_held
            FROM place_order(each) AS placed;
        IF outcome = 'filled' AND each ? 'display' THEN
            v_claims := v_claims || each;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF jsonb_array_length(v_claims) > 0 THEN
        PERFORM claim_displays(v_claims);
    END IF;
END $$;

CREATE FUNCTION public.put_limit(p_person bigint, p_kind text, p_limit public.trading_limit) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM trading_limit WHERE person_id = p_person AND kind = p_kind;
    IF p_limit.value IS NOT NULL THEN
        INSERT INTO trading_limit (person_id, kind, value, cooldown_minutes, next_value, next_at, set_at)
            VALUES (p_person, p_kind, p_limit.value, p_limit.cooldown_minutes, p_limit.next_value, p_limit.next_at, p_limit.set_at);
    END IF;
END $$;

CREATE FUNCTION public.reassign_person(p_from bigint, p_to bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE alert SET person_id = p_to, changed = pg_current_xact_id() WHERE person_id = p_from;
    UPDATE outbox SET person_id = p_to WHERE person_id = p_from;
    INSERT INTO notification_chat
        SELECT p_to, platform, chat_id, public, seen_at, retired_at, reason FROM notification_chat WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO notification_preference SELECT p_to, kind, mode FROM notification_preference WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO notification_quiet_hours SELECT p_to, starts, ends FROM notification_quiet_hours WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO watchlist_item
        SELECT p_to, w.symbol, most.place + row_number() OVER (ORDER BY w.place)
        FROM watchlist_item w, (SELECT coalesce(max(place), 0) AS place FROM watchlist_item WHERE person_id = p_to) AS most
        WHERE w.person_id = p_from
          AND NOT EXISTS (SELECT FROM watchlist_item there WHERE there.person_id = p_to AND there.symbol = w.symbol)
        ORDER BY w.place LIMIT greatest(0, 50 - (SELECT count(*) FROM watchlist_item WHERE person_id = p_to))
        ON CONFLICT DO NOTHING;
    UPDATE chat_group_change SET person_id = p_to WHERE person_id = p_from;
    INSERT INTO notification_destination
        SELECT p_to, platform, chat_id, chosen_at FROM notification_destination WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO ban (person_id, reason, since)
        SELECT p_to, reason, since FROM ban WHERE person_id = p_from ON CONFLICT DO NOTHING;
    INSERT INTO notification_digest (person_id, every, hour)
        SELECT p_to, every, hour FROM notification_digest WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    UPDATE recurring_buy SET person_id = p_to WHERE person_id = p_from;
    UPDATE forecast_alert SET person_id = p_to WHERE person_id = p_from;
    UPDATE range_alert SET person_id = p_to, changed = pg_current_xact_id() WHERE person_id = p_from;
    UPDATE condition_alert SET person_id = p_to, changed = pg_current_xact_id() WHERE person_id = p_from;
    PERFORM merge_joined_limits(p_from, p_to);
    -- One whose name the other user has as well gets another name, which nobody can save: typed names have no hyphen.
    UPDATE strategy s SET person_id = p_to, former_id = p_from, former_name = s.name, name = CASE
            WHEN EXISTS (SELECT FROM strategy there WHERE there.person_id = p_to
                         AND (there.market, there.name) = (s.market, s.name)) THEN left(s.name, 5) || '-' || s.id ELSE s.name END
        WHERE s.person_id = p_from;
    -- Both tried them: a trial that both know counts once. The former user keeps them, for an undone link.
    INSERT INTO backtest_trial
        SELECT p_to, market, symbol, digest, score, tried_at FROM backtest_trial WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION public.refuse_by_limit(p_kind text, p_limit numeric, p_allowed numeric, p_quote text, p_left interval, p_desk boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'the limit % refuses the order', p_kind
        USING ERRCODE = 'check_violation', CONSTRAINT = 'account_limit',
              DETAIL = jsonb_build_object('kind', p_kind, 'limit', p_limit::text, 'allowed', p_allowed::text,
                                          'asset', p_quote, 'of_desk', p_desk,
                                          'minutes', coalesce(ceil(extract(epoch FROM p_left) / 60), 0)::integer)::text;
END $$;

CREATE FUNCTION public.release_holds(p_account bigint, p_holds bigint[], p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.reset_account(p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, p_person bigint DEFAULT NULL::bigint, OUT outcome text, OUT renewed public.account) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.reverse_entry(p_entry bigint, p_reason text, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT reversal_id bigint, OUT account_id bigint, OUT asset text, OUT missing numeric, OUT held numeric) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    e         entry;
    a         account;
    b         balance;
    moved     record;
    v_command text := 'reverse:' || p_entry;
    v_free    text;
    v_owned   numeric;
    v_cost    numeric;
    v_granted numeric := 0;
    v_action  text;
BEGIN
    SELECT * INTO e FROM entry WHERE id = p_entry;
    IF NOT FOUND THEN
        outcome := 'unknown';
        RETURN;
    END IF;
    -- The quote asset's balance row is the account's lock: every command takes it first.
    PERFORM FROM balance held JOIN account mine ON mine.id = held.account_id AND mine.quote_asset = held.asset
        WHERE mine.id = e.account_id FOR UPDATE OF held;
    SELECT * INTO a FROM account WHERE id = e.account_id;
    account_id := a.id;
    v_free := 'available/' || a.id;
    SELECT entry_id INTO reversal_id FROM entry_correction WHERE reversed_id = p_entry;
    SELECT c.id INTO v_action FROM holding_effect x JOIN corporate_action c ON c.market = a.market AND c.symbol = x.symbol
        LEFT JOIN corporate_action_account d ON (d.action_id, d.account_id) = (c.id, a.id)
        WHERE x.entry_id = p_entry AND c.kind <> 'none'
          AND (coalesce(d.entry_id - 1, c.after_entry) >= p_entry) IS NOT FALSE
          AND NOT (c.state = 'undone' AND is_wholly_undone(c.id))
        ORDER BY c.created_at, c.id LIMIT 1;
    outcome := CASE
        WHEN reversal_id IS NOT NULL THEN 'reversed'
        WHEN e.kind NOT IN ('trade', 'adjustment', 'action') THEN 'kind'
        WHEN a.closed_at IS NOT NULL THEN 'closed'
        WHEN e.round <> a.round THEN 'round'
        WHEN v_action IS NOT NULL THEN 'action' END;
    IF outcome IS NOT NULL THEN
        asset := CASE outcome WHEN 'action' THEN v_action ELSE e.kind END;
        RETURN;
    END IF;
    FOR moved IN
        SELECT p.asset, sum(CASE WHEN p.source = v_free OR p.source = 'held/' || a.id THEN p.amount ELSE -p.amount END) AS net
        FROM posting p WHERE p.entry_id = p_entry AND NOT (p.source LIKE 'held/%' AND p.target LIKE 'available/%')
        GROUP BY p.asset ORDER BY p.asset
    LOOP
        SELECT * INTO b FROM balance WHERE account_id = a.id AND asset = moved.asset;
        IF coalesce(b.available, 0) + moved.net < 0 THEN
            outcome := 'short';
            asset := moved.asset;
            missing := -moved.net - coalesce(b.available, 0);
            held := coalesce(b.held, 0);
            RETURN;
        END IF;
        IF e.kind = 'adjustment' THEN
            v_granted := moved.net;
        END IF;
    END LOOP;
    IF a.granted + v_granted <= 0 THEN
        outcome := 'grant';
        RETURN;
    END IF;

    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (v_command, sha256(convert_to(v_command, 'UTF8')), 'reversal', a.id, a.round, p_at, p_market_time)
        RETURNING id INTO reversal_id;
    INSERT INTO entry_correction VALUES (reversal_id, p_entry, p_reason);
    INSERT INTO posting
        SELECT reversal_id, row_number() OVER (ORDER BY p.seq DESC), replace(p.target, 'held/', 'available/'),
               replace(p.source, 'held/', 'available/'), p.asset, p.amount
        FROM posting p WHERE p.entry_id = p_entry AND NOT (p.source LIKE 'held/%' AND p.target LIKE 'available/%');
    FOR moved IN
        SELECT p.asset, sum(CASE p.target WHEN v_free THEN p.amount ELSE -p.amount END) AS net,
               max(x.symbol) AS symbol, max(x.cost) AS cost, max(x.realised) AS realised
        FROM posting p LEFT JOIN holding_effect x ON x.entry_id = p_entry AND x.asset = p.asset
        WHERE p.entry_id = reversal_id GROUP BY p.asset ORDER BY p.asset
    LOOP
        SELECT * INTO b FROM balance WHERE account_id = a.id AND asset = moved.asset;
        IF moved.symbol IS NULL THEN
            UPDATE balance SET available = available + moved.net WHERE account_id = a.id AND asset = moved.asset;
            CONTINUE;
        END IF;
        -- The same as trading.portfolio.positions.reversed_change.
        v_owned := b.available + b.held + moved.net;
        v_cost := CASE WHEN v_owned = 0 THEN 0 ELSE greatest(b.cost - moved.cost, 0) END - b.cost;
        INSERT INTO holding_change
            VALUES (reversal_id, moved.asset, moved.symbol, v_cost, moved.cost + v_cost - moved.realised);
        UPDATE balance SET available = available + moved.net, cost = cost + v_cost,
                           realised = realised + moved.cost + v_cost - moved.realised
            WHERE account_id = a.id AND asset = moved.asset;
    END LOOP;
    UPDATE account SET granted = granted + v_granted, adjusted = adjusted + v_granted WHERE id = a.id AND v_granted <> 0;
    outcome := 'done';
END $$;

CREATE FUNCTION public.reversed_orders(p_account bigint) RETURNS bigint[]
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT coalesce(array_agg(e.order_id), '{}')
    FROM account_lineage(p_account) AS mine
    JOIN entry r ON r.account_id = mine AND r.kind = 'reversal'
    JOIN entry_correction c ON c.entry_id = r.id
    JOIN entry e ON e.id = c.reversed_id
    WHERE e.order_id IS NOT NULL
$$;

CREATE FUNCTION public.rounded_up(p_amount numeric, p_unit numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT p_amount - mod(p_amount, p_unit) + CASE WHEN mod(p_amount, p_unit) > 0 THEN p_unit ELSE 0 END
$$;

CREATE FUNCTION public.sales_since(p_account bigint, p_since timestamp with time zone) RETURNS TABLE(sale bigint, at timestamp with time zone, realised numeric, cost numeric)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT * FROM bounded_sales(p_account, 1000, p_since, false)
$$;

CREATE FUNCTION public.same_alert_market_time() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.market_time_ms := coalesce(NEW.market_time_ms, NEW.market_time);
    ELSIF NEW.market_time_ms = OLD.market_time_ms THEN
        NEW.market_time_ms := NEW.market_time;
    END IF;
    NEW.market_time := NEW.market_time_ms;
    RETURN NEW;
END $$;

CREATE FUNCTION public.same_symbol(p_one text, p_other text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT p_one = p_other OR lower(regexp_replace(p_one, '[^[:alnum:]]', '', 'g'))
                            = lower(regexp_replace(p_other, '[^[:alnum:]]', '', 'g'))
$$;

CREATE FUNCTION public.save_link_code(p_person bigint, p_selector text, p_hash bytea, p_until timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM FROM person WHERE id = p_person FOR NO KEY UPDATE;
    IF NOT is_hosting(p_person) THEN
        RETURN false;
    END IF;
    INSERT INTO link_code (person_id, selector, hash, expires_at) VALUES (p_person, p_selector, p_hash, p_until)
        ON CONFLICT (person_id) DO UPDATE
        SET id = nextval(pg_get_serial_sequence('link_code', 'id')), selector = excluded.selector,
            hash = excluded.hash, expires_at = excluded.expires_at, tries = 0, state = 'open',
            claimed_platform = NULL, claimed_id = NULL, how = NULL, by_link = false, asked_at = NULL,
            confirmed_at = NULL;
    RETURN true;
END $$;

CREATE FUNCTION public.sender_of(p_body text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT telegram_sender_of(p_body)
$$;

CREATE FUNCTION public.set_opening_grant(p_amount numeric) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO opening_grant (amount) SELECT p_amount WHERE p_amount IS DISTINCT FROM current_opening_grant();
END $$;

CREATE FUNCTION public.set_trading(p_halted boolean, p_reason text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('trading_state'));
    UPDATE trading_state
        SET halted = p_halted, reason = p_reason, since = CASE WHEN halted = p_halted THEN since ELSE now() END
        WHERE halted <> p_halted OR reason <> p_reason;
    RETURN FOUND;
END $$;

CREATE FUNCTION public.settle_join(p_former bigint, p_at timestamp with time zone, p_market_time bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_join  link_join;
    own     account;
    v_found bigint;
BEGIN
    PERFORM FROM person p WHERE p.id = p_former
        OR p.id IN (SELECT host_id FROM link_join WHERE former_id = p_former)
        OR p.id IN (SELECT former_id FROM link_join WHERE host_id = p_former) ORDER BY p.id FOR UPDATE;
    SELECT * INTO v_join FROM link_join WHERE former_id = p_former FOR UPDATE;
    IF NOT FOUND OR (v_join.joined_at + interval '1 day' <= p_at
                     AND v_join.joined_at + interval '1 day' <= clock_timestamp()) IS NOT TRUE THEN
        RETURN false;
    END IF;
    IF NOT clear_former(p_former, p_at, p_market_time) THEN
        RETURN false;
    END IF;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id IN (v_join.host_id, p_former) ORDER BY a.id FOR UPDATE OF b;
    IF v_join.how = 'merge' AND EXISTS (SELECT FROM short_of_grant(p_former, v_join.host_id)) THEN
        RETURN false;
    END IF;
    FOR own IN SELECT * FROM account a WHERE a.person_id = p_former ORDER BY a.id LOOP
        SELECT a.id INTO v_found FROM account a
            WHERE a.person_id = v_join.host_id AND (a.market, a.quote_asset) = (own.market, own.quote_asset);
        IF v_join.how = 'move' THEN
            PERFORM close_account(own.id, p_at, p_market_time);
        ELSIF v_found IS NULL THEN
            UPDATE account SET person_id = v_join.host_id WHERE id = own.id;
        ELSE
            PERFORM merge_account(own.id, v_found, p_at, p_market_time);
        END IF;
    END LOOP;
    INSERT INTO ban (person_id, reason, since)
        SELECT v_join.host_id, reason, since FROM ban WHERE person_id = p_former ON CONFLICT DO NOTHING;
    DELETE FROM link_join WHERE former_id = p_former;
    PERFORM delete_person(p_former);
    RETURN true;
END $$;

CREATE FUNCTION public.short_of_grant(p_from bigint, p_to bigint) RETURNS TABLE(missing numeric, missing_asset text)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT source.granted - greatest(source.adjusted, 0) - held.available - held.held - theirs.available, source.quote_asset::text
    FROM account source
    JOIN account target ON target.person_id = p_to
        AND (target.market, target.quote_asset) = (source.market, source.quote_asset)
    JOIN balance held ON (held.account_id, held.asset) = (source.id, source.quote_asset)
    JOIN balance theirs ON (theirs.account_id, theirs.asset) = (target.id, target.quote_asset)
    WHERE source.person_id = p_from AND held.available + held.held + theirs.available
              < source.granted - greatest(source.adjusted, 0)
    ORDER BY source.id LIMIT 1
$$;

CREATE FUNCTION public.stricter_limit(p_own public.trading_limit, p_brought public.trading_limit, p_at timestamp with time zone) RETURNS public.trading_limit
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_limit trading_limit := p_own;
BEGIN
    v_limit.value := least(CASE WHEN p_own.next_at <= p_at THEN coalesce(p_own.next_value, p_brought.value) ELSE p_own.value END,
                           p_brought.value);
    v_limit.cooldown_minutes := greatest(p_own.cooldown_minutes, p_brought.cooldown_minutes);
    v_limit.next_value := NULL;
    v_limit.next_at := NULL;
    IF p_own.person_id IS NULL THEN
        v_limit.kind := p_brought.kind;
        v_limit.set_at := p_brought.set_at;
    END IF;
    RETURN v_limit;
END $$;

CREATE FUNCTION public.take_display(d jsonb, p_order bigint) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    INSERT INTO display_use (market, symbol, side, price, time_ms, from_book, resting)
    SELECT t.market, t.symbol, t.side, (d->>'price')::numeric, (d->>'time')::bigint, false, (d->>'quantity')::numeric
    FROM order_terms t WHERE t.id = p_order
    ON CONFLICT (market, symbol, side, price, time_ms, from_book) DO UPDATE
        SET resting = display_use.resting + excluded.resting
$$;

CREATE FUNCTION public.telegram_sender_of(p_body text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    said json;
BEGIN
    -- Without escapes: what people write may hold some that PostgreSQL refuses, and numbers have none.
    said := regexp_replace(p_body, '\\(u[0-9a-fA-F]{4}|.)', '', 'g')::json;
    RETURN coalesce(
        said #>> '{message,from,id}', said #>> '{callback_query,from,id}', said #>> '{inline_query,from,id}',
        said #>> '{my_chat_member,from,id}'
    );
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION public.trading_halt() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('trading_state'));
    RETURN (SELECT reason FROM trading_state WHERE halted);
END $$;

CREATE FUNCTION public.undo_action(p_id text, p_after bigint, p_limit integer, p_at timestamp with time zone, p_market_time bigint) RETURNS TABLE(account_id bigint, outcome text, asset text, missing numeric)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    reached record;
    undone  record;
BEGIN
    UPDATE corporate_action SET state = 'undoing' WHERE id = p_id AND state IN ('applying', 'done', 'undone');
    PERFORM FROM balance held JOIN account mine ON mine.id = held.account_id AND mine.quote_asset = held.asset
        WHERE mine.id IN (SELECT d.account_id FROM corporate_action_account d
                          WHERE d.action_id = p_id AND d.account_id > p_after ORDER BY d.account_id LIMIT p_limit)
        ORDER BY mine.id FOR UPDATE OF held;
    FOR reached IN
        SELECT d.account_id, d.entry_id FROM corporate_action_account d
        WHERE d.action_id = p_id AND d.account_id > p_after ORDER BY d.account_id LIMIT p_limit
    LOOP
        account_id := reached.account_id;
        asset := NULL;
        missing := NULL;
        outcome := 'orders';
        IF reached.entry_id IS NOT NULL THEN
            SELECT * INTO undone FROM reverse_entry(reached.entry_id, 'undo of ' || p_id, p_at, p_market_time);
            outcome := undone.outcome;
            asset := undone.asset;
            missing := undone.missing;
            IF outcome = 'done' THEN
                PERFORM change_unit_of_mark(account_id, p_id, true);
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF NOT FOUND THEN
        UPDATE corporate_action SET state = 'undone', finished_at = p_at WHERE id = p_id AND state = 'undoing';
    END IF;
END $$;

CREATE TABLE public.link_join (
    platform text NOT NULL,
    external_id text NOT NULL,
    host_id bigint NOT NULL,
    former_id bigint NOT NULL,
    how text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    accounts bigint[] NOT NULL,
    alerts bigint[] NOT NULL,
    forecast_alerts bigint[] NOT NULL,
    recurring_buys bigint[] NOT NULL,
    notices bigint[] NOT NULL,
    watched text[] NOT NULL,
    chats text[] DEFAULT '{}'::text[] NOT NULL,
    group_changes bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    robots bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    settings text[] DEFAULT '{}'::text[] NOT NULL,
    limits jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT link_join_how_known CHECK ((how = ANY (ARRAY['move'::text, 'merge'::text])))
);

CREATE FUNCTION public.undo_join(p_join public.link_join) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
    UPDATE condition_alert SET person_id = p_join.former_id, changed = pg_current_xact_id()
        WHERE id = ANY(p_join.alerts) AND person_id = p_join.host_id;
    UPDATE forecast_alert SET person_id = p_join.former_id
        WHERE id = ANY(p_join.forecast_alerts) AND person_id = p_join.host_id;
    UPDATE recurring_buy SET person_id = p_join.former_id
        WHERE id = ANY(p_join.recurring_buys) AND person_id = p_join.host_id;
    UPDATE strategy s SET person_id = p_join.former_id, former_id = NULL, former_name = NULL, name = CASE
            WHEN EXISTS (SELECT FROM strategy own WHERE own.person_id = p_join.former_id
                         AND (own.market, own.name) = (s.market, s.former_name)) THEN s.name
            ELSE coalesce(s.former_name, s.name) END
        WHERE former_id = p_join.former_id AND person_id = p_join.host_id;
    PERFORM undo_joined_limits(p_join);
    PERFORM undo_joined_settings(p_join);
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

CREATE FUNCTION public.undo_joined_limits(p_join public.link_join) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    v_kind  text;
    v_limit jsonb;
    v_later record;
    v_own   trading_limit;
    v_was   trading_limit;  -- what the joins made of it, with this one and without it
    v_is    trading_limit;
    v_held  boolean;
BEGIN
    -- Read again: undoing another join of the host may have changed them.
    FOR v_kind, v_limit IN SELECT each.* FROM link_join j, jsonb_each(j.limits) AS each WHERE j.former_id = p_join.former_id LOOP
        v_was := jsonb_populate_record(NULL::trading_limit, v_limit->'after');
        v_is := jsonb_populate_record(NULL::trading_limit, nullif(v_limit->'before', 'null'));
        v_held := true;
        FOR v_later IN SELECT j.former_id, j.limits->v_kind AS step FROM link_join j
            WHERE j.host_id = p_join.host_id AND j.limits ? v_kind
              AND (j.joined_at, j.former_id) > (p_join.joined_at, p_join.former_id)
            ORDER BY j.joined_at, j.former_id
        LOOP
            v_own := jsonb_populate_record(NULL::trading_limit, nullif(v_later.step->'before', 'null'));
            v_held := is_limit_of_join(v_own, v_was, now());
            EXIT WHEN NOT v_held;
            v_was := jsonb_populate_record(NULL::trading_limit, v_later.step->'after');
            UPDATE link_join SET limits = jsonb_set(jsonb_set(limits,
                    ARRAY[v_kind, 'before'], CASE WHEN v_is.value IS NULL THEN 'null' ELSE to_jsonb(v_is) END),
                    ARRAY[v_kind, 'after'], to_jsonb(stricter_limit(
                        v_is, jsonb_populate_record(NULL::trading_limit, v_later.step->'brought'), now())))
                WHERE former_id = v_later.former_id
                RETURNING (jsonb_populate_record(NULL::trading_limit, limits->v_kind->'after')).* INTO v_is;
        END LOOP;
        SELECT * INTO v_own FROM trading_limit t WHERE t.person_id = p_join.host_id AND t.kind = v_kind;
        -- A raise of the host's own limit, asked for since, goes on waiting.
        IF v_held AND is_limit_of_join(v_own, v_was, now())
            AND (v_own.next_at IS NOT NULL AND v_own.value = v_is.value) IS NOT TRUE THEN
            PERFORM put_limit(p_join.host_id, v_kind, v_is);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION public.undo_joined_settings(p_join public.link_join) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM notification_preference h USING notification_preference f
        WHERE h.person_id = p_join.host_id AND f.person_id = p_join.former_id AND h.kind = ANY(p_join.settings)
          AND (h.kind, h.mode) = (f.kind, f.mode);
    DELETE FROM notification_quiet_hours h USING notification_quiet_hours f
        WHERE h.person_id = p_join.host_id AND f.person_id = p_join.former_id
          AND 'notification_quiet_hours' = ANY(p_join.settings) AND (h.starts, h.ends) = (f.starts, f.ends);
    DELETE FROM notification_digest h USING notification_digest f
        WHERE h.person_id = p_join.host_id AND f.person_id = p_join.former_id
          AND 'notification_digest' = ANY(p_join.settings) AND (h.every, h.hour) = (f.every, f.hour);
    DELETE FROM notification_destination h USING notification_destination f
        WHERE h.person_id = p_join.host_id AND f.person_id = p_join.former_id
          AND 'notification_destination' = ANY(p_join.settings) AND (h.platform, h.chat_id) = (f.platform, f.chat_id);
    -- What the host tried as well has another time.
    DELETE FROM backtest_trial h USING backtest_trial f
        WHERE h.person_id = p_join.host_id AND f.person_id = p_join.former_id
          AND (h.market, h.symbol, h.digest, h.tried_at) = (f.market, f.symbol, f.digest, f.tried_at);
END $$;

CREATE FUNCTION public.unit_changes_of(p_account bigint, p_symbol text, p_at timestamp with time zone) RETURNS numeric[]
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT array_agg(ARRAY[c.unit_since_ms::numeric, c.ratio::numeric] ORDER BY c.unit_since_ms)
    FROM account a
    JOIN corporate_action c ON c.market = a.market AND c.symbol = p_symbol AND c.kind = 'redenomination'
    WHERE a.id = p_account AND (
        c.state = 'done' AND c.finished_at <= p_at
        OR EXISTS (
            SELECT FROM corporate_action_account d JOIN entry e ON e.id = d.entry_id
            WHERE (d.action_id, d.account_id) = (c.id, a.id) AND e.recorded_at <= p_at
              AND NOT EXISTS (SELECT FROM entry_correction r JOIN entry u ON u.id = r.entry_id
                              WHERE r.reversed_id = d.entry_id AND u.recorded_at <= p_at)))
$$;

CREATE FUNCTION public.unlink_identity(p_person bigint, p_platform text, p_external text, OUT outcome text, OUT ended integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    whole  boolean;
    other  notification_chat;
    more   integer;
    v_join link_join;
    v_lost text[];
BEGIN
    ended := 0;
    PERFORM FROM person p WHERE p.id = p_person OR p.id = (
        SELECT former_id FROM link_join WHERE (platform, external_id, host_id) = (p_platform, p_external, p_person))
        ORDER BY p.id FOR UPDATE;
    PERFORM FROM identity WHERE (platform, external_id, person_id) = (p_platform, p_external, p_person) FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'gone';
        RETURN;
    END IF;
    SELECT * INTO v_join FROM link_join WHERE (platform, external_id, host_id) = (p_platform, p_external, p_person);
    IF v_join.former_id IS NULL AND (SELECT count(*) FROM identity WHERE person_id = p_person) = 1 THEN
        outcome := 'only';
        RETURN;
    END IF;
    UPDATE link_code SET state = 'burned' WHERE person_id = p_person AND state = 'open';
    outcome := CASE WHEN v_join.former_id IS NULL THEN 'done' ELSE 'undone' END;
    IF outcome = 'undone' THEN
        PERFORM undo_join(v_join);
        IF drop_unowned(p_person, now(), (extract(epoch FROM now()) * 1000)::bigint) THEN
            RETURN;
        END IF;
    ELSE
        INSERT INTO banned_identity (digest, reason, since)
            SELECT identity_digest(p_platform, p_external), reason, since FROM ban WHERE person_id = p_person
            ON CONFLICT (digest) DO UPDATE SET reason = excluded.reason, since = excluded.since;
        DELETE FROM identity WHERE (platform, external_id) = (p_platform, p_external);
    END IF;
    DELETE FROM pending_prompt WHERE (platform, external_id) = (p_platform, p_external);
    v_lost := p_external || coalesce(v_join.chats, '{}');
    whole := NOT EXISTS (SELECT FROM identity WHERE person_id = p_person AND platform = p_platform);
    DELETE FROM notification_chat
        WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost));
    SELECT * INTO other FROM notification_chat
        WHERE person_id = p_person AND retired_at IS NULL AND NOT public ORDER BY seen_at DESC LIMIT 1;
    IF FOUND THEN
        UPDATE alert SET platform = other.platform, chat_id = other.chat_id, changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost));
        UPDATE forecast_alert SET platform = other.platform, chat_id = other.chat_id
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost));
        UPDATE range_alert SET platform = other.platform, chat_id = other.chat_id, changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost));
        UPDATE condition_alert SET platform = other.platform, chat_id = other.chat_id, changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost));
        UPDATE outbox SET platform = other.platform, chat_id = other.chat_id
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state = 'pending';
    ELSE
        UPDATE alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state IN ('armed', 'muted');
        GET DIAGNOSTICS ended = ROW_COUNT;
        UPDATE forecast_alert SET state = 'cancelled', ended_at = now()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state = 'armed';
        GET DIAGNOSTICS more = ROW_COUNT;
        ended := ended + more;
        UPDATE range_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state = 'armed';
        GET DIAGNOSTICS more = ROW_COUNT;
        ended := ended + more;
        UPDATE condition_alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state IN ('armed', 'muted');
        GET DIAGNOSTICS more = ROW_COUNT;
        ended := ended + more;
        DELETE FROM outbox
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state = 'pending';
    END IF;
END $$;

ALTER TABLE public.account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_limit_state (
    account_id bigint NOT NULL,
    round integer NOT NULL,
    adjusted numeric NOT NULL,
    equity numeric NOT NULL,
    marks jsonb NOT NULL,
    valued_at timestamp with time zone NOT NULL,
    day_start numeric NOT NULL,
    day_ends timestamp with time zone NOT NULL,
    peak numeric NOT NULL,
    peak_at timestamp with time zone NOT NULL,
    paused_kind public.limit_kind,
    paused_value numeric,
    paused_desk boolean,
    paused_at timestamp with time zone,
    paused_until timestamp with time zone,
    day_paused_value numeric,
    day_paused_desk boolean,
    day_paused_at timestamp with time zone,
    day_paused_until timestamp with time zone,
    CONSTRAINT account_limit_state_day_pause_whole CHECK ((num_nulls(day_paused_value, day_paused_desk, day_paused_at, day_paused_until) = ANY (ARRAY[0, 4]))),
    CONSTRAINT account_limit_state_pause_whole CHECK ((num_nulls(paused_kind, paused_value, paused_desk, paused_at) = ANY (ARRAY[0, 4])))
)
WITH (fillfactor='70');

CREATE TABLE public.account_merge (
    id bigint NOT NULL,
    source_id bigint NOT NULL,
    target_id bigint NOT NULL,
    granted public.positive_amount NOT NULL,
    out_entry bigint NOT NULL,
    in_entry bigint NOT NULL,
    returned public.amount DEFAULT 0 NOT NULL,
    CONSTRAINT account_merge_of_two CHECK ((source_id <> target_id)),
    CONSTRAINT account_merge_returns_its_grant CHECK (((returned)::numeric <= (granted)::numeric))
);

CREATE TABLE public.account_merge_asset (
    merge_id bigint NOT NULL,
    asset public.asset_name NOT NULL,
    symbol text,
    quantity public.amount NOT NULL,
    cost public.amount NOT NULL,
    realised public.signed_amount NOT NULL
);

ALTER TABLE public.account_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alert (
    id bigint NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    direction text NOT NULL,
    level numeric NOT NULL,
    repeat boolean NOT NULL,
    state text DEFAULT 'armed'::text NOT NULL,
    ready boolean NOT NULL,
    firings integer DEFAULT 0 NOT NULL,
    market_time_ms bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fired_at timestamp with time zone,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    ended_at timestamp with time zone,
    rearm numeric,
    pause_ms bigint DEFAULT 0 NOT NULL,
    market_time bigint,
    note text DEFAULT ''::text NOT NULL,
    expires_at_ms bigint,
    CONSTRAINT alert_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT alert_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT alert_direction_known CHECK ((direction = ANY (ARRAY['above'::text, 'below'::text]))),
    CONSTRAINT alert_firings_bounds CHECK ((firings >= 0)),
    CONSTRAINT alert_level_bounds CHECK (((level > (0)::numeric) AND (level < '1000000000000000000'::numeric) AND (scale(level) <= 18))),
    CONSTRAINT alert_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 64))),
    CONSTRAINT alert_note_length CHECK ((length(note) <= 200)),
    CONSTRAINT alert_pause_bounds CHECK (((pause_ms >= 0) AND (pause_ms <= 86400000))),
    CONSTRAINT alert_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT alert_rearm_bounds CHECK (((rearm > (0)::numeric) AND (rearm < '10000000000000000000'::numeric) AND (scale(rearm) <= 18))),
    CONSTRAINT alert_state_known CHECK ((state = ANY (ARRAY['armed'::text, 'fired'::text, 'cancelled'::text, 'muted'::text]))),
    CONSTRAINT alert_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

ALTER TABLE public.alert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.backtest_trial (
    person_id bigint NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    digest bytea NOT NULL,
    score double precision NOT NULL,
    tried_at timestamp with time zone NOT NULL,
    CONSTRAINT backtest_trial_digest_length CHECK ((octet_length(digest) = 16)),
    CONSTRAINT backtest_trial_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT backtest_trial_score_bounds CHECK (((score >= ('-1000000'::integer)::double precision) AND (score <= (1000000)::double precision))),
    CONSTRAINT backtest_trial_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

CREATE TABLE public.balance (
    account_id bigint NOT NULL,
    asset public.asset_name NOT NULL,
    available public.amount DEFAULT 0 NOT NULL,
    held public.amount DEFAULT 0 NOT NULL,
    symbol text,
    cost public.amount DEFAULT 0 NOT NULL,
    realised public.signed_amount DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.ban (
    person_id bigint NOT NULL,
    reason text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    named bytea,
    CONSTRAINT ban_reason_length CHECK ((length(reason) <= 300))
);

CREATE TABLE public.banned_identity (
    digest bytea NOT NULL,
    reason text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT banned_identity_reason_length CHECK ((length(reason) <= 300))
);

CREATE TABLE public.broadcast (
    id bigint NOT NULL,
    token text NOT NULL,
    person_id bigint NOT NULL,
    body text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    chats integer DEFAULT 0 NOT NULL,
    first_row bigint,
    last_row bigint,
    CONSTRAINT broadcast_body_length CHECK (((length(body) >= 1) AND (length(body) <= 1000))),
    CONSTRAINT broadcast_chats_bounds CHECK ((chats >= 0)),
    CONSTRAINT broadcast_token_shape CHECK (((length(token) >= 1) AND (length(token) <= 64)))
);

ALTER TABLE public.broadcast ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.broadcast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.identity (
    platform text NOT NULL,
    external_id text NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT identity_external_id_shape CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT identity_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

CREATE TABLE public.notification_chat (
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    public boolean NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    reason text,
    CONSTRAINT notification_chat_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT notification_chat_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

CREATE TABLE public.notification_preference (
    person_id bigint NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    CONSTRAINT notification_preference_kind_shape CHECK ((kind ~ '^[a-z-]{1,32}$'::text)),
    CONSTRAINT notification_preference_mode_known CHECK ((mode = ANY (ARRAY['on'::text, 'silent'::text, 'off'::text])))
);

CREATE TABLE public.person (
    id bigint NOT NULL,
    language text NOT NULL,
    timezone text NOT NULL,
    confirm boolean DEFAULT true NOT NULL,
    theme text DEFAULT 'dark'::text NOT NULL,
    met_at timestamp with time zone DEFAULT now() NOT NULL,
    public boolean DEFAULT false NOT NULL,
    CONSTRAINT person_language_shape CHECK ((language ~ '^[a-z]{2}$'::text)),
    CONSTRAINT person_theme_known CHECK ((theme = ANY (ARRAY['dark'::text, 'light'::text]))),
    CONSTRAINT person_timezone_shape CHECK ((timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'::text))
);

CREATE VIEW public.broadcast_reach AS
 SELECT person_id,
    way,
        CASE way
            WHEN 'private'::text THEN own_platform
            WHEN 'direct'::text THEN 'discord'::text
            ELSE NULL::text
        END AS platform,
        CASE way
            WHEN 'private'::text THEN own_chat
            WHEN 'direct'::text THEN ('dm:'::text || discord_id)
            ELSE NULL::text
        END AS chat_id
   FROM ( SELECT person.id AS person_id,
            own.platform AS own_platform,
            own.chat_id AS own_chat,
            discord.external_id AS discord_id,
                CASE
                    WHEN (EXISTS ( SELECT
                       FROM public.ban
                      WHERE (ban.person_id = person.id))) THEN 'banned'::text
                    WHEN (EXISTS ( SELECT
                       FROM public.notification_preference preference
                      WHERE ((preference.person_id = person.id) AND (preference.kind = 'broadcast'::text) AND (preference.mode = 'off'::text)))) THEN 'off'::text
                    WHEN (own.chat_id IS NOT NULL) THEN 'private'::text
                    WHEN (discord.external_id IS NOT NULL) THEN 'direct'::text
                    WHEN (EXISTS ( SELECT
                       FROM public.notification_chat chat
                      WHERE ((chat.person_id = person.id) AND (chat.retired_at IS NOT NULL) AND ((NOT chat.public) OR starts_with(chat.chat_id, 'dm:'::text))))) THEN 'blocked'::text
                    WHEN (EXISTS ( SELECT
                       FROM public.notification_chat chat
                      WHERE (chat.person_id = person.id))) THEN 'group'::text
                    ELSE 'unknown'::text
                END AS way
           FROM ((public.person
             LEFT JOIN LATERAL ( SELECT chat.platform,
                    chat.chat_id
                   FROM public.notification_chat chat
                  WHERE ((chat.person_id = person.id) AND (NOT chat.public) AND (chat.retired_at IS NULL))
                  ORDER BY chat.seen_at DESC, chat.platform, chat.chat_id
                 LIMIT 1) own ON (true))
             LEFT JOIN LATERAL ( SELECT identity.external_id
                   FROM public.identity
                  WHERE ((identity.person_id = person.id) AND (identity.platform = 'discord'::text) AND (NOT (EXISTS ( SELECT
                           FROM public.notification_chat chat
                          WHERE ((chat.person_id = person.id) AND (chat.platform = 'discord'::text) AND (chat.retired_at IS NOT NULL) AND ((NOT chat.public) OR starts_with(chat.chat_id, 'dm:'::text)))))))
                  ORDER BY identity.external_id
                 LIMIT 1) discord ON (true))) reached;

CREATE TABLE public.candle (
    market text NOT NULL,
    symbol text NOT NULL,
    open_time bigint NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision NOT NULL,
    quote_volume double precision NOT NULL,
    trades bigint NOT NULL,
    taker_volume double precision,
    quote_imbalance double precision,
    CONSTRAINT candle_market_check CHECK (((length(market) >= 1) AND (length(market) <= 200))),
    CONSTRAINT candle_open_time_check CHECK (((open_time % (60000)::bigint) = 0)),
    CONSTRAINT candle_prices CHECK (((low > (0)::double precision) AND (low <= open) AND (low <= close) AND (open <= high) AND (close <= high) AND (high < 'Infinity'::double precision))),
    CONSTRAINT candle_symbol_check CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT candle_trades_check CHECK ((trades >= 0)),
    CONSTRAINT candle_volumes CHECK (((volume >= (0)::double precision) AND (volume < 'Infinity'::double precision) AND (quote_volume >= (0)::double precision) AND (quote_volume < 'Infinity'::double precision)))
)
PARTITION BY RANGE (open_time);

CREATE TABLE public.chat_group (
    platform text NOT NULL,
    group_id text NOT NULL,
    language text,
    timezone text,
    channels jsonb DEFAULT '{}'::jsonb NOT NULL,
    rules jsonb DEFAULT '{}'::jsonb NOT NULL,
    cooldown integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chat_group_channels_shape CHECK (((jsonb_typeof(channels) = 'object'::text) AND (length((channels)::text) <= 20000))),
    CONSTRAINT chat_group_cooldown_bounds CHECK (((cooldown >= 0) AND (cooldown <= 3600))),
    CONSTRAINT chat_group_group_id_shape CHECK (((length(group_id) >= 1) AND (length(group_id) <= 128))),
    CONSTRAINT chat_group_language_shape CHECK ((language ~ '^[a-z]{2}$'::text)),
    CONSTRAINT chat_group_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT chat_group_rules_shape CHECK (((jsonb_typeof(rules) = 'object'::text) AND (length((rules)::text) <= 20000))),
    CONSTRAINT chat_group_timezone_shape CHECK ((timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'::text))
);

CREATE TABLE public.chat_group_change (
    id bigint NOT NULL,
    command_id text NOT NULL,
    platform text NOT NULL,
    group_id text NOT NULL,
    person_id bigint,
    change text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chat_group_change_change_shape CHECK (((length(change) >= 1) AND (length(change) <= 1000))),
    CONSTRAINT chat_group_change_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128)))
);

ALTER TABLE public.chat_group_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chat_group_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.condition_alert (
    id bigint DEFAULT nextval('public.alert_id_seq'::regclass) NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    measure text NOT NULL,
    direction text NOT NULL,
    level numeric NOT NULL,
    interval_minutes integer NOT NULL,
    length integer NOT NULL,
    order_id bigint,
    reference numeric,
    ready boolean NOT NULL,
    rearm numeric NOT NULL,
    repeat boolean NOT NULL,
    state text DEFAULT 'armed'::text NOT NULL,
    pause_ms bigint DEFAULT 0 NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    expires_at_ms bigint,
    firings integer DEFAULT 0 NOT NULL,
    market_time_ms bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fired_at timestamp with time zone,
    ended_at timestamp with time zone,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    rule text,
    CONSTRAINT condition_alert_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT condition_alert_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT condition_alert_direction_known CHECK ((direction = ANY (ARRAY['above'::text, 'below'::text]))),
    CONSTRAINT condition_alert_firings_bounds CHECK ((firings >= 0)),
    CONSTRAINT condition_alert_interval_known CHECK ((interval_minutes = ANY (ARRAY[1, 5, 15, 60, 240, 1440]))),
    CONSTRAINT condition_alert_length_bounds CHECK (((length >= 1) AND (length <=
CASE measure
    WHEN 'rule'::text THEN 5000
    ELSE 1440
END))),
    CONSTRAINT condition_alert_level_bounds CHECK (((abs(level) <= (1000)::numeric) AND (scale(level) <= 6))),
    CONSTRAINT condition_alert_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT condition_alert_measure_known CHECK ((measure = ANY (ARRAY['change'::text, 'high'::text, 'low'::text, 'volume'::text, 'volatility'::text, 'sma'::text, 'ema'::text, 'rsi'::text, 'order'::text, 'rule'::text]))),
    CONSTRAINT condition_alert_note_length CHECK ((length(note) <= 200)),
    CONSTRAINT condition_alert_order_known CHECK ((((measure = 'order'::text) = (order_id IS NOT NULL)) AND ((order_id IS NULL) = (reference IS NULL)) AND (COALESCE(reference, (1)::numeric) > (0)::numeric))),
    CONSTRAINT condition_alert_pause_bounds CHECK (((pause_ms >= 0) AND (pause_ms <= 604800000))),
    CONSTRAINT condition_alert_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT condition_alert_rule_known CHECK (((measure = 'rule'::text) = (rule IS NOT NULL))),
    CONSTRAINT condition_alert_rule_length CHECK (((char_length(rule) >= 1) AND (char_length(rule) <= 500))),
    CONSTRAINT condition_alert_state_known CHECK ((state = ANY (ARRAY['armed'::text, 'fired'::text, 'cancelled'::text, 'muted'::text]))),
    CONSTRAINT condition_alert_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

CREATE TABLE public.corporate_action (
    id text NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    kind text NOT NULL,
    ratio public.positive_amount,
    into_symbol text,
    into_asset public.asset_name,
    price public.amount,
    unit public.positive_amount NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'applying'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    after_entry bigint,
    unit_since_ms bigint,
    CONSTRAINT corporate_action_complete CHECK ((((ratio IS NOT NULL) = (kind = ANY (ARRAY['rename'::text, 'redenomination'::text, 'conversion'::text]))) AND (((into_symbol IS NOT NULL) AND (into_asset IS NOT NULL)) = (kind = ANY (ARRAY['rename'::text, 'conversion'::text]))) AND ((price IS NOT NULL) = (kind = 'delisting'::text)))),
    CONSTRAINT corporate_action_id_shape CHECK ((id ~ '^[a-z0-9][a-z0-9._-]{0,59}$'::text)),
    CONSTRAINT corporate_action_kind_known CHECK ((kind = ANY (ARRAY['none'::text, 'rename'::text, 'redenomination'::text, 'conversion'::text, 'delisting'::text]))),
    CONSTRAINT corporate_action_reason_length CHECK (((length(reason) >= 1) AND (length(reason) <= 200))),
    CONSTRAINT corporate_action_state_known CHECK ((state = ANY (ARRAY['applying'::text, 'done'::text, 'undoing'::text, 'undone'::text])))
);

CREATE TABLE public.corporate_action_account (
    action_id text NOT NULL,
    account_id bigint NOT NULL,
    entry_id bigint
);

CREATE TABLE public.data_quality_daily (
    market text NOT NULL,
    day date NOT NULL,
    body jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT data_quality_daily_market_length CHECK (((length(market) >= 1) AND (length(market) <= 200)))
);

CREATE TABLE public.delisting (
    market text NOT NULL,
    symbol text NOT NULL,
    delisted_at bigint NOT NULL,
    told_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT delisting_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT delisting_symbol_length CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

CREATE TABLE public.model (
    version bigint NOT NULL,
    market text NOT NULL,
    horizon integer NOT NULL,
    recipe text NOT NULL,
    state text NOT NULL,
    barred boolean DEFAULT false NOT NULL,
    trained_at bigint NOT NULL,
    start_ms bigint NOT NULL,
    end_ms bigint NOT NULL,
    symbols text[] NOT NULL,
    rows bigint NOT NULL,
    features text[] NOT NULL,
    parameters jsonb NOT NULL,
    code_version text NOT NULL,
    metrics jsonb NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    artifact bytea,
    CONSTRAINT model_artifact_kept CHECK (((artifact IS NOT NULL) OR (state = ANY (ARRAY['retired'::text, 'failed'::text])))),
    CONSTRAINT model_artifact_size CHECK ((length(artifact) = size)),
    CONSTRAINT model_barred_rests CHECK (((state = 'retired'::text) OR (barred = (state = 'failed'::text)))),
    CONSTRAINT model_code_version_length CHECK (((length(code_version) >= 1) AND (length(code_version) <= 128))),
    CONSTRAINT model_features_bounds CHECK (((cardinality(features) >= 1) AND (cardinality(features) <= 10000))),
    CONSTRAINT model_horizon_bounds CHECK (((horizon >= 1) AND (horizon <= 10080))),
    CONSTRAINT model_market_length CHECK (((length(market) >= 1) AND (length(market) <= 128))),
    CONSTRAINT model_range_order CHECK (((0 <= start_ms) AND (start_ms < end_ms))),
    CONSTRAINT model_recipe_length CHECK (((length(recipe) >= 1) AND (length(recipe) <= 64))),
    CONSTRAINT model_rows_bounds CHECK ((rows >= 0)),
    CONSTRAINT model_sha256_shape CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT model_size_bounds CHECK (((size >= 1) AND (size <= 67108864))),
    CONSTRAINT model_state_known CHECK ((state = ANY (ARRAY['challenger'::text, 'champion'::text, 'retired'::text, 'failed'::text]))),
    CONSTRAINT model_symbols_bounds CHECK (((cardinality(symbols) >= 1) AND (cardinality(symbols) <= 10000))),
    CONSTRAINT model_trained_at_bounds CHECK (((trained_at >= 0) AND (trained_at <= '253402300799999'::bigint)))
);

CREATE VIEW public.model_summary AS
 SELECT version,
    market,
    horizon,
    recipe,
    state,
    barred,
    trained_at,
    start_ms,
    end_ms,
    symbols,
    rows,
    features,
    parameters,
    code_version,
    metrics,
    sha256,
    size,
    (artifact IS NOT NULL) AS kept
   FROM public.model;

CREATE VIEW public.described_model AS
 SELECT version,
    market,
    horizon,
    recipe,
    state,
    barred,
    trained_at,
    start_ms,
    end_ms,
    symbols,
    rows,
    features,
    parameters,
    code_version,
    metrics,
    sha256,
    size,
    kept
   FROM public.model_summary;

COMMENT ON VIEW public.described_model IS 'The name of model_summary in the version before.';

CREATE TABLE public.desk_limit (
    kind public.limit_kind NOT NULL,
    value public.limit_value NOT NULL,
    cooldown_minutes integer DEFAULT 60 NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT desk_limit_cooldown_bounds CHECK (((cooldown_minutes >= 1) AND (cooldown_minutes <= 43200)))
);

CREATE TABLE public.display_use (
    market text NOT NULL,
    symbol text NOT NULL,
    side public.order_side NOT NULL,
    price public.positive_amount NOT NULL,
    time_ms bigint NOT NULL,
    from_book boolean NOT NULL,
    owner bigint DEFAULT 0 NOT NULL,
    base public.amount DEFAULT 0 NOT NULL,
    used public.amount DEFAULT 0 NOT NULL,
    others public.amount DEFAULT 0 NOT NULL,
    sold public.amount DEFAULT 0 NOT NULL,
    resting public.amount DEFAULT 0 NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT display_use_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT display_use_symbol_length CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

CREATE TABLE public.drift (
    version bigint NOT NULL,
    kind text NOT NULL,
    market text NOT NULL,
    horizon integer NOT NULL,
    what text NOT NULL,
    amount double precision NOT NULL,
    bound double precision NOT NULL,
    since bigint NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT drift_kind_known CHECK ((kind = ANY (ARRAY['features'::text, 'errors'::text]))),
    CONSTRAINT drift_what_length CHECK (((length(what) >= 1) AND (length(what) <= 200)))
);

CREATE TABLE public.entry (
    id bigint NOT NULL,
    command_id public.command_name NOT NULL,
    body public.body_hash NOT NULL,
    kind public.entry_kind NOT NULL,
    account_id bigint NOT NULL,
    round integer NOT NULL,
    order_id bigint,
    recorded_at timestamp with time zone NOT NULL,
    market_time_ms bigint NOT NULL,
    at timestamp with time zone GENERATED ALWAYS AS (recorded_at) STORED,
    market_time bigint GENERATED ALWAYS AS (market_time_ms) STORED
);

CREATE TABLE public.entry_correction (
    entry_id bigint NOT NULL,
    reversed_id bigint,
    reason text NOT NULL,
    CONSTRAINT entry_correction_of_another CHECK ((reversed_id < entry_id)),
    CONSTRAINT entry_correction_reason_length CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
);

ALTER TABLE public.entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.equity_snapshot (
    account_id bigint NOT NULL,
    day date NOT NULL,
    market text NOT NULL,
    quote_asset public.asset_name NOT NULL,
    round integer NOT NULL,
    equity public.amount NOT NULL,
    granted public.positive_amount NOT NULL,
    trades integer NOT NULL,
    unpriced smallint NOT NULL,
    stale smallint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT equity_snapshot_stale_bounds CHECK ((stale >= 0)),
    CONSTRAINT equity_snapshot_trades_bounds CHECK ((trades >= 0)),
    CONSTRAINT equity_snapshot_unpriced_bounds CHECK ((unpriced >= 0))
);

CREATE VIEW public.every_order AS
 SELECT r.id,
    r.account_id,
    (r.command_id)::text AS command_id,
    r.list_id,
    r.list_kind,
    r.role,
    r.market,
    r.symbol,
    (r.base)::text AS base,
    (r.quote)::text AS quote,
    (r.side)::text AS side,
    r.type,
    (r.quantity)::numeric AS quantity,
    (r.limit_price)::numeric AS limit_price,
    (r.stop_price)::numeric AS stop_price,
    r.trailing_delta,
    r.time_in_force,
    r.expires_at_ms,
    (r.fee_rate)::numeric AS fee_rate,
    (r.base_unit)::numeric AS base_unit,
    (r.quote_unit)::numeric AS quote_unit,
    r.recorded_at,
    r.market_time_ms,
    r.status,
    r.present_quantity,
    r.filled,
    r.present_limit,
    r.present_stop,
    r.average_price
   FROM public.order_record r
UNION ALL
 SELECT o.id,
    o.account_id,
    ( SELECT (e.command_id)::text AS command_id
           FROM public.entry e
          WHERE ((e.account_id = o.account_id) AND (e.order_id = o.id))) AS command_id,
    NULL::bigint AS list_id,
    NULL::text AS list_kind,
    NULL::text AS role,
    ( SELECT a.market
           FROM public.account a
          WHERE (a.id = o.account_id)) AS market,
    o.symbol,
    (o.base)::text AS base,
    (o.quote)::text AS quote,
    (o.side)::text AS side,
    'MARKET'::text AS type,
    ((o.quantity)::numeric + (o.unfilled)::numeric) AS quantity,
    NULL::numeric AS limit_price,
    NULL::numeric AS stop_price,
    NULL::integer AS trailing_delta,
    NULL::text AS time_in_force,
    NULL::bigint AS expires_at_ms,
    (o.fee_rate)::numeric AS fee_rate,
    (o.base_unit)::numeric AS base_unit,
    (o.quote_unit)::numeric AS quote_unit,
    o.recorded_at,
    ( SELECT e.market_time_ms
           FROM public.entry e
          WHERE ((e.account_id = o.account_id) AND (e.order_id = o.id))) AS market_time_ms,
        CASE
            WHEN ((o.unfilled)::numeric > (0)::numeric) THEN 'EXPIRED'::text
            ELSE 'FILLED'::text
        END AS status,
    ((o.quantity)::numeric + (o.unfilled)::numeric) AS present_quantity,
    (o.quantity)::numeric AS filled,
    NULL::numeric AS present_limit,
    NULL::numeric AS present_stop,
    (o.average_price)::numeric AS average_price
   FROM public.orders o
  WHERE (o.parent_id IS NULL);

CREATE VIEW public.every_order_event AS
 SELECT v.order_id,
    v.number,
    v.previous,
    (v.kind)::text AS kind,
    (v.status)::text AS status,
    v.recorded_at,
    (v.price)::numeric AS price,
    (v.quantity)::numeric AS quantity,
    v.execution_id,
    (v.reason)::text AS reason
   FROM public.order_event v
UNION ALL
 SELECT o.id AS order_id,
    life.number,
    life.previous,
    life.kind,
    life.status,
    o.recorded_at,
    life.price,
    life.quantity,
    life.execution_id,
    life.reason
   FROM (public.orders o
     CROSS JOIN LATERAL ( VALUES (1,'-'::text,'accepted'::text,'NEW'::text,NULL::numeric,((o.quantity)::numeric + (o.unfilled)::numeric),NULL::bigint,NULL::text), (2,'NEW'::text,'filled'::text,
                CASE
                    WHEN ((o.unfilled)::numeric > (0)::numeric) THEN 'PARTIALLY_FILLED'::text
                    ELSE 'FILLED'::text
                END,(o.average_price)::numeric,(o.quantity)::numeric,o.id,NULL::text), (3,'PARTIALLY_FILLED'::text,'expired'::text,'EXPIRED'::text,NULL::numeric,NULL::numeric,NULL::bigint,COALESCE((o.unfilled_reason)::text, 'immediate'::text))) life(number, previous, kind, status, price, quantity, execution_id, reason))
  WHERE ((o.parent_id IS NULL) AND ((life.number < 3) OR ((o.unfilled)::numeric > (0)::numeric)));

CREATE TABLE public.feature_histogram_hourly (
    version bigint NOT NULL,
    hour bigint NOT NULL,
    counts integer[] NOT NULL,
    CONSTRAINT feature_histogram_hourly_counts_size CHECK (((cardinality(counts) >= 1) AND (cardinality(counts) <= 10000))),
    CONSTRAINT feature_histogram_hourly_shape CHECK (((hour % (3600000)::bigint) = 0))
);

CREATE VIEW public.feature_hour AS
 SELECT version,
    hour,
    counts
   FROM public.feature_histogram_hourly;

COMMENT ON VIEW public.feature_hour IS 'The name of feature_histogram_hourly in the version before.';

CREATE TABLE public.fill (
    order_id bigint NOT NULL,
    seq smallint NOT NULL,
    price public.positive_amount NOT NULL,
    quantity public.positive_amount NOT NULL
);

CREATE TABLE public.forecast (
    market text NOT NULL,
    symbol text NOT NULL,
    horizon integer NOT NULL,
    made_at bigint NOT NULL,
    version bigint NOT NULL,
    role text NOT NULL,
    price double precision NOT NULL,
    expected double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    rising double precision NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    outcome double precision,
    unscored text,
    CONSTRAINT forecast_expected_bounds CHECK (((expected >= ('-100'::integer)::double precision) AND (expected <= (100)::double precision))),
    CONSTRAINT forecast_horizon_bounds CHECK (((horizon >= 1) AND (horizon <= 100000))),
    CONSTRAINT forecast_interval CHECK (((low >= ('-100'::integer)::double precision) AND (low <= high) AND (high <= (100)::double precision))),
    CONSTRAINT forecast_judged_once CHECK (((outcome IS NULL) OR (unscored IS NULL))),
    CONSTRAINT forecast_made_at_shape CHECK (((made_at > 0) AND ((made_at % (60000)::bigint) = 0))),
    CONSTRAINT forecast_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 200))),
    CONSTRAINT forecast_outcome_bounds CHECK (((outcome >= ('-100'::integer)::double precision) AND (outcome <= (100)::double precision))),
    CONSTRAINT forecast_price_bounds CHECK (((price > (0)::double precision) AND (price < 'Infinity'::double precision))),
    CONSTRAINT forecast_rising_bounds CHECK (((rising >= (0)::double precision) AND (rising <= (1)::double precision))),
    CONSTRAINT forecast_role_known CHECK ((role = ANY (ARRAY['champion'::text, 'challenger'::text, 'asked'::text]))),
    CONSTRAINT forecast_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT forecast_unscored_known CHECK ((unscored = 'missing'::text))
);

CREATE TABLE public.forecast_alert (
    id bigint NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    horizon integer NOT NULL,
    way text NOT NULL,
    chance numeric NOT NULL,
    repeat boolean NOT NULL,
    state text DEFAULT 'armed'::text NOT NULL,
    ready boolean NOT NULL,
    firings integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fired_at timestamp with time zone,
    ended_at timestamp with time zone,
    margin numeric DEFAULT 0.02 NOT NULL,
    pause_minutes integer DEFAULT 0 NOT NULL,
    CONSTRAINT forecast_alert_chance_bounds CHECK (((chance > 0.5) AND (chance < (1)::numeric) AND (scale(chance) <= 4))),
    CONSTRAINT forecast_alert_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT forecast_alert_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT forecast_alert_firings_bounds CHECK ((firings >= 0)),
    CONSTRAINT forecast_alert_horizon_known CHECK ((horizon = ANY (ARRAY[5, 15, 60, 240, 1440]))),
    CONSTRAINT forecast_alert_margin_bounds CHECK (((margin >= (0)::numeric) AND (margin < 0.5))),
    CONSTRAINT forecast_alert_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT forecast_alert_pause_bounds CHECK (((pause_minutes >= 0) AND (pause_minutes <= 1440))),
    CONSTRAINT forecast_alert_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT forecast_alert_state_known CHECK ((state = ANY (ARRAY['armed'::text, 'fired'::text, 'cancelled'::text]))),
    CONSTRAINT forecast_alert_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT forecast_alert_way_known CHECK ((way = ANY (ARRAY['up'::text, 'down'::text])))
);

ALTER TABLE public.forecast_alert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.forecast_alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.forecast_score_hourly (
    market text NOT NULL,
    horizon integer NOT NULL,
    role text NOT NULL,
    version bigint NOT NULL,
    hour bigint NOT NULL,
    count integer NOT NULL,
    moves integer NOT NULL,
    hits integer NOT NULL,
    covered integer NOT NULL,
    squares double precision NOT NULL,
    naive double precision NOT NULL,
    CONSTRAINT forecast_score_hourly_shape CHECK (((hour % (3600000)::bigint) = 0))
);

CREATE VIEW public.forecast_hour AS
 SELECT market,
    horizon,
    role,
    version,
    hour,
    count,
    moves,
    hits,
    covered,
    squares,
    naive
   FROM public.forecast_score_hourly;

COMMENT ON VIEW public.forecast_hour IS 'The name of forecast_score_hourly in the version before.';

CREATE TABLE public.holding_change (
    entry_id bigint NOT NULL,
    asset public.asset_name NOT NULL,
    symbol text NOT NULL,
    cost public.signed_amount NOT NULL,
    realised public.signed_amount NOT NULL
);

CREATE VIEW public.holding_effect AS
 SELECT entry.id AS entry_id,
    o.base AS asset,
    o.symbol,
        CASE o.side
            WHEN 'buy'::text THEN (o.quote_amount)::numeric
            ELSE ((o.realised)::numeric - (o.received)::numeric)
        END AS cost,
    COALESCE((o.realised)::numeric, (0)::numeric) AS realised
   FROM (public.entry
     JOIN public.orders o ON ((o.id = entry.order_id)))
UNION ALL
 SELECT holding_change.entry_id,
    holding_change.asset,
    holding_change.symbol,
    (holding_change.cost)::numeric AS cost,
    (holding_change.realised)::numeric AS realised
   FROM public.holding_change;

CREATE TABLE public.identity_key (
    one boolean DEFAULT true NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT identity_key_length CHECK ((octet_length(key) = 32)),
    CONSTRAINT identity_key_one_row CHECK (one)
);

CREATE TABLE public.inbox (
    platform text NOT NULL,
    update_id bigint NOT NULL,
    origin text NOT NULL,
    lane text NOT NULL,
    body text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    finished_at timestamp with time zone,
    sender text DEFAULT ''::text NOT NULL,
    CONSTRAINT inbox_lane_shape CHECK (((length(lane) >= 1) AND (length(lane) <= 128))),
    CONSTRAINT inbox_origin_shape CHECK (((length(origin) >= 1) AND (length(origin) <= 128))),
    CONSTRAINT inbox_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT inbox_sender_length CHECK ((length(sender) <= 128)),
    CONSTRAINT inbox_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'done'::text, 'uncertain'::text, 'dead'::text])))
);

COMMENT ON COLUMN public.inbox.origin IS 'What it is under whatever update id it comes: the message or the press itself.';

COMMENT ON COLUMN public.inbox.lane IS 'Chat of the update. One update of a lane is answered at a time, in the order of each sender, those of different lanes at once; - once it was answered or given up.';

COMMENT ON COLUMN public.inbox.body IS 'What the platform sent; {} once it was answered or given up.';

COMMENT ON COLUMN public.inbox.state IS 'sending: the answer may have arrived already. After a crash the person is told so, and the answer is not repeated.';

COMMENT ON COLUMN public.inbox.attempts IS 'How often answering it began.';

COMMENT ON COLUMN public.inbox.sender IS 'Whose update it is while it waits; empty once it was answered or given up, or unknown.';

CREATE TABLE public.job (
    name text NOT NULL,
    cadence text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_at timestamp with time zone,
    asked_by text,
    CONSTRAINT job_asked_by_length CHECK ((length(asked_by) <= 128)),
    CONSTRAINT job_cadence_length CHECK ((length(cadence) <= 100)),
    CONSTRAINT job_name_shape CHECK ((name ~ '^[a-z][a-z_]{0,39}$'::text))
);

CREATE TABLE public.job_run (
    job text NOT NULL,
    slot timestamp with time zone NOT NULL,
    asked boolean DEFAULT false NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    started timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    beat timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended timestamp with time zone,
    worker text NOT NULL,
    told text DEFAULT ''::text NOT NULL,
    CONSTRAINT job_run_state CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'abandoned'::text]))),
    CONSTRAINT job_run_told_length CHECK ((length(told) <= 500)),
    CONSTRAINT job_run_tries_bounds CHECK (((tries >= 1) AND (tries <= 100))),
    CONSTRAINT job_run_worker_length CHECK ((length(worker) <= 128))
);

CREATE TABLE public.link_code (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    selector text NOT NULL,
    hash public.body_hash NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    claimed_platform text,
    claimed_id text,
    how text,
    by_link boolean DEFAULT false NOT NULL,
    asked_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    CONSTRAINT link_code_asked_of_something CHECK (((asked_at IS NULL) OR (how IS NOT NULL))),
    CONSTRAINT link_code_how_known CHECK ((how = ANY (ARRAY['move'::text, 'merge'::text]))),
    CONSTRAINT link_code_selector_shape CHECK ((selector ~ '^[0-9A-Z]{4}$'::text)),
    CONSTRAINT link_code_state_known CHECK ((state = ANY (ARRAY['open'::text, 'burned'::text, 'used'::text]))),
    CONSTRAINT link_code_tries_bounds CHECK (((tries >= 0) AND (tries <= 5)))
);

CREATE TABLE public.link_code_attempt (
    platform text NOT NULL,
    external_id text NOT NULL,
    count smallint NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT link_code_attempt_external_id_shape CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT link_code_attempt_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

ALTER TABLE public.link_code ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.link_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.link_guess AS
 SELECT platform,
    external_id,
    count,
    since
   FROM public.link_code_attempt;

COMMENT ON VIEW public.link_guess IS 'The name of link_code_attempt in the version before.';

CREATE TABLE public.market_report (
    market text NOT NULL,
    quote_asset public.asset_name NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT market_report_kind_known CHECK ((kind = ANY (ARRAY['mood'::text, 'scan'::text, 'scan-record'::text])))
);

CREATE TABLE public.match_position (
    market text NOT NULL,
    log text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    command_id public.command_name NOT NULL,
    CONSTRAINT match_position_log_length CHECK (((length(log) >= 1) AND (length(log) <= 300))),
    CONSTRAINT match_position_offset_bounds CHECK ((next_offset >= 0)),
    CONSTRAINT match_position_partition_bounds CHECK ((partition >= 0))
);

CREATE TABLE public.model_event (
    id bigint NOT NULL,
    version bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    change text NOT NULL,
    state text NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT model_event_known CHECK ((change = ANY (ARRAY['added'::text, 'promoted'::text, 'replaced'::text, 'rolled-back'::text, 'returned'::text, 'failed'::text, 'retired'::text]))),
    CONSTRAINT model_event_reason_length CHECK ((length(reason) <= 300)),
    CONSTRAINT model_event_state_known CHECK ((state = ANY (ARRAY['challenger'::text, 'champion'::text, 'retired'::text, 'failed'::text]))),
    CONSTRAINT model_event_who_length CHECK (((length(who) >= 1) AND (length(who) <= 128)))
);

CREATE VIEW public.model_change AS
 SELECT id,
    version,
    recorded_at AS at,
    change,
    state,
    who,
    reason
   FROM public.model_event;

COMMENT ON VIEW public.model_change IS 'The name of model_event in the version before.';

ALTER TABLE public.model_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.model_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.model ALTER COLUMN version ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.model_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.news_feed (
    id text NOT NULL,
    source text NOT NULL,
    etag text DEFAULT ''::text NOT NULL,
    modified text DEFAULT ''::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    fault text DEFAULT ''::text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone NOT NULL,
    worked_at timestamp with time zone,
    CONSTRAINT news_feed_etag_length CHECK ((length(etag) <= 200)),
    CONSTRAINT news_feed_failures_bounds CHECK ((failures >= 0)),
    CONSTRAINT news_feed_fault_shape CHECK ((fault ~ '^[a-z]{0,20}$'::text)),
    CONSTRAINT news_feed_id_shape CHECK ((id ~ '^[0-9a-f]{16}$'::text)),
    CONSTRAINT news_feed_modified_length CHECK ((length(modified) <= 200)),
    CONSTRAINT news_feed_source_length CHECK ((length(source) <= 100))
);

CREATE TABLE public.news_model (
    market text NOT NULL,
    trained_at timestamp with time zone NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT news_model_body_shape CHECK ((jsonb_typeof(body) = 'object'::text))
);

CREATE TABLE public.news_outcome (
    market text NOT NULL,
    story_id bigint NOT NULL,
    asset text NOT NULL,
    returned double precision,
    judged_at timestamp with time zone NOT NULL,
    CONSTRAINT news_outcome_returned_bounds CHECK (((returned >= ('-1'::integer)::double precision) AND (returned < 'Infinity'::double precision)))
);

CREATE TABLE public.news_story (
    id bigint NOT NULL,
    link_key text NOT NULL,
    title text NOT NULL,
    link text NOT NULL,
    source text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    tone double precision NOT NULL,
    told_at timestamp with time zone,
    CONSTRAINT news_story_link_key_length CHECK (((length(link_key) >= 1) AND (length(link_key) <= 500))),
    CONSTRAINT news_story_link_shape CHECK (((link ~ '^https://[!-~]+$'::text) AND (length(link) <= 500))),
    CONSTRAINT news_story_source_length CHECK ((length(source) <= 100)),
    CONSTRAINT news_story_times CHECK ((published_at <= seen_at)),
    CONSTRAINT news_story_title_length CHECK (((length(title) >= 1) AND (length(title) <= 200))),
    CONSTRAINT news_story_tone_bounds CHECK (((tone >= ('-1'::integer)::double precision) AND (tone <= (1)::double precision)))
);

CREATE TABLE public.news_story_asset (
    story_id bigint NOT NULL,
    asset text NOT NULL,
    place smallint NOT NULL,
    CONSTRAINT news_story_asset_shape CHECK (((length(asset) >= 1) AND (length(asset) <= 20)))
);

ALTER TABLE public.news_story ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.news_story_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notification_destination (
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    chosen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.notification_digest (
    person_id bigint NOT NULL,
    every text NOT NULL,
    hour smallint NOT NULL,
    timezone text DEFAULT ''::text NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    account_id bigint,
    round integer,
    equity numeric,
    told_at timestamp with time zone,
    granted numeric,
    CONSTRAINT notification_digest_every_known CHECK ((every = ANY (ARRAY['daily'::text, 'weekly'::text]))),
    CONSTRAINT notification_digest_hour_bounds CHECK (((hour >= 0) AND (hour <= 23)))
);

CREATE TABLE public.notification_quiet_hours (
    person_id bigint NOT NULL,
    starts smallint NOT NULL,
    ends smallint NOT NULL,
    CONSTRAINT notification_quiet_hours_ends_bounds CHECK (((ends >= 0) AND (ends <= 1439))),
    CONSTRAINT notification_quiet_hours_starts_bounds CHECK (((starts >= 0) AND (starts <= 1439)))
);

CREATE TABLE public.opening_grant (
    id bigint NOT NULL,
    amount public.positive_amount NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT opening_grant_amount_bounds CHECK (((amount)::numeric <= '1000000000000'::numeric))
);

ALTER TABLE public.opening_grant ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.opening_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.operator_action (
    id bigint NOT NULL,
    command_id text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    platform text NOT NULL,
    external_id text NOT NULL,
    person_id bigint NOT NULL,
    line text NOT NULL,
    result text NOT NULL,
    CONSTRAINT operator_action_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT operator_action_external_id_shape CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT operator_action_line_length CHECK ((length(line) <= 1000)),
    CONSTRAINT operator_action_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT operator_action_result_length CHECK ((length(result) <= 300))
);

CREATE VIEW public.operation AS
 SELECT id,
    command_id,
    recorded_at AS at,
    platform,
    external_id,
    person_id,
    line,
    result
   FROM public.operator_action;

COMMENT ON VIEW public.operation IS 'The name of operator_action in the version before.';

ALTER TABLE public.operator_action ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.operator_action_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public."order" AS
 SELECT id,
    account_id,
    symbol,
    base,
    quote,
    side,
    quantity,
    unfilled,
    quote_amount,
    average_price,
    mid_price,
    slippage,
    fee_rate,
    fee,
    fee_asset,
    received,
    base_unit,
    quote_unit,
    recorded_at AS at,
    source,
    from_book,
    price_time,
    price_age_ms,
    realised,
    base_available,
    base_held,
    quote_available,
    quote_held
   FROM public.orders;

COMMENT ON VIEW public."order" IS 'The name of orders in the version before.';

CREATE TABLE public.order_group (
    id bigint NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    market text NOT NULL,
    body jsonb NOT NULL,
    scheduled boolean NOT NULL,
    refusals jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT order_group_body_length CHECK ((octet_length((body)::text) <= 100000)),
    CONSTRAINT order_group_command_id_length CHECK (((length(command_id) >= 1) AND (length(command_id) <= 120))),
    CONSTRAINT order_group_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT order_group_refusals_length CHECK ((octet_length((refusals)::text) <= 100000))
);

ALTER TABLE public.order_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.order_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.order_hold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.order_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.order_transition (
    previous text NOT NULL,
    kind public.order_event_kind NOT NULL,
    status public.order_status NOT NULL
);

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    key text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    reason text,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    message_id text,
    bulk boolean GENERATED ALWAYS AS ((kind = ANY (ARRAY['broadcast'::text, 'digest'::text, 'scan'::text]))) STORED NOT NULL,
    CONSTRAINT outbox_attempts_bounds CHECK ((attempts >= 0)),
    CONSTRAINT outbox_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT outbox_key_shape CHECK (((length(key) >= 1) AND (length(key) <= 128))),
    CONSTRAINT outbox_kind_shape CHECK ((kind ~ '^[a-z-]{1,32}$'::text)),
    CONSTRAINT outbox_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT outbox_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'uncertain'::text, 'dead'::text])))
);

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pending_prompt (
    platform text NOT NULL,
    chat text NOT NULL,
    external_id text NOT NULL,
    message_id bigint NOT NULL,
    line text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_by bigint,
    CONSTRAINT pending_prompt_chat_shape CHECK (((length(chat) >= 1) AND (length(chat) <= 128))),
    CONSTRAINT pending_prompt_external_id_shape CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT pending_prompt_line_shape CHECK (((length(line) >= 1) AND (length(line) <= 1000))),
    CONSTRAINT pending_prompt_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

COMMENT ON COLUMN public.pending_prompt.closed_by IS 'The update that answered or closed it; null while it is open.';

ALTER TABLE public.person ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.posting (
    entry_id bigint NOT NULL,
    seq smallint NOT NULL,
    source public.account_code NOT NULL,
    target public.account_code NOT NULL,
    asset public.asset_name NOT NULL,
    amount public.positive_amount NOT NULL,
    CONSTRAINT posting_moves CHECK (((source)::text <> (target)::text))
);

CREATE TABLE public.price_feed (
    id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    group_id text NOT NULL,
    symbols text[] NOT NULL,
    state text DEFAULT 'on'::text NOT NULL,
    reason text,
    message_id text,
    posts integer DEFAULT 0 NOT NULL,
    edition integer DEFAULT 0 NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT price_feed_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT price_feed_group_id_shape CHECK (((length(group_id) >= 1) AND (length(group_id) <= 128))),
    CONSTRAINT price_feed_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT price_feed_posts_bounds CHECK ((posts >= 0)),
    CONSTRAINT price_feed_state_known CHECK ((state = ANY (ARRAY['on'::text, 'ending'::text, 'off'::text]))),
    CONSTRAINT price_feed_symbols_bounds CHECK (((cardinality(symbols) >= 1) AND (cardinality(symbols) <= 20)))
);

ALTER TABLE public.price_feed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.price_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.push_chat AS
 SELECT person_id,
    platform,
    chat_id,
    public,
    seen_at,
    retired_at,
    reason
   FROM public.notification_chat;

COMMENT ON VIEW public.push_chat IS 'The name of notification_chat in the version before.';

CREATE VIEW public.push_digest AS
 SELECT person_id,
    every,
    hour,
    timezone,
    next_at,
    account_id,
    round,
    equity,
    told_at,
    granted
   FROM public.notification_digest;

COMMENT ON VIEW public.push_digest IS 'The name of notification_digest in the version before.';

CREATE VIEW public.push_home AS
 SELECT person_id,
    platform,
    chat_id,
    chosen_at
   FROM public.notification_destination;

COMMENT ON VIEW public.push_home IS 'The name of notification_destination in the version before.';

CREATE VIEW public.push_preference AS
 SELECT person_id,
    kind,
    mode
   FROM public.notification_preference;

COMMENT ON VIEW public.push_preference IS 'The name of notification_preference in the version before.';

CREATE VIEW public.push_quiet_hours AS
 SELECT person_id,
    starts,
    ends
   FROM public.notification_quiet_hours;

COMMENT ON VIEW public.push_quiet_hours IS 'The name of notification_quiet_hours in the version before.';

CREATE VIEW public.quality_day AS
 SELECT market,
    day,
    body,
    made_at
   FROM public.data_quality_daily;

COMMENT ON VIEW public.quality_day IS 'The name of data_quality_daily in the version before.';

CREATE VIEW public.question AS
 SELECT platform,
    chat,
    external_id,
    message_id,
    line,
    asked_at,
    closed_by
   FROM public.pending_prompt;

COMMENT ON VIEW public.question IS 'The name of pending_prompt in the version before.';

CREATE TABLE public.range_alert (
    id bigint DEFAULT nextval('public.alert_id_seq'::regclass) NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    fraction numeric NOT NULL,
    window_minutes integer NOT NULL,
    repeat boolean NOT NULL,
    state text DEFAULT 'armed'::text NOT NULL,
    ready boolean NOT NULL,
    rearm numeric NOT NULL,
    pause_ms bigint DEFAULT 0 NOT NULL,
    firings integer DEFAULT 0 NOT NULL,
    market_time_ms bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fired_at timestamp with time zone,
    ended_at timestamp with time zone,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    expires_at_ms bigint,
    CONSTRAINT range_alert_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT range_alert_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT range_alert_firings_bounds CHECK ((firings >= 0)),
    CONSTRAINT range_alert_fraction_bounds CHECK (((fraction > (0)::numeric) AND (fraction <= (5)::numeric) AND (scale(fraction) <= 4))),
    CONSTRAINT range_alert_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT range_alert_note_length CHECK ((length(note) <= 200)),
    CONSTRAINT range_alert_pause_bounds CHECK (((pause_ms >= 0) AND (pause_ms <= 86400000))),
    CONSTRAINT range_alert_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT range_alert_rearm_bounds CHECK (((rearm > (0)::numeric) AND (rearm <= fraction) AND (scale(rearm) <= 8))),
    CONSTRAINT range_alert_state_known CHECK ((state = ANY (ARRAY['armed'::text, 'fired'::text, 'cancelled'::text]))),
    CONSTRAINT range_alert_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT range_alert_window_known CHECK ((window_minutes = ANY (ARRAY[5, 15, 60, 240, 1440])))
);

CREATE TABLE public.rebalancing_target (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    market text NOT NULL,
    with_cash boolean NOT NULL,
    band numeric NOT NULL,
    outside boolean DEFAULT false NOT NULL,
    checked_at timestamp with time zone,
    every text,
    day smallint,
    minute smallint,
    timezone text,
    next_day date,
    next_at timestamp with time zone,
    last_day date,
    failures smallint DEFAULT 0 NOT NULL,
    claimed_until timestamp with time zone,
    copied_from bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rebalancing_target_band_bounds CHECK (((band >= 0.001) AND (band <= (1)::numeric))),
    CONSTRAINT rebalancing_target_day_bounds CHECK (
CASE every
    WHEN 'daily'::text THEN (day = 0)
    WHEN 'weekly'::text THEN ((day >= 0) AND (day <= 6))
    ELSE ((day >= 1) AND (day <= 31))
END),
    CONSTRAINT rebalancing_target_every_known CHECK ((every = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text]))),
    CONSTRAINT rebalancing_target_failures_bounds CHECK (((failures >= 0) AND (failures <= 100))),
    CONSTRAINT rebalancing_target_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT rebalancing_target_minute_bounds CHECK (((minute >= 0) AND (minute <= 1439))),
    CONSTRAINT rebalancing_target_schedule_whole CHECK ((num_nulls(every, day, minute, timezone, next_day, next_at) = ANY (ARRAY[0, 6])))
);

ALTER TABLE public.rebalancing_target ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.rebalancing_target_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.rebalancing_weight (
    target_id bigint NOT NULL,
    symbol text NOT NULL,
    weight numeric NOT NULL,
    place smallint NOT NULL,
    CONSTRAINT rebalancing_weight_bounds CHECK (((weight >= (0)::numeric) AND (weight <= (1)::numeric))),
    CONSTRAINT rebalancing_weight_symbol_length CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

CREATE TABLE public.recurring_buy (
    id bigint NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    size_kind text NOT NULL,
    size public.positive_amount NOT NULL,
    every text NOT NULL,
    day smallint NOT NULL,
    minute smallint NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    timezone text NOT NULL,
    next_day date NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_day date,
    failures smallint DEFAULT 0 NOT NULL,
    tried_at timestamp with time zone,
    claimed_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recurring_buy_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT recurring_buy_day_bounds CHECK (
CASE every
    WHEN 'daily'::text THEN (day = 0)
    WHEN 'weekly'::text THEN ((day >= 0) AND (day <= 6))
    ELSE ((day >= 1) AND (day <= 31))
END),
    CONSTRAINT recurring_buy_every_known CHECK ((every = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text]))),
    CONSTRAINT recurring_buy_failures_bounds CHECK (((failures >= 0) AND (failures <= 100))),
    CONSTRAINT recurring_buy_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT recurring_buy_minute_bounds CHECK (((minute >= 0) AND (minute <= 1439))),
    CONSTRAINT recurring_buy_size_kind_known CHECK ((size_kind = ANY (ARRAY['base'::text, 'quote'::text, 'share'::text]))),
    CONSTRAINT recurring_buy_state_known CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'stopped'::text]))),
    CONSTRAINT recurring_buy_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

ALTER TABLE public.recurring_buy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recurring_buy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.redis_entry_key (
    single boolean DEFAULT true NOT NULL,
    key bytea NOT NULL,
    drawn_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT redis_entry_key_is_one CHECK (single),
    CONSTRAINT redis_entry_key_length CHECK ((octet_length(key) = 32))
);

CREATE TABLE public.risk_forecast (
    account_id bigint NOT NULL,
    day date NOT NULL,
    market text NOT NULL,
    quote_asset public.asset_name NOT NULL,
    equity double precision NOT NULL,
    positions jsonb,
    doubtful smallint NOT NULL,
    historical_95 double precision,
    historical_99 double precision,
    gaussian_95 double precision,
    gaussian_99 double precision,
    cornish_fisher_95 double precision,
    cornish_fisher_99 double precision,
    filtered_95 double precision,
    filtered_99 double precision,
    made_at timestamp with time zone NOT NULL,
    realised double precision,
    judged_doubtful smallint,
    judged_at timestamp with time zone,
    CONSTRAINT risk_forecast_doubtful_bounds CHECK ((doubtful >= 0)),
    CONSTRAINT risk_forecast_equity_bounds CHECK (((equity > (0)::double precision) AND (equity < 'Infinity'::double precision))),
    CONSTRAINT risk_forecast_figures_bounds CHECK ((GREATEST(historical_95, historical_99, gaussian_95, gaussian_99, cornish_fisher_95, cornish_fisher_99, filtered_95, filtered_99) <= (1)::double precision)),
    CONSTRAINT risk_forecast_judged CHECK ((((judged_at IS NULL) = (positions IS NOT NULL)) AND ((judged_at IS NULL) = (judged_doubtful IS NULL)) AND ((judged_at IS NOT NULL) OR (realised IS NULL)))),
    CONSTRAINT risk_forecast_judged_doubtful_bounds CHECK ((judged_doubtful >= 0)),
    CONSTRAINT risk_forecast_positions_shape CHECK ((jsonb_typeof(positions) = 'object'::text)),
    CONSTRAINT risk_forecast_realised_bounds CHECK (((realised >= ('-1'::integer)::double precision) AND (realised < 'Infinity'::double precision)))
);

CREATE TABLE public.robot (
    id bigint NOT NULL,
    command_id public.command_name NOT NULL,
    account_id bigint NOT NULL,
    round integer NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    candles text NOT NULL,
    name text NOT NULL,
    rule text NOT NULL,
    budget public.positive_amount NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    obstacle jsonb,
    sells boolean DEFAULT false NOT NULL,
    cash public.amount NOT NULL,
    quantity public.amount DEFAULT 0 NOT NULL,
    cost public.amount DEFAULT 0 NOT NULL,
    entry_price public.positive_amount,
    highest public.positive_amount,
    realised public.signed_amount DEFAULT 0 NOT NULL,
    moves integer DEFAULT 0 NOT NULL,
    guarded boolean DEFAULT false NOT NULL,
    step text,
    step_leg text,
    step_candle_ms bigint,
    step_kind text,
    step_size public.positive_amount,
    since_ms bigint NOT NULL,
    last_candle_ms bigint NOT NULL,
    told boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT robot_candles_known CHECK ((candles = ANY (ARRAY['1m'::text, '5m'::text, '15m'::text, '1h'::text, '4h'::text, '1d'::text]))),
    CONSTRAINT robot_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT robot_name_length CHECK (((length(name) >= 1) AND (length(name) <= 64))),
    CONSTRAINT robot_reason_shape CHECK ((reason ~ '^[a-z-]{0,32}$'::text)),
    CONSTRAINT robot_rule_length CHECK (((length(rule) >= 1) AND (length(rule) <= 4000))),
    CONSTRAINT robot_state_known CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopping'::text, 'stopped'::text, 'ended'::text]))),
    CONSTRAINT robot_step_kind_known CHECK ((step_kind = ANY (ARRAY['base'::text, 'quote'::text]))),
    CONSTRAINT robot_step_leg_known CHECK ((step_leg = ANY (ARRAY['buy'::text, 'sell'::text, 'protect'::text]))),
    CONSTRAINT robot_step_shape CHECK ((step ~ '^robot:[1-9][0-9]*:.{1,96}$'::text)),
    CONSTRAINT robot_step_whole CHECK ((((step IS NULL) = (step_leg IS NULL)) AND ((step IS NULL) = (step_candle_ms IS NULL)) AND (NOT ((step_leg = ANY (ARRAY['buy'::text, 'sell'::text])) IS DISTINCT FROM
CASE
    WHEN (step IS NOT NULL) THEN (step_kind IS NOT NULL)
    ELSE NULL::boolean
END)) AND ((step_kind IS NULL) = (step_size IS NULL)))),
    CONSTRAINT robot_symbol_length CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
)
WITH (fillfactor='70');

CREATE TABLE public.robot_event (
    id bigint NOT NULL,
    robot_id bigint NOT NULL,
    kind text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    obstacle jsonb,
    candle_ms bigint,
    count integer DEFAULT 0 NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT robot_event_kind_known CHECK ((kind = ANY (ARRAY['running'::text, 'paused'::text, 'stopping'::text, 'stopped'::text, 'ended'::text, 'missed'::text, 'dropped'::text])))
);

ALTER TABLE public.robot_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.robot_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.robot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.robot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.robot_order (
    order_id bigint NOT NULL,
    robot_id bigint NOT NULL,
    leg text NOT NULL,
    candle_ms bigint NOT NULL,
    open boolean DEFAULT false NOT NULL,
    CONSTRAINT robot_order_leg_known CHECK ((leg = ANY (ARRAY['buy'::text, 'sell'::text, 'protect'::text, 'protection'::text])))
);

CREATE TABLE public.simulator_seed (
    single boolean DEFAULT true NOT NULL,
    secret bytea NOT NULL,
    drawn_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT simulator_seed_is_one CHECK (single),
    CONSTRAINT simulator_seed_length CHECK (((length(secret) >= 16) AND (length(secret) <= 64)))
);

CREATE TABLE public.strategy (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    former_id bigint,
    market text NOT NULL,
    name text NOT NULL,
    symbol text NOT NULL,
    interval_minutes integer NOT NULL,
    rule text NOT NULL,
    share_code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    former_name text,
    CONSTRAINT strategy_interval_known CHECK ((interval_minutes = ANY (ARRAY[1, 5, 15, 60, 240, 1440]))),
    CONSTRAINT strategy_name_bounds CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 30))),
    CONSTRAINT strategy_rule_bounds CHECK (((char_length(rule) >= 1) AND (char_length(rule) <= 500)))
);

ALTER TABLE public.strategy ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.strategy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.symbol_hold (
    id bigint NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    last_price public.positive_amount,
    jumped_price public.positive_amount,
    market_time_ms bigint NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    told_at timestamp with time zone,
    released_at timestamp with time zone,
    CONSTRAINT symbol_hold_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300))),
    CONSTRAINT symbol_hold_symbol_length CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

ALTER TABLE public.symbol_hold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.symbol_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.trading_state (
    one boolean DEFAULT true NOT NULL,
    halted boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trading_state_one_row CHECK (one),
    CONSTRAINT trading_state_reason_length CHECK ((length(reason) <= 300))
);

CREATE VIEW public.unit_change AS
 SELECT market,
    symbol,
    unit_since_ms AS since_ms,
    (ratio)::numeric AS ratio
   FROM public.corporate_action
  WHERE ((kind = 'redenomination'::text) AND (state = 'done'::text));

CREATE TABLE public.watchlist_item (
    person_id bigint NOT NULL,
    symbol text NOT NULL,
    place integer NOT NULL,
    CONSTRAINT watchlist_item_place_bounds CHECK ((place > 0)),
    CONSTRAINT watchlist_item_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

CREATE VIEW public.watched AS
 SELECT person_id,
    symbol,
    place
   FROM public.watchlist_item;

COMMENT ON VIEW public.watched IS 'The name of watchlist_item in the version before.';

ALTER TABLE ONLY public.account_limit_state
    ADD CONSTRAINT account_limit_state_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.account_merge_asset
    ADD CONSTRAINT account_merge_asset_pkey PRIMARY KEY (merge_id, asset);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_in_entry_key UNIQUE (in_entry);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_out_entry_key UNIQUE (out_entry);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_source_key UNIQUE (source_id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_person_market_quote_key UNIQUE (person_id, market, quote_asset);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.backtest_trial
    ADD CONSTRAINT backtest_trial_pkey PRIMARY KEY (person_id, market, symbol, digest);

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (account_id, asset);

ALTER TABLE ONLY public.ban
    ADD CONSTRAINT ban_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.banned_identity
    ADD CONSTRAINT banned_identity_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT broadcast_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT broadcast_token_key UNIQUE (token);

ALTER TABLE public.candle
    ADD CONSTRAINT candle_order_flow CHECK (((taker_volume >= (0)::double precision) AND (taker_volume < 'Infinity'::double precision) AND (quote_imbalance >= ('-1'::integer)::double precision) AND (quote_imbalance <= (1)::double precision))) NOT VALID;

ALTER TABLE ONLY public.candle
    ADD CONSTRAINT candle_pkey PRIMARY KEY (market, symbol, open_time);

ALTER TABLE ONLY public.chat_group_change
    ADD CONSTRAINT chat_group_change_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.chat_group_change
    ADD CONSTRAINT chat_group_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chat_group
    ADD CONSTRAINT chat_group_pkey PRIMARY KEY (platform, group_id);

ALTER TABLE ONLY public.condition_alert
    ADD CONSTRAINT condition_alert_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.condition_alert
    ADD CONSTRAINT condition_alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.corporate_action_account
    ADD CONSTRAINT corporate_action_account_entry_key UNIQUE (entry_id);

ALTER TABLE ONLY public.corporate_action_account
    ADD CONSTRAINT corporate_action_account_pkey PRIMARY KEY (action_id, account_id);

ALTER TABLE ONLY public.corporate_action
    ADD CONSTRAINT corporate_action_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.data_quality_daily
    ADD CONSTRAINT data_quality_daily_pkey PRIMARY KEY (market, day);

ALTER TABLE ONLY public.delisting
    ADD CONSTRAINT delisting_pkey PRIMARY KEY (market, symbol, delisted_at);

ALTER TABLE ONLY public.desk_limit
    ADD CONSTRAINT desk_limit_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.display_use
    ADD CONSTRAINT display_use_pkey PRIMARY KEY (market, symbol, side, price, time_ms, from_book);

ALTER TABLE ONLY public.drift
    ADD CONSTRAINT drift_pkey PRIMARY KEY (version, kind);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.entry_correction
    ADD CONSTRAINT entry_correction_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.entry_correction
    ADD CONSTRAINT entry_correction_reversed_key UNIQUE (reversed_id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.equity_snapshot
    ADD CONSTRAINT equity_snapshot_pkey PRIMARY KEY (account_id, day);

ALTER TABLE ONLY public.feature_histogram_hourly
    ADD CONSTRAINT feature_histogram_hourly_pkey PRIMARY KEY (version, hour);

ALTER TABLE ONLY public.fill
    ADD CONSTRAINT fill_pkey PRIMARY KEY (order_id, seq);

ALTER TABLE ONLY public.forecast_alert
    ADD CONSTRAINT forecast_alert_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.forecast_alert
    ADD CONSTRAINT forecast_alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.forecast
    ADD CONSTRAINT forecast_pkey PRIMARY KEY (market, symbol, horizon, made_at, version);

ALTER TABLE ONLY public.forecast_score_hourly
    ADD CONSTRAINT forecast_score_hourly_pkey PRIMARY KEY (market, horizon, role, hour, version);

ALTER TABLE ONLY public.holding_change
    ADD CONSTRAINT holding_change_pkey PRIMARY KEY (entry_id, asset);

ALTER TABLE ONLY public.identity_key
    ADD CONSTRAINT identity_key_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (platform, external_id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_origin_key UNIQUE (platform, origin);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (platform, update_id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.job_run
    ADD CONSTRAINT job_run_slot_key PRIMARY KEY (job, slot);

ALTER TABLE ONLY public.link_code_attempt
    ADD CONSTRAINT link_code_attempt_pkey PRIMARY KEY (platform, external_id);

ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT link_code_id_key UNIQUE (id);

ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT link_code_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.link_join
    ADD CONSTRAINT link_join_former_id_key UNIQUE (former_id);

ALTER TABLE ONLY public.link_join
    ADD CONSTRAINT link_join_pkey PRIMARY KEY (platform, external_id);

ALTER TABLE ONLY public.market_report
    ADD CONSTRAINT market_report_pkey PRIMARY KEY (market, quote_asset, kind);

ALTER TABLE ONLY public.match_position
    ADD CONSTRAINT match_position_pkey PRIMARY KEY (market, log, partition);

ALTER TABLE ONLY public.model_event
    ADD CONSTRAINT model_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.news_feed
    ADD CONSTRAINT news_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.news_model
    ADD CONSTRAINT news_model_pkey PRIMARY KEY (market);

ALTER TABLE ONLY public.news_outcome
    ADD CONSTRAINT news_outcome_pkey PRIMARY KEY (market, story_id, asset);

ALTER TABLE ONLY public.news_story_asset
    ADD CONSTRAINT news_story_asset_pkey PRIMARY KEY (story_id, asset);

ALTER TABLE ONLY public.news_story
    ADD CONSTRAINT news_story_link_key_key UNIQUE (link_key);

ALTER TABLE ONLY public.news_story
    ADD CONSTRAINT news_story_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notification_chat
    ADD CONSTRAINT notification_chat_pkey PRIMARY KEY (person_id, platform, chat_id);

ALTER TABLE ONLY public.notification_destination
    ADD CONSTRAINT notification_destination_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.notification_digest
    ADD CONSTRAINT notification_digest_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.notification_preference
    ADD CONSTRAINT notification_preference_pkey PRIMARY KEY (person_id, kind);

ALTER TABLE ONLY public.notification_quiet_hours
    ADD CONSTRAINT notification_quiet_hours_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.open_order
    ADD CONSTRAINT open_order_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY public.opening_grant
    ADD CONSTRAINT opening_grant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.operator_action
    ADD CONSTRAINT operator_action_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.operator_action
    ADD CONSTRAINT operator_action_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_execution_key UNIQUE (execution_id);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_pkey PRIMARY KEY (order_id, number);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_status_key UNIQUE (order_id, number, status);

ALTER TABLE ONLY public.order_group
    ADD CONSTRAINT order_group_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.order_group
    ADD CONSTRAINT order_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_hold
    ADD CONSTRAINT order_hold_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_list
    ADD CONSTRAINT order_list_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_terms
    ADD CONSTRAINT order_terms_command_key UNIQUE (command_id, "position");

ALTER TABLE ONLY public.order_terms
    ADD CONSTRAINT order_terms_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_transition
    ADD CONSTRAINT order_transition_pkey PRIMARY KEY (previous, kind, status);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_key_key UNIQUE (key);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pending_prompt
    ADD CONSTRAINT pending_prompt_pkey PRIMARY KEY (platform, chat, external_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (entry_id, seq);

ALTER TABLE ONLY public.price_feed
    ADD CONSTRAINT price_feed_chat_key UNIQUE (platform, chat_id);

ALTER TABLE ONLY public.price_feed
    ADD CONSTRAINT price_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.range_alert
    ADD CONSTRAINT range_alert_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.range_alert
    ADD CONSTRAINT range_alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rebalancing_target
    ADD CONSTRAINT rebalancing_target_person_id_market_key UNIQUE (person_id, market);

ALTER TABLE ONLY public.rebalancing_target
    ADD CONSTRAINT rebalancing_target_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rebalancing_weight
    ADD CONSTRAINT rebalancing_weight_pkey PRIMARY KEY (target_id, symbol);

ALTER TABLE ONLY public.recurring_buy
    ADD CONSTRAINT recurring_buy_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.recurring_buy
    ADD CONSTRAINT recurring_buy_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.redis_entry_key
    ADD CONSTRAINT redis_entry_key_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.risk_forecast
    ADD CONSTRAINT risk_forecast_pkey PRIMARY KEY (account_id, day);

ALTER TABLE ONLY public.robot
    ADD CONSTRAINT robot_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.robot_event
    ADD CONSTRAINT robot_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.robot_order
    ADD CONSTRAINT robot_order_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY public.robot
    ADD CONSTRAINT robot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.simulator_seed
    ADD CONSTRAINT simulator_seed_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_named_once UNIQUE (person_id, market, name);

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_shared_once UNIQUE (share_code);

ALTER TABLE ONLY public.symbol_hold
    ADD CONSTRAINT symbol_hold_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trading_limit
    ADD CONSTRAINT trading_limit_pkey PRIMARY KEY (person_id, kind);

ALTER TABLE ONLY public.trading_state
    ADD CONSTRAINT trading_state_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.watchlist_item
    ADD CONSTRAINT watchlist_item_pkey PRIMARY KEY (person_id, symbol);

CREATE INDEX account_merge_target_id_idx ON public.account_merge USING btree (target_id);

CREATE INDEX alert_armed_idx ON public.alert USING btree (market) WHERE (state = 'armed'::text);

CREATE INDEX alert_changed_idx ON public.alert USING btree (changed);

CREATE INDEX alert_expiry_idx ON public.alert USING btree (market, expires_at_ms) WHERE (expires_at_ms IS NOT NULL);

CREATE INDEX alert_over_idx ON public.alert USING btree (COALESCE(ended_at, fired_at, created_at)) WHERE (state = ANY (ARRAY['fired'::text, 'cancelled'::text]));

CREATE INDEX alert_person_id_idx ON public.alert USING btree (person_id, id);

CREATE INDEX broadcast_sent_idx ON public.broadcast USING btree (sent_at DESC) WHERE (sent_at IS NOT NULL);

CREATE INDEX chat_group_change_group_idx ON public.chat_group_change USING btree (platform, group_id, id);

CREATE INDEX chat_group_change_person_id_idx ON public.chat_group_change USING btree (person_id);

CREATE INDEX condition_alert_armed_idx ON public.condition_alert USING btree (market) WHERE (state = 'armed'::text);

CREATE INDEX condition_alert_changed_idx ON public.condition_alert USING btree (changed);

CREATE INDEX condition_alert_expiry_idx ON public.condition_alert USING btree (market, expires_at_ms) WHERE (expires_at_ms IS NOT NULL);

CREATE INDEX condition_alert_order_idx ON public.condition_alert USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX condition_alert_person_id_idx ON public.condition_alert USING btree (person_id, id);

CREATE UNIQUE INDEX corporate_action_one_at_a_time ON public.corporate_action USING btree (market, symbol) WHERE (state = 'applying'::text);

CREATE INDEX corporate_action_symbol ON public.corporate_action USING btree (market, symbol);

CREATE INDEX entry_by_account ON public.entry USING btree (account_id, id);

CREATE INDEX entry_reversals_idx ON public.entry USING btree (account_id) WHERE ((kind)::text = 'reversal'::text);

CREATE INDEX equity_snapshot_market_idx ON public.equity_snapshot USING btree (market, quote_asset, day);

CREATE INDEX forecast_alert_armed_idx ON public.forecast_alert USING btree (market) WHERE (state = 'armed'::text);

CREATE INDEX forecast_alert_person_id_idx ON public.forecast_alert USING btree (person_id, id);

CREATE INDEX forecast_open_idx ON public.forecast USING btree (market, ((made_at + (horizon * (60000)::bigint)))) WHERE ((outcome IS NULL) AND (unscored IS NULL));

CREATE INDEX forecast_stored_at_idx ON public.forecast USING brin (stored_at) WITH (autosummarize='on', pages_per_range='32');

CREATE INDEX forecast_version_idx ON public.forecast USING btree (version, made_at) WHERE (role <> 'asked'::text);

CREATE INDEX identity_person_id_idx ON public.identity USING btree (person_id);

CREATE INDEX inbox_finished_idx ON public.inbox USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX inbox_sender_idx ON public.inbox USING btree (platform, sender) WHERE (finished_at IS NULL);

CREATE INDEX inbox_waiting_idx ON public.inbox USING btree (platform, lane, update_id) WHERE (finished_at IS NULL);

CREATE UNIQUE INDEX job_run_one_at_a_time ON public.job_run USING btree (job) WHERE (state = 'running'::text);

CREATE INDEX link_code_attempt_since_idx ON public.link_code_attempt USING btree (since);

CREATE INDEX link_code_selector_idx ON public.link_code USING btree (selector);

CREATE INDEX link_join_host_id_idx ON public.link_join USING btree (host_id);

CREATE INDEX link_join_joined_at_idx ON public.link_join USING btree (joined_at);

CREATE UNIQUE INDEX model_challenger_key ON public.model USING btree (market, horizon) WHERE (state = 'challenger'::text);

CREATE UNIQUE INDEX model_champion_key ON public.model USING btree (market, horizon) WHERE (state = 'champion'::text);

CREATE INDEX model_event_version_idx ON public.model_event USING btree (version, id);

CREATE INDEX model_line_idx ON public.model USING btree (market, horizon, version DESC);

CREATE INDEX news_outcome_story_idx ON public.news_outcome USING btree (story_id);

CREATE INDEX news_story_asset_asset_idx ON public.news_story_asset USING btree (asset, story_id);

CREATE INDEX news_story_published_idx ON public.news_story USING btree (published_at DESC, id DESC);

CREATE INDEX news_story_seen_idx ON public.news_story USING btree (seen_at);

CREATE INDEX news_story_untold_idx ON public.news_story USING btree (id) WHERE (told_at IS NULL);

CREATE INDEX notification_chat_chat_idx ON public.notification_chat USING btree (platform, chat_id);

CREATE INDEX notification_digest_next_at_idx ON public.notification_digest USING btree (next_at);

CREATE INDEX open_order_account_idx ON public.open_order USING btree (account_id);

CREATE INDEX open_order_changed_idx ON public.open_order USING btree (changed);

CREATE INDEX open_order_hold_idx ON public.open_order USING btree (hold_id);

CREATE INDEX open_order_list_idx ON public.open_order USING btree (list_id) WHERE (list_id IS NOT NULL);

CREATE INDEX open_order_market_idx ON public.open_order USING btree (market, symbol);

CREATE INDEX order_event_ended_idx ON public.order_event USING btree (changed) WHERE ((status)::text = ANY (ARRAY['FILLED'::text, 'CANCELED'::text, 'EXPIRED'::text]));

CREATE INDEX order_event_filled_idx ON public.order_event USING btree (order_id, number) WHERE ((kind)::text = 'filled'::text);

CREATE INDEX order_event_stated_idx ON public.order_event USING btree (order_id, number) WHERE ((kind)::text <> 'filled'::text);

CREATE INDEX order_group_person ON public.order_group USING btree (person_id, id);

CREATE INDEX order_group_unfinished ON public.order_group USING btree (market, id) WHERE (finished_at IS NULL);

CREATE INDEX order_hold_account_idx ON public.order_hold USING btree (account_id);

CREATE INDEX order_terms_account_idx ON public.order_terms USING btree (account_id, id);

CREATE INDEX order_terms_list_idx ON public.order_terms USING btree (list_id) WHERE (list_id IS NOT NULL);

CREATE INDEX orders_parent_idx ON public.orders USING btree (parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX orders_recorded_at_idx ON public.orders USING brin (recorded_at) WITH (autosummarize='on');

CREATE INDEX orders_sales_idx ON public.orders USING btree (account_id, recorded_at, id) WHERE ((side)::text = 'sell'::text);

CREATE INDEX outbox_open_idx ON public.outbox USING btree (platform, chat_id, id) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text]));

CREATE INDEX outbox_person_id_idx ON public.outbox USING btree (person_id);

CREATE INDEX outbox_settled_idx ON public.outbox USING btree (state, id) WHERE (state = ANY (ARRAY['sent'::text, 'uncertain'::text, 'dead'::text]));

CREATE INDEX outbox_waiting_idx ON public.outbox USING btree (platform, bulk, id) WHERE (state = 'pending'::text);

CREATE INDEX pending_prompt_asked_at_idx ON public.pending_prompt USING btree (asked_at);

CREATE INDEX pending_prompt_open_idx ON public.pending_prompt USING btree (platform, external_id);

CREATE INDEX price_feed_due_idx ON public.price_feed USING btree (platform, next_at) WHERE (state <> 'off'::text);

CREATE INDEX price_feed_group_idx ON public.price_feed USING btree (platform, group_id);

CREATE INDEX range_alert_armed_idx ON public.range_alert USING btree (market) WHERE (state = 'armed'::text);

CREATE INDEX range_alert_changed_idx ON public.range_alert USING btree (changed);

CREATE INDEX range_alert_expiry_idx ON public.range_alert USING btree (market, expires_at_ms) WHERE (expires_at_ms IS NOT NULL);

CREATE INDEX range_alert_person_id_idx ON public.range_alert USING btree (person_id, id);

CREATE INDEX rebalancing_target_copied ON public.rebalancing_target USING btree (copied_from) WHERE (copied_from IS NOT NULL);

CREATE INDEX rebalancing_target_due ON public.rebalancing_target USING btree (market, next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX rebalancing_weight_symbol ON public.rebalancing_weight USING btree (symbol);

CREATE INDEX recurring_buy_due_idx ON public.recurring_buy USING btree (market, next_at) WHERE (state = 'active'::text);

CREATE INDEX recurring_buy_person_id_idx ON public.recurring_buy USING btree (person_id, id);

CREATE INDEX risk_forecast_day_idx ON public.risk_forecast USING btree (day);

CREATE INDEX risk_forecast_open_idx ON public.risk_forecast USING btree (market, quote_asset, day, account_id) WHERE (judged_at IS NULL);

CREATE INDEX robot_account_idx ON public.robot USING btree (account_id, id);

CREATE INDEX robot_changed_idx ON public.robot USING btree (changed);

CREATE INDEX robot_event_robot_idx ON public.robot_event USING btree (robot_id, id);

CREATE INDEX robot_order_open_idx ON public.robot_order USING btree (robot_id) WHERE open;

CREATE INDEX robot_order_robot_idx ON public.robot_order USING btree (robot_id, order_id);

CREATE INDEX robot_symbol_idx ON public.robot USING btree (market, symbol) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text, 'stopping'::text]));

CREATE INDEX strategy_former ON public.strategy USING btree (former_id) WHERE (former_id IS NOT NULL);

CREATE UNIQUE INDEX symbol_hold_open_key ON public.symbol_hold USING btree (market, symbol) WHERE (released_at IS NULL);

CREATE TRIGGER account_merge_limited AFTER INSERT ON public.account_merge FOR EACH ROW EXECUTE FUNCTION public.limit_merged_account();

CREATE TRIGGER account_merge_of_one_unit BEFORE INSERT ON public.account_merge FOR EACH ROW EXECUTE FUNCTION public.check_merge_unit();

CREATE TRIGGER account_merge_of_robots AFTER INSERT ON public.account_merge FOR EACH ROW EXECUTE FUNCTION public.move_robots_of_merge();

CREATE TRIGGER account_of_robots AFTER UPDATE OF round, closed_at ON public.account FOR EACH ROW WHEN (((old.round <> new.round) OR (new.closed_at IS NOT NULL))) EXECUTE FUNCTION public.end_robots_of_account();

CREATE TRIGGER account_of_robots_parts AFTER UPDATE OF person_id ON public.account FOR EACH ROW WHEN (((old.person_id <> new.person_id) AND (new.closed_at IS NULL))) EXECUTE FUNCTION public.end_robots_of_parting();

CREATE TRIGGER account_stays_closed BEFORE UPDATE ON public.account FOR EACH ROW WHEN ((old.closed_at IS NOT NULL)) EXECUTE FUNCTION public.forbid_closed_account_update();

CREATE TRIGGER alert_market_time BEFORE INSERT OR UPDATE ON public.alert FOR EACH ROW EXECUTE FUNCTION public.same_alert_market_time();

CREATE TRIGGER chat_group_change_bound AFTER INSERT ON public.chat_group_change FOR EACH ROW EXECUTE FUNCTION public.bound_group_changes();

CREATE TRIGGER corporate_action_account_marks AFTER INSERT ON public.corporate_action_account FOR EACH ROW WHEN ((new.entry_id IS NOT NULL)) EXECUTE FUNCTION public.follow_unit();

CREATE TRIGGER corporate_action_ends BEFORE UPDATE OF state ON public.corporate_action FOR EACH ROW WHEN (((old.state = 'applying'::text) AND (new.state <> 'applying'::text))) EXECUTE FUNCTION public.mark_last_old_entry();

CREATE TRIGGER corporate_action_marks BEFORE INSERT ON public.corporate_action FOR EACH ROW EXECUTE FUNCTION public.mark_old_unit();

CREATE TRIGGER corporate_action_of_robots AFTER INSERT ON public.corporate_action FOR EACH ROW WHEN ((new.kind <> 'none'::text)) EXECUTE FUNCTION public.end_robots_of_action();

CREATE TRIGGER entry_correction_of_robots AFTER INSERT ON public.entry_correction FOR EACH ROW WHEN ((new.reversed_id IS NOT NULL)) EXECUTE FUNCTION public.pause_robots_of_correction();

CREATE TRIGGER entry_of_robot AFTER INSERT ON public.entry FOR EACH ROW WHEN ((((new.command_id)::text ~~ 'robot:%'::text) AND ((new.kind)::text = ANY (ARRAY['trade'::text, 'hold'::text])))) EXECUTE FUNCTION public.admit_robot_order();

CREATE TRIGGER identity_banned AFTER INSERT ON public.identity FOR EACH ROW EXECUTE FUNCTION public.ban_returning_identity();

CREATE TRIGGER identity_takes_target AFTER UPDATE OF person_id ON public.identity FOR EACH ROW WHEN ((old.person_id <> new.person_id)) EXECUTE FUNCTION public.drop_copied_targets();

CREATE TRIGGER inbox_blank BEFORE UPDATE OF finished_at ON public.inbox FOR EACH ROW WHEN ((new.finished_at IS NOT NULL)) EXECUTE FUNCTION public.blank_update();

CREATE TRIGGER inbox_blank_sender BEFORE UPDATE OF body ON public.inbox FOR EACH ROW WHEN ((new.body = '{}'::text)) EXECUTE FUNCTION public.blank_sender();

CREATE TRIGGER link_join_copies_targets AFTER INSERT ON public.link_join FOR EACH ROW EXECUTE FUNCTION public.copy_joined_targets();

CREATE TRIGGER link_join_of_robots BEFORE INSERT ON public.link_join FOR EACH ROW EXECUTE FUNCTION public.pause_robots_of_link();

CREATE TRIGGER link_join_of_settings BEFORE INSERT ON public.link_join FOR EACH ROW EXECUTE FUNCTION public.note_joined_settings();

CREATE TRIGGER open_order_limited AFTER INSERT ON public.open_order FOR EACH ROW EXECUTE FUNCTION public.limit_resting_order();

CREATE TRIGGER open_order_of_robot_ended AFTER DELETE ON public.open_order FOR EACH ROW EXECUTE FUNCTION public.end_robot_protection();

CREATE TRIGGER open_order_of_this_unit BEFORE INSERT ON public.open_order FOR EACH ROW EXECUTE FUNCTION public.check_resting_order_unit();

CREATE TRIGGER open_order_price_followed AFTER UPDATE OF limit_price, stop_price, triggered ON public.open_order FOR EACH ROW WHEN ((((old.limit_price)::numeric IS DISTINCT FROM (new.limit_price)::numeric) OR ((old.stop_price)::numeric IS DISTINCT FROM (new.stop_price)::numeric) OR (old.triggered IS DISTINCT FROM new.triggered))) EXECUTE FUNCTION public.follow_order_price();

CREATE TRIGGER order_event_limited AFTER INSERT ON public.order_event FOR EACH ROW WHEN (((new.kind)::text = 'amended'::text)) EXECUTE FUNCTION public.limit_amendment();

CREATE TRIGGER order_terms_of_robot AFTER INSERT ON public.order_terms FOR EACH ROW WHEN (((new.command_id)::text ~~ 'robot:%'::text)) EXECUTE FUNCTION public.note_robot_protection();

CREATE TRIGGER orders_limited AFTER INSERT ON public.orders FOR EACH ROW WHEN (((new.parent_id IS NULL) AND ((new.side)::text = 'buy'::text))) EXECUTE FUNCTION public.limit_market_order();

CREATE TRIGGER orders_of_robot AFTER INSERT ON public.orders FOR EACH ROW WHEN ((new.parent_id IS NOT NULL)) EXECUTE FUNCTION public.book_robot_protection();

CREATE TRIGGER orders_of_this_unit BEFORE INSERT ON public.orders FOR EACH ROW WHEN ((new.parent_id IS NULL)) EXECUTE FUNCTION public.check_market_order_unit();

CREATE TRIGGER robot_begins BEFORE INSERT ON public.robot FOR EACH ROW EXECUTE FUNCTION public.check_new_robot();

CREATE TRIGGER robot_begun AFTER INSERT ON public.robot FOR EACH ROW EXECUTE FUNCTION public.note_robot_state();

CREATE TRIGGER robot_state_noted AFTER UPDATE OF state ON public.robot FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION public.note_robot_state();

CREATE TRIGGER strategy_of_join_changed BEFORE UPDATE OF symbol, interval_minutes, rule ON public.strategy FOR EACH ROW WHEN (((old.former_id IS NOT NULL) AND (ARRAY[old.symbol, (old.interval_minutes)::text, old.rule] <> ARRAY[new.symbol, (new.interval_minutes)::text, new.rule]))) EXECUTE FUNCTION public.keep_joined_strategy();

ALTER TABLE ONLY public.account_limit_state
    ADD CONSTRAINT account_limit_state_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.account_merge_asset
    ADD CONSTRAINT account_merge_asset_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES public.account_merge(id);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_in_entry_fkey FOREIGN KEY (in_entry) REFERENCES public.entry(id);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_out_entry_fkey FOREIGN KEY (out_entry) REFERENCES public.entry(id);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_merge
    ADD CONSTRAINT account_merge_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.backtest_trial
    ADD CONSTRAINT backtest_trial_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.ban
    ADD CONSTRAINT ban_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.chat_group_change
    ADD CONSTRAINT chat_group_change_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.condition_alert
    ADD CONSTRAINT condition_alert_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.corporate_action_account
    ADD CONSTRAINT corporate_action_account_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.corporate_action_account
    ADD CONSTRAINT corporate_action_account_action_id_fkey FOREIGN KEY (action_id) REFERENCES public.corporate_action(id);

ALTER TABLE ONLY public.corporate_action_account
    ADD CONSTRAINT corporate_action_account_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.entry(id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.entry_correction
    ADD CONSTRAINT entry_correction_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.entry(id);

ALTER TABLE ONLY public.entry_correction
    ADD CONSTRAINT entry_correction_reversed_id_fkey FOREIGN KEY (reversed_id) REFERENCES public.entry(id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.equity_snapshot
    ADD CONSTRAINT equity_snapshot_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.fill
    ADD CONSTRAINT fill_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.forecast_alert
    ADD CONSTRAINT forecast_alert_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.holding_change
    ADD CONSTRAINT holding_change_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.entry(id);

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT link_code_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.link_join
    ADD CONSTRAINT link_join_former_id_fkey FOREIGN KEY (former_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.link_join
    ADD CONSTRAINT link_join_host_id_fkey FOREIGN KEY (host_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.link_join
    ADD CONSTRAINT link_join_platform_external_id_fkey FOREIGN KEY (platform, external_id) REFERENCES public.identity(platform, external_id);

ALTER TABLE ONLY public.model_event
    ADD CONSTRAINT model_event_version_fkey FOREIGN KEY (version) REFERENCES public.model(version);

ALTER TABLE ONLY public.news_outcome
    ADD CONSTRAINT news_outcome_story_id_fkey FOREIGN KEY (story_id) REFERENCES public.news_story(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.news_story_asset
    ADD CONSTRAINT news_story_asset_story_id_fkey FOREIGN KEY (story_id) REFERENCES public.news_story(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_chat
    ADD CONSTRAINT notification_chat_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notification_destination
    ADD CONSTRAINT notification_destination_chat_fkey FOREIGN KEY (person_id, platform, chat_id) REFERENCES public.notification_chat(person_id, platform, chat_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_destination
    ADD CONSTRAINT notification_destination_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_digest
    ADD CONSTRAINT notification_digest_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_preference
    ADD CONSTRAINT notification_preference_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notification_quiet_hours
    ADD CONSTRAINT notification_quiet_hours_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.open_order
    ADD CONSTRAINT open_order_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.open_order
    ADD CONSTRAINT open_order_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES public.order_hold(id);

ALTER TABLE ONLY public.open_order
    ADD CONSTRAINT open_order_list_id_fkey FOREIGN KEY (list_id) REFERENCES public.order_list(id);

ALTER TABLE ONLY public.open_order
    ADD CONSTRAINT open_order_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.order_terms(id);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_execution_id_fkey FOREIGN KEY (execution_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_follows FOREIGN KEY (order_id, follows, previous) REFERENCES public.order_event(order_id, number, status);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.order_terms(id);

ALTER TABLE ONLY public.order_event
    ADD CONSTRAINT order_event_transition_known FOREIGN KEY (previous, kind, status) REFERENCES public.order_transition(previous, kind, status);

ALTER TABLE ONLY public.order_group
    ADD CONSTRAINT order_group_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.order_hold
    ADD CONSTRAINT order_hold_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.order_list
    ADD CONSTRAINT order_list_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.order_terms
    ADD CONSTRAINT order_terms_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.order_terms
    ADD CONSTRAINT order_terms_list_id_fkey FOREIGN KEY (list_id) REFERENCES public.order_list(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.order_terms(id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.entry(id);

ALTER TABLE ONLY public.range_alert
    ADD CONSTRAINT range_alert_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rebalancing_target
    ADD CONSTRAINT rebalancing_target_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rebalancing_weight
    ADD CONSTRAINT rebalancing_weight_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.rebalancing_target(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recurring_buy
    ADD CONSTRAINT recurring_buy_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.risk_forecast
    ADD CONSTRAINT risk_forecast_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.robot
    ADD CONSTRAINT robot_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.robot_event
    ADD CONSTRAINT robot_event_robot_id_fkey FOREIGN KEY (robot_id) REFERENCES public.robot(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.robot_order
    ADD CONSTRAINT robot_order_robot_id_fkey FOREIGN KEY (robot_id) REFERENCES public.robot(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_former_id_fkey FOREIGN KEY (former_id) REFERENCES public.person(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.trading_limit
    ADD CONSTRAINT trading_limit_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.watchlist_item
    ADD CONSTRAINT watchlist_item_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;

CREATE POLICY application_only ON public.redis_entry_key TO paperdesk_app USING (true) WITH CHECK (true);

ALTER TABLE public.redis_entry_key ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO paperdesk_app;

REVOKE ALL ON FUNCTION public.accept_orders(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.accept_orders(p jsonb) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.accept_resting(p jsonb, p_bare boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.account_lineage(p_account bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.account_lineage(p_account bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.adjust_account(p_account bigint, p_amount numeric, p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT entry_id bigint, OUT asset text, OUT missing numeric, OUT held numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.admit_robot_order() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.amend_order(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.amend_order(p jsonb) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.apply_action(p_id text, p_after bigint, p_limit integer, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.apply_alone(e jsonb, p_place integer, p_order bigint, p_command text, p_body bytea, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.apply_effect(e jsonb, p_place integer, p_order bigint, p_command text, p_body bytea, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.apply_effects(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.apply_effects(p jsonb) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.ban_person(p_person bigint, p_reason text, p_platform text, p_external text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ban_person(p_person bigint, p_reason text, p_platform text, p_external text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.ban_returning_identity() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begin_action(p jsonb, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.blank_operator_actions(p_person bigint) FROM PUBLIC;

GRANT SELECT ON TABLE public.orders TO paperdesk_app;

REVOKE ALL ON FUNCTION public.book_robot_order(p_robot bigint, o public.orders, p_leg text, p_candle bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.book_robot_protection() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.bound_group_changes() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.bounded_sales(p_account bigint, p_most integer, p_since timestamp with time zone, p_losing boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.bounded_sales(p_account bigint, p_most integer, p_since timestamp with time zone, p_losing boolean) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.cancel_orders(p_account bigint, p_orders bigint[], p_symbol text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, p_person bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.cancel_orders(p_account bigint, p_orders bigint[], p_symbol text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, p_person bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.candle_months() FROM PUBLIC;
GRANT ALL ON FUNCTION public.candle_months() TO paperdesk_app;

REVOKE ALL ON FUNCTION public.change_unit_of_mark(p_account bigint, p_action text, p_undone boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_account_person(p_account bigint, p_person bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_limits(p_account bigint, p_symbol text, p_price numeric, p_amount numeric, p_added numeric, p_adds boolean, p_rests boolean, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_market_order_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_merge_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_new_robot() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_opening_grant(p_grant numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_resting_order_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_units(p_base_unit numeric, p_quote_unit numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.claim_displays(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_displays(p jsonb) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.claim_link_code(p_selector text, p_hash bytea, p_platform text, p_external text, p_public boolean, p_now timestamp with time zone, OUT outcome text, OUT code_id bigint, OUT host_id bigint, OUT open_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_link_code(p_selector text, p_hash bytea, p_platform text, p_external text, p_public boolean, p_now timestamp with time zone, OUT outcome text, OUT code_id bigint, OUT host_id bigint, OUT open_at timestamp with time zone) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.clear_former(p_former bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.close_account(p_account bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.copy_joined_targets() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.current_opening_grant() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_opening_grant() TO paperdesk_app;

REVOKE ALL ON FUNCTION public.delete_person(p_person bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.display_lock(p_market text, p_symbol text, p_side text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.display_taken(d jsonb, p_order bigint, p_command text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.drop_candle_month(from_ms bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.drop_candle_month(from_ms bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.drop_copied_targets() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.drop_unowned(p_person bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.end_all_orders(p_account bigint, p_reason text, p_command text, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.end_orders(p_account bigint, p_orders bigint[], p_named bigint[], p_kind text, p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.end_robot_protection() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.end_robots_of_account() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.end_robots_of_action() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.end_robots_of_parting() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.erase_person(p_person bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_person(p_person bigint, p_at timestamp with time zone, p_market_time bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.expire_orders(p_market text, p_symbols text[], p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.expire_orders(p_market text, p_symbols text[], p_reason text, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) TO paperdesk_app;

GRANT SELECT ON TABLE public.open_order TO paperdesk_app;

GRANT SELECT ON TABLE public.order_terms TO paperdesk_app;

REVOKE ALL ON FUNCTION public.fill_order(p jsonb, t public.order_terms, x public.open_order, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT execution_id bigint, OUT realised numeric, OUT quantity numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.finish_action(p_id text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_order_price() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_working(t public.order_terms, p_list text, p_place integer, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.forbid_closed_account_update() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.forget_person(p_person bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_person(p_person bigint, p_at timestamp with time zone, p_market_time bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.forget_robots(p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_robots(p_most integer) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.halt_robots(p_robots bigint[], p_state text, p_reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hold_for(t public.order_terms, x public.open_order, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT hold_id bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hold_need(p_hold bigint, p_except bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.identity_digest(p_platform text, p_external text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.is_hosting(p_person bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_hosting(p_person bigint) TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.trading_limit TO paperdesk_app;

REVOKE ALL ON FUNCTION public.is_limit_of_join(p_limit public.trading_limit, p_after public.trading_limit, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.is_rejection(p_state text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_joined_strategy() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.lift_ban(p_person bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lift_ban(p_person bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.lift_identity_ban(p_platform text, p_external text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lift_identity_ban(p_platform text, p_external text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.limit_amendment() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.limit_market_order() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.limit_merged_account() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.limit_resting_order() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.limits_in_force(p_person bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.limits_in_force(p_person bigint, p_at timestamp with time zone) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.link_persons(p_code bigint, p_platform text, p_external text, p_how text, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT host_id bigint, OUT how_done text, OUT missing numeric, OUT missing_asset text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.link_persons(p_code bigint, p_platform text, p_external text, p_how text, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT host_id bigint, OUT how_done text, OUT missing numeric, OUT missing_asset text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.lock_account(p_account bigint, p_quote text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lock_account(p_account bigint, p_quote text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.make_candle_partitions(from_ms bigint, to_ms bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.make_candle_partitions(from_ms bigint, to_ms bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.mark_last_old_entry() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.mark_old_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.merge_account(p_source bigint, p_target bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.merge_joined_limits(p_from bigint, p_to bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.move_robots_of_merge() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.newest_orders(p_account bigint, p_since timestamp with time zone, p_most bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.newest_orders(p_account bigint, p_since timestamp with time zone, p_most bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.newest_sales(p_account bigint, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.newest_sales(p_account bigint, p_most integer) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.note_joined_settings() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_robot_protection() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_robot_state() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.notice_chat(p_person bigint, p_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notice_chat(p_person bigint, p_kind text) TO paperdesk_app;

GRANT SELECT ON TABLE public.account TO paperdesk_app;

REVOKE ALL ON FUNCTION public.open_account(p_person bigint, p_market text, p_quote text, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_account(p_person bigint, p_market text, p_quote text, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) TO paperdesk_app;

GRANT SELECT ON TABLE public.order_event TO paperdesk_app;

GRANT SELECT ON TABLE public.order_hold TO paperdesk_app;

GRANT SELECT ON TABLE public.order_list TO paperdesk_app;

GRANT SELECT ON TABLE public.order_record TO paperdesk_app;

REVOKE ALL ON FUNCTION public.order_commands(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.order_commands(p jsonb) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.pause_account(p_account bigint, p_kind text, p_value numeric, p_desk boolean, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.pause_account(p_account bigint, p_kind text, p_value numeric, p_desk boolean, p_at timestamp with time zone, p_market_time bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.pause_in_force(p_account bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.pause_in_force(p_account bigint, p_at timestamp with time zone) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.pause_robots_of_correction() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.pause_robots_of_link() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_order(p jsonb, OUT outcome text, OUT order_id bigint, OUT realised numeric, OUT base_available numeric, OUT base_held numeric, OUT quote_available numeric, OUT quote_held numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_order(p jsonb, OUT outcome text, OUT order_id bigint, OUT realised numeric, OUT base_available numeric, OUT base_held numeric, OUT quote_available numeric, OUT quote_held numeric) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.place_orders(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_orders(p jsonb) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.put_limit(p_person bigint, p_kind text, p_limit public.trading_limit) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.reassign_person(p_from bigint, p_to bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_by_limit(p_kind text, p_limit numeric, p_allowed numeric, p_quote text, p_left interval, p_desk boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.release_holds(p_account bigint, p_holds bigint[], p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.reset_account(p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, p_person bigint, OUT outcome text, OUT renewed public.account) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reset_account(p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, p_person bigint, OUT outcome text, OUT renewed public.account) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.reverse_entry(p_entry bigint, p_reason text, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT reversal_id bigint, OUT account_id bigint, OUT asset text, OUT missing numeric, OUT held numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.reversed_orders(p_account bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reversed_orders(p_account bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.rounded_up(p_amount numeric, p_unit numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sales_since(p_account bigint, p_since timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sales_since(p_account bigint, p_since timestamp with time zone) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.same_symbol(p_one text, p_other text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.same_symbol(p_one text, p_other text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.save_link_code(p_person bigint, p_selector text, p_hash bytea, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.save_link_code(p_person bigint, p_selector text, p_hash bytea, p_until timestamp with time zone) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.sender_of(p_body text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sender_of(p_body text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.set_opening_grant(p_amount numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.set_trading(p_halted boolean, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_trading(p_halted boolean, p_reason text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.settle_join(p_former bigint, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.settle_join(p_former bigint, p_at timestamp with time zone, p_market_time bigint) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.short_of_grant(p_from bigint, p_to bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.stricter_limit(p_own public.trading_limit, p_brought public.trading_limit, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.take_display(d jsonb, p_order bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.telegram_sender_of(p_body text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.telegram_sender_of(p_body text) TO paperdesk_app;

REVOKE ALL ON FUNCTION public.trading_halt() FROM PUBLIC;
GRANT ALL ON FUNCTION public.trading_halt() TO paperdesk_app;

REVOKE ALL ON FUNCTION public.undo_action(p_id text, p_after bigint, p_limit integer, p_at timestamp with time zone, p_market_time bigint) FROM PUBLIC;

GRANT SELECT ON TABLE public.link_join TO paperdesk_app;

REVOKE ALL ON FUNCTION public.undo_join(p_join public.link_join) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.undo_joined_limits(p_join public.link_join) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.undo_joined_settings(p_join public.link_join) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.unlink_identity(p_person bigint, p_platform text, p_external text, OUT outcome text, OUT ended integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.unlink_identity(p_person bigint, p_platform text, p_external text, OUT outcome text, OUT ended integer) TO paperdesk_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account_limit_state TO paperdesk_app;

GRANT SELECT ON TABLE public.account_merge TO paperdesk_app;

GRANT SELECT ON TABLE public.account_merge_asset TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alert TO paperdesk_app;

GRANT USAGE ON SEQUENCE public.alert_id_seq TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.backtest_trial TO paperdesk_app;

GRANT SELECT ON TABLE public.balance TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.ban TO paperdesk_app;

GRANT UPDATE(reason) ON TABLE public.ban TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.broadcast TO paperdesk_app;

GRANT UPDATE(sent_at) ON TABLE public.broadcast TO paperdesk_app;

GRANT UPDATE(chats) ON TABLE public.broadcast TO paperdesk_app;

GRANT UPDATE(first_row) ON TABLE public.broadcast TO paperdesk_app;

GRANT UPDATE(last_row) ON TABLE public.broadcast TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.identity TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification_chat TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification_preference TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(language) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(timezone) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(confirm) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(theme) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(public) ON TABLE public.person TO paperdesk_app;

GRANT SELECT ON TABLE public.broadcast_reach TO paperdesk_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.candle TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chat_group TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.chat_group_change TO paperdesk_app;

GRANT UPDATE(person_id) ON TABLE public.chat_group_change TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(platform) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(chat_id) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(measure) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(direction) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(level) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(interval_minutes) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(length) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(order_id) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(reference) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(ready) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(rearm) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(repeat) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(firings) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(market_time_ms) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(fired_at) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(ended_at) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(changed) ON TABLE public.condition_alert TO paperdesk_app;

GRANT UPDATE(rule) ON TABLE public.condition_alert TO paperdesk_app;

GRANT SELECT ON TABLE public.corporate_action TO paperdesk_app;

GRANT SELECT ON TABLE public.corporate_action_account TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_quality_daily TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.delisting TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.model TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.model TO paperdesk_app;

GRANT UPDATE(barred) ON TABLE public.model TO paperdesk_app;

GRANT UPDATE(artifact) ON TABLE public.model TO paperdesk_app;

GRANT SELECT ON TABLE public.model_summary TO paperdesk_app;

GRANT SELECT ON TABLE public.described_model TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.desk_limit TO paperdesk_app;

GRANT SELECT,DELETE ON TABLE public.display_use TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.drift TO paperdesk_app;

GRANT UPDATE(settled_at) ON TABLE public.drift TO paperdesk_app;

GRANT SELECT ON TABLE public.entry TO paperdesk_app;

GRANT SELECT ON TABLE public.entry_correction TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.equity_snapshot TO paperdesk_app;

GRANT SELECT ON TABLE public.every_order TO paperdesk_app;

GRANT SELECT ON TABLE public.every_order_event TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feature_histogram_hourly TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feature_hour TO paperdesk_app;

GRANT SELECT ON TABLE public.fill TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.forecast TO paperdesk_app;

GRANT UPDATE(role) ON TABLE public.forecast TO paperdesk_app;

GRANT UPDATE(outcome) ON TABLE public.forecast TO paperdesk_app;

GRANT UPDATE(unscored) ON TABLE public.forecast TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(platform) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(chat_id) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(repeat) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(ready) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(firings) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(fired_at) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT UPDATE(ended_at) ON TABLE public.forecast_alert TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.forecast_score_hourly TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.forecast_hour TO paperdesk_app;

GRANT SELECT ON TABLE public.holding_change TO paperdesk_app;

GRANT SELECT ON TABLE public.holding_effect TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(attempts) ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(reason) ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(finished_at) ON TABLE public.inbox TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.job TO paperdesk_app;

GRANT UPDATE(cadence) ON TABLE public.job TO paperdesk_app;

GRANT UPDATE(next_at) ON TABLE public.job TO paperdesk_app;

GRANT UPDATE(seen_at) ON TABLE public.job TO paperdesk_app;

GRANT UPDATE(asked_at) ON TABLE public.job TO paperdesk_app;

GRANT UPDATE(asked_by) ON TABLE public.job TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(tries) ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(started) ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(beat) ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(ended) ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(worker) ON TABLE public.job_run TO paperdesk_app;

GRANT UPDATE(told) ON TABLE public.job_run TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.link_code TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.link_code_attempt TO paperdesk_app;

GRANT USAGE ON SEQUENCE public.link_code_id_seq TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.link_guess TO paperdesk_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.market_report TO paperdesk_app;

GRANT SELECT ON TABLE public.match_position TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.model_event TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.model_change TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.news_feed TO paperdesk_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.news_model TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.news_outcome TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.news_story TO paperdesk_app;

GRANT UPDATE(told_at) ON TABLE public.news_story TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.news_story_asset TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification_destination TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification_digest TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification_quiet_hours TO paperdesk_app;

GRANT SELECT ON TABLE public.opening_grant TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.operator_action TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.operation TO paperdesk_app;

GRANT SELECT ON TABLE public."order" TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.order_group TO paperdesk_app;

GRANT SELECT ON TABLE public.order_transition TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pending_prompt TO paperdesk_app;

GRANT USAGE ON SEQUENCE public.person_id_seq TO paperdesk_app;

GRANT SELECT ON TABLE public.posting TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.price_feed TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_chat TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_digest TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_home TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_preference TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_quiet_hours TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quality_day TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.question TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(platform) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(chat_id) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(repeat) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(ready) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(firings) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(market_time_ms) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(fired_at) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(ended_at) ON TABLE public.range_alert TO paperdesk_app;

GRANT UPDATE(changed) ON TABLE public.range_alert TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rebalancing_target TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rebalancing_weight TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(timezone) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(next_day) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(next_at) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(last_day) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(failures) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(tried_at) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT UPDATE(claimed_until) ON TABLE public.recurring_buy TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.redis_entry_key TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.risk_forecast TO paperdesk_app;

GRANT UPDATE(positions) ON TABLE public.risk_forecast TO paperdesk_app;

GRANT UPDATE(realised) ON TABLE public.risk_forecast TO paperdesk_app;

GRANT UPDATE(judged_doubtful) ON TABLE public.risk_forecast TO paperdesk_app;

GRANT UPDATE(judged_at) ON TABLE public.risk_forecast TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(reason) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(obstacle) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(sells) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(highest) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(guarded) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(step) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(step_leg) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(step_candle_ms) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(step_kind) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(step_size) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(last_candle_ms) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(told) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(ended_at) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(version) ON TABLE public.robot TO paperdesk_app;

GRANT UPDATE(changed) ON TABLE public.robot TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.robot_event TO paperdesk_app;

GRANT SELECT ON TABLE public.robot_order TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.simulator_seed TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.strategy TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.symbol_hold TO paperdesk_app;

GRANT UPDATE(told_at) ON TABLE public.symbol_hold TO paperdesk_app;

GRANT UPDATE(released_at) ON TABLE public.symbol_hold TO paperdesk_app;

GRANT SELECT ON TABLE public.trading_state TO paperdesk_app;

GRANT UPDATE(halted) ON TABLE public.trading_state TO paperdesk_app;

GRANT UPDATE(reason) ON TABLE public.trading_state TO paperdesk_app;

GRANT UPDATE(since) ON TABLE public.trading_state TO paperdesk_app;

GRANT SELECT ON TABLE public.unit_change TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.watchlist_item TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.watched TO paperdesk_app;
