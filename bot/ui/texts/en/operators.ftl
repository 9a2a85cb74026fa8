### Operator commands.

command-status = Show the status of Paperdesk
    .about = Uptime, market and price freshness, database latency and size, users, accounts, today's orders, and messages waiting to be sent.
    .examples = /status

command-broadcast = Send a message to all users
    .about = Previews the message exactly as users will see it, and shows how many users it reaches and why it misses others. A button sends it, once, as plain text to each user's private chat. Line breaks are kept; where only one line can be typed, \n starts a new one. /status shows the progress.
    .message = The message, at most 900 characters
    .examples = /broadcast Paperdesk is moving to a new server at 20:00 UTC and will be back ten minutes later.

command-halt = Halt trading for everyone
    .about = No order is accepted by any process until /resume, even after a restart. Prices, charts and alerts continue. Users who try to trade see the reason.
    .reason = The reason, shown to everyone
    .examples =
        /halt
        /halt The exchange is down for maintenance

command-resume = Resume trading
    .about = Ends a halt.
    .examples = /resume

command-ban = Ban a user
    .about = Commands of the user get a one-sentence answer, and notifications stop. The account is kept. Operators cannot be banned.
    .user = telegram:123, discord:456 or a user number
    .reason = The reason, shown to the user
    .examples = /ban 1 Flooding the chat

command-unban = Unban a user
    .about = Ends a ban.
    .user = telegram:123, discord:456 or a user number
    .examples = /unban 1

command-audit = Verify the ledger, or one user's part of it
    .about = With a user, shows the accounts, balances and latest entries, and verifies every figure against the history. Without a user, verifies the whole ledger in the background.
    .user = telegram:123, discord:456 or a user number
    .examples =
        /audit
        /audit 1

command-adminlog = Show the log of operator actions
    .about = Lists the latest operator commands with the operator, the time, the command as typed, and its result.
    .examples = /adminlog

parameter-message = MESSAGE
parameter-reason = REASON
parameter-user = USER

discord-command-status = status
discord-command-broadcast = broadcast
discord-command-halt = halt
discord-command-resume = resume
discord-command-ban = ban
discord-command-unban = unban
discord-command-audit = audit
discord-command-adminlog = adminlog

reference-operators = Operator commands
reference-operators-intro = Visible to operators only, and only in private chats. PAPERDESK_OPERATORS__TELEGRAM and PAPERDESK_OPERATORS__DISCORD list them by numeric id; the user at the console is an operator. Every use is logged.

## Status
status-title = System status
label-version = Version
label-uptime = Uptime
label-memory = Memory
label-market = Market
label-newest-price = Newest price
label-symbols = Symbols
label-postgres = PostgreSQL
label-redis = Redis
label-people = Users
label-accounts = Accounts
label-orders-today = Orders today (UTC)
label-outbox = Outbox
label-inbox = Inbox
label-alerts = Active alerts
label-trading = Trading
label-broadcast = Last broadcast
status-symbols = { $fresh } fresh, { $stale } stale, { $silent } without a price
status-engine = { $latency } ms, { $size }
status-down = not responding
status-platform-running = running{ $restarts ->
    [0] { "" }
    [one] { "" }, { $restarts } restart
   *[other] { "" }, { $restarts } restarts
}
status-platform-restarting = starting again after { $reason } ({ $restarts ->
    [one] { $restarts } restart
   *[other] { $restarts } restarts
})
status-platform-stopped = stopped after { $reason }; the log says what to do
status-people = { $people } ({ $banned } banned)
status-waiting = { $count } waiting
status-outbox = { $pending } pending, { $sending } sending, { $sent } sent, { $uncertain } uncertain, { $dead } dead
status-broadcast = { $sent } of { $chats } sent, { $waiting } waiting, { $lost } not delivered
status-open = open
status-halted = halted since { $since }: { $reason }

