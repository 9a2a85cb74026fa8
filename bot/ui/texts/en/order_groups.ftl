### Groups of market orders that one confirmation places.

order-group-title = Orders to these weights
order-group-none = Your coins have these weights already, as far as lot sizes and minimum orders allow.
order-group-none-left = No order leads closer to these weights.
order-group-order-sell = Sell { $asset }
order-group-order-buy = Buy { $asset }
order-group-left = { $asset }: { $reason }
order-group-cost = Fees { $fees }, slippage { $slippage }
order-group-about = { $cash ->
    [yes] Spreads your cash and the money in these coins.
   *[no] Spreads the money that is in these coins; cash stays as it is.
} One confirmation places all orders, sales first. Every order is priced again then: one that would be refused, or whose price has moved against you, is left out and named, and purchases spend only what the sales really bring. Nothing has been ordered yet. Confirm within { $seconds } seconds.
order-group-unfilled = { $order }: the order book holds too little near this price, so a part expires.
order-group-placed = { $placed ->
    [none] No order was placed
    [all] { $count ->
        [one] The order was placed
       *[other] All { $count } orders were placed
    }
   *[some] { $number } of { $count } orders were placed
}
order-group-refused = { $order } was not placed. { $reason }
order-group-reduced = The sales brought less than in the preview, so the purchases were reduced to it.
label-order-group-order = Order
label-order-group-fee = Fee
label-order-group-wished = Target
label-order-group-after = After
label-order-group-before = Now
button-order-group = { $count ->
    [one] Place the order
   *[other] Place all { $count } orders
}
push-order-group-scheduled = Your rebalancing schedule placed these orders.
push-order-group-interrupted = The desk was interrupted while it placed these orders, and has ended them now.
error-change-too-small = The change is below the exchange's minimum order.
error-coin-on-hold = Open orders hold a part of it, which is not sold. Cancel those orders to sell it.
error-nothing-to-pay-with = The sales bring too little to pay for it.
error-group-too-late = It was confirmed too long ago. Ask for a new preview.
error-group-outdated = The account was reset or linked after the preview. Ask for a new one.
error-group-in-progress = These orders are being placed right now. Press again in a moment to see the result.
