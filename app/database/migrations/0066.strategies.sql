-- depends: 0065.units_of_coins
--
-- Strategies: rules that users saved under a name, as their canonical text, see docs/rules.md; and alerts on conditions of
-- the same language.

CREATE TABLE strategy (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id        bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    former_id        bigint REFERENCES person ON DELETE SET NULL,  -- the person that a link brought it from
    market           text NOT NULL,
    name             text NOT NULL,
    symbol           text NOT NULL,
    interval_minutes integer NOT NULL,
    rule             text NOT NULL,
    share_code       text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    changed_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_named_once UNIQUE (person_id, market, name),
    CONSTRAINT strategy_shared_once UNIQUE (share_code),
    CONSTRAINT strategy_name_bounds CHECK (octet_length(name) BETWEEN 1 AND 30),
    CONSTRAINT strategy_rule_bounds CHECK (char_length(rule) BETWEEN 1 AND 500),
    CONSTRAINT strategy_interval_known CHECK (interval_minutes IN (1, 5, 15, 60, 240, 1440))
);
CREATE INDEX strategy_former ON strategy (former_id) WHERE former_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON strategy TO paperdesk_app;

-- A condition alert may wait for a condition of the rule language; `length` is the number of candles that it needs.
ALTER TABLE condition_alert
    ADD COLUMN rule text,
    DROP CONSTRAINT condition_alert_measure_known,
    DROP CONSTRAINT condition_alert_length_bounds,
    ADD CONSTRAINT condition_alert_measure_known CHECK (measure IN
        ('change', 'high', 'low', 'volume', 'volatility', 'sma', 'ema', 'rsi', 'order', 'rule')),
    ADD CONSTRAINT condition_alert_length_bounds CHECK (length BETWEEN 1 AND CASE measure WHEN 'rule' THEN 5000 ELSE 1440 END),
    ADD CONSTRAINT condition_alert_rule_known CHECK ((measure = 'rule') = (rule IS NOT NULL)),
    ADD CONSTRAINT condition_alert_rule_length CHECK (char_length(rule) BETWEEN 1 AND 500);
GRANT UPDATE (rule) ON condition_alert TO paperdesk_app;

-- As 0064 made it, with strategies.
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
    -- One whose name the other user has as well gets another name, which nobody can save: typed names have no hyphen.
    UPDATE strategy s SET person_id = p_to, former_id = p_from, name = CASE
            WHEN EXISTS (SELECT FROM strategy there WHERE there.person_id = p_to
                         AND (there.market, there.name) = (s.market, s.name)) THEN left(s.name, 5) || '-' || s.id ELSE s.name END
        WHERE s.person_id = p_from;
END $$;

-- As 0053 made it, with strategies.
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
    UPDATE strategy SET person_id = p_join.former_id, former_id = NULL
        WHERE former_id = p_join.former_id AND person_id = p_join.host_id;
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
