### Orders that rest until the market fills them: commands, previews, cards and lists.

command-limit = Place an order that fills at your price or better
    .about = The order waits until the market reaches your price and holds the money for it until then. What can be filled at your price or better is filled at once. Options: gtc (until cancelled, the default), ioc (at once, the rest expires), fok (at once and completely, or not at all), maker (never fills at once), or how long it lives: 1d, or 2026-12-31.
    .symbol = What to trade, such as { COIN() }
    .side = buy or sell
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .price = The limit: 65000, 70k, or -2% from the last price
    .life = gtc, ioc, fok, maker, 1d or 2026-12-31
    .examples =
        /limit { COIN() } buy 1000{ $unit } @ 50000
        /limit { COIN() } sell 50% 70k
        /limit { COIN(2) } buy 0.5 -2% maker 1w

command-stop = Sell if the price falls, or buy if it rises, to a price
    .about = A stop loss. When the market trades at the stop price, the order fills at the market; a purchase at most 5% above the stop. With “limit”, it becomes a limit order instead.
    .symbol = What to trade, such as { COIN() }
    .side = buy or sell
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .price = The stop: 50000, 50k, or -5% from the last price
    .limit = The limit price after the trigger; without it, the order fills at the market
    .life = gtc, 1d or 2026-12-31
    .examples =
        /stop { COIN() } sell 50% @ 50000
        /stop { COIN() } sell 50% @ 50000 limit 49900

command-tp = Sell if the price rises, or buy if it falls, to a price
    .about = A take profit. When the market trades at the price, the order fills at the market; a purchase at most 5% above the price. With “limit”, it becomes a limit order instead.
    .symbol = What to trade, such as { COIN() }
    .side = buy or sell
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .price = The price: 75000, 75k, or +10% from the last price
    .limit = The limit price after the trigger; without it, the order fills at the market
    .life = gtc, 1d or 2026-12-31
    .examples =
        /tp { COIN() } sell 50% @ 75000
        /tp { COIN() } sell 50% +10% limit +9%

command-trail = Place a stop loss that follows the price at a distance
    .about = A sale follows the highest price and sells when the price falls from it by the distance. A purchase follows the lowest price and buys when the price rises from it by the distance. With “from”, it follows only once that price is reached.
    .symbol = What to trade, such as { COIN() }
    .side = buy or sell
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .distance = The distance: 3%, or 300bips
    .activation = The price from which to follow, such as 72000; without it, at once
    .life = gtc, 1d or 2026-12-31
    .examples =
        /trail { COIN() } sell 50% 3%
        /trail { COIN() } sell 50% 3% from 72000

command-oco = Place a take profit and a stop loss of which one cancels the other
    .about = Two orders for one size and one hold. As soon as one of them is triggered or filled, even in part, the other is cancelled.
    .symbol = What to trade, such as { COIN() }
    .side = buy or sell
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .take_profit = The price of the limit order: 75000, or +10%
    .stop_loss = The price of the stop loss: 50000, or -5%
    .limit = The limit price of the stop loss after its trigger
    .examples =
        /oco { COIN() } sell 50% tp 75000 sl 50000
        /oco { COIN() } sell 50% tp +10% sl -5% limit -6%

command-bracket = Enter a position with its take profit and stop loss
    .about = Places an entry. When it is filled, a take profit and a stop loss for what was received go live, of which one cancels the other. Percentages count from the entry price. Without “@”, the entry fills at the market.
    .symbol = What to trade, such as { COIN() }
    .side = buy or sell
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .take_profit = The take profit: 75000, or +5% from the entry price
    .stop_loss = The stop loss: 50000, or -2% from the entry price
    .entry = The limit price of the entry; without it, at the market
    .limit = The limit price of the stop loss after its trigger
    .examples =
        /bracket { COIN() } buy 1000{ $unit } tp +5% sl -2%
        /bracket { COIN() } buy 1000{ $unit } @ 55000 tp +5% sl -2%

command-orders = List your open orders
    .about = Lists the open orders, newest first, with their prices and how far the market is from them. Buttons open or cancel them. /history lists what was filled.
    .symbol = Only the orders of this symbol
    .examples =
        /orders
        /orders { COIN() }

command-order = Show one order with everything that happened to it
    .about = Shows an order, open or ended: its price, what was filled and what is left, the money it holds, and its events.
    .order = The number of the order, as in /orders
    .examples = /order 12

command-amend = Change the price or the quantity of an open order
    .about = Changes the limit price (of an order without one, the stop price) or the quantity. The order keeps its place in the queue only if nothing but the quantity changes, and falls.
    .order = The number of the order, as in /orders
    .price = The new price: 64000, or -1% from the last price
    .quantity = The new quantity of the coin, filled part included: 0.05
    .examples =
        /amend 12 price 54000
        /amend 12 quantity 0.05

