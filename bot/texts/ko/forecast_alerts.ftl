### 예측 알림.

command-foresee = 오르거나 내릴 가능성이 높아지면 알려 드립니다
    .about = 1분마다 예측을 보고, 정한 만큼 가능성이 높아지면 이 대화로 알려 드립니다. every(매번)를 붙이면 그때마다, 아니면 한 번만 알려 드립니다. 종목을 적지 않으면 목록을 보여 줍니다.
    .symbol = 지켜볼 종목. 예: BTC. 적지 않으면 목록을 보여 줍니다
    .horizon = 얼마나 앞을 볼지: 5m, 15m, 1h, 4h, 1d
    .chance = up(상승) 또는 down(하락)과 50%보다 높은 확률. 예: up 60, down 55%
    .times = once(한번) 또는 every(매번). 적지 않으면 한 번입니다
    .examples =
        /foresee BTC 1h up 60
        /foresee ETH 5m down 55% 매번
        /foresee

parameter-chance = up|down 확률

## 설정과 목록
foresee-set-up = { $times ->
    [every] { $horizon } 뒤 { $symbol } 가격이 오를 확률이 { $chance } 이상이 될 때마다 여기로 알려 드리겠습니다.
   *[once] { $horizon } 뒤 { $symbol } 가격이 오를 확률이 { $chance } 이상이 되면 여기로 알려 드리겠습니다.
}
foresee-set-down = { $times ->
    [every] { $horizon } 뒤 { $symbol } 가격이 내릴 확률이 { $chance } 이상이 될 때마다 여기로 알려 드리겠습니다.
   *[once] { $horizon } 뒤 { $symbol } 가격이 내릴 확률이 { $chance } 이상이 되면 여기로 알려 드리겠습니다.
}
foresee-now = { $way ->
    [up] 지금 오를 확률은 { $chance }입니다.
   *[down] 지금 내릴 확률은 { $chance }입니다.
}
foresee-beyond = 이미 그만큼 가능성이 높으므로, 먼저 2%포인트 낮아진 뒤부터 지켜봅니다.
foresee-no-skill = 지금 모델은 { $horizon } 뒤의 방향을 알지 못합니다. 알게 될 때까지 알림이 기다립니다.
foresee-title = 내 예측 알림
foresee-none = 기다리는 예측 알림이 없습니다. /foresee BTC 1h up 60 처럼 설정해 보세요.
foresee-cancelled-up = 알림을 취소했습니다: { $horizon } 뒤 { $symbol } 상승 확률 { $chance } 이상
foresee-cancelled-down = 알림을 취소했습니다: { $horizon } 뒤 { $symbol } 하락 확률 { $chance } 이상

## 알림
push-forecast-up = { $horizon } 뒤 { $symbol } 상승 확률이 { $chance }입니다
push-forecast-down = { $horizon } 뒤 { $symbol } 하락 확률이 { $chance }입니다

## 선택, 버튼, 이름
choice-chance-up = 상승 { $chance } 이상
choice-chance-down = 하락 { $chance } 이상
notice-forecasts = 예측 알림
button-foreseen = 예측 알림
label-horizon = 기간
label-chance = 확률
label-asked = 정한 확률

## 오류
error-chance-out-of-range = “{ $text }” 확률은 기다릴 수 없습니다. up 60처럼 50%보다 높고 99% 이하인 값을 적어 주세요.
error-too-many-forecast-alerts = 기다리는 예측 알림이 이미 한도인 { $limit }개입니다. /foresee 로 확인하고 하나를 먼저 취소해 주세요.
error-unknown-forecast-alert = { $alert_id }번 예측 알림에는 이 작업을 할 수 없습니다. /foresee 로 기다리는 알림을 확인해 주세요.
