-- depends: 0028.link_consent
--
-- The ledger changes through its functions only. They run with the rights of the owner, and the application may no longer
-- write to the ledger's tables: it can neither change a balance or a grant nor add an entry that no function made.
ALTER FUNCTION open_account(bigint, text, text, numeric, text, bytea, timestamptz, bigint) SECURITY DEFINER;
ALTER FUNCTION reset_account(bigint, numeric, text, bytea, timestamptz, bigint) SECURITY DEFINER;
ALTER FUNCTION place_order(jsonb) SECURITY DEFINER;

-- Takes the lock that every command of an account takes first: its quote asset's balance row.
CREATE FUNCTION lock_account(p_account bigint, p_quote text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM balance b WHERE b.account_id = p_account AND b.asset = p_quote FOR UPDATE;
END $$;

REVOKE ALL ON FUNCTION
    open_account(bigint, text, text, numeric, text, bytea, timestamptz, bigint),
    reset_account(bigint, numeric, text, bytea, timestamptz, bigint), place_order(jsonb), lock_account(bigint, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    open_account(bigint, text, text, numeric, text, bytea, timestamptz, bigint),
    reset_account(bigint, numeric, text, bytea, timestamptz, bigint), place_order(jsonb), lock_account(bigint, text)
    TO paperdesk_app;

REVOKE INSERT, UPDATE ON account, balance, entry, posting, "order", fill FROM paperdesk_app;
REVOKE UPDATE (round, granted) ON account FROM paperdesk_app;
REVOKE USAGE ON SEQUENCE order_id_seq FROM paperdesk_app;
