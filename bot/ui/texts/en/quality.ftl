# The daily report on data quality, for operators.

quality-day-title = Data quality, { $day }
quality-day-fine = Nothing to report: { $symbols } symbols, { $candles } candles, none missing.
quality-day-candles = { $candles } candles of { $symbols } symbols; { $missing ->
    [0] none missing.
   *[other] { $missing } missing, most in { $where }.
}
quality-day-still = No trades all day: { $names }.
quality-day-quiet = No candles at the end of the day: { $names }.
quality-day-frozen = Prices unchanged for an hour or longer: { $names }.
quality-day-held = { $held } prices were quarantined; { $refuted } of them were never confirmed and never shown.
quality-day-dropped = Rejected on arrival: { $reasons }.
quality-day-more = { $names } and { $more } more
