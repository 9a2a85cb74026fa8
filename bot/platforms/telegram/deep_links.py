"""Deep links: the commands that `https://t.me/BOT?start=PAYLOAD` may carry into the private chat."""

import re

LINKED = frozenset(("link", "alert", "price", "chart", "strategy"))
"""Commands that a deep link may carry. A link must never place an order."""

_FROM_PAYLOAD = str.maketrans("_-", " .")
_CARRIED = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_PAYLOAD = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*", re.ASCII)


def deep_link(text: str) -> str:
    """Converts the payload of a link to a command line: `/start link_3fK9` becomes `/link 3fK9`.

    Only commands that are safe in links of strangers are converted; others become `/start`. Text without a payload is
    returned unchanged.
    """
    found = _PAYLOAD.fullmatch(text)
    if found is None:
        return text
    name, _, rest = found[1].partition("_")
    if name == "link":
        return f"/{name} {rest}"
    return f"/{name} {rest.translate(_FROM_PAYLOAD)}" if name in LINKED and rest else "/start"


def opened_line(text: str) -> str:
    """Like `deep_link`, but marks a link code as opened by a link: the user who created it is asked to confirm."""
    line = deep_link(text)
    return line if line == text else line.replace("/link ", "/link link_", 1)


def link_to(bot_name: str, *words: str) -> str:
    """Returns the address that opens the bot's private chat with this line; '' if no link may carry it."""
    payload = link_payload(*words)
    return f"https://t.me/{bot_name}?start={payload}" if payload else ""


def link_payload(*words: str) -> str:
    """Encodes the words of a line for `/start`: letters, digits, `_` for a blank and `-` for a point.

    Returns '' if a character or the command cannot be carried.
    """
    payload = "_".join(words).replace(".", "-")
    plain = not any("_" in word or "-" in word for word in words)
    return payload if plain and words[0] in LINKED and _CARRIED.fullmatch(payload) else ""
