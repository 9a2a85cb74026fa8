-- name: accounts
-- $1 market, $2 quote asset, $3 date, $4 after this account, $5 how many: open ones without a snapshot of that date
SELECT id, round, granted,
       (SELECT count(*) FROM entry WHERE account_id = account.id AND entry.round = account.round AND kind = 'trade')
           AS trades
FROM account
WHERE market = $1 AND quote_asset = $2 AND closed_at IS NULL AND id > $4
  AND NOT EXISTS (SELECT FROM equity_snapshot WHERE account_id = account.id AND day = $3)
ORDER BY id LIMIT $5;

-- name: balances
-- $1 accounts
SELECT account_id, asset, available + held AS total, symbol, cost, realised,
       CASE WHEN available + held > 0 THEN unit_changes_of(account_id, symbol, 'infinity') END AS units
FROM balance WHERE account_id = ANY($1);

-- name: keep
-- $1 date, $2 market, $3 quote asset, $4 when; then lists of as many accounts, rounds, equities, grants, trades, positions
-- without a price, positions at an old one. The first of a date stays.
INSERT INTO equity_snapshot
    (account_id, day, market, quote_asset, round, equity, granted, trades, unpriced, stale, taken_at)
SELECT account_id, $1, $2, $3, round, equity, granted, trades, unpriced, stale, $4
FROM unnest($5::bigint[], $6::integer[], $7::numeric[], $8::numeric[], $9::integer[], $10::integer[], $11::integer[])
    AS taken (account_id, round, equity, granted, trades, unpriced, stale)
ON CONFLICT (account_id, day) DO NOTHING
RETURNING account_id;

-- name: series
-- $1 account, $2 from date, $3 how many: the newest, oldest first
SELECT * FROM (
    SELECT day, round, equity, granted FROM equity_snapshot WHERE account_id = $1 AND day >= $2 ORDER BY day DESC LIMIT $3
) AS newest ORDER BY day;

-- name: standings
-- $1 market, $2 quote asset, $3 first date, $4 last date, $5 how many. Each open account at its newest snapshot of the
-- time, beside what it began with: its snapshot of the first date, raised by what was granted or merged in since; or its
-- grant, where it was opened or reset later.
WITH last AS (
    SELECT DISTINCT ON (account_id) * FROM equity_snapshot
    WHERE market = $1 AND quote_asset = $2 AND day BETWEEN $3 AND $4
    ORDER BY account_id, day DESC
), stood AS (
    SELECT last.*, account.person_id,
           coalesce(first.equity + last.granted - first.granted, last.granted) AS began
    FROM last
    JOIN account ON account.id = last.account_id AND account.closed_at IS NULL
    LEFT JOIN equity_snapshot AS first
        ON first.account_id = last.account_id AND first.day = $3 AND first.round = last.round
)
SELECT account_id, person_id, day, round, began, equity, trades FROM stood
WHERE began > 0
ORDER BY equity / began DESC, account_id LIMIT $5;
