-- depends: 0045.person_names
--
-- A running desk makes the candles' partitions, and a new table has no rights: the reader could not back them up until
-- the next `migrate`. The function gives each new partition to the reader, where the server has that login.
CREATE OR REPLACE FUNCTION make_candle_partitions(from_ms bigint, to_ms bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
    SET timezone = 'UTC'
    AS $$
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
            IF to_regrole('paperdesk_reader') IS NOT NULL THEN
                EXECUTE format('GRANT SELECT ON %I TO paperdesk_reader', part);
            END IF;
        END IF;
        month := following;
    END LOOP;
END
$$;
