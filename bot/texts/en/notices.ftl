### What people choose about notices, and the notices about their money.

command-notify = Choose what I tell you unasked, when and where
    .about = Without a word it shows what is chosen. Each kind of notice can be on, silent or off; in quiet hours everything is silent. “here” sends what concerns your money to this chat.
    .notice = alerts, forecasts, fills, expiries, digest, news, quiet or here
    .choice = on, silent or off; for quiet two times such as 22:00 07:00; for digest daily or weekly, and an hour
    .examples =
        /notify
        /notify alerts silent
        /notify quiet 22:00 07:00
        /notify quiet off
        /notify digest daily 9
        /notify here

parameter-notice = NOTICE
parameter-choice = CHOICE
parameter-platform = PLATFORM
parameter-chat = CHAT

## Showing and choosing
notify-title = What I tell you unasked
notify-about = Alerts come to the chat in which you set them. The rest is about your money and comes to the chat you choose: orders are told there when you trade elsewhere.
notify-ask-kind = { $topic }: { $value }. What shall it be?
notify-ask-quiet = Quiet hours: { $value }. From when to when shall everything be silent? Press, or write two times such as 22:00 07:00.
notify-ask-digest = Digest: { $value }. How often shall I sum up your account? You can also write an hour, such as “daily 20”.
notify-ask-here = { $topic }: { $value }
notify-done-kind = { $topic }: { $value }
notify-ended-quiet = Quiet hours: { $value }. No hour is silent any more.
notify-done-quiet = Quiet hours: { $value }. Notices still come then, but without a sound.
notify-done-digest = Digest: { $value }
notify-done-here = Your fills, expired orders and digests are not sent to a chosen chat any more. Orders are told in their answer alone, digests come to the private chat where I saw you last.
notify-zone = Times are in your time zone, { $timezone }. /settings timezone changes it.
notify-daily = daily at { $time }
notify-weekly = Mondays at { $time }
notify-home-none = not chosen
notify-home-here = this chat
notify-home-elsewhere = { $place ->
    [public] { $platform ->
        [telegram] a group on Telegram
        [discord] a channel on Discord
       *[other] a chat with others
    }
   *[private] { $platform ->
        [telegram] a private chat on Telegram
        [discord] a private chat on Discord
        [console] the console
       *[other] a private chat
    }
}
notify-here-done = Your fills, expired orders and digests go to that chat from now on. An order that you place there is told in its answer alone.
notify-here-public = Others read along here: everyone would see what you buy and sell, for how much, and what you own. Price alerts that you set here come here anyway. Shall your fills, expired orders and digests really be shown here?

## Notices
push-fill-buy = Bought { $quantity } at { $price }
push-fill-sell = Sold { $quantity } at { $price }
push-fills-title = { $count } of your orders were filled
push-expiry-title = { $count ->
    [one] A part of your order was not filled
   *[other] Parts of { $count } orders were not filled
}
push-expiry-buy = Order { $order_id }: { $filled } bought. There was no more to be had, so { $unfilled } expired.
push-expiry-sell = Order { $order_id }: { $filled } sold. Nobody wanted more, so { $unfilled } expired.
push-digest-title = { $every ->
    [weekly] Your week, { $date }
   *[daily] Your day, { $date }
}

## Choices, buttons, labels
notice-alerts = Price alerts
notice-fills = Fills
notice-expiries = Expired orders
notice-digest = Digest
notice-news = News of the desk
notice-quiet = Quiet hours
notice-here = Chat for your money
choice-silent = Silent
choice-daily = Daily
choice-weekly = Weekly
button-notify = All notices
button-digest = Digest
button-here-public = Yes, show them here
button-here-off = Not any more
label-positions = Positions
label-best = Best position
label-worst = Worst position
label-alerts-waiting = Alerts waiting
label-change-since = Since { $since }

## Errors
error-not-a-time = “{ $text }” is not a time of day. Write it like 22:00 or 7.
error-quiet-hours-empty = Quiet hours from { $time } to { $time } could mean never or always. Write two different times, or “off” to end them.
error-quiet-hours-unfinished = Quiet hours begin at { $time }, but when do they end? Write both times, such as /notify quiet 22:00 07:00.
error-not-a-full-hour = A digest comes at a full hour, not at { $text }. Write /notify digest daily 8, for example.
error-unknown-chat = I have not seen you in that chat, or cannot write to it any more. Write /notify here in the chat you want.
