"""Commands that a group rules out, through the router, in both languages."""

from bot.commands import COMMANDS
from bot.groups.settings import ALWAYS_ALLOWED, CommandGroup, GroupSettings, Permission, kind_of, ruled
from people.person import Language
from tests.fakes.transcript import press_of, transcript
from tests.unit.bot.groups.places import LANGUAGES, Place, say


@LANGUAGES
async def test_elsewhere_a_brief_refusal_names_a_channel_and_nothing_is_done(language: Language) -> None:
    place = Place(language)
    await place.managed("/group channel add trading room")
    assert "58,000.00" in await place.text("/price BTC")
    refused = await place.said("/buy BTC 100usdc", chat="c2")
    assert say(language, "error-channel-not-allowed", channel="trading room") in transcript(refused)
    assert not refused.private, "nothing of it is about money: it is said where it was asked"
    assert not place.bot.previews.kept
    assert say(language, "welcome-title") in await place.text("/start", chat="c2")
    assert say(language, "group-saved") in await place.managed("/group channel everywhere", chat="c2")
    assert "58,000.00" in await place.text("/price BTC", chat="c2")


@LANGUAGES
async def test_trading_that_is_off_is_off_for_every_way_of_trading_and_for_presses(language: Language) -> None:
    place = Place(language)
    preview = await place.said("/buy BTC 100usdc")
    await place.managed("/group allow trading off")
    for line in ("/buy BTC 100usdc", "/sell BTC max"):
        assert say(language, "error-command-disabled", command=line[1:].split()[0]) in await place.text(line)
    confirm = await place.text(press_of(preview, "confirm"), pressed=True)
    assert say(language, "error-command-disabled", command="confirm") in confirm
    assert not place.bot.desk.receipts
    assert "58,000.00" in await place.text("/price BTC")
    bot = place.bot
    private = await bot.router.answer(bot.inbound("/buy BTC 100usdc"))
    assert "WARNING" not in transcript(private), "a group's rules hold in the group"
    await place.managed("/group allow trading everyone")
    assert not place.settings.rules
    assert "WARNING" not in await place.text("/buy BTC 100usdc")


@LANGUAGES
async def test_what_is_for_managers_is_for_managers(language: Language) -> None:
    place = Place(language)
    await place.managed("/group allow alert managers")
    assert say(language, "error-admins-only", command="alert") in await place.text("/alert BTC +5%")
    assert "WARNING" not in await place.managed("/alert BTC +5%")
    assert len(place.bot.alerts.alerts) == 1


async def test_a_commands_own_rule_goes_before_that_of_its_kind() -> None:
    place = Place()
    await place.managed("/group allow prices off")
    await place.managed("/group allow price everyone")
    assert "58,000.00" in await place.text("/price BTC")
    assert "turned off" in await place.text("/market")


def test_what_is_needed_to_find_out_why_cannot_be_ruled_and_everything_else_can() -> None:
    names = ruled(COMMANDS)
    assert not ALWAYS_ALLOWED & set(names)
    settings = GroupSettings(rules=dict.fromkeys((*names, *ALWAYS_ALLOWED, *CommandGroup), Permission.OFF))
    for command in COMMANDS:
        if command.name in ALWAYS_ALLOWED:
            assert settings.who_may(command) is Permission.EVERYONE


def test_every_button_is_ruled_with_the_command_that_showed_it() -> None:
    kinds = {command.name: kind_of(command) for command in COMMANDS}
    assert {kinds[name] for name in ("buy", "sell", "confirm", "cancel")} == {CommandGroup.TRADING}
    assert {kinds[name] for name in ("history", "fills", "fills_before", "receipt", "export")} == {CommandGroup.ACCOUNT}
    assert {kinds[name] for name in ("price", "chart", "market", "forecast", "model")} == {CommandGroup.PRICES}
    alerts = (
        "alert",
        "alerts",
        "alert_cancel",
        "alert_repeat",
        "alerts_ranges",
        "alerts_conditions",
        "alert_order",
        "forecastalert",
        "forecastalert_cancel",
        "forecastalert_repeat",
    )
    assert {kinds[name] for name in alerts} == {CommandGroup.ALERTS}


def test_every_command_that_may_show_an_account_to_a_group_is_of_a_kind() -> None:
    """Else `/group allow account off` leaves its public answers."""
    shown = {entry.name for entry in COMMANDS if entry.shareable}
    assert {"portfolio", "risk", "stress", "statement", "buy"} <= shown
    assert [entry.name for entry in COMMANDS if entry.shareable and kind_of(entry) is None] == []
    off = GroupSettings().with_rule("account", Permission.OFF)
    for name in ("risk", "stress", "statement", "portfolio"):
        assert off.who_may(next(entry for entry in COMMANDS if entry.name == name)) is Permission.OFF
