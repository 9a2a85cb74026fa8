"""Messages of notices that concern no order, alert or forecast of the user."""

from bot.context import Context
from bot.reply import Reply, Text, Tone
from bot.views.alerts import announcement
from bot.views.drift import drift_reply
from bot.views.linking import link_notice
from bot.views.quality import quality_reply
from ml.monitoring.notices import DriftFound
from people.notices import Broadcast, ChatGone, LinkAsked, LinkJoined, LinkUndone
from pipeline.quality.notices import QualityFound

DeskNotice = ChatGone | Broadcast | QualityFound | DriftFound | LinkAsked | LinkJoined | LinkUndone


def from_desk(notice: DeskNotice, ctx: Context) -> Reply:
    """Returns the message of such a notice."""
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
