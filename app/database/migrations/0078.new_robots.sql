-- depends: 0077.bounded_losses
--
-- A robot begins with its budget as its cash, and with nothing else: what it holds and what it has earned comes from orders
-- alone, which triggers of the ledger book. The application inserts robots, so the database holds it to that.

CREATE FUNCTION check_new_robot() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.cash = NEW.budget AND NEW.quantity = 0 AND NEW.cost = 0 AND NEW.realised = 0 AND NEW.moves = 0
        AND NEW.entry_price IS NULL AND NEW.highest IS NULL AND NOT NEW.guarded AND NEW.step IS NULL) IS NOT TRUE THEN
        RAISE EXCEPTION 'a robot begins with its budget and nothing else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'robot_begins_with_its_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER robot_begins BEFORE INSERT ON robot FOR EACH ROW EXECUTE FUNCTION check_new_robot();

REVOKE ALL ON FUNCTION check_new_robot() FROM PUBLIC;
