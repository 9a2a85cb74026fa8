### Linked accounts, and the data stored about a user.

command-link = Use one account on Telegram and Discord
    .about = Gives you a one-time code. Enter it on the other platform, check what will happen, and both platforms use one account.
    .code = The code from the other platform; leave it out to get one here
    .examples = /link

command-unlink = Unlink this platform from your account
    .about = This platform leaves your account and starts with a new one. The account stays with your other platforms. Within a day of linking, the platform gets back what it brought.
    .examples = /unlink

command-privacy = View, export or delete your data
    .about = Explains what is stored about you and for how long. Buttons export all of it as a file, or delete it.
    .examples = /privacy

parameter-code = CODE
parameter-code_id = LINK
parameter-person_id = USER

## Linking
platform-telegram = Telegram
platform-discord = Discord
platform-console = Console
link-title = Your one-time code
link-code = { $code }
link-how =
    On the other platform, send this in a private chat with the bot:
    { $line }
link-start =
    On Telegram, this works too:
    { $start }
link-open-telegram = Open in Telegram
link-on-discord = On Discord, send it to { $name } in a direct message.
link-secret = The code works once, for { $minutes } minutes. Keep it secret: anyone who enters it can ask to share your account. A new /link replaces it.
link-preview-title = Link accounts?
link-preview-theirs = Account that created the code
link-preview-mine = This account
link-account = { $market } { $quote }
link-account-equity = equity { $equity }, { $positions ->
    [0] no positions
    [one] one position
   *[other] { $positions } positions
}, { $trades ->
    [0] no trades
    [one] one trade
   *[other] { $trades } trades
}
link-account-cash = cash { $cash }, { $positions ->
    [0] no positions
    [one] one position
   *[other] { $positions } positions
}, { $trades ->
    [0] no trades
    [one] one trade
   *[other] { $trades } trades
}
link-no-account = none yet
link-collected = { $alerts ->
    [0] no alerts
    [one] one alert
   *[other] { $alerts } alerts
}, { $watched ->
    [0] nothing on the watchlist
    [one] one symbol on the watchlist
   *[other] { $watched } symbols on the watchlist
}
link-explain-merge = Merge: after a day, everything in this account is added to the other account. Until then it is set aside and can't be traded. Positions keep their cost, and your profit is the sum of both accounts. Only one starting balance is kept: the one of this account is deducted in cash.
link-explain-move = Move: you use the other account from now on. After a day, this account is closed permanently and everything in it is forfeited.
link-explain-rest = Either way, your alerts, watchlist and chats are moved, and the settings of the other account apply.
link-explain-empty = You have no account here, so there is nothing to choose: you use the other account from now on, with your alerts, watchlist and chats.
link-preview-opened = You opened this from a link. If someone sent you the link, press Cancel: they could trade everything you have here. The account that created the code must confirm as well.
link-preview-warning = Continue only if you created this code yourself: everyone linked sees and trades the same money. You can undo the link for a day with /unlink.
link-done-merge = Done. { $platforms } now share one account. Your account here in the same market is added after a day. Until then, /unlink undoes the link.
link-done-move = Done. { $platforms } now share one account. Your account here is closed after a day. Until then, /unlink undoes the link.
link-waits = The owner of the code has been asked to confirm, because you opened it from a link. { $how ->
    [merge] Once they confirm, your accounts are linked, and merged a day later.
   *[move] Once they confirm, you use their account, and your account here is closed a day later.
} The request expires in { $minutes } minutes.
link-asked-title = { $platform }: link to your account?
link-asked-merge = Someone opened a link with your code on { $platform }. If you confirm, they share your account, and their own account is merged into it a day later.
link-asked-move = Someone opened a link with your code on { $platform }. If you confirm, they share your account, and their own account is closed a day later.
link-asked-warning = Confirm only if this is you: everyone linked sees and trades the same money. Otherwise press Refuse. The request expires in { $minutes } minutes.
link-allowed = Done. { $platforms } now share one account.
link-refused = Refused. Nothing was linked, and the code is no longer valid.
link-cancelled = Cancelled. Nothing was linked, and the code is no longer valid.

