### 가격 예측과 근거, 모델.

command-forecast = 앞으로의 가격을 예측합니다
    .about = 가격이 80% 확률로 들어올 범위와 예상 변동을 매매 수수료, 과거 적중률과 함께 보여 줍니다. 종목을 입력하지 않으면 신뢰도가 높은 예측을 보여 줍니다.
    .symbol = 종목. 예: { COIN() }. 입력하지 않으면 순위를 보여 줍니다
    .horizon = 예측 기간: { HORIZONS() }
    .examples =
        /forecast { COIN() }
        /forecast { COIN(2) } { HORIZON("4h") }
        /forecast

command-model = 예측에 사용하는 모델을 보여 줍니다
    .about = 기간별 예측 모델의 구성, 학습 데이터, 지금까지의 적중률을 보여 줍니다.
    .horizon = 예측 기간: { HORIZONS() }
    .examples =
        /model
        /model { HORIZON("1d") }

parameter-horizon = { HORIZONS("|") }

## 한 종목
forecast-title = { $symbol } 앞으로 { $horizon }
forecast-above-costs = 예상 변동이 왕복 수수료({ $costs })보다 큽니다.
forecast-below-costs = 예상 변동이 왕복 수수료({ $costs })보다 작아, 예측이 맞더라도 거래하면 손실입니다.
forecast-no-skill = { $horizon } 뒤 { $symbol } 가격의 방향은 예측할 수 없습니다. 테스트에서 “변화 없음”보다 정확하다고 확인되지 않았습니다. 범위만 보여 드리며, 다섯 번 중 네 번은 이 안에 들 것으로 예상합니다.
forecast-drivers-up = 상승 요인: { $drivers }
forecast-drivers-down = 하락 요인: { $drivers }
forecast-advice = 모델의 추정치이며 투자 조언이 아닙니다. 자주 틀립니다.
forecast-alt = { $symbol }: { $price }에서 { $horizon } 뒤 { $expected }, 예상 범위 { $low }~{ $high }.
forecast-alt-range = { $symbol }: { $price }, { $horizon } 뒤 예상 범위 { $low }~{ $high }.

## 적중 기록
record-errors = “변화 없음”{ $verdict ->
    [better] 보다 오차 { $value } 작음({ $low }~{ $high })
    [worse] 보다 오차 { $value } 큼({ $low }~{ $high })
   *[unclear] 과 뚜렷한 차이 없음(오차 { $low } 큼~{ $high } 작음)
}
record-hits = 방향 적중 { $hits }, 가격 변동 없음 { $unchanged }
record-hits-moved = 방향 적중 { $hits }
record-range = 범위 적중 { $covered }
record-separator = { ", " }
record-none = 아직 평가 기록이 없음
record-few = 아직 판단하기 이름(독립 구간 { $needed }개 중 { $found }개)
share-with-interval = { $value }({ $low }~{ $high })

## 순위
ranking-title = 신뢰도 높은 예측, 앞으로 { $horizon }
ranking-costs = 왕복 수수료는 { $costs }입니다. { $count ->
    [0] 예상 변동이 이보다 큰 종목은 없습니다.
   *[other] 예상 변동이 이보다 큰 종목은 { $count }개입니다.
}
ranking-no-skill = { $horizon } 예측은 “변화 없음”보다 정확하다고 확인되지 않아 순위가 없습니다. 종목별 범위는 볼 수 있습니다: /forecast { COIN() }
ranking-none = 현재 { $horizon } 예측이 없습니다. 몇 분 뒤에 다시 시도해 주세요.

## 모델
model-title = { $horizon } 예측: { $version }번 모델
model-skilled = 테스트에서 “변화 없음”보다 정확했습니다. { $live ->
    [better] 실제 예측도 더 정확했습니다.
    [worse] 하지만 지금까지 실제 예측은 덜 정확했습니다.
    [unclear] 실제 예측에서는 아직 뚜렷한 차이가 없습니다.
   *[none] 실제 예측은 기록이 짧아 아직 판단할 수 없습니다.
}
model-unskilled = 테스트에서 { $horizon } 예측이 “변화 없음”보다 정확하다고 확인되지 않아 범위만 보여 드립니다.
model-method = 괄호 안은 95% 신뢰구간입니다. 종목들은 함께 움직이므로 같은 구간의 예측은 하나로 셉니다.
model-challenger = { $version }번 모델을 함께 시험하고 있으며, 더 정확하면 교체합니다.
recipe-ensemble = 릿지, 로지스틱, 부스팅 트리의 결합
recipe-xgb = 부스팅 트리
recipe-ridge = 릿지 회귀
recipe-logistic = 로지스틱 회귀
metric-skill = “변화 없음” 대비 오차(테스트)
metric-errors = { $verdict ->
    [better] { $value } 작음({ $low }~{ $high })
    [worse] { $value } 큼({ $low }~{ $high })
   *[unclear] 뚜렷한 차이 없음({ $low } 큼~{ $high } 작음)
}
metric-hits = 방향 적중률(테스트)
metric-coverage = 80% 범위 적중률(테스트)

## 예측의 근거
driver-momentum = 최근 몇 분~몇 시간의 추세
driver-reversal = 직전 몇 분의 움직임
driver-volatility = 가격 변동성
driver-volume = 거래량
driver-range = 최근 가격 범위 안의 위치
driver-market = 시장 전체의 흐름
driver-leader = 대표 코인의 움직임
driver-rank = 다른 종목과 비교한 강도
driver-clock = 하루 중 시간대
driver-flow = 체결의 방향·건수·크기

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
label-record = 최근 { $days }일 실적
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

error-no-forecasting = 여기에서는 예측을 제공하지 않습니다. 시세와 차트는 볼 수 있습니다: /chart { COIN() }
