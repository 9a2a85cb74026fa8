"""Headlines with their tone, and how often the tone was right."""

import asyncio
from collections.abc import Sequence

from bot.arguments.news_words import NewsView
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.news import headline_block, model_note, record_blocks, tone_text
from bot.views.prices import price_button
from ml.news.outcomes import HORIZON_MS
from ml.news.record import tone_record
from people.notifications.preferences import NotificationSetting
from people.notifications.quiet_hours import DeliveryMode
from pipeline.market import DAY_MS, Symbol
from pipeline.news.records import Story

SHOWN = 8
"""Headlines of one answer."""

COIN_DAYS = 7
MARKET_DAYS = 2
"""Days that an answer reaches back: about one coin, and about all."""

_COINS = 4


async def news(ctx: Context, symbol: Symbol | NewsView | None = None) -> Reply:
    """Shows the newest headlines, those about one coin, or the record of their tone."""
    ctx.news  # noqa: B018 - without feeds, nothing else is said
    if isinstance(symbol, NewsView):
        return await _record(ctx)
    return await _headlines(symbol, ctx)


async def _headlines(symbol: Symbol | None, ctx: Context) -> Reply:
    now, reader = ctx.services.clock(), ctx.news.reader
    asset = None if symbol is None else ctx.market.rules(symbol).base
    days = MARKET_DAYS if symbol is None else COIN_DAYS
    stories = await reader.latest(asset, now - days * DAY_MS, SHOWN)
    tone = await reader.tone(now, asset)
    title = ctx.text("news-title") if symbol is None else ctx.text("news-title-coin", symbol=pair_of(symbol, ctx))
    if not stories:
        none = ctx.text("news-none", days=days) if symbol is None else ctx.text("news-none-coin", days=days)
        return Reply((Text(title, Tone.TITLE), Text(none), *rows(*await _buttons(symbol, (), ctx))))
    told: list[Block] = [Text(title, Tone.TITLE), Text(tone_text(tone, ctx))]
    told += [headline_block(story, now, ctx) for story in stories]
    told += await _model(symbol, stories[0], ctx)
    told.append(Text(ctx.text("news-about"), Tone.NOTE))
    return Reply((*told, *rows(*await _buttons(symbol, stories, ctx))))


async def _model(symbol: Symbol | None, newest: Story, ctx: Context) -> list[Block]:
    """Returns what the model says of the newest headline about the coin; nothing if it has not earned a place."""
    model = None if symbol is None else await ctx.news.records.model(ctx.market.info().market)
    return [model_note(model, newest, ctx)] if model is not None and model.shown else []


async def _buttons(symbol: Symbol | None, stories: Sequence[Story], ctx: Context) -> list[list[Button | None]]:
    named = dict.fromkeys(asset for story in stories for asset in story.assets)
    found = [other for asset in named if (other := ctx.market.find(asset)) is not None and other != symbol]
    coins = [button(short_name(each, ctx), "news", short_name(each, ctx)) for each in found[:_COINS]]
    again = button(ctx.text("button-refresh"), "news", *([] if symbol is None else [short_name(symbol, ctx)]))
    price = None if symbol is None else price_button(symbol, ctx)
    everything = None if symbol is None else button(ctx.text("button-news-all"), "news")
    record = button(ctx.text("button-news-record"), "news", "record")
    return [coins, [price, everything, again, record], [await _push(ctx)]]


async def _push(ctx: Context) -> Button | None:
    """Returns the button that turns headlines on or off; None if others read the answer."""
    if ctx.inbound.public:
        return None
    chosen = (await ctx.services.notices.choices(ctx.person.person_id)).mode(NotificationSetting.HEADLINES)
    switch = "off" if chosen is not DeliveryMode.OFF else "on"
    return button(ctx.text(f"button-news-push-{switch}"), "notifications", NotificationSetting.HEADLINES, switch)


async def _record(ctx: Context) -> Reply:
    market = ctx.market.info().market
    events, model = await ctx.news.records.events(market), await ctx.news.records.model(market)
    rules = await asyncio.to_thread(tone_record, events, HORIZON_MS)
    blocks = record_blocks(rules, model, ctx)
    title = Text(ctx.text("news-record-title"), Tone.TITLE)
    return Reply((title, *blocks, *rows([button(ctx.text("button-news-all"), "news")])))
