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
