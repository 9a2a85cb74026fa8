### One sentence for every error: what is wrong and what to do.

## Lines and commands
error-empty-line = Type a command, such as /price { COIN() }. /help lists all commands.
error-line-too-long = That message has { $length } characters; the maximum is { $limit }. Please shorten it.
error-hidden-characters = { $visible ->
    [none] That message contains only invisible characters. Type a command, such as /price { COIN() }.
   *[other] That message contains invisible characters, as copied text sometimes does, so nothing was done. Please type it again: { $visible }
}
error-unknown-command = { $nearest ->
    [none] There is no command /{ $text }. /help lists all commands.
   *[other] There is no command /{ $text }. Did you mean { $nearest }?
}
error-not-understood = { $nearest ->
    [none] “{ $text }” was not understood. Type a coin, such as { COIN() }, or a command, such as /price { COIN() }. /help lists all commands.
   *[other] “{ $text }” was not understood. Did you mean { $nearest }?
}
error-missing-argument = /{ $command } also needs: { $parameter }.
    .symbol = Which symbol?
    .symbols = Which symbols?
    .size = How much?
    .side = Buy or sell?
    .price = At which price?
    .distance = At which distance, such as 3%?
    .take_profit = At which price should it take the profit?
    .stop_loss = At which price should it stop the loss?
    .limit = At which limit price?
    .activation = From which price should it follow?
    .quantity = Which quantity should the order have?
    .order = Which order?
    .kind = Which records would you like to download?
    .level = At which price?
    .chance = Up or down, and how likely?
    .extras = What should the note say?
    .rhythm = How often, and at what time?
    .text = What are you looking for?
    .message = What is the message?
    .user = Which user?
error-too-many-arguments = /{ $command } doesn't take “{ $extra }”.
error-too-many-values = /{ $command } takes up to { $limit } at a time, but you entered { $count }. Leave some out.
error-same-symbol-twice = You entered only { $symbol }. Enter at least two different symbols, such as /compare { COIN() } { COIN(2) }.
error-command-timeout = This took longer than { $seconds } seconds and was stopped. If it was an order, check /history before you try again.
incident = Something went wrong. Please try again. If it keeps happening, send the operator this reference: { $id }

## Numbers
error-not-a-number = “{ $text }” is not a valid number. Use plain digits, such as 0.25.
error-not-positive = “{ $text }” is not greater than zero. Enter a positive number, such as 0.25.
error-thousands-separator = “{ $text }” contains separators between the digits. Type { $plain } instead.
error-decimal-comma = “{ $text }” contains a comma. Use a point for decimals: { $plain }
error-foreign-digits = “{ $text }” contains digits of another script. Type { $plain } instead.
error-exponent-notation = “{ $text }” is in exponent notation. Please write the number in full, such as 1000000.
error-too-many-digits = “{ $text }” has too many digits. The maximum is { $limit } on each side of the decimal point.
error-other-currency = “{ $text }” is an amount in { $currency }, but trading here is in { $quote }. Enter the amount in { $quote }, such as 100{ $quote }.
error-unknown-unit = “{ $unit }” can't be used in this order. Enter an amount in { $quote } (100{ $quote }), a quantity of the coin (0.01), a percentage (25%) or max.

## Choices
error-not-a-choice = { $choices ->
    [none] “{ $text }” can't be used here.
   *[other] “{ $text }” is not an option. Choose one of: { $choices }
}
error-unknown-time-zone = { $nearest ->
    [none] There is no time zone “{ $text }”. Enter a city or an offset, such as Seoul or UTC+9.
   *[other] There is no time zone “{ $text }”. Did you mean { $nearest }?
}
error-ambiguous-time-zone = “{ $text }” can mean more than one time zone. Choose one: { $choices }
error-posix-time-zone = “{ $text }” has the opposite sign in the time zone database: it means { $meant }. Choose one: { $choices }
error-unknown-offset = { $nearest ->
    [none] “{ $text }” is not the offset of any time zone. Enter one from UTC-12 to UTC+14, such as UTC+9 or UTC+5:30.
   *[other] No time zone uses “{ $text }” all year. Choose a place instead: { $nearest }
}
error-nothing-found = No symbol contains “{ $text }”. Try a shorter part of its name.

## Buttons
error-preview-expired = This preview has expired, or was already confirmed or cancelled. /history shows the orders that were placed.
error-reset-expired = This button belongs to an earlier round or another account. Type /reset to start over.
error-unknown-order = Your account has no order { $order_id }. /history lists your orders.

