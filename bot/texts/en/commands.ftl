### What each command is, for menus, /help and the reference. Descriptions hold at most 100 characters.

command-start = Open your account and take the first steps
    .about = Opens your account with its grant of virtual money and shows where to begin. You can come back to it at any time; it changes nothing.
    .examples = /start

command-help = List the commands, or explain one
    .about = Without a name it lists every command and the ways to write a size. With a name it explains that command.
    .command = The command to explain
    .examples =
        /help
        /help buy

command-price = Show prices of one symbol or several
    .about = One symbol gives its card: price, change over 24 hours, bid, ask and age, with the day in a line. Several give a table.
    .symbols = One symbol or several, such as BTC ETH
    .examples =
        /price BTC
        /price BTC ETH SOL

command-chart = Draw a candlestick chart
    .about = Draws the last 120 closed candles with their volume and, where only you read, your own trades and average cost. The interval is the width of a candle; without one it is an hour. Options add indicators.
    .symbol = The symbol to draw, such as BTC
    .interval = Width of a candle: 1m, 5m, 15m, 1h, 4h or 1d
    .options = Any of ma, ema, bb, rsi and macd, or clean for candles only
    .examples =
        /chart BTC
        /chart ETH 15m
        /chart BTC 1h ma rsi

command-market = Show the most traded symbols, the movers, or search
    .about = Without a word it shows the ten most traded symbols. “movers” shows the largest gains and losses of 24 hours, “search” finds symbols by a part of their name.
    .view = “movers” for gains and losses, “search” to find a symbol
    .text = A part of the symbol's name
    .examples =
        /market
        /market movers
        /market search ETH

command-buy = Buy with virtual money at the price of now
    .about = Shows what the order would cost, with fee and slippage, and asks you to confirm. Confirming takes the price of that moment, and refuses if it has become clearly worse.
    .symbol = What to buy, such as BTC
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .examples =
        /buy BTC 100{ $unit }
        /buy ETH 0.01
        /buy SOL 25%

command-sell = Sell what you hold at the price of now
    .about = Shows what the sale would bring, with fee and slippage, and asks you to confirm. “max” sells the whole position.
    .symbol = What to sell, such as BTC
    .size = How much: 0.01, 100{ $unit }, $100, 25% or max
    .examples =
        /sell BTC 50%
        /sell ETH max
        /sell BTC 100{ $unit }

command-portfolio = Show your positions, equity, profit and loss
    .about = Values every position at its last price, draws what your equity consists of, and how it went since the last reset.
    .examples = /portfolio

command-balance = Show how much you have of each asset
    .about = Lists your exact balances, to the last digit.
    .examples = /balance

command-history = List your orders and open their receipts
    .about = The newest come first. A button opens each order's receipt: the fills, the fee, the slippage and the age of the price.
    .examples = /history

command-reset = Start over with a new grant (asks first)
    .about = Gives everything back and grants the opening amount anew. It says what you would lose and asks before it does so. Your history stays.
    .examples = /reset

command-settings = Choose language, time zone, confirmation and chart theme
    .about = Without a word it shows your settings. With a setting it offers the choices, with a value it changes it.
    .setting = language, timezone, confirm, theme or public (money in groups)
    .value = The new value, such as ko, Asia/Seoul, off or light
    .examples =
        /settings
        /settings language ko
        /settings timezone Asia/Seoul
        /settings confirm off
        /settings theme light

### The words that stand for parameters in a usage line.

parameter-command = COMMAND
parameter-symbols = SYMBOL
parameter-symbol = SYMBOL
parameter-interval = INTERVAL
parameter-view = movers|search
parameter-text = TEXT
parameter-size = SIZE
parameter-setting = SETTING
parameter-value = VALUE
parameter-side = SIDE
parameter-token = TOKEN
parameter-order_id = ORDER
parameter-cursor = PAGE
parameter-account_id = ACCOUNT
parameter-round_number = ROUND

### Help

usage-hint =
    How to write it: { $usage }
    For example: { $example }
help-title = What you can do
help-sizes = A SIZE can be a quantity (0.01), an amount of { $quote } (100{ $unit } or $100), a share (25%), or max for everything. A coin's short name is enough: BTC means BTC/{ $quote }.
help-examples = For example:

### The reference in the docs

reference-title = Commands
reference-intro = Written from the declarations by `python -m bot.reference`; do not edit by hand.
reference-optional = What stands in brackets may be left out; three dots mean that it may be repeated.
reference-parameter = Parameter
reference-meaning = Meaning
reference-private = The answer is for your eyes only.

command-cancel = Stop what the desk asked you about
    .about = Closes the question that waits for your answer, such as “How much?”. Nothing is ordered. Any other command closes it as well.
    .examples = /cancel