### Placeholders of parameters in a usage line.

parameter-price = @ PRICE
parameter-limit = limit PRICE
parameter-life = OPTION
parameter-distance = DISTANCE
parameter-activation = from PRICE
parameter-take_profit = tp PRICE
parameter-stop_loss = sl PRICE
parameter-entry = @ PRICE
parameter-order = ORDER
parameter-quantity = quantity NUMBER
parameter-subject = ORDER|all|SYMBOL
parameter-line = COMMAND

## Kinds of orders
order-kind-limit = Limit order
order-kind-maker = Maker-only limit order
order-kind-stop = Stop order
order-kind-stop-limit = Stop-limit order
order-kind-take-profit = Take profit
order-kind-take-profit-limit = Take-profit limit
order-kind-trailing = Trailing stop
order-kind-oco = OCO pair
order-kind-bracket = Bracket
order-role-working = Entry
order-role-limit = Take profit
order-role-stop = Stop loss

## Previews
order-preview-title = Order preview: { $kind }, { $symbol }
order-preview-expires = Nothing has been ordered yet. Confirm within { $seconds } seconds.
order-entry-market = { $trade } at the market, now about { $price }
order-at-once = { $quantity } at { $price }
order-leg = { $trade } { $price }
order-leg-then = { $price }, then limit { $limit }
order-pending-note = The take profit and the stop loss go live when the entry is filled. Until then they hold nothing.
order-oco-note = As soon as one of the two is triggered or filled, the other is cancelled.
order-far-note = The price { $price } is far from the market, which is at { $market }. Check the price and the quantity before you confirm.
order-protection-note = After its trigger it fills at the market. A purchase fills at most 5% above the trigger price, and the rest expires.

## Cards
order-card-title = Order { $order_id }: { $kind }
order-trade-buy = Buy { $quantity }
order-trade-sell = Sell { $quantity }
order-distance = { $price } ({ $distance } from the market)
order-filled = { $filled } of { $quantity }; { $left } left
order-trailing-state = triggers at { $price }, { $distance } from the extreme { $extreme }
order-trailing-waits = waits for { $price } to be reached
order-trailing-begins = follows from the next trade on
order-status-PENDING_NEW = Waits for its entry
order-status-NEW = Open
order-status-TRIGGERED = Triggered
order-status-PARTIALLY_FILLED = Partly filled
order-status-FILLED = Filled
order-status-CANCELED = Cancelled
order-status-EXPIRED = Expired
order-ended = { $status }: { $reason }
order-reason-user = by you
order-reason-list = another order of its list took its place
order-reason-time = its date passed
order-reason-immediate = it could not be filled at once
order-reason-protection = the market moved too far from its trigger
order-reason-funds = the money held for it was used up
order-reason-reset = the account was reset
order-reason-merged = accounts were linked
order-reason-closed = the account was closed
order-reason-delisted = the exchange delisted the symbol
order-reason-action = a corporate action changed the coin
order-reason-fault = an error of this service
order-life-GTC = until cancelled
order-life-IOC = at once, the rest expires (IOC)
order-life-FOK = at once and completely, or not at all (FOK)
order-life-GTD = until { $moment }
order-list-OCO = OCO, one cancels the other
order-list-OTO = one goes live when the other is filled
order-list-OTOCO = bracket
order-partner = { $role } { $order_id }
order-event-accepted = Placed
order-event-activated = Went live
order-event-triggered = Triggered
order-event-filled = Filled
order-event-amended = Changed
order-event-canceled = Cancelled
order-event-expired = Expired

order-placed-leg = { $order_id }: { $trade } { $price }, { $status }
order-nothing-now = Nothing can be filled within the limit at the moment: the order would expire at once.

## Lists
orders-title = { $count ->
    [0] Open orders
    [one] One open order
   *[other] { $count } open orders
}
orders-title-symbol = { $count ->
    [0] Open orders in { $symbol }
    [one] One open order in { $symbol }
   *[other] { $count } open orders in { $symbol }
}
orders-none = You have no open orders. /limit { COIN() } buy 100{ $unit } -2% places one.
orders-none-symbol = You have no open orders in { $symbol }. /orders lists those of all symbols.
orders-more = { $count ->
    [one] One more order is not shown. /orders and a symbol narrows the list.
   *[other] { $count } more orders are not shown. /orders and a symbol narrows the list.
}
orders-pending = Waiting for their entry to be filled: { $orders }
orders-cancel-ask = { $count ->
    [one] Cancel this order?
   *[other] Cancel all { $count } orders?
}
order-cancelled = { $count ->
    [one] Order { $orders } was cancelled. What it held is available again.
   *[other] { $count } orders were cancelled: { $orders }. What they held is available again.
}
order-none-cancelled = There was no open order to cancel.
order-amended = Order { $order_id } was changed.
order-placed = { $count ->
    [one] The order was placed.
   *[other] { $count } orders were placed.
}
order-price-trail = trail { $distance }
amend-ask = What should change? Type “price 64000” or “quantity 0.05”.
amend-title = Change order { $order_id }?
amend-row = { $before } → { $after }
amend-expires = Nothing has been changed yet. Confirm within { $seconds } seconds.

