# Texts of Discord only, with the names of its commands and options.

discord-not-yours = Only the user who ran the command can use these buttons. Run { $command } to get your own.
discord-not-yours-plain = Only the user who ran the command can use these buttons.
discord-button-old = This button is from an older version. Please run the command again.
discord-command-gone = This command has changed. Please wait a moment, or restart Discord, and choose it again.
discord-busy = Several of your commands are still running, so this one was not run. Please wait for their answers and try again.
discord-late = The answer to { $command } took too long for Discord, so it is sent here:
discord-write = ✏️ Type it yourself
discord-interrupted = Sending this answer was interrupted, so one of its messages may be missing. No command was run twice.
discord-no-files = The file could not be attached because the bot doesn't have the “Attach Files” permission here.

alert-elsewhere = The bot can't post to this channel on its own, so the alert will be sent to you as a direct message.

error-discord-token-refused = Discord rejected the bot token. Copy a new one from the developer portal (your application, “Bot”, “Reset Token”) to PAPERDESK_DISCORD__TOKEN and start again.
error-discord-refused = Discord closed the connection permanently (code { NUMBER($close_code, useGrouping: 0) }). Check the bot in the developer portal, then start again.

### Names of the slash commands

discord-command-start = start
discord-command-help = help
discord-command-price = price
discord-command-chart = chart
discord-command-market = market
discord-command-buy = buy
discord-command-sell = sell
discord-command-limit = limit
discord-command-stop = stop
discord-command-tp = tp
discord-command-trail = trail
discord-command-oco = oco
discord-command-bracket = bracket
discord-command-orders = orders
discord-command-order = order
discord-command-amend = amend
discord-command-dust = dust
discord-command-portfolio = portfolio
discord-command-balance = balance
discord-command-history = history
discord-command-statement = statement
discord-command-risk = risk
discord-command-stress = stress
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
discord-command-notifications = notifications
discord-command-cancel = cancel

### Names of options, where the word in a usage line cannot be one

discord-option-view = view
discord-option-times = times
discord-option-extras = extras
discord-option-options = options
discord-option-price = price
discord-option-limit = limit
discord-option-activation = from
discord-option-take_profit = take_profit
discord-option-stop_loss = stop_loss
discord-option-entry = entry
discord-option-quantity = quantity
discord-option-subject = what
discord-option-life = option
discord-option-moment = date
