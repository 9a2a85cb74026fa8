### One person over the platforms, and what is held about them.

command-link = Use one account on Telegram and Discord
    .about = Gives you a one-time code. Enter it on the other platform, and both become one person with one account, after you have seen what would happen.
    .code = The code you were given on the other platform; leave it out to get one here
    .examples = /link

command-unlink = Take this platform out of your linked account
    .about = This identity leaves your account and starts anew as a stranger. The account stays with your other platforms.
    .examples = /unlink

command-privacy = See, export or delete what is held about you
    .about = Says in plain words what the desk holds about you and for how long. Buttons give you all of it as a file, or delete it.
    .examples = /privacy

parameter-code = CODE
parameter-code_id = LINK
parameter-person_id = PERSON

## Linking
platform-telegram = Telegram
platform-discord = Discord
platform-console = Console
link-title = Your one-time code
link-code = { $code }
link-how =
    On the other platform write to this desk in private:
    { $line }
    On Telegram this works too:
    { $start }
link-secret = It is valid for { $minutes } minutes and once. Show it to nobody: whoever enters it can ask to share your account. A new /link replaces it.
link-preview-title = Become one person?
link-preview-theirs = The person who made the code
link-preview-mine = You, here
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
link-explain-merge = Merge: all you have here is added to the other account. Positions keep what they cost, and the two grants are added, so that your profit is the sum of both: nothing is won or lost by it.
link-explain-move = Move: you use the other account from now on. The account here is closed and cannot be opened again; what is in it goes back to the house.
link-explain-rest = Either way your alerts, watchlist and chats come along. Settings are those of the other person.
link-explain-empty = You have no account here, so there is nothing to choose: you use the other one from now on, with your alerts, watchlist and chats.
link-preview-warning = Go on only if you made this code yourself: everybody who is linked sees and trades the same money. This cannot be undone, only parted with /unlink.
link-done-merge = Done. You are one person on { $platforms }, and what you had here is part of your account.
link-done-move = Done. You are one person on { $platforms }. The account you had here is closed.
link-cancelled = Cancelled. Nothing was linked, and the code is worth nothing any more.

unlink-title = Leave your account on { $here }?
unlink-warning = On { $here } you would be a stranger again and begin with a new account when you next write. Your account, its history and your settings stay with { $rest }. What was to be told on { $here } is told there, or ends.
unlink-done = Done. { $here } is no longer part of that account. /start opens a new one.
unlink-ended = { $count ->
    [one] One alert had nowhere else to be told and was cancelled.
   *[other] { $count } alerts had nowhere else to be told and were cancelled.
}

## Privacy
privacy-title = What is held about you
privacy-ledger = Your orders and every movement of the virtual money are kept for good: the ledger is never changed. If you delete yourself it stays under a number that points to nobody.
privacy-messages = Alerts, recurring buys, watchlist, chats and settings are kept until you change them. Notices that were sent are kept for 30 days. Messages you sent on Telegram are kept for 48 hours, so that none is lost or done twice; a question that waits for your answer, 15 minutes. What you ask on Discord is remembered until it is answered.
privacy-short = A preview of an order lives for { $seconds } seconds, a linking code for ten minutes and only as a fingerprint. Your name is stored nowhere but in those Telegram messages; your picture and phone number never are.
privacy-rights = Export gives you all of it as one file. Delete removes it.
privacy-export = Everything the desk holds about you, { $kilobytes } kB of JSON.
privacy-delete-title = Delete everything about you?
privacy-delete-warning = These go for good, on all your platforms: identities, settings, alerts, recurring buys, watchlist, chats, notices that wait, and the words of your messages. Your accounts are closed. This cannot be undone.
privacy-delete-ledger = The movements in the ledger stay, under a number that points to nobody. That a message was answered is remembered by its number for 48 hours. If you write again, you are a new person with a new account.
privacy-forgotten = Everything about you is deleted. If you write again, we meet for the first time.
privacy-forgotten-already = Everything about you was deleted before; nothing is left.

held-platforms = Platforms
held-account = Account
held-accounts = Accounts
held-trades = Trades
held-alerts = Alerts that wait
held-watched = Symbols watched
held-chats = Chats for notices
held-notices = Notices
held-collected = Collected
kind-merge = Merged
kind-close = Closed

button-link = Become one person
button-link-merge = Merge
button-link-move = Move
button-unlink = Leave the account
button-stay = Stay
button-back = Back
button-export = Export
button-delete = Delete…
button-forget = Delete everything

## The console

## Errors
error-link-code-wrong = No open code reads like this. Check each character, or get a new code with /link on the other platform.
error-link-code-expired = This code is older than { $minutes } minutes. Get a new one with /link on the other platform.
error-link-code-used = This code was used already, or somebody else entered it first. If that was not you, get a new one with /link.
error-link-code-burned = This code is worth nothing any more: it was cancelled, entered wrongly too often, or shown where others read. Get a new one with /link.
error-link-code-public = Others could read the code here, so it is worth nothing now and nothing was linked. Get a new one with /link and enter it in a private chat with this desk.
error-link-blocked = Too many wrong codes. Wait { $minutes } minutes, then enter a new one.
error-link-gone = This link is no longer open. Get a new code with /link on the other platform.
error-linked-already = This is your own account: you are one person here already. Enter the code on the other platform.
error-linked-elsewhere = You are linked with another platform already, which would lose its account. Take this one out with /unlink first, then enter the code again.
error-too-many-identities = The other person has { $limit } identities already, which is the most.
error-only-identity = This is your only platform, so there is nothing to take it out of. To delete everything about you, see /privacy.
error-not-yours-any-more = This button belongs to an account that is no longer yours. Nothing was done.
