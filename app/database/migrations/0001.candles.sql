-- depends: 0000.roles
-- One-minute candles, exactly as their source stated them: statistics, not money, hence double precision.
-- Times are UTC milliseconds of the source's own clock. `market` tells the exchange's candles from a simulator's.
CREATE TABLE candle (
    market        text             NOT NULL CHECK (length(market) BETWEEN 1 AND 200),
    symbol        text             NOT NULL CHECK (length(symbol) BETWEEN 1 AND 64),
    open_time     bigint           NOT NULL CHECK (open_time % 60000 = 0),
    open          double precision NOT NULL,
    high          double precision NOT NULL,
    low           double precision NOT NULL,
    close         double precision NOT NULL,
    volume        double precision NOT NULL,
    quote_volume  double precision NOT NULL,
    trades        bigint           NOT NULL CHECK (trades >= 0),
    PRIMARY KEY (market, symbol, open_time),
    -- NaN ranks above every number, infinity included: the upper bound is what keeps it out.
    CONSTRAINT candle_prices CHECK (
        low > 0 AND low <= open AND low <= close AND open <= high AND close <= high AND high < 'Infinity'
    ),
    CONSTRAINT candle_volumes CHECK (
        volume >= 0 AND volume < 'Infinity' AND quote_volume >= 0 AND quote_volume < 'Infinity'
    )
) PARTITION BY RANGE (open_time);

-- Makes the monthly partitions that hold from_ms .. to_ms (UTC ms, both included) where they are missing.
-- A partition is made beside the table and then attached, which does not stop readers and writers; the advisory lock
-- lets only one session do it at a time.
CREATE FUNCTION make_candle_partitions(from_ms bigint, to_ms bigint) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET timezone = 'UTC'
AS $body$
DECLARE
    month timestamptz := date_trunc('month', to_timestamp(from_ms / 1000.0));
    following timestamptz;
    part text;
BEGIN
    IF from_ms < 0 OR to_ms < from_ms OR to_ms - from_ms > 3660 * 86400000::bigint OR to_ms > 4102444800000 THEN
        RAISE EXCEPTION 'no partitions from % to %', from_ms, to_ms USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_candle_partitions'));
    WHILE month <= to_timestamp(to_ms / 1000.0) LOOP
        following := month + interval '1 month';
        part := 'candle_' || to_char(month, 'YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE candle INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part);
            EXECUTE format(
                'ALTER TABLE candle ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                part, (extract(epoch FROM month) * 1000)::bigint, (extract(epoch FROM following) * 1000)::bigint
            );
        END IF;
        month := following;
    END LOOP;
END
$body$;

REVOKE ALL ON FUNCTION make_candle_partitions(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_candle_partitions(bigint, bigint) TO paperdesk_app;
GRANT SELECT, INSERT, UPDATE ON candle TO paperdesk_app;
