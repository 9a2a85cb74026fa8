### Recurring buys.

discord-command-dca = dca
command-dca = Set up recurring buys: daily, weekly or monthly
    .about = Buys at the time you set, in your time zone, and notifies you each time. Without an argument, lists your recurring buys, to pause, resume or remove. A buy missed while Paperdesk was offline is made later if it is less than six hours late. After three failures in a row, the recurring buy is paused and you are notified.
    .symbol = What to buy, such as { COIN() }
    .size = How much each time: 50{ $unit }, 0.001, or 5% of your available balance
    .rhythm = daily 9:00, weekly mon 9:00, monthly 15 9:00, monthly last
    .examples =
        /dca { COIN() } 50{ $unit } daily 9:00
        /dca
        /dca { COIN(2) } 5% weekly fri 18:30
        /dca { COIN(3) } 100{ $unit } monthly last

rhythms-offered =
    daily 9:00
    weekly mon 9:00
    monthly 1 9:00
    daily 21:00
    monthly last 9:00

parameter-rhythm = WHEN
parameter-plan_id = NUMBER

## Setting and listing
repeat-order = { $kind ->
    [base] { $size }
    [share] { $base } for { $size } of your available { $quote }
   *[quote] { $base } for { $size }
}
repeat-weekday = { $day ->
    [tue] Tuesday
    [wed] Wednesday
    [thu] Thursday
    [fri] Friday
    [sat] Saturday
    [sun] Sunday
   *[mon] Monday
}
repeat-rhythm = { $every ->
    [weekly] every { $weekday } at { $time }
    [monthly] { $day ->
        [last] on the last day of every month at { $time }
       *[other] on day { $day } of every month at { $time }
    }
   *[daily] every day at { $time }
}
repeat-made = Recurring buy set: { $order }, { $rhythm } ({ $timezone }).
repeat-first = First buy: { $moment }
repeat-told = Each buy fills at the price at that time, without confirmation. You are notified in the chat chosen with /notifications here, or in your private chat.
repeat-title = Recurring buys
repeat-none = No recurring buys yet. Start one with /dca { COIN() } 50{ $unit } daily 9:00
repeat-zone = Times are in your time zone, { $timezone }. Change it with /settings timezone.
repeat-paused = paused
repeat-stopped = paused after failures
repeat-did-pause = Paused: { $order }. Nothing is bought until you resume it.
repeat-did-resume = Resumed: { $order }. Next buy: { $moment }
repeat-did-remove = Removed: { $order } is no longer bought.

## Notices
push-repeat-title = { $count ->
    [one] A recurring buy failed
   *[other] { $count } recurring buys failed
}
push-repeat-failed = { $order }, { $day }:
push-repeat-next = The next attempt is on { $moment }.
push-repeat-stopped = It failed { $count } times in a row and is paused. Resume it when the cause is resolved.
push-repeat-missed-title = Paperdesk was offline when a recurring buy was due
push-repeat-missed = { $count ->
    [one] { $order } on { $day } was skipped because it was too late. Next buy: { $moment }
   *[other] { $order } was skipped { $count } times, last on { $day }, because it was too late. Next buy: { $moment }
}

## Choices, buttons, labels
choice-monthly = Monthly
button-repeats = Recurring buys
button-repeat-pause = Pause { $plan_id }
button-repeat-resume = Resume { $plan_id }
button-repeat-remove = Remove { $plan_id }
label-repeat = No.
label-repeat-order = Order
label-repeat-rhythm = When
label-repeat-next = Next buy
held-repeats = Recurring buys

## Errors
error-too-many-plans = You already have { $limit } recurring buys, the maximum. Remove one in /dca first.
error-unknown-plan = Recurring buy { $plan_id } no longer exists. /dca lists yours.
