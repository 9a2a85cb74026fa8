"""Words that users type as if they were commands, and the command of each: `timezone`, `quiet`, `channel`."""

from bot.arguments.group_words import GROUP_ONLY
from bot.arguments.notification_words import TOPICS
from bot.arguments.preferences import setting_named
from people.notifications.preferences import NotificationSetting

_NOTIFIED = frozenset((NotificationSetting.QUIET, NotificationSetting.DIGEST))


def topic_line(word: str) -> str:
    """Returns the line of the command that the word is a topic of, such as `/settings timezone`; '' for other words."""
    folded = word.casefold()
    if (setting := setting_named(folded)) is not None:
        return f"/settings {setting}"
    if (topic := TOPICS.get(folded)) in _NOTIFIED:
        return f"/notifications {topic}"
    return f"/group {GROUP_ONLY[folded]}" if folded in GROUP_ONLY else ""
