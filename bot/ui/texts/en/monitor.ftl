# The pipeline monitor in a terminal, and the messages of its watchdog.

monitor-title = Paperdesk monitor
monitor-market = Market
monitor-stream = Stream
monitor-quality = Quality
monitor-desk = Service

monitor-source = source
monitor-source-binance = Binance, live
monitor-source-replay = REPLAY of a recording
monitor-source-simulator = SIMULATION, made-up prices
monitor-no-market = no market announced yet
monitor-symbols = symbols
monitor-fresh = fresh
monitor-stale = stale
monitor-silent = without a price
monitor-halted = halted
monitor-rate = ticks
monitor-per-second = { $count }/s
monitor-quotes = quotes
monitor-ages = newest { $newest }, oldest { $oldest }
monitor-seconds = { $seconds } s

monitor-lag = lag
monitor-in-memory = in the same process
monitor-no-topic = no topic yet
monitor-refused = rejected
monitor-none = none

monitor-today = today
monitor-unread = unreadable
monitor-now = now
monitor-frozen = frozen
monitor-disagreeing = in disagreement
monitor-waiting = quarantined

monitor-memory = memory
monitor-keys = keys

monitor-last-candle = last candle
monitor-gaps = gaps today
monitor-minutes-missing = { $count ->
    [0] none
    [one] 1 minute is missing
   *[other] { $count } minutes are missing in { $symbols } symbols
}
monitor-candles = candles
monitor-months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
monitor-database = database

monitor-outbox = outbox waiting
monitor-inbox = inbox waiting
monitor-leaders = leading
monitor-leads-produce = producer
monitor-leads-jobs = jobs
monitor-leads-telegram = Telegram

monitor-down = not responding ({ $since })
monitor-refuses = rejects the login
monitor-unprepared = not set up: run “paperdesk migrate”

error-consumer-stuck = { $group } has been stuck for { $seconds } seconds with { $frames } messages waiting, so this process stops. Start it again; it resumes where it stopped.
