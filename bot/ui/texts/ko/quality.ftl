# 데이터 품질에 대해 운영자에게 하루 한 번 전하는 말.

quality-day-title = 데이터 품질, { $day }
quality-day-fine = 이상이 없습니다. { $symbols }개 종목, 캔들 { $candles }개가 모두 있습니다.
quality-day-candles = { $symbols }개 종목의 캔들 { $candles }개, { $missing ->
    [0] 빠진 것은 없습니다.
   *[other] { $missing }개가 빠졌고 { $where }에 가장 많습니다.
}
quality-day-still = 하루 동안 거래가 없던 종목: { $names }.
quality-day-quiet = 하루가 끝날 때 캔들이 끊긴 종목: { $names }.
quality-day-frozen = 한 시간 이상 가격이 움직이지 않은 종목: { $names }.
quality-day-held = 가격 { $held }건을 보류했고, 그중 { $refuted }건은 끝내 확인되지 않아 표시하지 않았습니다.
quality-day-dropped = 수신 시 거부된 데이터: { $reasons }.
quality-day-more = { $names } 외 { $more }개
