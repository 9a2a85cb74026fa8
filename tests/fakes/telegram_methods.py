"""What each method of the Bot API does in the fake."""

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from tests.fakes.telegram_chats import BOT, Chat, Json, Refusal, make_message, member_of
from tests.fakes.telegram_spec import Upload

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

PNG_SIDE = 800
MEDIA = ("photo", "document")
_WORDS = ("text", "entities", "caption", "caption_entities", "reply_markup", *MEDIA)


class Methods:
    """`sent` has every message as it is sent or edited, `uploads` every file under its id."""

    def __init__(self, world: "FakeTelegram") -> None:
        self._world = world
        self.commands: dict[str, list[Json]] = {}
        self.webhook = ""
        self.silent: set[int] = set()
        self.uploads: dict[str, bytes] = {}
        self.sent: asyncio.Queue[Json] = asyncio.Queue()

    def call(self, method: str, values: Json, files: dict[str, Upload]) -> Any:
        """The result. Raises Refusal, and KeyError for what the fake does not serve."""
        return self._served[method](self, values, files)

    def serves(self, method: str) -> bool:
        return method in self._served

    # -- the bot itself --------------------------------------------------------------------------

    def _get_me(self, _: Json, __: dict[str, Upload]) -> Json:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}

    def _set_webhook(self, values: Json, _: dict[str, Upload]) -> bool:
        self.webhook = values.get("url", "")
        return True

    def _set_commands(self, values: Json, _: dict[str, Upload]) -> bool:
        self.commands[_scope(values)] = values["commands"]
        return True

    def _get_commands(self, values: Json, _: dict[str, Upload]) -> list[Json]:
        return self.commands.get(_scope(values), [])

    def _acknowledge(self, _: Json, __: dict[str, Upload]) -> bool:
        return True

    def _act(self, values: Json, _: dict[str, Upload]) -> bool:
        self._open(values)
        return True

    def _get_member(self, values: Json, _: dict[str, Upload]) -> Json:
        user = {"id": values["user_id"], "is_bot": False, "first_name": "?"}
        return member_of(self._open(values), user)

    # -- sending ---------------------------------------------------------------------------------

    def _send_text(self, values: Json, _: dict[str, Upload]) -> Json:
        return self._put(values, {"text": values["text"]} | _given(values, "entities"))

    def _send_photo(self, values: Json, _: dict[str, Upload]) -> Json:
        return self._put(values, self._photo(values["photo"]) | _given(values, "caption", "caption_entities"), "photos")

    def _send_document(self, values: Json, _: dict[str, Upload]) -> Json:
        content = self._document(values["document"]) | _given(values, "caption", "caption_entities")
        return self._put(values, content, "documents")

    def _send_album(self, values: Json, files: dict[str, Upload]) -> list[Json]:
        group = {"media_group_id": str(self._world.next_id())}
        return [self._put(values, self._media(item, files) | group, "photos") for item in values["media"]]

    def _put(self, values: Json, content: Json, media: str = "") -> Json:
        chat = self._open(values)
        chat.check_rights(media=media)
        replied, topic = values.get("reply_parameters", {}), values.get("message_thread_id")
        target = chat.messages.get(replied.get("message_id"))
        if replied and target is None and not replied.get("allow_sending_without_reply"):
            raise Refusal(400, "Bad Request: message to be replied not found")
        if topic and (not chat.body.get("is_forum") or topic == 1 or topic in chat.gone_topics):
            raise Refusal(400, "Bad Request: message thread not found")
        message = make_message(self._world, chat, dict(BOT), topic=topic, reply_to=target)
        message.update(content)
        message |= {k: v for k, v in _given(values, "reply_markup").items() if "inline_keyboard" in v}
        if values.get("disable_notification"):
            self.silent.add(message["message_id"])
        self.sent.put_nowait(message)
        return message

    # -- editing ---------------------------------------------------------------------------------

    def _edit_text(self, values: Json, _: dict[str, Upload]) -> Json:
        message = self._own(values)
        if "text" not in message:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        return self._edited(message, {"text": values["text"]} | _given(values, "entities", "reply_markup"), _WORDS)

    def _edit_caption(self, values: Json, _: dict[str, Upload]) -> Json:
        message = self._own(values)
        if "text" in message:
            raise Refusal(400, "Bad Request: there is no caption in the message to edit")
        changed = _given(values, "caption", "caption_entities", "reply_markup")
        return self._edited(message, changed, ("caption", "caption_entities", "reply_markup"))

    def _edit_media(self, values: Json, files: dict[str, Upload]) -> Json:
        message = self._own(values)
        self._world.chats[message["chat"]["id"]].check_rights(media=f"{values['media']['type']}s")
        return self._edited(message, self._media(values["media"], files) | _given(values, "reply_markup"), _WORDS)

    def _edit_keys(self, values: Json, _: dict[str, Upload]) -> Json:
        return self._edited(self._own(values), _given(values, "reply_markup"), ("reply_markup",))

    def _own(self, values: Json) -> Json:
        message = self._open(values).messages.get(values["message_id"])
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if message["from"]["id"] != BOT["id"]:
            raise Refusal(400, "Bad Request: message can't be edited")
        return message

    def _edited(self, message: Json, changed: Json, dropped: tuple[str, ...]) -> Json:
        before = {key: value for key, value in message.items() if key != "edit_date"}
        anew = {key: value for key, value in before.items() if key not in dropped} | changed
        if anew == before:
            raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        message.clear()
        message.update(anew, edit_date=self._world.now())
        self.sent.put_nowait(message)
        return message

    # -- what they share -------------------------------------------------------------------------

    def _open(self, values: Json) -> Chat:
        chat = self._world.chats.get(values["chat_id"])
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        chat.check_open()
        return chat

    def _media(self, item: Json, files: dict[str, Upload]) -> Json:
        upload = files.get(str(item["media"]).removeprefix("attach://"), Upload())
        content = self._photo(upload) if item["type"] == "photo" else self._document(upload)
        return content | _given(item, "caption", "caption_entities")

    def _photo(self, upload: Any) -> Json:
        sides = {"width": PNG_SIDE, "height": PNG_SIDE}
        return {"photo": [self._file(upload) | sides]}

    def _document(self, upload: Any) -> Json:
        return {"document": self._file(upload) | {"file_name": getattr(upload, "name", "")}}

    def _file(self, upload: Any) -> Json:
        data = bytes(upload) if isinstance(upload, bytes) else b""
        file_id = f"f{self._world.next_id()}"
        self.uploads[file_id] = data
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}

    _served: ClassVar[dict[str, Any]] = {
        "getMe": _get_me,
        "setWebhook": _set_webhook,
        "deleteWebhook": _set_webhook,
        "setMyCommands": _set_commands,
        "getMyCommands": _get_commands,
        "answerCallbackQuery": _acknowledge,
        "answerInlineQuery": _acknowledge,
        "sendChatAction": _act,
        "getChatMember": _get_member,
        "sendMessage": _send_text,
        "sendPhoto": _send_photo,
        "sendDocument": _send_document,
        "sendMediaGroup": _send_album,
        "editMessageText": _edit_text,
        "editMessageCaption": _edit_caption,
        "editMessageMedia": _edit_media,
        "editMessageReplyMarkup": _edit_keys,
    }


def _scope(values: Json) -> str:
    return f"{values.get('scope', {}).get('type', 'default')}/{values.get('language_code', '')}"


def _given(values: Json, *names: str) -> Json:
    return {name: values[name] for name in names if name in values}
