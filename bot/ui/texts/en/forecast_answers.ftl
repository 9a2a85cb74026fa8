### Forecasts, their drivers and their models.

command-forecast = Forecast where a price may go
    .about = Shows the range expected to contain four out of five prices, the expected move compared with trading fees, and the model's track record. Without a symbol, lists the highest-confidence forecasts.
    .symbol = The symbol, such as BTC; leave it out for the list
    .horizon = How far ahead: 5m, 15m, 1h, 4h or 1d
    .examples =
        /forecast BTC
        /forecast ETH 4h
        /forecast

command-model = Show the model behind the forecasts
    .about = Shows how the forecasts over a horizon are made: the kind of model, its training data and its accuracy so far.
    .horizon = How far ahead: 5m, 15m, 1h, 4h or 1d
    .examples =
        /model
        /model 1d

parameter-horizon = 5m|15m|1h|4h|1d

## One symbol
forecast-title = { $symbol }, { $horizon } ahead
forecast-above-costs = The expected move is larger than the fees for buying and selling ({ $costs }).
forecast-below-costs = The expected move is smaller than the fees for buying and selling ({ $costs }). Trading on it would lose money even if it were right.
forecast-no-skill = This model can't tell whether { $symbol } will be higher or lower in { $horizon }: its past forecasts were no better than “no change”. It shows only a range, which should contain four out of five prices.
forecast-drivers-up = Bullish factors: { $drivers }.
forecast-drivers-down = Bearish factors: { $drivers }.
forecast-advice = A model estimate, not advice. It is often wrong.
forecast-alt = { $symbol } from { $price } to { $expected } in { $horizon }, range from { $low } to { $high }.
forecast-alt-range = { $symbol } from { $price }, range in { $horizon } from { $low } to { $high }.

## Records
record-better = { $hits } of { $moves } directions right ({ $share }); errors { $skill } smaller than “no change”; { $covered } within the range
record-same = { $hits } of { $moves } directions right ({ $share }); errors equal to “no change”; { $covered } within the range
record-worse = { $hits } of { $moves } directions right ({ $share }); errors { $skill } larger than “no change”; { $covered } within the range
record-none = no track record yet

## The ranking
ranking-title = Highest-confidence forecasts, { $horizon } ahead
ranking-costs = Buying and selling costs { $costs } in fees: { $count ->
    [0] none of these moves is larger.
    [one] one of these moves is larger.
   *[other] { $count } of these moves are larger.
}
ranking-no-skill = The { $horizon } model is no better than “no change”, so there is nothing to rank. Ranges for single symbols are available: /forecast BTC
ranking-none = There are no { $horizon } forecasts right now. Please try again in a few minutes.

## The model
model-title = Model { $version }, { $horizon } ahead
model-skilled = It has been more accurate than “no change”.
model-unskilled = It has not been more accurate than “no change” over { $horizon }, so forecasts show the range only.
model-challenger = Model { $version } is being tested alongside it, and takes over if its forecasts prove more accurate.
recipe-ensemble = ridge, logistic and boosted trees combined
recipe-xgb = boosted trees
recipe-ridge = ridge regression
recipe-logistic = logistic regression
metric-skill = Skill vs. “no change” (test)
metric-hits = Directions right (test)
metric-coverage = Within the 80% range (test)

## What drives a forecast
driver-momentum = the trend of the last minutes and hours
driver-reversal = the moves of the last few minutes
driver-volatility = volatility
driver-volume = trading volume
driver-range = the position within the recent price range
driver-market = the market as a whole
driver-leader = the move of BTC
driver-rank = strength relative to other symbols
driver-clock = the time of day

## Labels in pictures
chart-price = Price
chart-fan = 80% range
chart-path = Expected path
chart-ahead = { $horizon } ahead
chart-expected = expected

## Labels and buttons
label-rising = Probability up
label-unchanged = Probability unchanged
label-expected = Expected move
label-range = 80% range
label-costs = Round-trip fees
label-made = Forecast time
label-up = Up
label-move = Expected
label-record = Last { $days } days
label-recipe = Model type
label-trained = Trained
label-learnt-from = Training data
label-model-symbols = Symbols
label-model-rows = Training samples
label-model-features = Features
button-forecast = Forecast
button-ranking = Top forecasts
button-model = Model

## Discord
discord-command-forecast = forecast
discord-command-model = model
discord-command-forecastalert = forecastalert
discord-option-horizon = horizon
discord-option-chance = chance

error-no-forecasting = Forecasts are not available here. Prices and charts are available: /chart BTC
