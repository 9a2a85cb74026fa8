"""Fairness of the inbox: whose turn an update is, and which senders have as many lanes as one may have."""

from collections import Counter
from collections.abc import Iterable

LANES_OF_A_SENDER = 4
"""Maximum number of lanes in which updates of one user, or of all groups and channels, are answered at once."""

_CHATS = "-"


def turn_of(lane: str, sender: str) -> tuple[str, str]:
    """Returns whose turn an update of a group is: the lane and the sender, `-` for any other group or channel."""
    return lane, sender if sender == lane else _party(sender)


def full_senders(answering: Iterable[str]) -> set[str]:
    """Returns the senders that may have no further lane, `-` for all groups and channels. `answering` are the senders
    of the updates being answered, one for each.
    """
    lanes = Counter(_party(sender) for sender in answering if sender)
    return {sender for sender, count in lanes.items() if count >= LANES_OF_A_SENDER}


def _party(sender: str) -> str:
    return _CHATS if sender.startswith(_CHATS) else sender
