-- name: entries
-- $1 account: how many entries it and the accounts that were merged into it have
SELECT count(*) FROM account_lineage($1) AS former JOIN entry ON entry.account_id = former;

-- name: moves
-- $1 account: what each entry changed of each asset, those of merged accounts too. Moves within an account, and between
-- the accounts of a merge, change nothing.
-- `ratio` is what a redenomination, or its undoing, made of a unit, and `gone` the quantity before.
SELECT entry.id, entry.kind::text, entry.account_id, entry.market_time_ms, moved.asset, moved.net, moved.granted,
       changed.ratio, changed.gone
FROM account_lineage($1) AS former
JOIN entry ON entry.account_id = former
LEFT JOIN LATERAL (
    SELECT asset::text, sum(CASE WHEN target LIKE '%/%' THEN amount ELSE -amount END) AS net,
           coalesce(sum(CASE WHEN target LIKE '%/%' THEN amount ELSE -amount END)
                    FILTER (WHERE 'issuance' IN (source, target)), 0) AS granted
    FROM posting
    WHERE entry_id = entry.id AND 'merges' NOT IN (source, target) AND (target LIKE '%/%') <> (source LIKE '%/%')
    GROUP BY asset
) AS moved ON true
LEFT JOIN LATERAL (
    SELECT CASE entry.kind WHEN 'action' THEN c.ratio::numeric ELSE 1 / c.ratio::numeric END AS ratio,
           (SELECT sum(amount::numeric) FROM posting WHERE entry_id = entry.id AND target = 'actions') AS gone
    FROM corporate_action_account d JOIN corporate_action c ON c.id = d.action_id
    WHERE c.kind = 'redenomination' AND d.entry_id = coalesce(
        (SELECT reversed_id FROM entry_correction WHERE entry_id = entry.id), entry.id)
) AS changed ON entry.kind IN ('action', 'reversal')
WHERE entry.kind NOT IN ('hold', 'release')
ORDER BY entry.id, moved.asset;

-- name: trades
-- $1 account: the execution of each entry that has one
SELECT entry.id AS entry_id, coalesce(o.parent_id, o.id) AS order_id, o.symbol, o.base::text, o.side::text, o.quantity,
       o.average_price, o.quote_amount, o.received, o.fee, o.mid_price, coalesce(o.realised::numeric, 0) AS realised,
       coalesce(t.type, 'MARKET') AS type,
       EXISTS (SELECT FROM entry_correction WHERE reversed_id = entry.id) AS undone
FROM account_lineage($1) AS former
JOIN entry ON entry.account_id = former
JOIN orders o ON o.id = entry.order_id
LEFT JOIN order_terms t ON t.id = o.parent_id;

-- name: realised
-- $1 account: the realised profit of each entry that is no trade, and the symbols of its assets
SELECT entry.id AS entry_id, x.asset::text, x.symbol, x.realised
FROM account_lineage($1) AS former
JOIN entry ON entry.account_id = former
JOIN holding_change x ON x.entry_id = entry.id;

-- name: snapshots
-- $1 account: the equity stored within an hour after a midnight, where all accounts of then were valued, without a coin
-- that had no price. A recording has days of its own.
SELECT s.day, sum(s.equity) AS equity, bool_or(s.stale > 0) AS stale
FROM account_lineage($1) AS former
JOIN equity_snapshot s ON s.account_id = former
WHERE s.market !~ '^replay(:|$)' AND s.taken_at < (s.day + interval '1 hour') AT TIME ZONE 'UTC'
GROUP BY s.day
HAVING bool_and(s.unpriced = 0) AND count(*) = (
    SELECT count(*) FROM account_lineage($1) AS other JOIN account ON account.id = other
    WHERE account.opened_at < min(s.taken_at) AND (account.closed_at IS NULL OR account.closed_at > max(s.taken_at)))
ORDER BY s.day;
