"""Inline mode: `@bot BTC` in any chat offers price cards."""

import hashlib
import logging
from dataclasses import replace

from telegram.error import TelegramError

from bot.inbound import Inbound
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.deep_links import link_payload
from bot.platforms.telegram.inbound.receive import PLATFORM, InlineSearch
from bot.platforms.telegram.outbound.api_calls import NO_PREVIEW, Json, entities, markup
from bot.platforms.telegram.outbound.markup import Marked
from bot.platforms.telegram.outbound.render import Key, Keyboard, TextMessage, render
from bot.platforms.telegram.ports import TelegramRouter
from bot.reply import Fields, Table, Text
from bot.ui.texts import Catalog
from people.person import Language

CARDS = 5
_CACHE_SECONDS = 5
_DESCRIPTION = 100
_QUERY_LIMIT = 40
_log = logging.getLogger(__name__)


class InlineQueryHandler:
    """Answers to inline queries. They are not stored: an unanswered query is typed again."""

    def __init__(self, client: Client, router: TelegramRouter) -> None:
        self._client = client
        self._router = router

    async def answer(self, query: InlineSearch, language: Language, zone: str, catalog: Catalog) -> None:
        """Answers with up to five cards of symbols that begin with the query.

        `language` and `zone` are hints; `catalog` is that of the user's language.
        """
        query_id = f"inline:{query.query_id}"
        asked = Inbound(
            PLATFORM, str(query.user.id), query_id, query.text[:_QUERY_LIMIT], language=language, timezone=zone
        )
        results = []
        for card in await self._router.cards(asked, CARDS):
            blocks = tuple(block for block in card.reply.blocks if isinstance(block, Text | Fields | Table))
            messages = render(replace(card.reply, blocks=blocks))
            if len(messages) == 1 and isinstance(messages[0], TextMessage):
                results.append(self._article(card.symbol.text, card.symbol.label, messages[0].body, catalog))
        try:
            await self._client.post(
                "answerInlineQuery",
                inline_query_id=query.query_id,
                results=results,
                cache_time=_CACHE_SECONDS if results else 0,
                is_personal=True,
                button={"text": catalog.text("telegram-open-button"), "start_parameter": "inline"},
            )
        except TelegramError as error:
            _log.info("an inline query was not answered: %s", type(error).__name__)

    def _article(self, symbol: str, title: str, body: Marked, catalog: Catalog) -> Json:
        lines = [line for line in body.text.split("\n") if line]
        article: Json = {
            "type": "article",
            "id": _result_id(symbol),
            "title": title,
            "description": " · ".join(lines[1:3])[:_DESCRIPTION],
            "input_message_content": {"message_text": body.text, "link_preview_options": NO_PREVIEW},
        }
        if body.entities:
            article["input_message_content"]["entities"] = entities(body)
        if keyboard := self._keyboard(symbol, catalog):
            article["reply_markup"] = markup(keyboard)
        return article

    def _keyboard(self, symbol: str, catalog: Catalog) -> Keyboard:
        """Returns links into the private chat.

        In other chats the bot has no message that a button press could be answered in.
        """
        links = (("telegram-card-button", "price"), ("telegram-chart-button", "chart"))
        payloads = [(catalog.text(label), link_payload(name, symbol)) for label, name in links]
        keys = (
            Key(label, url=f"https://t.me/{self._client.username}?start={payload}")
            for label, payload in payloads
            if payload
        )
        row = tuple(keys)
        return (row,) if row else ()


def _result_id(symbol: str) -> str:
    """Returns an id of at most 64 bytes for any symbol."""
    return hashlib.sha256(symbol.encode()).hexdigest()[:16]
