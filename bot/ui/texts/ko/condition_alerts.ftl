### 조건 알림: 지표, 거래량, 신고가와 신저가, 등락률, 주문.

## 설정과 목록
condition-set = { $times ->
    [every] 다음 조건이 충족될 때마다 여기로 알려 드리겠습니다: { $symbol } { $condition }
   *[once] 다음 조건이 충족되면 여기로 알려 드리겠습니다: { $symbol } { $condition }
}
condition-now = 현재: { $figure }
condition-unknown = 지금은 값을 알 수 없습니다. 값이 확인되면 알림이 시작됩니다.
condition-warms-up = 마감된 { $interval } 봉 { $needed }개 중 { $known }개가 확인되었습니다. 모두 확인되면 알림이 시작됩니다.
condition-again = 한 번 알려 드린 뒤에는 { $back }까지 되돌아가고 { $pause } 이상 지나야 다시 알려 드립니다.
condition-beyond = 이미 조건이 충족되어 있습니다. 먼저 { $back }까지 되돌아간 뒤부터 확인합니다.
condition-waits = 먼저 { $back }까지 되돌아간 뒤부터 확인합니다.
condition-every = 매번 ({ $back } 이후 다시)
condition-title = 내 조건 알림
condition-none = 설정된 조건 알림이 없습니다. /alert { COIN() } rsi < 30 처럼 설정해 보세요.
condition-edit-ask = { $symbol } { $condition } 알림의 새 조건은 무엇인가요? rsi < 25 4h 또는 1h when rsi(14) < 30 and close > sma(50)처럼 입력해 주세요.

condition-change = { $window } 등락률 { $sign } { $level }
condition-high = { $window } 신고가
condition-low = { $window } 신저가
condition-volume = 거래량 { $sign } 직전 { $length }개 평균의 { $level }배 ({ $interval })
condition-volatility = { $window } 변동성 { $sign } { $level }
condition-sma = MA{ $length } 대비 { $sign } { $level } ({ $interval })
condition-sma-above = MA{ $length } 위에서 마감 ({ $interval })
condition-sma-below = MA{ $length } 아래에서 마감 ({ $interval })
condition-ema = EMA{ $length } 대비 { $sign } { $level } ({ $interval })
condition-ema-above = EMA{ $length } 위에서 마감 ({ $interval })
condition-ema-below = EMA{ $length } 아래에서 마감 ({ $interval })
condition-rsi = RSI({ $length }) { $sign } { $level } ({ $interval })
condition-rule = { $rule } ({ $interval })
condition-order = 주문 { $order_id }({ $price })까지 { $level } 이내

figure-change = { $figure } ({ $base } 대비)
figure-high = 최고가 { $base } 대비 { $figure }
figure-low = 최저가 { $base } 대비 { $figure }
figure-volume = 평균의 { $figure }배
figure-volatility = { $figure }
figure-sma = { $base } 대비 { $figure }
figure-ema = { $base } 대비 { $figure }
figure-rsi = RSI { $figure }
figure-order = { $figure }

figure-rule = { $figure ->
    [1] 충족
   *[other] 미충족
}
back-rule = 미충족 상태
back-high = 최고가보다 { $share } 아래
back-low = 최저가보다 { $share } 위

alert-note = 메모: { $note }
alert-expires = 이 알림은 { $time }에 종료됩니다.

## 알림
push-condition = { $symbol }: { $condition }
push-conditions-title = 조건 알림 { $count }개의 조건이 충족되었습니다
push-delisted-condition = 거래소가 { $symbol } 종목의 거래 지원을 종료하여 조건 알림 { $number }번이 종료되었습니다.

## 선택, 버튼, 이름
notice-conditions = 조건 알림
button-conditions = 조건 알림
button-condition-edit = 조건 변경
button-order-alert = 알림
label-condition = 조건
label-figure = 측정값
label-note = 메모

## 오류
error-too-many-condition-alerts = 조건 알림은 꺼 둔 것까지 포함해 최대 { $limit }개까지 설정할 수 있습니다. /alerts 에서 하나를 먼저 취소해 주세요.
error-same-alert = 같은 조건의 알림이 이미 있습니다: { $alert_id }번. /alerts 에서 확인해 주세요.
error-condition-out-of-bounds = { $measure ->
    [rsi] RSI { $level }{ JOSA($level, "은/는") } 사용할 수 없습니다. rsi < 30처럼 { $lowest }부터 { $highest }까지 입력해 주세요.
    [volume] 평균 거래량의 { $level }배는 사용할 수 없습니다. 거래량 3배 1h처럼 { $lowest }배부터 { $highest }배까지 입력해 주세요.
   *[other] { $level }%는 사용할 수 없습니다. { $lowest }%부터 { $highest }%까지 소수점 둘째 자리 이내로 입력해 주세요.
}
error-length-out-of-bounds = 봉 { $length }개는 사용할 수 없습니다. { $measure ->
    [rsi] rsi(14)
    [volume] 거래량(20)
    [ema] ema50
   *[other] ma50
}처럼 { $fewest }부터 { $most }까지 선택해 주세요.
error-days-out-of-bounds = “{ $text }”{ JOSA($text, "은/는") } 하루 단위의 기간이 아닙니다. 신고가 30일처럼 1일부터 { $most }일까지 선택해 주세요.
error-trailing-order-watched = 주문 { $order_id }번은 정해진 간격으로 시장을 따라가므로 거리 알림이 필요하지 않습니다. 발동되면 알려 드립니다.
error-alert-time-out-of-bounds = 기간이 너무 짧거나 깁니다. 4h나 7d처럼 1분부터 { $days }일까지 선택해 주세요.
error-note-too-long = 메모는 최대 { $limit }자까지 쓸 수 있습니다.
