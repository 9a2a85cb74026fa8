"""Confirmation of a group of orders.

The command id is derived from the token of the preview, so one preview leads to each of its orders at most once,
however often its button is pressed or delivered, and whatever stops the desk in the middle.
"""

from bot.arguments.plain_words import Token
from bot.context import Context
from bot.reply import Reply
from bot.views.buttons import button, rows
from bot.views.order_groups import result_blocks, result_buttons
from bot.views.prices import enter, preview_gone, source_note
from trading.order_groups.placement import outcomes
from trading.order_groups.types import OrderGroup


async def place_orders(ctx: Context, token: Token) -> Reply:
    """Places the previewed group at the current prices and shows the result of every order."""
    group = await ctx.services.previews.claim(ctx.person.person_id, token)
    if not isinstance(group, OrderGroup):
        return preview_gone(ctx, button(ctx.text("button-optimize"), "optimize"))
    account, _ = await enter(ctx)
    result = await ctx.services.order_groups.place(account, f"group:{ctx.person.person_id}:{token}", group)
    blocks = result_blocks(outcomes(result), group.untraded, ctx, reduced=result.reduced)
    return Reply((*blocks, *source_note(ctx), *rows(result_buttons(ctx))))
