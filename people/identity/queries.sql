-- name: keep_code
-- $1 person, $2 selector, $3 hash, $4 until when
SELECT save_link_code($1, $2, $3, $4);

-- name: forget_guesses
-- $1 before
DELETE FROM link_code_attempt WHERE since < $1;

-- name: claim
-- $1 selector, $2 hash, $3 platform, $4 identity, $5 whether others read along, $6 now
SELECT outcome, code_id, host_id, open_at FROM claim_link_code($1, $2, $3, $4, $5, $6);

-- name: revoke
-- $1 selectors, $2 hashes of codes that others may have read; locked in one order, so that two callers do not wait for
-- each other
WITH leaked AS MATERIALIZED (
    SELECT id FROM link_code JOIN unnest($1::text[], $2::bytea[]) AS read (selector, hash) USING (selector, hash)
    WHERE state = 'open' ORDER BY id FOR UPDATE OF link_code
)
UPDATE link_code SET state = 'burned' FROM leaked WHERE link_code.id = leaked.id;

-- name: came_by_link
-- $1 code, $2 whether a link entered it
UPDATE link_code SET by_link = $2 WHERE id = $1;

-- name: ask_host
-- $1 code, $2 platform, $3 identity, $4 how, $5 now, $6 open until, $7 notice, $8 its kind. The first choice holds. The
-- person is asked once, in the newest private chat; no row where there is none.
WITH asked AS (
    UPDATE link_code SET how = coalesce(how, $4), asked_at = coalesce(asked_at, $5),
                         expires_at = CASE WHEN asked_at IS NULL THEN $6 ELSE expires_at END
    WHERE id = $1 AND claimed_platform = $2 AND claimed_id = $3 AND state = 'open'
      AND EXISTS (SELECT FROM notification_chat
                  WHERE person_id = link_code.person_id AND retired_at IS NULL AND NOT public)
    RETURNING id, person_id, how, confirmed_at
), told AS (
    INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
    SELECT 'link:' || asked.id, asked.person_id, chat.platform, chat.chat_id, $8, $7::jsonb
    FROM asked CROSS JOIN LATERAL (
        SELECT platform, chat_id FROM notification_chat
        WHERE person_id = asked.person_id AND retired_at IS NULL AND NOT public ORDER BY seen_at DESC LIMIT 1
    ) AS chat
    ON CONFLICT (key) DO NOTHING
)
SELECT how FROM asked;

-- name: allow
-- $1 code, $2 the person who made it, $3 now
UPDATE link_code SET confirmed_at = coalesce(confirmed_at, $3)
WHERE id = $1 AND person_id = $2 AND asked_at IS NOT NULL AND state IN ('open', 'used')
RETURNING claimed_platform, claimed_id, how;

-- name: refuse
-- $1 code, $2 the person who made it
UPDATE link_code SET state = 'burned' WHERE id = $1 AND person_id = $2 AND state IN ('open', 'burned') RETURNING id;

-- name: cancel
-- $1 code, $2 platform, $3 identity
UPDATE link_code SET state = 'burned'
WHERE id = $1 AND claimed_platform = $2 AND claimed_id = $3 AND state IN ('open', 'burned')
RETURNING id;

-- name: join
-- $1 code, $2 platform, $3 identity, $4 how, $5 now, $6 market time
SELECT outcome, host_id, how_done, missing, missing_asset FROM link_persons($1, $2, $3, $4, $5, $6);

-- name: host_chat
-- $1 code; the newest private chat of the person who made it. No row where there is none, or where that person confirmed.
SELECT link_code.person_id, platform, chat_id FROM link_code JOIN notification_chat USING (person_id)
WHERE link_code.id = $1 AND confirmed_at IS NULL AND retired_at IS NULL AND NOT public ORDER BY seen_at DESC LIMIT 1;

-- name: tell_joined
-- $1 code, $2 person, $3 platform, $4 chat, $5 notice, $6 its kind
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
VALUES ('link-joined:' || $1::bigint, $2, $3, $4, $6, $5::jsonb) ON CONFLICT (key) DO NOTHING;

