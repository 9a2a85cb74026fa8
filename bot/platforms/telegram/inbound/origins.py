"""Origin, sender and leaked codes of an update, read before it is written to the inbox. Pure."""

from collections.abc import Iterator
from typing import Any

from bot.middleware.leaked_link_codes import leaked_codes
from bot.platforms.telegram.inbound.receive import KINDS
from people.identity.codes import LENGTH, LinkCode

_NAME_LIMIT = 128
_NUMBERS = 1 << 63
_UNREADABLE = frozenset(
    ("id", "file_id", "file_unique_id", "custom_emoji_id", "media_group_id", "chat_instance", "data", "callback_data")
)
"""Text fields of a message, and of what it contains, that readers neither see nor open. All others may be read: texts,
captions, addresses, titles, questions, names of files, of topics and of users.
"""


def origin_and_lane(update: dict[str, Any]) -> tuple[str, str]:
    """Returns the identity of the update's content under any update id, and the lane in which its order is kept.

    An update that does not conform to the Bot API is identified by its update id alone.
    """
    other = f"update:{update['update_id']}", "other"
    try:
        origin, lane = _origin_and_lane(update) or other
    except (KeyError, TypeError, AttributeError):
        return other
    plain = (origin + lane).isascii() and (
        origin + lane
    ).isprintable()  # a database cannot store NUL or unpaired surrogates
    return (origin, lane) if plain and max(len(origin), len(lane)) <= _NAME_LIMIT else other


def sender_of(update: dict[str, Any]) -> str:
    """Returns the id of the user, or of the chat in whose name the message is written. '' if unknown."""
    for kind in KINDS:
        content = update.get(kind)
        if isinstance(content, dict):
            named = content.get("sender_chat") or content.get("from")
            number = named.get("id") if isinstance(named, dict) else None
            return str(number) if isinstance(number, int) and abs(number) < _NUMBERS else ""
    return ""


def public_codes(update: dict[str, Any]) -> frozenset[LinkCode]:
    """Returns the link codes in everything that others can read with an update of a public chat, whoever wrote it: a
    message with all that it contains and quotes, the message of a pressed button, and the title of the chat.
    """
    return frozenset[LinkCode]().union(
        *(leaked_codes(text) for kind in KINDS if _is_public(update.get(kind)) for text in _texts(update[kind]))
    )


def _is_public(content: Any) -> bool:
    if not isinstance(content, dict):
        return False
    chat = content.get("chat")
    if chat is None and isinstance(message := content.get("message"), dict):
        chat = message.get("chat")
    return isinstance(chat, dict) and chat.get("type") != "private"


def _texts(content: Any) -> Iterator[str]:
    """Returns the texts at every depth that are long enough for a code."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += (value for name, value in part.items() if name not in _UNREADABLE)
        elif isinstance(part, str) and len(part) >= LENGTH:
            yield part


def _origin_and_lane(update: dict[str, Any]) -> tuple[str, str] | None:
    """Raises KeyError, TypeError and AttributeError."""
    if message := update.get("message"):
        chat = message["chat"]["id"]
        return f"message:{chat}:{message['message_id']}", str(chat)
    if query := update.get("callback_query"):
        chat = query.get("message", {}).get("chat", {}).get("id", query["from"]["id"])
        return f"press:{query['id']}", str(chat)
    if query := update.get("inline_query"):
        return f"inline:{query['id']}", f"inline:{query['from']['id']}"
    if change := update.get("my_chat_member"):
        return f"update:{update['update_id']}", str(change["chat"]["id"])
    return None
