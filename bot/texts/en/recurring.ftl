### What people buy again and again.

discord-command-repeat = repeat
command-repeat = Buy the same again and again: every day, week or month
    .about = Places a buy at the time you say, in your own time zone, and tells you each time. Without a word it lists what you buy again and again, to pause, resume or remove. What I slept through is bought if it is less than six hours late. After three failures in a row I pause it and say so.
    .symbol = What to buy, such as BTC
    .size = How much each time: 50{ $unit }, 0.001, or 5% of what is free then
    .rhythm = daily 9:00, weekly mon 9:00, monthly 15 9:00, monthly last
    .examples =
        /repeat BTC 50{ $unit } daily 9:00
        /repeat
        /repeat ETH 5% weekly fri 18:30
        /repeat SOL 100{ $unit } monthly last

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
    [share] { $base } for { $size } of your free { $quote }
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
repeat-made = I will buy { $order } { $rhythm } ({ $timezone }).
repeat-first = First time: { $moment }
repeat-told = Each buy is told in the chat you chose with /notify here, else in your private chat. It is made at the price of that moment, without asking again.
repeat-title = What you buy again and again
repeat-none = Nothing yet. /repeat BTC 50{ $unit } daily 9:00 begins.
repeat-zone = Times are in your time zone, { $timezone }. /settings timezone changes it.
repeat-paused = paused
repeat-stopped = paused after failures
repeat-did-pause = Paused: { $order }. Nothing is bought until you resume it.
repeat-did-resume = Resumed: { $order }. Next time: { $moment }
repeat-did-remove = Removed: { $order } is not bought again.

## Notices
push-repeat-title = { $count ->
    [one] A recurring buy was not made
   *[other] { $count } recurring buys were not made
}
push-repeat-failed = { $order }, { $day }:
push-repeat-next = I try again next time, { $moment }.
push-repeat-stopped = That was { $count } times in a row, so I paused it. Resume it when the reason is gone.
push-repeat-missed-title = I was off when you wanted to buy
push-repeat-missed = { $count ->
    [one] { $order } on { $day } was left out: it was too late to make up for it. Next time: { $moment }
   *[other] { $order } was left out { $count } times, last on { $day }: it was too late to make up for it. Next time: { $moment }
}

## Choices, buttons, labels
choice-monthly = Monthly
button-repeats = Recurring buys
button-repeat-pause = Pause { $plan_id }
button-repeat-resume = Resume { $plan_id }
button-repeat-remove = Remove { $plan_id }
label-repeat = No.
label-repeat-order = What
label-repeat-rhythm = When
label-repeat-next = Next time
held-repeats = Recurring buys

## Errors
error-too-many-plans = You have { $limit } recurring buys already, which is the most. /repeat lists them; remove one first.
error-unknown-plan = You have no recurring buy { $plan_id } any more. /repeat lists those you have.
