### Risk and stress tests.

## Risk
command-risk = Show what your portfolio could lose, and how well that was forecast
    .about = Shows the value at risk (VaR) and the expected shortfall of your portfolio for 1 and 10 days, the part of each coin in them, volatility, concentration and correlations, and the record of the VaR that is forecast for you every night.
    .examples = /risk
risk-title = Risk of your portfolio
risk-nothing = You hold no coins, so there is nothing at risk: cash keeps its value. Buy a coin first, such as /buy { COIN() } 1000{ $unit }.
risk-short = { $days ->
    [0] No daily return of your coins is known yet.
    [one] Only one daily return of your coins is known.
   *[other] Only { $days } daily returns of your coins are known.
} From { $least } on, I can show what your portfolio could lose.
risk-leader = { $coin } is { $risk } of your risk and { $weight } of your equity.
risk-var-title = Value at risk (VaR), % of your equity
risk-shortfall-title = Expected shortfall, % of your equity
risk-coins-title = Risk by coin, %
risk-column = { $days }d { $level }
risk-method-historical = Historical
risk-method-gaussian = Gaussian
risk-method-cornish_fisher = Cornish-Fisher
risk-method-filtered = EWMA-filtered
risk-about = Losses are positive, from { $days } daily returns (UTC midnights) of the coins that you hold now. A loss beyond the 95% VaR is expected on one day in twenty; the expected shortfall is the mean of those losses. 10 days are scaled from one day by the square root of time, which assumes independent days. By coin: share of your equity, part of the 95% expected shortfall, and yearly volatility from closes and from the ranges of 30 days. A statistic of the past, not advice.
risk-filled = On days without a price of their own, these follow the market by their beta: { $coins }.
risk-more = { $count ->
    [one] One smaller coin is not listed.
   *[other] { $count } smaller coins are not listed.
}
risk-unknown = { $sign }: too few days for this figure, or returns too far from a normal distribution for the Cornish-Fisher expansion.
risk-unpriced = No price is known of { $coins }: not part of these figures.
risk-correlation-alt = Correlations of { $coins }.
risk-record-title = Track record of your VaR
risk-record-few = Your VaR is stored every night (UTC) and compared with the result of the next day. { $nights ->
    [0] No night is judged yet.
    [one] One night is judged so far.
   *[other] { $nights } nights are judged so far.
} From { $least } on, the record is shown here.
risk-record-about = Each night is judged on the portfolio as it was at midnight, without the trades of the day. p-values below 0.05 speak against a method: Kupiec tests the number of violations, Christoffersen also whether they come in a row. The zone is the traffic light of the Basel Committee.
risk-record-left-out = { $count ->
    [one] One night is left out, because a price was missing.
   *[other] { $count } nights are left out, because a price was missing.
}
risk-violations = { $count } of { $nights }
risk-zone-green = green
risk-zone-yellow = yellow
risk-zone-red = red
label-risk-var = VaR 95%, 1 day
label-risk-shortfall = Expected shortfall 95%, 1 day
label-risk-volatility = Volatility, 1 year
label-risk-effective = Effective number of coins
label-risk-method = Method
label-risk-violations = Violations
label-risk-expected = Expected
label-risk-kupiec = Kupiec p
label-risk-christoffersen = Christoffersen p
label-risk-zone = Zone
label-risk-weight = Equity
label-risk-share = Risk
label-risk-volatility-ewma = Vol.
label-risk-volatility-range = Vol. by range
button-risk = Risk

## Stress tests
command-stress = Show what a crash would leave of your portfolio
    .about = Replays the crashes of April 2021, November 2022 and October 2025 on your portfolio, lets all coins fall by 20 or 50%, lets them fall together, or sells everything into the current order books. With a scenario it shows every position, and the stops that would fire.
    .scenario = 2021-04, 2022-11, 2025-10, 20, 50, together or liquidity
    .examples =
        /stress
        /stress 2025-10
        /stress 50
parameter-scenario = SCENARIO
stress-title = Stress tests
stress-about = What would be left of your equity at the end; cash keeps its value. Choose a scenario to see each position, and the stops that would fire.
stress-about-replay = The market moves as it did from { $begins } to { $ends } UTC.
stress-about-20 = Every coin falls by 20% at once.
stress-about-50 = Every coin falls by 50% at once.
stress-about-together = All correlations are 1: every coin falls on the same day by its own 99% value at risk.
stress-about-liquidity = Everything is sold into the current order books, before fees. What finds no buyer brings nothing.
stress-estimated-replay = Estimated by the beta to Bitcoin, or by the median coin of that time: { $coins }.
stress-estimated-together = Too little history, so left unchanged: { $coins }.
stress-estimated-liquidity = No fresh price or order book, so left unchanged: { $coins }.
stress-no-stops = No stop of yours would fire.
stress-stops = { $count ->
    [one] 1 stop would fire
   *[other] { $count } stops would fire
}
stress-stops-about = At its trigger at best; if the price jumps over it, as far down as the lowest price. The positions above are shown as if no stop had fired.
label-stress-scenario = Scenario
label-stress-left = Left
label-stress-change = Change
label-stress-now = Now
label-stress-low = Lowest
label-stress-end = End
label-stress-trigger = Trigger
label-stress-lowest = Lowest price
choice-stress-2021-04 = April 2021
choice-stress-2022-11 = November 2022
choice-stress-2025-10 = October 2025
choice-stress-20 = All -20%
choice-stress-50 = All -50%
choice-stress-together = All fall together
choice-stress-liquidity = Sell everything
button-stress = Stress tests
chart-correlation = Correlation
chart-correlation-note = Red: fall together
