"""/robot: previewing, starting, watching and stopping a rule that trades on paper."""

from dataclasses import replace
from decimal import Decimal

import pytest

from people.person import Language
from pipeline.market import Interval, Symbol
from tests.fakes.bot import CATALOGS
from tests.fakes.bot_market import NOW
from tests.unit.bot.commands.chat import Chat
from trading.orders.types import Side
from trading.strategies import read_rules
from trading.strategies.robots import MAX_ROBOTS, RobotReason, RobotState

RULE = "when rsi(14) < 30 buy 50% when rsi(14) > 55 sell max"
BTC = Symbol("BTCUSDC")


@pytest.fixture
async def chat() -> Chat:
    """A chat with a saved strategy."""
    found = Chat()
    await found.type(f"/strategy save dips {RULE} on BTC 1h")
    return found


@pytest.fixture
async def running(chat: Chat) -> Chat:
    """A chat in which robot 1 runs with 1,000 USDC."""
    await chat.type("/robot dips 1000usdc")
    await chat.press("robot_start")
    return chat


async def test_a_preview_starts_nothing(chat: Chat) -> None:
    assert "Run “dips” on paper?" in await chat.type("/robot dips 1000usdc")
    assert chat.bot.robots.robots == {}


async def test_the_card_of_a_strategy_runs_it(chat: Chat) -> None:
    await chat.type("/strategy dips")
    assert "How much may “dips” spend?" in await chat.press("robot dips")
    assert "Budget: 250,000.00 USDC" in await chat.press("robot dips 25%")


async def test_a_strategy_shows_what_runs_and_its_profit(running: Chat) -> None:
    running.bot.robots.trade(1, Side.BUY, "0.01", "57000", NOW)
    assert "Robot 1 · dips · BTC 1h: Running, +10.00 USDC" in await running.type("/strategy dips")
    assert "dips | BTC/USDC | 1h | +10.00" in await running.type("/strategy")


async def test_a_robot_goes_on_with_its_rule_when_the_strategy_is_changed(running: Chat) -> None:
    await running.type("/strategy save dips when rsi(14) < 20 buy max on BTC 1h")
    assert RULE in await running.type("/robot 1")


@pytest.mark.parametrize("line", ["/robot nothing", "/robot nothing 10%"])
async def test_an_unknown_strategy_is_refused(chat: Chat, line: str) -> None:
    assert "WARNING" in await chat.type(line)
    assert chat.bot.robots.robots == {}


async def test_a_confirmation_pressed_twice_starts_one_robot(chat: Chat) -> None:
    await chat.type("/robot dips 1000usdc")
    preview = chat.last
    await chat.press("robot_start")
    chat.last = preview
    await chat.press("robot_start")
    (robot,) = chat.bot.robots.robots.values()
    assert (robot.budget, robot.interval, robot.rule) == (Decimal(1000), Interval.H1, RULE)


async def test_a_share_is_one_of_what_is_available(chat: Chat) -> None:
    assert "Budget: 100,000.00 USDC" in await chat.type("/robot dips 10%")


@pytest.mark.parametrize("budget", ["0.5usdc", "2000000usdc"])
async def test_a_budget_that_cannot_be_spent_is_refused(chat: Chat, budget: str) -> None:
    assert "must be at least 1 and at most 1,000,000 USDC" in await chat.type(f"/robot dips {budget}")


async def test_the_number_of_robots_is_bounded(chat: Chat) -> None:
    for _ in range(MAX_ROBOTS):
        await chat.type("/robot dips 10usdc")
        await chat.press("robot_start")
    await chat.type("/robot dips 10usdc")
    assert "the maximum" in await chat.press("robot_start")


async def test_the_card_shows_position_and_profit(running: Chat) -> None:
    running.bot.robots.trade(1, Side.BUY, "0.01", "57000", NOW)
    shown = await running.press_text("robot_show 1")
    assert "Position: 0.01 BTC at 57,000.00" in shown
    assert "Profit: +10.00 USDC (+1.00%)" in shown


async def test_the_list_shows_profits(running: Chat) -> None:
    running.bot.robots.trade(1, Side.BUY, "0.01", "57000", NOW)
    assert "1 · dips · BTC 1h | Running | +10.00" in await running.type("/robot")


async def test_a_robot_with_a_position_asks_before_it_stops(running: Chat) -> None:
    running.bot.robots.trade(1, Side.BUY, "0.01", "57000", NOW)
    assert "Sell it or keep it?" in await running.press_text("robot_stop 1")
    assert "sells its position" in await running.press("robot_sell")
    assert running.bot.robots.robots[1].reason is RobotReason.SOLD


async def test_a_robot_without_a_position_stops_at_once(running: Chat) -> None:
    await running.press_text("robot_stop 1")
    assert running.bot.robots.robots[1].state is RobotState.STOPPED
    assert "can't be changed any more" in await running.press_text("robot_pause 1")


async def test_robots_of_others_do_not_exist(running: Chat) -> None:
    for command in ("show", "log", "compare", "pause", "resume", "stop", "sell", "keep"):
        assert "does not exist" in await running.press_text(f"robot_{command} 1", external_id="8")


async def test_why_a_robot_paused_is_said(running: Chat) -> None:
    robots = running.bot.robots.robots
    robots[1] = replace(robots[1], state=RobotState.PAUSED, reason=RobotReason.LIMIT)
    assert "Paused: a limit was reached" in await running.press_text("robot_show 1")


@pytest.mark.parametrize("reason", [each for each in RobotReason if each not in {RobotReason.NONE, RobotReason.USER}])
@pytest.mark.parametrize("language", list(Language))
def test_every_reason_has_its_words(reason: RobotReason, language: Language) -> None:
    texts = {f"robot-reason-{reason}"}
    if reason not in {RobotReason.LATE, RobotReason.GONE}:  # of an order that was dropped: the log has it
        texts.add(f"push-robot-why-{reason}")
    assert texts <= CATALOGS[language].entries.keys()


async def test_a_dear_rule_does_not_run_as_a_robot(chat: Chat) -> None:
    sums = " or ".join(f"kama({999 - at}) + hma({998 - at}) < 0" for at in range(6))
    await chat.type(f"/strategy save dear when {sums} buy 50% on BTC 1m")
    assert "% of the work that one robot or alert may cause" in await chat.type("/robot dear 1000usdc")
    assert chat.bot.robots.robots == {}


async def test_the_robots_of_a_user_are_bounded_by_their_work(running: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    await running.type("/strategy save other when ema(50) > close buy 50% on BTC 1m")
    await running.type("/robot other 1000usdc")
    monkeypatch.setattr(read_rules, "USER_SECONDS", read_rules.read_rule(RULE, Interval.H1).seconds)
    assert "Stop one in /robot first" in await running.press("robot_start")
    assert len(running.bot.robots.robots) == 1
    await running.type("/robot dips 1000usdc")
    await running.press("robot_start")  # the same rule on the same candles is computed once
    assert len(running.bot.robots.robots) == 2
