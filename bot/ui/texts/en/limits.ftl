### Limits of users and of the desk.

discord-command-limits = limits
command-limits = Set your own limits on losses, orders and coins
    .about = Limits stop you from buying; selling at the market and cancelling always stay possible. A stricter value applies at once. A weaker one, or removing a limit, applies after a delay, and you can keep the old value until then. A drawdown pauses the account, cancels its open purchases and lasts until you type /limits resume. A reset ends neither a pause nor a cool-down.
    .rule = day, drawdown, coin, order, orders, streak, loss, or resume
    .value = 10%, 5000{ $unit }, 3, off, or keep to drop a waiting change
    .examples =
        /limits day 5%
        /limits order 5000{ $unit }
        /limits orders 10
        /limits

discord-command-desklimits = desklimits
command-desklimits = Set limits for all accounts
    .about = The limits of the desk apply to every account beside the users' own; the stricter one counts. A change applies at once.
    .rule = day, drawdown, coin, order, orders, streak or loss
    .value = 10%, 5000{ $unit }, 3, or off
    .examples =
        /desklimits order 100000{ $unit }
        /desklimits

## Kinds
limit-day = Loss of a day
    .about = Measured from the value of your account when your day began. When it is reached, nothing is bought until your day ends, and open purchases are cancelled.
limit-drawdown = Drawdown
    .about = Measured from the highest value of your account since its last reset. When it is reached, nothing is bought until you resume, and open purchases are cancelled.
limit-coin = Share of one coin
    .about = The largest share of your account that one coin may have after a purchase, open purchases included.
limit-order = Amount of an order
    .about = The largest amount that one purchase may spend.
limit-orders = Open orders
    .about = The most orders that may be open at once, purchases and sales.
limit-streak = Losing sales in a row
    .about = After so many sales at a loss in a row, nothing is bought for a while.
limit-loss = Loss of one sale
    .about = After a sale that lost this share of what the coins cost, nothing is bought for a while.

## Showing and changing
limits-title = Your limits
limits-about = Sales at the market and cancellations are never stopped. A stricter value applies at once, a weaker one later.
limit-none = none
limit-to-come = { $now }, then { $value } from { $moment }
limit-with-desk = { $own } (this desk: { $desk })
limit-ask = { $name }: { $value }. Choose a value or type one.
limit-change-now = { $name }: { $before } → { $value }. Applies at once.
limit-change-later = { $name }: { $before } → { $value }. This is weaker, so it applies from { $moment }. Until then the limit stays { $before }.
limit-done = Your limit is changed.
limit-pending = The change is waiting. You can keep the old limit until it applies.
limit-kept = { $name } stays { $value }. Nothing is waiting any more.
limit-resumed = Purchases are possible again. The drawdown is measured from { $equity } now.
limit-resumed-in-part = The drawdown is now measured from { $equity } and no longer pauses purchases. The day's loss still pauses them.
limit-paused-drawdown = Purchases are paused: the account fell { $value } or more below its peak. It stays so until you resume.
limit-paused-day = Purchases are paused: today's loss reached { $value }. They are possible again from { $moment }.
desk-limits-title = Limits of this desk
desk-limits-about = They apply to every account beside its own limits. Set one with /desklimits, remove it with “off”.

## Notices
push-limit-drawdown = { $desk ->
    [yes] The desk's limit on the drawdown is reached
   *[no] Your limit on the drawdown is reached
}
push-limit-day = { $desk ->
    [yes] The desk's limit on the loss of a day is reached
   *[no] Your limit on the loss of a day is reached
}
push-limit-cancelled = { $count ->
    [0] Nothing is bought for now. You had no open purchases.
    [one] Nothing is bought for now, and { $count } open order was cancelled.
   *[other] Nothing is bought for now, and { $count } open orders were cancelled.
}
push-limit-by-hand = Selling and cancelling stay possible. Purchases begin again when you resume.
push-limit-until = Selling and cancelling stay possible. Purchases begin again { $moment }.

## Choices, buttons, labels
notice-limits = Limits reached
choice-limit-resume = Resume
button-limits = Limits
button-limits-resume = Resume
button-limit-keep = Keep: { $name }
button-limit-remove = Remove
label-limit-day = Value when the day began
label-limit-drawdown = Highest value
label-limit-equity = Value now
label-limit-loss = Loss
parameter-rule = LIMIT

## Errors
error-limit-reached = { $of_desk ->
    [yes] A limit of this desk
   *[no] Your own limit
} { $kind ->
    [day] on the loss of a day ({ $share }) is reached. You can buy again in { $hours } h { $minutes } min, when your day ends. Selling and cancelling stay possible.
    [drawdown] on the drawdown ({ $share }) is reached, so nothing is bought. Selling and cancelling stay possible. /limits resume ends a pause.
    [coin] allows one coin { $share } of your account, open purchases included. You can buy for { $allowed } { $asset } more at most.
    [order] allows { $limit } { $asset } in one purchase at most.
    [orders] allows { $limit } open orders at most. Cancel one first, or place an order at the market.
    [streak] stops purchases after { $limit } sales at a loss in a row. You can buy again in { $hours } h { $minutes } min. Selling and cancelling stay possible.
   *[loss] stops purchases after a sale that lost { $share } or more. You can buy again in { $hours } h { $minutes } min. Selling and cancelling stay possible.
}
error-limit-not-set = This limit is not set, so there is nothing to remove or keep. /limits shows the limits.
error-limit-out-of-range = { $kind ->
    [order] “{ $text }” can't be the amount of this limit. Type an amount above zero and at most { $most }, or “off”.
    [orders] “{ $text }” can't be the number of this limit. Type a whole number from 1 to { $most }, or “off”.
    [streak] “{ $text }” can't be the number of this limit. Type a whole number from 1 to { $most }, or “off”.
   *[other] “{ $text }” can't be the share of this limit. Type a percentage from 0.1% to 100%, or “off”.
}
error-not-paused = Your account is not paused, so there is nothing to resume. /limits shows your limits.
error-pause-lasts = The limit on the loss of a day ends with your day, in { $hours } h { $minutes } min, and not before. Selling and cancelling stay possible.
