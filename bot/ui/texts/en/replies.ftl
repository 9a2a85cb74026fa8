### Answers of the commands.

## Welcome
welcome-title = Welcome to Paperdesk
welcome-what = Practise trading with virtual money. Fees and slippage are charged as on a real exchange.
welcome-account = Your account is open with a starting balance of { $grant }.
welcome-first = Your first trade takes three taps: “{ $price }” below shows the price, “{ $buy }” below previews the order, and “Confirm” places it.
account-opened = Your account has just been opened with a starting balance of { $grant } in virtual money.

## Prices
source-note = { $source ->
    [simulator] { $label }: these prices are simulated. They are not real market prices.
    [replay] { $label }: these prices are recorded. They are not today's prices.
   *[other] { $label }
}
stale-note = Prices are delayed: { $symbols } ({ $age } old). Trading resumes when fresh prices arrive.
halted-note = { $status ->
    [DELISTED] The exchange has delisted { $symbols }. This is the last price; positions can be closed at it.
    [HELD] { $symbols } returned from a gap in trading at a price that may belong to another coin. Trading, alerts and orders wait until an operator has decided. This is the last price before it.
   *[other] The exchange has suspended trading in { $symbols } (status: { $status }). This is the last price.
}
chart-alt = { $symbol }, { $count } candles of { $interval }: low { $low }, high { $high }, last price { $last }, { $change } in 24 hours.
market-title = Most traded in 24 hours, of { $count ->
    [one] one symbol
   *[other] { $count } symbols
}
market-gainers = Top gainers, 24 hours
market-losers = Top losers, 24 hours
market-nobody = None right now.
market-more = and { $count } more. Type more of the name to narrow the list.

## Orders
preview-title-buy = Order preview: buy { $symbol }
preview-title-sell = Order preview: sell { $symbol }
preview-partial = Only { $filled } can be filled at the current market depth. The remaining { $unfilled } would expire.
preview-protected = Only { $filled } can be filled near the best price (price protection). The remaining { $unfilled } would expire.
preview-expires = Nothing has been ordered yet. Confirm within { $seconds } seconds. The order fills at the price at that moment.
size-bare = A number without a unit counts coins: this is { $quantity }. To order by amount, choose “{ $button }”.
preview-cancelled = Cancelled. Nothing was ordered.
receipt-title-buy = Bought { $quantity }
receipt-title-sell = Sold { $quantity }
receipt-partial = Only { $filled } was filled. The remaining { $unfilled } expired because the market depth ran out.
receipt-protected = Only { $filled } was filled. The remaining { $unfilled } expired because further prices were too far from the best one (PROTECTION).
fills-from-book = Fills by order book level:
fills-from-rule = Filled according to the published size-impact rule, because no deeper order book is available:
fills-more = and { $count ->
    [one] one more level
   *[other] { $count } more levels
}

## The account
portfolio-title = Your portfolio
portfolio-empty = You have no positions yet. /market shows what you can trade.
portfolio-stale = Some prices are delayed, so the values based on them are too.
allocation-alt = Your equity: { $cash } cash and { $count ->
    [0] no positions
    [one] one position
   *[other] { $count } positions
}.
equity-alt = Your equity since { $since }; current equity { $equity }.
balance-title = Your balances
history-title = Your history
history-empty = No activity yet.
kind-buy = Buy
kind-sell = Sell
kind-grant = Grant
kind-reset = Reset
reset-warning = Starting over closes everything you have: { $equity } of equity, { $positions ->
    [0] no positions
    [one] one position
   *[other] { $positions } positions
}, and a profit or loss of { $profit }. You start again with { $grant }. Your history stays. This cannot be undone.
reset-done = Done. You start again with { $grant }.

## Settings
settings-title = Your settings
settings-ask-language = Which language? Current: { $current }
settings-ask-timezone = Which time zone? Current: { $current }. For another one, type /settings timezone Europe/Berlin
settings-ask-confirm = Confirm every order before it is placed? Current: { $current }
settings-ask-theme = How should charts look? Current: { $current }
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
choice-movers = Top gainers and losers
choice-correlations = Correlations
choice-search = Search
choice-buy = Buy
choice-sell = Sell
choice-max = Maximum
choice-1m = 1 minute
choice-5m = 5 minutes
choice-15m = 15 minutes
choice-1h = 1 hour
choice-4h = 4 hours
choice-1d = 1 day

## Buttons
button-as-it-is = Keep as is
button-buy = Buy { $asset }
button-buy-size = Buy { $asset } for { $size }
button-cancel = Cancel
button-chart = Chart
button-confirm = Confirm
button-details = Details
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
button-size-money = { $amount } instead
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
label-balance = { $asset } balance
label-balance-after = { $asset } balance after
label-bid = Bid
label-cash = Cash
label-change = 24 h
label-done-quantity-buy = Bought
label-done-quantity-sell = Sold
label-done-amount-buy = Paid
label-done-amount-sell = Proceeds
label-done-received-buy = Received
label-done-received-sell = Received
label-equity = Equity
label-fee = Fee
label-held = On hold
label-high = High (24 h)
label-trade = Trade
label-low = Low (24 h)
label-mid-price = Mid price
label-order = Order
label-price = Price
label-price-age = Price age
label-price-time = Price time
label-price-in = Price ({ $asset })
label-profit = Profit since start
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
