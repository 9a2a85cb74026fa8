"""Every button of a refusal leads to a line that its command reads, in both languages."""

import pytest

from bot.arguments.parser import bind, find_command, read_line
from bot.errors import MissingArgument
from core.errors import Refused
from people.person import Language, Person
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript

LINES = """
/chart BTC one more hour|/chart BTC 1x|/chart BTC rsj|/chart BTC 2h rsi|/chart|/chart BTC 1h bollingr
/alert BTC 50000 - 70000|/alert BTC >|/alert BTC 50000 twice|/alert BTC 5%|/alert BTC up 20|/alert BTC|/alert > 5
/alert SOL volume 3× 2h|/alert SOL volume zz 1h|/alert BTC range –3% 1h|/alert BTC range 3% 2h|/alert BTC rsi zz
/alert BTC range 3 1h|/alert BTC 5% 급락 두번|/alert BTC 60000 two times|/alert BTC 60000 until someday
/alert BTC 60000 until 5 days|/alert BTC > 0,060|/alert BTC > 1.000|/alert BTC when price < 57.000|/alert BTC when
/alert BTC when price < 57,000 and rsi(14) < 30 every|/alert BTC when price < 1e5|/alert BTC when 2h price < 5
/forecastalert BTC 1h up|/forecastalert BTC 1h maybe|/forecastalert BTC 2h|/forecastalert|/forecastalert BTC 1h 60
/buy BTC 0,5|/buy BTC 1,500|/buy BTC 1.500|/buy BTC 1.000usdc|/buy BTC ten|/buy one btc|/buy|/buy BTC|/buy 100usdc
/buy BTC 100달라|/buy BTC 백달러|/buy BTC 한개|/buy BTK 100usdc|/buy BTK 1,500|/buy BTC 0.1 @ 50000|/buy bitcon 5%
/sell BTC 0,5|/sell bitcion max|/sell|/sell BTC ١٠|/limit BTC 0,1 buy @ 50000|/limit BTC buy 0,1 @ 57,000
/limit BTC buy 0.1 @ 57000 forever|/limit BTC buy 0.1 @ 57000 0d|/limit BTC buy 0.1 @ 5%|/limit BTC buy 0.1 @ 65.000
/limit BTC|/limit BTC 이상|/limit|/limit BTC buy|/stop BTC sell 0.1 @ 50,000|/stop BTC sell 0.1 50000 limit
/trail BTC sell 0.1 5|/bracket BTC buy 0.1 @ 57000 tp|/oco BTC sell 0.1 tp 1.000 sl 5|/amend 1 price 0,051|/amend 1
/dca BTC 50usdc sometimes|/dca BTC 50usdc weekdays 18:00|/dca BTC|/dca BTC 50usdc daily 9:00 KST|/dca BTC 0,5 daily
/settings timezone KSTT|/settings timezone IST|/settings timezone Soul|/settings timezone Etc/GMT+9|/settings
/settings language kling|/settings theme pink|/settings confirm maybe|/settings lunguage en|/settings timezone UTC+99
/timezone KST|/timezone 12|/language french|/quiet 25:00|/quiet 22|/digest hourly|/channel add|/feed xyz|/confirm
/notifications quiet 22:00 KST 07:00 KST|/notifications fill maybe|/notifications filz on|/notifications digest hourly
/export fils|/export fills 5 lightyears|/export fills 2021-03-01~2021-03-31|/export|/performance month|/stress 2020
/limits nothing|/limits order|/limits daily zz|/scan moon|/market movers up|/market sideways|/help tradding|/help buyy
/compare BTC|/compare BTC ETH 5d|/compare BTC ETHH|/rebalance BTC 0.5|/rebalance BTC 50,5% ETH 30%|/rebalance
/optimize BTC ETH cap 0.4|/optimize BTC|/forecast BTC 2h|/forecast BTCC|/cancel 1, 2|/cancel 1,2|/cancel foo
/backtest BTC when price < 57 000 buy 10%|/backtest BTC when rsi(14) < 30 buy 1.000usdc|/backtest BTC 2h when rsi < 5
/strategy save dip when price < 57,000 buy 10% on BTC 1h|/robot dip|/watch BTCX|/alrt BTC > 60000|/btc|/prise BTC
BTCUSDT|timezone|set language|quiet|channel|buy a btc|prce|매쑤|/알람 BTC|비트코인은 얼마예요|/매수|/매수 BTC
"""


@pytest.mark.parametrize("language", Language)
async def test_every_offered_line_is_read(language: Language) -> None:
    bot = FakeDeskBot(language)
    wrong, offered = [], 0
    for text in (line for row in LINES.split("\n") for line in row.split("|") if line):
        for entry in buttons(await bot.router.answer(bot.inbound(text))):
            offered += 1
            wrong += [(text, entry.press, repr(error)) for error in refusals(bot, entry.press)]
    assert not wrong, "\n".join(map(str, wrong))
    assert offered > 300


def refusals(bot: FakeDeskBot, press: str) -> list[Refused]:
    """Returns the refusal of a press, unless a further correction or another question follows it."""
    ctx = bot.router._context(bot.inbound(press, pressed=True), Person(1, language=bot.language))
    line = read_line(press)
    try:
        bind(find_command(line, ctx.commands, pressed=True), line.words, ctx)
    except MissingArgument:
        return []
    except Refused as error:
        return [] if press in SECOND_MISTAKES else [error]
    return []


SECOND_MISTAKES = frozenset(("buy BTCUSDC 1,500",))
"""Presses whose line had two mistakes, of which one is corrected."""


async def test_a_press_of_a_correction_is_carried_out() -> None:
    bot = FakeDeskBot()
    first = await bot.router.answer(bot.inbound("/alert BTC when price < 57,000"))
    again = await bot.router.answer(bot.inbound(buttons(first)[0].press, pressed=True))
    assert "57000" in transcript(again)
    assert "WARNING" not in transcript(again)
