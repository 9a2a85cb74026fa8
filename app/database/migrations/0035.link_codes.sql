-- depends: 0034.checked_figures
--
-- Nobody can join a person that has no identity, or that joined another one itself and waits until that is settled.
--
-- `chats`: those on the identity's platform that the host did not have. `group_changes`: what the person changed in groups.
ALTER TABLE link_join ADD COLUMN chats text[] NOT NULL DEFAULT '{}', ADD COLUMN group_changes bigint[] NOT NULL DEFAULT '{}';

-- Whether others can join a person: it has an identity, and is not one that waits until its join is settled.
CREATE FUNCTION is_hosting(p_person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM identity WHERE person_id = p_person)
        AND NOT EXISTS (SELECT FROM link_join WHERE former_id = p_person)
$$;

-- The code of a person from now on, under a new number, so that buttons of the old one lead nowhere. False where nobody
-- can join the person. The lock decides between this and a join of the person: `link_persons` takes it too.
CREATE FUNCTION save_link_code(p_person bigint, p_selector text, p_hash bytea, p_until timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM person WHERE id = p_person FOR NO KEY UPDATE;
    IF NOT is_hosting(p_person) THEN
        RETURN false;
    END IF;
    INSERT INTO link_code (person_id, selector, hash, expires_at) VALUES (p_person, p_selector, p_hash, p_until)
        ON CONFLICT (person_id) DO UPDATE
        SET id = nextval(pg_get_serial_sequence('link_code', 'id')), selector = excluded.selector,
            hash = excluded.hash, expires_at = excluded.expires_at, tries = 0, state = 'open',
            claimed_platform = NULL, claimed_id = NULL, how = NULL, by_link = false, asked_at = NULL,
            confirmed_at = NULL;
    RETURN true;
END $$;

-- As 0006 made it, and `gone`: nobody can join the person of the code.
CREATE OR REPLACE FUNCTION claim_link_code(
    p_selector text, p_hash bytea, p_platform text, p_external text, p_public boolean, p_now timestamptz,
    OUT outcome text, OUT code_id bigint, OUT host_id bigint, OUT open_at timestamptz
)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    c_most   CONSTANT smallint := 5;
    c_window CONSTANT interval := interval '10 minutes';
    guess    link_guess;
    code     link_code;
BEGIN
    IF p_public THEN
        UPDATE link_code SET state = 'burned' WHERE selector = p_selector AND hash = p_hash AND state = 'open';
        outcome := 'public';
        RETURN;
    END IF;
    -- The row is the lock: one identity enters one code at a time.
    INSERT INTO link_guess VALUES (p_platform, p_external, 0, p_now)
        ON CONFLICT (platform, external_id) DO UPDATE
            SET count = CASE WHEN link_guess.since <= p_now - c_window THEN 0 ELSE link_guess.count END,
                since = CASE WHEN link_guess.since <= p_now - c_window THEN p_now ELSE link_guess.since END
        RETURNING * INTO guess;
    IF guess.count >= c_most THEN
        outcome := 'blocked';
        open_at := guess.since + c_window;
        RETURN;
    END IF;
    SELECT * INTO code FROM link_code WHERE selector = p_selector AND hash = p_hash FOR UPDATE;
    IF NOT FOUND THEN
        UPDATE link_guess SET count = count + 1 WHERE (platform, external_id) = (p_platform, p_external);
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

-- As 0033 made it; `gone` also where nobody can join the person of the code.
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
        WHEN EXISTS (SELECT FROM link_join j WHERE j.host_id = joining OR (j.platform, j.external_id) = (p_platform, p_external))
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
    SELECT coalesce(array_agg(w.symbol), '{}') INTO v_watch FROM watched w WHERE w.person_id = joining
        AND NOT EXISTS (SELECT FROM watched there WHERE there.person_id = v_host AND there.symbol = w.symbol);
    v_chats := ARRAY(SELECT c.chat_id FROM push_chat c WHERE c.person_id = joining AND c.platform = p_platform
        AND NOT EXISTS (SELECT FROM push_chat there WHERE there.person_id = v_host
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
    PERFORM hand_over(joining, v_host);
    -- Digests and broadcasts reach the shared person; the former one is told nothing.
    UPDATE push_chat SET retired_at = p_at, reason = 'linked' WHERE person_id = joining AND retired_at IS NULL;
    DELETE FROM link_code c WHERE c.person_id = joining;
    UPDATE link_code SET state = 'used', how = p_how WHERE id = p_code;
    DELETE FROM link_guess WHERE (platform, external_id) = (p_platform, p_external);
    how_done := p_how;
END $$;

DELETE FROM link_code WHERE NOT is_hosting(person_id);

REVOKE ALL ON FUNCTION is_hosting(bigint), save_link_code(bigint, text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_hosting(bigint), save_link_code(bigint, text, bytea, timestamptz) TO paperdesk_app;
