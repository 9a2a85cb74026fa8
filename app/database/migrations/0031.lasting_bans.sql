-- depends: 0030.application_sees_version
--
-- A ban outlives the deletion of a person's data: of each identity a keyed hash stays, with the reason. Who comes back under
-- one of them is banned from the first message on. The application can neither read the hashes nor the key.
CREATE TABLE identity_key (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT identity_key_one_row CHECK (one),
    key bytea NOT NULL CONSTRAINT identity_key_length CHECK (octet_length(key) = 32)
);
-- Two random UUIDs are 244 bits of the server's strong random source.
INSERT INTO identity_key (key) VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

CREATE TABLE banned_identity (
    digest bytea PRIMARY KEY,
    reason text NOT NULL CONSTRAINT banned_identity_reason_length CHECK (length(reason) <= 300),
    since  timestamptz NOT NULL
);

-- The keyed hash of an identity: SHA-256 nested, as HMAC does it, so that nothing can be appended to a known one.
CREATE FUNCTION identity_digest(p_platform text, p_external text) RETURNS bytea
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT sha256(key || sha256(key || convert_to(p_platform || ':' || p_external, 'UTF8'))) FROM identity_key);
END $$;

CREATE FUNCTION ban_returning_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ban (person_id, reason, since)
        SELECT NEW.person_id, reason, since FROM banned_identity
        WHERE digest = identity_digest(NEW.platform, NEW.external_id)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_banned AFTER INSERT ON identity FOR EACH ROW EXECUTE FUNCTION ban_returning_identity();

-- Ends a person's ban, and what would ban their identities again; false where there was none.
CREATE FUNCTION lift_ban(p_person bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM banned_identity USING identity i
        WHERE i.person_id = p_person AND digest = identity_digest(i.platform, i.external_id);
    DELETE FROM ban WHERE person_id = p_person;
    RETURN FOUND;
END $$;

-- Ends the ban of an identity whose person deleted their data; false where there was none.
CREATE FUNCTION lift_identity_ban(p_platform text, p_external text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM banned_identity WHERE digest = identity_digest(p_platform, p_external);
    RETURN FOUND;
END $$;

-- As 0006 made it; a ban stays with the identities.
CREATE OR REPLACE FUNCTION forget_person(p_person bigint, p_at timestamptz, p_market_time bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM person WHERE id = p_person FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
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
    identity_digest(text, text), ban_returning_identity(), lift_ban(bigint), lift_identity_ban(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lift_ban(bigint), lift_identity_ban(text, text) TO paperdesk_app;
REVOKE DELETE ON ban FROM paperdesk_app;
