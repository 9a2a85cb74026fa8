### Notification preferences, and the notifications about an account.

command-notifications = Choose which notifications you get, when and where
    .about = Without an argument, shows your notification settings. Each kind can be on, silent or off: alerts, ranges, conditions, forecasts, fills, expiries, limits, drift, digest, scan and headlines. “scan” sends the signals of /scan once a day, in the morning. During quiet hours, all notifications are silent. “here” sends account notifications to this chat.
    .notice = A kind such as alerts, fills, limits, drift, digest, scan or headlines; or news, quiet, here
    .choice = on, silent or off; for quiet two times such as 22:00 07:00; for digest daily or weekly, and an hour
    .examples =
        /notifications
        /notifications alerts silent
        /notifications quiet 22:00 07:00
        /notifications quiet off
        /notifications digest daily 9
        /notifications here

parameter-notice = NOTICE
parameter-choice = CHOICE
parameter-platform = PLATFORM
parameter-chat = CHAT

## Showing and choosing
notify-title = Notifications
notify-about = Alerts are sent to the chat where you set them. All other notifications are about your account and are sent to the chat you choose, including orders that you place elsewhere.
notify-ask-kind = { $topic }: { $value }. Choose a setting.
notify-ask-quiet = Quiet hours: { $value }. When should notifications be silent? Choose below, or type two times such as 22:00 07:00.
notify-ask-digest = Digest: { $value }. How often would you like an account summary? You can also type an hour, such as “daily 20”.
notify-ask-here = { $topic }: { $value }
notify-done-kind = { $topic }: { $value }
notify-ended-quiet = Quiet hours: { $value }. Notifications now sound at any hour.
notify-done-quiet = Quiet hours: { $value }. Notifications still arrive then, but without sound.
notify-done-digest = Digest: { $value }
notify-done-here = Fills, expired orders and digests are no longer sent to a chosen chat. Orders are confirmed only in the reply, and digests go to the private chat you used last.
notify-zone = Times are in your time zone, { $timezone }. Change it with /settings timezone.
notify-daily = daily at { $time }
notify-weekly = Mondays at { $time }
notify-home-none = not chosen
notify-home-here = this chat
notify-home-elsewhere = { $place ->
    [public] { $platform ->
        [telegram] a group on Telegram
        [discord] a channel on Discord
       *[other] a group chat
    }
   *[private] { $platform ->
        [telegram] a private chat on Telegram
        [discord] a private chat on Discord
        [console] the console
       *[other] a private chat
    }
}
notify-here-done = From now on, this chat gets fills, orders that are triggered, end or expire, and failed recurring buys, what robots and rebalancing report, corporate actions and delistings, pauses by limits, corrections, scans, headlines and digests. Orders you place in this chat are confirmed only in the reply.
notify-here-public = Others can read this chat: everyone would see what you buy and sell, for how much, and what you own. That goes for fills, orders that are triggered, end or expire, failed recurring buys, what robots earn, what rebalancing and order groups do, corporate actions and delistings of coins that you hold, pauses by limits with your account’s value, corrections by an operator, scans, headlines about coins that you hold or watch, and digests. Price alerts set here are sent here anyway. Show all of these here?

## Notices
push-fill-buy = Bought { $quantity } at { $price }
push-fill-sell = Sold { $quantity } at { $price }
push-fills-title = { $count } of your orders were filled
push-expiry-title = { $count ->
    [one] Part of your order was not filled
   *[other] Parts of { $count } orders were not filled
}
push-expiry-buy = Order { $order_id }: { $filled } bought. The market depth ran out, so { $unfilled } expired.
push-expiry-sell = Order { $order_id }: { $filled } sold. The market depth ran out, so { $unfilled } expired.
push-digest-title = { $every ->
    [weekly] Weekly digest, { $date }
   *[daily] Daily digest, { $date }
}

## Choices, buttons, labels
notice-alerts = Price alerts
notice-fills = Fills
notice-expiries = Expired orders
notice-digest = Digest
notice-news = News from the operator
notice-quiet = Quiet hours
notice-here = Account notifications chat
choice-silent = Silent
choice-daily = Daily
choice-weekly = Weekly
button-notify = Notification settings
button-digest = Digest
button-here-public = Yes, show them here
button-here-off = Stop sending here
label-positions = Positions
label-best = Best position
label-worst = Worst position
label-alerts-waiting = Active alerts
label-change-since = Change since { $since }

## Errors
error-not-a-time = “{ $text }” is not a time of day. Use a time such as 22:00 or 7.
error-zoned-time = “{ $text }” names a time zone. Times here are always in your own time zone, so type { $plain }, or change your zone with /settings timezone.
error-quiet-hours-empty = Quiet hours from { $time } to { $time } are ambiguous. Enter two different times, or “off” to turn them off.
error-quiet-hours-unfinished = Quiet hours start at { $time }, but have no end. Enter both times, such as /notifications quiet 22:00 07:00.
error-not-a-full-hour = Digests are sent on the hour, so { $text } can't be used. Try /notifications digest daily 8.
error-unknown-chat = That chat is unknown or no longer reachable. Type /notifications here in the chat you want.
