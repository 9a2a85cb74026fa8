"""Context of a command: the user who sent it, the language of the answer, and the services that commands use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from bot.addresses import BotAddresses
from bot.coins.turnover import Turnover
from bot.command import Command
from bot.errors import NoForecasting, NoNews
from bot.groups.ports import Groups
from bot.inbound import Inbound
from bot.open_order_hints import OpenOrderHints
from bot.reachable_chats import ReachableChats
from bot.recent_backtests import RecentBacktests
from bot.settings import BotSettings
from bot.ui.charts.ports import Charts, ChartStyle
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from core.clock import Clock
from core.time_zones import known_zone
from ml.forecast import HORIZONS
from ml.news.ports import NewsServices
from ml.ports import Forecasting
from people.cache import PersonCache
from people.identity.ports import Identities, Watchlists
from people.notifications.preferences import PreferenceStore
from people.operators.ports import Operations, OperatorServices
from people.person import Language, People, Person
from pipeline.ports import MarketReader
from trading.alerts.condition_alerts import ConditionAlerts
from trading.alerts.forecast_alerts import ForecastAlerts
from trading.alerts.ports import Alerts
from trading.alerts.range_alerts import RangeAlerts
from trading.checkup.settings import CheckupSettings
from trading.limits.ports import Limits
from trading.market_reports.ports import MarketReports
from trading.order_groups.ports import OrderGroups
from trading.portfolio.risk_report import RiskRecords
from trading.ports import RestingOrders, TradingDesk
from trading.previews import Previews
from trading.rebalancing.ports import Targets
from trading.recurring.ports import Plans
from trading.reports.performance import PerformanceReports
from trading.reports.statement import Statements
from trading.reports.trade_records import TradeRecords
from trading.rules.strategies import Strategies
from trading.strategies.robots import Robots
from trading.trials.ports import TrialStore


class Tokens(Protocol):
    """Source of unguessable tokens; the module `secrets` is one."""

    def token_urlsafe(self, nbytes: int) -> str:
        """Returns random bytes as URL-safe text."""


@dataclass(frozen=True, slots=True)
class Services:
    """External services that the commands need; `fee_rate` is the share of what is received (0.001: 0.1 %),
    `horizons` are those of the forecasts in minutes, shortest first.
    """

    market: MarketReader
    desk: TradingDesk
    orders: RestingOrders
    records: TradeRecords
    people: People
    previews: Previews
    charts: Charts
    clock: Clock
    tokens: Tokens
    settings: BotSettings
    alerts: Alerts
    groups: Groups
    notices: PreferenceStore
    identities: Identities
    watchlists: Watchlists
    plans: Plans
    robots: Robots
    statements: Statements
    limits: Limits
    trials: TrialStore
    strategies: Strategies
    order_groups: OrderGroups
    targets: Targets
    risk_records: RiskRecords
    market_reports: MarketReports
    performance: PerformanceReports
    operating: OperatorServices
    forecast_alerts: ForecastAlerts
    range_alerts: RangeAlerts
    condition_alerts: ConditionAlerts
    fee_rate: Decimal
    checkup: CheckupSettings = field(default_factory=CheckupSettings)
    forecasting: Forecasting | None = None
    news: NewsServices | None = None
    horizons: tuple[int, ...] = HORIZONS
    acquaintances: PersonCache = field(default_factory=PersonCache)
    chats: ReachableChats = field(default_factory=ReachableChats)
    turnover: Turnover = field(default_factory=Turnover)
    addresses: BotAddresses = field(default_factory=BotAddresses)
    open_orders: OpenOrderHints = field(default_factory=OpenOrderHints)
    backtests: RecentBacktests = field(default_factory=RecentBacktests)


@dataclass(frozen=True, slots=True)
class Context:
    """One command of one user.

    `request_id` is unique to this line or press on all platforms, `words` are the arguments read so far, `inbound` is
    the message of the platform. `command` is the name of the command whose arguments are suggested.
    """

    inbound: Inbound
    request_id: str
    person: Person
    catalog: Catalog
    catalogs: Mapping[Language, Catalog]
    format: Formatter
    services: Services
    commands: tuple[Command, ...]
    words: tuple[str, ...] = ()
    command: str = ""

    @property
    def text(self) -> Callable[..., str]:
        """Function that returns texts of the user's catalog."""
        return self.catalog.text

    @property
    def market(self) -> MarketReader:
        """Prices and rules of the running market."""
        return self.services.market

    @property
    def desk(self) -> TradingDesk:
        """Trading service."""
        return self.services.desk

    @property
    def orders(self) -> RestingOrders:
        """Service for orders that rest."""
        return self.services.orders

    @property
    def records(self) -> TradeRecords:
        """Records of trades."""
        return self.services.records

    @property
    def alerts(self) -> Alerts:
        """Price alerts of all users."""
        return self.services.alerts

    @property
    def forecasting(self) -> Forecasting:
        """Forecasting service. Raises NoForecasting if forecasts are disabled."""
        if self.services.forecasting is None:
            raise NoForecasting
        return self.services.forecasting

    @property
    def news(self) -> NewsServices:
        """News of the desk. Raises NoNews if it has no feeds."""
        if self.services.news is None:
            raise NoNews
        return self.services.news

    @property
    def plans(self) -> Plans:
        """Store of recurring buys."""
        return self.services.plans

    @property
    def operations(self) -> Operations:
        """Operations that are reserved for operators."""
        return self.services.operating.operations

    @property
    def operator(self) -> bool:
        """True if the user is an operator."""
        return self.services.operating.operators.include(self.inbound.platform, self.inbound.external_id)

    @property
    def quote_asset(self) -> str:
        """Asset in which everything is priced. Raises MarketUnavailable."""
        return self.market.info().quote_asset

    @property
    def style(self) -> ChartStyle:
        """Chart style of the user: theme, language and time zone."""
        return ChartStyle(self.person.theme, self.person.language, self.format.zone)

    def for_person(self, person: Person) -> "Context":
        """Returns the same request in the new language and time zone of `person`."""
        catalog = self.catalogs[person.language]
        return replace(
            self, person=person, catalog=catalog, format=Formatter(person.language, known_zone(person.timezone))
        )
