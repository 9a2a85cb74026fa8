### 앞으로의 가격: 예측, 근거, 그 뒤의 모델.

## 예측의 근거
driver-momentum = 최근 몇 분~몇 시간의 추세
driver-reversal = 바로 앞 몇 분의 움직임
driver-volatility = 가격 변동성
driver-volume = 거래량
driver-range = 최근 가격 범위 안의 위치
driver-market = 시장 전체의 흐름
driver-leader = BTC의 움직임
driver-rank = 다른 종목과 비교한 강도
driver-clock = 하루 중 시간대

## 그림 속의 말
chart-price = 가격
chart-fan = 80% 범위
chart-path = 예상 경로
chart-expected = 예상
