-- name: watched
-- $1 market, $2 quote asset, $3 after this account, $4 how many, $5 kinds
SELECT a.id AS account_id, a.person_id, p.timezone
FROM account a JOIN person p ON p.id = a.person_id
WHERE a.market = $1 AND a.quote_asset = $2 AND a.closed_at IS NULL AND a.id > $3
  AND (EXISTS (SELECT FROM trading_limit l WHERE l.person_id = a.person_id AND l.kind = ANY($5::text[]))
       OR EXISTS (SELECT FROM desk_limit l WHERE l.kind = ANY($5::text[])))
ORDER BY a.id LIMIT $4;

-- name: watched_account
-- $1 account
SELECT a.id AS account_id, a.person_id, p.timezone
FROM account a JOIN person p ON p.id = a.person_id WHERE a.id = $1 AND a.closed_at IS NULL;

-- name: symbols
-- $1 accounts
SELECT DISTINCT symbol FROM balance
WHERE account_id = ANY($1::bigint[]) AND symbol IS NOT NULL AND available + held > 0 ORDER BY symbol;

-- name: value
-- $1 at, $2 accounts, $3 the ends of their days, $4 those of the days after, $5 symbols, $6 their prices. What was granted or
-- taken by an operator moves the references with it, and a new round, or a merge (round 0), begins them anew. A day that
-- begins is measured against the last equity before it, whenever that was. It has 23 hours at least, as one has when the
-- clocks go forward: a change of the time zone makes a day longer, not shorter. A clock that is behind adds what is missing.
INSERT INTO account_limit_state AS s
    (account_id, round, adjusted, equity, marks, valued_at, day_start, day_ends, peak, peak_at)
SELECT a.id, a.round, a.adjusted, worth.equity, worth.marks, $1, worth.equity,
       CASE WHEN past.day_ends + interval '23 hours' > wanted.day_ends THEN wanted.next_ends ELSE wanted.day_ends END,
       worth.equity, $1
FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) AS wanted (account_id, day_ends, next_ends)
JOIN account a ON a.id = wanted.account_id AND a.closed_at IS NULL
LEFT JOIN account_limit_state past ON past.account_id = a.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(held.total * coalesce(held.price, 1)), 0) AS equity,
           coalesce(jsonb_object_agg(held.symbol, held.price::text) FILTER (WHERE held.symbol IS NOT NULL), '{}') AS marks
    FROM (
        SELECT b.symbol, b.available + b.held AS total,
               CASE WHEN b.symbol IS NOT NULL THEN coalesce(mark.price, (was.marks->>b.symbol)::numeric,
                                                            b.cost / (b.available + b.held)) END AS price
        FROM balance b
        LEFT JOIN account_limit_state was ON was.account_id = b.account_id
        LEFT JOIN unnest($5::text[], $6::numeric[]) AS mark (symbol, price) ON mark.symbol = b.symbol
        WHERE b.account_id = a.id AND b.available + b.held > 0
    ) AS held
) AS worth
ORDER BY a.id
ON CONFLICT (account_id) DO UPDATE SET
    round = excluded.round, adjusted = excluded.adjusted, equity = excluded.equity, marks = excluded.marks,
    valued_at = greatest(s.valued_at, excluded.valued_at),
    day_start = CASE WHEN s.round <> excluded.round THEN excluded.equity
                     WHEN s.day_ends <= excluded.valued_at THEN s.equity + excluded.adjusted - s.adjusted
                     ELSE s.day_start + excluded.adjusted - s.adjusted END,
    day_ends = CASE WHEN s.day_ends <= excluded.valued_at THEN excluded.day_ends ELSE s.day_ends END,
    peak = CASE WHEN s.round <> excluded.round THEN excluded.equity
                ELSE greatest(s.peak + excluded.adjusted - s.adjusted, excluded.equity) END,
    peak_at = CASE WHEN s.round <> excluded.round OR excluded.equity > s.peak + excluded.adjusted - s.adjusted
                   THEN excluded.valued_at ELSE s.peak_at END
WHERE s.valued_at <= excluded.valued_at OR (s.round, s.adjusted) <> (excluded.round, excluded.adjusted)
   OR NOT s.marks ?& ARRAY(SELECT jsonb_object_keys(excluded.marks))
RETURNING account_id;

-- name: reached
-- $1 accounts, $2 at. The drawdown first: it pauses longer. An account may be paused by both.
SELECT s.account_id, a.person_id, l.kind, l.value, l.cooldown_minutes, l.of_desk, s.equity,
       CASE l.kind WHEN 'day' THEN s.day_start ELSE s.peak END AS reference,
       CASE l.kind WHEN 'day' THEN s.day_ends END AS until
