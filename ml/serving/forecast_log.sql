-- name: keep
-- The same forecast again changes nothing, but that one that somebody asked for becomes part of the live record.
INSERT INTO forecast AS kept
    (market, symbol, horizon, made_at, version, role, price, expected, low, high, rising)
SELECT $1, * FROM unnest(
    $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::text[], $7::float8[], $8::float8[], $9::float8[],
    $10::float8[], $11::float8[]
)
ON CONFLICT (market, symbol, horizon, made_at, version) DO UPDATE SET role = excluded.role
WHERE kept.role = 'asked' AND excluded.role <> 'asked' AND kept.outcome IS NULL AND kept.unscored IS NULL;

-- name: first_due
-- $1 market: when the oldest forecast without an outcome is or was due
SELECT min(made_at + horizon * 60000::bigint) FROM forecast
WHERE market = $1 AND outcome IS NULL AND unscored IS NULL;

-- name: score
-- $1 market, $2 <= due < $3. A forecast is due when the candle closes that its outcome is read from. One statement, so
-- whatever gets an outcome is in the hours as well, once. The outcome is the move from the price that was shown, by which
-- the range is judged. Direction and errors are judged by what could be had: from the open of the first candle with
-- volume after the forecast, unchanged if there is none.
WITH scored AS (
    UPDATE forecast AS made SET outcome = ln(candle.close / made.price)
    FROM candle
    WHERE made.market = $1 AND made.outcome IS NULL AND made.unscored IS NULL
        AND made.made_at + made.horizon * 60000::bigint >= $2 AND made.made_at + made.horizon * 60000::bigint < $3
        AND candle.market = $1 AND candle.symbol = made.symbol
        AND candle.open_time = made.made_at + (made.horizon - 1) * 60000::bigint
    RETURNING made.horizon, made.role, made.version, made.made_at / 3600000 * 3600000 AS hour, made.outcome,
        made.expected, made.low, made.high, coalesce(ln(candle.close / (
            SELECT first.open FROM candle AS first
            WHERE first.market = $1 AND first.symbol = made.symbol AND first.open_time >= made.made_at
                AND first.open_time <= candle.open_time AND first.volume <> 0
            ORDER BY first.open_time LIMIT 1
        )), 0) AS earned
), hours AS (
    INSERT INTO forecast_score_hourly AS kept
        (market, horizon, role, version, hour, count, moves, hits, covered, squares, naive)
    SELECT $1, horizon, role, version, hour, count(*), count(*) FILTER (WHERE earned <> 0),
        count(*) FILTER (WHERE earned * expected > 0), count(*) FILTER (WHERE outcome BETWEEN low AND high),
        sum((earned - expected) ^ 2), sum(earned ^ 2)
    FROM scored GROUP BY horizon, role, version, hour
    ON CONFLICT (market, horizon, role, hour, version) DO UPDATE SET
        count = kept.count + excluded.count, moves = kept.moves + excluded.moves, hits = kept.hits + excluded.hits,
        covered = kept.covered + excluded.covered, squares = kept.squares + excluded.squares,
        naive = kept.naive + excluded.naive
)
SELECT count(*) FROM scored;

-- name: give_up
-- $1 market, $2 due before
UPDATE forecast SET unscored = 'missing'
WHERE market = $1 AND outcome IS NULL AND unscored IS NULL AND made_at + horizon * 60000::bigint < $2;

-- name: record
-- $1 market, $2 horizon, $3 made at or after, $4 and before, $5 length of a moment in ms: the sums of each moment, oldest
-- first. A model that expects no move has the errors of "no change" to the last bit; its hours hold no direction.
SELECT sum(count)::bigint AS count, sum(covered)::bigint AS covered,
    coalesce(sum(count) FILTER (WHERE squares <> naive), 0)::bigint AS expecting,
    coalesce(sum(moves) FILTER (WHERE squares <> naive), 0)::bigint AS moves,
    coalesce(sum(hits) FILTER (WHERE squares <> naive), 0)::bigint AS hits,
    coalesce(sum(squares) FILTER (WHERE squares <> naive), 0) AS squares,
    coalesce(sum(naive) FILTER (WHERE squares <> naive), 0) AS naive
FROM forecast_score_hourly
WHERE market = $1 AND horizon = $2 AND role = 'champion' AND hour >= $3 AND hour < $4
GROUP BY hour / $5::bigint ORDER BY hour / $5::bigint;

