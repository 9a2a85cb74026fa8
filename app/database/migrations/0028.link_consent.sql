-- depends: 0027.inbox_blank
--
-- A code that was entered by opening a link joins two persons only once the person who made it has confirmed: anybody
-- may open a link. `asked_at` is when they were asked, `confirmed_at` when they agreed, to `how` and nothing else.
ALTER TABLE link_code ADD COLUMN by_link boolean NOT NULL DEFAULT false,
    ADD COLUMN asked_at timestamptz,
    ADD COLUMN confirmed_at timestamptz,
    ADD CONSTRAINT link_code_asked_of_something CHECK (asked_at IS NULL OR how IS NOT NULL);

-- As 0026 made it, and `unconfirmed`: the code came by a link, and its person has not agreed to this yet.
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
    v_found bigint;
    own     account;
BEGIN
    SELECT c.person_id INTO host_id FROM link_code c WHERE c.id = p_code;
    SELECT i.person_id INTO joining FROM identity i WHERE (i.platform, i.external_id) = (p_platform, p_external);
    -- Both persons first, in order: two that link with each other at once cannot wait for each other.
    PERFORM FROM person WHERE id IN (host_id, joining) ORDER BY id FOR UPDATE;
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
        WHEN code.state = 'used' THEN CASE WHEN joining = host_id THEN 'replayed' ELSE 'gone' END
        WHEN code.state = 'burned' THEN 'burned'
        WHEN code.expires_at + c_grace <= p_at THEN 'expired'
        WHEN joining = host_id THEN 'same'
        WHEN (SELECT count(*) FROM identity i WHERE i.person_id = joining) > 1 THEN 'linked'
        WHEN (SELECT count(*) FROM identity i WHERE i.person_id = host_id) >= c_most THEN 'many'
        WHEN code.by_link AND (code.confirmed_at IS NULL OR code.how IS DISTINCT FROM p_how) THEN 'unconfirmed'
        ELSE 'done' END;
    IF outcome <> 'done' THEN
        RETURN;
    END IF;

    -- The accounts' locks, in the order in which orders that go together take them.
    PERFORM FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset
        WHERE a.person_id IN (host_id, joining) ORDER BY a.id FOR UPDATE OF b;
    IF p_how = 'merge' THEN
        SELECT source.granted - held.available - held.held - theirs.available, source.quote_asset
            INTO missing, missing_asset
            FROM account source
            JOIN account target ON target.person_id = host_id
                AND (target.market, target.quote_asset) = (source.market, source.quote_asset)
            JOIN balance held ON (held.account_id, held.asset) = (source.id, source.quote_asset)
            JOIN balance theirs ON (theirs.account_id, theirs.asset) = (target.id, target.quote_asset)
            WHERE source.person_id = joining AND held.available + held.held + theirs.available < source.granted
            ORDER BY source.id LIMIT 1;
        IF FOUND THEN
            outcome := 'short';
            RETURN;
        END IF;
    END IF;
    FOR own IN SELECT * FROM account a WHERE a.person_id = joining ORDER BY a.id LOOP
        SELECT a.id INTO v_found FROM account a
            WHERE a.person_id = host_id AND a.market = own.market AND a.quote_asset = own.quote_asset;
        IF p_how = 'move' THEN
            PERFORM close_account(own.id, p_at, p_market_time);
        ELSIF v_found IS NULL THEN
            UPDATE account SET person_id = host_id WHERE id = own.id;
        ELSE
            PERFORM merge_account(own.id, v_found, p_at, p_market_time);
        END IF;
    END LOOP;
    PERFORM hand_over(joining, host_id);
    UPDATE identity SET person_id = host_id WHERE (platform, external_id) = (p_platform, p_external);
    UPDATE link_code SET state = 'used', how = p_how WHERE id = p_code;
    DELETE FROM link_guess WHERE (platform, external_id) = (p_platform, p_external);
    PERFORM drop_person(joining);
    how_done := p_how;
END $$;
