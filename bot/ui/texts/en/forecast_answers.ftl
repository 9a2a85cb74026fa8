### Forecasts, their drivers and their models.

command-forecast = Forecast where a price may go
    .about = Shows the range expected to contain four out of five prices, the expected move compared with trading fees, and the model's track record. Without a symbol, lists the highest-confidence forecasts.
    .symbol = The symbol, such as { COIN() }; leave it out for the list
    .horizon = How far ahead: { HORIZONS() }
    .examples =
        /forecast { COIN() }
        /forecast { COIN(2) } { HORIZON("4h") }
        /forecast

command-model = Show the model behind the forecasts
    .about = Shows how the forecasts over a horizon are made: the kind of model, its training data and its accuracy so far.
    .horizon = How far ahead: { HORIZONS() }
    .examples =
        /model
        /model { HORIZON("1d") }

parameter-horizon = { HORIZONS("|") }

## One symbol
forecast-title = { $symbol }, { $horizon } ahead
forecast-above-costs = The expected move is larger than the fees for buying and selling ({ $costs }).
forecast-below-costs = The expected move is smaller than the fees for buying and selling ({ $costs }). Trading on it would lose money even if it were right.
forecast-no-skill = This model can't tell whether { $symbol } will be higher or lower in { $horizon }: in its test it was not shown to be better than “no change”. It shows only a range, which should contain four out of five prices.
forecast-drivers-up = Bullish factors: { $drivers }.
forecast-drivers-down = Bearish factors: { $drivers }.
forecast-advice = A model estimate, not advice. It is often wrong.
forecast-alt = { $symbol } from { $price } to { $expected } in { $horizon }, range from { $low } to { $high }.
forecast-alt-range = { $symbol } from { $price }, range in { $horizon } from { $low } to { $high }.

## Records
record-errors = errors { $verdict ->
    [better] { $value } smaller than “no change” ({ $low } – { $high })
    [worse] { $value } larger than “no change” ({ $low } – { $high })
   *[unclear] not clearly different from “no change” ({ $low } larger to { $high } smaller)
}
record-hits = { $hits } of directions right, { $unchanged } of prices unchanged
record-hits-moved = { $hits } of directions right
record-range = { $covered } within the range
record-separator = { "; " }
record-none = no track record yet
record-few = too early to tell ({ $found } of { $needed } independent periods)
share-with-interval = { $value } ({ $low } – { $high })

## The ranking
ranking-title = Highest-confidence forecasts, { $horizon } ahead
ranking-costs = Buying and selling costs { $costs } in fees: { $count ->
    [0] none of these moves is larger.
    [one] one of these moves is larger.
   *[other] { $count } of these moves are larger.
}
ranking-no-skill = The { $horizon } model is not shown to be better than “no change”, so there is nothing to rank. Ranges for single symbols are available: /forecast { COIN() }
ranking-none = There are no { $horizon } forecasts right now. Please try again in a few minutes.

## The model
model-title = Model { $version }, { $horizon } ahead
model-skilled = In its test it was more accurate than “no change”{ $live ->
    [better] , and live forecasts have been, too.
    [worse] . Live forecasts have been less accurate so far.
    [unclear] . Live forecasts show no clear difference so far.
   *[none] . Its live record is still too short to tell.
}
model-unskilled = In its test it was not shown to be more accurate than “no change” over { $horizon }, so forecasts show the range only.
model-method = Parentheses: 95% intervals. Symbols move together, so forecasts of the same period count as one.
model-challenger = Model { $version } is being tested alongside it, and takes over if its forecasts prove more accurate.
recipe-ensemble = ridge, logistic and boosted trees combined
recipe-xgb = boosted trees
recipe-ridge = ridge regression
recipe-logistic = logistic regression
metric-skill = Errors vs. “no change” (test)
metric-errors = { $verdict ->
    [better] { $value } smaller ({ $low } – { $high })
    [worse] { $value } larger ({ $low } – { $high })
   *[unclear] not clearly different ({ $low } larger to { $high } smaller)
}
metric-hits = Directions right (test)
metric-coverage = Within the 80% range (test)

## What drives a forecast
driver-momentum = the trend of the last minutes and hours
driver-reversal = the moves of the last few minutes
driver-volatility = volatility
driver-volume = trading volume
driver-range = the position within the recent price range
driver-market = the market as a whole
driver-leader = the move of the leading coin
driver-rank = strength relative to other symbols
driver-clock = the time of day
driver-flow = the side, number and size of trades

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
label-record = Live, { $days } days
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

error-no-forecasting = Forecasts are not available here. Prices and charts are available: /chart { COIN() }
