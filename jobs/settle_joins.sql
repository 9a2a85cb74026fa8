-- name: due
-- $1 now, $2 after which former person, $3 how many
SELECT former_id FROM link_join
WHERE joined_at <= $1::timestamptz - interval '1 day' AND former_id > $2 ORDER BY former_id LIMIT $3;

-- name: settle
-- $1 former person, $2 now, $3 its time as UTC ms
SELECT settle_join($1, $2, $3);
