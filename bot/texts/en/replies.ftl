### What the commands answer.

## Welcome
welcome-title = Welcome to Paperdesk
welcome-what = Here you practise trading with virtual money; fees and slippage are counted as on a real exchange.
welcome-account = Your account is open, with a grant of { $grant }.
welcome-first = Your first trade takes three taps: “{ $price }” here shows the price, “{ $buy }” here shows what you would get, “Confirm” makes it yours.
account-opened = Your account was just opened, with a grant of { $grant } in virtual money.

## Prices
source-note = { $source ->
    [simulator] { $label }: these prices are simulated. They are not the real market.
    [replay] { $label }: these prices are a recording. They are not of today.
   *[other] { $label }
}
stale-note = Not up to date: { $symbols } ({ $age } old). Trading waits for fresh prices.
halted-note = { $status ->
    [DELISTED] The exchange no longer lists { $symbols }. This is the last price; a position can be closed at it.
   *[other] The exchange does not trade { $symbols } now (it says { $status }). This is the last price.
}
chart-alt = { $symbol }, { $count } candles of { $interval }: lowest { $low }, highest { $high }, last price { $last }, { $change } in 24 hours.
market-title = Most traded in 24 hours, of { $count ->
    [one] one symbol
   *[other] { $count } symbols
}
market-gainers = Largest gains in 24 hours
market-losers = Largest losses in 24 hours
market-nobody = None at the moment.
market-more = and { $count } more: write more of the name to narrow it down.

## Orders
preview-title-buy = Buy { $symbol }? This is what it would be
preview-title-sell = Sell { $symbol }? This is what it would be
preview-partial = Only { $filled } can be filled at the displayed sizes; the other { $unfilled } would expire.
preview-expires = Nothing is ordered yet. Confirm within { $seconds } seconds; the order takes the price of that moment.
preview-cancelled = Cancelled. Nothing was ordered.
receipt-title-buy = Bought { $quantity }
receipt-title-sell = Sold { $quantity }
receipt-partial = Only { $filled } was filled; the other { $unfilled } expired, because no more was displayed.
fills-from-book = Filled from these levels of the order book:
fills-from-rule = Filled by the published size-impact rule, because the source shows no deeper order book:
fills-more = and { $count ->
    [one] one more level
   *[other] { $count } more levels
}

## The account
portfolio-title = Your portfolio
portfolio-empty = You hold no positions yet. /market shows what is traded.
portfolio-stale = Some prices are not up to date, and so are the values made of them.
allocation-alt = What your equity consists of: { $cash } cash and { $count ->
    [0] no positions
    [one] one position
   *[other] { $count } positions
}.
equity-alt = Your equity since { $since }, now { $equity }.
balance-title = Your balances
history-title = Your history
history-empty = Nothing happened yet.
kind-buy = Buy
kind-sell = Sell
kind-grant = Grant
kind-reset = Reset
reset-warning = Starting over gives back all you have: { $equity } of equity, { $positions ->
    [0] no positions
    [one] one position
   *[other] { $positions } positions
}, and a profit or loss of { $profit }. You would begin again with { $grant }. Your history stays. This cannot be undone.
reset-done = Done. You begin again with { $grant }.

## Settings
settings-title = Your settings
settings-ask-language = Which language? Now: { $current }
settings-ask-timezone = Which time zone? Now: { $current }. Write another as /settings timezone Europe/Berlin
settings-ask-confirm = Ask before every order? Now: { $current }
settings-ask-theme = How should charts look? Now: { $current }
settings-done = { $setting }: { $value }. Saved.

## Choices
choice-language = Language
choice-timezone = Time zone
choice-confirm = Confirm orders
choice-theme = Chart theme
choice-en = English
choice-ko = 한국어
choice-on = On
choice-off = Off
choice-dark = Dark
choice-light = Light
choice-movers = Gains and losses
choice-search = Search
choice-buy = Buy
choice-sell = Sell
choice-max = Everything
choice-1m = 1 minute
choice-5m = 5 minutes
choice-15m = 15 minutes
choice-1h = 1 hour
choice-4h = 4 hours
choice-1d = 1 day

## Buttons
button-as-it-is = Leave it as it is
button-buy = Buy { $asset }
button-buy-size = Buy { $asset } for { $size }
button-cancel = Cancel
button-chart = Chart
button-confirm = Confirm
button-help = Help
button-history = History
button-keep = Keep my account
button-market = Market
button-movers = Movers
button-newest = Newest
button-older = Older
button-portfolio = Portfolio
button-preview-again = Preview again
button-receipt = Receipt { $order_id }
button-refresh = Refresh
button-reset = Start over
button-settings = Settings
button-start = Open an account
button-try-again = Try again

## Labels
label-amount = Amount
label-amount-buy = You pay
label-amount-sell = Proceeds
label-ask = Ask
label-asset = Asset
label-available = Available
label-average-cost = Average cost
label-average-price = Average price
label-balance = Balance { $asset }
label-balance-after = Balance after, { $asset }
label-bid = Bid
label-cash = Cash
label-change = 24 h
label-equity = Equity
label-fee = Fee
label-held = Held
label-high = High (24 h)
label-trade = What
label-low = Low (24 h)
label-mid-price = Mid price
label-order = Order
label-price = Price
label-price-age = Price age
label-price-time = Price of
label-price-in = Price ({ $asset })
label-profit = Profit since the grant
label-quantity = Quantity
label-quantity-buy = You buy
label-quantity-in = Quantity ({ $asset })
label-quantity-sell = You sell
label-realised = Realised P&L
label-fill-price = Price
label-received-buy = You receive
label-received-sell = You receive
label-slippage = Slippage
label-spread = Spread
label-symbol = Symbol
label-time = Time
label-total = Total
label-unrealised = Unrealised P&L
label-value = Value
label-volume = Volume (24 h)
