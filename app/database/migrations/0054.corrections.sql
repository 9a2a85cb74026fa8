-- depends: 0053.condition_alerts
--
-- Corrections by an operator: an entry that reverses an earlier one, and an adjustment of an account's cash. Neither
-- changes what was booked before.

-- In one block, as in 0006.
DO $domain$
BEGIN
    ALTER DOMAIN entry_kind DROP CONSTRAINT entry_kind_known;
    ALTER DOMAIN entry_kind ADD CONSTRAINT entry_kind_known
        CHECK (VALUE IN ('grant', 'trade', 'reset', 'merge', 'merged', 'close', 'hold', 'release', 'reversal',
                         'adjustment', 'action'));
END
$domain$;

-- Of every reversal and adjustment; `reversed_id` is the entry that a reversal reverses, which has no other.
CREATE TABLE entry_correction (
    entry_id    bigint PRIMARY KEY REFERENCES entry (id),
    reversed_id bigint CONSTRAINT entry_correction_reversed_key UNIQUE REFERENCES entry (id),
    reason      text NOT NULL CONSTRAINT entry_correction_reason_length CHECK (length(reason) BETWEEN 1 AND 200),
    CONSTRAINT entry_correction_of_another CHECK (reversed_id < entry_id)
);
GRANT SELECT ON entry_correction TO paperdesk_app;

-- What an entry that is no trade changed of a holding, beyond the quantity, which its postings move.
CREATE TABLE holding_change (
    entry_id bigint NOT NULL REFERENCES entry (id),
    asset    asset_name NOT NULL,
    symbol   text NOT NULL,
    cost     signed_amount NOT NULL,
    realised signed_amount NOT NULL,
    CONSTRAINT holding_change_pkey PRIMARY KEY (entry_id, asset)
);
GRANT SELECT ON holding_change TO paperdesk_app;

-- The part of `granted` that adjustments of this round gave and took: it is kept when accounts are merged.
ALTER TABLE account ADD COLUMN adjusted signed_amount NOT NULL DEFAULT 0;

-- The cost and the profit that an entry brought to each holding: those of its order, or those stored with it.
CREATE VIEW holding_effect AS
    SELECT entry.id AS entry_id, o.base AS asset, o.symbol,
           CASE o.side WHEN 'buy' THEN o.quote_amount::numeric ELSE o.realised - o.received END AS cost,
           coalesce(o.realised, 0)::numeric AS realised
    FROM entry JOIN orders o ON o.id = entry.order_id
    UNION ALL
    SELECT entry_id, asset, symbol, cost::numeric, realised::numeric FROM holding_change;
GRANT SELECT ON holding_effect TO paperdesk_app;

