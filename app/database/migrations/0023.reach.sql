-- depends: 0022.digest_granted
--
-- Each person, and where a message to everyone reaches them in private (`platform` and `chat_id`; NULL: nowhere).
-- `way`: `private` the private chat in which they were last seen; `direct` a direct message on Discord, which a bot may
-- open with a member of its servers. Nowhere: `banned`; `off` they turned such messages off; `blocked` they blocked the
-- bot or closed the chat; `group` they are known from groups of a platform where the bot cannot write first; `unknown`.
CREATE VIEW broadcast_reach AS
SELECT person_id, way,
       CASE way WHEN 'private' THEN own_platform WHEN 'direct' THEN 'discord' END AS platform,
       CASE way WHEN 'private' THEN own_chat WHEN 'direct' THEN 'dm:' || discord_id END AS chat_id
FROM (
    SELECT person.id AS person_id, own.platform AS own_platform, own.chat_id AS own_chat, discord.external_id AS discord_id,
           CASE WHEN EXISTS (SELECT FROM ban WHERE ban.person_id = person.id) THEN 'banned'
                WHEN EXISTS (
                    SELECT FROM push_preference AS preference
                    WHERE preference.person_id = person.id AND kind = 'broadcast' AND mode = 'off'
                ) THEN 'off'
                WHEN own.chat_id IS NOT NULL THEN 'private'
                WHEN discord.external_id IS NOT NULL THEN 'direct'
                WHEN EXISTS (
                    SELECT FROM push_chat AS chat WHERE chat.person_id = person.id AND retired_at IS NOT NULL
                        AND (NOT public OR starts_with(chat_id, 'dm:'))
                ) THEN 'blocked'
                WHEN EXISTS (SELECT FROM push_chat AS chat WHERE chat.person_id = person.id) THEN 'group'
                ELSE 'unknown' END AS way
    FROM person
    LEFT JOIN LATERAL (
        SELECT platform, chat_id FROM push_chat AS chat
        WHERE chat.person_id = person.id AND NOT public AND retired_at IS NULL
        ORDER BY seen_at DESC, platform, chat_id LIMIT 1
    ) AS own ON true
    LEFT JOIN LATERAL (
        SELECT external_id FROM identity
        WHERE identity.person_id = person.id AND platform = 'discord'
          AND NOT EXISTS (
              SELECT FROM push_chat AS chat
              WHERE chat.person_id = person.id AND platform = 'discord' AND retired_at IS NOT NULL
                AND (NOT public OR starts_with(chat_id, 'dm:'))
          )
        ORDER BY external_id LIMIT 1
    ) AS discord ON true
) AS reached;

GRANT SELECT ON broadcast_reach TO paperdesk_app;
