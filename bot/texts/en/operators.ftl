### What those who run the desk can do.

command-status = Show how the desk is doing
    .about = Uptime, the market and how fresh its prices are, the engines with their latency and size, people, accounts and orders of today, and what waits to be sent.
    .examples = /status

command-broadcast = Write to everyone
    .about = Shows the message exactly as people will see it and how many it reaches; a button sends it, once. It goes to each person's own chat as plain text, and /status shows how far it is.
    .message = The message, at most 900 characters
    .examples = /broadcast The desk moves to a new machine at 20:00 UTC and is back ten minutes later.

command-halt = Halt trading for everyone
    .about = From then on no order is accepted, by any process, until /resume; a restart changes nothing. Prices, charts and alerts go on. Whoever tries to trade reads the reason.
    .reason = Why, for everyone to read
    .examples =
        /halt
        /halt The exchange is down for maintenance

command-resume = Open trading again
    .about = Ends a halt.
    .examples = /resume

command-ban = Keep a person out
    .about = Their commands are answered with one sentence and they are sent nothing more. Nothing of their account is lost. Whoever runs the desk cannot be banned.
    .user = Who: telegram:123, discord:456 or a person's number
    .reason = Why, for the person to read
    .examples = /ban 1 Flooding the chat

command-unban = Let a person in again
    .about = Ends a ban.
    .user = Who: telegram:123, discord:456 or a person's number
    .examples = /unban 1

command-audit = Prove the ledger, or one person's part of it
    .about = With a person: their accounts, balances and last entries, and whether every figure follows from the history. Without one: the whole ledger, in the background.
    .user = Who: telegram:123, discord:456 or a person's number
    .examples =
        /audit
        /audit 1

command-operations = Show what operators did
    .about = The last uses of these commands: who, when, the line as it was written, and what came of it.
    .examples = /operations

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
discord-command-operations = operations

help-operators = For those who run the desk
reference-operators = For those who run the desk
reference-operators-intro = Known to nobody else, and only in private chats. PAPERDESK_OPERATORS__TELEGRAM and PAPERDESK_OPERATORS__DISCORD name them by numeric id; whoever sits at the console is one of them. Every use is logged.

## Status
status-title = The desk
label-version = Version
label-uptime = Up for
label-memory = Memory
label-market = Market
label-newest-price = Newest price
label-symbols = Symbols
label-postgres = PostgreSQL
label-redis = Redis
label-people = People
label-accounts = Accounts
label-orders-today = Orders today (UTC)
label-outbox = Outbox
label-inbox = Inbox
label-alerts = Alerts waiting
label-trading = Trading
label-broadcast = Last broadcast
status-symbols = { $fresh } fresh, { $stale } stale, { $silent } without a price
status-engine = { $latency } ms, { $size }
status-down = does not answer
status-people = { $people } ({ $banned } banned)
status-waiting = { $count } waiting
status-outbox = { $pending } pending, { $sending } sending, { $sent } sent, { $uncertain } uncertain, { $dead } dead
status-broadcast = { $sent } of { $chats } sent, { $waiting } waiting, { $lost } not delivered
status-open = open
status-halted = halted since { $since }: { $reason }

## Broadcast
push-broadcast-title = A message from the desk
broadcast-preview = { $count ->
    [0] Nobody can be reached now.
    [one] One person would get this in their private chat:
   *[other] { $count } people would get this in their private chat:
}
broadcast-expires = The button works once, within { $minutes } minutes.
broadcast-sent = { $count ->
    [one] It goes to one person now. /status shows how far it is.
   *[other] It goes to { $count } people now. /status shows how far it is.
}
broadcast-dropped = The message is forgotten. Nobody got it.
button-broadcast-send = Send to everyone
button-broadcast-drop = Forget it

## Halting
halt-done = Trading is halted for everyone. No order is accepted until /resume.
halt-already = Trading was halted already, for this reason.
resume-done = Trading is open again.
resume-already = Trading was open.
button-resume = Open trading again
button-status = Status

## Bans
ban-done = Person { $person } is banned. Their account stays as it is.
unban-done = Person { $person } may use the desk again.
unban-none = Person { $person } was not banned.

## Audit
audit-title = Person { $person }
audit-no-accounts = They have no account.
audit-account = Account { $account } on { $market }
audit-clean = Every figure follows from the history.
audit-broken = { $count ->
    [one] One figure does not follow from the history:
   *[other] { $count } figures do not follow from the history:
}
audit-all-clean = The ledger is clean.
audit-all-broken = { $count ->
    [one] The ledger is broken in one place:
   *[other] The ledger is broken in { $count } places:
}
audit-all-running = The audit of the whole ledger is running for { $age } now. Everything else goes on meanwhile.
audit-all-failed = The audit of the whole ledger could not end: { $why }
audit-all-slow = The audit of the whole ledger was given up after { $age }. “paperdesk audit” takes all the time it needs.
button-audit-result = Show the result
label-account-round = Round
label-granted = Granted
label-opened = Opened
label-entries = Entries
label-duration = Took
label-entry = Entry

## Log
operations-title = What operators did
operations-none = Nothing yet.
label-operator = Who
label-line = Line
label-result = Result

## Errors
error-trading-halted = { $reason ->
    [none] Trading is halted at the moment. Nothing was ordered, and your account is as it was. Prices, charts and alerts go on.
   *[other] Trading is halted at the moment: { $reason }. Nothing was ordered, and your account is as it was. Prices, charts and alerts go on.
}
error-banned = { $reason ->
    [none] You cannot use this desk at the moment.
   *[other] You cannot use this desk at the moment: { $reason }
}
error-only-in-private = That is for our private chat only.
error-not-a-person = “{ $text }” names nobody. Write telegram:123, discord:456 or a person's number.
error-unknown-person = Nobody here goes by “{ $text }”. Write telegram:123, discord:456 or a person's number.
error-operator-protected = { $text } runs this desk and cannot be banned.
error-broadcast-gone = That message was sent or forgotten already, or its time is over. Write /broadcast again to see a new preview.
error-text-too-long = That is { $length } characters long; { $limit } are the most.
error-too-long-to-audit = More than { $limit } entries are too many to replay while you wait. “paperdesk audit” takes all the time it needs.
