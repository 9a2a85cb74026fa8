### Records of trades: the list of executions, receipts and exports.

discord-command-fills = fills
discord-command-receipt = receipt
discord-command-export = export
discord-option-scope = of
discord-option-kind = what

command-fills = List your fills, also of one coin or one order
    .about = Lists every execution, newest first: at what price which order was filled. With a symbol or the number of an order, lists only its fills. Buttons open the receipts and turn the pages.
    .scope = Only the fills of this symbol or of the order with this number
    .examples =
        /fills
        /fills { COIN() }
        /fills 12

command-receipt = Show the receipt of a fill in full
    .about = Shows every figure of one execution: the levels at which it filled, mid price, slippage in basis points, maker or taker and the rule that filled it, fee, latency, and the tick that priced it. With the number of an order, shows the receipt of its only fill or lists its fills. Without a number, lists your fills.
    .execution = The number of the fill, as in /fills, or of an order
    .examples =
        /receipt 1
        /receipt

command-export = Download your orders, fills or ledger as a CSV file
    .about = Sends a file for spreadsheets: newest rows first, times in UTC. Without a period it goes back to the beginning. Everything else that is stored about you is in /privacy.
    .kind = orders, fills or ledger
    .period = How far back: 7d, 30d, 1y or all
    .examples =
        /export fills 30d
        /export ledger
        /export orders 1y

parameter-scope = ORDER|SYMBOL
parameter-execution = NUMBER
parameter-kind = orders|fills|ledger
parameter-period = PERIOD

fills-title = Your fills
fills-title-symbol = Your fills in { $symbol }
fills-title-order = Fills of order { $order_id }
fills-none = You have no fills yet. /buy { COIN() } 100{ $unit } makes the first one.
fills-none-symbol = You have no fills in { $symbol }.
fills-none-order = Nothing of order { $order_id } has been filled.

export-file = { $what }: { $rows ->
    [one] one row
   *[other] { $rows } rows
}, { $kilobytes } kB of CSV. Times are in UTC.
export-none = { $what }: there is nothing in this period.
export-cut = The file has the newest { $rows ->
    [one] row
   *[other] { $rows } rows
}; older ones did not fit. For a shorter period, type for example /export { $kind } 30d.

choice-orders = Orders
choice-fills = Fills
choice-ledger = Ledger
choice-period-7d = 7 days
choice-period-30d = 30 days
choice-period-90d = 90 days
choice-period-1y = 1 year
choice-period-all = Everything
button-fills = Fills
button-export-all = Export everything

## Receipts
label-latency = Latency
label-simulated-latency = Simulated latency
label-tick = Tick
receipt-slippage = { $bps } bps ({ $percent })