-- name: former
-- $1 platform, $2 identity
SELECT former_id FROM link_join WHERE (platform, external_id) = ($1, $2);

-- name: joined
-- $1 person, $2 the person that the identity was
SELECT platform, external_id FROM link_join WHERE (host_id, former_id) = ($1, $2);

-- name: part
-- $1 person, $2 platform, $3 identity
SELECT outcome, ended FROM unlink_identity($1, $2, $3);

-- name: brought
-- $1 platform, $2 identity
SELECT cardinality(accounts) + (SELECT count(*) FROM account WHERE person_id = former_id) AS accounts,
       (SELECT count(*) FROM alert WHERE id = ANY(alerts) AND person_id = host_id AND state IN ('armed', 'muted'))
       + (SELECT count(*) FROM range_alert WHERE id = ANY(alerts) AND person_id = host_id AND state = 'armed')
       + (SELECT count(*) FROM forecast_alert
          WHERE id = ANY(forecast_alerts) AND person_id = host_id AND state = 'armed') AS alerts,
       (SELECT count(*) FROM recurring_buy WHERE id = ANY(recurring_buys) AND person_id = host_id) AS repeats,
       (SELECT count(*) FROM watchlist_item WHERE person_id = former_id) AS watched
FROM link_join WHERE (platform, external_id) = ($1, $2);

-- name: tell_undone
-- $1 person, $2 notice, $3 its kind; in the newest private chat, nowhere where there is none
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT 'link-undone:' || gen_random_uuid(), person_id, platform, chat_id, $3, $2::jsonb FROM notification_chat
WHERE person_id = $1 AND retired_at IS NULL AND NOT public ORDER BY seen_at DESC LIMIT 1;

-- name: forget
-- $1 person, $2 now, $3 market time
SELECT erase_person($1, $2, $3);

-- name: identities
-- $1 person
SELECT platform, external_id FROM identity WHERE person_id = $1 ORDER BY platform, external_id;

-- name: accounts
-- $1 person; trades count those of accounts that were merged into it
SELECT account.id, market, quote_asset, granted,
       coalesce((SELECT available + held FROM balance WHERE account_id = account.id AND asset = quote_asset), 0) AS cash,
       (SELECT count(*) FROM balance
        WHERE account_id = account.id AND asset <> quote_asset AND available + held > 0) AS positions,
       (SELECT count(*) FROM orders WHERE account_id IN (SELECT account_lineage(account.id))) AS trades
FROM account WHERE person_id = $1 ORDER BY account.id;

-- name: counts
-- $1 person
SELECT (SELECT count(*) FROM alert WHERE person_id = $1 AND state IN ('armed', 'muted'))
       + (SELECT count(*) FROM range_alert WHERE person_id = $1 AND state = 'armed')
       + (SELECT count(*) FROM forecast_alert WHERE person_id = $1 AND state = 'armed') AS alerts,
       (SELECT count(*) FROM watchlist_item WHERE person_id = $1) AS watched,
       (SELECT count(*) FROM notification_chat WHERE person_id = $1) AS chats,
       (SELECT count(*) FROM outbox WHERE person_id = $1) AS notices,
       (SELECT count(*) FROM recurring_buy WHERE person_id = $1) AS repeats;

-- name: watched
-- $1 person
SELECT symbol FROM watchlist_item WHERE person_id = $1 ORDER BY place, symbol;

-- name: lock_person
-- $1 person; counting and adding go together
SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE;

-- name: watch
-- $1 person, $2 symbols in order
INSERT INTO watchlist_item (person_id, symbol, place)
SELECT $1, symbol, i + (SELECT coalesce(max(place), 0) FROM watchlist_item WHERE person_id = $1)
FROM unnest($2::text[]) WITH ORDINALITY AS wanted (symbol, i)
ON CONFLICT (person_id, symbol) DO NOTHING
RETURNING symbol, place;

-- name: unwatch
-- $1 person, $2 symbols
DELETE FROM watchlist_item WHERE person_id = $1 AND symbol = ANY($2) RETURNING symbol;
