-- depends: 0033.link_undo
--
-- The functions that keep the books check what the application tells them: an account opens with the grant that the owner
-- set, and the amounts of an order add up as the desk computes them.

-- The amounts that accounts open with; the last row is in force. Only the owner adds one, at a start with another
-- PAPERDESK_TRADING__OPENING_GRANT. Earlier rows stay, since the audit judges every grant by them.
CREATE TABLE opening_grant (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    amount positive_amount NOT NULL CONSTRAINT opening_grant_amount_bounds CHECK (amount <= 1e12),
    set_at timestamptz NOT NULL DEFAULT now()
);
-- What earlier versions granted, the latest amount last, so that a desk goes on with it. The setting never took more than
-- 1e12. An empty ledger begins with the default.
INSERT INTO opening_grant (amount)
    SELECT amount FROM posting WHERE source = 'issuance' AND amount <= 1e12 GROUP BY amount ORDER BY max(entry_id);
INSERT INTO opening_grant (amount) SELECT 1000000 WHERE NOT EXISTS (SELECT FROM opening_grant);
GRANT SELECT ON opening_grant TO paperdesk_app;

CREATE FUNCTION current_opening_grant() RETURNS numeric
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT amount::numeric FROM opening_grant ORDER BY id DESC LIMIT 1
$$;

-- Accounts open with this amount from now on. Runs with the caller's rights, and only the owner has them.
CREATE FUNCTION set_opening_grant(p_amount numeric) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO opening_grant (amount) SELECT p_amount WHERE p_amount IS DISTINCT FROM current_opening_grant();
END $$;

CREATE FUNCTION check_opening_grant(p_grant numeric) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF p_grant IS DISTINCT FROM current_opening_grant() THEN
        RAISE EXCEPTION 'accounts do not open with %', p_grant
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_grant_in_force';
    END IF;
END $$;

REVOKE ALL ON FUNCTION current_opening_grant(), set_opening_grant(numeric), check_opening_grant(numeric) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_opening_grant() TO paperdesk_app;

-- As 0002 made it; a new account takes the grant in force and no other, and is nobody's closed one.
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
    INSERT INTO entry (command_id, body, kind, account_id, round, at, market_time)
        VALUES (p_command, p_body, 'grant', opened.id, opened.round, p_at, p_market_time) RETURNING id INTO v_entry;
    INSERT INTO posting VALUES (v_entry, 1, 'issuance', 'available/' || opened.id, p_quote, p_grant);
    INSERT INTO balance (account_id, asset, available) VALUES (opened.id, p_quote, p_grant);
    RETURN NEXT opened;
END $$;

-- As 0002 made it; a new round takes the grant in force and no other.
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
    INSERT INTO entry (command_id, body, kind, account_id, round, at, market_time)
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

-- Whether two names mean one symbol: recordings write BTC-USD as well as BTCUSD.
CREATE FUNCTION same_symbol(p_one text, p_other text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT p_one = p_other OR lower(regexp_replace(p_one, '[^[:alnum:]]', '', 'g'))
                            = lower(regexp_replace(p_other, '[^[:alnum:]]', '', 'g'))
$$;
REVOKE ALL ON FUNCTION same_symbol(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION same_symbol(text, text) TO paperdesk_app;

-- As 0002 made it, and it refuses an order whose figures trading/matching.py could not have computed: amounts in whole
-- units, costs and fees rounded up, proceeds down, the fee taken from what is received; and one that is not quoted in the
-- account's asset, or trades a base asset under another symbol than before. `order_adds_up` names the refusal.
CREATE OR REPLACE FUNCTION place_order(
    p jsonb,
    OUT outcome text, OUT order_id bigint, OUT realised numeric,
    OUT base_available numeric, OUT base_held numeric, OUT quote_available numeric, OUT quote_held numeric
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    o        "order" := jsonb_populate_record(NULL::"order", p);
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

    o.id := nextval('order_id_seq');
    o.realised := realised;
    o.base_available := base_available;
    o.base_held := base_held;
    o.quote_available := quote_available;
    o.quote_held := quote_held;
    INSERT INTO "order" SELECT o.*;
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
    INSERT INTO entry (command_id, body, kind, account_id, round, order_id, at, market_time)
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

-- As 0033 made it; a time that is missing, or is still to come by the server's clock, settles nothing.
CREATE OR REPLACE FUNCTION settle_join(p_former bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_join  link_join;
    own     account;
    v_found bigint;
BEGIN
    PERFORM FROM person p WHERE p.id = p_former OR p.id = (SELECT host_id FROM link_join WHERE former_id = p_former)
        ORDER BY p.id FOR UPDATE;
    SELECT * INTO v_join FROM link_join WHERE former_id = p_former FOR UPDATE;
    IF NOT FOUND OR (v_join.joined_at + interval '1 day' <= p_at
                     AND v_join.joined_at + interval '1 day' <= clock_timestamp()) IS NOT TRUE THEN
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
    DELETE FROM link_join WHERE former_id = p_former;
    PERFORM drop_person(p_former);
    RETURN true;
END $$;
