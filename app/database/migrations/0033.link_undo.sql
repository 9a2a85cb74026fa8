-- depends: 0032.inbox_cap
--
-- A join can be undone for a day, by the identity that joined and by nobody else. The person that it was stays for that
-- time, and with it every account that would be merged or closed: nobody can trade with it. What was handed over at once
-- is written down. After the day the join is settled: then accounts are merged or closed, and the former person goes.
CREATE TABLE link_join (
    platform        text NOT NULL,
    external_id     text NOT NULL,
    host_id         bigint NOT NULL REFERENCES person (id),
    former_id       bigint NOT NULL REFERENCES person (id) CONSTRAINT link_join_former_id_key UNIQUE,
    how             text NOT NULL CONSTRAINT link_join_how_known CHECK (how IN ('move', 'merge')),
    joined_at       timestamptz NOT NULL,
    accounts        bigint[] NOT NULL,
    alerts          bigint[] NOT NULL,
    forecast_alerts bigint[] NOT NULL,
    recurring_buys  bigint[] NOT NULL,
    notices         bigint[] NOT NULL,
    watched         text[] NOT NULL,
    PRIMARY KEY (platform, external_id),
    FOREIGN KEY (platform, external_id) REFERENCES identity (platform, external_id)
);
CREATE INDEX link_join_host_id_idx ON link_join (host_id);
CREATE INDEX link_join_joined_at_idx ON link_join (joined_at);
GRANT SELECT ON link_join TO paperdesk_app;

-- As 0028 made it; accounts that would be merged or closed stay with the former person until the join is settled.
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
    UPDATE identity SET person_id = v_host WHERE (platform, external_id) = (p_platform, p_external);
    INSERT INTO link_join VALUES (
        p_platform, p_external, v_host, joining, p_how, p_at, v_moved,
        ARRAY(SELECT id FROM alert WHERE person_id = joining),
        ARRAY(SELECT id FROM forecast_alert WHERE person_id = joining),
        ARRAY(SELECT id FROM recurring_buy WHERE person_id = joining),
        ARRAY(SELECT id FROM outbox WHERE person_id = joining), v_watch);
    PERFORM hand_over(joining, v_host);
    -- Digests and broadcasts reach the shared person; the former one is told nothing.
    UPDATE push_chat SET retired_at = p_at, reason = 'linked' WHERE person_id = joining AND retired_at IS NULL;
    DELETE FROM link_code c WHERE c.person_id = joining;
    UPDATE link_code SET state = 'used', how = p_how WHERE id = p_code;
    DELETE FROM link_guess WHERE (platform, external_id) = (p_platform, p_external);
    how_done := p_how;
END $$;

