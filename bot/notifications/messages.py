"""Messages of notices whose words need nothing but the notice."""

from typing import assert_never

from bot.context import Context
from bot.reply import Reply, Text, Tone
from bot.views import limits, rebalancing, robot_notices
from bot.views.alerts import announcement
from bot.views.corporate_actions import action_told, symbol_held
from bot.views.corrections import corrected
from bot.views.drift import drift_reply
from bot.views.linking import link_notice
from bot.views.news import headlines_found
from bot.views.quality import quality_reply
from bot.views.scan import scan_told
from ml.monitoring.notices import DriftFound
from people.notices import Broadcast, ChatGone, LinkAsked, LinkJoined, LinkUndone
from pipeline.news.notices import HeadlinesFound
from pipeline.quality.notices import QualityFound
from trading.limits.notices import LimitPaused
from trading.order_groups.notices import GroupPlaced
from trading.portfolio.notices import AccountCorrected, CorporateActionTold, SymbolHeld
from trading.rebalancing.notices import BandLeft, RebalancingFailed
from trading.scan.notices import ScanTold
from trading.strategies.notices import RobotHalted

AccountNotice = (
    AccountCorrected
    | SymbolHeld
    | CorporateActionTold
    | LimitPaused
    | RobotHalted
    | GroupPlaced
    | BandLeft
    | RebalancingFailed
)
MarketNotice = ScanTold | HeadlinesFound
DeskNotice = ChatGone | Broadcast | QualityFound | DriftFound | LinkAsked | LinkJoined | LinkUndone


def message(notice: AccountNotice | MarketNotice | DeskNotice, ctx: Context) -> Reply:
    """Returns the message of such a notice."""
    match notice:
        case ScanTold():
            return scan_told(notice, ctx)
        case HeadlinesFound():
            return headlines_found(notice, ctx)
        case ChatGone() | Broadcast() | QualityFound() | DriftFound() | LinkAsked() | LinkJoined() | LinkUndone():
            return _of_desk(notice, ctx)
        case _:
            return _of_account(notice, ctx)


def _of_account(notice: AccountNotice, ctx: Context) -> Reply:
    match notice:
        case AccountCorrected():
            return corrected(notice, ctx)
        case SymbolHeld():
            return symbol_held(notice, ctx)
        case CorporateActionTold():
            return action_told(notice, ctx)
        case LimitPaused():
            return limits.paused(notice, ctx)
        case RobotHalted():
            return robot_notices.halted(notice, ctx)
        case GroupPlaced() | BandLeft() | RebalancingFailed():
            return rebalancing.rebalancing_told(notice, ctx)
        case _:
            assert_never(notice)


def _of_desk(notice: DeskNotice, ctx: Context) -> Reply:
    match notice:
        case ChatGone():
            return Reply((Text(ctx.text("push-chat-gone", platform=notice.platform), Tone.WARNING),))
        case Broadcast():
            return Reply(announcement(notice.text, ctx))
        case QualityFound():
            return quality_reply(notice.day, ctx.catalog)
        case DriftFound():
            return drift_reply(notice, ctx.catalog)
        case LinkAsked() | LinkJoined() | LinkUndone():
            return link_notice(notice, ctx)
        case _:
            assert_never(notice)
