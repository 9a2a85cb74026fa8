"""Composer of messages from notices, rendered when sent: with the current price, in the user's current language and
zone.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from bot.arguments.horizons import horizon_of
from bot.arguments.symbols import pair_of
from bot.command import Command
from bot.commands.charts import own_marks
from bot.context import Context, Services
from bot.groups.ports import Group
from bot.inbound import Inbound
from bot.notifications.messages import message
from bot.reply import Block, Fields, Picture, Reply, Text, Tone
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from bot.views import fills, order_notices, recurring_notices
from bot.views.alerts import alert_number, alerts_button, note_text, several_reached
from bot.views.buttons import button, rows
from bot.views.condition_alerts import met, several_met
from bot.views.delistings import ended
from bot.views.forecast_notices import foretold
from bot.views.forecasts import forecast_picture
from bot.views.prices import buy_button, chart_button, level_text, price_text, source_note, stale_note, tick_of
from bot.views.range_alerts import ranged, several_ranged
from core.errors import DeskError
from core.time_zones import known_zone
from people.notifications.notices import Notice, decode
from people.notifications.outbox import Delivery
from people.person import Language
from pipeline.errors import MarketUnavailable
from pipeline.market import Interval, Quote, Symbol
from trading.alerts.notices import AlertFired, ConditionFired, ForecastFired, RangeFired, WaitEnded
from trading.orders.notices import OrderEnded, OrderExpired, OrderFilled, OrderTriggered
from trading.portfolio.notices import Digest
from trading.ports import OwnTrade
from trading.recurring.notices import BuyFailed, BuyMissed

INTERVAL = Interval.M15
CANDLES = 96
"""Number of candles in a day."""

_PICTURE_SECONDS = 5.0
_DRAWN_AT_ONCE = 2
_MAX_WAITING = 4
"""Most pictures that wait to be drawn. Further messages go without one, so that a thousand notices at once do not delay
the charts that users request.
"""

EQUITY_POINTS = 200

T = TypeVar("T", bound=Notice)


class Composer:
    """Composer of the message of a parcel. A price or a chart that is unavailable is left out, so that the message is
    not delayed.
    """

    def __init__(
        self, services: Services, catalogs: Mapping[Language, Catalog], commands: tuple[Command, ...] = ()
    ) -> None:
        self._services = services
        self._catalogs = catalogs
        self._commands = commands
        self._drawing = asyncio.Semaphore(_DRAWN_AT_ONCE)
        self._to_draw = 0

    async def may_arrive(self, parcel: Delivery) -> bool:
        """Returns whether the rules of a group admit the parcel in its chat. Raises DatabaseUnavailable."""
        chat = parcel.chat
        if not chat.public:
            return True
        settings = await self._services.groups.settings(Group(chat.platform, chat.group))
        return settings.receives(parcel.letters[0].kind, chat.chat_id, chat.group)

    async def compose(self, parcel: Delivery) -> Reply:
        """Returns one notice in full, several as a summary. Raises UnreadableNotice."""
        notices: list[Notice] = [decode(letter.body) for letter in parcel.letters]
        ctx = self._context(parcel)
        notice = notices[0]
        match notice:
            case AlertFired() | RangeFired() | ConditionFired() | ForecastFired():
                reply = await self._of_alert(notice, notices, ctx)
            case OrderFilled() if len(notices) > 1:
                reply = fills.fills(_all(OrderFilled, notices), ctx)
            case OrderFilled():
                reply = await self._fill(notice, ctx)
            case OrderExpired() | OrderTriggered() | OrderEnded():
                reply = _of_resting_order(notice, notices, ctx)
            case Digest():
                reply = fills.digest(notice, await self._equity(notice, ctx), ctx)
            case BuyFailed() | BuyMissed() | WaitEnded():
                reply = _of_orders_to_come(notice, notices, ctx)
            case _:
                reply = message(notice, ctx)
        return reply

    async def _of_alert(
        self, notice: AlertFired | RangeFired | ConditionFired | ForecastFired, notices: Sequence[Notice], ctx: Context
    ) -> Reply:
        match notice:
            case AlertFired() if len(notices) > 1:
                quotes = await _quotes(_all(AlertFired, notices), ctx)
                return several_reached(_all(AlertFired, notices), quotes, _notes(list(quotes.values()), ctx), ctx)
            case AlertFired():
                return await self._alert(notice, ctx)
            case RangeFired():
                return await self._ranges(_all(RangeFired, notices), ctx)
            case ConditionFired():
                return await self._conditions(_all(ConditionFired, notices), ctx)
            case ForecastFired():
                return await self._forecast(notice, ctx)

    async def _alert(self, notice: AlertFired, ctx: Context) -> Reply:
        quote = (await _quotes([notice], ctx)).get(notice.symbol)
        picture = () if quote is None else await self._picture(quote, ctx, level=notice.level)
        now = () if quote is None else _price_rows(quote, ctx)
        reached = (ctx.text("label-alert-price"), price_text(notice.price, notice.symbol, ctx))
        fields = Fields((reached, (ctx.text("label-time"), ctx.format.moment(notice.time)), *now))
        whose = (*alert_number(notice.alert_id, ctx), *note_text(notice.note, ctx))
        return Reply((_title(notice, ctx), *whose, fields, *picture, *_notes([quote], ctx), *_buttons(notice, ctx)))

    async def _ranges(self, notices: Sequence[RangeFired], ctx: Context) -> Reply:
        quotes = await _quotes(notices, ctx)
        notes = _notes(list(quotes.values()), ctx)
        if len(notices) > 1:
            return several_ranged(notices, notes, ctx)
        quote = quotes.get(notices[0].symbol)
        picture = () if quote is None else await self._picture(quote, ctx)
        return ranged(notices[0], () if quote is None else _price_rows(quote, ctx), (*picture, *notes), ctx)

    async def _conditions(self, notices: Sequence[ConditionFired], ctx: Context) -> Reply:
        quotes = await _quotes(notices, ctx)
        notes = _notes(list(quotes.values()), ctx)
        if len(notices) > 1:
            return several_met(notices, notes, ctx)
        quote = quotes.get(notices[0].symbol)
        picture = () if quote is None else await self._picture(quote, ctx, level=notices[0].reference)
        return met(notices[0], () if quote is None else _price_rows(quote, ctx), (*picture, *notes), ctx)

    async def _fill(self, notice: OrderFilled, ctx: Context) -> Reply:
        quote = (await _quotes([notice], ctx)).get(notice.symbol)
        entry = OwnTrade(notice.order_id, notice.time, notice.side, notice.price)
        picture = () if quote is None else await self._picture(quote, ctx, entry=entry)
        return fills.filled(notice, picture, ctx)

    async def _forecast(self, notice: ForecastFired, ctx: Context) -> Reply:
        return foretold(notice, await self._fan(notice, ctx), ctx)

    async def _fan(self, notice: ForecastFired, ctx: Context) -> tuple[Picture, ...]:
        """Returns the current forecast, if the running market is the notice's."""
        forecasting, symbol = ctx.services.forecasting, notice.symbol
        horizon = horizon_of(notice.horizon)
        try:
            async with self._turn_to_draw():
                if forecasting is None or ctx.market.info().market != notice.market:
                    return ()
                found = await forecasting.forecast(symbol, notice.horizon)
                quote = await ctx.market.quote(symbol)
                candles = await ctx.market.candles(symbol, *horizon.history)
                return (await forecast_picture(found, candles, quote.price, ctx),)
        except (DeskError, TimeoutError):
            return ()

    async def _picture(
        self, quote: Quote, ctx: Context, *, level: Decimal | None = None, entry: OwnTrade | None = None
    ) -> tuple[Picture, ...]:
        """Returns a chart of the day with the level or the entry and, if only the user reads the chat, their cost and
        trades.
        """
        symbol = quote.symbol
        try:
            async with self._turn_to_draw():
                candles = await ctx.market.candles(symbol, INTERVAL, CANDLES)
                own = await own_marks(symbol, candles[0].open_time, ctx)
                trades = own.trades if entry is None or entry in own.trades else (*own.trades, entry)
                png = await ctx.services.charts.candles(
                    pair_of(symbol, ctx),
                    INTERVAL,
                    candles,
                    last=quote.price,
                    change_24h=quote.change_24h,
                    label=ctx.market.info().label,
                    style=ctx.style,
                    tick=tick_of(symbol, ctx),
                    marks=replace(own, trades=trades, level=level),
                )
        except (DeskError, TimeoutError):
            return ()
        alt = ctx.text("push-chart-alt", symbol=pair_of(symbol, ctx), last=price_text(quote.price, symbol, ctx))
        return (Picture(png, alt, f"{symbol}-{INTERVAL.value}"),)

    async def _equity(self, notice: Digest, ctx: Context) -> tuple[Picture, ...]:
        """Returns the equity chart of the digest's account, if that is the account of the running market."""
        try:
            async with self._turn_to_draw():
                account = await ctx.desk.account(ctx.person.person_id)
                points = await ctx.desk.equity(account, EQUITY_POINTS) if account.market == notice.market else ()
                if not points:
                    return ()
                png = await ctx.services.charts.equity(
                    points,
                    granted=notice.granted,
                    quote_asset=notice.quote,
                    label=ctx.market.info().label,
                    style=ctx.style,
                )
        except (DeskError, TimeoutError):
            return ()
        equity = ctx.format.money(points[-1].equity, notice.quote)
        return (Picture(png, ctx.text("equity-alt", equity=equity, since=ctx.format.moment(points[0].time)), "equity"),)

    @asynccontextmanager
    async def _turn_to_draw(self) -> AsyncIterator[None]:
        """Waits for a turn to draw. Raises TimeoutError if too many wait, or if drawing takes too long."""
        if self._to_draw >= _DRAWN_AT_ONCE + _MAX_WAITING:
            raise TimeoutError
        self._to_draw += 1
        try:
            async with asyncio.timeout(_PICTURE_SECONDS), self._drawing:
                yield
        finally:
            self._to_draw -= 1

    def _context(self, parcel: Delivery) -> Context:
        person, chat = parcel.person, parcel.chat
        request = f"outbox:{parcel.nonce}"
        return Context(
            inbound=Inbound(
                chat.platform,
                external_id="",
                command_id=request,
                text="",
                language=person.language,
                timezone=person.timezone,
                chat_id=chat.chat_id,
                public=chat.public,
            ),
            request_id=request,
            person=person,
            catalog=self._catalogs[person.language],
            catalogs=self._catalogs,
            format=Formatter(person.language, known_zone(person.timezone)),
            services=self._services,
            commands=self._commands,
        )


