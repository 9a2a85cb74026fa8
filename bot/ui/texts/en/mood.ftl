### Mood and regime of the market, and the correlation map.

discord-command-mood = mood
words-mood = sentiment, fear, greed
phrases-mood = fear and greed, how is the market, market mood
command-mood = Show the market's mood from 0 to 100, and what followed such moods
    .about = An index from 0 (fear) to 100 (greed) of this market's own daily candles: volatility, momentum, drawdown, breadth, volume, Bitcoin's share, and new highs and lows. Below it is the record: what the market did in the 7 days after each band. Everything is computed once a day, at midnight UTC.
    .examples = /mood
mood-title = Market mood
mood-none = The mood is computed once a day from daily candles, and for the first time about a minute after the start. Please try again in a few minutes.
mood-short = { $days ->
    [0] No day of this market is known yet.
    [one] Only one day of this market is known.
   *[other] Only { $days } days of this market are known.
} The index takes about 110 days, because the market is compared with its own past.
mood-band-extreme-fear = Extreme fear
mood-band-fear = Fear
mood-band-neutral = Neutral
mood-band-greed = Greed
mood-band-extreme-greed = Extreme greed
mood-all-weeks = All weeks
mood-component-volatility = Volatility
mood-component-drawdown = Drawdown
mood-component-momentum = Momentum
mood-component-volume = Rising volume
mood-component-breadth = Breadth
mood-component-dominance = Bitcoin's share
mood-component-extremes = Highs and lows
mood-component-news = News
mood-components-title = What it is made of
mood-missing = Not known yet, so the others weigh more: { $names }.
mood-about = Scores from 0 (fear) to 100 (greed), of { $coins } coins. Volatility is relative to its average, momentum is the distance from the averages of 30 and 90 days, drawdown that from the 90-day high, breadth the share of coins above their 50-day average, rising volume the share traded in coins that rose, Bitcoin's share that of the value traded. A statistic of the past, not advice.
mood-record-title = What the next { $days } days brought, %
mood-record-about = Weeks that do not overlap. In brackets: the interval of the band; if it contains the figure of all weeks, chance explains the difference. Bands with fewer than { $least } weeks are not judged. Coins that were delisted are missing.
mood-edge-none = No edge found: in no band did the next week differ from all weeks by more than chance explains.
mood-edge-few = { $weeks ->
    [one] One week is too few to judge any band.
   *[other] { $weeks } weeks are too few to judge any band.
}
mood-edge-higher = After “{ $band }”, the next week was better than usual by more than chance explains.
mood-edge-lower = After “{ $band }”, the next week was worse than usual by more than chance explains.
mood-alt = The mood over { $days } days, between { $low } and { $high }; now { $last }.
mood-chart-note = One year, daily
mood-pace-calm = calm
mood-pace-usual = usual volatility
mood-pace-wild = wild
mood-course-up = trending up
mood-course-down = trending down
mood-course-range = in a range
market-regime = The market is: { $regime }.
market-correlations-title = Coins that move together
market-correlations-extremes = Mean correlation { $mean }. Highest: { $most }. Lowest: { $least }.
market-correlations-about = Daily returns of the most traded coins over { $days } days, shrunk against chance (Ledoit and Wolf). 1 moves in step, 0 does not. In a crash, almost everything falls together.
market-correlations-none = The correlations are computed once a day from daily candles and are not known yet. Please try again in a few minutes.
label-mood-day = Day (UTC)
label-mood-index = Mood
label-mood-week = A week before
label-mood-month = A month before
label-mood-regime = Regime
label-mood-component = Component
label-mood-score = Score
label-mood-weight = Weight
label-mood-figure = Figure
label-mood-band = Band
label-mood-weeks = Weeks
label-mood-mean = Mean
label-mood-up = Rose
button-mood = Mood
button-correlations = Correlations
