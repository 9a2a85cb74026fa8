"""What the operator is told of a recording and of a market that cannot be opened."""

import pytest

from app.connections.market import choose_market, recording_lines
from app.errors import BinanceUnreachable
from app.settings import Settings
from bot.ui.texts import load_catalog
from core.clock import wall_clock
from people.person import Language
from pipeline.replay.recording_report import RecordingReport
from pipeline.settings import BinanceSettings

WHOLE = RecordingReport("USD", 3, ("ETHUSDT", "XRPEUR"), 2, ("BTCUSD 2021-04-03T00:30 (high 3.4e+38)",), 4, 1)


@pytest.mark.parametrize("language", Language)
def test_all_that_is_not_played_is_named(language: Language) -> None:
    catalog = load_catalog(language)
    lines = [catalog.text(text, **variables) for text, variables in recording_lines(WHOLE)]
    assert len(lines) == 4
    told = " ".join(lines)
    assert all(word in told for word in ("USD", "ETHUSDT, XRPEUR", "high 3.4e+38", "PAPERDESK_REPLAY__QUOTE_ASSET"))
    assert all(str(count) in told for count in (3, 2, 4, 1))


def test_a_clean_recording_says_nothing() -> None:
    assert recording_lines(RecordingReport("USDT", 3)) == []


async def test_binance_without_a_network_names_the_setting() -> None:
    nowhere = BinanceSettings(rest_url="http://127.0.0.1:9", ws_url="ws://127.0.0.1:9")
    chosen = await choose_market(Settings(market="binance", binance=nowhere), wall_clock, lambda _: None)
    with pytest.raises(BinanceUnreachable) as refused:
        async with chosen.source:
            pass
    for language in Language:
        sentence = load_catalog(language).text("error-binance-unreachable", **refused.value.details())
        assert "PAPERDESK_MARKET" in sentence
        assert "http://127.0.0.1:9" in sentence
