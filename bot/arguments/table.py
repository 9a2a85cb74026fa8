"""Table of readers: the reader of each kind of argument."""

from typing import Any

from bot.arguments.alert_levels import LEVELS, TIMES, AlertLevel, AlertTimes
from bot.arguments.alert_options import ALERT_OPTIONS, AlertOption
from bot.arguments.allocation_words import ALLOCATION_REQUESTS, AllocationRequest
from bot.arguments.backtest_words import BACKTEST_REQUESTS, BacktestRequest
from bot.arguments.chart_options import CHART_OPTIONS, COMPARED, INTERVALS, Period
from bot.arguments.command_names import HELP_SUBJECTS, CommandName
from bot.arguments.group_words import GROUP_TOPICS, GROUP_WORDS, GroupWord
from bot.arguments.horizons import CHANCES, FORECAST_OF, HORIZONS, Chance, Horizon
from bot.arguments.limit_words import LIMIT_KINDS, LIMIT_SUBJECTS, LIMIT_VALUES, LimitSubject, LimitValue
from bot.arguments.moments import MOMENTS, PastMoment
from bot.arguments.news_words import NEWS_SUBJECTS, NewsView
from bot.arguments.notification_choices import NOTICE_CHOICES, TOPIC_NAMES, NoticeChoice
from bot.arguments.order_options import ORDER_OPTIONS, OrderOption
from bot.arguments.order_prices import (
    AT_PRICES,
    DISTANCES,
    FROM_PRICES,
    LIMITS,
    NEW_PRICES,
    NEW_QUANTITIES,
    STOP_LOSSES,
    TAKE_PROFITS,
    AtPrice,
    FromPrice,
    NewPrice,
    NewQuantity,
    StopLoss,
    TakeProfit,
    TrailingDistance,
    WithLimit,
)
from bot.arguments.order_references import (
    CANCEL_SUBJECTS,
    EXECUTION_NUMBERS,
    FILL_SCOPES,
    ORDER_NUMBERS,
    CancelSubject,
    ExecutionNumber,
    OrderNumber,
)
from bot.arguments.performance_periods import PERFORMANCE_REQUESTS, PerformanceRequest
from bot.arguments.performance_terms import TERMS, Term
from bot.arguments.persons import LINK_CODES, PERSONS
from bot.arguments.plain_words import (
    CHAT_NAMES,
    LONG_TEXTS,
    MARKET_VIEWS,
    MESSAGES,
    NUMBERS,
    SEARCH_TEXTS,
    TOKENS,
    ChatName,
    LongText,
    MarketView,
    MessageText,
    Number,
    SearchText,
    Token,
)
from bot.arguments.preferences import (
    LANGUAGES,
    SETTING_VALUES,
    SETTINGS,
    SWITCHES,
    THEMES,
    OnOff,
    Setting,
    SettingValue,
)
from bot.arguments.reader import Reader
from bot.arguments.rebalance_words import REBALANCE_REQUESTS, RebalanceRequest
from bot.arguments.record_periods import EXPORT_KINDS, EXPORT_PERIODS, ExportPeriod
from bot.arguments.recurrence import RHYTHMS
from bot.arguments.robot_words import ROBOT_NAMES, RobotName
from bot.arguments.scenarios import SCENARIOS
from bot.arguments.sides import SIDES
from bot.arguments.signal_words import SIGNAL_KINDS
from bot.arguments.sizes import SIZES
from bot.arguments.strategy_words import STRATEGY_REQUESTS, StrategyRequest
from bot.arguments.symbols import SYMBOLS, WATCHED, WatchedName
from bot.arguments.time_zones import TIME_ZONES, TimeZoneName
from bot.command import HelpPage, HelpTopic
from bot.groups.settings import GroupTopic
from bot.ui.charts.ports import ChartOption
from core.recurrence import Recurrence
from people.identity.codes import LinkCode
from people.notifications.preferences import NotificationSetting
from people.operators.ports import PersonRef
from people.person import Language, Theme
from pipeline.market import Interval, Symbol
from trading.limits.types import LimitKind
from trading.orders.types import Side, Size
from trading.reports.csv_export import ExportKind
from trading.risk.stress import Scenario
from trading.scan.signals import SignalKind

READERS: dict[Any, Reader[Any]] = {
    Symbol: SYMBOLS,
    Symbol | Period: COMPARED,
    Interval: INTERVALS,
    ChartOption: CHART_OPTIONS,
    Side: SIDES,
    Size: SIZES,
    AtPrice: AT_PRICES,
    WithLimit: LIMITS,
    TakeProfit: TAKE_PROFITS,
    StopLoss: STOP_LOSSES,
    FromPrice: FROM_PRICES,
    TrailingDistance: DISTANCES,
    OrderOption: ORDER_OPTIONS,
    OrderNumber: ORDER_NUMBERS,
    CancelSubject: CANCEL_SUBJECTS,
    OrderNumber | Symbol: FILL_SCOPES,
    ExecutionNumber: EXECUTION_NUMBERS,
    ExportKind: EXPORT_KINDS,
    ExportPeriod: EXPORT_PERIODS,
    LimitKind: LIMIT_KINDS,
    LimitSubject: LIMIT_SUBJECTS,
    LimitValue: LIMIT_VALUES,
    AllocationRequest: ALLOCATION_REQUESTS,
    BacktestRequest: BACKTEST_REQUESTS,
    StrategyRequest: STRATEGY_REQUESTS,
    RobotName: ROBOT_NAMES,
    RebalanceRequest: REBALANCE_REQUESTS,
    PerformanceRequest: PERFORMANCE_REQUESTS,
    Term: TERMS,
    NewPrice: NEW_PRICES,
    NewQuantity: NEW_QUANTITIES,
    Language: LANGUAGES,
    TimeZoneName: TIME_ZONES,
    OnOff: SWITCHES,
    Theme: THEMES,
    HelpTopic | HelpPage | CommandName: HELP_SUBJECTS,
    MarketView: MARKET_VIEWS,
    SearchText: SEARCH_TEXTS,
    LinkCode: LINK_CODES,
    WatchedName: WATCHED,
    Setting: SETTINGS,
    SettingValue: SETTING_VALUES,
    AlertLevel: LEVELS,
    Horizon: HORIZONS,
    Symbol | Horizon: FORECAST_OF,
    Symbol | NewsView: NEWS_SUBJECTS,
    Chance: CHANCES,
    AlertTimes: TIMES,
    AlertOption: ALERT_OPTIONS,
    NotificationSetting: TOPIC_NAMES,
    NoticeChoice: NOTICE_CHOICES,
    ChatName: CHAT_NAMES,
    Recurrence: RHYTHMS,
    PastMoment: MOMENTS,
    Scenario: SCENARIOS,
    SignalKind: SIGNAL_KINDS,
    GroupTopic: GROUP_TOPICS,
    GroupWord: GROUP_WORDS,
    LongText: LONG_TEXTS,
    MessageText: MESSAGES,
    PersonRef: PERSONS,
    Token: TOKENS,
    Number: NUMBERS,
}
