"""Linking of one user's identities on several platforms: a one-time code on one, a preview and a choice on the other,
and unlinking.
"""

from collections.abc import Sequence
from dataclasses import asdict

from bot.arguments.plain_words import Number
from bot.context import Context
from bot.reply import Block, Fields, Link, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.linking import platform_name
from core.errors import DatabaseUnavailable, DeskError
from people.identity.codes import RANDOM_BYTES, HashedCode, LinkCode, code_from, spelled
from people.identity.errors import (
    AccountNoLongerYours,
    LinkedElsewhere,
    LinkUnconfirmed,
    OnlyIdentity,
    TooManyIdentities,
)
from people.identity.ports import CODE_MINUTES, MAX_IDENTITIES, AccountSummary, Identity, LinkMode, PersonalDataSummary
from people.person import Language
from pipeline.errors import MarketUnavailable
from trading.errors import NoAccount

LINK_MARK = "link_"
"""Prefix of a code that was entered by a link."""


def identity_of(ctx: Context) -> Identity:
    """Returns the identity of the sender on their platform."""
    return Identity(ctx.inbound.platform, ctx.inbound.external_id)


def _chats_changed(ctx: Context, *persons: int) -> None:
    """Drops the cached chats for the order notifications of these users."""
    for person_id in persons:
        ctx.services.notices.forget(person_id)


def market_time(ctx: Context) -> int:
    """Returns the market's time for the ledger; the time of the wall clock if there is no market."""
    try:
        return ctx.market.now()
    except MarketUnavailable:
        return ctx.services.clock()


# -- the code ----------------------------------------------------------------------------------


async def link(ctx: Context, code: LinkCode | None = None) -> Reply:
    """Shows a new code if none is given; with a code, shows what linking would do, and asks for confirmation."""
    return await _own_code(ctx) if code is None else await _preview(ctx, code)


async def _own_code(ctx: Context) -> Reply:
    code = code_from(ctx.services.tokens.token_urlsafe(RANDOM_BYTES))
    await ctx.services.identities.save_code(ctx.person.person_id, HashedCode.of(code), ctx.services.clock())
    return Reply(
        (
            Text(ctx.text("link-title"), Tone.TITLE),
            Text(ctx.text("link-code", code=spelled(code))),
            Text(ctx.text("link-how", line=f"/link {spelled(code)}")),
            *_elsewhere(code, ctx),
            Text(ctx.text("link-secret", minutes=CODE_MINUTES), Tone.WARNING),
        )
    )


def _elsewhere(code: str, ctx: Context) -> tuple[Block, ...]:
    """Returns the shortest way to enter the code on each of the other platforms."""
    addresses, here = ctx.services.addresses, ctx.inbound.platform
    ways: list[Block] = []
    if url := addresses.telegram_link("link", code):
        ways += [Link(ctx.text("link-open-telegram"), url)] if here != "telegram" else []
    else:
        ways.append(Text(ctx.text("link-start", start=f"/start link_{code}")))
    if here != "discord" and addresses.discord_name:
        ways.append(Text(ctx.text("link-on-discord", name=addresses.discord_name)))
    return tuple(ways)


async def _preview(ctx: Context, code: LinkCode) -> Reply:
    identities = ctx.services.identities
    by_link = LINK_MARK in ctx.inbound.text.casefold()
    claim = await identities.claim(
        identity_of(ctx),
        HashedCode.of(code),
        ctx.services.clock(),
        public=ctx.inbound.public,
        by_link=by_link,
    )
    mine, theirs = await identities.holdings(ctx.person.person_id), await identities.holdings(claim.host_id)
    if len(mine.identities) > 1:
        raise LinkedElsewhere
    if len(theirs.identities) >= MAX_IDENTITIES:
        raise TooManyIdentities(MAX_IDENTITIES)
    number = str(claim.code_id)
    choices = [button(ctx.text("button-link-merge" if mine.accounts else "button-link"), "link_merge", number)]
    if mine.accounts:
        choices.append(button(ctx.text("button-link-move"), "link_move", number))
    return Reply(
        (
            Text(ctx.text("link-preview-title"), Tone.TITLE),
            Text(ctx.text("link-preview-theirs"), Tone.TITLE),
            await _card(theirs, ctx),
            Text(ctx.text("link-preview-mine"), Tone.TITLE),
            await _card(mine, ctx),
            *_explained(mine, ctx),
            *((Text(ctx.text("link-preview-opened"), Tone.WARNING),) if by_link else ()),
            Text(ctx.text("link-preview-warning"), Tone.WARNING),
            *rows(choices, [button(ctx.text("button-cancel"), "link_cancel", number)]),
        )
    )


