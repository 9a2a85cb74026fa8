### Scan for signals.

discord-command-scan = scan
discord-option-signal = signal
words-scan = scanner, signals, opportunities
phrases-scan = what stands out, any opportunities, any signals
command-scan = Scan all coins for signals, each with how often it was right
    .about = Signals at the last closed hour and day: breakout (first close above the high of 20 candles), momentum (24 candles up twice as far as their volatility), reversion (RSI below 30 and under the lower Bollinger band), volume (three times the average, rising) and squeeze (Bollinger bands inside the Keltner channel). Beside each is how often it was right on this desk's candles, and how often anything was.
    .signal = breakout, momentum, reversion, volume or squeeze; without it, all of them
    .examples =
        /scan
        /scan breakout
parameter-signal = SIGNAL
scan-title = Signals
scan-none = The coins are scanned once an hour, and for the first time about a minute after the start. Please try again in a few minutes.
scan-nothing = { $coins ->
    [one] Nothing stands out: the only coin gives no signal at its last closed hour or day.
   *[other] Nothing stands out: none of { $coins } coins gives a signal at its last closed hour or day.
}
scan-more = { $count ->
    [one] One weaker signal is not listed.
   *[other] { $count } weaker signals are not listed.
}
scan-about = { $coins } coins at the hour that closed { $hour } and the day that closed { $day }. Strength: the share of past signals of the kind that were weaker.
scan-unmeasured = How often such signals were right is measured once a day, and not known yet.
scan-record-title = How often they were right
scan-record-about = Right: the price rose until { $hours } hours (or { $days } days) later, from the next open; for a squeeze, it moved more than usual. Base: how often that happened after any candle. In brackets: the interval of 95%, in which signals of the same time count as one. A verdict is corrected for the number of kinds. { $coins } coins, measured { $when }. A statistic of the past, not advice.
scan-kind-breakout = Breakout
scan-kind-momentum = Momentum
scan-kind-reversion = Oversold
scan-kind-volume = Volume
scan-kind-squeeze = Squeeze
scan-edge-few = too few
scan-edge-none = no edge
scan-edge-better = better
scan-edge-worse = worse
scan-verdict-none = No kind of signal was right more often than chance explains. None of these is a reason to buy.
scan-verdict-few = There are too few past signals to judge any kind.
scan-verdict-better = Right more often than chance explains, before costs: { $names }. Past rates may not last.
push-scan-title = What stands out today
push-scan-about = Past rate / base rate of the same outcome. “No edge” means that chance explains the difference.
label-scan-signal = Signal
label-scan-rank = Strength
label-scan-rate = Right / base
label-scan-count = Signals
label-scan-right = Right
label-scan-base = Base
label-scan-edge = Verdict
button-scan = Scan
button-scan-all = All signals
button-scan-chart = { $coin } chart
button-scan-alert = { $coin } alert
button-scan-backtest = Back-test { $coin } { $signal }
button-scan-digest = Send this daily
button-scan-digest-off = Stop the digest
notice-scan = Morning signals
