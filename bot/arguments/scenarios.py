"""Reader of the scenario of a stress test."""

from bot.arguments.reader import choice
from trading.risk.stress import Scenario

_WORDS = {
    **{scenario.value: scenario for scenario in Scenario},
    **dict.fromkeys(("-20", "20%", "-20%"), Scenario.FALL_20),
    **dict.fromkeys(("-50", "50%", "-50%", "half", "반토막"), Scenario.FALL_50),
    **dict.fromkeys(("2021", "april", "2021년4월"), Scenario.APRIL_2021),
    **dict.fromkeys(("2022", "november", "ftx", "2022년11월"), Scenario.NOVEMBER_2022),
    **dict.fromkeys(("2025", "october", "2025년10월"), Scenario.OCTOBER_2025),
    **dict.fromkeys(("correlation", "상관"), Scenario.TOGETHER),
    **dict.fromkeys(("book", "유동성"), Scenario.LIQUIDITY),
}

SCENARIOS = choice(_WORDS, {scenario.value: f"choice-stress-{scenario.value}" for scenario in Scenario})
