"""Notifications of users: broadcasts, lost chats, linked identities."""

import msgspec


class ChatGone(msgspec.Struct, frozen=True, tag_field="kind", tag="chat-gone"):
    """A chat that can no longer be written to.

    Its pending notifications are sent to the chat that receives this notice.
    """

    platform: str
    chat_id: str


class Broadcast(msgspec.Struct, frozen=True, tag_field="kind", tag="broadcast"):
    """A message from an operator to every user, in the operator's own words."""

    text: str


class LinkAsked(msgspec.Struct, frozen=True, tag_field="kind", tag="link-asked"):
    """A request to join the user's account, made by an identity of `platform` that opened a link with the user's code.

    `code_id` is the number of the code; `how` is merge or move.
    """

    code_id: int
    platform: str
    how: str


class LinkJoined(msgspec.Struct, frozen=True, tag_field="kind", tag="link-joined"):
    """A join with the user's code, made by an identity of `platform`; `former_id` was its user until then."""

    former_id: int
    platform: str


class LinkUndone(msgspec.Struct, frozen=True, tag_field="kind", tag="link-undone"):
    """An undone join: an identity of `platform` that had joined within a day left again with what it had brought."""

    platform: str
