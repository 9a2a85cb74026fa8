# Texts of Telegram itself. The answers of the commands are in the other files.

telegram-not-yours = Only the user who sent the command can use these buttons. Send the command yourself to get your own.
telegram-answered-privately = Answered in your private chat, because others can read this chat.
telegram-open-private = This is about your account, so it is answered in private. Open a chat with the bot, press Start, and send it again.
telegram-open-button = Open the chat
telegram-forwarded = Forwarded messages are not run, because someone else wrote them. Type the command yourself.
telegram-only-text = Only text messages are supported. /help lists the commands.
telegram-faceless = You are writing as a group or channel, so your account can't be identified. Send the command as yourself.
telegram-late = This command arrived { $age } late, so it was not run: prices have moved since. Send it again if you still want it.
telegram-late-button = Run it now
telegram-interrupted = Sending this answer was interrupted. If it is missing or incomplete, check /history: each order was placed only once. Send other commands again.
telegram-given-up = This request was interrupted several times and stopped. If it was an order, check /history before you try again.
telegram-crowded = Too many of your messages are waiting, so the latest ones were not run. Wait for the answers, then send them again.
telegram-button-gone = This button has expired. Please send the command again.
telegram-joined = Hello! This is a paper-trading bot: real prices, virtual money. Try /price { COIN() } or /chart { COIN() } 4h, here or in a private chat. Answers about your money are sent in private. Admins can set up this group with /group.
telegram-no-pictures = The bot can't send pictures or files in this group, so this answer has none.
telegram-cannot-post = The bot can't post in the group where you asked, so the answer is here.
telegram-card-button = Live price
telegram-chart-button = Chart

error-telegram-socket-exposed = Another account could replace the socket { $path } and read the webhook’s secret. Put it in a folder that belongs to Paperdesk’s user and that no one else can write to, and check the folders above it.
error-telegram-secret-missing = A webhook needs a secret, or anyone could send updates to it. Set PAPERDESK_TELEGRAM__WEBHOOK_SECRET to 1 to 256 letters, digits, _ or -, or leave PAPERDESK_TELEGRAM__WEBHOOK_URL empty to poll.
error-telegram-token-refused = Telegram rejected the bot token. Get it from @BotFather (/mybots, “API Token”), set PAPERDESK_TELEGRAM__TOKEN and start again.
