-- name: link_codes
-- Ways to link that are over; the day before, who comes too late is told so.
DELETE FROM link_code WHERE expires_at < now() - interval '1 day'

-- name: link_guesses
DELETE FROM link_code_attempt WHERE since < now() - interval '1 day'

-- name: broadcasts
-- Drafts that nobody sent.
DELETE FROM broadcast WHERE sent_at IS NULL AND expires_at < now() - interval '1 day'

-- name: displays
-- What orders took of displays; the matching of open orders may still read a log of the last days.
DELETE FROM display_use WHERE added_at < now() - interval '8 days'

-- name: robots
-- Robots that have been over for 90 days; a portion at each run.
SELECT forget_robots(1000)

-- name: order_groups
-- Groups that were finished 90 days ago: their orders are in the ledger, under command ids that take effect once.
DELETE FROM order_group WHERE id IN (
    SELECT id FROM order_group WHERE finished_at < now() - interval '90 days' ORDER BY id LIMIT 1000)
