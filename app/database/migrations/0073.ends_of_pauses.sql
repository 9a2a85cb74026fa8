-- depends: 0071.news
--
-- What ends a pause or a cool-down, and what an entry of before a corporate action is.

-- -- corporate actions ------------------------------------------------------------------------

-- An account's own entry of an action parts its entries of before from those of after. `after_entry` does so for accounts
-- that the action did not reach: it is the last entry when the action was done, or its undoing began. NULL: not yet.
ALTER TABLE corporate_action ALTER COLUMN after_entry DROP DEFAULT, ALTER COLUMN after_entry DROP NOT NULL;
UPDATE corporate_action c SET after_entry = CASE WHEN c.state <> 'applying' THEN greatest(
    c.after_entry, (SELECT max(d.entry_id) FROM corporate_action_account d WHERE d.action_id = c.id)) END;

-- As 0065 made it, but for `after_entry`.
CREATE OR REPLACE FUNCTION mark_old_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE FUNCTION mark_last_old_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.after_entry := (SELECT coalesce(max(e.id), 0) FROM entry e);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION mark_last_old_entry() FROM PUBLIC;
CREATE TRIGGER corporate_action_ends BEFORE UPDATE OF state ON corporate_action
    FOR EACH ROW WHEN (OLD.state = 'applying' AND NEW.state <> 'applying') EXECUTE FUNCTION mark_last_old_entry();

-- As 0065 made it, but that an account's own entry of an action decides.
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

-- -- pauses -----------------------------------------------------------------------------------

-- The pause by the day's loss that lasts beside one by the drawdown: the user's resumption does not end it.
ALTER TABLE account_limit_state
    ADD COLUMN day_paused_value numeric,
    ADD COLUMN day_paused_desk  boolean,
    ADD COLUMN day_paused_at    timestamptz,
    ADD COLUMN day_paused_until timestamptz,
    ADD CONSTRAINT account_limit_state_day_pause_whole
        CHECK (num_nulls(day_paused_value, day_paused_desk, day_paused_at, day_paused_until) IN (0, 4));

