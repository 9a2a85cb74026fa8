-- depends: 0043.ledger_names
--
-- The functions of linking speak of tables by the names that 0042 gave. They do what they did.
ALTER FUNCTION hand_over(bigint, bigint) RENAME TO reassign_person;

-- As 0035 made it.
CREATE OR REPLACE FUNCTION claim_link_code(
    p_selector text, p_hash bytea, p_platform text, p_external text, p_public boolean, p_now timestamptz,
    OUT outcome text, OUT code_id bigint, OUT host_id bigint, OUT open_at timestamptz
)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- As 0016 made it.
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
END $$;

-- As 0035 made it.
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
        ARRAY(SELECT id FROM alert WHERE person_id = joining),
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

-- As 0039 made it.
CREATE OR REPLACE FUNCTION undo_join(p_join link_join) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.id = ANY(p_join.accounts) ORDER BY a.id FOR UPDATE OF b;
    UPDATE account SET person_id = p_join.former_id
        WHERE id = ANY(p_join.accounts) AND person_id = p_join.host_id AND closed_at IS NULL;
    UPDATE alert SET person_id = p_join.former_id, changed = pg_current_xact_id()
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

-- As 0036 made it.
CREATE OR REPLACE FUNCTION clear_former(p_former bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_join link_join;
BEGIN
    FOR v_join IN SELECT * FROM link_join WHERE host_id = p_former ORDER BY former_id LOOP
        v_join.alerts := v_join.alerts || ARRAY(
            SELECT a.id FROM alert a JOIN notification_chat c USING (platform, chat_id)
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

-- As 0036 made it.
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
        DELETE FROM outbox
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost))
              AND state = 'pending';
    END IF;
END $$;