def _of_resting_order(
    notice: OrderExpired | OrderTriggered | OrderEnded, notices: Sequence[Notice], ctx: Context
) -> Reply:
    match notice:
        case OrderExpired():
            return fills.expired(_all(OrderExpired, notices), ctx)
        case OrderTriggered():
            return order_notices.triggered(_all(OrderTriggered, notices), ctx)
        case OrderEnded():
            return order_notices.ended(_all(OrderEnded, notices), ctx)


def _of_orders_to_come(notice: BuyFailed | BuyMissed | WaitEnded, notices: Sequence[Notice], ctx: Context) -> Reply:
    match notice:
        case BuyFailed():
            return recurring_notices.failed(_all(BuyFailed, notices), ctx)
        case BuyMissed():
            return recurring_notices.missed(_all(BuyMissed, notices), ctx)
        case WaitEnded():
            return ended(_all(WaitEnded, notices), ctx)


def _title(notice: AlertFired, ctx: Context) -> Text:
    level = level_text(notice.level, notice.symbol, ctx)
    pair = pair_of(notice.symbol, ctx)
    return Text(ctx.text(f"push-alert-{notice.direction.value}", symbol=pair, level=level), Tone.TITLE)


def _price_rows(quote: Quote, ctx: Context) -> tuple[tuple[str, str], ...]:
    return (
        (ctx.text("label-price-now"), price_text(quote.price, quote.symbol, ctx)),
        (ctx.text("label-change"), ctx.format.percent(quote.change_24h, signed=True)),
    )


