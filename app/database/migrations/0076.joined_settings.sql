-- depends: 0075.bounded_streaks
--
-- What a join merges into the settings of the host, and what its undoing gives back to both.

-- `settings` are those that the host did not have and got from the user who joined: the kind of a notification, or the name
-- of a table. `limits` has, by kind, what the user who joined brought (`brought`), and the host's row before the join and after
-- (`before`, null for none, and `after`).
ALTER TABLE link_join
    ADD COLUMN settings text[] NOT NULL DEFAULT '{}',
    ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';

-- The name that a strategy had before a link brought it.
ALTER TABLE strategy ADD COLUMN former_name text;

-- Of two limits the stricter one holds, and a raise that was asked for has to be asked for again.
CREATE FUNCTION stricter_limit(p_own trading_limit, p_brought trading_limit, p_at timestamptz) RETURNS trading_limit
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- Whether a limit is still what a join made of it. A raise that waits changes nothing yet.
CREATE FUNCTION is_limit_of_join(p_limit trading_limit, p_after trading_limit, p_at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT (p_limit.value = p_after.value AND p_limit.cooldown_minutes = p_after.cooldown_minutes
            AND (p_limit.set_at = p_after.set_at AND p_limit.next_at IS NULL OR p_limit.next_at > p_at)) IS TRUE
$$;

CREATE FUNCTION put_limit(p_person bigint, p_kind text, p_limit trading_limit) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM trading_limit WHERE person_id = p_person AND kind = p_kind;
    IF p_limit.value IS NOT NULL THEN
        INSERT INTO trading_limit (person_id, kind, value, cooldown_minutes, next_value, next_at, set_at)
            VALUES (p_person, p_kind, p_limit.value, p_limit.cooldown_minutes, p_limit.next_value, p_limit.next_at, p_limit.set_at);
    END IF;
END $$;

CREATE FUNCTION merge_joined_limits(p_from bigint, p_to bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- Gives the host the limits from before a join back, with what later joins brought. A limit that was set since stays.
CREATE FUNCTION undo_joined_limits(p_join link_join) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- Notes what the host gets because it has none of its own, before it is copied.
CREATE FUNCTION note_joined_settings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER link_join_of_settings BEFORE INSERT ON link_join FOR EACH ROW EXECUTE FUNCTION note_joined_settings();

-- Takes from the host what it got by a join and has not changed since. The user who joined kept a copy.
CREATE FUNCTION undo_joined_settings(p_join link_join) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- A strategy that a link brought is the host's own once its rule is changed; the one that was brought stays with its user.
CREATE FUNCTION keep_joined_strategy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO strategy (person_id, market, name, symbol, interval_minutes, rule, created_at, changed_at)
        VALUES (OLD.former_id, OLD.market, coalesce(OLD.former_name, OLD.name), OLD.symbol, OLD.interval_minutes, OLD.rule,
                OLD.created_at, OLD.changed_at)
        ON CONFLICT DO NOTHING;
    NEW.former_id := NULL;
    NEW.former_name := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER strategy_of_join_changed BEFORE UPDATE OF symbol, interval_minutes, rule ON strategy FOR EACH ROW
    WHEN (OLD.former_id IS NOT NULL AND ARRAY[OLD.symbol, OLD.interval_minutes::text, OLD.rule]
                                         <> ARRAY[NEW.symbol, NEW.interval_minutes::text, NEW.rule])
    EXECUTE FUNCTION keep_joined_strategy();

-- As 0067 made it, with names of strategies and limits that an undone link gives back.
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

-- As 0066 made it, with limits, settings and the names of strategies.
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

REVOKE ALL ON FUNCTION stricter_limit(trading_limit, trading_limit, timestamptz),
    is_limit_of_join(trading_limit, trading_limit, timestamptz), put_limit(bigint, text, trading_limit),
    merge_joined_limits(bigint, bigint), undo_joined_limits(link_join), note_joined_settings(), undo_joined_settings(link_join),
    keep_joined_strategy() FROM PUBLIC;
