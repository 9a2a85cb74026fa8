### Balances below the exchange's minimum for an order.

command-dust = Sell all balances that are too small for an order
    .about = Lists your balances below the exchange's minimum order, shows what selling them brings, and sells all of them after one confirmation. To sell only one, use /sell with “max”.
    .examples = /dust

dust-title = { $count ->
    [one] Sell 1 small balance for { $amount }?
   *[other] Sell { $count } small balances for { $amount }?
}
dust-explained = These balances are below the exchange's minimum order. Nothing has been sold yet. Confirm within { $seconds } seconds. The sale uses the prices at that moment.
dust-more = { $count ->
    [one] 1 more small balance doesn't fit into this sale. Run /dust again to sell it.
   *[other] { $count } more small balances don't fit into this sale. Run /dust again to sell them.
}
dust-none = You have no small balances. To sell a position, use /sell.
dust-sold = { $count ->
    [one] Sold 1 small balance for { $amount }
   *[other] Sold { $count } small balances for { $amount }
}
dust-not-sold = Nothing was sold.
dust-realised = Realised profit or loss: { $amount }
dust-kept = { $reason ->
    [symbol-halted] { $asset } is left out: the exchange has suspended trading in it.
    [stale-price] { $asset } is left out: its price is delayed.
    [no-price-yet] { $asset } is left out: it has no price yet.
    [no-liquidity] { $asset } is left out: there are no buyers right now.
    [price-moved] { $asset } is left out: its price fell after the preview. /dust shows the current price.
    [balance-changed] { $asset } is left out: its balance changed after the preview. /dust shows the current balance.
   *[other] { $asset } is left out: it can't be traded right now.
}
dust-left-buy = After this order you hold { $left }, which is below the exchange's minimum order. You can only sell all of it at once, with /sell { $short } max or /dust.
dust-left-sell = This leaves { $left }, which is below the exchange's minimum order. You can only sell all of it at once, with /sell { $short } max or /dust.

button-dust = Sell small balances
button-sell-all = Sell all { $asset }

error-sale-too-small = This sale is too small. At the current price, the minimum is { $smallest } { $asset }. Sell at least that much, or all of it with /sell { $asset } max.
error-no-dust = You have no small balances. To sell a position, use /sell.
error-balance-changed = Your { $asset } balance changed after the preview, so none of it was sold.
