# 운영자를 위한 일일 데이터 품질 보고.

quality-day-title = 데이터 품질, { $day }
quality-day-fine = 이상이 없습니다. { $symbols }개 종목, 캔들 { $candles }개가 모두 있습니다.
quality-day-candles = { $symbols }개 종목의 캔들 { $candles }개, { $missing ->
    [0] 누락 없음.
   *[other] { $missing }개 누락, 최다 { $where }.
}
quality-day-still = 하루 동안 거래가 없던 종목: { $names }.
quality-day-quiet = 하루가 끝날 때 캔들이 끊긴 종목: { $names }.
quality-day-frozen = 한 시간 이상 가격 변동이 없던 종목: { $names }.
quality-day-held = 가격 { $held }건을 보류했고, 그중 { $refuted }건은 끝내 확인되지 않아 표시하지 않았습니다.
quality-day-dropped = 수신 시 거부된 데이터: { $reasons }.
quality-day-more = { $names } 외 { $more }개
