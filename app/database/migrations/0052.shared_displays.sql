-- depends: 0051.bounded_group_log
--
-- What orders took of what the market displayed, so that no displayed size is used twice by any of our users together:
-- by market orders of all processes, by what fills when an order is accepted, and by open orders. A claim is written in
-- the transaction that writes the order.

-- A display: the best price of one side at one moment, of a quote or of an order book. Claims of market orders are parts
-- of it, counted from its best price; those of one process (`owner`) are disjoint by themselves, from `base` on, and begin
-- at `used` or later if another process claimed last. `others` is what the display's neighbours had used by then: see
-- claim_displays. `sold` is the quantity of all claims of market orders, `resting` that of open orders.
CREATE TABLE display_use (
    market    text NOT NULL CONSTRAINT display_use_market_length CHECK (length(market) BETWEEN 1 AND 300),
    symbol    text NOT NULL CONSTRAINT display_use_symbol_length CHECK (length(symbol) BETWEEN 1 AND 64),
    side      order_side NOT NULL,
    price     positive_amount NOT NULL,
    time_ms   bigint NOT NULL,
    from_book boolean NOT NULL,
    owner     bigint NOT NULL DEFAULT 0,
    base      amount NOT NULL DEFAULT 0,
    used      amount NOT NULL DEFAULT 0,
    others    amount NOT NULL DEFAULT 0,
    sold      amount NOT NULL DEFAULT 0,
    resting   amount NOT NULL DEFAULT 0,
    added_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (market, symbol, side, price, time_ms, from_book)
);
GRANT SELECT, DELETE ON display_use TO paperdesk_app;

-- Why the unfilled part of a market order expired; NULL: nothing more was displayed.
ALTER TABLE orders ADD COLUMN unfilled_reason order_end_reason;

CREATE FUNCTION display_lock(p_market text, p_symbol text, p_side text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended(p_market || '/' || p_symbol || '/' || p_side, 52)
$$;

-- Claims displayed quantities for market orders: [{account_id, symbol, side, display: {time, from_book, price, start, end,
-- owner}}, ...]. Called last in the transaction of the orders, so that claims of one display wait for a commit and not for
-- the orders. What open orders took at the same price within a second, and market orders of a book beside those of a
-- quote, counts as used: it is the same display under another time. Raises `display_untaken` with what is used, by symbol,
-- if a claim begins before that.
CREATE FUNCTION claim_displays(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- What was taken of a display that a fill of an open order takes from: {time, price, since, start, quantity}. NULL if the
-- matching worker knew of it (`start`), or if this very command has filled the order before.
CREATE FUNCTION display_taken(d jsonb, p_order bigint, p_command text) RETURNS numeric
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_taken numeric := (
        SELECT sum(u.sold + u.resting) FROM order_terms t
        JOIN display_use u ON (u.market, u.symbol, u.side, u.price) = (t.market, t.symbol, t.side, (d->>'price')::numeric)
        WHERE t.id = p_order AND u.time_ms BETWEEN (d->>'since')::bigint AND (d->>'time')::bigint + 1000);
BEGIN
    RETURN CASE WHEN v_taken > (d->>'start')::numeric
        AND NOT EXISTS (SELECT FROM order_event v WHERE v.order_id = p_order AND v.command_id = p_command) THEN v_taken END;
END $$;

CREATE FUNCTION take_display(d jsonb, p_order bigint) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO display_use (market, symbol, side, price, time_ms, from_book, resting)
    SELECT t.market, t.symbol, t.side, (d->>'price')::numeric, (d->>'time')::bigint, false, (d->>'quantity')::numeric
    FROM order_terms t WHERE t.id = p_order
    ON CONFLICT (market, symbol, side, price, time_ms, from_book) DO UPDATE
        SET resting = display_use.resting + excluded.resting
$$;

-- Places market orders in their order, one row each. While trading is halted nothing is placed and there is one row, whose
-- `halt` is the reason.
CREATE FUNCTION place_orders(p jsonb) RETURNS TABLE (
    outcome text, order_id bigint, realised numeric, base_available numeric, base_held numeric, quote_available numeric,
    quote_held numeric, halt text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- As 0050 made it; a fill that takes from a display is `taken` if others took of it what the worker did not know: then
-- nothing of it is written, and `quantity` is what they took.
--
-- Writes what the market did to open orders: {market, log, before, after, command_id, body, at, effects: [...], states:
-- [...], alone}. One row an effect; or one row at place -1, which is `fenced` if another reader moved the position, `moved`
-- if this very call did, or `halted`: then nothing is written. With `alone`, an effect that is rejected leaves the others as
-- they are, and a row at place -2 tells that the states were.
CREATE OR REPLACE FUNCTION apply_effects(p jsonb) RETURNS SETOF order_outcome
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
END $$;

REVOKE ALL ON FUNCTION display_lock(text, text, text), claim_displays(jsonb), display_taken(jsonb, bigint, text),
    take_display(jsonb, bigint), place_orders(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_displays(jsonb), place_orders(jsonb) TO paperdesk_app;
