-- depends: 0074.order_flow
--
-- Cost of a limit on sales at a loss in a row: it is checked while an account is locked, in a call that orders share.

-- As 0073 made it, but executions are read newest first, and no more than a number of them, those of merged accounts
-- included: further sales are not among the newest.
CREATE OR REPLACE FUNCTION newest_sales(p_account bigint, p_most integer)
RETURNS TABLE (sale bigint, at timestamptz, realised numeric, cost numeric)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c_most     CONSTANT integer := 20000;
    c_portion  CONSTANT integer := 1024;
    v_accounts bigint[] := ARRAY(SELECT account_lineage(p_account));
    v_reversed bigint[] := reversed_orders(p_account);
    v_seen     bigint[] := '{}';
    v_before    timestamptz := 'infinity';
    v_before_id bigint := 0;
    v_portion  integer := greatest(1, least(8, c_most / cardinality(v_accounts)));
    v_read     integer := 0;
    v_round    integer;
    v_left     integer := c_most;
    v_parts    integer;
    execution  record;
BEGIN
    WHILE cardinality(v_seen) < p_most LOOP
        -- Portions grow: most often the first few executions decide. Each is read of every account, and what is not among
        -- the newest of all of them is read again.
        FOR execution IN
            SELECT found.*, count(*) OVER () AS read FROM unnest(v_accounts) AS mine CROSS JOIN LATERAL (
                SELECT o.recorded_at, o.id, coalesce(o.parent_id, o.id) AS sale FROM orders o
                WHERE o.account_id = mine AND o.side = 'sell' AND (o.recorded_at, o.id) < (v_before, v_before_id)
                ORDER BY o.recorded_at DESC, o.id DESC LIMIT v_portion
            ) AS found ORDER BY found.recorded_at DESC, found.id DESC LIMIT v_portion
        LOOP
            v_before := execution.recorded_at;
            v_before_id := execution.id;
            v_round := execution.read;
            CONTINUE WHEN execution.sale = ANY (v_seen) OR execution.id = ANY (v_reversed);
            -- As whole_sale, of a sale that is not larger than what may still be read.
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
            v_seen := v_seen || execution.sale;
            RETURN NEXT;
            IF (realised < 0) IS NOT TRUE OR cardinality(v_seen) >= p_most THEN
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
