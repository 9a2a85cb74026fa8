-- depends: 0052.shared_displays
--
-- Alerts on conditions: an indicator, the volume, a new high or low, a change, or the distance from an order. Their numbers
-- are those of the alerts on prices too, as with range alerts.

CREATE TABLE condition_alert (
    id             bigint PRIMARY KEY DEFAULT nextval('alert_id_seq'),
    command_id     text NOT NULL CONSTRAINT condition_alert_command_id_key UNIQUE
                   CONSTRAINT condition_alert_command_id_shape CHECK (length(command_id) BETWEEN 1 AND 128),
    person_id      bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    platform       text NOT NULL CONSTRAINT condition_alert_platform_shape CHECK (platform ~ '^[a-z]{1,16}$'),
    chat_id        text NOT NULL CONSTRAINT condition_alert_chat_id_shape CHECK (length(chat_id) BETWEEN 1 AND 128),
    market         text NOT NULL CONSTRAINT condition_alert_market_shape CHECK (length(market) BETWEEN 1 AND 300),
    symbol         text NOT NULL CONSTRAINT condition_alert_symbol_shape CHECK (length(symbol) BETWEEN 1 AND 64),
    -- What is measured (trading/triggers/conditions.py) over `length` candles of `interval_minutes`.
    measure        text NOT NULL CONSTRAINT condition_alert_measure_known CHECK (measure IN
                   ('change', 'high', 'low', 'volume', 'volatility', 'sma', 'ema', 'rsi', 'order')),
    direction      text NOT NULL CONSTRAINT condition_alert_direction_known CHECK (direction IN ('above', 'below')),
    level          numeric NOT NULL
                   CONSTRAINT condition_alert_level_bounds CHECK (abs(level) <= 1000 AND scale(level) <= 6),
    interval_minutes integer NOT NULL
                   CONSTRAINT condition_alert_interval_known CHECK (interval_minutes IN (1, 5, 15, 60, 240, 1440)),
    length         integer NOT NULL CONSTRAINT condition_alert_length_bounds CHECK (length BETWEEN 1 AND 1440),
    -- The order that the market comes near, and its price now.
    order_id       bigint,
    reference      numeric,
    -- The figure was beyond `rearm`; until it is the alert cannot fire. That of an order follows from its price.
    ready          boolean NOT NULL,
    rearm          numeric NOT NULL,
    repeat         boolean NOT NULL,
    state          text NOT NULL DEFAULT 'armed'
                   CONSTRAINT condition_alert_state_known CHECK (state IN ('armed', 'fired', 'cancelled', 'muted')),
    pause_ms       bigint NOT NULL DEFAULT 0
                   CONSTRAINT condition_alert_pause_bounds CHECK (pause_ms BETWEEN 0 AND 604800000),
    note           text NOT NULL DEFAULT '' CONSTRAINT condition_alert_note_length CHECK (length(note) <= 200),
    -- Nothing fires from then on, by the market's own clock.
    expires_at_ms  bigint,
    firings        integer NOT NULL DEFAULT 0 CONSTRAINT condition_alert_firings_bounds CHECK (firings >= 0),
    -- What was known before this time of the market's own clock does not count.
    market_time_ms bigint NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    fired_at       timestamptz,
    ended_at       timestamptz,
    -- The transaction that changed it last, as in `alert`.
    changed        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT condition_alert_order_known CHECK (
        (measure = 'order') = (order_id IS NOT NULL) AND (order_id IS NULL) = (reference IS NULL) AND coalesce(reference, 1) > 0)
);

CREATE INDEX condition_alert_person_id_idx ON condition_alert (person_id, id);
CREATE INDEX condition_alert_armed_idx ON condition_alert (market) WHERE state = 'armed';
CREATE INDEX condition_alert_changed_idx ON condition_alert (changed);
CREATE INDEX condition_alert_order_idx ON condition_alert (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX condition_alert_expiry_idx ON condition_alert (market, expires_at_ms) WHERE expires_at_ms IS NOT NULL;

GRANT SELECT, INSERT, DELETE ON condition_alert TO paperdesk_app;
GRANT UPDATE (platform, chat_id, measure, direction, level, interval_minutes, length, order_id, reference, rearm, repeat,
              state, ready, firings, market_time_ms, fired_at, ended_at, changed)
    ON condition_alert TO paperdesk_app;

-- The same for the alerts on prices and on ranges.
ALTER TABLE alert
    ADD COLUMN note text NOT NULL DEFAULT '' CONSTRAINT alert_note_length CHECK (length(note) <= 200),
    ADD COLUMN expires_at_ms bigint;
ALTER TABLE range_alert
    ADD COLUMN note text NOT NULL DEFAULT '' CONSTRAINT range_alert_note_length CHECK (length(note) <= 200),
    ADD COLUMN expires_at_ms bigint;
CREATE INDEX alert_expiry_idx ON alert (market, expires_at_ms) WHERE expires_at_ms IS NOT NULL;
CREATE INDEX range_alert_expiry_idx ON range_alert (market, expires_at_ms) WHERE expires_at_ms IS NOT NULL;

-- An alert on an order follows the price for which the order waits, however that changes.
CREATE FUNCTION follow_order_price() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_price numeric := CASE
        WHEN NEW.stop_price IS NULL OR (NEW.triggered AND NEW.limit_price IS NOT NULL) THEN NEW.limit_price
        ELSE NEW.stop_price END;
BEGIN
    UPDATE condition_alert SET reference = v_price, changed = pg_current_xact_id()
    WHERE order_id = NEW.order_id AND state IN ('armed', 'muted') AND v_price IS NOT NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION follow_order_price() FROM PUBLIC;

CREATE TRIGGER open_order_price_followed AFTER UPDATE OF limit_price, stop_price, triggered ON open_order
FOR EACH ROW WHEN (
    OLD.limit_price IS DISTINCT FROM NEW.limit_price OR OLD.stop_price IS DISTINCT FROM NEW.stop_price
    OR OLD.triggered IS DISTINCT FROM NEW.triggered
) EXECUTE FUNCTION follow_order_price();

-- As 0047 made it, with condition alerts.
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
END $$;

-- As 0047 made it, with condition alerts.
CREATE OR REPLACE FUNCTION link_persons(
    p_code bigint, p_platform text, p_external text, p_how text, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT host_id bigint, OUT how_done text, OUT missing numeric, OUT missing_asset text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- As 0050 made it, with condition alerts.
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

-- As 0047 made it, with condition alerts.
CREATE OR REPLACE FUNCTION clear_former(p_former bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- As 0047 made it, with condition alerts.
CREATE OR REPLACE FUNCTION unlink_identity(
    p_person bigint, p_platform text, p_external text, OUT outcome text, OUT ended integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
