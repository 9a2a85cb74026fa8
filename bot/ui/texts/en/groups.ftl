### Groups and servers: settings, permissions, price feeds and cool-downs.

command-group = Set up the bot for this group or server
    .about = For the admins of a group or server: language and time zone, the channels the bot answers in, who may use which commands, the wait between two commands, and a price feed that keeps one message up to date. Without an argument, shows the current settings.
    .topic = What to set: language, timezone, channel, allow, cooldown or feed
    .values = The new value, such as ko, add, “trading off”, 10, or “{ COIN() } { COIN(2) }”
    .examples =
        /group
        /group language ko
        /group channel add
        /group allow trading off
        /group cooldown 10
        /group feed { COIN() } { COIN(2) }

parameter-topic = WHAT
parameter-values = VALUE
discord-command-group = group

## Current settings
group-title = Settings for this chat
group-private = /group is for groups and servers. Type it there to set the language, the channels the bot answers in, who may use which commands, and a price feed. In this private chat there is nothing to set up; your own settings are in /settings.
group-saved = Saved.
group-open = All channels
group-everyone = Everyone can use everything
group-no-cooldown = None
group-own-language = Each user's own
group-no-feed = None here
group-elsewhere = { $count ->
    [one] one elsewhere
   *[other] { $count } elsewhere
}
group-feed-off = Off: { $reason }
group-rule = { $name }: { $who ->
    [everyone] everyone
    [managers] admins only
   *[off] off
}
group-cooldown = { $seconds } seconds between two commands of one user
group-this-chat = this chat
group-ask-language = Which language for new users and the price feed here? /group language ko
group-ask-timezone = Which time zone for this chat? /group timezone Asia/Seoul
group-ask-channel = Should the bot answer here? “add” adds this channel or topic to the list, “remove” removes it, “everywhere” clears the list. You can add a name: /group channel add trading room
group-ask-allow = Who can use what? Name a command or one of trading, account, alerts and prices, followed by everyone, managers or off: /group allow trading off
group-ask-cooldown = How many seconds must a user wait between two commands in one chat? 0 means no wait: /group cooldown 10
group-ask-feed = Which prices should be kept up to date here? /group feed { COIN() } { COIN(2) } starts a feed, /group feed off stops it.
group-feed-started = The prices will appear here in a moment, in one message that is kept up to date.
group-feed-stopped = The price feed in this chat has been stopped.
group-feed-none = There is no price feed in this chat.

## The price feed
feed-title = Prices
feed-time = As of { $time } ({ $zone }). Changes are over 24 hours. This message is updated when prices move.
feed-ended = This price feed has been stopped.

## Choices, buttons, labels
choice-channel = Channels
choice-allow = Permissions
choice-cooldown = Cool-down
choice-feed = Price feed
choice-public = Show money in groups
choice-managers = Admins only
choice-everyone = Everyone
choice-add = Answer in this channel
choice-remove = Don't answer in this channel
choice-everywhere = Answer everywhere
choice-trading = Trading
choice-account = Account
choice-alerts = Alerts
choice-prices = Prices
button-group = Group settings
button-feed-off = Stop the feed here
button-feed-start = Price feed here: { $symbols }
button-trading-off = Turn trading off
button-trading-on = Turn trading on
button-cooldown = { $seconds } s cool-down
button-no-cooldown = No cool-down
settings-ask-public = Show answers about your money to others in groups? Current: { $current }

## First contact
welcome-settings = Language: { $language }. Time zone: { $zone }. Change them below if they are not right.
button-other-zone = Other time zone

## Refusals
error-rate-limited = Too many commands at once. Please wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
} and try again.
error-admins-only = Only admins can use /{ $command } here.
error-command-disabled = /{ $command } is turned off here. You can use it in a private chat with the bot.
error-channel-not-allowed = Here, the bot answers in { $channel } only.
error-too-many-channels = You can set up to { $limit } channels. Remove one, or let the bot answer everywhere.
error-too-many-rules = You can set up to { $limit } permission rules here.
error-cooldown-too-long = The maximum cool-down is { $limit } seconds.
error-too-many-feeds = You can have up to { $limit } price feeds here. Stop one first with /group feed off in its channel.
error-feed-too-long = A price feed can show up to { $limit } symbols. Please choose fewer.
