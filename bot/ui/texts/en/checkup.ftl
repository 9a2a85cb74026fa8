### Checkup of an account.

discord-command-checkup = checkup
words-checkup = check, health
phrases-checkup = check my account, account checkup, what am i doing wrong
command-checkup = See what stands out in your account, and fix it
    .about = Checks your account for concentration, coins that move together, positions without a stop, coins that are expensive to sell, fees, too many trades, closeness to your limits, sold winners and kept losers, and small balances. Only what stands out is shown, the most serious first, with the figure, the reason and a button. It never tells you what to buy.
    .examples = /checkup
checkup-title = Checkup of your account
checkup-nothing = Nothing stands out.
checkup-empty = The account is empty, so there is nothing to check.
checkup-finding = { $number }. { $said }
checkup-passed = Checked without a finding: { $checks }.
checkup-unknown = Not checked yet: { $checks }.
checkup-unmeasured = { $check } ({ $missing })
checkup-about = Trades are those of the last { $days } days. The operator of this desk sets what counts as standing out. Statistics of the past, not advice.

## Findings
checkup-paused = Purchases are paused by a limit: { $limit }
    .why = A limit that you or this desk set was reached; selling stays possible.
checkup-limits = { $symbol ->
    [none] { $limit }: { $used } of at most { $value }
   *[other] { $limit }: { $symbol } is { $used }, at most { $value }
}
    .why = The next order may be refused, and a price that moves can take you past the limit without any order.
checkup-no-limits = You have set no limit
    .why = A limit decides in a calm moment when to stop buying, so that you need not decide while you are losing.
checkup-stops = Without a stop: { $symbols }, { $share } of your account
    .why = Nothing sells these while you are away, so nothing limits the loss when the price falls.
checkup-concentration = { $risk_share ->
    [none] { $symbol } is { $share } of your account
   *[other] { $symbol } is { $share } of your account and { $risk_share } of its risk
}
    .why = A bad day of one coin is then a bad day of the whole account.
checkup-correlation = { $symbols } move together: { $share } of your account (correlation { $lowest } or more)
    .why = Coins that fall on the same days protect you no better than one coin would.
checkup-liquidity = Selling all of { $symbol } at once would lose { $cost } of its value
    .why = The order book is thin for this amount; the price on the screen is not the price of the whole position.
checkup-fees = Fees took { $share } of your account in { $days } days
    .why = Fees are lost whatever the market does, and every trade has to earn them first.
checkup-trades = { $executions ->
    [one] 1 trade
   *[other] { $executions } trades
} in { $days } days{ $turnover ->
    [none] {""}
   *[other] {", "}a turnover of { $turnover } times your account
}
    .why = Accounts that trade most earn least on average, because every trade costs and few of them know more than the market.
checkup-disposition = You realise { $gains_realised } of your gains and { $losses_realised } of your losses
    .why = Selling winners and keeping losers is the disposition effect: small gains are taken, and losses are left to grow.
checkup-dust = { $count ->
    [one] 1 balance is below the minimum order
   *[other] { $count } balances are below the minimum order
}
    .why = You cannot sell a part of them, but you can sell all of them with one confirmation.

## Checks
checkup-check-limits = limits
checkup-check-stops = stops
checkup-check-concentration = concentration
checkup-check-correlation = correlated coins
checkup-check-liquidity = cost of selling
checkup-check-fees = fees
checkup-check-trades = number of trades
checkup-check-disposition = winners and losers
checkup-check-dust = small balances
checkup-missing-returns = { $known } of { $least } daily returns
checkup-missing-trades = { $known } of { $least } trades
checkup-missing-sales = { $known } of { $least } sales
checkup-missing-outcomes = { $known } of { $least } gains and losses of each kind
checkup-missing-prices = no fresh price
checkup-missing-report = the history is too long for a report

## Buttons
button-checkup = Checkup
button-checkup-stop = Stop for { $coin }
button-checkup-sell = Limit sale of { $coin }
button-checkup-limit = Set a drawdown limit
button-checkup-pause = Pause after losses
