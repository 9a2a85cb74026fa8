-- name: lock_person
-- $1 person. Trials that are recorded at once count one after another.
SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: record
-- $1 person, $2 market, $3 symbol, $4 digests, $5 their scores, $6 at, $7 most trials
INSERT INTO backtest_trial (person_id, market, symbol, digest, score, tried_at)
SELECT $1, $2, $3, tried.digest, tried.score, $6
FROM (
    SELECT digest, score, row_number() OVER (ORDER BY place) AS place
    FROM unnest($4::bytea[], $5::double precision[]) WITH ORDINALITY AS given (digest, score, place)
    WHERE NOT EXISTS (SELECT FROM backtest_trial known
                      WHERE (known.person_id, known.market, known.symbol, known.digest) = ($1, $2, $3, given.digest))
) AS tried
WHERE tried.place <= $7 - (SELECT count(*) FROM backtest_trial known
                           WHERE (known.person_id, known.market, known.symbol) = ($1, $2, $3))
ON CONFLICT DO NOTHING;

-- name: count
-- $1 person, $2 market, $3 symbol
SELECT count(*) AS count, coalesce(var_samp(score), 0) AS variance FROM backtest_trial
WHERE (person_id, market, symbol) = ($1, $2, $3);
