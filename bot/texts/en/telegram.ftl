# Telegram's own sentences; what the commands answer stands in the other files.

telegram-not-yours = These buttons belong to who asked. Send the command yourself to get your own.
telegram-answered-privately = I answered you in our private chat: money matters stay between us.
telegram-open-private = This is about your money, so I answer it in private. Open our chat first, press Start there, and send it again.
telegram-open-button = Open the chat
telegram-only-text = I read text only. Send /help to see what I can do.
telegram-faceless = You write in the name of a chat, so I cannot tell whose account is meant. Write as yourself.
telegram-late = This reached me only after { $age }, so I did not do it: prices have moved since. Send it again if you still want it.
telegram-late-button = Do it now
telegram-interrupted = I was restarted while I sent the answer to this. If it is missing or incomplete: /history shows your orders, and each was carried out once. Send anything else again.
telegram-given-up = I was interrupted each time I worked on this, and stopped trying. If it was an order, look at /history before you repeat it.
telegram-button-gone = This button is too old to say what it meant. Send the command anew.
telegram-joined = Hello! I am a paper-trading desk: real prices, play money. Try /price BTC or /chart BTC 4h, here or in a private chat with me. What concerns your money I answer in private. Who runs this group sets me up with /group.
telegram-no-pictures = I may not send pictures or files in this group, so this is without.
telegram-cannot-post = I may not write in the group where you asked, so I answer here.
telegram-card-button = Live price
telegram-chart-button = Chart

error-telegram-token-refused = Telegram does not accept the bot token. Ask @BotFather for it (/mybots, “API Token”), put it into PAPERDESK_TELEGRAM__TOKEN and start again.
