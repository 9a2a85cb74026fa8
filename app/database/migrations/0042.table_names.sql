-- depends: 0040.forgetful_log
--
-- Tables get the field's terms; none is a reserved word any more. Rows, rights and defaults stay with a table when it is
-- renamed; constraints and indexes that begin with its old name begin with the new one.
--
-- Processes of the version before run on while a desk is updated. To them each old name is a view, which PostgreSQL writes
-- through, with the columns and the rights of before. A later version drops these views. Only what groups by the key of an
-- order does not work on a view: an audit that such a process runs meanwhile ends with an error.
DO $names$
DECLARE
    each record;
    part record;
BEGIN
    FOR each IN
        SELECT * FROM (VALUES
            ('order', 'orders'), ('watched', 'watchlist_item'), ('question', 'pending_prompt'),
            ('operation', 'operator_action'), ('link_guess', 'link_code_attempt'), ('push_chat', 'notification_chat'),
            ('push_home', 'notification_destination'), ('push_preference', 'notification_preference'),
            ('push_quiet_hours', 'notification_quiet_hours'), ('push_digest', 'notification_digest'),
            ('feature_hour', 'feature_histogram_hourly'), ('forecast_hour', 'forecast_score_hourly'),
            ('described_model', 'model_summary'), ('model_change', 'model_event'), ('quality_day', 'data_quality_daily')
        ) AS renamed (was, name)
    LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', each.was, each.name);
        FOR part IN
            SELECT conname AS was, each.name || substr(conname, length(each.was) + 1) AS name FROM pg_constraint
            WHERE conrelid = each.name::regclass AND starts_with(conname, each.was || '_')
        LOOP
            EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', each.name, part.was, part.name);
        END LOOP;
        FOR part IN
            SELECT relname AS was, each.name || substr(relname, length(each.was) + 1) AS name
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = each.name::regclass AND starts_with(relname, each.was || '_')
        LOOP
            EXECUTE format('ALTER INDEX %I RENAME TO %I', part.was, part.name);
        END LOOP;

        EXECUTE format('CREATE VIEW %I AS SELECT * FROM %I', each.was, each.name);
        EXECUTE format('COMMENT ON VIEW %I IS %L', each.was, 'The name of ' || each.name || ' in the version before.');
        FOR part IN
            SELECT string_agg(privilege_type, ', ') AS rights,
                   CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role
            FROM pg_class, aclexplode(relacl)
            WHERE pg_class.oid = each.name::regclass AND grantee <> relowner
              AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            GROUP BY grantee
        LOOP
            EXECUTE format('GRANT %s ON %I TO %s', part.rights, each.was, part.role);
        END LOOP;
    END LOOP;
END
$names$;

-- Seen through the views, these columns keep their old name.
ALTER TABLE operator_action RENAME COLUMN at TO recorded_at;
ALTER TABLE model_event RENAME COLUMN at TO recorded_at;
ALTER SEQUENCE operation_id_seq RENAME TO operator_action_id_seq;
ALTER SEQUENCE model_change_id_seq RENAME TO model_event_id_seq;

-- Ticks before this time of the market's own clock, in ms, do not count. Processes of the version before read and write
-- `market_time`, which a later version drops with its trigger.
ALTER TABLE alert RENAME COLUMN market_time TO market_time_ms;
ALTER TABLE alert ADD COLUMN market_time bigint;
UPDATE alert SET market_time = market_time_ms;

-- Takes over the column that was written.
CREATE FUNCTION same_alert_market_time() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.market_time_ms := coalesce(NEW.market_time_ms, NEW.market_time);
    ELSIF NEW.market_time_ms = OLD.market_time_ms THEN
        NEW.market_time_ms := NEW.market_time;
    END IF;
    NEW.market_time := NEW.market_time_ms;
    RETURN NEW;
END $$;
CREATE TRIGGER alert_market_time BEFORE INSERT OR UPDATE ON alert
    FOR EACH ROW EXECUTE FUNCTION same_alert_market_time();
