-- depends: 0009.operators
--
-- Old months of candles leave as whole partitions. Which ones may go is decided above; that nothing young goes, here.

-- Every month that has a partition (its first moment, UTC ms) and each market that has candles in it; market is NULL for
-- a month without candles. Walks the key from market to market, so its cost does not grow with the candles.
CREATE FUNCTION candle_months() RETURNS TABLE (month_ms bigint, market text)
LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp
SET timezone = 'UTC'
AS $body$
DECLARE
    month timestamptz;
    following bigint;
    found_any boolean;
BEGIN
    FOR month IN
        SELECT to_timestamp(right(part.relname, 7), 'YYYY_MM')
        FROM pg_inherits AS child JOIN pg_class AS part ON part.oid = child.inhrelid
        WHERE child.inhparent = 'candle'::regclass
        ORDER BY 1
    LOOP
        month_ms := extract(epoch FROM month) * 1000;
        following := extract(epoch FROM month + interval '1 month') * 1000;
        found_any := false;
        market := '';
        LOOP
            SELECT next.market INTO market FROM candle AS next
            WHERE next.open_time >= month_ms AND next.open_time < following AND next.market > candle_months.market
            ORDER BY next.market LIMIT 1;
            EXIT WHEN NOT FOUND;
            found_any := true;
            RETURN NEXT;
        END LOOP;
        IF NOT found_any THEN
            market := NULL;
            RETURN NEXT;
        END IF;
    END LOOP;
END
$body$;

-- Drops the month that begins at from_ms; false where there is none. Nobody waits for it longer than two seconds: who
-- reads or writes candles all that time keeps the month for now (lock_not_available).
CREATE FUNCTION drop_candle_month(from_ms bigint) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '2s'
AS $body$
DECLARE
    month timestamptz := to_timestamp(from_ms / 1000.0);
    part text := 'candle_' || to_char(month, 'YYYY_MM');
BEGIN
    IF month <> date_trunc('month', month) OR month + interval '2 months' > now() THEN
        RAISE EXCEPTION 'no month of candles to drop begins at %', from_ms USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_candle_partitions'));
    IF NOT EXISTS (
        SELECT FROM pg_inherits WHERE inhparent = 'candle'::regclass AND inhrelid = to_regclass(part)
    ) THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', part);
    RETURN true;
END
$body$;

REVOKE ALL ON FUNCTION candle_months(), drop_candle_month(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION candle_months(), drop_candle_month(bigint) TO paperdesk_app;