def _explained(mine: PersonalDataSummary, ctx: Context) -> tuple[Text, ...]:
    if not mine.accounts:
        return (Text(ctx.text("link-explain-empty")),)
    return (
        Text(ctx.text("link-explain-merge")),
        Text(ctx.text("link-explain-move")),
        Text(ctx.text("link-explain-rest")),
    )


async def _card(held: PersonalDataSummary, ctx: Context) -> Fields:
    names = ", ".join(platform_name(entry.platform, ctx) for entry in held.identities)
    accounts = [await _account_row(entry, held.person_id, ctx) for entry in held.accounts]
    none = () if accounts else ((ctx.text("held-account"), ctx.text("link-no-account")),)
    collected = ctx.text("link-collected", alerts=held.alerts, watched=held.watched)
    return Fields(((ctx.text("held-platforms"), names), *accounts, *none, (ctx.text("held-collected"), collected)))


async def _account_row(entry: AccountSummary, person_id: int, ctx: Context) -> tuple[str, str]:
    counts = {"positions": entry.positions, "trades": entry.trades}
    equity = await _equity(entry, person_id, ctx)
    if equity is not None:
        said = ctx.text("link-account-equity", equity=equity, **counts)
    else:
        said = ctx.text("link-account-cash", cash=ctx.format.money(entry.cash, entry.quote_asset), **counts)
    return (ctx.text("link-account", market=entry.market.partition(":")[0], quote=entry.quote_asset), said)


async def _equity(entry: AccountSummary, person_id: int, ctx: Context) -> str | None:
    """Returns the equity if `entry` is the account of the running market; None for any other, which cannot be valued
    now.
    """
    try:
        account = await ctx.desk.account(person_id)
        if account.account_id != entry.account_id:
            return None
        return ctx.format.money((await ctx.desk.portfolio(account)).equity, entry.quote_asset)
    except DatabaseUnavailable:
        raise
    except (NoAccount, DeskError):
        return None


# -- the choice --------------------------------------------------------------------------------


async def link_move(ctx: Context, code_id: Number) -> Reply:
    """Joins the other user, and leaves this user's account behind."""
    return await _join(ctx, code_id, LinkMode.MOVE)


async def link_merge(ctx: Context, code_id: Number) -> Reply:
    """Joins the other user, and merges all data into theirs."""
    return await _join(ctx, code_id, LinkMode.MERGE)


async def _join(ctx: Context, code_id: int, how: LinkMode) -> Reply:
    services, identity = ctx.services, identity_of(ctx)
    try:
        joined = await services.identities.join(identity, code_id, how, services.clock(), market_time(ctx))
    except LinkUnconfirmed:
        asked = await services.identities.ask_host(identity, code_id, how, services.clock())
        return Reply((Text(ctx.text("link-waits", how=asked.value, minutes=CODE_MINUTES)),))
    person = await services.people.find(identity.platform, identity.external_id)
    anew = ctx if person is None else ctx.for_person(person)
    services.acquaintances.forget(ctx.person.person_id)
    _chats_changed(ctx, joined.host_id, ctx.person.person_id)
    names = (await services.identities.holdings(joined.host_id)).identities
    shown = ", ".join(dict.fromkeys(platform_name(entry.platform, anew) for entry in names))
    more = [button(anew.text(f"button-{name}"), name) for name in ("portfolio", "history", "alerts")]
    return Reply((Text(anew.text(f"link-done-{joined.how.value}", platforms=shown)), *rows(more)))


async def link_allow(ctx: Context, code_id: Number) -> Reply:
    """Records that the user who created the code agrees, and joins the identity that opened it as a link."""
    services = ctx.services
    identity, how = await services.identities.allow(ctx.person.person_id, code_id, services.clock())
    before = await services.people.find(identity.platform, identity.external_id)
    joined = await services.identities.join(identity, code_id, how, services.clock(), market_time(ctx))
    if before is not None:
        services.acquaintances.forget(before.person_id)
        _chats_changed(ctx, before.person_id)
    _chats_changed(ctx, joined.host_id)
    names = (await services.identities.holdings(joined.host_id)).identities
    shown = ", ".join(dict.fromkeys(platform_name(entry.platform, ctx) for entry in names))
    return Reply((Text(ctx.text("link-allowed", platforms=shown)),))


