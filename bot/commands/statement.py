"""The statement of the user's account at a past moment."""

from bot.arguments.moments import PastMoment
from bot.context import Context
from bot.reply import Reply
from bot.views.buttons import button, rows
from bot.views.prices import enter, source_note
from bot.views.statements import statement_blocks


async def statement(ctx: Context, moment: PastMoment | None = None) -> Reply:
    """Shows balances, positions, profit and open orders as they were."""
    account, opened = await enter(ctx)
    found = await ctx.services.statements.statement(account, moment)
    ways = [button(ctx.text("button-portfolio"), "portfolio"), button(ctx.text("button-history"), "history")]
    return Reply((*opened, *statement_blocks(found, ctx), *source_note(ctx), *rows(ways)))
