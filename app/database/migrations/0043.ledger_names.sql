-- depends: 0042.table_names
--
-- Columns and functions of the ledger get the field's terms. The functions do what they did; only names differ.
ALTER TABLE orders RENAME COLUMN at TO recorded_at;
ALTER INDEX orders_at_idx RENAME TO orders_recorded_at_idx;
ALTER SEQUENCE order_id_seq RENAME TO orders_id_seq;
ALTER FUNCTION keep_account_closed() RENAME TO forbid_closed_account_update;

-- Processes of the version before read these columns by their old names; only the functions below write here. A later
-- version drops the generated ones.
ALTER TABLE entry RENAME COLUMN at TO recorded_at;
ALTER TABLE entry RENAME COLUMN market_time TO market_time_ms;
ALTER TABLE entry
    ADD COLUMN at timestamptz GENERATED ALWAYS AS (recorded_at) STORED,
    ADD COLUMN market_time bigint GENERATED ALWAYS AS (market_time_ms) STORED;

-- PostgreSQL 18 names what is NOT NULL after its column.
DO $names$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT conrelid::regclass AS owner, conname AS was, conrelid::regclass || '_' || attname || '_not_null' AS name
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'n' AND attname IN ('recorded_at', 'market_time_ms')
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', each.owner, each.was, each.name);
    END LOOP;
END
$names$;

-- As 0034 made it.
CREATE OR REPLACE FUNCTION open_account(
    p_person bigint, p_market text, p_quote text, p_grant numeric, p_command text, p_body bytea, p_at timestamptz,
    p_market_time bigint
) RETURNS SETOF account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- As 0034 made it.
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

-- As 0034 made it.
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

-- As 0026 made it.
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

-- As 0006 made it.
CREATE OR REPLACE FUNCTION close_account(p_account bigint, p_at timestamptz, p_market_time bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_command text := 'close:' || p_account;
    v_entry   bigint;
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = p_account FOR UPDATE OF b;
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
