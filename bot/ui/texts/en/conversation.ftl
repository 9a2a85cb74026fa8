### Words that users type for a command, separated by commas. The name of the command and its former name always work.

words-start = begin
words-help = commands, manual, howto
words-price = prices, quote, ticker, rate
words-chart = charts, graph, candles
words-compare = versus, vs
words-heatmap = map
words-market = markets, movers, overview
words-news = headlines
words-forecast = predict, prediction, outlook
words-model = models
words-watch = watchlist, follow
words-unwatch = unfollow
words-buy = purchase
words-sell = offload
words-dca = recurring
words-limits = restrictions
words-alert = remind
words-alerts = reminders
words-forecastalert = foretell, forecastalerts
words-notifications = notification
words-portfolio = positions, position, holdings, pnl
words-balance = wallet, cash, money
words-history = trades
words-fills = fill, executions
words-receipt = receipts
words-performance = returns, tearsheet
words-export = csv, download
words-reset = restart
words-settings = options, preferences, setting
words-privacy = gdpr
words-limit = limitorder
words-stop = stoploss
words-tp = takeprofit
words-trail = trailing
words-bracket = brackets
words-orders = openorders, pending
words-amend = modify
words-cancel = abort, nevermind, quit

### Whole lines that mean a command, separated by commas. They may contain a coin.

phrases-start = hello, hi, hey, hello there, hi there, good morning, good evening
phrases-help = how does this work, how does it work, how do i use this, how to use, what can you do, what can i do, what is this
phrases-balance = how much do i have, how many do i have, how much do i own, how many do i own, do i have any, what do i have, what do i own
phrases-portfolio = my holdings, my positions, my assets, how am i doing, how much money do i have
phrases-fills = my fills, list fills, list my fills
phrases-receipt = show receipt, show a receipt
phrases-history = trade history, order history, my trades, transaction history
phrases-performance = my performance, how did i do, my return, my returns
phrases-news = latest news, crypto news, what is the news
phrases-risk = my risk, how risky am i, how much could i lose, how much can i lose, what could i lose
phrases-stress = stress test, stress tests, crash test
phrases-limits = my limits, set limits, set a limit
phrases-orders = my orders, open orders, my open orders, pending orders, list orders
phrases-alerts = my alerts, price alerts, list alerts, alert list
phrases-cancel = stop, no, nope, no thanks, never mind, forget it, not now

### Words for the buttons of a list, before or after its number, separated by commas: /dca pause 1.

verbs-dca_pause = pause, suspend
verbs-dca_resume = resume, continue, unpause, restart
verbs-dca_remove = remove, delete, cancel, stop, end
verbs-alert_cancel = cancel, remove, delete, stop, clear
verbs-alert_edit = edit, change, modify
verbs-alert_mute = mute, silence
verbs-forecastalert_cancel = cancel, remove, delete, stop, clear
verbs-cancel_order = cancel, remove, delete, stop
verbs-amend = amend, change, modify, edit
verbs-unwatch = remove, delete, drop, clear

cancel-question = Cancelled: /{ $line } is no longer waiting for your answer.
cancel-which = Which order would you like to cancel?
button-cancel-order = Cancel { $order_id }
words-agreeing = yes, y, yep, yeah, ok, okay, confirm, confirmed, go ahead, do it
confirm-by-button = An order is placed when you press Confirm below its preview. A preview that has expired can be made again.
button-at-limit = Limit order at { $price }
cancel-nothing = There is no open question and no preview that waits for you. /cancel and a number cancels an order. /orders, /alerts and /dca list what you can cancel.

question-size-buy = How much { $asset } would you like to buy?
question-size-sell = How much { $asset } would you like to sell?
question-size-repeat = How much { $asset } would you like to buy each time?
question-level = At which { $asset } price would you like an alert?
question-held = You hold