-- Books the opposite of an entry, once. `outcome`: done; reversed (before, by `reversal_id`); unknown; kind (of which no
-- entry is reversed, `asset` names it); round or closed (the account began another since, or ended); short (`missing` of
-- `asset`, beside `held` for open orders); grant (as much as was granted would be gone). Money that the entry released
-- from a hold stays released: the order that held it has ended, or needs it no more.
CREATE FUNCTION reverse_entry(
    p_entry bigint, p_reason text, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT reversal_id bigint, OUT account_id bigint, OUT asset text, OUT missing numeric, OUT held numeric
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    e         entry;
    a         account;
    b         balance;
    moved     record;
    v_command text := 'reverse:' || p_entry;
    v_free    text;
    v_owned   numeric;
    v_cost    numeric;
    v_granted numeric := 0;
BEGIN
    SELECT * INTO e FROM entry WHERE id = p_entry;
    IF NOT FOUND THEN
        outcome := 'unknown';
        RETURN;
    END IF;
    -- The quote asset's balance row is the account's lock: every command takes it first.
    PERFORM FROM balance held JOIN account mine ON mine.id = held.account_id AND mine.quote_asset = held.asset
        WHERE mine.id = e.account_id FOR UPDATE OF held;
    SELECT * INTO a FROM account WHERE id = e.account_id;
    account_id := a.id;
    v_free := 'available/' || a.id;
    SELECT entry_id INTO reversal_id FROM entry_correction WHERE reversed_id = p_entry;
    outcome := CASE
        WHEN reversal_id IS NOT NULL THEN 'reversed'
        WHEN e.kind NOT IN ('trade', 'adjustment', 'action') THEN 'kind'
        WHEN a.closed_at IS NOT NULL THEN 'closed'
        WHEN e.round <> a.round THEN 'round' END;
    IF outcome IS NOT NULL THEN
        asset := e.kind;
        RETURN;
    END IF;
    FOR moved IN
        SELECT p.asset, sum(CASE WHEN p.source = v_free OR p.source = 'held/' || a.id THEN p.amount ELSE -p.amount END) AS net
        FROM posting p WHERE p.entry_id = p_entry AND NOT (p.source LIKE 'held/%' AND p.target LIKE 'available/%')
        GROUP BY p.asset ORDER BY p.asset
    LOOP
        SELECT * INTO b FROM balance WHERE account_id = a.id AND asset = moved.asset;
        IF coalesce(b.available, 0) + moved.net < 0 THEN
            outcome := 'short';
            asset := moved.asset;
            missing := -moved.net - coalesce(b.available, 0);
            held := coalesce(b.held, 0);
            RETURN;
        END IF;
        IF e.kind = 'adjustment' THEN
            v_granted := moved.net;
        END IF;
    END LOOP;
    IF a.granted + v_granted <= 0 THEN
        outcome := 'grant';
        RETURN;
    END IF;

    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (v_command, sha256(convert_to(v_command, 'UTF8')), 'reversal', a.id, a.round, p_at, p_market_time)
        RETURNING id INTO reversal_id;
    INSERT INTO entry_correction VALUES (reversal_id, p_entry, p_reason);
    INSERT INTO posting
        SELECT reversal_id, row_number() OVER (ORDER BY p.seq DESC), replace(p.target, 'held/', 'available/'),
               replace(p.source, 'held/', 'available/'), p.asset, p.amount
        FROM posting p WHERE p.entry_id = p_entry AND NOT (p.source LIKE 'held/%' AND p.target LIKE 'available/%');
    FOR moved IN
        SELECT p.asset, sum(CASE p.target WHEN v_free THEN p.amount ELSE -p.amount END) AS net,
               max(x.symbol) AS symbol, max(x.cost) AS cost, max(x.realised) AS realised
        FROM posting p LEFT JOIN holding_effect x ON x.entry_id = p_entry AND x.asset = p.asset
        WHERE p.entry_id = reversal_id GROUP BY p.asset ORDER BY p.asset
    LOOP
        SELECT * INTO b FROM balance WHERE account_id = a.id AND asset = moved.asset;
        IF moved.symbol IS NULL THEN
            UPDATE balance SET available = available + moved.net WHERE account_id = a.id AND asset = moved.asset;
            CONTINUE;
        END IF;
        -- The same as trading.portfolio.positions.reversed_change.
        v_owned := b.available + b.held + moved.net;
        v_cost := CASE WHEN v_owned = 0 THEN 0 ELSE greatest(b.cost - moved.cost, 0) END - b.cost;
        INSERT INTO holding_change
            VALUES (reversal_id, moved.asset, moved.symbol, v_cost, moved.cost + v_cost - moved.realised);
        UPDATE balance SET available = available + moved.net, cost = cost + v_cost,
                           realised = realised + moved.cost + v_cost - moved.realised
            WHERE account_id = a.id AND asset = moved.asset;
    END LOOP;
    UPDATE account SET granted = granted + v_granted, adjusted = adjusted + v_granted WHERE id = a.id AND v_granted <> 0;
    outcome := 'done';
END $$;

-- Credits (`p_amount` above zero) or debits the cash of an account. It counts as granted, and so never as profit.
-- `outcome`: done; replayed, reused; unknown, closed; short (`missing` of `asset`, beside `held`); grant.
CREATE FUNCTION adjust_account(
    p_account bigint, p_amount numeric, p_reason text, p_command text, p_body bytea, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT entry_id bigint, OUT asset text, OUT missing numeric, OUT held numeric
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a     account;
    b     balance;
    known entry;
BEGIN
    SELECT owned.* INTO b FROM balance owned JOIN account mine ON mine.id = owned.account_id AND mine.quote_asset = owned.asset
        WHERE mine.id = p_account FOR UPDATE OF owned;
    SELECT * INTO a FROM account WHERE id = p_account;
    asset := a.quote_asset;
    SELECT * INTO known FROM entry WHERE command_id = p_command;
    entry_id := known.id;
    outcome := CASE
        WHEN known.id IS NOT NULL AND known.body = p_body THEN 'replayed'
        WHEN known.id IS NOT NULL THEN 'reused'
        WHEN a.id IS NULL THEN 'unknown'
        WHEN a.closed_at IS NOT NULL THEN 'closed'
        WHEN b.available + p_amount < 0 THEN 'short'
        WHEN a.granted + p_amount <= 0 THEN 'grant' END;
    IF outcome IS NOT NULL THEN
        missing := -p_amount - b.available;
        held := b.held;
        RETURN;
    END IF;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (p_command, p_body, 'adjustment', a.id, a.round, p_at, p_market_time) RETURNING id INTO entry_id;
    INSERT INTO entry_correction VALUES (entry_id, NULL, p_reason);
    INSERT INTO posting VALUES
        (entry_id, 1, CASE WHEN p_amount > 0 THEN 'issuance' ELSE 'available/' || a.id END,
         CASE WHEN p_amount > 0 THEN 'available/' || a.id ELSE 'issuance' END, a.quote_asset, abs(p_amount));
    UPDATE balance SET available = available + p_amount WHERE account_id = a.id AND asset = a.quote_asset;
    UPDATE account SET granted = granted + p_amount, adjusted = adjusted + p_amount WHERE id = a.id;
    outcome := 'done';
END $$;

-- As 0050 made it; what adjustments gave is not part of the grant that goes back.
CREATE OR REPLACE FUNCTION merge_account(p_source bigint, p_target bigint, p_at timestamptz, p_market_time bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_command text := 'merge:' || p_source || ':' || p_target;
    v_granted numeric;
    v_kept    numeric;
    v_out     bigint;
    v_in      bigint;
    v_merge   bigint;
BEGIN
    PERFORM end_all_orders(p_source, 'merged', v_command || ':orders', p_at, p_market_time);
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT v_command || ':out', sha256(convert_to(v_command, 'UTF8')), 'merged', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_source RETURNING id INTO v_out;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        SELECT v_command || ':in', sha256(convert_to(v_command, 'UTF8')), 'merge', a.id, a.round, p_at, p_market_time
        FROM account a WHERE a.id = p_target RETURNING id INTO v_in;
    SELECT a.granted, greatest(a.adjusted, 0) INTO v_granted, v_kept FROM account a WHERE a.id = p_source;
    INSERT INTO account_merge (source_id, target_id, granted, returned, out_entry, in_entry)
        VALUES (p_source, p_target, v_granted, v_granted - v_kept, v_out, v_in) RETURNING id INTO v_merge;
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
               quote_asset, v_granted - v_kept
        FROM account WHERE id = p_target;
    INSERT INTO balance (account_id, asset, available, symbol, cost, realised)
        SELECT p_target, asset, quantity, symbol, cost, realised FROM account_merge_asset WHERE merge_id = v_merge
        ON CONFLICT (account_id, asset) DO UPDATE
            SET available = balance.available + excluded.available, cost = balance.cost + excluded.cost,
                realised = balance.realised + excluded.realised;
    UPDATE balance SET available = 0, held = 0, cost = 0, realised = 0 WHERE account_id = p_source;
    UPDATE balance SET available = available - v_granted + v_kept
        WHERE account_id = p_target AND asset = (SELECT quote_asset FROM account WHERE id = p_target);
    UPDATE account SET granted = granted + v_kept, adjusted = adjusted + v_kept WHERE id = p_target AND v_kept > 0;
    UPDATE account SET person_id = -id, closed_at = p_at WHERE id = p_source;
END $$;

-- As 0033 made it; what adjustments gave is not part of the grant that goes back.
CREATE OR REPLACE FUNCTION short_of_grant(p_from bigint, p_to bigint) RETURNS TABLE (missing numeric, missing_asset text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT source.granted - greatest(source.adjusted, 0) - held.available - held.held - theirs.available, source.quote_asset::text
    FROM account source
    JOIN account target ON target.person_id = p_to
        AND (target.market, target.quote_asset) = (source.market, source.quote_asset)
    JOIN balance held ON (held.account_id, held.asset) = (source.id, source.quote_asset)
    JOIN balance theirs ON (theirs.account_id, theirs.asset) = (target.id, target.quote_asset)
    WHERE source.person_id = p_from AND held.available + held.held + theirs.available
              < source.granted - greatest(source.adjusted, 0)
    ORDER BY source.id LIMIT 1
$$;

-- As 0050 made it; adjustments are of a round.
CREATE OR REPLACE FUNCTION reset_account(
    p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamptz, p_market_time bigint,
    OUT outcome text, OUT renewed account
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known   entry;
    v_entry bigint;
    v_quote text;
BEGIN
    SELECT * INTO renewed FROM account a WHERE a.id = p_account;
    v_quote := renewed.quote_asset;
    -- The quote asset's balance row is the account's lock: every command takes it first.
    PERFORM FROM balance b WHERE b.account_id = p_account AND b.asset = v_quote FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'no_account';
        RETURN;
    END IF;
    SELECT * INTO renewed FROM account a WHERE a.id = p_account;
    SELECT * INTO known FROM entry e WHERE e.command_id = p_command;
    IF FOUND THEN
        outcome := CASE WHEN known.body = p_body THEN 'replayed' ELSE 'reused' END;
        renewed.round := known.round;
        renewed.granted := (SELECT p.amount FROM posting p WHERE p.entry_id = known.id AND p.source = 'issuance');
        RETURN;
    END IF;
    PERFORM check_opening_grant(p_grant);
    PERFORM end_all_orders(p_account, 'reset', 'reset-orders:' || p_account || ':' || renewed.round, p_at, p_market_time);
    UPDATE account a SET round = a.round + 1, granted = p_grant, adjusted = 0 WHERE a.id = p_account RETURNING a.* INTO renewed;
    INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)
        VALUES (p_command, p_body, 'reset', p_account, renewed.round, p_at, p_market_time) RETURNING id INTO v_entry;
    INSERT INTO posting
        SELECT v_entry, row_number() OVER (ORDER BY asset, code), code || '/' || p_account, 'issuance', asset, amount
        FROM (SELECT asset, 'available' AS code, available AS amount FROM balance WHERE account_id = p_account
              UNION ALL
              SELECT asset, 'held', held FROM balance WHERE account_id = p_account) returned
        WHERE amount > 0;
    INSERT INTO posting VALUES (v_entry, 0, 'issuance', 'available/' || p_account, v_quote, p_grant);
    UPDATE balance SET held = 0, cost = 0, realised = 0, available = CASE WHEN asset = v_quote THEN p_grant ELSE 0 END
        WHERE account_id = p_account;
    outcome := 'reset';
END $$;

REVOKE ALL ON FUNCTION reverse_entry(bigint, text, timestamptz, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION adjust_account(bigint, numeric, text, text, bytea, timestamptz, bigint) FROM PUBLIC;
