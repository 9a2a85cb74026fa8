### One sentence for every error: what is wrong and what to do.

## Lines and commands
error-empty-line = Type a command, such as /price BTC. /help lists them all.
error-line-too-long = That line has { $length } characters; at most { $limit } are read. Please make it shorter.
error-hidden-characters = { $visible ->
    [none] That line holds nothing but characters that cannot be seen. Type a command, such as /price BTC.
   *[other] That line holds characters that cannot be seen, as copied text sometimes does, so nothing was done. Please type it again: { $visible }
}
error-unknown-command = { $nearest ->
    [none] There is no command /{ $text }. /help lists them all.
   *[other] There is no command /{ $text }. Did you mean { $nearest }?
}
error-not-understood = { $nearest ->
    [none] I did not understand “{ $text }”. Type a coin, such as BTC, or a command, such as /price BTC. /help lists them all.
   *[other] I did not understand “{ $text }”. Did you mean { $nearest }?
}
error-missing-argument = /{ $command } also needs: { $parameter }.
    .symbol = Which symbol?
    .symbols = Which symbols?
    .size = How much?
    .level = At which price?
    .chance = Up or down, and how likely?
    .rhythm = How often, and at what time?
    .text = What are you looking for?
    .message = What shall everyone read?
    .user = Who?
error-too-many-arguments = /{ $command } has no place for “{ $extra }”.
error-too-many-values = /{ $command } takes at most { $limit } at a time, and you wrote { $count }. Leave some out.
error-same-symbol-twice = Only { $symbol } is named. Write at least two different symbols, such as /compare BTC ETH.
error-took-too-long = This took longer than { $seconds } seconds, so it was given up. If it was an order, look at /history before you repeat it.
incident = Something went wrong on our side. Please try again; if it stays, tell the operator this number: { $id }

## Numbers
error-not-a-number = “{ $text }” is not a number this desk can read. Write it with plain digits, such as 0.25.
error-not-positive = “{ $text }” is not above zero. Write how much as a positive number, such as 0.25.
error-thousands-separator = “{ $text }” has separators between the digits. Write { $plain } instead.
error-decimal-comma = “{ $text }” has a comma. Write decimals with a point: { $plain }
error-foreign-digits = “{ $text }” is written with digits of another script. Write { $plain } instead.
error-exponent-notation = “{ $text }” is in exponent notation. Please write the number out, such as 1000000.
error-too-many-digits = “{ $text }” has too many digits: at most { $limit } on each side of the point.
error-other-currency = “{ $text }” is an amount in { $currency }, and this desk trades in { $quote }. Write the amount in { $quote }, such as 100{ $quote }.
error-unknown-unit = “{ $unit }” does not fit this order. Write an amount in { $quote } (100{ $quote }), a quantity of the coin (0.01), a share (25%) or max.

## Choices
error-not-a-choice = { $choices ->
    [none] “{ $text }” cannot be used here.
   *[other] “{ $text }” is not one of the choices: { $choices }
}
error-unknown-time-zone = { $nearest ->
    [none] There is no time zone “{ $text }”. Write a city or an offset, such as Seoul or UTC+9.
   *[other] There is no time zone “{ $text }”. Did you mean { $nearest }?
}
error-ambiguous-time-zone = “{ $text }” may be more than one time zone. Choose one: { $choices }
error-posix-time-zone = “{ $text }” is a name of the zone database that has the opposite sign: it means { $meant }. Choose one: { $choices }
error-unknown-offset = { $nearest ->
    [none] “{ $text }” is not an offset that a time zone has. Write one from UTC-12 to UTC+14, such as UTC+9 or UTC+5:30.
   *[other] No time zone keeps “{ $text }” all year. Choose a place instead: { $nearest }
}
error-nothing-found = No symbol holds “{ $text }”. Try a shorter part of its name.

## Buttons
error-preview-gone = This preview is no longer open: it expired, was cancelled, or was confirmed already. What was ordered stands in your history.
error-reset-gone = This button belongs to an earlier round or another account. Type /reset to begin again.
error-unknown-order = Your account has no order { $order_id }. /history lists your orders.

