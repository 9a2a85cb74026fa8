### Condition alerts: indicators, volume, highs and lows, changes, and orders.

## Setting and listing
condition-set = { $times ->
    [every] You will be notified here every time this is met: { $symbol } { $condition }.
   *[once] You will be notified here when this is met: { $symbol } { $condition }.
}
condition-now = Now: { $figure }.
condition-unknown = The figure is not known right now. The alert starts once it is.
condition-warms-up = { $known } of { $needed } closed { $interval } candles are known. The alert starts once all of them are.
condition-again = After a notification, the alert starts again once it has returned to { $back }, at most once every { $pause }.
condition-beyond = The condition is already met. The alert starts once it has returned to { $back }.
condition-waits = The alert starts once it has returned to { $back }.
condition-every = Every time (again from { $back })
condition-title = Your condition alerts
condition-none = You have no active condition alerts. /alert { COIN() } rsi < 30 sets one.
condition-edit-ask = New condition for the alert { $symbol } { $condition }? Type one such as rsi < 25 4h, or 1h when rsi(14) < 30 and close > sma(50).

condition-change = { $window } change { $sign } { $level }
condition-high = new { $window } high
condition-low = new { $window } low
condition-volume = volume { $sign } { $level }x the mean of { $length } ({ $interval })
condition-volatility = { $window } volatility { $sign } { $level }
condition-sma = { $sign } { $level } from MA{ $length } ({ $interval })
condition-sma-above = closes above MA{ $length } ({ $interval })
condition-sma-below = closes below MA{ $length } ({ $interval })
condition-ema = { $sign } { $level } from EMA{ $length } ({ $interval })
condition-ema-above = closes above EMA{ $length } ({ $interval })
condition-ema-below = closes below EMA{ $length } ({ $interval })
condition-rsi = RSI({ $length }) { $sign } { $level } ({ $interval })
condition-rule = { $rule } ({ $interval })
condition-order = within { $level } of order { $order_id } at { $price }

figure-change = { $figure } (from { $base })
figure-high = { $figure } from the high of { $base }
figure-low = { $figure } from the low of { $base }
figure-volume = { $figure }x the mean
figure-volatility = { $figure }
figure-sma = { $figure } from { $base }
figure-ema = { $figure } from { $base }
figure-rsi = RSI { $figure }
figure-order = { $figure }

figure-rule = { $figure ->
    [1] true
   *[other] false
}
back-rule = false
back-high = { $share } below the high
back-low = { $share } above the low

alert-note = Note: { $note }
alert-expires = The alert ends { $time }.

## Notices
push-condition = { $symbol }: { $condition }
push-conditions-title = { $count } of your condition alerts were triggered
push-delisted-condition = Condition alert { $number } on { $symbol } has ended because the exchange delisted the symbol.

## Choices, buttons, labels
notice-conditions = Condition alerts
button-conditions = Condition alerts
button-condition-edit = Change
button-order-alert = Alert
label-condition = Condition
label-figure = Measured
label-note = Note

## Errors
error-too-many-condition-alerts = You already have { $limit } condition alerts, the maximum; muted ones count too. Cancel one in /alerts first.
error-same-alert = Alert { $alert_id } already waits for exactly this. /alerts lists your alerts.
error-condition-out-of-bounds = { $measure ->
    [rsi] An RSI of { $level } can't be watched. Enter { $lowest } to { $highest }, such as rsi < 30.
    [volume] { $level } times the mean volume can't be watched. Enter { $lowest }x to { $highest }x, such as volume 3x 1h.
   *[other] { $level }% can't be watched. Enter { $lowest }% to { $highest }% with at most two decimals.
}
error-length-out-of-bounds = { $length } candles can't be watched. Choose { $fewest } to { $most }, such as { $measure ->
    [rsi] rsi(14)
    [volume] volume(20)
    [ema] ema50
   *[other] ma50
}.
error-days-out-of-bounds = “{ $text }” is not a number of whole days. Choose 1d to { $most }d, such as high 30d.
error-trailing-order-watched = Order { $order_id } follows the market at its own distance, so an alert on that distance would say nothing. You will be notified when it triggers.
error-alert-time-out-of-bounds = That time is too short or too long. Choose 1 minute to { $days } days, such as 4h or 7d.
error-note-too-long = A note can have at most { $limit } characters.
