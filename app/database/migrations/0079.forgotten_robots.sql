-- depends: 0078.new_robots
--
-- A target that a link copied names the person it came from, for the undo of the link. With that person the number goes too.
-- And robots that ended long ago are deleted, with their log.

CREATE INDEX rebalancing_target_copied ON rebalancing_target (copied_from) WHERE copied_from IS NOT NULL;
UPDATE rebalancing_target SET copied_from = NULL
    WHERE copied_from IS NOT NULL AND NOT EXISTS (SELECT FROM person WHERE person.id = copied_from);

-- As 0045 made it, with copied targets.
CREATE OR REPLACE FUNCTION delete_person(p_person bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM ban WHERE person_id = p_person;
    DELETE FROM outbox WHERE person_id = p_person;
    DELETE FROM alert WHERE person_id = p_person;
    DELETE FROM notification_chat WHERE person_id = p_person;
    DELETE FROM notification_preference WHERE person_id = p_person;
    DELETE FROM notification_quiet_hours WHERE person_id = p_person;
    UPDATE rebalancing_target SET copied_from = NULL WHERE copied_from = p_person;
    DELETE FROM person WHERE id = p_person;  -- and with it what is watched, and the code
END $$;

-- Deletes robots that have been over for 90 days; the application may delete no other. What they traded is in the ledger.
-- One whose orders still protect what it left to its user stays: they are booked to it.
CREATE FUNCTION forget_robots(p_most integer) RETURNS SETOF bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM robot WHERE id IN (
        SELECT r.id FROM robot r
        WHERE r.state IN ('stopped', 'ended') AND r.told AND coalesce(r.ended_at, r.created_at) < now() - interval '90 days'
          AND NOT EXISTS (SELECT FROM robot_order o WHERE o.robot_id = r.id AND o.open)
        ORDER BY r.id LIMIT p_most FOR UPDATE SKIP LOCKED)
    RETURNING id
$$;

REVOKE ALL ON FUNCTION forget_robots(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_robots(integer) TO paperdesk_app;
