### Descriptions of the commands, for menus, /help and the reference: at most 100 characters each.

command-start = Open your account and get started
    .about = Opens your account with a starting balance of virtual money and shows the first steps. You can run it again at any time; nothing changes.
    .examples = /start

command-help = List the commands by topic, or explain one
    .about = Without a name, lists the commands by topic. With a topic, explains its commands in one line each. With a command, explains that command.
    .command = The topic or command to explain
    .examples =
        /help
        /help trading
        /help buy

command-price = Show the price of one or more symbols
    .about = For one symbol, shows the price, 24-hour change, bid, ask and price age, with a chart of the day. For several symbols, shows a table.
    .symbols = One or more symbols, such as { COIN() } { COIN(2) }
    .examples =
        /price { COIN() }
        /price { COIN() } { COIN(2) } { COIN(3) }

command-chart = Draw a candlestick chart
    .about = Draws the last 120 closed candles with volume and, in a private chat, your own trades and average cost. The interval is the width of one candle; the default is 1 hour. Options add indicators.
    .symbol = The symbol to chart, such as { COIN() }
    .interval = Candle width: 1m, 5m, 15m, 1h, 4h or 1d
    .options = Any of ma, ema, bb, rsi and macd, or clean for candles only
    .examples =
        /chart { COIN() }
        /chart { COIN(2) } 15m
        /chart { COIN() } 1h ma rsi

command-market = Show the most traded symbols or the top movers, or search
    .about = Without an argument, shows the ten most traded symbols and how the market moves. “movers” shows the top gainers and losers of the last 24 hours. “correlations” draws which coins move together. “search” finds symbols by part of their name.
    .view = “movers” for gainers and losers, “correlations”, “search” to find a symbol
    .text = Part of the symbol's name
    .examples =
        /market
        /market movers
        /market correlations
        /market search { COIN(2) }

command-buy = Buy with virtual money at the current price
    .about = Previews the order with fee and slippage, and asks you to confirm. The order fills at the price when you confirm, and is rejected if that price has become clearly worse.
    .symbol = What to buy, such as { COIN() }
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .examples =
        /buy { COIN() } 100{ $unit }
        /buy { COIN(2) } 0.01
        /buy { COIN(3) } 25%

command-sell = Sell what you hold at the current price
    .about = Previews the proceeds with fee and slippage, and asks you to confirm. “max” sells the whole position.
    .symbol = What to sell, such as { COIN() }
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .examples =
        /sell { COIN() } 50%
        /sell { COIN(2) } max
        /sell { COIN() } 100{ $unit }

command-portfolio = Show your positions, equity, profit and loss
    .about = Values every position at its last price and charts your equity: what it consists of and how it has changed since the last reset.
    .examples = /portfolio

command-balance = Show your balance of each asset
    .about = Lists the exact balance of each asset, with all its decimals.
    .examples = /balance

command-history = List your orders and open their receipts
    .about = Lists the newest first. Buttons open each order's receipt: fills, fee, slippage and price age.
    .examples = /history

command-reset = Start over with a new starting balance (asks for confirmation)
    .about = Closes all your positions and gives you a new starting balance. Shows what you would lose and asks you to confirm. Your history stays.
    .examples = /reset

command-settings = Set language, time zone, order confirmation and chart theme
    .about = Without an argument, shows your settings. With a setting, offers its values. With a value, saves it.
    .setting = language, timezone, confirm, theme or public (show money in groups)
    .value = The new value, such as ko, Asia/Seoul, off or light
    .examples =
        /settings
        /settings language ko
        /settings timezone Asia/Seoul
        /settings confirm off
        /settings theme light

### Placeholders of parameters in a usage line.

parameter-command = COMMAND
parameter-symbols = SYMBOL
parameter-symbol = SYMBOL
parameter-interval = INTERVAL
parameter-view = movers|correlations|search
parameter-text = TEXT
parameter-size = SIZE
parameter-setting = SETTING
parameter-value = VALUE
parameter-side = SIDE
parameter-token = TOKEN
parameter-former_id = NUMBER
parameter-order_id = ORDER
parameter-cursor = PAGE
parameter-account_id = ACCOUNT
parameter-round_number = ROUND

### Help

words-marked = »{ $text }«
line-as-it-should-be = For example: { $line }
usage-hint =
    Usage: { $usage }
    Example: { $example }
help-title = Help
help-choose = Choose a topic, or enter /help and a command, such as /help buy.
help-all = All topics
help-topic-prices = Prices
help-topic-forecasts = Forecasts
help-topic-trading = Trading
help-topic-account = Account
help-topic-alerting = Alerts
help-topic-preferences = Settings
help-topic-operators = Operator commands
help-sizes = SIZE is a quantity (0.01), an amount of { $quote } (100{ $unit }, $100 or 70k{ $unit }), a percentage (25%), half or max. The short name of a coin is enough: { COIN() } means { COIN() }/{ $quote }.
help-examples = Examples:

### The reference in the docs

reference-title = Commands
reference-intro = Generated from the command declarations by `python -m bot.commands.reference`; do not edit by hand.
reference-optional = Arguments in brackets are optional. Three dots mean that an argument may be repeated.
reference-parameter = Parameter
reference-meaning = Meaning
reference-private = Only you can see the answer.

command-cancel = Cancel open orders, or an open question
    .about = With the number of an order, cancels it and the other orders of its list. With “all” or a symbol, cancels all open orders, or those of the symbol. Alone, closes a question that is waiting for your answer, such as “How much?”; any other command also closes it.
    .subject = The number of an order, “all”, or a symbol
    .examples =
        /cancel
        /cancel 12
        /cancel { COIN() }
        /cancel all
