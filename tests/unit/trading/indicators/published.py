"""Indicators of DaveSkender/Stock.Indicators (Apache-2.0) beside ours: its figures and our outputs."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Match:
    """Our indicator and parameters for one published call; `outputs` are its names and ours.

    `source` is what takes the place of the close, `quotes` the file, `first` the row from which on the call takes it.
    `ahead` are the rows by which a figure is drawn back: published at row i, it is ours at i + ahead.
    """

    indicator: str
    outputs: dict[str, str]
    parameters: dict[str, Any] = field(default_factory=dict)
    source: str = "close"
    quotes: str = "default"
    first: int = 0
    ahead: dict[str, int] = field(default_factory=dict)


def _one(indicator: str, name: str, **parameters: Any) -> Match:
    return Match(indicator, {name: indicator}, parameters)


_LEVELS = {"PP": "pivot", **{f"{side}{i}": f"{side.lower()}{i}" for side in "SR" for i in range(1, 5)}}
_LINES = {"Centerline": "middle", "UpperBand": "upper", "LowerBand": "lower", "Width": "width"}
_ENVELOPES = {"Centerline": "middle", "UpperEnvelope": "upper", "LowerEnvelope": "lower"}
_STOCHASTIC = {"Oscillator": "k", "K": "k", "Signal": "d", "D": "d", "PercentJ": "j", "J": "j"}
_SMI = {"Smi": "smi", "Signal": "signal"}


def _envelope(average: str, length: int = 20) -> Match:
    return Match("envelopes", _ENVELOPES, {"length": length, "percent": 2.5, "average": average})


def _pivots(session: str, kind: str, quotes: str, first: int = 0) -> Match:
    return Match("pivot_points", _LEVELS, {"session": session, "kind": kind}, quotes=quotes, first=first)


def _rolling(length: int, offset: int, kind: str, quotes: str = "default", first: int = 0) -> Match:
    parameters = {"length": length, "offset": offset, "kind": kind}
    return Match("rolling_pivots", _LEVELS, parameters, quotes=quotes, first=first)


MATCHES: dict[str, Match] = {
    "Adl": Match("adl", {"MoneyFlowMultiplier": "multiplier", "MoneyFlowVolume": "flow", "Adl": "adl"}),
    "Adx": Match("adx", {"Pdi": "plus", "Mdi": "minus", "Dx": "dx", "Adx": "adx"}),
    "Alligator": Match("alligator", {"Jaw": "jaw", "Teeth": "teeth", "Lips": "lips"}),
    "Alma": _one("alma", "Alma", length=10, offset=0.85, sigma=6),
    "Aroon": Match("aroon", {"AroonUp": "up", "AroonDown": "down", "Oscillator": "oscillator"}),
    "Atr": Match("atr", {"Atr": "atr", "Atrp": "percent"}),
    "AtrStop": Match("atr_stop", {"AtrStop": "atr_stop"}),
    "AtrStop.HighLow": Match("atr_stop", {"AtrStop": "atr_stop"}, {"source": "high_low"}),
    "Awesome": Match("awesome", {"Oscillator": "awesome", "Normalized": "normalized"}),
    "BollingerBands": Match(
        "bollinger",
        {"Sma": "middle", "UpperBand": "upper", "LowerBand": "lower"}
        | {"PercentB": "percent_b", "ZScore": "z_score", "Width": "width"},
    ),
    "Bop": _one("bop", "Bop"),
    "Cci": _one("cci", "Cci"),
    "ChaikinOsc": Match("chaikin_oscillator", {"MoneyFlowMultiplier": "multiplier"}),
    "Chop": _one("choppiness", "Chop"),
    "Cmf": Match("cmf", {"MoneyFlowMultiplier": "multiplier", "Cmf": "cmf"}),
    "Cmo": _one("cmo", "Cmo"),
    "Dema": _one("dema", "Dema"),
    "Donchian": Match("donchian", _LINES),
    "Dynamic": _one("dynamic", "Dynamic"),
    "ElderRay": Match("elder_ray", {"Ema": "average", "BullPower": "bull", "BearPower": "bear"}),
    "Ema": _one("ema", "Ema"),
    "Ema.UsePart": Match("ema", {"Ema": "ema"}, source="open"),
    "Epma": _one("epma", "Epma"),
    "HeikinAshi": Match("heikin_ashi", {"Open": "open", "High": "high", "Low": "low", "Close": "close"}),
    "Hma": _one("hma", "Hma"),
    "Ichimoku": Match(
        "ichimoku",
        {"TenkanSen": "conversion", "KijunSen": "base", "SenkouSpanA": "span_a"}
        | {"SenkouSpanB": "span_b", "ChikouSpan": "lagging"},
        ahead={"ChikouSpan": 26},
    ),
    "Kama": Match("kama", {"Er": "efficiency", "Kama": "kama"}),
    "Keltner": Match("keltner", _LINES),
    "MaEnvelopes": Match("envelopes", _ENVELOPES, {"average": "sma"}),
    "MaEnvelopes.Alma": _envelope("alma", 10),
    **{
        f"MaEnvelopes.{each}": _envelope(each.lower()) for each in ("Dema", "Epma", "Ema", "Hma", "Smma", "Tema", "Wma")
    },
    "Macd": Match(
        "macd", {"Macd": "line", "Signal": "signal", "Histogram": "histogram", "FastEma": "fast", "SlowEma": "slow"}
    ),
    "Mfi": _one("mfi", "Mfi"),
    "Mfi.SmallLookback": _one("mfi", "Mfi", length=4),
    "Obv": _one("obv", "Obv"),
    "ParabolicSar": Match("parabolic_sar", {"Sar": "parabolic_sar"}),
    "ParabolicSar.Extended": Match("parabolic_sar", {"Sar": "parabolic_sar"}, {"start": 0.01}),
    "PivotPoints": _pivots("month", "standard", "default"),
    "PivotPoints.Camarilla": _pivots("week", "camarilla", "default", -38),
    "PivotPoints.Demark": _pivots("month", "demark", "default"),
    "PivotPoints.Fibonacci": _pivots("hour", "fibonacci", "intraday", -300),
    "PivotPoints.Woodie": _pivots("day", "woodie", "intraday"),
    "Pmo": Match("pmo", {"Pmo": "pmo", "Signal": "signal"}),
    "Pvo": Match("pvo", {"Pvo": "pvo", "Signal": "signal", "Histogram": "histogram"}),
    "Roc": Match("roc", {"Momentum": "momentum", "Roc": "roc"}),
    "RollingPivots": _rolling(11, 9, "standard"),
    "RollingPivots.Camarilla": _rolling(10, 0, "camarilla", first=-38),
    "RollingPivots.Demark": _rolling(10, 10, "demark"),
    "RollingPivots.Fibonacci": _rolling(44, 15, "fibonacci", "intraday", -300),
    "RollingPivots.Woodie": _rolling(375, 16, "woodie", "intraday"),
    "Rsi": _one("rsi", "Rsi"),
    "Slope": Match("linear_regression", {"Slope": "slope", "RSquared": "fit", "StdDev": "deviation"}),
    "Sma": _one("sma", "Sma"),
    "Sma.CandlePartOpen": Match("sma", {"Sma": "sma"}, source="open"),
    "Sma.CandlePartVolume": Match("sma", {"Sma": "sma"}, source="volume"),
    "SmaAnalysis": Match("sma_errors", {"Mad": "mad", "Mse": "mse", "Mape": "mape"}),
    "Smi": Match("smi", _SMI, {"length": 14, "first": 20, "second": 5}),
    "Smi.SmallPeriods": Match("smi", _SMI, {"length": 1, "first": 1, "second": 1, "signal": 5}),
    "StarcBands": Match("starc", _LINES),
    "Stc": _one("stc", "Stc", cycle=9, fast=12, slow=26),
    "StdDev": Match("standard_deviation", {"StdDev": "standard_deviation", "Mean": "mean", "ZScore": "z_score"}),
    "Stoch": Match("stochastic", _STOCHASTIC),
    "Stoch.Fast": Match("stochastic", _STOCHASTIC, {"length": 5, "signal": 10, "smoothing": 1}),
    "Stoch.FastSmall": Match("stochastic", _STOCHASTIC, {"length": 1, "signal": 10, "smoothing": 1}),
    "Stoch.Extended": Match(
        "stochastic", _STOCHASTIC, {"length": 9, "k_factor": 5.0, "d_factor": 4.0, "average": "smma"}
    ),
    "StochRsi": Match("stochastic_rsi", {"StochRsi": "stochastic_rsi", "Signal": "signal"}),
    "StochRsi.SlowRsi": Match("stochastic_rsi", {"StochRsi": "stochastic_rsi", "Signal": "signal"}, {"smoothing": 3}),
    "SuperTrend": Match("supertrend", {"SuperTrend": "supertrend"}, {"length": 14}),
    "SuperTrend.Bitcoin": Match("supertrend", {"LowerBand": "supertrend"}, quotes="bitcoin"),
    "T3": _one("t3", "T3"),
    "Tema": _one("tema", "Tema"),
    "Tr": _one("true_range", "Tr"),
    "Trix": Match("trix", {"Ema3": "average", "Trix": "trix"}),
    "Tsi": Match("tsi", {"Tsi": "tsi", "Signal": "signal"}),
    "UlcerIndex": _one("ulcer", "UlcerIndex"),
    "Ultimate": _one("ultimate", "Ultimate"),
    "VolatilityStop": Match(
        "volatility_stop",
        dict.fromkeys(("Sar", "UpperBand", "LowerBand"), "volatility_stop"),
        {"length": 14},
    ),
    "Vortex": Match("vortex", {"Pvi": "plus", "Nvi": "minus"}),
    "Vwap": Match("vwap", {"Vwap": "vwap"}, {"session": "all"}, quotes="intraday"),
    "Vwap.WithStartDate": Match("vwap", {"Vwap": "vwap"}, {"session": "all"}, quotes="intraday", first=30),
    "Vwma": _one("vwma", "Vwma"),
    "WilliamsR": _one("williams_r", "WilliamsR"),
    "Wma": _one("wma", "Wma"),
}
"""By the published indicator and, after a dot, how its test begins; without one, its default parameters."""
