-- depends: 0063.risk_forecasts
--
-- Limits of users and of the desk, kept by triggers in the transaction that books or accepts an order: whoever writes
-- the order, its account is locked, so that no number of orders at once passes a limit.

CREATE DOMAIN limit_kind AS text
    CONSTRAINT limit_kind_known CHECK (VALUE IN ('day', 'drawdown', 'coin', 'order', 'orders', 'streak', 'loss'));
-- A fraction, an amount of the quote asset, or a count. NaN is above every number.
CREATE DOMAIN limit_value AS numeric CONSTRAINT limit_value_bounds CHECK (VALUE > 0 AND VALUE <= 1000000000000);

-- A user's own limits. From `next_at` on `next_value` is in force, and no limit if that is NULL.
CREATE TABLE trading_limit (
    person_id        bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    kind             limit_kind NOT NULL,
    value            limit_value NOT NULL,
    cooldown_minutes integer NOT NULL DEFAULT 60,
    next_value       limit_value,
    next_at          timestamptz,
    set_at           timestamptz NOT NULL,
    PRIMARY KEY (person_id, kind),
    CONSTRAINT trading_limit_cooldown_bounds CHECK (cooldown_minutes BETWEEN 1 AND 43200),
    CONSTRAINT trading_limit_next_has_time CHECK (next_value IS NULL OR next_at IS NOT NULL)
);

-- Limits of all accounts, set by operators.
CREATE TABLE desk_limit (
    kind             limit_kind PRIMARY KEY,
    value            limit_value NOT NULL,
    cooldown_minutes integer NOT NULL DEFAULT 60,
    set_at           timestamptz NOT NULL,
    CONSTRAINT desk_limit_cooldown_bounds CHECK (cooldown_minutes BETWEEN 1 AND 43200)
);

