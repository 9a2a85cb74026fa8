### 가격 예측과 근거, 모델.

command-forecast = 앞으로의 가격을 예측합니다
    .about = 가격이 80% 확률로 들어올 범위와 예상 변동을 매매 수수료, 과거 적중률과 함께 보여 줍니다. 종목을 입력하지 않으면 신뢰도가 높은 예측을 보여 줍니다.
    .symbol = 종목. 예: BTC. 입력하지 않으면 순위를 보여 줍니다
    .horizon = 예측 기간: 5m, 15m, 1h, 4h, 1d
    .examples =
        /forecast BTC
        /forecast ETH 4h
        /forecast

command-model = 예측에 사용하는 모델을 보여 줍니다
    .about = 기간별 예측 모델의 구성, 학습 데이터, 지금까지의 적중률을 보여 줍니다.
    .horizon = 예측 기간: 5m, 15m, 1h, 4h, 1d
    .examples =
        /model
        /model 1d

parameter-horizon = 5m|15m|1h|4h|1d

## 한 종목
forecast-title = { $symbol } 앞으로 { $horizon }
forecast-above-costs = 예상 변동이 왕복 수수료({ $costs })보다 큽니다.
forecast-below-costs = 예상 변동이 왕복 수수료({ $costs })보다 작아, 예측이 맞더라도 거래하면 손실입니다.
forecast-no-skill = { $horizon } 뒤 { $symbol } 가격의 방향은 예측할 수 없습니다. 지금까지의 예측이 “변화 없음”보다 정확하지 않았습니다. 범위만 보여 드리며, 다섯 번 중 네 번은 이 안에 들 것으로 예상합니다.
forecast-drivers-up = 상승 요인: { $drivers }
forecast-drivers-down = 하락 요인: { $drivers }
forecast-advice = 모델의 추정치이며 투자 조언이 아닙니다. 자주 틀립니다.
forecast-alt = { $symbol }: { $price }에서 { $horizon } 뒤 { $expected }, 예상 범위 { $low }~{ $high }.
forecast-alt-range = { $symbol }: { $price }, { $horizon } 뒤 예상 범위 { $low }~{ $high }.

## 적중 기록
record-better = 방향 적중 { $hits }/{ $moves }회({ $share }), “변화 없음”보다 오차 { $skill } 작음, 범위 안 { $covered }
record-same = 방향 적중 { $hits }/{ $moves }회({ $share }), “변화 없음”과 오차 같음, 범위 안 { $covered }
record-worse = 방향 적중 { $hits }/{ $moves }회({ $share }), “변화 없음”보다 오차 { $skill } 큼, 범위 안 { $covered }
record-none = 아직 평가 기록이 없음

## 순위
ranking-title = 신뢰도 높은 예측, 앞으로 { $horizon }
ranking-costs = 왕복 수수료는 { $costs }입니다. { $count ->
    [0] 예상 변동이 이보다 큰 종목은 없습니다.
   *[other] 예상 변동이 이보다 큰 종목은 { $count }개입니다.
}
ranking-no-skill = { $horizon } 예측은 “변화 없음”보다 정확하지 않아 순위가 없습니다. 종목별 범위는 볼 수 있습니다: /forecast BTC
ranking-none = 현재 { $horizon } 예측이 없습니다. 몇 분 뒤에 다시 시도해 주세요.

## 모델
model-title = { $horizon } 예측: { $version }번 모델
model-skilled = “변화 없음”보다 정확했습니다.
model-unskilled = { $horizon } 예측은 “변화 없음”보다 정확하지 않아 범위만 보여 드립니다.
model-challenger = { $version }번 모델을 함께 시험하고 있으며, 더 정확하면 교체합니다.
recipe-ensemble = 릿지, 로지스틱, 부스팅 트리의 결합
recipe-xgb = 부스팅 트리
recipe-ridge = 릿지 회귀
recipe-logistic = 로지스틱 회귀
metric-skill = “변화 없음” 대비 예측력(테스트)
metric-hits = 방향 적중률(테스트)
metric-coverage = 80% 범위 적중률(테스트)

## 예측의 근거
driver-momentum = 최근 몇 분~몇 시간의 추세
driver-reversal = 직전 몇 분의 움직임
driver-volatility = 가격 변동성
driver-volume = 거래량
driver-range = 최근 가격 범위 안의 위치
driver-market = 시장 전체의 흐름
driver-leader = BTC의 움직임
driver-rank = 다른 종목과 비교한 강도
driver-clock = 하루 중 시간대

## 차트에 표시되는 문구
chart-price = 가격
chart-fan = 80% 범위
chart-path = 예상 경로
chart-ahead = { $horizon } 예측
chart-expected = 예상

## 항목과 버튼
label-rising = 오를 확률
label-unchanged = 보합 확률
label-expected = 예상 변동
label-range = 80% 범위
label-costs = 왕복 수수료
label-made = 예측 시각
label-up = 상승
label-move = 예상
label-record = 최근 { $days }일
label-recipe = 구성
label-trained = 학습 시각
label-learnt-from = 학습 기간
label-model-symbols = 종목 수
label-model-rows = 학습 샘플 수
label-model-features = 피처 수
button-forecast = 예측
button-ranking = 신뢰도 순위
button-model = 모델

## Discord
discord-command-forecast = 예측
discord-command-model = 모델
discord-command-forecastalert = 예측알림
discord-option-horizon = 기간
discord-option-chance = 확률

error-no-forecasting = 여기에서는 예측을 제공하지 않습니다. 시세와 차트는 볼 수 있습니다: /chart BTC
