-- depends: 0076.joined_settings
--
-- Cost of a limit on the loss of a sale: it is checked where a limit on losing sales in a row is, and reads as few executions.

-- As newest_sales of 0075 reads, the newest sales with an execution after `p_since`, `p_most` of them at most; `p_losing`: until the
-- first that was none at a loss. Executions are read newest first, and no more than a number of them, those of merged accounts
-- included: further sales are not found.
CREATE FUNCTION bounded_sales(p_account bigint, p_most integer, p_since timestamptz, p_losing boolean)
RETURNS TABLE (sale bigint, at timestamptz, realised numeric, cost numeric)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c_most     CONSTANT integer := 20000;
    c_portion  CONSTANT integer := 1024;
    v_accounts bigint[] := ARRAY(SELECT account_lineage(p_account));
    v_reversed bigint[] := reversed_orders(p_account);
    v_seen     bigint[] := '{}';  -- of several executions: others are met once
    v_sales    integer := 0;
    v_before    timestamptz := 'infinity';
    v_before_id bigint := 0;
    v_portion  integer := greatest(1, least(8, c_most / cardinality(v_accounts)));
    v_read     integer := 0;
    v_round    integer;
    v_left     integer := c_most;
    v_parts    integer;
    execution  record;
BEGIN
    WHILE v_sales < p_most LOOP
        -- Portions grow: most often the first few executions decide. Each is read of every account, and what is not among
        -- the newest of all of them is read again.
        FOR execution IN
            SELECT found.*, count(*) OVER () AS read FROM unnest(v_accounts) AS mine CROSS JOIN LATERAL (
                SELECT o.recorded_at, o.id, coalesce(o.parent_id, o.id) AS sale FROM orders o
                WHERE o.account_id = mine AND o.side = 'sell' AND o.recorded_at > p_since
                    AND (o.recorded_at, o.id) < (v_before, v_before_id)
                ORDER BY o.recorded_at DESC, o.id DESC LIMIT v_portion
            ) AS found ORDER BY found.recorded_at DESC, found.id DESC LIMIT v_portion
        LOOP
            v_before := execution.recorded_at;
            v_before_id := execution.id;
            v_round := execution.read;
            CONTINUE WHEN execution.sale = ANY (v_seen) OR execution.id = ANY (v_reversed);
            -- Of a sale that is not larger than what may still be read.
            SELECT execution.sale, count(*), max(part.recorded_at), sum(part.realised), sum(part.received - part.realised)
                INTO sale, v_parts, at, realised, cost
                FROM (SELECT each.* FROM (
                          SELECT * FROM orders o WHERE o.id = execution.sale
                          UNION ALL
                          SELECT * FROM orders o WHERE o.parent_id = execution.sale
                      ) AS each LIMIT v_left + 1) AS part
                WHERE part.side = 'sell' AND part.id <> ALL (v_reversed);
            v_left := v_left - v_parts;
            IF v_left < 0 THEN
                RETURN;
            END IF;
            v_sales := v_sales + 1;
            IF v_parts > 1 THEN
                v_seen := v_seen || execution.sale;
            END IF;
            RETURN NEXT;
            IF p_losing AND (realised < 0) IS NOT TRUE OR v_sales >= p_most THEN
                RETURN;
            END IF;
        END LOOP;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        v_read := v_read + v_round;
        IF v_read >= c_most THEN
            RETURN;
        END IF;
        v_portion := greatest(1, least(4 * v_portion, c_portion, (c_most - v_read) / cardinality(v_accounts)));
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION newest_sales(p_account bigint, p_most integer)
RETURNS TABLE (sale bigint, at timestamptz, realised numeric, cost numeric)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT * FROM bounded_sales(p_account, p_most, '-infinity', true)
$$;

-- 1,000 sales at most: each execution is looked for among the sales that were met.
CREATE OR REPLACE FUNCTION sales_since(p_account bigint, p_since timestamptz)
RETURNS TABLE (sale bigint, at timestamptz, realised numeric, cost numeric)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT * FROM bounded_sales(p_account, 1000, p_since, false)
$$;

DROP FUNCTION whole_sale(bigint, bigint[]);

REVOKE ALL ON FUNCTION bounded_sales(bigint, integer, timestamptz, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bounded_sales(bigint, integer, timestamptz, boolean) TO paperdesk_app;
