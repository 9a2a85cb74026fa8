-- name: due
-- $1 now
SELECT former_id FROM link_join WHERE joined_at <= $1::timestamptz - interval '1 day' ORDER BY joined_at LIMIT 1000;

-- name: settle
-- $1 former person, $2 now, $3 its time as UTC ms
SELECT settle_join($1, $2, $3);
