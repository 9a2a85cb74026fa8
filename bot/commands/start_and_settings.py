"""First contact, and the settings of a user."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, assert_never

from bot.arguments.preferences import SETTING_READERS, Setting, SettingValue
from bot.arguments.symbols import favourites, short_name
from bot.context import Context
from bot.reply import Block, Button, Fields, Reply, Text, Tone
from bot.views.buttons import button, grid, rows
from bot.views.prices import enter, price_button, source_note
from core.time_zones import zone_label, zone_with_offset
from people.person import Language, Person
from pipeline.market import Symbol
from trading.ports import Account

_CHOICES = 5
_FIRST_AMOUNT = 1000


async def start(ctx: Context) -> Reply:
    """Shows an introduction, the account, and the way to a first trade in three taps."""
    account = await ctx.desk.open(ctx.person.person_id, f"{ctx.request_id}:open")
    return _welcome(account, ctx)


async def start_with(ctx: Context, setting: Setting, value: SettingValue) -> Reply:
    """Shows the same in the language or time zone that was just chosen."""
    anew = await _choose(ctx, setting, value)
    account, _ = await enter(anew)
    return _welcome(account, anew)


def _welcome(account: Account, ctx: Context) -> Reply:
    grant = ctx.format.money(account.granted, account.quote_asset)
    language = ctx.text(f"choice-{ctx.person.language}")
    trade = [entry for symbol in favourites(ctx)[:1] for entry in _first_trade(symbol, ctx)]
    blocks: tuple[Block, ...] = (
        Text(ctx.text("welcome-title"), Tone.TITLE),
        Text(ctx.text("welcome-what")),
        Text(ctx.text("welcome-account", grant=grant)),
        *_three_taps(trade, ctx),
        Text(ctx.text("welcome-settings", language=language, zone=zone_label(ctx.person.timezone)), Tone.NOTE),
        *source_note(ctx),
    )
    more = [button(ctx.text(f"button-{name}"), name) for name in ("portfolio", "market", "help")]
    return Reply((*blocks, *rows(trade, more, _choices(ctx))))


def _first_trade(symbol: Symbol, ctx: Context) -> list[Button]:
    """Returns a button for the price, and one for an order to confirm."""
    return [entry for entry in (price_button(symbol, ctx), _first_buy(symbol, ctx)) if entry is not None]


def _three_taps(trade: list[Button], ctx: Context) -> tuple[Text, ...]:
    """Returns instructions with the exact labels of the buttons: the buy button on the price card asks for an amount
    first.
    """
    if len(trade) < 2:  # noqa: PLR2004 - the price and the order
        return ()
    price, buy = trade
    return (Text(ctx.text("welcome-first", price=price.label, buy=buy.label)),)


def _choices(ctx: Context) -> list[Button | None]:
    """Returns buttons for the other languages and for another time zone: keeping the guessed ones takes no press."""
    others = [member for member in Language if member is not ctx.person.language]
    languages = [button(ctx.text(f"choice-{member}"), "start_with", "language", member.value) for member in others]
    return [*languages, button(ctx.text("button-other-zone"), "settings", "timezone")]


def _first_buy(symbol: Symbol, ctx: Context) -> Button | None:
    base, quote = short_name(symbol, ctx), ctx.quote_asset
    label = ctx.text("button-buy-size", asset=base, size=f"{ctx.format.count(_FIRST_AMOUNT)} {quote}")
    return button(label, "buy", base, f"{_FIRST_AMOUNT}{quote.lower()}")


async def settings(ctx: Context, setting: Setting | None = None, value: SettingValue | None = None) -> Reply:
    """Shows the current settings, offers the choices for one, or sets it."""
    if setting is None:
        return _overview(ctx)
    if value is None:
        found = SETTING_READERS[setting].suggest("", ctx)[:_CHOICES]
        choices = grid(button(entry.label, "settings", setting.value, entry.text) for entry in found)
        question = Text(ctx.text(f"settings-ask-{setting}", current=_current(ctx, setting)))
        return Reply((question, *choices), asks=f"settings {setting}")
    anew = await _choose(ctx, setting, value)
    said = Text(anew.text("settings-done", setting=anew.text(f"choice-{setting}"), value=_current(anew, setting)))
    return Reply((said, *rows([button(anew.text("button-settings"), "settings")])))


async def _choose(ctx: Context, setting: Setting, value: SettingValue) -> Context:
    """Stores the choice, and returns the same request with it applied."""
    person = _changed(ctx.person, setting, SETTING_READERS[setting].parse(value, ctx))
    await ctx.services.people.update(person)
    ctx.services.acquaintances.changed(person)
    return ctx.for_person(person)


def _overview(ctx: Context) -> Reply:
    shown = Fields(tuple((ctx.text(f"choice-{member}"), _current(ctx, member)) for member in Setting))
    buttons: list[Button | None] = [
        button(ctx.text(f"choice-{member}"), "settings", member.value) for member in Setting
    ]
    return Reply((Text(ctx.text("settings-title"), Tone.TITLE), shown, *rows(buttons)))


def _current(ctx: Context, setting: Setting) -> str:
    person = ctx.person
    match setting:
        case Setting.LANGUAGE:
            return ctx.text(f"choice-{person.language}")
        case Setting.TIMEZONE:
            return zone_with_offset(person.timezone, datetime.fromtimestamp(ctx.services.clock() / 1000, UTC))
        case Setting.CONFIRM:
            return ctx.text("choice-on" if person.confirm else "choice-off")
        case Setting.THEME:
            return ctx.text(f"choice-{person.theme}")
        case Setting.PUBLIC:
            return ctx.text("choice-on" if person.public else "choice-off")
        case _:
            assert_never(setting)


def _changed(person: Person, setting: Setting, value: Any) -> Person:
    """Returns the user with the changed setting; `value` is from the setting's reader, so its type is correct."""
    changes: dict[str, Any] = {setting.value: value}
    return replace(person, **changes)
