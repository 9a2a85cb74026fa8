### 변동폭 알림.

## 설정과 목록
range-set = { $times ->
    [every] { $window } 안에 { $symbol } 최고가가 최저가보다 { $range } 이상 높아질 때마다 여기로 알려 드리겠습니다.
   *[once] { $window } 안에 { $symbol } 최고가가 최저가보다 { $range } 이상 높아지면 여기로 알려 드리겠습니다.
}
range-now = 현재 변동폭은 { $range }입니다({ $low } ~ { $high }).
range-known = 최근 { $known } 동안의 가격만 확인되었습니다. { $window } 동안의 가격이 모일 때까지는 확인된 가격으로 계산합니다.
range-again = 한 번 알려 드린 뒤에는 변동폭이 { $back } 이하로 줄어들고 { $pause } 이상 지나야 다시 알려 드립니다.
range-every = 매번 ({ $back } 이하 이후 다시)
range-beyond = 이미 변동폭이 그 이상입니다. 먼저 { $back } 이하로 줄어든 뒤부터 확인합니다.
range-title = 내 변동폭 알림
range-none = 설정된 변동폭 알림이 없습니다. /alert { COIN() } 변동폭 3% 1h 처럼 설정해 보세요.
range-condition = { $window } 변동폭 ≥ { $range }

## 알림
push-range = { $symbol } 가격이 { $window } 안에 { $range } 변동했습니다
push-ranges-title = 변동폭 알림 { $count }개가 기준에 도달했습니다
push-delisted-range = 거래소가 { $symbol } 종목의 거래 지원을 종료하여 변동폭 알림 { $number }번이 종료되었습니다.

## 선택, 버튼, 이름
notice-ranges = 변동폭 알림
button-ranges = 변동폭 알림
label-price-range = 변동폭
label-window = 기간
label-lowest = 최저가
label-highest = 최고가

## 오류
error-too-many-range-alerts = 변동폭 알림은 최대 { $limit }개까지 설정할 수 있습니다. /alerts 에서 하나를 먼저 취소해 주세요.
error-range-out-of-bounds = 변동폭 { $percent }%는 사용할 수 없습니다. 변동폭 3% 1h처럼 { $lowest }%부터 { $highest }%까지 소수점 둘째 자리 이내로 입력해 주세요.
