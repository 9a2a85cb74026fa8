-- depends: 0079.forgotten_robots
--
-- The one rule by which a chat is chosen for what a user is told about the account.

-- The chat for a notification about the account: the one that the user chose, else the private one where the user was seen last,
-- else none. A chosen chat that others read gets the kinds that the question names under which it was chosen
-- (notify-here-public in notices.ftl); other kinds go there only for a user without a private chat, so that nothing is lost.
-- Without a search_path of its own it becomes a part of the query: results of orders ask for many chats at once.
CREATE FUNCTION notice_chat(p_person bigint, p_kind text)
RETURNS TABLE (person_id bigint, platform text, chat_id text, public boolean)
LANGUAGE sql STABLE AS $$
    SELECT chat.person_id, chat.platform, chat.chat_id, chat.public
    FROM notification_chat AS chat LEFT JOIN notification_destination AS home USING (person_id, platform, chat_id)
    WHERE chat.person_id = p_person AND chat.retired_at IS NULL AND (home.person_id IS NOT NULL OR NOT chat.public)
    ORDER BY chat.public AND p_kind <> ALL (ARRAY[
                 'fill', 'order-triggered', 'order-ended', 'expiry', 'repeat', 'repeat-missed', 'robot', 'order-group',
                 'rebalance-drift', 'rebalance-failed', 'corporate-action', 'delisted', 'limit', 'correction', 'scan', 'headline',
                 'digest']),
             home.person_id IS NULL, chat.seen_at DESC, chat.platform, chat.chat_id
    LIMIT 1
$$;

REVOKE ALL ON FUNCTION notice_chat(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notice_chat(bigint, text) TO paperdesk_app;
