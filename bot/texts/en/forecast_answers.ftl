### What may come next: forecasts, their drivers, the model behind them.

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
chart-expected = expected