-- The pause of an account, without a row if it is not paused. One that the user has to end comes first.
CREATE FUNCTION pause_in_force(p_account bigint, p_at timestamptz)
RETURNS TABLE (kind text, value numeric, of_desk boolean, at timestamptz, until timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT s.paused_kind::text, s.paused_value, s.paused_desk, s.paused_at, s.paused_until
    FROM account_limit_state s
    WHERE s.account_id = p_account AND s.paused_kind IS NOT NULL AND (s.paused_until > p_at) IS NOT FALSE
    UNION ALL
    SELECT 'day', s.day_paused_value, s.day_paused_desk, s.day_paused_at, s.day_paused_until
    FROM account_limit_state s WHERE s.account_id = p_account AND s.day_paused_until > p_at
    LIMIT 1
$$;

-- As 0064 made it, but that neither of the two pauses takes the place of the other.
CREATE OR REPLACE FUNCTION pause_account(
    p_account bigint, p_kind text, p_value numeric, p_desk boolean, p_at timestamptz, p_market_time bigint
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- What a merge brings is no gain: the account is measured anew, and has the pauses of both: of two by the day, the longer.
CREATE OR REPLACE FUNCTION limit_merged_account() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- -- cool-downs -------------------------------------------------------------------------------

CREATE INDEX orders_sales_idx ON orders (account_id, recorded_at, id) WHERE side = 'sell';
CREATE INDEX entry_reversals_idx ON entry (account_id) WHERE kind = 'reversal';

-- Orders of an account, and of those that were merged into it, that were reversed.
CREATE FUNCTION reversed_orders(p_account bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(e.order_id), '{}')
    FROM account_lineage(p_account) AS mine
    JOIN entry r ON r.account_id = mine AND r.kind = 'reversal'
    JOIN entry_correction c ON c.entry_id = r.id
    JOIN entry e ON e.id = c.reversed_id
    WHERE e.order_id IS NOT NULL
$$;

-- A sale in full: the executions of an order that rested are one.
CREATE FUNCTION whole_sale(p_sale bigint, p_reversed bigint[], OUT sale bigint, OUT at timestamptz, OUT realised numeric,
                           OUT cost numeric)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p_sale, max(part.recorded_at), sum(part.realised), sum(part.received - part.realised)
    FROM (SELECT * FROM orders o WHERE o.id = p_sale
          UNION ALL
          SELECT * FROM orders o WHERE o.parent_id = p_sale) AS part
    WHERE part.side = 'sell' AND part.id <> ALL (p_reversed)
$$;

-- Sales of an account, and of those that were merged into it, since a moment, in whatever round.
CREATE FUNCTION sales_since(p_account bigint, p_since timestamptz)
RETURNS TABLE (sale bigint, at timestamptz, realised numeric, cost numeric)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH undone AS MATERIALIZED (SELECT reversed_orders(p_account) AS orders)
    SELECT each.* FROM (
        SELECT DISTINCT coalesce(o.parent_id, o.id) AS id
        FROM undone CROSS JOIN account_lineage(p_account) AS mine
        JOIN orders o ON o.account_id = mine AND o.side = 'sell' AND o.recorded_at > p_since
        WHERE o.id <> ALL (undone.orders)
    ) AS sold CROSS JOIN undone CROSS JOIN LATERAL whole_sale(sold.id, undone.orders) AS each
$$;

-- The newest sales of an account, and of those that were merged into it, in whatever round, newest first: `p_most` of
-- them, or until the first that was none at a loss.
CREATE FUNCTION newest_sales(p_account bigint, p_most integer)
RETURNS TABLE (sale bigint, at timestamptz, realised numeric, cost numeric)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_accounts bigint[] := ARRAY(SELECT account_lineage(p_account));
    v_reversed bigint[] := reversed_orders(p_account);
    v_seen     bigint[] := '{}';
    newest     record;
BEGIN
    WHILE cardinality(v_seen) < p_most LOOP
        SELECT found.* INTO newest FROM unnest(v_accounts) AS mine CROSS JOIN LATERAL (
            SELECT coalesce(o.parent_id, o.id) AS sale, o.recorded_at, o.id FROM orders o
            WHERE o.account_id = mine AND o.side = 'sell'
              AND coalesce(o.parent_id, o.id) <> ALL (v_seen) AND o.id <> ALL (v_reversed)
            ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1
        ) AS found ORDER BY found.recorded_at DESC, found.id DESC LIMIT 1;
        EXIT WHEN NOT FOUND;
        v_seen := v_seen || newest.sale;
        SELECT * INTO sale, at, realised, cost FROM whole_sale(newest.sale, v_reversed);
        RETURN NEXT;
        EXIT WHEN (realised < 0) IS NOT TRUE;
    END LOOP;
END $$;

-- As 0064 made it, with the pauses of `pause_in_force` and sales however many entries came after them. Refuses what would
-- pass a limit, after it was written and in its transaction: the account is locked. `p_adds` says that
-- the order buys, for `p_amount` at most, which adds `p_added` to the value of its coin. `p_price` is the price of the coin,
-- NULL if none was bought yet, and `p_rests` says that it is a new order that rests. Prices of a valuation that is older
-- than a minute are not used: the caller values the account.
CREATE OR REPLACE FUNCTION check_limits(
    p_account bigint, p_symbol text, p_price numeric, p_amount numeric, p_added numeric, p_adds boolean, p_rests boolean,
    p_at timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- An amendment after which more may be bought than before, in coins or for money, is checked like a new order of what is
-- left, together with what the order has bought.
CREATE OR REPLACE FUNCTION limit_amendment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

REVOKE ALL ON FUNCTION pause_in_force(bigint, timestamptz), reversed_orders(bigint), whole_sale(bigint, bigint[]),
    sales_since(bigint, timestamptz), newest_sales(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pause_in_force(bigint, timestamptz), reversed_orders(bigint), whole_sale(bigint, bigint[]),
    sales_since(bigint, timestamptz), newest_sales(bigint, integer) TO paperdesk_app;
