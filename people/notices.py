"""Notifications of users: broadcasts, lost chats, linked identities."""

import msgspec


class ChatGone(msgspec.Struct, frozen=True, tag_field="kind", tag="chat-gone"):
    """A chat cannot be written to any more; what was meant for it goes to where this notice is read."""

    platform: str
    chat_id: str


class Broadcast(msgspec.Struct, frozen=True, tag_field="kind", tag="broadcast"):
    """What whoever runs the desk says to everyone, in their own words."""

    text: str


class LinkAsked(msgspec.Struct, frozen=True, tag_field="kind", tag="link-asked"):
    """An identity of `platform` opened a link with the person's code, by its number, and wants to join them: `how` is
    merge or move."""

    code_id: int
    platform: str
    how: str


class LinkUndone(msgspec.Struct, frozen=True, tag_field="kind", tag="link-undone"):
    """An identity of `platform` that had joined the person within a day left again, with what it had brought."""

    platform: str
