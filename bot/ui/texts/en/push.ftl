### Price alerts and other notifications.

command-alert = Get notified of a price, a range, an indicator or volume
    .about = Sends a message to this chat when the price is reached. Enter “>” or “<” and a price, a price alone, or a move. “range” watches the highest price of the last 5m, 15m, 1h (default), 4h or 1d against the lowest instead; a restart keeps that time. Conditions are the change within 5m to 7d (24h -5%), a new high or low of up to 365 days (high 30d), the volume against its mean (volume 3x 1h), the volatility (volatility 3% 1d), the distance from an average (ma50 +3% 4h, ma200 cross) and the RSI (rsi < 30); volume, volatility, averages and RSI count closed candles only. “when” takes any condition of a trading rule, checked as each candle closes: 1h when rsi(14) < 30 and close > sma(200). /alert order 12 1% watches an open order. “every” notifies you each time, once the price, range or figure has moved back first; the default is once. “every 4h” sends at most one message in 4 hours, “for 7d” ends the alert, “note” adds your words.
    .symbol = The symbol to watch, such as { COIN() }
    .level = The price: > 70000, < 2000, 70000, a move such as +5%, range 3% 1h, or a condition such as rsi < 30
    .times = “once” (default) or “every” time it is reached
    .extras = The least time between two messages (4h), the end (for 7d, until 2026-12-31), note and your words
    .examples =
        /alert { COIN() } > 70000
        /alert { COIN(2) } < 2000
        /alert { COIN() } 70000
        /alert { COIN(3) } -5% every
        /alert { COIN() } range 3% 1h
        /alert { COIN() } 24h -5%
        /alert { COIN() } high 30d
        /alert { COIN(2) } volume 3x 1h
        /alert { COIN(2) } ma50 +3% 4h
        /alert { COIN() } 1h when rsi(14) < 30 and close > sma(200)
        /alert { COIN(3) } rsi < 30 every 4h for 7d

command-alerts = List your active alerts
    .about = Lists the newest first, then the range alerts, the condition alerts and the forecast alerts. Buttons cancel one or all of every kind, change price alerts, and turn muted ones back on.
    .examples = /alerts

parameter-level = PRICE
parameter-times = once|every
parameter-extras = 4h|for 7d|note
parameter-alert_id = ALERT
parameter-newest = ALERT
parameter-newest_forecast = ALERT

## Setting and listing
alert-set-above = { $times ->
    [every] You will be notified here every time { $symbol } rises to { $level }.
   *[once] You will be notified here when { $symbol } rises to { $level }.
}
alert-set-below = { $times ->
    [every] You will be notified here every time { $symbol } falls to { $level }.
   *[once] You will be notified here when { $symbol } falls to { $level }.
}
alert-now = The current price is { $price }.
alert-again-above = After a notification, the alert starts again once the price has fallen below { $back }, at most once every { $pause }.
alert-again-below = After a notification, the alert starts again once the price has risen above { $back }, at most once every { $pause }.
alert-every-above = Every time (again below { $back })
alert-every-below = Every time (again above { $back })
alert-beyond-above = The price is already at or above that level. The alert starts once the price has fallen below { $back }.
alert-beyond-below = The price is already at or below that level. The alert starts once the price has risen above { $back }.
alert-number = Alert { $alert_id }
alerts-title = Your price alerts
alerts-none = You have no active alerts. /alert { COIN() } +5% sets one.
alerts-cancel-ask = { $muted ->
    [0] You have { $count } active alerts. Cancel all of them?
   *[other] You have { $count } active alerts, { $muted } of them muted. Cancel all of them?
}
alerts-cancel-more = And { $count } more.
alerts-cancelled = { $count ->
    [one] 1 alert was cancelled.
   *[other] { $count } alerts were cancelled.
}
alert-share = Anyone who opens this link can set the same alert, { $symbol } { $condition }:
alert-edit-ask = New price for the alert { $symbol } { $condition }? Type a price or a move such as +5%, or choose one.
alert-cancelled = The alert { $symbol } { $condition } was cancelled.
alert-muted = The alert { $symbol } { $condition } is muted. You can turn it back on in /alerts.

## Notices
push-alert-above = { $symbol } rose to { $level }
push-alert-below = { $symbol } fell to { $level }
push-alerts-title = { $count } of your price alerts were triggered
push-chart-alt = { $symbol } over the last day, last price { $last }.
push-chat-gone = { $platform ->
    [telegram] One of your Telegram chats can no longer be reached. Its notifications are sent here from now on.
    [discord] One of your Discord chats can no longer be reached. Its notifications are sent here from now on.
   *[other] One of your chats can no longer be reached. Its notifications are sent here from now on.
}

## Choices, buttons, labels
choice-once = Once
choice-every = Every time
choice-muted = Muted
button-alerts = Alerts
button-alert-cancel = Cancel this alert
button-alert-cancel-one = Cancel { $alert_id }
button-alert-share = Share
button-alert-edit = Change the price
button-alert-edit-one = Change { $alert_id }
button-alerts-cancel = Cancel all
button-alerts-cancel-now = Yes, cancel { $count }
button-alert-resume = Unmute { $alert_id }
button-mute = Mute
button-repeat = Every time
label-alert = Alert
label-alert-price = Price reached
label-alert-state = Frequency
label-level = Level
label-price-now = Current price

## Errors
error-too-many-alerts = You already have { $limit } alerts, the maximum; muted ones count too. Cancel one in /alerts first.
error-no-alerts-to-cancel = None of those alerts is active any more. /alerts lists your alerts.
error-unknown-alert = Alert { $alert_id } can't be changed. /alerts lists your active alerts.
error-not-a-level = “{ $text }” is neither a price nor a change. Enter a price, such as 90000, or a change, such as +5%.
error-level-out-of-range = { $level } is too far from the current price of { $symbol }, { $now }. Alerts can be set from { $lowest } to { $highest }. Check the number of digits.
error-level-at-price = { $symbol } is at exactly { $now } now. Put > or < before the price to set the direction.

push-delisted-title = Delisted: { $symbols }
push-delisted-alert = Price alert { $number } on { $symbol } has ended because the exchange delisted the symbol.
push-delisted-forecast = Forecast alert { $number } on { $symbol } has ended because the exchange delisted the symbol.
push-delisted-repeat = Recurring buy { $number } of { $symbol } has stopped because the exchange delisted the symbol.
push-delisted-holding = You hold { $symbol }, which the exchange no longer trades.
push-delisted-close = Positions keep their last price. /portfolio shows them, and /sell closes them at that price.
