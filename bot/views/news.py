"""Headlines, their tone and their record, shared by answers and notifications."""

import math
from decimal import Decimal

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Column, Headline, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from ml.news.headline_model import HeadlineModel
from ml.news.outcomes import HORIZON_MS
from ml.news.record import MIN_DAYS, MIN_EVENTS, HitRecord
from people.notifications.preferences import NotificationSetting
from pipeline.news.notices import HeadlinesFound, PushedHeadline
from pipeline.news.records import NEUTRAL, FeedReading, NewsTone, Story

_STRONG = 0.6
"""Tone (absolute) from which a headline is very good or very bad."""

_HOUR_MS = 3_600_000
_COINS = 3


def tone_word(tone: float, ctx: Context) -> str:
    """Returns the tone in words."""
    size = "neutral" if abs(tone) < NEUTRAL else "strong" if abs(tone) >= _STRONG else "plain"
    return ctx.text("news-tone-word", sign="good" if tone > 0 else "bad", size=size)


def tone_text(found: NewsTone | None, ctx: Context) -> str:
    """Returns a sentence about the tone of the last 24 hours."""
    if found is None:
        return ctx.text("news-tone-none")
    return ctx.text("news-tone", count=found.count, score=ctx.format.score(found.tone), word=tone_word(found.tone, ctx))


def headline_block(story: Story | PushedHeadline, now: int, ctx: Context) -> Headline:
    """Returns a headline with its tone, source, age and coins."""
    age = ctx.format.age(max(0, now - story.published))
    coins = " ".join(story.assets[:_COINS])
    note = ctx.text("news-note", word=tone_word(story.tone, ctx), source=story.source, age=age)
    return Headline(story.title, story.link, f"{note} · {coins}" if coins else note)


def model_note(model: HeadlineModel, story: Story, ctx: Context) -> Text:
    """Returns what the trained model says of a headline."""
    chance = ctx.format.percent(round(Decimal(str(model.probability(story.title))), 2))
    return Text(ctx.text("news-model", chance=chance, hours=HORIZON_MS // _HOUR_MS), Tone.NOTE)


def headlines_found(notice: HeadlinesFound, ctx: Context) -> Reply:
    """Returns the message of new headlines about coins of the user."""
    now = ctx.services.clock()
    told = tuple(headline_block(each, now, ctx) for each in notice.headlines)
    assets = dict.fromkeys(asset for each in notice.headlines for asset in each.assets)
    found = [symbol for asset in assets if (symbol := ctx.market.find(asset)) is not None]
    coins = [button(short_name(symbol, ctx), "price", short_name(symbol, ctx)) for symbol in found[:_COINS]]
    off = button(ctx.text("button-news-push-off"), "notifications", NotificationSetting.HEADLINES, "off")
    title = Text(ctx.text("push-headlines", count=len(told)), Tone.TITLE)
    return Reply((title, *told, *rows(coins, [button(ctx.text("button-news-all"), "news"), off])))


# -- record ------------------------------------------------------------------------------------


def record_blocks(rules: HitRecord, model: HeadlineModel | None, ctx: Context) -> tuple[Block, ...]:
    """Returns the records of the rules and of the model, as a table and in words; only their progress below the minimum
    of events.
    """
    found = {"rules": rules, "model": HitRecord(0, 0) if model is None else model.record}
    better = {"rules": rules.beats_base, "model": model is not None and model.shown}
    enough = {name: record for name, record in found.items() if record.enough}
    blocks: list[Block] = []
    if enough:
        figures = (Column(ctx.text(f"news-column-{name}"), Align.RIGHT) for name in ("hits", "base", "gain", "events"))
        columns = (Column(ctx.text("news-column-model")), *figures)
        blocks.append(Table(columns, tuple(_row(name, record, ctx) for name, record in enough.items())))
    for name, record in found.items():
        if not record.enough:
            counts = {"events": record.events, "days": record.days, "least": MIN_EVENTS, "least_days": MIN_DAYS}
            blocks.append(Text(ctx.text(f"news-few-{name}", **counts)))
        else:
            blocks.append(Text(ctx.text(f"news-verdict-{name}", better="yes" if better[name] else "no")))
    return (*blocks, Text(ctx.text("news-record-about", hours=HORIZON_MS // _HOUR_MS), Tone.NOTE))


def _row(name: str, record: HitRecord, ctx: Context) -> tuple[str, ...]:
    gain = "–" if math.isnan(record.low) else f"{_points(record.low, ctx)} … {_points(record.high, ctx)}"
    rates = (ctx.format.percent(round(Decimal(str(each)), 3)) for each in (record.hit_rate, record.base_rate))
    return (ctx.text(f"news-name-{name}"), *rates, gain, f"{record.events} / {record.days}")


def _points(share: float, ctx: Context) -> str:
    return ctx.format.tenths(100 * share)


# -- feeds -------------------------------------------------------------------------------------


async def feed_rows(ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the state of the news feeds for operators: how many work, and each that does not. Raises
    DatabaseUnavailable.
    """
    if ctx.services.news is None:
        return ()
    sources = ctx.services.news.sources
    states = await ctx.services.news.reader.feeds(list(sources))
    failing = [state for state in states.values() if state.fault]
    works = sum(1 for state in states.values() if not state.fault)
    counted = (ctx.text("label-feeds"), ctx.text("status-feeds", works=works, all=len(sources)))
    return (counted, *((state.source, _fault(state, ctx)) for state in failing))


def _fault(state: FeedReading, ctx: Context) -> str:
    since = ctx.format.moment(state.worked_at) if state.worked_at else "–"
    reason = ctx.text("feed-fault", fault=state.fault)
    return ctx.text("status-feed-fault", reason=reason, count=state.failures, since=since)