## Symbols and prices
error-ambiguous-coin = “{ $text }” is the name of several coins: { $symbols }. Which one do you mean?
error-unknown-symbol = { $nearest ->
    [none] Unknown symbol “{ $text }”. Find one with /market search.
   *[other] Unknown symbol “{ $text }”. Did you mean { $nearest }?
}
error-symbol-halted = { $status ->
    [DELISTED] { $symbol } has been delisted by the exchange, so you can't buy or watch it. If the operator allows it, /sell closes your position at the last price; /portfolio shows it.
    [HELD] { $symbol } returned from a gap in trading at a price that may belong to another coin. It can be traded again once an operator has decided.
   *[other] { $symbol } can't be traded right now (exchange status: { $status }). Choose another symbol or try again later.
}
error-unsupported-quote-asset = { $symbol } is priced in { $quote }, but trading here is in { $asset } only. You can see its price, but you can't buy or sell it.
error-no-price-yet = { $symbol } has no price yet. Please try again in a moment.
error-stale-price = The last price of { $symbol } is { $age_seconds } seconds old. Trading needs a price no older than { $limit_seconds } seconds. Please try again in a moment.
error-crossed-quote = The quote for { $symbol } is invalid: its bid ({ $bid }) is above its ask ({ $ask }). Please try again in a moment.
error-book-disagrees = The order book of { $symbol } starts at { $shown }, too far from its quote of { $quoted }. Nothing was traded. Please try again in a moment.
error-market-unavailable = Market prices are unavailable right now. Your money is safe. Please try again in a moment.
error-no-candles = There are no candles for { $symbol } yet. Please try again in a few minutes.
error-bad-recording = { $why ->
    [missing] There is no recording at { $path }. Check the path.
    [empty] The recording at { $path } is empty. Choose another one.
    [too-big] The recording at { $path } is too large. Choose a shorter one.
    [truncated] The recording at { $path } is truncated. Copy or download it again.
    [columns] The recording at { $path } lacks a required column, or a column has the wrong type: { $what }. It needs symbol, open_time, open, high, low, close and volume.
    [interval] The candle interval of the recording at { $path } is not supported. Choose 1-minute candles.
    [intervals] The recording at { $path } contains candles of different intervals: { $what }. Keep one interval in a file.
    [single] The recording at { $path } has only one candle of each symbol, so its interval can't be determined. Choose a longer one.
    [times] The times of the recording at { $path } can't be right: { $what }. Store each open_time in UTC as seconds, milliseconds, microseconds or nanoseconds since 1970, or as a timestamp.
    [grid] The times of the recording at { $path } are not open times of candles: { $what }. Store the time at which each candle opens, such as 09:00:00.000, not the time at which it closes.
    [names] The recording at { $path } has symbol names with blanks, dots or suffixes: { $what }. Name each symbol by its base and quote asset, such as { COIN() }USDT.
    [twice] The recording at { $path } has several names for one market: { $what }. Keep one of them.
    [duplicates] The recording at { $path } contains duplicate rows that differ: { $what }. Keep one candle for each symbol and time.
    [quote] The quote asset of the recording at { $path } can't be determined from its symbol names: { $what }. Set PAPERDESK_REPLAY__QUOTE_ASSET to the asset they end with.
    [rows] Every candle of the recording at { $path } contains an impossible price, volume or time, such as { $what }. Choose another one.
    [bad-start] The recording at { $path } has no data at the chosen start time. Choose a time within the recording.
   *[other] The recording at { $path } cannot be read. Choose another one.
}
error-bad-replay-start = “{ $text }” is not within this recording. Choose a UTC time from { $first } to { $last }.

## Exchange rules
error-exchange-filter-violation = { $what ->
    [min] { $symbol }: { $value } { $unit } is below the exchange's minimum of { $limit } { $unit } ({ $rule }). Please increase the order.
    [max] { $symbol }: { $value } { $unit } is above the exchange's maximum of { $limit } { $unit } ({ $rule }). Please reduce the order.
   *[step] { $symbol }: { $value } { $unit } is not a multiple of { $limit } { $unit }, the exchange's step size ({ $rule }). Please round it.
}

## Trading
error-insufficient-funds = This needs { $needed } { $asset }, but you have { $available } { $asset } available: you are short by { $missing } { $asset }. Reduce the order, or use max.
error-nothing-to-sell = You don't hold any { $asset }, so there is nothing to sell. /portfolio shows your positions.
error-below-minimum-quantity = That is too small: the minimum quantity of { $asset } is { $step }. Please increase the order.
error-nothing-to-spend = You have no { $asset } available to buy with. /balance shows what you have.
error-amount-too-large = { $asset ->
    [none] That is above the limit of { $limit }. Please reduce the order.
   *[other] That is above the limit of { $limit } { $asset }. Please reduce the order.
}
error-share-out-of-range = “{ $text }” is not a valid percentage. Enter more than 0% and at most 100%, such as 25%.
error-ambiguous-share = “{ $text }” can be a fraction or a percentage. Choose one: { $choices }
error-no-liquidity = Not enough liquidity for { $symbol } at this price right now. Try again in a moment, or reduce the order.
error-price-moved = The price of { $symbol } moved against you, from { $previewed } to { $now }, more than the { $tolerance } allowed. Nothing was ordered. Here is the order at the current price:
error-idempotency-key-reused = This request was already used for another order. Nothing was done. Please start again.
error-no-account = You don't have an account yet. /start opens one.
error-account-reassigned = Your account was linked or unlinked while this was on its way, so nothing was done. Send it again.
error-coin-in-question = This coin can't be traded right now: an operator is deciding about it, or it is being converted. Nothing was done. Please try again later.
error-price-of-former-unit = The last price of this coin is from before its redenomination, so nothing can be sold at it. Please try again once there is a new price.
error-merge-waits = These accounts hold a coin that is being converted, so they are merged later. Nothing was changed.
error-overloaded = Too many requests of this kind are waiting right now. Please try again in a moment.
error-database-unavailable = The ledger is unavailable right now. If you were placing an order, check /history in a moment before you try again.
error-grant-changed = The starting balance of accounts is being changed, so accounts cannot be opened or reset right now. Your balance is unchanged. Please try again later.
