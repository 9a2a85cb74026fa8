"""Personal data of a user: overview, export and deletion."""

from datetime import UTC, datetime

from bot.arguments.plain_words import Number
from bot.commands.linking import market_time
from bot.context import Context
from bot.reply import Document, Fields, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.linking import platform_name
from people.identity.errors import AccountNoLongerYours
from people.identity.ports import PersonalDataSummary


async def privacy(ctx: Context) -> Reply:
    """Shows in plain words which data is held, and for how long."""
    held = await ctx.services.identities.holdings(ctx.person.person_id)
    buttons = [
        button(ctx.text("button-export"), "privacy_export"),
        button(ctx.text("button-delete"), "privacy_delete"),
    ]
    return Reply(
        (
            Text(ctx.text("privacy-title"), Tone.TITLE),
            Fields(_counts(held, ctx)),
            Text(ctx.text("privacy-ledger")),
            Text(ctx.text("privacy-messages")),
            Text(ctx.text("privacy-short", seconds=ctx.services.settings.preview_seconds)),
            Text(ctx.text("privacy-rights")),
            *rows(buttons),
        )
    )


def _counts(held: PersonalDataSummary, ctx: Context) -> tuple[tuple[str, str], ...]:
    names = ", ".join(platform_name(entry.platform, ctx) for entry in held.identities)
    trades = sum(entry.trades for entry in held.accounts)
    figures = {
        "held-accounts": len(held.accounts),
        "held-trades": trades,
        "held-alerts": held.alerts,
        "held-repeats": held.repeats,
        "held-watched": held.watched,
        "held-chats": held.chats,
        "held-notices": held.notices,
    }
    return ((ctx.text("held-platforms"), names), *((ctx.text(id_), ctx.format.count(n)) for id_, n in figures.items()))


async def privacy_export(ctx: Context) -> Reply:
    """Sends all data of the user as one file."""
    now = ctx.services.clock()
    data = await ctx.services.identities.export(ctx.person.person_id, now)
    day = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")
    alt = ctx.text("privacy-export", kilobytes=ctx.format.count(max(1, len(data) // 1000)))
    return Reply((Document(data, alt, f"paperdesk-{day}.json"),))


async def privacy_delete(ctx: Context) -> Reply:
    """Shows what would be deleted, and asks for confirmation."""
    held = await ctx.services.identities.holdings(ctx.person.person_id)
    buttons = [
        button(ctx.text("button-forget"), "forget_me", str(ctx.person.person_id)),
        button(ctx.text("button-export"), "privacy_export"),
        button(ctx.text("button-back"), "privacy"),
    ]
    return Reply(
        (
            Text(ctx.text("privacy-delete-title"), Tone.TITLE),
            Fields(_counts(held, ctx)),
            Text(ctx.text("privacy-delete-warning"), Tone.WARNING),
            Text(ctx.text("privacy-delete-ledger")),
            *rows(buttons),
        )
    )


async def forget_me(ctx: Context, person_id: Number) -> Reply:
    """Deletes the user for whom the button was made. A second press finds a new, blank user, who is deleted too."""
    identities, now = ctx.services.identities, ctx.services.clock()
    if ctx.person.person_id != person_id:
        if not (await identities.holdings(ctx.person.person_id)).blank:
            raise AccountNoLongerYours
        await identities.forget(ctx.person.person_id, now, market_time(ctx))
        ctx.services.acquaintances.forget(ctx.person.person_id)
        ctx.services.notices.forget(ctx.person.person_id)
        return Reply((Text(ctx.text("privacy-forgotten-already")),))
    await identities.forget(person_id, now, market_time(ctx))
    ctx.services.acquaintances.forget(person_id)
    ctx.services.notices.forget(person_id)
    # An identity that joined less than a day ago belongs to its former user again, who is deleted too.
    former = await ctx.services.people.find(ctx.inbound.platform, ctx.inbound.external_id)
    if former is not None:
        await identities.forget(former.person_id, now, market_time(ctx))
        ctx.services.acquaintances.forget(former.person_id)
        ctx.services.notices.forget(former.person_id)
    return Reply((Text(ctx.text("privacy-forgotten")),))
