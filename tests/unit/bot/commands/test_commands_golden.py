"""Whole sessions as recorded, in both languages. RECORD_GOLDEN=1 records them anew."""

import os

import pytest

from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import press_of, transcript
from tests.paths import GOLDEN

FOLDER = GOLDEN / "commands"
PRESS = "press "
SESSIONS = {
    "first-trade": ["/start", "/buy BTC 1000usdc", "press confirm", "/sell BTC 50%", "press confirm", "/portfolio"],
    "account": ["/balance", "/settings confirm off", "/buy 币安人生 $100", "/history", "press receipt", "/reset"],
    "market": [
        "/price BTC",
        "/price BTC ETH 币安人生",
        "/chart BTC 4h",
        "/market",
        "/market movers",
        "/market search e",
    ],
    "forecast": [
        "/forecast BTC",
        "/forecast 币安人生 1d",
        "/forecast",
        "/model",
        "/forecastalert BTC",
        "/forecastalert BTC 1h up 65",
        "/forecastalert ETH 5m down 55% every",
        "/forecastalert",
        "/alerts",
        "/forecastalert",
        "press forecastalert_cancel",
        "/forecastalert BTC up 45",
        "/forecast BTC 2h",
    ],
    "ranges": [
        "/alert BTC range 3% 1h",
        "/alert ETH range 0.5% 5m every",
        "/alert BTC > 70000",
        "/alerts",
        "press alerts_ranges",
        "press alert_cancel",
        "/alert BTC range 1d",
        "/alert BTC range 3% 2h",
        "/alert BTC range 900% 1d",
    ],
    "help": [
        "/help",
        "/help trading",
        "/help buy",
        "/settings",
        "/settings language",
        "/settings timezone",
        "/settings theme light",
    ],
    "people": ["/link", "/privacy", "press privacy_delete", "/watch", "/watch BTC ETH 币安人生", "/unwatch", "/unlink"],
    "recurring": [
        "/dca",
        "/dca BTC",
        "/dca BTC 50usdc",
        "/dca BTC 50usdc daily 9:00",
        "/dca ETH 5% weekly fri 18:30",
        "/dca 币安人生 100 monthly last",
        "press dca_pause",
        "/dca",
        "press dca_resume",
        "/dca BTC 50usdc hourly",
        "/dca BTC 50usdc weekly 9",
        "/dca BTC 5000000usdc daily",
        "/dca",
        "press dca_remove",
    ],
    "resting": [
        "/orders",
        "/buy BTC 20000usdc",
        "press confirm",
        "/limit BTC sell 50% @ 70k 1d",
        "press confirm_order",
        "/limit ETH buy 2 -2% maker",
        "press confirm_order",
        "/stop BTC sell 0.05 @ 50000 limit 49900",
        "press confirm_order",
        "/trail BTC sell 0.01 3% from 62000",
        "press confirm_order",
        "/oco BTC sell 0.01 tp 75000 sl 50000",
        "press confirm_order",
        "/bracket BTC buy 1000usdc @ 54000 tp +5% sl -2%",
        "press confirm_order",
        "/limit BTC buy 0.01 @ 59000",
        "press confirm_order",
        "/orders",
        "/order 3",
        "press amend",
        "/amend 3 price 71000",
        "press confirm_order",
        "/balance",
        "/history",
        "/cancel 3",
        "/cancel BTC",
        "press cancel_orders_now",
        "/cancel",
    ],
    "records": [
        "/fills",
        "/receipt",
        "/export fills 30d",
        "/settings confirm off",
        "/buy BTC 1000usdc",
        "/buy ETH 500usdc",
        "/limit BTC buy 0.01 @ 59000",
        "/fills",
        "/fills BTC",
        "press receipt",
        "/fills 3",
        "/receipt 3",
        "/fills 99",
        "/fills SOL",
        "/receipt abc",
        "/export",
        "/export fills 30d",
        "/export orders",
        "/export ledger all",
        "/export coins",
        "/export fills yesterday",
        "/cancel",
        "/limit BTC buy 0.01 @ 50000",
        "/cancel",
    ],
    "resting-refusals": [
        "/limit",
        "/limit BTC",
        "/limit BTC buy",
        "/limit BTC buy 0.1",
        "/trail BTC sell 0.1",
        "/oco BTC sell 0.1",
        "/oco BTC sell 0.1 tp 75000",
        "/limit BTC buy 0.1 foo",
        "/limit BTC buy 0.1 @ 5%",
        "/limit BTC buy 0.1 @ 50000.001",
        "/limit BTC buy 0.1 @ 60000 maker",
        "/limit BTC buy 0.1 @ 50000 maker ioc",
        "/limit BTC buy 0.1 @ 50000 fok",
        "/limit BTC buy 0.1 @ 50000 xyz",
        "/limit BTC buy 0.1 @ 50000 2020-01-01",
        "/limit BTC buy 100 @ 50000",
        "/limit BTC sell 0.1 @ 70000",
        "/stop BTC buy 0.1 @ 50000",
        "/tp BTC buy 0.1 @ 60000 ioc",
        "/trail BTC sell 0.1 3",
        "/bracket BTC buy 0.1 tp -5% sl -2%",
        "/order 12",
        "/order abc",
        "/amend 12 price 64000",
        "/cancel 12",
        "/cancel BTC",
    ],
    "refusals": [
        "",
        "/pricee",
        "/price",
        "/price BTTC",
        "/buy BTC",
        "/buy BTC 100 eth",
        "/buy BTC 0",
        "/buy BTC -1",
        "/buy BTC NaN",
        "/buy BTC 1e9",
        "/buy BTC ٣٤",
        "/buy BTC 1,000",
        "/buy BTC 0,5",
        "/buy BTC 1000000000000000000000000000000",
        "/buy BTC 0.0000000001",
        "/buy BTC 100eth",
        "/buy BTC 101%",
        "/buy BTC 100",
        "/sell BTC max",
        "/chart BTC 2h",
        "/settings timezone Asia/Soul",
        "/market search zzz",
    ],
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SESSIONS)
async def test_a_session_reads_as_recorded(name: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    said: list[str] = []
    last = await bot.router.answer(bot.inbound("/start"))
    for line in SESSIONS[name]:
        pressed = line.startswith(PRESS)
        text = press_of(last, line.removeprefix(PRESS)) if pressed else line
        last = await bot.router.answer(bot.inbound(text, pressed=pressed))
        said.append(f"> {line}\n{transcript(last)}\n")
    path = FOLDER / f"{name}.{language}.txt"
    text = "\n".join(said)
    if os.environ.get("RECORD_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