-- The first account of `p_from` whose merge into its counterpart of `p_to` lacks cash for the grant; no row where none does.
CREATE FUNCTION short_of_grant(p_from bigint, p_to bigint) RETURNS TABLE (missing numeric, missing_asset text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT source.granted - held.available - held.held - theirs.available, source.quote_asset::text
    FROM account source
    JOIN account target ON target.person_id = p_to
        AND (target.market, target.quote_asset) = (source.market, source.quote_asset)
    JOIN balance held ON (held.account_id, held.asset) = (source.id, source.quote_asset)
    JOIN balance theirs ON (theirs.account_id, theirs.asset) = (target.id, target.quote_asset)
    WHERE source.person_id = p_from AND held.available + held.held + theirs.available < source.granted
    ORDER BY source.id LIMIT 1
$$;

-- Makes a join final; false where it is not there any more, or where a merge lacks cash: then it waits and can still be
-- undone.
CREATE FUNCTION settle_join(p_former bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_join  link_join;
    own     account;
    v_found bigint;
BEGIN
    PERFORM FROM person p WHERE p.id = p_former OR p.id = (SELECT host_id FROM link_join WHERE former_id = p_former)
        ORDER BY p.id FOR UPDATE;
    SELECT * INTO v_join FROM link_join WHERE former_id = p_former FOR UPDATE;
    IF NOT FOUND OR v_join.joined_at + interval '1 day' > p_at THEN
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

-- The identity is its former person again, and all that it brought and that is still there goes back. The caller holds the
-- locks of both persons.
CREATE FUNCTION undo_join(p_join link_join) RETURNS void
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
    UPDATE push_chat SET retired_at = NULL, reason = NULL WHERE person_id = p_join.former_id AND reason = 'linked';
    DELETE FROM watched WHERE person_id = p_join.host_id AND symbol = ANY(p_join.watched);
    DELETE FROM link_join WHERE former_id = p_join.former_id;
    UPDATE identity SET person_id = p_join.former_id
        WHERE (platform, external_id) = (p_join.platform, p_join.external_id);
END $$;

-- As 0016 made it, and `undone`: the identity joined less than a day ago and has back what it brought.
CREATE OR REPLACE FUNCTION unlink_identity(p_person bigint, p_platform text, p_external text, OUT outcome text, OUT ended integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole  boolean;
    other  push_chat;
    more   integer;
    v_join link_join;
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
    outcome := CASE WHEN v_join.former_id IS NULL THEN 'done' ELSE 'undone' END;
    IF outcome = 'undone' THEN
        PERFORM undo_join(v_join);
        -- The other identities left before: nobody is this person any more.
        IF NOT EXISTS (SELECT FROM identity WHERE person_id = p_person) THEN
            PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
                WHERE a.person_id = p_person ORDER BY a.id FOR UPDATE OF b;
            PERFORM close_account(a.id, now(), (extract(epoch FROM now()) * 1000)::bigint)
                FROM account a WHERE a.person_id = p_person;
            PERFORM drop_person(p_person);
            RETURN;
        END IF;
    ELSE
        DELETE FROM identity WHERE (platform, external_id) = (p_platform, p_external);
    END IF;
    DELETE FROM question WHERE (platform, external_id) = (p_platform, p_external);
    whole := NOT EXISTS (SELECT FROM identity WHERE person_id = p_person AND platform = p_platform);
    DELETE FROM push_chat
        WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external);
    SELECT * INTO other FROM push_chat
        WHERE person_id = p_person AND retired_at IS NULL AND NOT public ORDER BY seen_at DESC LIMIT 1;
    IF FOUND THEN
        UPDATE alert SET platform = other.platform, chat_id = other.chat_id, changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external);
        UPDATE forecast_alert SET platform = other.platform, chat_id = other.chat_id
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external);
        UPDATE outbox SET platform = other.platform, chat_id = other.chat_id
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external)
              AND state = 'pending';
    ELSE
        UPDATE alert SET state = 'cancelled', ended_at = now(), changed = pg_current_xact_id()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external)
              AND state IN ('armed', 'muted');
        GET DIAGNOSTICS ended = ROW_COUNT;
        UPDATE forecast_alert SET state = 'cancelled', ended_at = now()
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external)
              AND state = 'armed';
        GET DIAGNOSTICS more = ROW_COUNT;
        ended := ended + more;
        DELETE FROM outbox
            WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = p_external)
              AND state = 'pending';
    END IF;
END $$;

-- As 0031 made it; identities that joined less than a day ago part first, with what they brought.
CREATE OR REPLACE FUNCTION forget_person(p_person bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_join link_join;
BEGIN
    PERFORM FROM person p WHERE p.id = p_person OR p.id IN (SELECT former_id FROM link_join WHERE host_id = p_person)
        ORDER BY p.id FOR UPDATE;
    IF NOT EXISTS (SELECT FROM person WHERE id = p_person) THEN
        RETURN false;
    END IF;
    FOR v_join IN SELECT * FROM link_join WHERE host_id = p_person ORDER BY former_id FOR UPDATE LOOP
        PERFORM undo_join(v_join);
    END LOOP;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id = p_person ORDER BY a.id FOR UPDATE OF b;
    PERFORM close_account(a.id, p_at, p_market_time) FROM account a WHERE a.person_id = p_person;
    UPDATE inbox SET body = '{}', lane = '-', reason = '' FROM identity i
        WHERE i.person_id = p_person AND inbox.platform = i.platform AND inbox.state <> 'pending'
          AND inbox.body LIKE '%' || i.external_id || '%' AND sender_of(inbox.body) = i.external_id;
    DELETE FROM question USING identity i
        WHERE i.person_id = p_person AND (question.platform, question.external_id) = (i.platform, i.external_id);
    DELETE FROM link_guess USING identity i
        WHERE i.person_id = p_person AND (link_guess.platform, link_guess.external_id) = (i.platform, i.external_id);
    INSERT INTO banned_identity (digest, reason, since)
        SELECT identity_digest(i.platform, i.external_id), ban.reason, ban.since
        FROM ban JOIN identity i ON i.person_id = ban.person_id WHERE ban.person_id = p_person
        ON CONFLICT (digest) DO UPDATE SET reason = excluded.reason, since = excluded.since;
    DELETE FROM identity WHERE person_id = p_person;
    PERFORM drop_person(p_person);
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION
    short_of_grant(bigint, bigint), settle_join(bigint, timestamptz, bigint), undo_join(link_join) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_join(bigint, timestamptz, bigint) TO paperdesk_app;
