# What only Discord needs. Names of commands and options in other languages stand here too.

discord-not-yours = These buttons belong to the person who asked. Type { $command } to get your own.
discord-not-yours-plain = These buttons belong to the person who asked.
discord-button-old = This button is from an older version of the desk. Please type the command again.
discord-command-gone = This command has changed. Please wait a moment, or restart Discord, and choose it again.
discord-busy = You have several commands waiting already. Please wait for their answers; this one was not carried out.
discord-late = This answer to { $command } came too late for Discord, so here it is:
discord-write = ✏️ Type it yourself
discord-interrupted = I was restarted while I sent this answer: one of its messages may be missing. Nothing was done twice.
discord-no-files = Nothing could be attached here: I lack the permission “Attach Files”.

alert-elsewhere = I may not write into this channel by myself, so it will reach you in our private messages.

error-discord-token-refused = Discord does not accept the bot token. Copy it anew from the developer portal (your application, “Bot”, “Reset Token”) into PAPERDESK_DISCORD__TOKEN and start again.
error-discord-refused = Discord has closed the connection for good (code { NUMBER($close_code, useGrouping: 0) }). Check the bot in the developer portal, then start again.

### Names of the slash commands

discord-command-start = start
discord-command-help = help
discord-command-price = price
discord-command-chart = chart
discord-command-market = market
discord-command-buy = buy
discord-command-sell = sell
discord-command-portfolio = portfolio
discord-command-balance = balance
discord-command-history = history
discord-command-reset = reset
discord-command-settings = settings
discord-command-alert = alert
discord-command-alerts = alerts
discord-command-compare = compare
discord-command-heatmap = heatmap
discord-command-watch = watch
discord-command-unwatch = unwatch
discord-command-link = link
discord-command-unlink = unlink
discord-command-privacy = privacy
discord-command-notify = notify
discord-command-cancel = cancel

### Names of options, where the word in a usage line cannot be one

discord-option-view = view
discord-option-times = times
discord-option-options = options