-- name: record_of_symbol
-- $1 market, $2 horizon, $3 made at or after, $4 and before, $5 length of a moment in ms, $6 symbol: as `record`
SELECT count(*) AS count, count(*) FILTER (WHERE outcome BETWEEN low AND high) AS covered,
    count(*) FILTER (WHERE expected <> 0) AS expecting,
    count(*) FILTER (WHERE expected <> 0 AND outcome <> 0) AS moves,
    count(*) FILTER (WHERE outcome * expected > 0) AS hits,
    coalesce(sum((outcome - expected) ^ 2) FILTER (WHERE expected <> 0), 0) AS squares,
    coalesce(sum(outcome ^ 2) FILTER (WHERE expected <> 0), 0) AS naive
FROM forecast
WHERE market = $1 AND symbol = $6 AND horizon = $2 AND made_at >= $3 AND made_at < $4 AND role = 'champion'
    AND outcome IS NOT NULL
GROUP BY made_at / $5::bigint ORDER BY made_at / $5::bigint;

-- name: hours
-- $1 version, $2 hour at or after, $3 market, $4 horizon: the live record of one model, oldest first
SELECT hour, sum(count)::bigint AS count, sum(covered)::bigint AS covered, sum(squares) AS squares, sum(naive) AS naive
FROM forecast_score_hourly
WHERE market = $3 AND horizon = $4 AND role IN ('champion', 'challenger') AND version = $1 AND hour >= $2
GROUP BY hour ORDER BY hour;

-- name: last_made
-- $1 version
SELECT max(made_at) FROM forecast WHERE version = $1 AND role <> 'asked';

-- name: losses
-- $1 champion, $2 challenger, $3 made at or after: the mean squared errors of both at each time that both stand in the
-- live record, of the symbols that both spoke of. Measured in half widths of the champion's intervals: a wild symbol
-- counts as much as a calm one.
SELECT one.made_at,
    avg(((one.outcome - one.expected) / greatest(1e-9, (one.high - one.low) / 2)) ^ 2) AS champion,
    avg(((one.outcome - other.expected) / greatest(1e-9, (one.high - one.low) / 2)) ^ 2) AS challenger
FROM forecast AS one JOIN forecast AS other
    ON other.market = one.market AND other.symbol = one.symbol AND other.horizon = one.horizon
    AND other.made_at = one.made_at AND other.version = $2 AND other.role <> 'asked'
WHERE one.version = $1 AND one.role <> 'asked' AND one.made_at >= $3 AND other.made_at >= $3
    AND one.outcome IS NOT NULL AND other.outcome IS NOT NULL
GROUP BY one.made_at ORDER BY one.made_at;

-- name: trim
-- $1 days of the live record, $2 days of what was asked for. In pieces, so that nobody waits for it.
DELETE FROM forecast WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM forecast
    WHERE stored_at < now() - make_interval(days => $1)
        AND (role <> 'asked' OR stored_at < now() - make_interval(days => $2))
    LIMIT 20000
));

-- name: count_features
-- $1 version, $2 hour, $3 counts: an hour is counted once
INSERT INTO feature_histogram_hourly (version, hour, counts) VALUES ($1, $2, $3) ON CONFLICT (version, hour) DO NOTHING;

-- name: features
-- $1 version, $2 hour at or after
SELECT hour, counts FROM feature_histogram_hourly WHERE version = $1 AND hour >= $2 ORDER BY hour;

-- name: trim_features
-- $1 market, $2 hour before: each market has its own clock
DELETE FROM feature_histogram_hourly AS histogram USING model
WHERE model.version = histogram.version AND market = $1 AND hour < $2;

-- name: drifted
-- One row where it is new.
INSERT INTO drift (version, kind, market, horizon, what, amount, bound, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (version, kind) DO NOTHING RETURNING version;

-- name: open_drifts
SELECT market, horizon, version, kind, what, amount, bound, since FROM drift
WHERE settled_at IS NULL ORDER BY found_at, version, kind;

-- name: settle_drifts
-- $1 versions, $2 kinds
UPDATE drift SET settled_at = now()
WHERE settled_at IS NULL AND (version, kind) IN (SELECT * FROM unnest($1::bigint[], $2::text[]));
