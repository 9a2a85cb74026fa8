-- depends: 0044.linking_names
--
-- The functions that delete what is known of a person get the field's terms, and speak of tables by the names that 0042
-- gave. They do what they did.
ALTER FUNCTION drop_person(bigint) RENAME TO delete_person;
ALTER FUNCTION forget_person(bigint, timestamptz, bigint) RENAME TO erase_person;
ALTER FUNCTION sender_of(text) RENAME TO telegram_sender_of;
ALTER FUNCTION blank_operations(bigint) RENAME TO blank_operator_actions;

-- As 0006 made it.
CREATE OR REPLACE FUNCTION delete_person(p_person bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM ban WHERE person_id = p_person;
    DELETE FROM outbox WHERE person_id = p_person;
    DELETE FROM alert WHERE person_id = p_person;
    DELETE FROM notification_chat WHERE person_id = p_person;
    DELETE FROM notification_preference WHERE person_id = p_person;
    DELETE FROM notification_quiet_hours WHERE person_id = p_person;
    DELETE FROM person WHERE id = p_person;  -- and with it what is watched, and the code
END $$;

-- As 0036 made it.
CREATE OR REPLACE FUNCTION drop_unowned(p_person bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM identity WHERE person_id = p_person)
        OR EXISTS (SELECT FROM link_join WHERE p_person IN (former_id, link_join.host_id)) THEN
        RETURN false;
    END IF;
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id = p_person ORDER BY a.id FOR UPDATE OF b;
    PERFORM close_account(a.id, p_at, p_market_time) FROM account a WHERE a.person_id = p_person;
    PERFORM delete_person(p_person);
    RETURN true;
END $$;

-- As 0036 made it.
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
    PERFORM delete_person(p_former);
    RETURN true;
END $$;

-- As 0040 made it.
CREATE OR REPLACE FUNCTION blank_operator_actions(p_person bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE operator_action SET line = split_part(line, ' ', 1) || ' …'
        WHERE result ~ ('^(banned|unbanned|not banned|person) ' || p_person || '(:|$)')
           OR EXISTS (SELECT FROM identity i WHERE i.person_id = p_person
                      AND lower(i.platform || ':' || i.external_id)
                          = ANY (regexp_split_to_array(lower(line), '[[:space:],;()]+')));
END $$;

-- As 0040 made it.
CREATE OR REPLACE FUNCTION erase_person(p_person bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
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
          AND inbox.body LIKE '%' || i.external_id || '%' AND telegram_sender_of(inbox.body) = i.external_id;
    DELETE FROM pending_prompt USING identity i
        WHERE i.person_id = p_person
          AND (pending_prompt.platform, pending_prompt.external_id) = (i.platform, i.external_id);
    DELETE FROM link_code_attempt USING identity i
        WHERE i.person_id = p_person
          AND (link_code_attempt.platform, link_code_attempt.external_id) = (i.platform, i.external_id);
    INSERT INTO banned_identity (digest, reason, since)
        SELECT identity_digest(i.platform, i.external_id), ban.reason, ban.since
        FROM ban JOIN identity i ON i.person_id = ban.person_id WHERE ban.person_id = p_person
        ON CONFLICT (digest) DO UPDATE SET reason = excluded.reason, since = excluded.since;
    PERFORM blank_operator_actions(p_person);
    DELETE FROM identity WHERE person_id = p_person;
    PERFORM delete_person(p_person);
    RETURN true;
END $$;

-- Processes of the version before call these two by their old names. A later version drops them.
CREATE FUNCTION forget_person(p_person bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT erase_person(p_person, p_at, p_market_time)
$$;
CREATE FUNCTION sender_of(p_body text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT telegram_sender_of(p_body)
$$;
REVOKE ALL ON FUNCTION forget_person(bigint, timestamptz, bigint), sender_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_person(bigint, timestamptz, bigint), sender_of(text) TO paperdesk_app;
