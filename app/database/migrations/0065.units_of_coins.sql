-- depends: 0064.limits
--
-- A corporate action changes the unit in which a coin is counted: nothing that is counted in the old unit meets the new one.
-- Accounts that it reaches are not merged meanwhile, no order on its symbol is booked, no order at a price of the old unit,
-- and no entry in the old unit is reversed. Undoing an action ends, and names what it left.

-- `after_entry` is the last entry before the action: those up to it are in the old unit. `unit_since_ms` is that of a
-- redenomination: the first time (ms of the market's clock) of which prices are of the new unit.
ALTER TABLE corporate_action
    ADD COLUMN after_entry bigint NOT NULL DEFAULT 0,
    ADD COLUMN unit_since_ms bigint;
CREATE INDEX corporate_action_symbol ON corporate_action (market, symbol);

UPDATE corporate_action c SET
    after_entry = coalesce(
        (SELECT min(d.entry_id) - 1 FROM corporate_action_account d WHERE d.action_id = c.id),
        (SELECT max(e.id) FROM entry e WHERE e.recorded_at <= c.created_at), 0),
    unit_since_ms = CASE WHEN c.kind = 'redenomination' THEN coalesce(
        (SELECT max(h.market_time_ms) FROM symbol_hold h
         WHERE (h.market, h.symbol) = (c.market, c.symbol) AND h.since <= c.created_at), 0) END;

-- The hold says when prices changed, and a price at which somebody traded before is of the old unit for sure.
CREATE FUNCTION mark_old_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.after_entry := (SELECT coalesce(max(e.id), 0) FROM entry e);
    NEW.unit_since_ms := CASE WHEN NEW.kind = 'redenomination' THEN greatest(
        0,
        (SELECT h.market_time_ms FROM symbol_hold h
         WHERE (h.market, h.symbol) = (NEW.market, NEW.symbol) AND h.released_at IS NULL),
        (SELECT max(o.price_time) + 1 FROM orders o JOIN account a ON a.id = o.account_id
         WHERE o.symbol = NEW.symbol AND a.market = NEW.market)) END;
    RETURN NEW;
END $$;
CREATE TRIGGER corporate_action_marks BEFORE INSERT ON corporate_action FOR EACH ROW EXECUTE FUNCTION mark_old_unit();

-- Changes of the unit in which a coin is priced, of which those who read candles know: from `since_ms` on, `ratio` units are
-- one of before.
CREATE VIEW unit_change AS
    SELECT market, symbol, unit_since_ms AS since_ms, ratio::numeric AS ratio
    FROM corporate_action WHERE kind = 'redenomination' AND state = 'done';
GRANT SELECT ON unit_change TO paperdesk_app;

-- Changes of its unit that the coins of an account had been through at a moment, as pairs of `since_ms` and `ratio`. NULL:
-- none. Coins that a merge brought are those of an action that was done before.
CREATE FUNCTION unit_changes_of(p_account bigint, p_symbol text, p_at timestamptz) RETURNS numeric[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
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

-- True while a symbol is held, or an action is being applied to it or undone.
CREATE FUNCTION is_in_question(p_market text, p_symbol text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM symbol_hold h
                   WHERE h.market = p_market AND h.symbol = p_symbol AND h.released_at IS NULL)
        OR EXISTS (SELECT FROM corporate_action c
                   WHERE c.market = p_market AND c.symbol = p_symbol AND c.state IN ('applying', 'undoing'))
$$;

-- Runs with the account locked, so that an order and a batch of an action are one after the other.
CREATE FUNCTION check_market_order_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER orders_of_this_unit BEFORE INSERT ON orders FOR EACH ROW WHEN (NEW.parent_id IS NULL)
    EXECUTE FUNCTION check_market_order_unit();

-- What rests was accepted in the old unit and is ended by the action; what it fills before is converted with the rest.
CREATE FUNCTION check_resting_order_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF is_in_question(NEW.market, NEW.symbol) THEN
        RAISE EXCEPTION '% is held, or an action is being applied to it', NEW.symbol
            USING ERRCODE = 'check_violation', CONSTRAINT = 'symbol_in_question';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER open_order_of_this_unit BEFORE INSERT ON open_order FOR EACH ROW EXECUTE FUNCTION check_resting_order_unit();

-- True if every entry of an action was reversed.
CREATE FUNCTION is_wholly_undone(p_action text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT FROM corporate_action_account d
        WHERE d.action_id = p_action AND d.entry_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM entry_correction r WHERE r.reversed_id = d.entry_id))
$$;

-- An action is remembered by account, so no coins change their account while it is applied, or while what it gave is taken
-- back. Both accounts are locked here: a batch before has committed, and one after sees the merge.
CREATE FUNCTION check_merge_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER account_merge_of_one_unit BEFORE INSERT ON account_merge FOR EACH ROW EXECUTE FUNCTION check_merge_unit();

-- What limits remember as the last price of a coin is in the unit of the account's coins.
CREATE FUNCTION change_unit_of_mark(p_account bigint, p_action text, p_undone boolean) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE account_limit_state s SET marks = jsonb_set(s.marks, ARRAY[c.symbol], to_jsonb(
        round((s.marks->>c.symbol)::numeric * CASE WHEN p_undone THEN c.ratio ELSE 1 / c.ratio END, 18)))
    FROM corporate_action c
    WHERE c.id = p_action AND c.kind = 'redenomination' AND s.account_id = p_account AND s.marks ? c.symbol
$$;
REVOKE ALL ON FUNCTION change_unit_of_mark(bigint, text, boolean) FROM PUBLIC;

CREATE FUNCTION follow_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM change_unit_of_mark(NEW.account_id, NEW.action_id, false);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION follow_unit() FROM PUBLIC;
CREATE TRIGGER corporate_action_account_marks AFTER INSERT ON corporate_action_account
    FOR EACH ROW WHEN (NEW.entry_id IS NOT NULL) EXECUTE FUNCTION follow_unit();

-- As 0054 made it; `outcome` is also: action (the entry counts a coin in the unit before the action `asset`).
CREATE OR REPLACE FUNCTION reverse_entry(
    p_entry bigint, p_reason text, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT reversal_id bigint, OUT account_id bigint, OUT asset text, OUT missing numeric, OUT held numeric
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
        WHERE x.entry_id = p_entry AND c.kind <> 'none' AND c.after_entry >= p_entry
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

-- As 0055 made it; it ends whatever it had to leave. What is left can be undone again later.
CREATE OR REPLACE FUNCTION undo_action(p_id text, p_after bigint, p_limit integer, p_at timestamptz, p_market_time bigint)
RETURNS TABLE (account_id bigint, outcome text, asset text, missing numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

REVOKE ALL ON FUNCTION mark_old_unit(), check_market_order_unit(), check_resting_order_unit(), check_merge_unit() FROM PUBLIC;
