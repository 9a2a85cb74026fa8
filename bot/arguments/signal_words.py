"""Reader of the kind of signal that /scan shows."""

from bot.arguments.reader import choice
from trading.scan.signals import SignalKind

_WORDS = {
    **{kind.value: kind for kind in SignalKind},
    **dict.fromkeys(("breakouts", "donchian", "돌파"), SignalKind.BREAKOUT),
    **dict.fromkeys(("trend", "모멘텀"), SignalKind.MOMENTUM),
    **dict.fromkeys(("oversold", "dip", "과매도", "반등"), SignalKind.REVERSION),
    **dict.fromkeys(("volumes", "거래량"), SignalKind.VOLUME),
    **dict.fromkeys(("squeezes", "수축", "스퀴즈"), SignalKind.SQUEEZE),
}

SIGNAL_KINDS = choice(_WORDS, {kind.value: f"scan-kind-{kind.value}" for kind in SignalKind})
