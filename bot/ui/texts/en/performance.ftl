### Performance.

## Commands
discord-command-performance = performance
discord-command-explain = explain

command-performance = Show your returns, risk, trades and benchmarks
    .about = Shows how the account did in a period of UTC days, with returns by both methods, risk, trades, cost, and against holding Bitcoin and an equal weight of your coins. “csv” sends the days as a file, “report” a tear sheet in HTML. Without a period it shows everything.
    .period = today, 7d, 30d, reset, all or dates (2026-10-01 2026-10-31); csv or report for a file
    .examples =
        /performance 30d
        /performance since reset
        /performance csv 30d
        /performance report
command-explain = Explain a figure of /performance or /risk
    .about = Says what a figure means and how it is computed. Without a name it lists the figures.
    .term = A figure, such as sharpe or drawdown
    .examples =
        /explain sharpe
        /explain drawdown
        /explain
parameter-term = FIGURE
button-performance = Performance
button-explain = What do these mean?
button-terms = All figures
choice-performance-today = Today
choice-performance-7d = 7 days
choice-performance-30d = 30 days
choice-performance-reset = Since reset
choice-performance-all = Everything
choice-performance-csv = CSV file
choice-performance-report = Tear sheet

## Card
performance-title = Performance · { $period } (UTC)
performance-zone = Days end at midnight UTC; a year has 365 days; the risk-free and the minimum return are zero. Returns of less than a year are not annualised.
performance-account = You
performance-equal-weight = Equal weight
performance-against = Compared with
performance-beside = Compared with { $name }
performance-returns = Returns
performance-return = Return
performance-risk = Risk
performance-trades = Trades
performance-further = More
performance-coins = By coin
performance-types = By order type
performance-type = Order type
performance-market = Market order
performance-executions = Fills
performance-extremes = Best and worst trades
performance-others = { $count } others
performance-unexplained = Not assigned to a coin
performance-no-advice = Practice with virtual money. Past figures say nothing certain about the future, and nothing here is advice.
performance-too-few = { $count ->
    [0] Ratios such as Sharpe need { $needed } whole days; the first is not over yet.
    [one] Ratios such as Sharpe need { $needed } whole days with a known return; there is 1 so far.
   *[other] Ratios such as Sharpe need { $needed } whole days with a known return; this period has { $count }.
}
performance-no-sales = Nothing was sold in this period, so there is no win rate and no average trade yet.
performance-gaps = { $count ->
    [one] On 1 day a coin that you held had no price: its return is unknown, not zero.
   *[other] On { $count } days a coin that you held had no price: their returns are unknown, not zero.
}
performance-stale = { $count ->
    [one] 1 day is valued at an old price.
   *[other] { $count } days are valued at old prices.
}
performance-resets = { $count ->
    [one] The account was reset once: the new money is not a return, and the round counts as a further attempt.
   *[other] The account was reset { $count } times: the new money is not a return, and each round counts as a further attempt.
}
performance-alt = Growth, { $period }: { $names }; with drawdowns and returns by month
performance-file = { $rows ->
    [one] 1 day of performance, { $period }, as CSV
   *[other] { $rows } days of performance, { $period }, as CSV
}
performance-sheet = Tear sheet of { $period } in HTML: open it in a browser
sharpe-between = { $sharpe } ({ $low } to { $high })
dsr-of = { $chance } ({ $trials } rounds)
day-count = { $count ->
    [one] 1 day
   *[other] { $count } days
}
win-rate-of = { $rate } ({ $wins } of { $count })
drawdown-now = now { $drawdown }
drawdown-open = { $depth } ({ $span }, not recovered)
drawdown-over = { $depth } ({ $span }, recovered { $recovered })
error-dates-out-of-order = That period ends on { $last }, before it begins on { $first }. Write the earlier date first.
error-before-history = Your account was opened on { $opened }, after that period.
error-performance-too-long = Your account has more than { $limit } entries, too many to evaluate for a message.
explain-title = Figures that I can explain
explain-about = Type /explain and a name, such as /explain sharpe.
error-unknown-figure = { $nearest ->
    [none] No figure is called “{ $text }”. /explain lists those that I can explain.
   *[other] No figure is called “{ $text }”. Did you mean { $nearest }? /explain lists all.
}

## Figures
term-return = Return (time-weighted)
    .about = Growth of what was in the account, without the effect of grants and resets: days are linked, so it can be compared with a benchmark.
    .words = twr,time-weighted,performance
term-money-weighted = Return (money-weighted)
    .about = The constant rate at which all grants would have grown to the final equity over the period; it depends on when the money came.
    .words = mwr,irr,xirr
term-profit = Profit
    .about = Equity at the end, less equity at the start, less what was granted or given back in between.
    .words = pnl,p&l
term-flows = Granted and given back
    .about = Virtual money that came from grants, resets and adjustments, less what went back. It is never counted as a return.
    .words = flow,cash flows
term-realised = Realised P&L
    .about = Profit of the sales of the period at average cost, fees included.
    .words = realized
term-unrealised = Unrealised P&L (change)
    .about = The rest of the profit: how the value of what is held changed in the period compared with its cost.
    .words = unrealized
