"""Notifications to the user who made a link code: that it was opened as a link or used, and that a join was undone."""

from bot.context import Context
from bot.reply import Reply, Text, Tone
from bot.views.buttons import button, rows
from people.identity.ports import CODE_MINUTES
from people.notices import LinkAsked, LinkJoined, LinkUndone


def link_notice(notice: LinkAsked | LinkJoined | LinkUndone, ctx: Context) -> Reply:
    """Returns the message of such a notification."""
    match notice:
        case LinkAsked():
            return _asked(notice, ctx)
        case LinkJoined():
            return _joined(notice, ctx)
        case LinkUndone():
            return _undone(notice, ctx)


def _asked(notice: LinkAsked, ctx: Context) -> Reply:
    """Returns the question, with its two answers."""
    number, platform = str(notice.code_id), platform_name(notice.platform, ctx)
    answers = [
        button(ctx.text("button-confirm"), "link_allow", number),
        button(ctx.text("button-refuse"), "link_refuse", number),
    ]
    return Reply(
        (
            Text(ctx.text("link-asked-title", platform=platform), Tone.TITLE),
            Text(ctx.text(f"link-asked-{notice.how}", platform=platform)),
            Text(ctx.text("link-asked-warning", minutes=CODE_MINUTES), Tone.WARNING),
            *rows(answers),
        )
    )


def _joined(notice: LinkJoined, ctx: Context) -> Reply:
    """Returns the message that an identity joined, with the way to undo that."""
    platform = platform_name(notice.platform, ctx)
    return Reply(
        (
            Text(ctx.text("link-joined-title", platform=platform), Tone.TITLE),
            Text(ctx.text("link-joined-notice", platform=platform), Tone.WARNING),
            *rows([button(ctx.text("button-unlink"), "link_undo", str(notice.former_id))]),
        )
    )


def _undone(notice: LinkUndone, ctx: Context) -> Reply:
    """Returns the message that an identity left with everything it had brought."""
    return Reply((Text(ctx.text("link-undone-notice", platform=platform_name(notice.platform, ctx))),))


def platform_name(platform: str, ctx: Context) -> str:
    """Returns the name of the platform as users know it."""
    text = f"platform-{platform}"
    return ctx.text(text) if ctx.catalog.has(text) else platform
