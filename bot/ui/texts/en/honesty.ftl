### Honesty of back-tests.

backtest-verdict-peeks = This rule peeks: what it decided at { $time } changes when the candles after it are left out. Its figures are worth nothing.
backtest-verdict-idle = The rule never traded. Loosen its conditions, or test a longer time.
backtest-verdict-costs = Costs eat it: { $gross } without costs, { $net } after them.
backtest-verdict-loses = It loses money even without costs: { $gross }.
backtest-verdict-few = Not enough trades: { $trades ->
    [one] 1 trade proves nothing
   *[other] { $trades } trades prove nothing
}. From { $least } trades on, something can be said.
backtest-verdict-luck = This looks like luck: { $reasons }.
backtest-verdict-fades = It did well until the hold-out, and lost money on candles that it had not seen: { $unseen }.
backtest-verdict-survives = It survives so far: none of the checks below speaks against it. That is no promise.
backtest-doubt-joint = {"; "}
backtest-doubt-random = { $share } of random rules with as many trades earned as much
backtest-doubt-trials = { $count ->
    [one] a single try without skill could give this result (deflated Sharpe { $deflated })
   *[other] the best of { $count } tries without skill would look much like it (deflated Sharpe { $deflated })
}
backtest-doubt-overfitting = on other candles the best of the grid is not above the middle in { $overfitting } of the cases
backtest-honesty-title = Is it luck?
backtest-random = { $share } ({ $low } to { $high })
backtest-peeks = found
backtest-no-peek = none in { $count } checks
label-backtest-trials = Rules tried on { $coin }
label-backtest-random = Better than random
label-backtest-random-median = Random rules, median
label-backtest-deflated = Deflated Sharpe
label-backtest-overfitting = Overfitting (PBO)
label-backtest-look-ahead = Look-ahead
label-backtest-sharpe = Sharpe
backtest-about-random = { $count } random rules held as often and as long, at random times and the same costs.
backtest-about-trials = The deflated Sharpe ratio is the probability of skill after all that you tried on this coin; similar tries count as fewer independent ones, so the number of tries is an upper bound.{ $full ->
    [yes] {" "}More than that are no longer counted.
   *[other] {""}
}
backtest-about-overfitting = PBO: how often the best of one half of the time is not above the middle in the other half, of { $count } splits; noise has 50%.
backtest-hold-out-title = Hold-out: the last { $share }
backtest-hold-out-about = The figures above and the choice among rules do not use these candles. When you test again, you have seen them.
backtest-no-hold-out = The test is too short to hold out a part of it.
backtest-grid-title = The best of { $count } rules
backtest-grid-about = { $names }. By Sharpe ratio, before the hold-out.
button-backtest-best = Best rule alone
backtest-grid-alt = Annual Sharpe ratios of { $count } rules by { $names }; the best is { $best }
error-grid-too-slow = { $rules } rules take too long: { $done } of them were tested in { $seconds } seconds. Choose fewer values, a later since or a wider interval.
chart-grid = Parameters
chart-grid-note = Sharpe ratio a year · framed: the best
chart-grid-down = ↓
chart-grid-across = →
