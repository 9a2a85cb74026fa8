"""Tables of /performance, /risk and /stress keep their columns on a phone, where Telegram parts wider ones by rows."""

import pytest

from bot.platforms.telegram.outbound.markup import TextStyle
from bot.platforms.telegram.outbound.tables import table_lines
from bot.reply import Table
from people.person import Language
from tests.unit.bot.commands.test_risk import MovingMarket, holding


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("line", ["/performance", "/risk", "/stress", "/stress 2025-10"])
async def test_tables_fit_on_a_phone(line: str, language: Language) -> None:
    bot = await holding(MovingMarket(), "BTC 300000usdc", "ETH 600000usdc", language=language)
    reply = await bot.router.answer(bot.inbound(line))
    tables = [block for block in reply.blocks if isinstance(block, Table)]
    assert tables
    for table in tables:
        styles = {run.style for printed in table_lines(table) for run in printed}
        assert styles == {TextStyle.PRE}, [column.title for column in table.columns]
