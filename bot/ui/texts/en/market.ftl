# The market in use, and the reason for it.

market-is-binance = Market: Binance, live prices in { $quote }.
market-is-replay = Market: { $label }, recorded real prices in { $quote }.
market-is-simulator = Market: SIMULATION in { $quote }, as configured. The prices are made up.
market-is-simulator-instead = Market: SIMULATION in { $quote }. Binance can't be reached ({ $reason }), so the prices are made up.

# Parts of a recording that are not played.
recording-left-out = The recording is played in { $quote } ({ $offered ->
    [one] 1 symbol
   *[other] { $offered } symbols
}). Left out, because { $count ->
    [one] it is quoted in another asset
   *[other] they are quoted in other assets
}: { $names }. PAPERDESK_REPLAY__QUOTE_ASSET chooses another quote asset.
recording-bad-candles = { $count ->
    [one] 1 candle of the recording contains an impossible value and is not played
   *[other] { $count } candles of the recording contain impossible values and are not played
}: { $examples }.
recording-duplicates = { $count ->
    [one] 1 duplicate row of the recording is ignored.
   *[other] { $count } duplicate rows of the recording are ignored.
}
recording-malformed = { $count ->
    [one] 1 line of the recording cannot be read and is not played.
   *[other] { $count } lines of the recording cannot be read and are not played.
}
