import pytest

from bot.arguments.table import READERS
from bot.arguments.usage import about, description, examples, parameter_help, parameter_label, usage
from bot.command import NAME, Audience, HelpTopic, OneOrMore, declare, for_everyone
from bot.commands import COMMANDS
from bot.commands.reference import DOCS, FILES, reference
from bot.context import Context
from bot.reply import Reply, Text, Tone
from bot.router import Router
from bot.ui.texts import Catalog, load_catalogs
from people.person import Language
from pipeline.market import Interval, Symbol
from tests.fakes.bot import FakeDeskBot, FakeMarket
from trading.orders.types import Size

CATALOGS = load_catalogs()
VISIBLE = [command for command in COMMANDS if not command.hidden]
DISCORD_DESCRIPTION = 100
DISCORD_COMMANDS = 100
"""Most global slash commands of an application."""

BOTH = pytest.mark.parametrize("catalog", CATALOGS.values(), ids=lambda catalog: catalog.language.value)


async def sample(ctx: Context, symbol: Symbol, size: Size, interval: Interval = Interval.H1) -> Reply:
    return Reply(())


async def many(ctx: Context, symbols: OneOrMore[Symbol], size: Size | None = None) -> Reply:
    return Reply(())


async def gap(ctx: Context, symbol: Symbol | None = None, *, size: Size) -> Reply:
    return Reply(())


async def Capital(ctx: Context) -> Reply:  # noqa: N802
    return Reply(())


async def unread(ctx: Context, thing: dict[str, str]) -> Reply:
    return Reply(())


def test_the_signature_is_the_declaration() -> None:
    command = declare(sample)
    assert command.name == "sample"
    assert [(entry.name, entry.kind, entry.required) for entry in command.parameters] == [
        ("symbol", Symbol, True),
        ("size", Size, True),
        ("interval", Interval, False),
    ]


def test_an_optional_union_is_read_as_the_union() -> None:
    async def optional(ctx: Context, size: Size | None = None) -> Reply:
        return Reply(())

    (parameter,) = declare(optional).parameters
    assert parameter.kind == Size
    assert parameter.kind in READERS


@pytest.mark.parametrize("function", [many, gap, Capital])
def test_a_signature_that_cannot_be_typed_is_refused(function: object) -> None:
    with pytest.raises(TypeError):
        declare(function)  # type: ignore[arg-type]


def test_a_parameter_that_nothing_reads_is_refused_at_start() -> None:
    bot = FakeDeskBot()
    with pytest.raises(TypeError, match="nothing reads"):
        Router(bot.services, commands=(declare(unread),))


def test_the_desk_has_all_its_commands() -> None:
    names = (
        "start help price chart compare heatmap market mood scan news forecast model watch unwatch buy sell limit stop "
        "tp trail oco bracket orders order amend cancel dust dca limits strategy backtest robot alert "
        "alerts forecastalert notifications portfolio risk stress checkup optimize rebalance balance history statement "
        "performance explain fills receipt export reset settings link unlink privacy group status broadcast halt "
        "resume ban unban "
        "audit adminlog jobs desklimits"
    )
    assert [command.name for command in VISIBLE] == names.split()
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert len(VISIBLE) <= DISCORD_COMMANDS, "hidden ones are not registered on Discord (slash_commands.fill)"


def test_names_fit_telegram_and_discord() -> None:
    for command in COMMANDS:
        assert NAME.fullmatch(command.name)
        for parameter in command.parameters:
            assert NAME.fullmatch(parameter.name), parameter.name
            assert parameter.kind in READERS


@BOTH
def test_every_command_is_described_within_the_platforms_limits(catalog: Catalog) -> None:
    for command in VISIBLE:
        assert 0 < len(description(command, catalog)) <= DISCORD_DESCRIPTION
        assert about(command, catalog)
        assert usage(command, catalog).startswith(f"/{command.name}")
        for parameter in command.typed:
            assert 0 < len(parameter_help(command, parameter, catalog, "usdc")) <= DISCORD_DESCRIPTION
            assert parameter_label(parameter.name, catalog)


@BOTH
@pytest.mark.parametrize("quote", ["USDC", "USDT"])
async def test_every_example_works_as_it_stands(catalog: Catalog, quote: str) -> None:
    bot = FakeDeskBot(catalog.language, market=FakeMarket(quote))
    for line in ("/buy BTC 1000", "/buy ETH 1000"):
        await bot.router.answer(bot.inbound("/settings confirm off"))
        await bot.router.answer(bot.inbound(line + quote))
    bot.desk.numbers = 11  # the examples name order 12
    await bot.router.answer(bot.inbound("/limit BTC buy 0.02 @ 50000"))
    for command in for_everyone(tuple(VISIBLE)):  # the others are tried as an operator, in test_operators
        lines = examples(command, catalog, quote.lower())
        assert lines
        for line in lines:
            assert line.partition(" ")[0] == f"/{command.name}"
            reply = await bot.router.answer(bot.inbound(line))
            warned = isinstance(reply.blocks[0], Text) and reply.blocks[0].tone is Tone.WARNING
            assert warned == (line in ("/reset", "/unlink")), reply  # the one warns, the other has nothing to part from


@pytest.mark.parametrize("language", list(Language))
def test_the_reference_in_the_docs_is_current(language: Language) -> None:
    written = (DOCS / FILES[language]).read_text(encoding="utf-8")
    assert written == reference(CATALOGS[language]), "run: python -m bot.commands.reference"


def test_every_visible_command_has_a_topic_of_help() -> None:
    for command in COMMANDS:
        assert (command.topic is None) is command.hidden, command.name
        assert (command.topic is HelpTopic.OPERATORS) is (command.audience is Audience.OPERATORS and not command.hidden)
    assert not {topic.value for topic in HelpTopic} & {command.name for command in COMMANDS}
    assert {command.topic for command in VISIBLE} == set(HelpTopic)


@BOTH
def test_every_parameter_has_a_name_also_those_that_only_buttons_carry(catalog: Catalog) -> None:
    for command in COMMANDS:
        for parameter in command.parameters:
            assert catalog.text(f"parameter-{parameter.name}"), (command.name, parameter.name)
