### Allocation of money to coins.

discord-command-optimize = optimize
discord-option-allocation = allocation
words-optimize = allocate, allocation
command-optimize = Spread money over coins by a stated objective, tested against equal weight
    .about = Finds weights for your coins, or for those that you name, from 90 days: lowest variance (minvar), highest Sharpe ratio (sharpe), equal risk (parity), hierarchical risk parity (hrp) or smallest mean of the worst 5% (cvar). A cap limits the weight of one coin. All of them are tested against equal weight on days that they had not seen, after fees. Orders to the weights are placed only after you confirm them.
    .allocation = The method, coins and a cap, such as hrp { COIN() } { COIN(2) } cap 60%
    .examples =
        /optimize { COIN() } { COIN(2) } { COIN(3) }
        /optimize cvar { COIN() } { COIN(2) } { COIN(3) } cap 40%
        /optimize minvar { COIN() } { COIN(2) } cap 70%
parameter-allocation = METHOD COINS cap SHARE
choice-optimize-minvar = Minimum variance
choice-optimize-sharpe = Maximum Sharpe
choice-optimize-parity = Equal risk
choice-optimize-hrp = Hierarchical parity
choice-optimize-cvar = Minimum CVaR
optimize-title = Allocation · { $objective }
optimize-test-title = Out of sample, after fees
optimize-verdict-equal = Equal weight did as well or better: Sharpe ratio { $other } against { $own } of { $objective }, over { $days } days that neither had seen.
optimize-verdict-better = { $objective } did better than equal weight here: Sharpe ratio { $own } against { $other }, over { $days } days that neither had seen. One period proves little.
optimize-unknown = { $days ->
    [0] There are no days to test on yet: the first { $window } days of prices are needed for the first weights.
    [one] Only 1 day could be tested, too few to compare with equal weight. From { $least } on, there is a Sharpe ratio.
   *[other] { $days } days could be tested, and the Sharpe ratios cannot be compared. From { $least } days on, they can be if prices moved.
}
optimize-about = Weights from the last { $days } daily returns (UTC midnights). The test estimates again every { $every } days from the { $window } days before, and lets the weights drift in between; what is bought and sold pays your fee. Yearly figures; turnover is what was bought and sold in a year, in multiples of the value. Covariances and means are shrunk. A statistic of the past, not advice.
optimize-refused = Where a method gave no weights, such as when nothing had risen, its money stayed in cash. Out of { $count } estimations: { $methods }.
optimize-left-out = Left out, with fewer than { $days } days of prices or none of the last day: { $coins }.
label-optimize-weight = Weight
label-optimize-equal = Equal
label-optimize-now = Now
label-optimize-method = Method
label-optimize-return = Return
label-optimize-volatility = Volatility
label-optimize-sharpe = Sharpe
label-optimize-drawdown = Drawdown
label-optimize-turnover = Turnover
button-optimize = Optimize
error-no-allocation = I can't find weights for these coins. Try another method or other coins.
error-caps-too-low = With this cap, { $count } coins can take only { $share } of the money. Raise the cap or name more coins.
error-nothing-above-risk-free = None of these coins has risen on average, so there is no highest Sharpe ratio: cash did better. Try other coins, or another method such as minvar.
error-coin-stands-still = { $symbols ->
    [none] A coin does not move, so risk cannot be shared with it. Leave it out, or choose minvar or cvar.
   *[other] The price of some coins does not move, so risk cannot be shared with them: { $symbols }. Leave them out, or choose minvar or cvar.
}
error-too-few-coins = { $symbols ->
    [none] An allocation needs at least { $least } coins. Name them, such as /optimize { COIN() } { COIN(2) }.
   *[other] An allocation needs at least { $least } coins with { $days } days of prices, the last day included. Too few are known of { $symbols }. Name others, such as /optimize { COIN() } { COIN(2) }.
}
