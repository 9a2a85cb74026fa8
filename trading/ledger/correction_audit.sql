-- Each query returns the rows of reversals and adjustments that break a promise, as text; none is the only good answer.

-- name: 1_reversal_differs_from_its_entry
-- The postings of an entry the other way round, from and to what is available; what it released from a hold stays so.
WITH expected AS (
    SELECT c.entry_id, replace(p.target, 'held/', 'available/') AS source, replace(p.source, 'held/', 'available/') AS target,
           p.asset::text, p.amount::numeric
    FROM entry_correction c JOIN posting p ON p.entry_id = c.reversed_id
    WHERE NOT (p.source LIKE 'held/%' AND p.target LIKE 'available/%')
), booked AS (
    SELECT p.entry_id, p.source::text, p.target::text, p.asset::text, p.amount::numeric
    FROM posting p JOIN entry ON entry.id = p.entry_id WHERE kind = 'reversal'
)
SELECT 'expected ' || missing::text AS found FROM (TABLE expected EXCEPT ALL TABLE booked) AS missing
UNION ALL
SELECT 'booked ' || surplus::text FROM (TABLE booked EXCEPT ALL TABLE expected) AS surplus
LIMIT 50;

-- name: 1_correction_without_its_entry
-- A reversal is of an entry of the same account and round, of a kind that is reversed; each entry has one at most.
SELECT coalesce(c::text, entry::text) AS found
FROM (SELECT * FROM entry WHERE kind IN ('reversal', 'adjustment')) AS entry
FULL JOIN entry_correction c ON c.entry_id = entry.id
LEFT JOIN entry AS reversed ON reversed.id = c.reversed_id
WHERE entry.id IS NULL OR c.entry_id IS NULL OR (entry.kind = 'reversal') <> (c.reversed_id IS NOT NULL)
   OR entry.kind = 'reversal'
      AND ((reversed.account_id, reversed.round) IS DISTINCT FROM (entry.account_id, entry.round)
           OR reversed.kind NOT IN ('trade', 'adjustment', 'action'))
UNION ALL
SELECT format('entry %s is reversed %s times', reversed_id, count(*)) FROM entry_correction
WHERE reversed_id IS NOT NULL GROUP BY reversed_id HAVING count(*) > 1
UNION ALL
SELECT x::text FROM holding_change x LEFT JOIN entry ON entry.id = x.entry_id
WHERE kind IS NULL OR kind NOT IN ('reversal', 'action')
LIMIT 50;

-- name: 1_adjustment_moves_elsewhere
-- An adjustment moves cash between the house and what is available, once.
SELECT entry::text AS found
FROM entry JOIN account ON account.id = account_id
LEFT JOIN LATERAL (
    SELECT count(*) AS moves, min(asset::text) AS asset, min(source::text) AS source, min(target::text) AS target
    FROM posting WHERE entry_id = entry.id
) AS moved ON true
WHERE kind = 'adjustment'
  AND (moves <> 1 OR asset <> quote_asset
       OR ARRAY[source, target] NOT IN (ARRAY['issuance', 'available/' || account_id],
                                        ARRAY['available/' || account_id, 'issuance']))
LIMIT 50;

-- name: 1_adjusted_differs_from_entries
SELECT account::text AS found
FROM account LEFT JOIN LATERAL (
    SELECT max(id) AS id FROM entry WHERE account_id = account.id AND kind IN ('grant', 'reset')
) AS began ON true
WHERE adjusted <> coalesce((
    SELECT sum(CASE source WHEN 'issuance' THEN amount ELSE -amount END)
    FROM entry JOIN posting ON entry_id = entry.id AND 'issuance' IN (source, target)
    WHERE entry.account_id = account.id AND kind IN ('adjustment', 'reversal') AND entry.id > began.id), 0)
  + coalesce((
    SELECT sum(granted - returned) FROM account_merge
    WHERE target_id = account.id AND in_entry > began.id AND returned > 0), 0)
LIMIT 50;

-- name: 1_action_differs_from_its_accounts
-- Each entry of a corporate action belongs to one of them, moves the whole quantity of its symbol away, and brings what the
-- ratio or the price makes of it, rounded down.
WITH booked AS (
    SELECT entry.id, entry.account_id, done.action_id, c.kind, c.ratio, c.price, c.unit, c.into_asset, c.symbol,
           gone.asset AS gone_asset, gone.amount AS gone, come.asset AS come_asset, coalesce(come.amount, 0) AS come,
           account.quote_asset, x.asset AS symbol_asset,
           (SELECT count(*) FROM posting WHERE entry_id = entry.id) AS moves
    FROM entry
    JOIN account ON account.id = entry.account_id
    LEFT JOIN corporate_action_account done ON done.entry_id = entry.id AND done.account_id = entry.account_id
    LEFT JOIN corporate_action c ON c.id = done.action_id
    LEFT JOIN posting gone ON gone.entry_id = entry.id AND gone.source = 'available/' || entry.account_id
         AND gone.target = 'actions'
    LEFT JOIN posting come ON come.entry_id = entry.id AND come.target = 'available/' || entry.account_id
         AND come.source = 'actions'
    LEFT JOIN holding_change x ON x.entry_id = entry.id AND x.symbol = c.symbol
    WHERE entry.kind = 'action'
)
SELECT booked::text AS found FROM booked
WHERE action_id IS NULL OR gone IS NULL OR gone_asset IS DISTINCT FROM symbol_asset
   OR moves <> CASE WHEN come > 0 THEN 2 ELSE 1 END
   OR come <> div(gone * coalesce(ratio, price), unit) * unit
   OR come > 0 AND come_asset IS DISTINCT FROM CASE kind WHEN 'delisting' THEN quote_asset WHEN 'redenomination' THEN gone_asset
                                                         ELSE into_asset END
UNION ALL
SELECT posting::text FROM posting JOIN entry ON entry.id = entry_id
WHERE 'actions' IN (source, target) AND kind NOT IN ('action', 'reversal')
UNION ALL
SELECT done::text FROM corporate_action_account done JOIN entry ON entry.id = done.entry_id
WHERE (entry.kind, entry.account_id) IS DISTINCT FROM ('action', done.account_id)
LIMIT 50;
