# 데이터 품질 보고: 보고할 것이 없는 까닭과 운영자에게 하루 한 번 전하는 말.

error-nothing-to-report = { $what ->
    [none] 저장된 캔들이 아직 없어 보고할 것이 없습니다. 먼저 데스크를 몇 분 동안 실행해 주세요.
   *[other] { $what }에 해당하는 캔들이 없습니다. 종목을 확인하거나 --days로 기간을 늘려 주세요.
}
error-page-unwritable = { $path }에 그래프를 저장할 수 없습니다. --out으로 다른 디렉터리를 지정해 주세요.

quality-day-title = 데이터 품질, { $day }
quality-day-fine = 이상이 없습니다. { $symbols }개 종목, 캔들 { $candles }개가 모두 있습니다.
quality-day-candles = { $symbols }개 종목의 캔들 { $candles }개, { $missing ->
    [0] 빠진 것은 없습니다.
   *[other] { $missing }개가 빠졌고 { $where }에 가장 많습니다.
}
quality-day-still = 하루 내내 거래가 없던 종목: { $names }.
quality-day-quiet = 하루가 끝날 때 캔들이 끊긴 종목: { $names }.
quality-day-frozen = 한 시간 이상 가격이 움직이지 않은 종목: { $names }.
quality-day-held = 가격 { $held }건을 보류했고, 그중 { $refuted }건은 끝내 확인되지 않아 보여 드리지 않았습니다.
quality-day-dropped = 들어올 때 거부한 것: { $reasons }.
quality-day-more = { $names } 외 { $more }개
