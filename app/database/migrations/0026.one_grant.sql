-- depends: 0025.simulator_seed
--
-- Linking adds no second grant. Of two accounts for the same market one is merged into the other; the grant of the
-- first goes back to issuance in the same entry, so that the person keeps one grant and the profit is the sum of both:
--     realised + unrealised = equity - granted
-- Two accounts whose cash does not cover the grant are not merged: positions are sold first, or the account is closed.
-- What was merged before keeps what it was granted then.
ALTER TABLE account_merge ADD COLUMN returned amount NOT NULL DEFAULT 0,
    ADD CONSTRAINT account_merge_returns_its_grant CHECK (returned <= granted);

-- As 0006 made it; the grant of `p_source` is given back. The callers hold the locks of both, and know that there is cash
-- for it.
CREATE OR REPLACE FUNCTION merge_account(p_source bigint, p_target bigint, p_at timestamptz, p_market_time bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_command text := 'merge:' || p_source || ':' || p_target;
    v_granted numeric;
    v_out     bigint;
    v_in      bigint;
    v_merge   bigint;
BEGIN
    INSERT INTO entry (command_id, body, kind, account_id, round, at, market_time)
        SELECT v_command || ':out', sha256(convert_to(v_command, 'UTF8')), 'merged', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_source RETURNING id INTO v_out;
    INSERT INTO entry (command_id, body, kind, account_id, round, at, market_time)
        SELECT v_command || ':in', sha256(convert_to(v_command, 'UTF8')), 'merge', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_target RETURNING id INTO v_in;
    SELECT a.granted INTO v_granted FROM account a WHERE a.id = p_source;
    INSERT INTO account_merge (source_id, target_id, granted, returned, out_entry, in_entry)
        VALUES (p_source, p_target, v_granted, v_granted, v_out, v_in) RETURNING id INTO v_merge;
    INSERT INTO account_merge_asset
        SELECT v_merge, asset, symbol, available + held, cost, realised FROM balance
        WHERE account_id = p_source
          AND (available > 0 OR held > 0 OR cost > 0 OR realised <> 0
               OR asset = (SELECT quote_asset FROM account WHERE id = p_source));
    INSERT INTO posting
        SELECT v_out, row_number() OVER (ORDER BY asset, code), code || '/' || p_source, 'merges', asset, amount
        FROM (SELECT asset, 'available' AS code, available AS amount FROM balance WHERE account_id = p_source
              UNION ALL
              SELECT asset, 'held', held FROM balance WHERE account_id = p_source) given
        WHERE amount > 0;
    INSERT INTO posting
        SELECT v_in, row_number() OVER (ORDER BY asset), 'merges', 'available/' || p_target, asset, quantity
        FROM account_merge_asset WHERE merge_id = v_merge AND quantity > 0;
    INSERT INTO posting
        SELECT v_in, 1 + (SELECT count(*) FROM posting WHERE entry_id = v_in), 'available/' || p_target, 'issuance',
               quote_asset, v_granted
        FROM account WHERE id = p_target;
    INSERT INTO balance (account_id, asset, available, symbol, cost, realised)
        SELECT p_target, asset, quantity, symbol, cost, realised FROM account_merge_asset WHERE merge_id = v_merge
        ON CONFLICT (account_id, asset) DO UPDATE
            SET available = balance.available + excluded.available, cost = balance.cost + excluded.cost,
                realised = balance.realised + excluded.realised;
    UPDATE balance SET available = 0, held = 0, cost = 0, realised = 0 WHERE account_id = p_source;
    UPDATE balance SET available = available - v_granted
        WHERE account_id = p_target AND asset = (SELECT quote_asset FROM account WHERE id = p_target);
    UPDATE account SET person_id = -id, closed_at = p_at WHERE id = p_source;
END $$;

-- As 0006 made it, and `short`: the accounts of a market have together `missing` too little cash to give a grant back.
DROP FUNCTION link_persons(bigint, text, text, text, timestamptz, bigint);
CREATE FUNCTION link_persons(
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

REVOKE ALL ON FUNCTION link_persons(bigint, text, text, text, timestamptz, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION link_persons(bigint, text, text, text, timestamptz, bigint) TO paperdesk_app;
