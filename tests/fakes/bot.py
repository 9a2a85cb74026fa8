"""A whole desk in memory: the ports of the bot, with prices that stand still and money that moves."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches

from bot.context import Services
from bot.inbound import Inbound
from bot.middleware.bans import only_in_private
from bot.middleware.group_permissions import GroupPermissions
from bot.router import Router
from bot.settings import BotSettings
from bot.ui.charts.ports import NO_ANNOTATIONS, ChartAnnotations, ChartOption, ChartStyle, HeatmapTile, RelativeSeries
from bot.ui.texts import load_catalogs
from core.outbox import Chat, NotificationTarget
from ml.forecast import Forecast
from people.person import Language, Person
from pipeline.errors import NoCandles, NoPriceYet, UnknownSymbol
from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import Notional, SymbolRules
from tests.fakes.forecasting import FakeForecasting, MemoryForecastAlerts
from tests.fakes.groups import MemoryGroups
from tests.fakes.notices import MemoryNotices
from tests.fakes.operations import MemoryOperating
from tests.fakes.people import MemoryIdentities, MemoryWatchlists
from tests.fakes.plans import MemoryPlans
from trading.alerts.errors import TooManyAlerts, UnknownAlert
from trading.alerts.ports import MAX_ALERTS, Alert, AlertCounts, AlertPage, AlertState, NewAlert, NewLevel
from trading.dust import DustPosition, DustSale, DustSold, UnsellableDust, is_dust
from trading.errors import (
    BelowMinimumQuantity,
    IdempotencyKeyReused,
    InsufficientFunds,
    NoAccount,
    NoDust,
    NothingToSell,
    PriceMoved,
    SaleTooSmall,
)
from trading.matching.market_orders import smallest_part
from trading.orders.types import (
    Balance,
    BaseQuantity,
    Execution,
    Fill,
    HistoryLine,
    HistoryPage,
    Preview,
    QuoteAmount,
    Receipt,
    Share,
    Side,
    Size,
    size_text,
)
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio, Position
from trading.ports import Account, OwnTrade, SymbolActivity
from trading.previews import Previewed

CATALOGS = load_catalogs()
NOW = 1_617_300_000_000
ALL = Share(Decimal(1))
PNG = b"\x89PNG\r\n\x1a\nfake"
PRICES = {"BTC": "58000.00", "ETH": "1950.50", "SOL": "19.4321", "DOGE": "0.0537", "币安人生": "0.12345"}
CHANGES = {"BTC": "57000", "ETH": "2000", "SOL": "18", "DOGE": "0.0537", "币安人生": "0.1"}


class FakeMarket:
    """Five symbols, one price each; `stale_ms` ages them, `silent` symbols have no price."""

    def __init__(self, quote_asset: str = "USDC", label: str = "SIMULATION") -> None:
        self.quote_asset = quote_asset
        self.label = label
        self.source = SourceKind.SIMULATOR if label else SourceKind.BINANCE
        self.age_ms = 1200
        self.prices = {Symbol(base + quote_asset): Decimal(text) for base, text in PRICES.items()}
        self.opens = {Symbol(base + quote_asset): Decimal(text) for base, text in CHANGES.items()}
        self.silent: set[Symbol] = set()
        self.minimum: Decimal | None = None
        self.status: dict[Symbol, str] = {}

    def info(self) -> MarketInfo:
        return MarketInfo(self.source, self.quote_asset, 1000, 15_000, NOW, NOW, label=self.label)

    def now(self) -> int:
        return NOW

    def symbols(self) -> Sequence[Symbol]:
        return sorted(self.prices)

    def rules(self, symbol: Symbol) -> SymbolRules:
        if symbol not in self.prices:
            raise UnknownSymbol(symbol)
        tick = Decimal(1).scaleb(self.prices[symbol].as_tuple().exponent)  # type: ignore[arg-type]
        base = symbol.removesuffix(self.quote_asset)
        least = None if self.minimum is None else Notional(self.minimum, Decimal(0))
        status = self.status.get(symbol, "TRADING")
        return SymbolRules(symbol, base, self.quote_asset, status, tick_size=tick, notional=least)

    def find(self, text: str) -> Symbol | None:
        plain = text.upper().replace("/", "").replace("-", "").replace("_", "")
        return next((Symbol(name) for name in (plain, plain + self.quote_asset) if name in self.prices), None)

    def resolve(self, text: str) -> Symbol:
        found = self.find(text)
        if found is not None:
            return found
        plain = text.upper().replace("/", "").replace("-", "").replace("_", "")
        bases = [symbol.removesuffix(self.quote_asset) for symbol in self.symbols()]
        near = get_close_matches(plain.removesuffix(self.quote_asset), bases, 3, 0.4)
        raise UnknownSymbol(text, tuple(base + self.quote_asset for base in near))

    async def quote(self, symbol: Symbol) -> Quote:
        if symbol in self.silent:
            raise NoPriceYet(symbol)
        price = self.prices[symbol]
        tick = self.rules(symbol).tick_size or Decimal(0)
        return Quote(
            symbol,
            NOW - self.age_ms,
            self.age_ms,
            15_000,
            price,
            price - tick,
            Decimal("1.5"),
            price + tick,
            Decimal("0.75"),
            self.opens[symbol],
            price * 2,
            price / 2,
            price * 1_000_000,
        )

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        wanted = self.symbols() if symbols is None else symbols
        return {symbol: await self.quote(symbol) for symbol in wanted if symbol not in self.silent}

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        if symbol in self.silent:
            raise NoCandles(symbol)
        price = float(self.prices[symbol])
        start = NOW - count * interval.ms
        return [
            Candle(symbol, start + n * interval.ms, price, price * 1.25, price / 2, price, 10.0) for n in range(count)
        ]

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        return None


@dataclass
class FakeDesk:
    """One account a person; fills at the market's price, fee 0.1 %."""

    market: FakeMarket
    accounts: dict[int, Account] = field(default_factory=dict)
    cash: dict[int, Decimal] = field(default_factory=dict)
    coins: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    receipts: dict[int, tuple[int, Receipt]] = field(default_factory=dict)
    done: dict[str, tuple[object, Receipt]] = field(default_factory=dict)
    resets: list[str] = field(default_factory=list)
    unfilled: Decimal = Decimal(0)
    tellings: list[NotificationTarget | None] = field(default_factory=list)
    dust_kept: tuple[UnsellableDust, ...] = ()
    swept: dict[str, DustSold] = field(default_factory=dict)

    async def open(self, person_id: int, command_id: str) -> Account:
        if person_id not in self.accounts:
            grant = Decimal(1_000_000)
            opened_at = datetime(2021, 4, 1, 18, tzinfo=UTC)
            account_id = 100 + person_id
            self.accounts[person_id] = Account(
                account_id, person_id, "simulator", self.market.quote_asset, 1, grant, opened_at
            )
            self.cash[account_id], self.coins[account_id] = grant, {}
        return self.accounts[person_id]

    async def account(self, person_id: int) -> Account:
        if person_id not in self.accounts:
            raise NoAccount
        return self.accounts[person_id]

    async def preview(self, account: Account, side: Side, symbol: Symbol, size: Size) -> Preview:
        quote = await self.market.quote(symbol)
        quote.check_tradable()
        rules = self.market.rules(symbol)
        rules.check_trading()
        cash, coins = self.cash[account.account_id], self.coins[account.account_id].get(rules.base, Decimal(0))
        if side is Side.SELL and coins == 0:
            raise NothingToSell(rules.base)
        whole = isinstance(size, Share) and size.fraction == 1
        resolved: BaseQuantity | QuoteAmount
        match size:
            case Share(fraction) if side is Side.BUY:
                resolved = QuoteAmount(cash * fraction)
            case Share(fraction):
                resolved = BaseQuantity(coins * fraction)
            case BaseQuantity() | QuoteAmount():
                resolved = size
        quantity = resolved.amount if isinstance(resolved, BaseQuantity) else resolved.amount / quote.price
        quantity = quantity.quantize(Decimal("0.00000001"))
        if quantity == 0:
            raise BelowMinimumQuantity(rules.base, Decimal("0.00000001"))
        amount = (quantity * quote.price).quantize(Decimal("0.00000001"))
        if side is Side.SELL and not whole and is_dust(quantity, rules, quote.price):
            raise SaleTooSmall(symbol, rules.base, smallest_part(rules, quote.price))
        asset, needed, there = (rules.quote, amount, cash) if side is Side.BUY else (rules.base, quantity, coins)
        if needed > there:
            raise InsufficientFunds(asset, needed, there, needed - there)
        execution = self._execution(quote, rules, side, quantity, amount)
        new_cash = cash - amount if side is Side.BUY else cash + execution.received
        new_coins = coins + execution.received if side is Side.BUY else coins - quantity
        after = (Balance(rules.base, new_coins, Decimal(0)), Balance(rules.quote, new_cash, Decimal(0)))
        return Preview(side, symbol, resolved, whole, execution, after)

    def _execution(self, quote: Quote, rules: SymbolRules, side: Side, quantity: Decimal, amount: Decimal) -> Execution:
        gross, fee_asset = (quantity, rules.base) if side is Side.BUY else (amount, rules.quote)
        fee = (gross / 1000).quantize(Decimal("0.00000001"))
        fills = (Fill(quote.price, quantity),)
        return Execution(
            symbol=quote.symbol,
            side=side,
            fills=fills,
            quantity=quantity,
            unfilled=self.unfilled,
            quote_amount=amount,
            average_price=quote.price,
            mid_price=quote.price,
            slippage=Decimal("0.0004"),
            fee=fee,
            fee_asset=fee_asset,
            received=gross - fee,
            source=self.market.source,
            from_book=False,
            price_time=quote.time,
            price_age_ms=quote.age_ms,
        )

    async def place(
        self,
        account: Account,
        command_id: str,
        side: Side,
        symbol: Symbol,
        size: Size,
        *,
        notify: NotificationTarget | None = None,
    ) -> Receipt:
        self.tellings.append(notify)
        return await self._once(account, command_id, side, symbol, size)

    async def confirm(
        self, account: Account, command_id: str, previewed: Preview, *, notify: NotificationTarget | None = None
    ) -> Receipt:
        self.tellings.append(notify)
        if command_id not in self.done:
            now, before = self.market.prices[previewed.symbol], previewed.execution.average_price
            worse = now > before if previewed.side is Side.BUY else now < before
            if worse and abs(now / before - 1) > Decimal("0.005"):
                raise PriceMoved(previewed.symbol, before, now, Decimal("0.005"))
        size: Size = Share(Decimal(1)) if previewed.whole_balance else previewed.size
        return await self._once(account, command_id, previewed.side, previewed.symbol, size)

    async def _once(self, account: Account, command_id: str, side: Side, symbol: Symbol, size: Size) -> Receipt:
        body = (side, symbol, size_text(size))
        assert len(command_id) <= 128
        if command_id in self.done:
            if self.done[command_id][0] != body:
                raise IdempotencyKeyReused(command_id)
            return self.done[command_id][1]
        preview = await self.preview(account, side, symbol, size)
        base, cash = preview.balances_after
        self.coins[account.account_id][base.asset], self.cash[account.account_id] = base.available, cash.available
        realised = Decimal("-1.25") if side is Side.SELL else None
        at = datetime(2021, 4, 1, 18, 30, tzinfo=UTC)
        receipt = Receipt(len(self.receipts) + 1, at, preview.execution, preview.balances_after, realised)
        self.receipts[receipt.order_id] = (account.account_id, receipt)
        self.done[command_id] = (body, receipt)
        return receipt

    def _crumbs(self, account: Account) -> Iterator[DustPosition]:
        for asset, quantity in sorted(self.coins[account.account_id].items()):
            symbol = Symbol(asset + account.quote_asset)
            price = self.market.prices[symbol]
            if is_dust(quantity, self.market.rules(symbol), price):
                received = (quantity * price * Decimal("0.999")).quantize(Decimal("0.00000001"))
                yield DustPosition(symbol, asset, quantity, price, received)

    async def preview_dust(self, account: Account) -> DustSale:
        return DustSale(tuple(self._crumbs(account)), self.dust_kept)

    async def sell_dust(
        self,
        account: Account,
        command_id: str,
        agreed: Sequence[DustPosition] | None = None,
        *,
        notify: NotificationTarget | None = None,
    ) -> DustSold:
        if command_id in self.swept:
            return self.swept[command_id]
        crumbs = list(self._crumbs(account)) if agreed is None else agreed
        if not crumbs and not self.dust_kept:
            raise NoDust
        receipts = [
            await self.place(account, f"{command_id}#{each.asset}", Side.SELL, each.symbol, ALL, notify=notify)
            for each in crumbs
        ]
        self.swept[command_id] = DustSold(tuple(receipts), self.dust_kept)
        return self.swept[command_id]

    async def receipt(self, account: Account, order_id: int) -> Receipt | None:
        owner, receipt = self.receipts.get(order_id, (None, None))
        return receipt if owner == account.account_id else None

    async def balances(self, account: Account) -> Sequence[Balance]:
        coins = self.coins[account.account_id]
        held = [Balance(asset, coins[asset], Decimal(0)) for asset in sorted(coins) if coins[asset]]
        return [Balance(account.quote_asset, self.cash[account.account_id], Decimal(0)), *held]

    async def portfolio(self, account: Account) -> Portfolio:
        positions = []
        for asset, quantity in sorted(self.coins[account.account_id].items()):
            symbol = Symbol(asset + account.quote_asset)
            price = self.market.prices[symbol]
            value = quantity * price
            stale = self.market.age_ms > 15_000
            positions.append(Position(symbol, asset, quantity, price, price, value, Decimal("-0.5"), Decimal(0), stale))
        cash = self.cash[account.account_id]
        equity = cash + sum((position.value or Decimal(0) for position in positions), Decimal(0))
        unrealised = Decimal("-0.5") * len(positions)
        return Portfolio(
            account.quote_asset, cash, tuple(positions), equity, account.granted, Decimal("-1.25"), unrealised
        )

    async def equity(self, account: Account, points: int) -> Sequence[EquityPoint]:
        return [EquityPoint(NOW - 60_000, account.granted), EquityPoint(NOW, self.cash[account.account_id])]

    async def history(self, account: Account, limit: int, before: int | None = None) -> HistoryPage:
        lines = [
            _line(receipt)
            for owner, receipt in self.receipts.values()
            if owner == account.account_id and (before is None or receipt.order_id < before)
        ]
        grant = HistoryLine(
            None, account.opened_at, "grant", None, Decimal(0), None, account.granted, Decimal(0), None, None
        )
        newest = [*reversed(lines), grant]
        older = newest[limit - 1].order_id if len(newest) > limit else None
        return HistoryPage(tuple(newest[:limit]), older)

    async def symbol_activity(self, person_id: int, symbol: Symbol, since: int) -> SymbolActivity:
        account = self.accounts.get(person_id)
        if account is None:
            return SymbolActivity()
        trades = [
            OwnTrade(receipt.order_id, NOW, receipt.execution.side, receipt.execution.average_price)
            for owner, receipt in self.receipts.values()
            if owner == account.account_id and receipt.execution.symbol == symbol and since <= NOW
        ]
        held = self.coins[account.account_id].get(symbol.removesuffix(account.quote_asset), Decimal(0))
        return SymbolActivity(self.market.prices[symbol] if held else None, tuple(trades))

    async def reset(self, account: Account, command_id: str) -> Account:
        self.resets.append(command_id)
        anew = replace(account, round=account.round + 1)
        self.accounts[account.person_id] = anew
        self.cash[account.account_id], self.coins[account.account_id] = account.granted, {}
        return anew


