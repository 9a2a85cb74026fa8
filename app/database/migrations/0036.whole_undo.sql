-- depends: 0035.link_codes
--
-- Undoing a join leaves no chat behind and escapes no ban; a join that could not be settled is freed.

-- As 0033 made it; the chats that were copied go, and a ban of the person that both were stays with each of them.
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
    DELETE FROM push_chat
        WHERE person_id = p_join.host_id AND platform = p_join.platform AND chat_id = ANY(p_join.chats);
    UPDATE push_chat SET retired_at = NULL, reason = NULL WHERE person_id = p_join.former_id AND reason = 'linked';
    DELETE FROM watched WHERE person_id = p_join.host_id AND symbol = ANY(p_join.watched);
    INSERT INTO ban (person_id, reason, since)
        SELECT p_join.former_id, reason, since FROM ban WHERE person_id = p_join.host_id ON CONFLICT DO NOTHING;
    DELETE FROM link_join WHERE former_id = p_join.former_id;
    UPDATE identity SET person_id = p_join.former_id
        WHERE (platform, external_id) = (p_join.platform, p_join.external_id);
END $$;

-- Closes the accounts of a person that has no identity and does not wait for its own join, and drops it; false for others.
CREATE FUNCTION drop_unowned(p_person bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM identity WHERE person_id = p_person)
        OR EXISTS (SELECT FROM link_join WHERE p_person IN (former_id, link_join.host_id)) THEN
        RETURN false;
    END IF;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id = p_person ORDER BY a.id FOR UPDATE OF b;
    PERFORM close_account(a.id, p_at, p_market_time) FROM account a WHERE a.person_id = p_person;
    PERFORM drop_person(p_person);
    RETURN true;
END $$;

-- Frees a former person from identities, which earlier versions let join it, so that its own join can be settled. Each
-- gets back what it brought, and what it set up since. One whose join was settled stays; then the former person's join
-- is undone instead, because nobody loses by that, and the answer is false. The caller holds the locks of the persons.
CREATE FUNCTION clear_former(p_former bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_join link_join;
BEGIN
    FOR v_join IN SELECT * FROM link_join WHERE host_id = p_former ORDER BY former_id LOOP
        v_join.alerts := v_join.alerts || ARRAY(
            SELECT a.id FROM alert a JOIN push_chat c USING (platform, chat_id)
            WHERE a.person_id = p_former AND c.person_id = v_join.former_id);
        v_join.forecast_alerts := v_join.forecast_alerts || ARRAY(
            SELECT a.id FROM forecast_alert a JOIN push_chat c USING (platform, chat_id)
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

-- As 0033 made it; a ban stays with an identity that leaves, a code that it may know is burned, and nothing is told in a chat
-- that went with it.
CREATE OR REPLACE FUNCTION unlink_identity(p_person bigint, p_platform text, p_external text, OUT outcome text, OUT ended integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole  boolean;
    other  push_chat;
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
    DELETE FROM question WHERE (platform, external_id) = (p_platform, p_external);
    v_lost := p_external || coalesce(v_join.chats, '{}');
    whole := NOT EXISTS (SELECT FROM identity WHERE person_id = p_person AND platform = p_platform);
    DELETE FROM push_chat
        WHERE person_id = p_person AND platform = p_platform AND (whole OR chat_id = ANY(v_lost));
    SELECT * INTO other FROM push_chat
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

-- As 0034 made it; a former person that others joined is freed from them first, and its ban stays with the host.
CREATE OR REPLACE FUNCTION settle_join(p_former bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_join  link_join;
    own     account;
    v_found bigint;
BEGIN
    PERFORM FROM person p WHERE p.id = p_former
        OR p.id IN (SELECT host_id FROM link_join WHERE former_id = p_former)
        OR p.id IN (SELECT former_id FROM link_join WHERE host_id = p_former) ORDER BY p.id FOR UPDATE;
    SELECT * INTO v_join FROM link_join WHERE former_id = p_former FOR UPDATE;
    IF NOT FOUND OR (v_join.joined_at + interval '1 day' <= p_at
                     AND v_join.joined_at + interval '1 day' <= clock_timestamp()) IS NOT TRUE THEN
        RETURN false;
    END IF;
    IF NOT clear_former(p_former, p_at, p_market_time) THEN
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
    INSERT INTO ban (person_id, reason, since)
        SELECT v_join.host_id, reason, since FROM ban WHERE person_id = p_former ON CONFLICT DO NOTHING;
    DELETE FROM link_join WHERE former_id = p_former;
    PERFORM drop_person(p_former);
    RETURN true;
END $$;

-- As 0031 made it; the persons that joined less than a day ago are freed too.
CREATE OR REPLACE FUNCTION lift_ban(p_person bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM banned_identity USING identity i
        WHERE i.person_id = p_person AND digest = identity_digest(i.platform, i.external_id);
    DELETE FROM ban USING link_join j WHERE j.host_id = p_person AND ban.person_id = j.former_id;
    DELETE FROM ban WHERE person_id = p_person;
    RETURN FOUND;
END $$;

-- A chat was copied at the join if both persons were seen in it at the same microsecond.
UPDATE link_join j SET chats = ARRAY(
    SELECT c.chat_id FROM push_chat c JOIN push_chat there USING (platform, chat_id, seen_at)
    WHERE c.person_id = j.former_id AND there.person_id = j.host_id AND c.platform = j.platform);
DO $heal$
DECLARE
    v_former bigint;
BEGIN
    FOR v_former IN SELECT former_id FROM link_join ORDER BY former_id LOOP
        -- One that was freed by another's turn is a person like any other.
        IF EXISTS (SELECT FROM link_join WHERE former_id = v_former) THEN
            PERFORM clear_former(v_former, now(), (extract(epoch FROM now()) * 1000)::bigint);
        END IF;
    END LOOP;
END
$heal$;

REVOKE ALL ON FUNCTION drop_unowned(bigint, timestamptz, bigint), clear_former(bigint, timestamptz, bigint) FROM PUBLIC;
