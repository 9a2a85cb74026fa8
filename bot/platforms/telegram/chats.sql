-- Chats that come and go. `$1` is the platform; a chat's topics (`-1001/5`) share its fate.

-- name: away
-- $2 chat, $3 reason, $4 the notice that says so, $5 its kind, $6 what makes the notice's key one of its own: the desk
-- was blocked or removed. Alerts of every kind move to where their users can be reached; users without any are not told.
WITH retired AS (
    UPDATE notification_chat SET retired_at = now(), reason = $3
    WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/')) AND retired_at IS NULL
    RETURNING person_id, chat_id
), elsewhere AS (
    SELECT DISTINCT ON (person_id) person_id, platform, chat_id FROM notification_chat
    WHERE person_id IN (SELECT person_id FROM retired) AND retired_at IS NULL AND NOT public
      AND NOT (platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/')))
    ORDER BY person_id, seen_at DESC, platform, chat_id
), moved AS (
    UPDATE alert SET platform = elsewhere.platform, chat_id = elsewhere.chat_id, changed = pg_current_xact_id()
    FROM elsewhere JOIN retired USING (person_id)
    WHERE alert.person_id = elsewhere.person_id AND alert.platform = $1 AND alert.chat_id = retired.chat_id
      AND alert.state IN ('armed', 'muted')
    RETURNING alert.person_id
), foreseen AS (
    UPDATE forecast_alert SET platform = elsewhere.platform, chat_id = elsewhere.chat_id
    FROM elsewhere JOIN retired USING (person_id)
    WHERE forecast_alert.person_id = elsewhere.person_id AND forecast_alert.platform = $1
      AND forecast_alert.chat_id = retired.chat_id AND forecast_alert.state = 'armed'
    RETURNING forecast_alert.person_id
), ranges AS (
    UPDATE range_alert SET platform = elsewhere.platform, chat_id = elsewhere.chat_id, changed = pg_current_xact_id()
    FROM elsewhere JOIN retired USING (person_id)
    WHERE range_alert.person_id = elsewhere.person_id AND range_alert.platform = $1
      AND range_alert.chat_id = retired.chat_id AND range_alert.state = 'armed'
    RETURNING range_alert.person_id
), conditions AS (
    UPDATE condition_alert
    SET platform = elsewhere.platform, chat_id = elsewhere.chat_id, changed = pg_current_xact_id()
    FROM elsewhere JOIN retired USING (person_id)
    WHERE condition_alert.person_id = elsewhere.person_id AND condition_alert.platform = $1
      AND condition_alert.chat_id = retired.chat_id AND condition_alert.state IN ('armed', 'muted')
    RETURNING condition_alert.person_id
)
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)
SELECT DISTINCT 'gone:' || $6 || ':' || person_id, person_id, elsewhere.platform, elsewhere.chat_id, $5, $4::jsonb
FROM (
    SELECT person_id FROM moved UNION SELECT person_id FROM foreseen UNION SELECT person_id FROM ranges
    UNION SELECT person_id FROM conditions
) AS told JOIN elsewhere USING (person_id)
ON CONFLICT (key) DO NOTHING

-- name: back
-- $2 chat: the desk can write there again, and to its topics
UPDATE notification_chat SET retired_at = NULL, reason = NULL
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/')) AND retired_at IS NOT NULL

-- name: follow_chats
-- $2 the group's old chat, $3 its new one, here and below
INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)
SELECT person_id, platform, $3 || substr(chat_id, length($2) + 1), public, seen_at FROM notification_chat
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))
ON CONFLICT (person_id, platform, chat_id) DO UPDATE SET retired_at = NULL, reason = NULL

-- name: follow_homes
UPDATE notification_destination SET chat_id = $3 || substr(chat_id, length($2) + 1)
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))

-- name: follow_alerts
UPDATE alert SET chat_id = $3 || substr(chat_id, length($2) + 1), changed = pg_current_xact_id()
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))

-- name: follow_forecast_alerts
UPDATE forecast_alert SET chat_id = $3 || substr(chat_id, length($2) + 1)
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))

-- name: follow_range_alerts
UPDATE range_alert SET chat_id = $3 || substr(chat_id, length($2) + 1), changed = pg_current_xact_id()
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))

-- name: follow_condition_alerts
UPDATE condition_alert SET chat_id = $3 || substr(chat_id, length($2) + 1), changed = pg_current_xact_id()
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))

-- name: follow_outbox
UPDATE outbox SET chat_id = $3 || substr(chat_id, length($2) + 1)
WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/')) AND state = 'pending'

-- name: follow_group
-- The channels in which the desk answers are the group itself or topics of it.
UPDATE chat_group SET group_id = $3, channels = (
    SELECT coalesce(jsonb_object_agg(
        CASE WHEN key = $2 OR starts_with(key, $2 || '/') THEN $3 || substr(key, length($2) + 1) ELSE key END, value
    ), '{}') FROM jsonb_each(channels)
)
WHERE platform = $1 AND group_id = $2
  AND NOT EXISTS (SELECT FROM chat_group AS there WHERE there.platform = $1 AND there.group_id = $3)

-- name: follow_feeds
-- The old messages stay behind; what is posted next is another edition.
UPDATE price_feed
SET group_id = $3, chat_id = $3 || substr(chat_id, length($2) + 1), message_id = NULL, edition = edition + 1,
    turn = turn + 1, next_at = now()
WHERE platform = $1 AND group_id = $2
  AND NOT EXISTS (SELECT FROM price_feed AS there WHERE there.platform = $1 AND there.group_id = $3)

-- name: leave_chats
DELETE FROM notification_chat WHERE platform = $1 AND (chat_id = $2 OR starts_with(chat_id, $2 || '/'))

-- name: leave_questions
-- Messages have other numbers in the new chat.
DELETE FROM pending_prompt WHERE platform = $1 AND (chat = $2 OR starts_with(chat, $2 || '/'))
