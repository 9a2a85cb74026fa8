-- depends: 0036.whole_undo
--
-- A ban that names an identity is meant for it: who undoes a join takes such a ban of the other along no more. The hash is
-- that of banned_identity; a ban by a person's number names none, and is meant for every identity of the person.
ALTER TABLE ban ADD COLUMN named bytea;

-- Bans a person, through the identity ('' for none) that the operator named; a second ban through another is meant for all.
CREATE FUNCTION ban_person(p_person bigint, p_reason text, p_platform text, p_external text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ban (person_id, reason, named)
        SELECT p_person, p_reason, CASE WHEN p_platform <> '' THEN identity_digest(p_platform, p_external) END
        ON CONFLICT (person_id) DO UPDATE SET reason = excluded.reason,
            named = CASE WHEN ban.named = excluded.named THEN ban.named END;
END $$;
REVOKE ALL ON FUNCTION ban_person(bigint, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ban_person(bigint, text, text, text) TO paperdesk_app;

-- As 0036 made it; a ban that was given after the join and names another identity stays with the host alone.
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
    INSERT INTO ban (person_id, reason, since, named)
        SELECT p_join.former_id, reason, since, named FROM ban
        WHERE person_id = p_join.host_id AND (since <= p_join.joined_at OR named IS NULL
            OR named = identity_digest(p_join.platform, p_join.external_id))
        ON CONFLICT DO NOTHING;
    DELETE FROM link_join WHERE former_id = p_join.former_id;
    UPDATE identity SET person_id = p_join.former_id
        WHERE (platform, external_id) = (p_join.platform, p_join.external_id);
END $$;
