### Back-tests of rules.

discord-command-backtest = backtest
discord-option-test = test
words-backtest = back-test, test
command-backtest = Test a trading rule on past candles with this desk's fills, fees and slippage
    .about = Tests a rule on past candles. A signal at the close of a candle trades at the open of the next one, with the fills, fees and exchange rules of this desk; stops rest in the same order engine. Compares the result with buying and holding, and with the same rule at no costs and at twice the costs, and shows the cost at which nothing is gained. A sentence says what the result is worth, and the last fifth is held out. Ranges such as rsi(5..20) test up to 400 rules at once.
    .test = A coin, an interval and a rule, with since or until if you like
    .examples =
        /backtest { COIN() } 1h when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max since 90d
        /backtest { COIN() } 4h when sma(10) crosses above sma(30) buy max when sma(10) crosses below sma(30) sell max
        /backtest { COIN(2) } 1h when close crosses above sma(50) buy max stop 3% tp 9% since 30d
parameter-test = COIN INTERVAL RULE since PERIOD
backtest-title = Back-test · { $pair } { $interval }
backtest-rule = Rule
backtest-hold = Buy and hold
backtest-period = { $period }, { $count } candles
backtest-beside-hold = { $own } (holding: { $hold })
backtest-break-even = { $even } an order (paid: { $paid })
backtest-costs-0 = none
backtest-costs-1 = as now
backtest-costs-2 = twice
label-backtest-period = Period
label-backtest-return = Net return
label-backtest-trades = Trades
label-backtest-exposure = Time in the market
label-backtest-break-even = Break-even cost
label-backtest-costs = Costs
backtest-name = What should the strategy be called? Use one word, such as dip.
button-backtest-save = Save
button-backtest-trades = Trades (CSV)
backtest-file = { $rows ->
    [one] The trade of the back-test on { $pair }
   *[other] The { $rows } trades of the back-test on { $pair }
}
backtest-alt = Growth of the rule on { $pair } and of buying and holding, { $period }, with the trades and the drawdown: { $names }
backtest-beats-hold = The rule gained more than buying and holding in this period. One period proves little.
backtest-behind-hold = Buying and holding gained more than the rule in this period.
backtest-begins-late = Candles of { $interval } are known only since { $begins }, so the test begins there. A wider interval may reach further back.
backtest-ends-early = The last candle is of { $ends }: after that the coin was not traded here.
backtest-missing = { $count ->
    [one] 1 candle is missing; an order that would have filled in it filled at the open of the next.
   *[other] { $count } candles are missing; orders that would have filled in them filled at the open of the next.
}
backtest-frozen = { $count ->
    [one] In 1 candle nothing was traded, so nothing could fill.
   *[other] In { $count } candles nothing was traded, so nothing could fill.
}
backtest-open = The last position is still open; it counts at the last close.
backtest-waiting = The last signal came at the last candle; its order has no candle to fill in.
backtest-refused = { $count ->
    [one] 1 order was refused by the exchange's rules or found no market.
   *[other] { $count } orders were refused by the exchange's rules or found no market.
}
backtest-partial = { $count ->
    [one] 1 order was filled in part: the market showed no more.
   *[other] { $count } orders were filled in part: the market showed no more.
}
backtest-about = Begins with { $cash } after { $needed } candles to warm up. Signals at a close trade at the next open: { $fee } fee, a spread of { $spread } as now, and this desk's size-impact rule. If one candle reaches both a stop and a take profit, the stop counts. A statistic of the past, not advice.
error-too-few-candles = The rule needs { $needed } candles and there are { $found }. Choose a longer period or a narrower interval.
error-history-too-short = { $found ->
    [0] No candles of { $symbol } in { $interval } are known for this period. Choose another period or interval.
   *[other] Only { $found } candles of { $symbol } in { $interval } are known for this period, since { $since }, and the rule needs { $needed }. Choose a narrower interval, a longer period, or figures of fewer candles. The history grows while Paperdesk runs.
}
error-unexplained-jump = The price of { $symbol } jumped from { $before } to { $after } at { $at }, as after a split or a redenomination. A test over such a jump would be wrong. To begin after it, add since with { $day } or later.
error-other-candles = The candles of { $interval } are not in order at { $at }, so they cannot be tested. Choose another period or interval.
error-too-many-trades = The rule trades more than { $limit } times in this period. Choose a shorter period, a wider interval, or a stricter rule.
error-backtest-forgotten = I no longer remember this back-test. Please send the line again.
error-backtest-running = Your last back-test is still running. Please wait for its answer.
error-backtest-too-long = That is { $count } candles of { $interval }. A test has at most { $limit }, which is { $days } days. Choose a later since or a wider interval.
error-backtest-too-costly = This test takes { $percent }% of the work that one test may cause. Use fewer figures or values, shorter lengths, a later since or a wider interval.
