"""Deep links: what `https://t.me/BOT?start=PAYLOAD` may carry into the private chat."""

import re

LINKED = frozenset(("link", "alert", "price", "chart"))
"""Commands that a deep link may carry: a link must never buy."""

_REPEATING = frozenset(("every", "always", "repeat"))
"""Words of a repeating alert that a payload can carry. A link makes an alert for one time; its notice offers more."""

_FROM_PAYLOAD = str.maketrans("_-", " .")
_CARRIED = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_PAYLOAD = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*", re.ASCII)


def deep_link(text: str) -> str:
    """`/start link_3fK9` is `/link 3fK9`: the words of a link, but only of commands that a stranger may send along."""
    found = _PAYLOAD.fullmatch(text)
    if found is None:
        return text
    name, _, rest = found[1].partition("_")
    if name == "link":
        return f"/{name} {rest}"
    words = rest.translate(_FROM_PAYLOAD).split(" ")
    if name == "alert":
        words = [word for word in words if word.strip(".").casefold() not in _REPEATING]
    return f"/{name} {' '.join(words)}" if name in LINKED and rest else "/start"


def opened_line(text: str) -> str:
    """As `deep_link`, with the mark of a link before a code: who sent the link is not known, so its person is asked."""
    line = deep_link(text)
    return line if line == text else line.replace("/link ", "/link link_", 1)


def link_to(bot_name: str, *words: str) -> str:
    """The address that opens the bot's private chat with this line; '' where no link may carry it."""
    payload = link_payload(*words)
    return f"https://t.me/{bot_name}?start={payload}" if payload else ""


def link_payload(*words: str) -> str:
    """The words of a line as `/start` carries them: letters, digits, `_` for a blank and `-` for a point; '' where
    there is a letter that it cannot carry."""
    payload = "_".join(words).replace(".", "-")
    plain = not any("_" in word or "-" in word for word in words)
    return payload if plain and words[0] in LINKED and _CARRIED.fullmatch(payload) else ""
