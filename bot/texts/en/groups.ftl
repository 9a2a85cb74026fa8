### Groups and servers: what holds there, who may do what, price feeds, and how fast one may go.

command-group = Set what holds in this group or server
    .about = For those who run a group or server: its language and time zone, the channels in which I answer, who may use which commands, how long people wait between two commands, and a price feed that keeps one message up to date. Without a word it shows what is set.
    .topic = What to set: language, timezone, channel, allow, cooldown or feed
    .values = The new value, such as ko, add, “trading off”, 10, or “BTC ETH”
    .examples =
        /group
        /group language ko
        /group channel add
        /group allow trading off
        /group cooldown 10
        /group feed BTC ETH

parameter-topic = WHAT
parameter-values = VALUE
discord-command-group = group

## What is set
group-title = What holds in this group
group-private = /group is for groups and servers: type it there, and you can choose the language, the channels in which I answer, who may use which commands, and a channel for a price feed. Here, in private, nothing has to be set: /settings is yours.
group-saved = Saved.
group-open = In every channel
group-everyone = Everyone may do everything
group-no-cooldown = None
group-own-language = Each person's own
group-no-feed = None here
group-elsewhere = { $count ->
    [one] one elsewhere
   *[other] { $count } elsewhere
}
group-feed-off = Off: { $reason }
group-rule = { $name }: { $who ->
    [everyone] everyone
    [managers] managers only
   *[off] nobody
}
group-cooldown = { $seconds } seconds between two commands of one person
group-this-chat = this chat
group-ask-language = In which language do I meet newcomers here, and write the price feed? /group language ko
group-ask-timezone = Which time zone holds here? /group timezone Asia/Seoul
group-ask-channel = Shall I answer here? “add” names this channel or topic, “remove” takes it off the list, “everywhere” empties the list. You can add a name: /group channel add trading room
group-ask-allow = Who may use what? Name a command or one of trading, account, alerts and prices, and then everyone, managers or off: /group allow trading off
group-ask-cooldown = How many seconds must a person wait between two commands in one chat? 0 is none: /group cooldown 10
group-ask-feed = Which prices shall I keep up to date here? /group feed BTC ETH starts, /group feed off ends.
group-feed-started = The prices appear here in a moment and are kept up to date in one message.
group-feed-stopped = The price feed here ends.
group-feed-none = There is no price feed here.

## The price feed
feed-title = Prices
feed-time = As of { $time } ({ $zone }); changes are those of 24 hours. I edit this message whenever a price moves.
feed-ended = This price feed was ended.

## Choices, buttons, labels
choice-channel = Channels
choice-allow = Who may
choice-cooldown = Cool-down
choice-feed = Price feed
choice-public = Show money in groups
choice-managers = Managers only
choice-everyone = Everyone
choice-add = Answer in this channel
choice-remove = Not in this channel
choice-everywhere = Answer everywhere
choice-trading = Trading
choice-account = Accounts
choice-alerts = Alerts
choice-prices = Prices
button-group = Group settings
button-feed-off = End the feed here
button-feed-start = Prices here: { $symbols }
button-trading-off = Switch trading off
button-trading-on = Switch trading on
button-cooldown = { $seconds } s cool-down
button-no-cooldown = No cool-down
settings-ask-public = In groups, may others read the answers about your money? Now: { $current }

## First contact
welcome-settings = Language: { $language }. Time zone: { $zone }. If both are right, there is nothing to do; otherwise choose below.
button-other-zone = Other time zone

## Refusals
error-too-fast = That is a little fast. Please wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
} and try again.
error-managers-only = In this group /{ $command } is for those who manage it.
error-switched-off = /{ $command } is switched off in this group. It works in our private chat.
error-other-channel = In this group I answer in { $channel }.
error-too-many-channels = At most { $limit } channels can be named. Remove one, or let me answer everywhere.
error-too-many-rules = At most { $limit } rules can be set in a group.
error-cooldown-too-long = A cool-down is at most { $limit } seconds.
error-too-many-feeds = A group has at most { $limit } price feeds. End one first: /group feed off in its channel.
error-feed-too-long = A price feed shows at most { $limit } symbols. Please name fewer.