## Rules of fills
help-page-fills = How orders fill
help-fills =
    Market orders fill at once, from the order book if there is one, otherwise by the published size-impact rule.
    A limit order fills at its limit, never worse: when the market trades beyond the limit; when it trades at the limit, after the quantity that was there first; or when the opposite side of the quote reaches the limit. No more is filled than what was traded or shown.
    A stop or take profit is triggered by a trade at its price. It then fills at the market. A purchase fills at most 5% above the trigger price, and the rest expires. With a limit, it becomes a limit order.
    A trailing stop follows the highest price of a sale, or the lowest of a purchase, and is triggered at its distance from that.
    Of an OCO pair, the first trigger or fill cancels the other order. The exits of a bracket go live when its entry is filled, for what was received.
    The operator can set a latency. An order then reaches the market that much later, and its receipt shows it.
    An open order holds its money or coins until it is filled, cancelled or expired. The fee is taken from what you receive.

## Choices, buttons, labels
choice-gtc = Until cancelled
choice-ioc = At once, the rest expires
choice-fok = At once and completely, or not at all
choice-maker = Never fills at once
choice-1w = One week
choice-all-orders = All open orders
button-order = Order { $order_id }
button-balance = Balance
button-orders = Open orders
button-order-amend = Amend
button-order-cancel = Cancel order
button-orders-cancel = Cancel all
button-orders-cancel-now = { $count ->
    [one] Yes, cancel it
   *[other] Yes, cancel { $count }
}
label-order-number = #
label-order-trade = Order
label-order-price = Price
label-order-distance = Away
label-order-limit = Limit price
label-order-trigger = Trigger price
label-order-trailing = Distance
label-order-follows = Follows
label-order-status = Status
label-order-filled = Filled
label-order-held = On hold
label-order-holds = Will be held
label-order-life = In force
label-order-list = List
label-order-at-once = Filled at once
label-order-entry = Entry
label-order-placed = Placed
label-order-event = Event
label-order-execution = Fill number
label-order-rule = Execution
label-order-remaining = Still open
label-order-available-after = { $asset } available after
label-cash-available = Cash available
label-cash-held = Cash on hold

history-of-order = { $rule ->
    [maker] { $trade } · order { $order_id }, maker
   *[taker] { $trade } · order { $order_id }, taker
}

## Receipts: how a resting order was filled
order-rule-maker = Maker, { $rule }
order-rule-taker = Taker, { $rule }
order-rule-book = at the levels of the order book
order-rule-impact = by the published size-impact rule
order-rule-trade-through = the market traded beyond the limit
order-rule-queue = the market traded at the limit, after the quantity ahead
order-rule-quote-through = the opposite side of the quote reached the limit
fills-from-trade-through = Filled at the limit, because the market traded beyond it:
fills-from-queue = Filled at the limit, because the market traded at it after the quantity ahead was gone:
fills-from-quote-through = Filled at the limit, because the opposite side of the quote reached it:

## Notices
push-order-fill-buy = Order { $order_id }: bought { $quantity } at { $price }
push-order-fill-sell = Order { $order_id }: sold { $quantity } at { $price }
push-order-triggered = { $count ->
    [one] A stop price was reached
   *[other] { $count } stop prices were reached
}
push-order-triggered-line = Order { $order_id } ({ $trade }) was triggered at { $price }.
push-order-ended = { $count ->
    [one] An order has ended
   *[other] { $count } orders have ended
}
push-order-ended-line = { $reason ->
    [user] Order { $order_id } ({ $trade }) was cancelled. { $progress }
    [list] Order { $order_id } ({ $trade }) was cancelled because another order of its list was triggered, filled or ended. { $progress }
    [time] Order { $order_id } ({ $trade }) expired because its date passed. { $progress }
    [immediate] Order { $order_id } ({ $trade }) expired because the rest could not be filled at once. { $progress }
    [protection] Order { $order_id } ({ $trade }) expired because the market moved more than 5% from its trigger. { $progress }
    [funds] Order { $order_id } ({ $trade }) expired because the money held for it was used up. { $progress }
    [reset] Order { $order_id } ({ $trade }) was cancelled because the account was reset. { $progress }
    [merged] Order { $order_id } ({ $trade }) was cancelled because accounts were linked. { $progress }
    [closed] Order { $order_id } ({ $trade }) was cancelled because the account was closed. { $progress }
    [delisted] Order { $order_id } ({ $trade }) was cancelled because the exchange delisted the symbol. { $progress }
    [action] Order { $order_id } ({ $trade }) was cancelled because a corporate action changed the coin. { $progress }
    [fault] Order { $order_id } ({ $trade }) expired because of an error of this service. Its money is available again. { $progress }
   *[other] Order { $order_id } ({ $trade }) has ended. { $progress }
}
push-order-progress = { $filled ->
    [none] Nothing of it was filled.
   *[other] { $filled } was filled.
}