## Broadcast
push-broadcast-title = Message from the operator
broadcast-preview = { $count ->
    [0] No users can be reached right now.
    [one] One user will receive this in their private chat:
   *[other] { $count } users will receive this in their private chat:
}
broadcast-direct = { $count ->
    [one] One of them has used the bot only in Discord servers and gets a direct message, unless their settings refuse it.
   *[other] { $count } of them have used the bot only in Discord servers and get a direct message, unless their settings refuse it.
}
broadcast-missed-group = { $count ->
    [one] Not reached: one user who has used the bot only in groups and must start a private chat first.
   *[other] Not reached: { $count } users who have used the bot only in groups and must start a private chat first.
}
broadcast-missed-blocked = { $count ->
    [one] Not reached: one user who blocked the bot or refuses its messages.
   *[other] Not reached: { $count } users who blocked the bot or refuse its messages.
}
broadcast-missed-off = { $count ->
    [one] Not reached: one user who turned off news in /notifications.
   *[other] Not reached: { $count } users who turned off news in /notifications.
}
broadcast-missed-banned = { $count ->
    [one] Not reached: one banned user.
   *[other] Not reached: { $count } banned users.
}
broadcast-missed-unknown = { $count ->
    [one] Not reached: one user without a private chat.
   *[other] Not reached: { $count } users without a private chat.
}
broadcast-expires = The button works once, within { $minutes } minutes.
broadcast-sent = { $count ->
    [one] Sending to one user. /status shows the progress.
   *[other] Sending to { $count } users. /status shows the progress.
}
broadcast-dropped = The message was discarded. It was not sent to anyone.
button-broadcast-send = Send to everyone
button-broadcast-drop = Discard

## Halting
halt-done = Trading is halted for everyone. No order is accepted until /resume.
halt-already = Trading is already halted for this reason.
resume-done = Trading has resumed.
resume-already = Trading is not halted.
button-resume = Resume trading
button-status = Status

## Bans
ban-done = User { $person } is banned. Their account is kept.
unban-done = User { $person } is no longer banned.
unban-none = User { $person } was not banned.

## Audit
audit-title = User { $person }
audit-no-accounts = This user has no account.
audit-account = Account { $account } on { $market }
audit-clean = Every figure matches the history.
audit-broken = { $count ->
    [one] One figure does not match the history:
   *[other] { $count } figures do not match the history:
}
audit-all-clean = The ledger is consistent.
audit-all-broken = { $count ->
    [one] The ledger is inconsistent in one place:
   *[other] The ledger is inconsistent in { $count } places:
}
audit-all-running = The audit of the whole ledger has been running for { $age }. Everything else continues meanwhile.
audit-all-failed = The audit of the whole ledger failed: { $why }
audit-all-slow = The audit of the whole ledger was stopped after { $age }. “paperdesk audit” has no time limit.
button-audit-result = Show the result
label-account-round = Round
label-granted = Granted
label-opened = Opened
label-entries = Entries
label-uncompared-orders = Orders without archived prices
label-duration = Duration
label-entry = Entry

## Log
operations-title = Operator actions
operations-none = No actions yet.
label-operator = Operator
label-line = Command
label-result = Result

## Errors
error-trading-halted = { $reason ->
    [none] Trading is halted right now. Nothing was ordered, and your account is unchanged. Prices, charts and alerts continue.
   *[other] Trading is halted right now: { $reason }. Nothing was ordered, and your account is unchanged. Prices, charts and alerts continue.
}
error-banned = { $reason ->
    [none] You have been banned from Paperdesk. You can still export or delete your data with /privacy.{ $joins ->
        [1] {" "}You linked to another account less than a day ago: /unlink restores your own account.
       *[other] {""}
    }
   *[other] You have been banned from Paperdesk (reason: { $reason }). You can still export or delete your data with /privacy.{ $joins ->
        [1] {" "}You linked to another account less than a day ago: /unlink restores your own account.
       *[other] {""}
    }
}
error-only-in-private = This command works only in a private chat with the bot.
error-not-a-person = “{ $text }” is not a user. Enter telegram:123, discord:456 or a user number.
error-unknown-person = There is no user “{ $text }” here. Enter telegram:123, discord:456 or a user number.
error-operator-protected = { $text } is an operator and cannot be banned.
error-broadcast-expired = That message was already sent or discarded, or has expired. Type /broadcast again for a new preview.
error-text-too-long = That is { $length } characters long; the maximum is { $limit }.
error-too-long-to-audit = The history has more than { $limit } entries, too many to verify here. Use “paperdesk audit” instead.