FROM account_limit_state s JOIN account a ON a.id = s.account_id
CROSS JOIN LATERAL limits_in_force(a.person_id, $2) AS l
WHERE s.account_id = ANY($1::bigint[])
  AND (l.kind = 'day' AND s.day_start - s.equity >= l.value * s.day_start
       OR l.kind = 'drawdown' AND s.peak - s.equity >= l.value * s.peak)
  AND (s.paused_kind = l.kind AND (s.paused_until > $2) IS NOT FALSE OR l.kind = 'day' AND s.day_paused_until > $2) IS NOT TRUE
ORDER BY s.account_id, l.kind DESC;

-- name: pause
-- $1 account, $2 kind, $3 value, $4 of the desk, $5 at, $6 market time
SELECT pause_account($1, $2, $3, $4, $5, $6);

-- name: tell
-- $1 key, $2 person, $3 kind, $4 notice: to the chat of its kind
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT $1, chat.person_id, platform, chat_id, $3, $4::text::jsonb FROM notice_chat($2, $3) AS chat
WHERE NOT EXISTS (SELECT FROM notification_preference AS mode
                  WHERE mode.person_id = $2 AND mode.kind = $3 AND mode.mode = 'off')
ON CONFLICT (key) DO NOTHING;

-- name: limits_of
-- $1 account, $2 at. One row at least, without a limit where there is none.
SELECT l.*, pause.kind AS paused_kind, pause.value AS paused_value, pause.of_desk AS paused_desk, pause.at AS paused_at,
       pause.until AS paused_until
FROM account a
LEFT JOIN LATERAL pause_in_force(a.id, $2) AS pause ON true
LEFT JOIN LATERAL limits_in_force(a.person_id, $2) AS l ON true
WHERE a.id = $1 ORDER BY l.kind;

-- name: standing
-- $1 account, $2 symbol, $3 its price
SELECT a.quote_asset, s.day_start, s.day_ends, s.peak, worth.equity, worth.coin,
       (SELECT count(*) FROM open_order o WHERE o.account_id = a.id) AS open_orders,
       (SELECT coalesce(sum(each.most), 0) FROM (
            SELECT max((o.quantity - o.filled) * o.hold_price) AS most FROM open_order o
            WHERE o.account_id = a.id AND o.symbol = $2 AND o.hold_price IS NOT NULL
            GROUP BY coalesce(o.list_id, o.order_id)) AS each) AS open_purchases
FROM account a JOIN account_limit_state s ON s.account_id = a.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(total * coalesce(price, 1)), 0) AS equity, coalesce(sum(total * price) FILTER (WHERE symbol = $2), 0) AS coin
    FROM (SELECT b.symbol, b.available + b.held AS total,
                 CASE WHEN b.symbol = $2 THEN $3::numeric ELSE (s.marks->>b.symbol)::numeric END AS price
          FROM balance b WHERE b.account_id = a.id) AS held
) AS worth
WHERE a.id = $1;

-- name: sales
-- $1 account, $2 how many of the newest, $3 and all since. A resting order counts once.
SELECT at, realised, cost FROM (
    SELECT * FROM newest_sales($1, $2) UNION SELECT * FROM sales_since($1, $3)
) AS sale ORDER BY at DESC, sale DESC;

-- name: own
-- $1 person
SELECT kind, value, next_value, next_at FROM trading_limit WHERE person_id = $1;

-- name: desk
SELECT kind, value, cooldown_minutes FROM desk_limit;

-- name: lock_person
-- $1 person
SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: set
-- $1 person, $2 kind, $3 value, $4 cool-down, $5 next value, $6 next at, $7 at
INSERT INTO trading_limit (person_id, kind, value, cooldown_minutes, next_value, next_at, set_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (person_id, kind) DO UPDATE SET
    value = excluded.value, cooldown_minutes = excluded.cooldown_minutes, next_value = excluded.next_value,
    next_at = excluded.next_at, set_at = excluded.set_at;

-- name: drop
-- $1 person, $2 kind
DELETE FROM trading_limit WHERE person_id = $1 AND kind = $2;

-- name: resume
-- $1 account. The peak begins anew, or the account would be paused again at once. A pause by the day beside it stays.
UPDATE account_limit_state SET paused_kind = NULL, paused_value = NULL, paused_desk = NULL, paused_at = NULL,
    paused_until = NULL, peak = equity, peak_at = valued_at
WHERE account_id = $1 AND paused_kind = 'drawdown' RETURNING equity;

-- name: set_desk
-- $1 kind, $2 value, $3 cool-down, $4 at
INSERT INTO desk_limit (kind, value, cooldown_minutes, set_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind) DO UPDATE
    SET value = excluded.value, cooldown_minutes = excluded.cooldown_minutes, set_at = excluded.set_at;

-- name: drop_desk
-- $1 kind
DELETE FROM desk_limit WHERE kind = $1 RETURNING kind;