## Errors
error-not-an-order-price = “{ $text }” is not a price. Enter a price, such as 65000 or 70k, or a distance from the last price, such as -2%.
error-not-a-trailing-distance = “{ $text }” is not a distance. Enter a percentage above 0% and below 100%, with at most two decimals, such as 3%.
error-trailing-distance-without-unit = “{ $text }” needs a unit: % for percent, or bips for basis points (100bips are 1%). Choose one of: { $choices }
error-not-an-order-number = “{ $text }” is not the number of an order. /orders lists your open orders with their numbers.
error-options-conflict = “{ $first }” and “{ $second }” exclude each other. Leave one of them out.
error-unknown-order-id = Your account has no order { $order_id }. /orders lists your open orders.
error-order-not-open = { $status ->
    [FILLED] Order { $order_id } is already filled. /order { $order_id } shows it.
    [CANCELED] Order { $order_id } is already cancelled. /orders lists your open orders.
    [EXPIRED] Order { $order_id } has already expired. /orders lists your open orders.
   *[other] Order { $order_id } is no longer open. /orders lists your open orders.
}
error-price-off-tick = Prices of { $symbol } are multiples of { $tick }, so { $price } can't be used. Choose { $below } or { $above }.
error-price-out-of-range = The price { $price } is too far from the market of { $symbol }. The exchange accepts { $lowest } to { $highest }. Check the number of digits.
error-stop-on-wrong-side = { $above ->
    [yes] { $stop_price } would trigger at once: the last price of { $symbol } is { $last_price }. Choose a price above it.
   *[no] { $stop_price } would trigger at once: the last price of { $symbol } is { $last_price }. Choose a price below it.
}
error-prices-in-wrong-order = { $entry ->
    [yes] { $lower ->
        [stop] With an entry in { $symbol } at { $last_price }, the stop loss must be below that price and the take profit above it.
       *[other] With an entry in { $symbol } at { $last_price }, the take profit must be below that price and the stop loss above it.
    }
   *[no] { $lower ->
        [stop] When selling { $symbol }, the stop loss must be below the last price of { $last_price } and the take profit above it.
       *[other] When buying { $symbol }, the take profit must be below the last price of { $last_price } and the stop loss above it.
    }
}
error-would-take-liquidity = { $amended ->
    [yes] At { $price } the order would fill at once, because the best price of { $symbol } is { $best_price }. Choose a price on your side of it, or cancel the order and place another.
   *[no] A maker-only order at { $price } would fill at once, because the best price of { $symbol } is { $best_price }. Choose a price on your side of it, or leave out “maker”.
}
error-cannot-fill-whole = { $some ->
    [yes] Only { $available } { $asset } can be filled at once within your limit, not { $wanted } { $asset }, so nothing was ordered. Reduce the order, change the limit, or use ioc instead of fok.
   *[no] Nothing can be filled at once within your limit, so nothing was ordered. Change the limit, or leave out “fok” to let the order wait.
}
error-trailing-delta-out-of-range = The distance { $delta } is outside of what the exchange accepts for { $symbol }: { $lowest } to { $highest }.
error-expiry-in-past = { $days ->
    [one] An order can end between one minute and one day from now. Enter such a date, or leave it out.
   *[other] An order can end between one minute and { $days } days from now. Enter such a date, or leave it out.
}
error-too-many-orders = { $waiting ->
    [yes] You already have { $limit } open orders with a trigger price in this symbol, the most that the exchange allows. Cancel one of them in /orders first.
   *[no] You already have { $limit } open orders, the maximum. Cancel some in /orders first.
}
error-too-many-amendments = Order { $order_id } has been changed { $limit } times, the maximum. Cancel it with /cancel { $order_id } and place a new one.
error-amend-below-filled = { $filled } { $asset } of order { $order_id } are already filled. Enter a larger quantity, or cancel the rest with /cancel { $order_id }.
error-amend-nothing = That would change nothing in order { $order_id }. Enter another price or quantity; /order { $order_id } shows the present ones.
