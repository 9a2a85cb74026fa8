### 예측 알림.

command-forecastalert = 상승 또는 하락 확률이 높아지면 알려 드립니다
    .about = 1분마다 예측을 확인하고, 확률이 정한 값에 도달하면 이 채팅방으로 알려 드립니다. every(매번)를 붙이면 확률이 2%포인트 낮아졌다가 다시 높아질 때마다, 아니면 한 번만 알려 드립니다. 종목을 입력하지 않으면 목록을 보여 줍니다.
    .symbol = 알림을 받을 종목. 예: { COIN() }. 입력하지 않으면 목록을 보여 줍니다
    .horizon = 예측 기간: { HORIZONS() }
    .chance = up(상승) 또는 down(하락)과 50%보다 높은 확률. 예: up 60, down 55%
    .times = once(한번) 또는 every(매번). 기본값은 한 번입니다
    .examples =
        /forecastalert { COIN() } { HORIZON("1h") } up 60
        /forecastalert { COIN(2) } { HORIZON("5m") } down 55% 매번
        /forecastalert

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
foresee-again = 한 번 알려 드린 뒤에는 확률이 { $back } 이하로 낮아지고 { $pause } 이상 지나야 다시 알려 드립니다.
foresee-every = 매번 ({ $back } 이하 이후 다시)
foresee-beyond = 이미 확률이 그 이상입니다. 먼저 { $back } 이하로 낮아진 뒤부터 확인합니다.
foresee-no-skill = 현재 모델은 { $horizon } 뒤의 방향을 예측하지 못합니다. 예측할 수 있게 되면 알림이 시작됩니다.
foresee-title = 내 예측 알림
foresee-none = 설정된 예측 알림이 없습니다. /forecastalert { COIN() } { HORIZON("1h") } up 60 처럼 설정해 보세요.
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
label-asked = 기준 확률

## 오류
error-chance-out-of-range = “{ $text }” 확률은 사용할 수 없습니다. 상승 60처럼 50% 초과 99% 이하로 입력해 주세요.
error-too-many-forecast-alerts = 예측 알림은 최대 { $limit }개까지 설정할 수 있습니다. /forecastalert 에서 하나를 먼저 취소해 주세요.
error-unknown-forecast-alert = { $alert_id }번 예측 알림은 변경할 수 없습니다. /forecastalert 에서 설정된 알림을 확인해 주세요.
