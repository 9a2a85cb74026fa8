-- name: accounts
-- $1 market, $2 quote asset, $3 date, $4 after this account, $5 how many: open ones with a coin and without a forecast of
-- that date. Not those with a coin that is held for a decision: nobody knows in which unit its price is.
SELECT id FROM account
WHERE market = $1 AND quote_asset = $2 AND closed_at IS NULL AND id > $4
  AND EXISTS (SELECT FROM balance WHERE account_id = account.id AND asset <> $2 AND available + held > 0)
  AND NOT EXISTS (SELECT FROM risk_forecast WHERE account_id = account.id AND day = $3)
  AND NOT EXISTS (SELECT FROM balance WHERE account_id = account.id AND available + held > 0
                  AND is_in_question($1, symbol))
ORDER BY id LIMIT $5;

-- name: balances
-- $1 accounts
SELECT account_id, asset, available + held AS total, symbol FROM balance
WHERE account_id = ANY($1) AND available + held > 0;

-- name: symbols
-- $1 market, $2 quote asset: of coins that are held, and of frozen portfolios that are not judged
SELECT DISTINCT symbol FROM balance JOIN account ON account.id = account_id
WHERE market = $1 AND quote_asset = $2 AND closed_at IS NULL AND asset <> $2 AND available + held > 0
    AND symbol IS NOT NULL
UNION
SELECT jsonb_object_keys(positions) FROM risk_forecast
WHERE market = $1 AND quote_asset = $2 AND judged_at IS NULL;

-- name: save
-- $1 date, $2 market, $3 quote asset, $4 when; then lists of as many accounts, equities, positions, doubtful positions and
-- figures. The first forecast of a date stays.
INSERT INTO risk_forecast
    (account_id, day, market, quote_asset, equity, positions, doubtful, historical_95, historical_99, gaussian_95,
     gaussian_99, cornish_fisher_95, cornish_fisher_99, filtered_95, filtered_99, made_at)
SELECT account_id, $1, $2, $3, equity, positions::jsonb, doubtful, h95, h99, g95, g99, c95, c99, f95, f99, $4
FROM unnest($5::bigint[], $6::float8[], $7::text[], $8::smallint[], $9::float8[], $10::float8[], $11::float8[],
            $12::float8[], $13::float8[], $14::float8[], $15::float8[], $16::float8[])
    AS made (account_id, equity, positions, doubtful, h95, h99, g95, g99, c95, c99, f95, f99)
ON CONFLICT (account_id, day) DO NOTHING
RETURNING account_id;

-- name: open
-- $1 market, $2 quote asset, $3 before this date, $4 after this date and $5 account, $6 how many. Those with a coin that is
-- held for a decision wait for it.
SELECT account_id, day, positions::text AS positions FROM risk_forecast
WHERE market = $1 AND quote_asset = $2 AND judged_at IS NULL AND day < $3 AND (day, account_id) > ($4, $5)
  AND NOT EXISTS (SELECT FROM jsonb_object_keys(positions) AS symbol WHERE is_in_question($1, symbol))
ORDER BY day, account_id LIMIT $6;

-- name: judge
-- $1 when; then lists of as many accounts, dates, returns and positions without a close. A judgement stays.
UPDATE risk_forecast AS forecast
SET positions = NULL, realised = judged.realised, judged_doubtful = judged.doubtful, judged_at = $1
FROM unnest($2::bigint[], $3::date[], $4::float8[], $5::smallint[]) AS judged (account_id, day, realised, doubtful)
WHERE forecast.account_id = judged.account_id AND forecast.day = judged.day AND judged_at IS NULL
RETURNING forecast.account_id;

-- name: record
-- $1 account, $2 how many: the newest judged ones, oldest first
SELECT * FROM (
    SELECT day, historical_95, historical_99, gaussian_95, gaussian_99, cornish_fisher_95, cornish_fisher_99, filtered_95,
           filtered_99, realised, doubtful + judged_doubtful AS doubtful
    FROM risk_forecast WHERE account_id = $1 AND judged_at IS NOT NULL ORDER BY day DESC LIMIT $2
) AS newest ORDER BY day;

-- name: trim
-- $1 before this date, $2 how many
DELETE FROM risk_forecast WHERE ctid IN (SELECT ctid FROM risk_forecast WHERE day < $1 LIMIT $2) RETURNING account_id;