async def link_refuse(ctx: Context, code_id: Number) -> Reply:
    """Records that the user who created the code does not agree."""
    await ctx.services.identities.refuse(ctx.person.person_id, code_id)
    return Reply((Text(ctx.text("link-refused")),))


async def link_cancel(ctx: Context, code_id: Number) -> Reply:
    """Cancels linking without a change; the code can no longer be used."""
    await ctx.services.identities.cancel(identity_of(ctx), code_id)
    return Reply((Text(ctx.text("link-cancelled")),))


async def link_undo(ctx: Context, former_id: Number) -> Reply:
    """Undoes a join that was made with this user's code, less than a day ago."""
    services, host = ctx.services, ctx.person.person_id
    identity = await services.identities.joined(host, former_id)
    await services.identities.part(host, identity)
    person = await services.people.find(identity.platform, identity.external_id)
    _chats_changed(ctx, host, *(() if person is None else (person.person_id,)))
    return Reply((Text(ctx.text("link-undo-done", platform=platform_name(identity.platform, ctx))),))


# -- unlinking ---------------------------------------------------------------------------------


async def unlink(ctx: Context) -> Reply:
    """Shows what unlinking would do, and asks for confirmation."""
    held = await ctx.services.identities.holdings(ctx.person.person_id)
    back = await ctx.services.identities.brought(identity_of(ctx))
    if len(held.identities) < 2 and back is None:  # noqa: PLR2004 - a single identity cannot be unlinked
        raise OnlyIdentity
    here = platform_name(ctx.inbound.platform, ctx)
    rest = _others(held.identities, identity_of(ctx), ctx)
    buttons = [
        button(ctx.text("button-unlink"), "unlink_now", str(ctx.person.person_id)),
        button(ctx.text("button-stay"), "portfolio"),
    ]
    if back is None:
        text = Text(ctx.text("unlink-warning", here=here, rest=rest), Tone.WARNING)
    else:
        text = Text(ctx.text("unlink-undoes", here=here, rest=rest or "none", **asdict(back)), Tone.WARNING)
    return Reply((Text(ctx.text("unlink-title", here=here), Tone.TITLE), text, *rows(buttons)))


def _others(identities: Sequence[Identity], own: Identity, ctx: Context) -> str:
    names = (platform_name(entry.platform, ctx) for entry in identities if entry != own)
    return ", ".join(dict.fromkeys(names))


async def unlink_now(ctx: Context, person_id: Number) -> Reply:
    """Unlinks this identity from the user for whom the button was made."""
    if ctx.person.person_id != person_id:
        raise AccountNoLongerYours
    parted = await ctx.services.identities.part(person_id, identity_of(ctx))
    _chats_changed(ctx, person_id)
    ended = parted.ended
    if parted.undone:
        return await _undone(ctx, ended)
    languages = [button(ctx.text(f"choice-{member}"), "settings", "language", member.value) for member in Language]
    start = button(ctx.text("button-start"), "start")
    blocks: tuple[Block, ...] = (Text(ctx.text("unlink-done", here=platform_name(ctx.inbound.platform, ctx))),)
    notes = (Text(ctx.text("unlink-ended", count=ended), Tone.NOTE),) if ended else ()
    return Reply((*blocks, *notes, *rows([start], languages)))


async def _undone(ctx: Context, ended: int) -> Reply:
    identity = identity_of(ctx)
    person = await ctx.services.people.find(identity.platform, identity.external_id)
    anew = ctx if person is None else ctx.for_person(person)
    _chats_changed(ctx, anew.person.person_id)
    more = [button(anew.text(f"button-{name}"), name) for name in ("portfolio", "history", "alerts")]
    notes = (Text(anew.text("unlink-ended", count=ended), Tone.NOTE),) if ended else ()
    done = Text(anew.text("unlink-undone", here=platform_name(identity.platform, anew)))
    return Reply((done, *notes, *rows(more)))