unlink-title = Unlink { $here } from your account?
unlink-warning = On { $here }, you start with a new account the next time you send a message. Your account, its history and its settings stay with { $rest }. Notifications meant for { $here } are sent there instead, or cancelled if there is no other chat.
unlink-undoes = You linked { $here } less than a day ago, so this undoes the link. { $here } gets back what it brought (accounts: { $accounts }, alerts: { $alerts }, recurring buys: { $repeats }, watched symbols: { $watched }). Accounts are returned in their current state. { $rest ->
    [none] Everything else is deleted, because no other platform is left.
   *[other] Everything else stays with { $rest }.
}
unlink-undone = Done. The link was undone, and { $here } got back what it brought.
link-joined-title = { $platform } was linked to your account
link-joined-notice = Someone entered your code on { $platform }. They now see and trade the same money as you. If this was not you, press Unlink within a day: everything they brought goes back to them.
link-undo-done = Done. { $platform } is no longer linked, and took back what it had brought.
link-undone-notice = { $platform } was unlinked from your account within a day and took back what it had brought.
unlink-done = Done. { $here } is no longer part of that account. /start opens a new one.
unlink-ended = { $count ->
    [one] One alert was cancelled because it had no other chat to go to.
   *[other] { $count } alerts were cancelled because they had no other chat to go to.
}

## Privacy
privacy-title = Your data
privacy-ledger = Orders and all movements of virtual money are kept permanently, because the ledger cannot be changed. If you delete your data, they stay under an anonymous ID.
privacy-messages = Alerts, recurring buys, watchlist, chats and settings are kept until you change them. Sent notifications are kept for 30 days. Messages you send on Telegram are kept until they are answered; after that only their IDs, for 48 hours, so that none is handled twice. An open question is kept for 15 minutes. Discord commands are kept until they are answered.
privacy-short = An order preview is kept for { $seconds } seconds; a linking code for ten minutes, only as a hash. If you were banned and delete your data, a keyed hash of your user IDs stays, so that the ban remains in force. Your name is stored only in those Telegram messages. Your picture and phone number are never stored.
privacy-rights = Export puts everything in one file. Delete removes it.
privacy-export = Your data: { $kilobytes } kB of JSON.
privacy-delete-title = Delete all your data?
privacy-delete-warning = This permanently deletes, on all your platforms: identities, settings, alerts, recurring buys, watchlist, chats, pending notifications and the content of your messages. Your accounts are closed. A platform that was linked less than a day ago keeps what it brought, unless you delete from there. This cannot be undone.
privacy-delete-ledger = Ledger entries stay under an anonymous ID. For 48 hours, message IDs are kept to avoid answering twice. If you send another message, you start as a new user with a new account; a ban remains in force.
privacy-forgotten = All your data has been deleted. If you send another message, you start as a new user.
privacy-forgotten-already = Your data was already deleted. Nothing is left.

held-platforms = Platforms
held-account = Account
held-accounts = Accounts
held-trades = Trades
held-alerts = Active alerts
held-watched = Watched symbols
held-chats = Notification chats
held-notices = Notifications
held-collected = Collected
kind-merge = Merged
kind-close = Closed

button-link = Link accounts
button-refuse = Refuse
button-link-merge = Merge
button-link-move = Move
button-unlink = Unlink
button-stay = Stay
button-back = Back
button-export = Export
button-delete = Delete…
button-forget = Delete everything

## The console

## Errors
error-link-code-wrong = No valid code matches this. Check each character, or get a new code with /link on the other platform.
error-link-code-expired = This code is older than { $minutes } minutes. Get a new one with /link on the other platform.
error-link-code-used = This code has already been used. If that wasn't you, get a new one with /link.
error-link-code-revoked = This code is no longer valid: it was cancelled, mistyped too often, or posted where others could read it. Get a new one with /link.
error-link-code-public = Others could read the code here, so it is no longer valid and nothing was linked. Get a new one with /link and enter it in a private chat with the bot.
error-link-blocked = Too many wrong codes. Wait { $minutes } minutes, then enter a new one.
error-link-request-expired = This link is no longer open. Get a new code with /link on the other platform.
error-linked-already = This code is from your own account. Enter it on the other platform.
error-linked-meanwhile = Your account was linked or deleted at the same moment, so no code was created. Send /link again.
error-link-unconfirmed = The owner of the code has not confirmed yet.
error-link-host-unreachable = You opened the code from a link, and the account that created it has no private chat in which to confirm. Send /link and the code yourself here.
error-merge-short = Merging deducts the starting balance of this account, and the cash of both accounts is { $missing } { $asset } too little for that. Sell positions in either account and try again, or choose Move.
error-linked-elsewhere = This account is already linked with another platform, which would lose it. Remove this platform with /unlink first, then enter the code again.
error-too-many-identities = The other account already has { $limit } linked identities, the maximum.
error-only-identity = This is your only platform, so it can't be unlinked. To delete all your data, see /privacy.
error-account-no-longer-yours = This button belongs to an account that is no longer yours. Nothing was done.