## Symbols and prices
error-ambiguous-coin = “{ $text }” is the name of several coins: { $symbols }. Which one do you mean?
error-unknown-symbol = { $nearest ->
    [none] There is no symbol “{ $text }” on this desk. Find one with /market search.
   *[other] There is no symbol “{ $text }” on this desk. Did you mean { $nearest }?
}
error-symbol-halted = { $status ->
    [DELISTED] { $symbol } is no longer listed by the exchange, so it cannot be bought. /sell closes a position at the last price where the operator allows it; /portfolio shows it.
   *[other] { $symbol } is not traded right now (the exchange says { $status }). Please choose another symbol or come back later.
}
error-priced-only = { $symbol } is priced in { $quote }, and this desk trades in { $asset } only. Its price is shown, but it cannot be bought or sold here.
error-no-price-yet = { $symbol } has no price yet. Please try again in a moment.
error-stale-price = The last price of { $symbol } is { $age_seconds } seconds old, and the desk trades on prices of at most { $limit_seconds } seconds. Please try again in a moment.
error-crossed-quote = The quote of { $symbol } is broken: its bid ({ $bid }) stands above its ask ({ $ask }). Please try again in a moment.
error-market-down = Market prices cannot be reached right now. Your money is safe; please try again in a moment.
error-no-candles = There are no candles of { $symbol } yet. Please try again in a few minutes.
error-bad-recording = { $why ->
    [missing] There is no recording at { $path }. Check the path of the replay.
    [empty] The recording at { $path } is empty. Choose another one.
    [too-big] The recording at { $path } is too big to be played. Choose a shorter one.
    [truncated] The recording at { $path } is truncated: it ends in the middle. Copy or download it again.
    [columns] The recording at { $path } lacks a column it needs, or has one of another type: { $what }. It needs symbol, open_time, open, high, low, close and volume.
    [duplicates] The recording at { $path } holds duplicate rows that differ: { $what }. Keep one candle for each symbol and time.
    [quote] The names in the recording at { $path } do not tell their quote asset: { $what }. Set PAPERDESK_REPLAY__QUOTE_ASSET to the asset that they end with.
    [interval] The candles in the recording at { $path } are of no width this desk reads. Choose 1-minute candles.
    [rows] Every candle of the recording at { $path } holds a price, volume or time that is impossible, such as { $what }. Choose another one.
    [bad-start] The recording at { $path } has nothing at the chosen start time. Choose a time within the recording.
   *[other] The recording at { $path } cannot be read. Choose another one.
}
error-bad-replay-start = “{ $text }” is no time this recording has. Choose a UTC time from { $first } to { $last }.

## Exchange rules
error-rule-broken = { $what ->
    [min] { $symbol }: { $value } { $unit } is below the exchange's minimum of { $limit } { $unit } ({ $rule }). Please order more.
    [max] { $symbol }: { $value } { $unit } is above the exchange's maximum of { $limit } { $unit } ({ $rule }). Please order less.
   *[step] { $symbol }: { $value } { $unit } is not a multiple of { $limit } { $unit }, the exchange's step ({ $rule }). Please round it.
}

## Trading
error-not-enough = This needs { $needed } { $asset }, and you have { $available } { $asset } available: { $missing } { $asset } are missing. Order less, or use max.
error-nothing-to-sell = You hold no { $asset }, so there is none to sell. /portfolio shows what you hold.
error-too-small = That is too small: the smallest quantity of { $asset } is { $step }. Please order more.
error-share-too-small = { $share } of your { $available } { $asset } is less than { $step } { $asset }, the smallest quantity that can be sold. Write a larger share, or max to sell all of it.
error-nothing-to-spend = You have no { $asset } available to buy with. /balance shows what you have.
error-amount-too-large = { $asset ->
    [none] That is above the desk's limit of { $limit }. Please order less.
   *[other] That is above the desk's limit of { $limit } { $asset }. Please order less.
}
error-share-out-of-range = “{ $text }” is no share: write more than 0% and at most 100%, such as 25%.
error-no-liquidity = Nobody offers { $symbol } at this price right now. Please try again in a moment, or order less.
error-price-moved = The price of { $symbol } moved against you, from { $previewed } to { $now }, which is more than { $tolerance }. Nothing was ordered. Here is the order at the price of now:
error-command-reused = This was already used for another order. Nothing was done; please start again.
error-no-account = You have no account yet. /start opens one.
error-ledger-down = The ledger cannot be reached right now. If you were ordering, look at /history in a moment before you repeat it.
