"""A whole desk in memory: the ports of the bot, with prices that stand still and money that moves."""

from decimal import Decimal

from bot.context import Services
from bot.inbound import Inbound
from bot.middleware.bans import only_in_private
from bot.middleware.group_permissions import GroupPermissions
from bot.router import Router
from bot.settings import BotSettings
from bot.ui.texts import Catalog, load_catalogs
from ml.forecast import HORIZONS
from people.person import Language
from tests.fakes.bot_charts import PNG, FakeCharts
from tests.fakes.bot_desk import FakeDesk
from tests.fakes.bot_market import NOW, FakeMarket
from tests.fakes.bot_orders import FakeOrders
from tests.fakes.bot_records import FakeRecords
from tests.fakes.bot_stores import MemoryAlerts, MemoryPeople, MemoryPreviews
from tests.fakes.condition_alerts import MemoryConditionAlerts
from tests.fakes.forecasting import FakeForecasting, MemoryForecastAlerts
from tests.fakes.groups import MemoryGroups
from tests.fakes.limits import MemoryLimits
from tests.fakes.market_reports import MemoryMarketReports
from tests.fakes.news import MemoryNews, sample_stories
from tests.fakes.notices import MemoryNotices
from tests.fakes.operations import MemoryOperating
from tests.fakes.order_groups import FakeOrderGroups
from tests.fakes.people import MemoryIdentities, MemoryWatchlists
from tests.fakes.performance import MemoryPerformance
from tests.fakes.plans import MemoryPlans
from tests.fakes.range_alerts import MemoryRangeAlerts
from tests.fakes.risk_records import MemoryRiskRecords
from tests.fakes.robots import MemoryRobots
from tests.fakes.statements import MemoryStatements
from tests.fakes.strategies import MemoryStrategies
from tests.fakes.targets import MemoryTargets
from tests.fakes.trials import MemoryTrials

__all__ = ["CATALOGS", "NOW", "PNG", "FakeDesk", "FakeDeskBot", "FakeMarket", "MemoryPeople", "MemoryPreviews"]
CATALOGS = load_catalogs()


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
        horizons: tuple[int, ...] = HORIZONS,
        catalogs: dict[Language, Catalog] = CATALOGS,
    ) -> None:
        self.language = language
        self.external_id = external_id
        self.market = market or FakeMarket()
        self.desk = FakeDesk(self.market)
        self.orders = FakeOrders(self.market, self.desk)
        self.records = FakeRecords(self.desk)
        self.people = MemoryPeople()
        self.previews = MemoryPreviews()
        self.charts = FakeCharts()
        self.alerts = MemoryAlerts()
        self.forecasting = FakeForecasting({symbol: float(price) for symbol, price in self.market.prices.items()})
        self.forecast_alerts = MemoryForecastAlerts()
        self.range_alerts = MemoryRangeAlerts()
        self.condition_alerts = MemoryConditionAlerts()
        self.news = MemoryNews(sample_stories(NOW))
        self.notices = MemoryNotices()
        self.groups = MemoryGroups()
        self.identities = MemoryIdentities(self.people, self.desk)
        self.watchlists = MemoryWatchlists()
        self.plans = MemoryPlans()
        self.robots = MemoryRobots()
        self.statements = MemoryStatements(self.desk)
        self.limits = MemoryLimits()
        self.trials = MemoryTrials()
        self.strategies = MemoryStrategies()
        self.targets = MemoryTargets()
        self.order_groups = FakeOrderGroups(self.market, self.desk)
        self.risk_records = MemoryRiskRecords()
        self.market_reports = MemoryMarketReports()
        self.performance = MemoryPerformance()
        self.operators = MemoryOperating(self.people.identities)
        self.services = Services(
            market=self.market,
            desk=self.desk,
            orders=self.orders,
            records=self.records,
            people=self.people,
            previews=self.previews,
            charts=self.charts,
            clock=lambda: NOW,
            tokens=CountedTokens(),
            settings=BotSettings(),
            alerts=self.alerts,
            forecast_alerts=self.forecast_alerts,
            range_alerts=self.range_alerts,
            condition_alerts=self.condition_alerts,
            fee_rate=Decimal("0.001"),
            forecasting=self.forecasting if forecasting else None,
            news=self.news.services(),
            horizons=horizons,
            notices=self.notices,
            groups=self.groups,
            operating=self.operators.operating,
            identities=self.identities,
            watchlists=self.watchlists,
            plans=self.plans,
            robots=self.robots,
            statements=self.statements,
            limits=self.limits,
            trials=self.trials,
            strategies=self.strategies,
            order_groups=self.order_groups,
            targets=self.targets,
            risk_records=self.risk_records,
            market_reports=self.market_reports,
            performance=self.performance,
        )
        checks = (self.operators.bans, only_in_private, GroupPermissions())
        self.router = Router(self.services, catalogs=catalogs, checks=checks, seconds=seconds)
        self.count = 0

    def inbound(self, text: str, *, pressed: bool = False, external_id: str | None = None) -> Inbound:
        self.count += 1
        who = external_id or self.external_id
        return Inbound("fake", who, f"update-{self.count}", text, pressed, self.language, "Asia/Seoul")
