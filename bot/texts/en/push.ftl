### Price alerts, and what the desk says unasked.

command-alert = Tell me when a price is reached
    .about = Waits for the price and writes to this chat when it gets there. Say “>” or “<” and a price, a price alone, or how far it must move. “every” tells you each time, otherwise it is once.
    .symbol = The symbol to watch, such as BTC
    .level = The price: > 70000, < 2000, 70000, or a move such as +5% or -5%
    .times = “once” (as it is) or “every” time the price gets there
    .examples =
        /alert BTC > 70000
        /alert ETH < 2000
        /alert BTC 70000
        /alert SOL -5% every

command-alerts = List the price alerts that wait
    .about = The newest come first. Buttons cancel them, and wake those that are muted.
    .examples = /alerts

parameter-level = PRICE
parameter-times = once|every
parameter-alert_id = ALERT
parameter-newest = ALERT

## Setting and listing
alert-set-above = { $times ->
    [every] I will write here every time { $symbol } rises to { $level }.
   *[once] I will write here when { $symbol } rises to { $level }.
}
alert-set-below = { $times ->
    [every] I will write here every time { $symbol } falls to { $level }.
   *[once] I will write here when { $symbol } falls to { $level }.
}
alert-now = The price now is { $price }.
alert-beyond-above = The price is not below that level now: it has to fall below it first.
alert-beyond-below = The price is not above that level now: it has to rise above it first.
alerts-title = Your price alerts
alerts-none = No alert is waiting. /alert BTC +5% sets one.
alerts-cancel-ask = { $muted ->
    [0] { $count } alerts are waiting. Cancel them all?
   *[other] { $count } alerts are waiting, { $muted } of them muted. Cancel them all?
}
alerts-cancel-more = And { $count } more.
alerts-cancelled = { $count ->
    [one] 1 alert is cancelled.
   *[other] { $count } alerts are cancelled.
}
alert-share = Whoever opens this sets the same alert for themselves, { $symbol } { $condition }:
alert-edit-ask = Which price shall it be instead of { $symbol } { $condition }? Write a price or a move such as +5%, or press one.
alert-cancelled = The alert { $symbol } { $condition } is cancelled.
alert-muted = The alert { $symbol } { $condition } is muted. It stays in /alerts, where you can wake it.

## Notices
push-alert-above = { $symbol } rose to { $level }
push-alert-below = { $symbol } fell to { $level }
push-alerts-title = { $count } of your price alerts were reached
push-chart-alt = { $symbol } over the last day, now { $last }.
push-chat-gone = { $platform ->
    [telegram] A chat of yours on Telegram cannot be written to any more. What was meant for it comes here from now on.
    [discord] A chat of yours on Discord cannot be written to any more. What was meant for it comes here from now on.
   *[other] One of your chats cannot be written to any more. What was meant for it comes here from now on.
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
button-alert-resume = Wake { $alert_id }
button-mute = Mute
button-repeat = Every time
label-alert = Alert
label-alert-price = Price then
label-alert-state = How often
label-level = Level
label-price-now = Price now

## Errors
error-too-many-alerts = You have { $limit } alerts waiting already, which is the most. /alerts lists them; cancel one first.
error-no-alerts-to-cancel = None of those alerts is waiting any more. /alerts shows what is.
error-unknown-alert = You have no alert { $alert_id } that this could be done to. /alerts lists those that wait.
error-level-out-of-range = { $level } is too far from the price of { $symbol }, which is { $now }: alerts reach from { $lowest } to { $highest }. Is a digit missing, or one too many?
error-level-is-price = { $symbol } is exactly at { $now } now. Write > or < before the price to say where it should come from.

push-delisted-title = No longer listed: { $symbols }
push-delisted-alert = Price alert { $number } on { $symbol } ended, because the exchange no longer lists the symbol.
push-delisted-forecast = Forecast alert { $number } on { $symbol } ended, because the exchange no longer lists the symbol.
push-delisted-repeat = Recurring buy { $number } of { $symbol } stopped, because the exchange no longer lists the symbol.
push-delisted-close = A position keeps its last price; /portfolio shows it, and /sell closes it at that price.
