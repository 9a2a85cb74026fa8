"""The gravest verdict is told, and nothing short of all measures is more than luck."""

from dataclasses import replace

import pytest

from trading.backtest.verdict import BacktestVerdict, Conclusion, Doubt, Evidence, conclude

SOUND = Evidence(
    peeks=False,
    trades=80,
    net=0.3,
    gross=0.4,
    above_random=0.97,
    deflated=0.98,
    overfitting=0.05,
    unseen=0.02,
    unseen_trades=15,
)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, BacktestVerdict.SURVIVES),
        ({"unseen": -0.01}, BacktestVerdict.FADES),
        ({"unseen": 0.0, "unseen_trades": 0}, BacktestVerdict.SURVIVES),
        ({"unseen": None}, BacktestVerdict.SURVIVES),
        ({"overfitting": None}, BacktestVerdict.SURVIVES),
        ({"trades": 29}, BacktestVerdict.FEW),
        ({"trades": 30}, BacktestVerdict.SURVIVES),
        ({"net": 0.0, "gross": 0.0}, BacktestVerdict.LOSES),
        ({"net": -0.1, "gross": 0.05}, BacktestVerdict.COSTS),
        ({"trades": 0, "net": 0.0, "gross": 0.0}, BacktestVerdict.IDLE),
        ({"peeks": True, "net": 9.0}, BacktestVerdict.PEEKS),
        ({"peeks": True, "trades": 0}, BacktestVerdict.PEEKS),
    ],
)
def test_verdicts(changes: dict[str, object], verdict: BacktestVerdict) -> None:
    assert conclude(replace(SOUND, **changes)).verdict is verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({"above_random": 0.94}, (Doubt.RANDOM,)),
        ({"above_random": None}, (Doubt.RANDOM,)),
        ({"deflated": 0.94}, (Doubt.TRIALS,)),
        ({"deflated": None}, (Doubt.TRIALS,)),
        ({"overfitting": 0.21}, (Doubt.OVERFITTING,)),
        ({"above_random": 0.5, "deflated": 0.5, "overfitting": 0.5, "unseen": -1.0}, tuple(Doubt)),
    ],
)
def test_luck_has_its_reasons(changes: dict[str, object], doubts: tuple[Doubt, ...]) -> None:
    assert conclude(replace(SOUND, **changes)) == Conclusion(BacktestVerdict.LUCK, doubts)  # type: ignore[arg-type]
