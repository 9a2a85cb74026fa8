"""Origin, sender and leaked codes of an update, read before it is written to the inbox. Pure."""

from collections.abc import Iterator
from typing import Any

from bot.middleware.leaked_link_codes import leaked_codes
from bot.platforms.telegram.inbound.receive import KINDS
from people.identity.codes import LinkCode

_NAME_LIMIT = 128
_NUMBERS = 1 << 63
_READABLE = ("text", "caption", "url")
"""Fields of a message, and of what it contains, that readers see or open."""


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
    """Returns the link codes in everything that others can read with a message, whoever wrote it: its text, caption and
    addresses, and those of the messages that it quotes.
    """
    message = update.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or chat.get("type") == "private":
        return frozenset()
    return frozenset[LinkCode]().union(*map(leaked_codes, _texts(message)))


def _texts(content: Any) -> Iterator[str]:
    """Returns the texts and addresses at every depth."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            yield from (part[name] for name in _READABLE if isinstance(part.get(name), str))


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
