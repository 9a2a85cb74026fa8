"""Inline mode: `@bot BTC` in any chat offers price cards."""

import hashlib
import logging

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, MessageEntity
from telegram.error import TelegramError

from bot.inbound import Inbound
from bot.ports import Language
from bot.telegram.client import Client
from bot.telegram.markup import Marked
from bot.telegram.ports import Answers
from bot.telegram.receive import PLATFORM
from bot.telegram.render import TextMessage, render

CARDS = 5
_CACHE_SECONDS = 5
_DESCRIPTION = 100
_QUERY_LIMIT = 40
_log = logging.getLogger(__name__)


class Search:
    """Nothing is kept of it: a query that was not answered is typed again."""

    def __init__(self, client: Client, router: Answers) -> None:
        self._client = client
        self._router = router

    async def answer(self, query_id: str, external_id: str, text: str, language: Language, zone: str) -> None:
        """Up to five cards of symbols that begin so."""

        def inbound(line: str) -> Inbound:
            return Inbound(PLATFORM, external_id, f"inline:{query_id}", line, language=language, timezone=zone)

        word = text.strip().partition(" ")[0][:_QUERY_LIMIT]
        found = await self._router.suggest(inbound(f"price {word}"), CARDS)
        results = []
        for symbol in found:
            messages = render(await self._router.answer(inbound(f"price {symbol.text}")))
            if len(messages) == 1 and isinstance(messages[0], TextMessage):
                results.append(_article(symbol.text, symbol.label, messages[0].body))
        try:
            await self._client.answer_inline_query(query_id, results, cache_time=_CACHE_SECONDS, is_personal=True)
        except TelegramError as error:
            _log.info("an inline query was not answered: %s", type(error).__name__)


def _article(symbol: str, title: str, body: Marked) -> InlineQueryResultArticle:
    entities = [MessageEntity(entity.kind.value, entity.offset, entity.length) for entity in body.entities]
    content = InputTextMessageContent(
        body.text, entities=entities, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    lines = body.text.split("\n")
    return InlineQueryResultArticle(
        _result_id(symbol), title, content, description=" · ".join(lines[1:3])[:_DESCRIPTION]
    )


def _result_id(symbol: str) -> str:
    """At most 64 bytes, whatever letters the symbol has."""
    return hashlib.sha256(symbol.encode()).hexdigest()[:16]
