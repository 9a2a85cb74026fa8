# The one line that says which market runs, and why.

market-is-binance = Market: Binance, live prices in { $quote }.
market-is-replay = Market: { $label }, a recording of real prices in { $quote }.
market-is-simulator = Market: SIMULATION in { $quote }, as set. The prices are made up.
market-is-simulator-instead = Market: SIMULATION in { $quote }. Binance cannot be reached from here ({ $reason }), so the prices are made up.