-- What limits measure an account against, since its round began: the highest equity, and that at the beginning of the
-- day, which ends at `day_ends`. `marks` are the prices of the last valuation, by symbol. `paused_kind` is the limit that
-- was reached; the pause lasts until `paused_until`, NULL: until the user ends it.
CREATE TABLE account_limit_state (
    account_id   bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    round        integer NOT NULL,
    adjusted     numeric NOT NULL,
    equity       numeric NOT NULL,
    marks        jsonb NOT NULL,
    valued_at    timestamptz NOT NULL,
    day_start    numeric NOT NULL,
    day_ends     timestamptz NOT NULL,
    peak         numeric NOT NULL,
    peak_at      timestamptz NOT NULL,
    paused_kind  limit_kind,
    paused_value numeric,
    paused_desk  boolean,
    paused_at    timestamptz,
    paused_until timestamptz,
    CONSTRAINT account_limit_state_pause_whole CHECK (num_nulls(paused_kind, paused_value, paused_desk, paused_at) IN (0, 4))
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE, DELETE ON trading_limit, desk_limit TO paperdesk_app;
GRANT SELECT, INSERT, UPDATE ON account_limit_state TO paperdesk_app;

-- The strictest limit of each kind that is in force for a user. Every kind is stricter the smaller it is.
CREATE FUNCTION limits_in_force(p_person bigint, p_at timestamptz)
RETURNS TABLE (kind text, value numeric, cooldown_minutes integer, of_desk boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
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

-- Raises what trading.constraints reads; `p_left` is how long the limit still refuses, NULL where it does not end.
CREATE FUNCTION refuse_by_limit(p_kind text, p_limit numeric, p_allowed numeric, p_quote text, p_left interval, p_desk boolean)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the limit % refuses the order', p_kind
        USING ERRCODE = 'check_violation', CONSTRAINT = 'account_limit',
              DETAIL = jsonb_build_object('kind', p_kind, 'limit', p_limit::text, 'allowed', p_allowed::text,
                                          'asset', p_quote, 'of_desk', p_desk,
                                          'minutes', coalesce(ceil(extract(epoch FROM p_left) / 60), 0)::integer)::text;
END $$;

-- Refuses what would pass a limit, after it was written and in its transaction: the account is locked. `p_adds` says that
-- the order buys, for `p_amount` at most, which adds `p_added` to the value of its coin. `p_price` is the price of the coin,
-- NULL if none was bought yet, and `p_rests` says that it is a new order that rests. Prices of a valuation that is older
-- than a minute are not used: the caller values the account.
CREATE FUNCTION check_limits(
    p_account bigint, p_symbol text, p_price numeric, p_amount numeric, p_added numeric, p_adds boolean, p_rests boolean,
    p_at timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    c_fresh CONSTANT interval := interval '1 minute';
    c_seen  CONSTANT integer := 1000;  -- the newest entries among which sales are searched
    a        account;
    s        account_limit_state;
    l        record;
    v_equity numeric;
    v_coin   numeric;
    v_blind  boolean;
    v_open   numeric;
    v_lost   boolean;
    v_until  timestamptz;
BEGIN
    SELECT known.* INTO a FROM account known WHERE known.id = p_account
        AND (EXISTS (SELECT FROM trading_limit t WHERE t.person_id = known.person_id)
             OR EXISTS (SELECT FROM desk_limit)
             OR EXISTS (SELECT FROM account_limit_state p WHERE p.account_id = known.id AND p.paused_kind IS NOT NULL));
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO s FROM account_limit_state known WHERE known.account_id = p_account;
    IF p_adds AND s.paused_kind IS NOT NULL AND (s.paused_until > p_at) IS NOT FALSE THEN
        PERFORM refuse_by_limit(s.paused_kind, s.paused_value, 0, a.quote_asset, s.paused_until - p_at, s.paused_desk);
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
            WITH sale AS (
                SELECT max(o.recorded_at) AS at, sum(o.realised) AS realised, sum(o.received - o.realised) AS cost,
                       row_number() OVER (ORDER BY max(o.id) DESC) AS age
                FROM (SELECT e.id, e.order_id FROM entry e WHERE e.account_id = p_account AND e.round = a.round
                      ORDER BY e.id DESC LIMIT c_seen) AS recent
                JOIN orders o ON o.id = recent.order_id AND o.side = 'sell'
                WHERE NOT EXISTS (SELECT FROM entry_correction undone WHERE undone.reversed_id = recent.id)
                GROUP BY coalesce(o.parent_id, o.id)
            )
            SELECT CASE l.kind WHEN 'streak' THEN count(*) FILTER (WHERE age <= l.value AND realised < 0) = l.value
                               ELSE bool_or(-realised >= l.value * cost AND realised < 0
                                            AND at > p_at - make_interval(mins => l.cooldown_minutes)) END,
                   max(at) FILTER (WHERE CASE l.kind WHEN 'streak' THEN age = 1
                                         ELSE -realised >= l.value * cost AND realised < 0 END)
                INTO v_lost, v_until FROM sale;
            v_until := v_until + make_interval(mins => l.cooldown_minutes);
            IF v_lost AND v_until > p_at THEN
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

CREATE FUNCTION limit_market_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_limits(NEW.account_id, NEW.symbol, NEW.mid_price, NEW.quote_amount, NEW.received * NEW.mid_price,
                         true, false, NEW.recorded_at);
    RETURN NULL;
END $$;
-- Sales are never refused, and executions of resting orders were checked when those were accepted.
CREATE TRIGGER orders_limited AFTER INSERT ON orders FOR EACH ROW WHEN (NEW.parent_id IS NULL AND NEW.side = 'buy')
    EXECUTE FUNCTION limit_market_order();

CREATE FUNCTION limit_resting_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_limits(NEW.account_id, NEW.symbol, NULL, NEW.quantity * NEW.hold_price, NEW.quantity * NEW.hold_price,
                         NEW.hold_price IS NOT NULL, true,
                         (SELECT t.recorded_at FROM order_terms t WHERE t.id = NEW.order_id));
    RETURN NULL;
END $$;
CREATE TRIGGER open_order_limited AFTER INSERT ON open_order FOR EACH ROW EXECUTE FUNCTION limit_resting_order();

-- An amendment that makes a purchase larger is checked like a new order.
CREATE FUNCTION limit_amendment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    o     open_order;
    v_was numeric;
BEGIN
    SELECT * INTO o FROM open_order x WHERE x.order_id = NEW.order_id AND x.hold_price IS NOT NULL;
    SELECT v.quantity * coalesce(v.price, o.hold_price) INTO v_was FROM order_event v
        WHERE v.order_id = NEW.order_id AND v.number < NEW.number AND v.kind IN ('accepted', 'amended')
        ORDER BY v.number DESC LIMIT 1;
    IF o.order_id IS NOT NULL AND NEW.quantity * coalesce(NEW.price, o.hold_price) > v_was THEN
        PERFORM check_limits(o.account_id, o.symbol, NULL, o.quantity * o.hold_price, o.quantity * o.hold_price, true, false,
                             NEW.recorded_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER order_event_limited AFTER INSERT ON order_event FOR EACH ROW WHEN (NEW.kind = 'amended')
    EXECUTE FUNCTION limit_amendment();

-- What a merge brings is no gain: the account is measured anew, and stays paused if one of both was.
CREATE FUNCTION limit_merged_account() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account_limit_state AS s
        SELECT NEW.target_id, 0, 0, 0, '{}', was.valued_at, 0, was.day_ends, 0, was.peak_at, was.paused_kind,
               was.paused_value, was.paused_desk, was.paused_at, was.paused_until
        FROM account_limit_state was WHERE was.account_id = NEW.source_id AND was.paused_kind IS NOT NULL
        ON CONFLICT (account_id) DO UPDATE
            SET paused_kind = excluded.paused_kind, paused_value = excluded.paused_value,
                paused_desk = excluded.paused_desk, paused_at = excluded.paused_at, paused_until = excluded.paused_until
            WHERE s.paused_kind IS NULL OR (s.paused_until IS NOT NULL AND excluded.paused_until IS NULL);
    UPDATE account_limit_state SET round = 0 WHERE account_id = NEW.target_id;
    RETURN NULL;
END $$;
CREATE TRIGGER account_merge_limited AFTER INSERT ON account_merge FOR EACH ROW EXECUTE FUNCTION limit_merged_account();

-- Pauses an account that has reached a limit, and cancels its open purchases with their lists, in one transaction. Returns
-- how many orders that were, NULL if it was paused before or has not reached the limit any more.
CREATE FUNCTION pause_account(
    p_account bigint, p_kind text, p_value numeric, p_desk boolean, p_at timestamptz, p_market_time bigint
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_command text := 'limit:' || p_account || ':' || p_kind || ':' || round(extract(epoch FROM p_at) * 1000);
    v_buys    bigint[];
    v_done    order_outcome;
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = p_account AND a.closed_at IS NULL FOR UPDATE OF b;
    UPDATE account_limit_state s
        SET paused_kind = p_kind, paused_value = p_value, paused_desk = p_desk, paused_at = p_at,
            paused_until = CASE p_kind WHEN 'day' THEN s.day_ends END
        WHERE s.account_id = p_account
          AND (s.paused_kind IS NULL OR s.paused_until <= p_at OR (s.paused_kind = 'day' AND p_kind = 'drawdown'))
          AND CASE p_kind WHEN 'day' THEN s.day_start - s.equity >= p_value * s.day_start
                          WHEN 'drawdown' THEN s.peak - s.equity >= p_value * s.peak END;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_buys := ARRAY(SELECT o.order_id FROM open_order o WHERE o.account_id = p_account AND o.hold_price IS NOT NULL
                    ORDER BY o.order_id);
    IF cardinality(v_buys) = 0 THEN
        RETURN 0;
    END IF;
    v_done := cancel_orders(p_account, v_buys, NULL, v_command, sha256(convert_to(v_command, 'UTF8')), p_at, p_market_time);
    RETURN cardinality(v_done.orders);
END $$;

REVOKE ALL ON FUNCTION limits_in_force(bigint, timestamptz),
    refuse_by_limit(text, numeric, numeric, text, interval, boolean),
    check_limits(bigint, text, numeric, numeric, numeric, boolean, boolean, timestamptz), limit_market_order(), limit_resting_order(),
    limit_amendment(), limit_merged_account(), pause_account(bigint, text, numeric, boolean, timestamptz, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION limits_in_force(bigint, timestamptz),
    pause_account(bigint, text, numeric, boolean, timestamptz, bigint) TO paperdesk_app;

-- As 0053 made it, with limits.
CREATE OR REPLACE FUNCTION reassign_person(p_from bigint, p_to bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    -- Of two limits the stricter one holds, and a raise that was asked for has to be asked for again.
    INSERT INTO trading_limit AS t (person_id, kind, value, cooldown_minutes, set_at)
        SELECT p_to, own.kind, CASE WHEN own.next_at <= now() THEN own.next_value ELSE own.value END, own.cooldown_minutes, own.set_at
        FROM trading_limit own
        WHERE own.person_id = p_from AND (own.next_at IS NULL OR own.next_at > now() OR own.next_value IS NOT NULL)
        ON CONFLICT (person_id, kind) DO UPDATE
            SET value = least(CASE WHEN t.next_at <= now() THEN coalesce(t.next_value, excluded.value) ELSE t.value END,
                              excluded.value),
                cooldown_minutes = greatest(t.cooldown_minutes, excluded.cooldown_minutes),
                next_value = NULL, next_at = NULL;
END $$;
