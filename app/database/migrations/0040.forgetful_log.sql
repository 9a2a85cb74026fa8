-- depends: 0039.named_bans
--
-- The operators' log names people by their numbers. What it still says about a person who deletes their data goes with them.
CREATE FUNCTION blank_operations(p_person bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE operation SET line = split_part(line, ' ', 1) || ' …'
        WHERE result ~ ('^(banned|unbanned|not banned|person) ' || p_person || '(:|$)')
           OR EXISTS (SELECT FROM identity i WHERE i.person_id = p_person
                      AND lower(i.platform || ':' || i.external_id)
                          = ANY (regexp_split_to_array(lower(line), '[[:space:],;()]+')));
END $$;
REVOKE ALL ON FUNCTION blank_operations(bigint) FROM PUBLIC;

-- Lines of earlier versions hold the identity as it was typed. Those about people who left are blanked now.
UPDATE operation SET line = regexp_replace(line, '^([^[:space:]]+)[[:space:]]+[[:alpha:]]{1,16}:[^[:space:]]+',
                                           '\1 ' || substring(result FROM '[0-9]+'))
    WHERE result ~ '^(banned|unbanned|not banned|person) [0-9]+';
UPDATE operation SET line = split_part(line, ' ', 1) || ' …'
    WHERE result ~ '^(banned|unbanned|not banned|person) [0-9]+'
      AND NOT EXISTS (SELECT FROM person WHERE id::text = substring(result FROM '[0-9]+'));

-- As 0033 made it; lines of the operators' log that are about the person are blanked.
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
    PERFORM blank_operations(p_person);
    DELETE FROM identity WHERE person_id = p_person;
    PERFORM drop_person(p_person);
    RETURN true;
END $$;
