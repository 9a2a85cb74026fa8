### Pictures of the market: chart options, comparison, heat map; the words inside them.

command-compare = Compare how several symbols went
    .about = Draws two to six symbols from one start, in percent. Write 24h, 7d, 30d, 90d or 1y after them for how far back to look; without one it is a week.
    .symbols = Two to six symbols, and 24h, 7d, 30d, 90d or 1y if you like: BTC ETH SOL 7d
    .examples =
        /compare BTC ETH
        /compare BTC ETH SOL 30d

command-heatmap = Show the market as a map of volume and change
    .about = Draws the forty most traded symbols: the larger a field, the more was traded in 24 hours; its colour is the change of price.
    .examples = /heatmap

parameter-options = ma|ema|bb|rsi|macd|clean

## Answers
chart-marks-alt = Your own are marked: { $trades ->
    [0] no trades
    [one] one trade
   *[other] { $trades } trades
}{ $cost ->
    [none] .
   *[other] , average cost { $cost }.
}
spark-alt = { $symbol } over the last 24 hours.
compare-title = Compared over { $period }
compare-alt = { $period }: { $changes }.
compare-missing = No candles are known of { $symbols }, so it is not drawn.
compare-late = The start is { $start }: { $symbol } has no older candles.
heatmap-alt = The { $count } most traded symbols of 24 hours. The largest: { $largest }.
heatmap-nothing = The volumes of the last 24 hours are not known yet. Please try again in a moment.

## Choices
choice-ma = Moving averages 20, 50
choice-ema = Exponential averages 20, 50
choice-bb = Bollinger bands 20, 2σ
choice-rsi = RSI 14
choice-macd = MACD 12, 26, 9
choice-clean = Candles only
choice-24h = 24 hours
choice-7d = 7 days
choice-30d = 30 days
choice-90d = 90 days
choice-1y = 1 year

## Buttons
button-option-ma = MA
button-option-ema = EMA
button-option-bb = BB
button-option-rsi = RSI
button-option-macd = MACD
button-option-on = ✓ { $option }
button-sell = Sell { $asset }
button-alert = Alert
button-heatmap = Heat map

## Words in pictures
chart-buy = Bought
chart-sell = Sold
chart-average = Average cost
chart-level = Alert
chart-comparison = Comparison
chart-heatmap = Market
chart-heatmap-note = Area: volume · colour: change