def _buttons(notice: AlertFired, ctx: Context) -> tuple[Block, ...]:
    again = (
        button(ctx.text("button-mute"), "alert_mute", str(notice.alert_id))
        if notice.repeat
        else button(ctx.text("button-repeat"), "alert_repeat", str(notice.alert_id))
    )
    symbol = notice.symbol
    return rows([chart_button(symbol, ctx), buy_button(symbol, ctx), again], [alerts_button(ctx)])


def _all(kind: type[T], notices: Sequence[Notice]) -> list[T]:
    return [notice for notice in notices if isinstance(notice, kind)]


async def _quotes(
    notices: Sequence[AlertFired | RangeFired | ConditionFired | OrderFilled], ctx: Context
) -> dict[Symbol, Quote]:
    """Returns current quotes of the notices' market if it is the running one; none of any other."""
    try:
        market = ctx.market.info().market
        known = set(ctx.market.symbols())
        wanted = {notice.symbol for notice in notices if notice.market == market and notice.symbol in known}
        return await ctx.market.quotes(sorted(wanted)) if wanted else {}
    except DeskError:
        return {}


def _notes(quotes: Sequence[Quote | None], ctx: Context) -> tuple[Text, ...]:
    try:
        return (*stale_note([quote for quote in quotes if quote is not None], ctx), *source_note(ctx))
    except MarketUnavailable:
        return ()
