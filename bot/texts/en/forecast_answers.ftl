### What may come next: forecasts, their drivers, the model behind them.

command-forecast = Show what may come next
    .about = Draws the range in which four prices out of five will lie, and what the model expects beside what buying and selling costs, with its record. Without a symbol it lists what the model is surest of.
    .symbol = The symbol, such as BTC; leave it out for the list
    .horizon = How far ahead: 5m, 15m, 1h, 4h or 1d
    .examples =
        /forecast BTC
        /forecast ETH 4h
        /forecast

command-model = Show the model behind the forecasts
    .about = Says what the forecasts over a horizon come from: how the model is made, what it learnt from, and how good it has been.
    .horizon = How far ahead: 5m, 15m, 1h, 4h or 1d
    .examples =
        /model
        /model 1d

parameter-horizon = 5m|15m|1h|4h|1d

## One symbol
forecast-title = { $symbol }, { $horizon } ahead
forecast-above-costs = The expected move is larger than what buying and selling again costs in fees ({ $costs }).
forecast-below-costs = The expected move is smaller than what buying and selling again costs in fees ({ $costs }): acting on it would lose money even if it came true.
forecast-no-skill = Whether { $symbol } will be higher or lower in { $horizon }, this model does not know: its guesses were no better than none. The range is all it can say, and four prices out of five should lie in it.
forecast-drivers-up = Speaks for a rise: { $drivers }.
forecast-drivers-down = Speaks for a fall: { $drivers }.
forecast-advice = What a model reckons, not advice. It is often wrong.
forecast-alt = { $symbol } from { $price } to { $expected } in { $horizon }, in a fan from { $low } to { $high }.
forecast-alt-range = { $symbol } from { $price }, in { $horizon } a fan from { $low } to { $high }.

## Records
record-better = { $hits } of { $moves } directions right ({ $share }); errors { $skill } smaller than by expecting no change; { $covered } inside the range
record-same = { $hits } of { $moves } directions right ({ $share }); errors as large as by expecting no change; { $covered } inside the range
record-worse = { $hits } of { $moves } directions right ({ $share }); errors { $skill } larger than by expecting no change; { $covered } inside the range
record-none = nothing to judge yet

## The surest
ranking-title = The surest forecasts, { $horizon } ahead
ranking-costs = Buying and selling again costs { $costs } in fees: { $count ->
    [0] none of these moves is larger.
    [one] one of these moves is larger.
   *[other] { $count } of these moves are larger.
}
ranking-no-skill = Over { $horizon } the model is no better than no forecast, so there is nothing to be sure of. For a symbol it still knows the range: /forecast BTC
ranking-none = There is no forecast over { $horizon } right now. Please try again in a few minutes.

## The model
model-title = Model { $version }, { $horizon } ahead
model-skilled = It has been better than expecting no change.
model-unskilled = It has not been better than expecting no change over { $horizon }, so forecasts show the range only.
model-challenger = Model { $version } runs beside it unseen, and takes over if its forecasts turn out better.
recipe-ensemble = ridge, logistic and boosted trees together
recipe-xgb = boosted trees
recipe-ridge = ridge regression
recipe-logistic = logistic regression
metric-skill = Error below “no change” (test)
metric-hits = Directions right (test)
metric-coverage = Inside the 80% range (test)

## What drives a forecast
driver-momentum = the trend of the last minutes and hours
driver-reversal = the last few minutes one by one
driver-volatility = how restless the price is
driver-volume = how much is traded
driver-range = where the price stands in its range
driver-market = the market as a whole
driver-leader = what BTC did
driver-rank = how it does beside other symbols
driver-clock = the time of day

## Words in pictures
chart-price = Price
chart-fan = 80% range
chart-path = Expected path
chart-ahead = { $horizon } ahead
chart-expected = expected

## Labels and buttons
label-rising = Probability up
label-expected = Expected move
label-range = 80% range
label-costs = Fees both ways
label-made = Forecast made
label-up = Up
label-move = Expected
label-record = Last { $days } days
label-recipe = Made of
label-trained = Learnt
label-learnt-from = Learnt from
label-model-symbols = Symbols
label-model-rows = Examples
label-model-features = Features
button-forecast = Forecast
button-ranking = Surest forecasts
button-model = Model

## Discord
discord-command-forecast = forecast
discord-command-model = model
discord-command-foresee = foresee
discord-option-horizon = horizon
discord-option-chance = chance

error-no-forecasting = This desk makes no forecasts. Prices and charts are there: /chart BTC
