### Balances below the exchange's minimum for an order.

command-dust = Sell all balances that are too small for an order
    .about = Finds what you hold below the exchange's minimum for an order, shows what it would raise, and sells all of it after one confirmation. To sell one of them alone, use /sell with “max”.
    .examples = /dust

dust-title = { $count ->
    [one] Sell 1 small balance for { $amount }?
   *[other] Sell { $count } small balances for { $amount }?
}
dust-explained = These are below the exchange's minimum for an order. Nothing is sold yet. Confirm within { $seconds } seconds; the prices of that moment apply.
dust-more = { $count ->
    [one] 1 more small balance remains; /dust sells it afterwards.
   *[other] { $count } more small balances remain; /dust sells them afterwards.
}
dust-none = You hold no small balances. Sell what you hold with /sell.
dust-sold = { $count ->
    [one] Sold 1 small balance for { $amount }
   *[other] Sold { $count } small balances for { $amount }
}
dust-not-sold = Nothing was sold.
dust-realised = Realised profit or loss: { $amount }
dust-kept = { $reason ->
    [symbol-halted] { $asset } is not sold: the exchange does not trade it right now.
    [stale-price] { $asset } is not sold: its price is out of date.
    [no-price-yet] { $asset } is not sold: it has no price yet.
    [no-liquidity] { $asset } is not sold: there are no buyers right now.
    [price-moved] { $asset } is not sold: its price fell after the preview. /dust shows the new price.
    [balance-changed] { $asset } is not sold: its balance changed after the preview. /dust shows the new balance.
   *[other] { $asset } is not sold: it cannot be traded right now.
}
dust-left-buy = Your balance is then { $left }, which is below the exchange's minimum for an order. You can sell it only as a whole: /sell { $short } max, or /dust.
dust-left-sell = This leaves { $left }, which is below the exchange's minimum for an order. You can sell it only as a whole: /sell { $short } max, or /dust.

button-dust = Sell small balances
button-sell-all = Sell all { $asset }

error-sale-too-small = That is below the smallest sale of { $asset }, which is { $smallest } { $asset } at this price. Sell at least that much, or all you hold: /sell { $asset } max.
error-no-dust = You hold no small balances. Sell what you hold with /sell.
error-balance-changed = Your { $asset } balance changed after the preview, so none of it was sold.
