-- depends: 0050.resting_order_functions
--
-- Whoever makes a group may change its settings as often as they like, so its log keeps the newest thousand changes.
CREATE FUNCTION bound_group_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM chat_group_change AS change
    WHERE change.platform = NEW.platform AND change.group_id = NEW.group_id AND change.id <= (
        SELECT id FROM chat_group_change AS kept
        WHERE kept.platform = NEW.platform AND kept.group_id = NEW.group_id
        ORDER BY id DESC OFFSET 1000 LIMIT 1
    );
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bound_group_changes() FROM PUBLIC;

CREATE TRIGGER chat_group_change_bound AFTER INSERT ON chat_group_change
FOR EACH ROW EXECUTE FUNCTION bound_group_changes();

DELETE FROM chat_group_change AS change
USING (
    SELECT id, row_number() OVER (PARTITION BY platform, group_id ORDER BY id DESC) AS place FROM chat_group_change
) AS placed
WHERE change.id = placed.id AND placed.place > 1000;
