### 차트 지표, 비교, 히트맵과 그 안의 문구.

command-compare = 여러 종목의 등락률을 비교합니다
    .about = 2~6개 종목을 같은 시작점에서 등락률로 그립니다. 기간은 종목 뒤에 24h, 7d, 30d, 90d, 1y 중 하나로 입력하며 기본값은 7일입니다.
    .symbols = 2~6개 종목과 필요하면 기간(24h, 7d, 30d, 90d, 1y). 예: { COIN() } { COIN(2) } { COIN(3) } 7d
    .examples =
        /compare { COIN() } { COIN(2) }
        /compare { COIN() } { COIN(2) } { COIN(3) } 30d

command-heatmap = 거래대금과 등락률을 히트맵으로 봅니다
    .about = 거래대금 상위 40종목을 그립니다. 칸이 클수록 24시간 거래대금이 많고, 색은 가격 변동률입니다.
    .examples = /heatmap

parameter-options = ma|ema|bb|rsi|macd|clean

## 답변
chart-marks-alt = 내 거래 { $trades }건을 표시했습니다.{ $cost ->
    [none] {""}
   *[other] {" "}매수평균가는 { $cost }입니다.
}
chart-order-alt = { $name } ({ $price })
chart-orders-alt = 미체결 주문: { $orders }.
spark-alt = { $symbol } 최근 24시간 추이.
compare-title = { $period } 비교
compare-alt = { $period }: { $changes }.
compare-title-short = { $since } 이후 비교
compare-since = { $since } 이후
compare-short = 더 오래된 캔들이 없어 { $period }보다 짧은 기간을 표시합니다.
chart-few = { $since } 이후 캔들 { $count }개만 있습니다. 더 오래된 캔들은 없습니다.
compare-missing = { $symbols } 종목은 캔들이 없어 표시하지 못했습니다.
compare-late = 시작점은 { $start }입니다. { $symbol } 종목은 더 오래된 캔들이 없습니다.
heatmap-alt = 24시간 거래대금 상위 { $count }종목. 가장 큰 종목: { $largest }.
heatmap-nothing = 최근 24시간 거래대금을 아직 알 수 없습니다. 잠시 후 다시 시도해 주세요.

## 선택
choice-ma = 이동평균 20, 50
choice-ema = 지수이동평균 20, 50
choice-bb = 볼린저 밴드 20, 2σ
choice-rsi = RSI 14
choice-macd = MACD 12, 26, 9
choice-clean = 캔들만
choice-24h = 24시간
choice-7d = 7일
choice-30d = 30일
choice-90d = 90일
choice-1y = 1년

## 버튼
button-option-ma = 이동평균
button-option-ema = EMA
button-option-bb = 볼린저
button-option-rsi = RSI
button-option-macd = MACD
button-option-on = ✓ { $option }
button-sell = { $asset } 매도
button-alert = 알림 설정
button-heatmap = 히트맵

## 차트에 표시되는 문구
chart-buy = 매수
chart-sell = 매도
chart-average = 매수평균가
chart-level = 알림 가격
chart-order-buy = 매수 { $order_id }
chart-order-sell = 매도 { $order_id }
chart-order-stop = 스탑 { $order_id }
chart-order-profit = 익절 { $order_id }
chart-order-trail = 추적 손절 { $order_id }
chart-comparison = 비교
chart-heatmap = 시장 히트맵
chart-heatmap-note = 넓이: 거래대금 · 색: 등락률