def _line(receipt: Receipt) -> HistoryLine:
    execution = receipt.execution
    return HistoryLine(
        receipt.order_id,
        receipt.at,
        execution.side.value,
        execution.symbol,
        execution.quantity,
        execution.average_price,
        execution.quote_amount,
        execution.fee,
        execution.fee_asset,
        receipt.realised,
    )


class MemoryPeople:
    """People in a dictionary."""

    def __init__(self) -> None:
        self.persons: dict[int, Person] = {}
        self.identities: dict[tuple[str, str], int] = {}

    async def find(self, platform: str, external_id: str) -> Person | None:
        person_id = self.identities.get((platform, external_id))
        return None if person_id is None else self.persons[person_id]

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:
        person_id = self.identities.setdefault((platform, external_id), len(self.persons) + 1)
        return self.persons.setdefault(person_id, Person(person_id, language, timezone))

    async def update(self, person: Person) -> None:
        self.persons[person.person_id] = person


class MemoryPreviews:
    """Previews in a dictionary; `expire` ends them all."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], Previewed] = {}
        self.claimed: set[tuple[int, str]] = set()

    async def save(self, person_id: int, token: str, preview: Previewed) -> None:
        self.kept[person_id, token] = preview

    async def find(self, person_id: int, token: str) -> Previewed | None:
        return self.kept.get((person_id, token))

    async def claim(self, person_id: int, token: str) -> Previewed | None:
        if (person_id, token) in self.kept:
            self.claimed.add((person_id, token))
        return self.kept.get((person_id, token))

    async def drop(self, person_id: int, token: str) -> bool:
        there = self.kept.pop((person_id, token), None) is not None
        return there and (person_id, token) not in self.claimed

    def expire(self) -> None:
        self.kept.clear()


class MemoryAlerts:
    """Alerts in a dictionary; `made` are the commands that made them."""

    def __init__(self) -> None:
        self.alerts: dict[int, Alert] = {}
        self.made: dict[str, int] = {}
        self.chats: dict[int, Chat] = {}
        self.most = MAX_ALERTS

    async def create(self, new: NewAlert) -> Alert:
        if new.command_id not in self.made:
            self._check_room(new.person_id)
            at = datetime(2021, 4, 1, 18, tzinfo=UTC)
            alert = Alert(
                len(self.alerts) + 1,
                new.person_id,
                new.market,
                new.symbol,
                new.direction,
                new.level,
                new.repeat,
                AlertState.ARMED,
                new.ready,
                0,
                new.market_time,
                at,
                new.rearm,
                new.pause_ms,
            )
            self.alerts[alert.alert_id] = alert
            self.chats[alert.alert_id] = new.chat
            self.made[new.command_id] = alert.alert_id
        return self.alerts[self.made[new.command_id]]

    def _check_room(self, person_id: int) -> None:
        armed = [a for a in self.alerts.values() if a.person_id == person_id and a.state is AlertState.ARMED]
        if len(armed) >= self.most:
            raise TooManyAlerts(self.most)

    async def waiting(self, person_id: int, market: str, limit: int, before: int | None = None) -> AlertPage:
        found = [
            a
            for a in reversed(self.alerts.values())
            if (a.person_id, a.market) == (person_id, market)
            and a.state in (AlertState.ARMED, AlertState.MUTED)
            and (before is None or a.alert_id < before)
        ]
        return AlertPage(tuple(found[:limit]), found[limit - 1].alert_id if len(found) > limit else None)

    async def find(self, person_id: int, alert_id: int) -> Alert:
        if alert_id not in self.alerts or self.alerts[alert_id].person_id != person_id:
            raise UnknownAlert(alert_id)
        return self.alerts[alert_id]

    async def cancel(self, person_id: int, alert_id: int) -> Alert:
        return await self._become(person_id, alert_id, AlertState.CANCELLED, AlertState.FIRED)

    async def count(self, person_id: int, market: str) -> AlertCounts:
        there = (await self.waiting(person_id, market, len(self.alerts))).alerts
        muted = sum(alert.state is AlertState.MUTED for alert in there)
        return AlertCounts(len(there), muted, there[0].alert_id if there else 0)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        there = (await self.waiting(person_id, market, len(self.alerts))).alerts
        gone = [alert for alert in there if alert.alert_id <= newest]
        for alert in gone:
            self.alerts[alert.alert_id] = replace(alert, state=AlertState.CANCELLED)
        return len(gone)

    async def edit(self, person_id: int, alert_id: int, change: NewLevel) -> Alert:
        there = await self.find(person_id, alert_id)
        if there.state not in (AlertState.ARMED, AlertState.MUTED):
            raise UnknownAlert(alert_id)
        self.alerts[alert_id] = replace(
            there,
            direction=change.direction,
            level=change.level,
            ready=change.ready,
            market_time=change.market_time,
            rearm=change.rearm,
        )
        return self.alerts[alert_id]

    async def mute(self, person_id: int, alert_id: int) -> Alert:
        return await self._become(person_id, alert_id, AlertState.MUTED, AlertState.FIRED, AlertState.CANCELLED)

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> Alert:
        there = await self.find(person_id, alert_id)
        if there.state is not AlertState.ARMED:
            self._check_room(person_id)
        again = await self._become(person_id, alert_id, AlertState.ARMED, AlertState.CANCELLED)
        self.alerts[alert_id] = replace(again, repeat=True, ready=ready, market_time=market_time)
        return self.alerts[alert_id]

    async def _become(self, person_id: int, alert_id: int, state: AlertState, *over: AlertState) -> Alert:
        there = await self.find(person_id, alert_id)
        if there.state in over:
            raise UnknownAlert(alert_id)
        self.alerts[alert_id] = replace(there, state=state)
        return self.alerts[alert_id]


class FakeCharts:
    """Remembers what was drawn; `marks` and `options` are of the candle charts. While `down` it raises that."""

    def __init__(self) -> None:
        self.drawn: list[tuple[str, str, ChartStyle]] = []
        self.marks: list[ChartAnnotations] = []
        self.options: list[tuple[ChartOption, ...]] = []
        self.ways: list[Sequence[RelativeSeries]] = []
        self.ticks: list[Decimal | None] = []
        self.equities: list[Decimal] = []
        self.tiles: list[Sequence[HeatmapTile]] = []
        self.down: Exception | None = None

    def _draw(self, what: str, label: str, style: ChartStyle) -> bytes:
        if self.down is not None:
            raise self.down
        self.drawn.append((what, label, style))
        return PNG

    async def candles(
        self,
        pair: str,
        interval: Interval,
        candles: Sequence[Candle],
        *,
        last: Decimal,
        change_24h: Decimal | None,
        label: str,
        style: ChartStyle,
        tick: Decimal | None = None,
        shown: int | None = None,
        options: Collection[ChartOption] = (),
        marks: ChartAnnotations = NO_ANNOTATIONS,
    ) -> bytes:
        self.marks.append(marks)
        self.ticks.append(tick)
        self.options.append(tuple(options))
        return self._draw(f"candles {pair} {interval} {len(candles)}", label, style)

    async def sparkline(
        self,
        pair: str,
        candles: Callable[[], Awaitable[Sequence[Candle]]],
        *,
        change_24h: Decimal | None,
        label: str,
        style: ChartStyle,
        tick: Decimal | None = None,
    ) -> bytes:
        self.ticks.append(tick)
        return self._draw(f"sparkline {pair} {len(await candles())}", label, style)

    async def comparison(self, ways: Sequence[RelativeSeries], period: str, *, label: str, style: ChartStyle) -> bytes:
        self.ways.append(ways)
        return self._draw(f"comparison {period}", label, style)

    async def heatmap(self, tiles: Sequence[HeatmapTile], *, label: str, style: ChartStyle) -> bytes:
        self.tiles.append(tiles)
        return self._draw("heatmap", label, style)

    async def forecast(
        self,
        forecast: Forecast,
        horizon: str,
        candles: Sequence[Candle],
        *,
        pair: str,
        last: Decimal,
        now: int,
        label: str,
        style: ChartStyle,
        tick: Decimal | None = None,
    ) -> bytes:
        self.ticks.append(tick)
        return self._draw(f"forecast {pair} {horizon} {len(candles)}", label, style)

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        return self._draw("allocation", label, style)

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        self.equities.append(points[-1].equity)
        return self._draw("equity", label, style)


class CountedTokens:
    """`tok000000001` and so on: as long as the real ones."""

    def __init__(self) -> None:
        self.count = 0

    def token_urlsafe(self, nbytes: int) -> str:
        self.count += 1
        length = (nbytes * 4 + 2) // 3
        return f"tok{self.count:0{length - 3}d}"


class FakeDeskBot:
    """A router over all the fakes, and the person who talks to it."""

    def __init__(
        self,
        language: Language = Language.ENGLISH,
        *,
        market: FakeMarket | None = None,
        seconds: float = 20.0,
        external_id: str = "7",
        forecasting: bool = True,
    ) -> None:
        self.language = language
        self.external_id = external_id
        self.market = market or FakeMarket()
        self.desk = FakeDesk(self.market)
        self.people = MemoryPeople()
        self.previews = MemoryPreviews()
        self.charts = FakeCharts()
        self.alerts = MemoryAlerts()
        self.forecasting = FakeForecasting({symbol: float(price) for symbol, price in self.market.prices.items()})
        self.forecast_alerts = MemoryForecastAlerts()
        self.notices = MemoryNotices()
        self.groups = MemoryGroups()
        self.identities = MemoryIdentities(self.people, self.desk)
        self.watchlists = MemoryWatchlists()
        self.plans = MemoryPlans()
        self.operators = MemoryOperating(self.people.identities)
        self.services = Services(
            market=self.market,
            desk=self.desk,
            people=self.people,
            previews=self.previews,
            charts=self.charts,
            clock=lambda: NOW,
            tokens=CountedTokens(),
            settings=BotSettings(),
            alerts=self.alerts,
            forecast_alerts=self.forecast_alerts,
            fee_rate=Decimal("0.001"),
            forecasting=self.forecasting if forecasting else None,
            notices=self.notices,
            groups=self.groups,
            operating=self.operators.operating,
            identities=self.identities,
            watchlists=self.watchlists,
            plans=self.plans,
        )
        checks = (self.operators.bans, only_in_private, GroupPermissions())
        self.router = Router(self.services, catalogs=CATALOGS, checks=checks, seconds=seconds)
        self.count = 0

    def inbound(self, text: str, *, pressed: bool = False, external_id: str | None = None) -> Inbound:
        self.count += 1
        who = external_id or self.external_id
        return Inbound("fake", who, f"update-{self.count}", text, pressed, self.language, "Asia/Seoul")