term-annual = Return per year
    .about = The time-weighted return as a constant rate of 365 days; only stated for a year or longer.
    .words = cagr,annualised,annualized
term-volatility = Volatility (per year)
    .about = Standard deviation of daily returns (n - 1), times the square root of 365.
    .words = vol,standard deviation
term-sharpe = Sharpe ratio
    .about = Mean daily return divided by its standard deviation, times the square root of 365, at a risk-free rate of zero; in brackets the 95% interval.
    .words = sharpe ratio
term-psr = Chance that Sharpe is above 0
    .about = Probabilistic Sharpe ratio: how likely the true Sharpe ratio is above zero, given the number of days, skewness and fat tails.
    .words = probabilistic sharpe
term-dsr = Chance with resets counted
    .about = Deflated Sharpe ratio: the chance that Sharpe is above 0, measured against the best result that this many rounds without skill would show. Every reset is a further attempt.
    .words = deflated sharpe,deflated
term-mintrl = Days needed for 95%
    .about = Minimum track record length: how many days of returns like these it takes until a Sharpe ratio above zero is 95% certain.
    .words = track record,minimum track record length,min trl
term-sortino = Sortino ratio
    .about = As the Sharpe ratio, but divided by the downside deviation: only days with a loss count as risk.
    .words = sortino ratio
term-calmar = Calmar ratio
    .about = Return per year divided by the deepest drawdown.
    .words = calmar ratio
term-omega = Omega ratio
    .about = Sum of daily gains divided by the sum of daily losses; 1 is even.
    .words = omega ratio
term-ulcer = Ulcer index
    .about = Root of the mean squared drawdown: how deep and how long the account was below its highest value.
    .words = ulcer index
term-drawdown = Deepest drawdown
    .about = The largest fall from a highest value, with the days of the peak, the lowest value and the recovery.
    .words = max drawdown,mdd,maximum drawdown
term-win-rate = Win rate
    .about = Sell orders with a realised profit divided by all sell orders, fees included.
    .words = wins,hit rate
term-payoff = Payoff ratio
    .about = Average winning trade divided by the average losing trade.
    .words = payoff ratio
term-profit-factor = Profit factor
    .about = Sum of all winning trades divided by the sum of all losing trades.
    .words = profit factor
term-expectancy = Average trade
    .about = Mean realised profit of a sell order, fees included.
    .words = expectancy,mean trade
term-holding = Holding time
    .about = Mean time between buying and selling, first in first out, weighted by the money of the sales.
    .words = holding time
term-turnover = Turnover
    .about = The lesser of purchases and sales in the period, divided by the mean equity; not annualised.
    .words = turnover
term-exposure = Exposure
    .about = Mean share of the equity that was in coins and not in cash, at the daily closes.
    .words = exposure,invested
term-fees = Fees paid
    .about = Trading fees of the period; those of buys are paid in coins and valued at the price of the trade.
    .words = fee
term-slippage = Slippage paid
    .about = Cost of filling away from the mid price, from the receipts; negative if prices were better.
    .words = slip
term-contribution = Contribution
    .about = Part of the time-weighted return that a coin earned; all parts add up to the whole.
    .words = attribution
term-equal-weight = Equal weight
    .about = A benchmark that holds the coins that you traded in equal parts, rebalanced each day, without fees.
    .words = equal weight,benchmark
term-beta = Beta
    .about = How much the account moved with the benchmark: 1 is as much, 0 is independently.
    .words = market beta
term-alpha = Alpha (per year)
    .about = Jensen's alpha: return per year beyond what beta times the benchmark's return explains.
    .words = jensen
term-information-ratio = Information ratio
    .about = Mean difference to the benchmark divided by its standard deviation, per year.
    .words = information ratio,ir
term-tracking-error = Tracking error
    .about = Standard deviation of the daily differences to the benchmark, per year.
    .words = tracking error
term-capture = Capture up / down
    .about = Return over the days on which the benchmark rose (fell), divided by the benchmark's own over those days.
    .words = up capture,down capture
term-downside = Downside deviation (daily)
    .about = Root of the mean squared daily loss, over all days.
    .words = downside deviation
term-skewness = Skewness
    .about = Asymmetry of daily returns: below zero, large losses are more frequent than large gains.
    .words = skew
term-kurtosis = Kurtosis
    .about = Weight of extreme days: 3 for a normal distribution, more for fat tails.
    .words = fat tails
term-martin = Martin ratio
    .about = Return per year divided by the ulcer index.
    .words = upi,ulcer performance index
term-pain = Pain index
    .about = Mean depth below the highest value, over all days.
    .words = pain index
term-var = Value at risk (VaR)
    .about = The loss that is exceeded on one day in twenty (95%) or in a hundred (99%), as a share of your equity.
    .words = var,value at risk
term-shortfall = Expected shortfall
    .about = The mean of the losses beyond the value at risk: what a day costs on average when it is one of the bad ones.
    .words = es,cvar,expected shortfall
term-adjusted-sharpe = Adjusted Sharpe ratio
    .about = Sharpe ratio of the yearly return with a penalty for negative skewness and fat tails (Pezier and White).
    .words = adjusted sharpe ratio
