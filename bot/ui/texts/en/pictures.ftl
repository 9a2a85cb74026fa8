### Chart options, comparison and heat map, and the labels in them.

command-compare = Compare the performance of several symbols
    .about = Charts two to six symbols from a common start, in percent. Add 24h, 7d, 30d, 90d or 1y for the period; the default is 7 days.
    .symbols = Two to six symbols, and optionally 24h, 7d, 30d, 90d or 1y: { COIN() } { COIN(2) } { COIN(3) } 7d
    .examples =
        /compare { COIN() } { COIN(2) }
        /compare { COIN() } { COIN(2) } { COIN(3) } 30d

command-heatmap = Show the market as a heat map
    .about = Draws the forty most traded symbols. The larger a field, the higher its 24-hour volume; its colour shows the price change.
    .examples = /heatmap

parameter-options = ma|ema|bb|rsi|macd|clean

## Answers
chart-marks-alt = Your trades: { $trades ->
    [0] none
    [one] one
   *[other] { $trades }
}{ $cost ->
    [none] .
   *[other] , average cost { $cost }.
}
chart-order-alt = { $name } at { $price }
chart-orders-alt = Your open orders: { $orders }.
spark-alt = { $symbol } over the last 24 hours.
compare-title = { $period } comparison
compare-alt = { $period }: { $changes }.
compare-title-short = Comparison since { $since }
compare-since = Since { $since }
compare-short = There are no older candles, so the chart covers less than { $period }.
chart-few = { $count ->
    [one] Only one candle, from { $since }: there are no older candles.
   *[other] Only { $count } candles, since { $since }: there are no older candles.
}
compare-missing = No candles are available for { $symbols }, so it is not shown.
compare-late = Start: { $start }. There are no older candles for { $symbol }.
heatmap-alt = The { $count } most traded symbols in 24 hours. The largest: { $largest }.
heatmap-nothing = The 24-hour volumes are not available yet. Please try again in a moment.

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

## Labels in pictures
chart-buy = Bought
chart-sell = Sold
chart-average = Average cost
chart-level = Alert
chart-order-buy = Buy { $order_id }
chart-order-sell = Sell { $order_id }
chart-order-stop = Stop { $order_id }
chart-order-profit = Take profit { $order_id }
chart-order-trail = Trailing stop { $order_id }
chart-comparison = Comparison
chart-heatmap = Market
chart-heatmap-note = Area: volume · colour: change
