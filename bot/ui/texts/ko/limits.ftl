### 사용자와 서비스의 거래 한도.

discord-command-limits = 한도
command-limits = 손실, 주문, 종목 비중에 나만의 한도를 설정합니다
    .about = 한도는 매수를 막으며 시장가 매도와 주문 취소는 언제나 할 수 있습니다. 더 엄격한 값은 바로 적용됩니다. 더 느슨한 값이나 한도 해제는 대기 시간이 지난 뒤 적용되며, 그 전에는 기존 한도를 유지할 수 있습니다. 낙폭 한도에 도달하면 매수를 중지하고 미체결 매수 주문을 취소하며, /limits resume 을 입력할 때까지 계속됩니다. 계좌를 초기화해도 매수 중지와 손실 매도 뒤의 매수 제한은 그대로입니다.
    .rule = day, drawdown, coin, order, orders, streak, loss, resume 중 하나
    .value = 10%, 5000{ $unit }, 3, off, 또는 대기 중인 변경을 취소하는 keep
    .examples =
        /limits 하루 5%
        /limits 주문금액 5000{ $unit }
        /limits 미체결 10
        /limits

discord-command-desklimits = 전체한도
command-desklimits = 모든 계좌에 한도를 설정합니다
    .about = 서비스 한도는 사용자의 한도와 함께 모든 계좌에 적용되며 더 엄격한 쪽을 따릅니다. 변경은 바로 적용됩니다.
    .rule = day, drawdown, coin, order, orders, streak, loss 중 하나
    .value = 10%, 5000{ $unit }, 3 또는 off
    .examples =
        /desklimits 주문금액 100000{ $unit }
        /desklimits

## 종류
limit-day = 하루 손실
    .about = 내 시간대의 하루가 시작될 때 계좌 평가액을 기준으로 합니다. 도달하면 하루가 끝날 때까지 매수할 수 없고 미체결 매수 주문은 취소됩니다.
limit-drawdown = 최대 낙폭
    .about = 마지막 초기화 이후 가장 높았던 계좌 평가액을 기준으로 합니다. 도달하면 직접 재개할 때까지 매수할 수 없고 미체결 매수 주문은 취소됩니다.
limit-coin = 종목 비중
    .about = 매수 후 한 종목이 계좌에서 차지할 수 있는 최대 비중입니다. 미체결 매수 주문을 포함합니다.
limit-order = 1회 매수 금액
    .about = 매수 주문 한 건에 쓸 수 있는 최대 금액입니다.
limit-orders = 미체결 주문 수
    .about = 매수와 매도를 합해 동시에 열어 둘 수 있는 주문 수입니다.
limit-streak = 연속 손실 매도
    .about = 이 횟수만큼 연속으로 손실을 보고 매도하면 한동안 매수할 수 없습니다.
limit-loss = 1회 매도 손실
    .about = 매수 원가 대비 이 비율 이상 손실을 보고 매도하면 한동안 매수할 수 없습니다.

## 조회와 변경
limits-title = 내 거래 한도
limits-about = 시장가 매도와 주문 취소는 언제나 할 수 있습니다. 더 엄격한 값은 바로, 더 느슨한 값은 나중에 적용됩니다.
limit-none = 없음
limit-to-come = { $now }, { $moment }부터 { $value }
limit-with-desk = { $own } (서비스 한도: { $desk })
limit-ask = { $name }: { $value }. 값을 선택하거나 입력해 주세요.
limit-change-now = { $name }: { $before } → { $value }. 바로 적용됩니다.
limit-change-later = { $name }: { $before } → { $value }. 더 느슨한 값이므로 { $moment }에 적용됩니다. 그때까지는 { $before } 한도를 유지합니다.
limit-done = 한도를 변경했습니다.
limit-pending = 변경을 대기 중입니다. 적용되기 전까지 기존 한도를 유지할 수 있습니다.
limit-kept = { $name } 한도를 { $value }{ JOSA($value, "으로/로") } 유지합니다. 대기 중인 변경이 없습니다.
limit-resumed = 다시 매수할 수 있습니다. 이제 { $equity } 기준으로 낙폭을 계산합니다.
limit-resumed-in-part = 이제 { $equity } 기준으로 낙폭을 계산하며, 낙폭에 따른 매수 중지를 해제했습니다. 오늘 손실에 따른 매수 중지는 계속됩니다.
limit-paused-drawdown = 매수 중지: 계좌 평가액이 고점 대비 { $value } 이상 하락했습니다. 직접 재개할 때까지 계속됩니다.
limit-paused-day = 매수 중지: 오늘 손실이 { $value }에 도달했습니다. { $moment }부터 다시 매수할 수 있습니다.
desk-limits-title = 서비스 전체 한도
desk-limits-about = 각 계좌의 한도와 함께 모든 계좌에 적용됩니다. /desklimits 로 설정하고 off로 해제합니다.

## 알림
push-limit-drawdown = { $desk ->
    [yes] 서비스의 최대 낙폭 한도에 도달했습니다
   *[no] 설정한 최대 낙폭 한도에 도달했습니다
}
push-limit-day = { $desk ->
    [yes] 서비스의 하루 손실 한도에 도달했습니다
   *[no] 설정한 하루 손실 한도에 도달했습니다
}
push-limit-cancelled = { $count ->
    [0] 당분간 매수할 수 없습니다. 미체결 매수 주문은 없었습니다.
   *[other] 당분간 매수할 수 없으며 미체결 주문 { $count }건을 취소했습니다.
}
push-limit-by-hand = 매도와 주문 취소는 할 수 있습니다. 직접 재개하면 다시 매수할 수 있습니다.
push-limit-until = 매도와 주문 취소는 할 수 있습니다. { $moment }부터 다시 매수할 수 있습니다.

## 선택, 버튼, 이름
notice-limits = 한도 도달
choice-limit-resume = 재개
button-limits = 거래 한도
button-limits-resume = 매수 재개
button-limit-keep = { $name } 유지
button-limit-remove = 해제
label-limit-day = 하루 시작 평가액
label-limit-drawdown = 최고 평가액
label-limit-equity = 현재 평가액
label-limit-loss = 손실률
parameter-rule = 한도

## 오류
error-limit-reached = { $of_desk ->
    [yes] 서비스 한도:
   *[no] 내 한도:
} { $kind ->
    [day] 하루 손실이 { $share }에 도달했습니다. 하루가 끝나는 { $hours }시간 { $minutes }분 뒤에 다시 매수할 수 있습니다. 매도와 주문 취소는 할 수 있습니다.
    [drawdown] 최대 낙폭 { $share }에 도달해 매수할 수 없습니다. 매도와 주문 취소는 할 수 있으며, 중지는 /limits resume 으로 끝낼 수 있습니다.
    [coin] 한 종목은 미체결 매수 주문을 포함해 계좌의 { $share }까지 보유할 수 있습니다. 최대 { $allowed } { $asset }까지 더 매수할 수 있습니다.
    [order] 매수 한 건은 최대 { $limit } { $asset }까지 주문할 수 있습니다.
    [orders] 미체결 주문은 최대 { $limit }건까지 열 수 있습니다. 먼저 하나를 취소하거나 시장가로 주문해 주세요.
    [streak] 손실 매도가 { $limit }회 연속되어 매수할 수 없습니다. { $hours }시간 { $minutes }분 뒤에 다시 매수할 수 있습니다. 매도와 주문 취소는 할 수 있습니다.
   *[loss] { $share } 이상 손실을 보고 매도해 매수할 수 없습니다. { $hours }시간 { $minutes }분 뒤에 다시 매수할 수 있습니다. 매도와 주문 취소는 할 수 있습니다.
}
error-limit-not-set = 설정하지 않은 한도이므로 해제하거나 유지할 것이 없습니다. /limits 에서 한도를 확인해 주세요.
error-limit-out-of-range = { $kind ->
    [order] “{ $text }”{ JOSA($text, "은/는") } 사용할 수 없는 금액입니다. 0보다 크고 { $most } 이하인 금액이나 off를 입력해 주세요.
    [orders] “{ $text }”{ JOSA($text, "은/는") } 사용할 수 없는 값입니다. 1부터 { $most }까지의 정수나 off를 입력해 주세요.
    [streak] “{ $text }”{ JOSA($text, "은/는") } 사용할 수 없는 값입니다. 1부터 { $most }까지의 정수나 off를 입력해 주세요.
   *[other] “{ $text }”{ JOSA($text, "은/는") } 사용할 수 없는 비율입니다. 0.1%부터 100% 사이의 비율이나 off를 입력해 주세요.
}
error-not-paused = 계좌가 중지 상태가 아니므로 재개할 것이 없습니다. /limits 에서 한도를 확인해 주세요.
error-pause-lasts = 하루 손실 한도는 하루가 끝나는 { $hours }시간 { $minutes }분 뒤에 풀립니다. 그 전에는 재개할 수 없습니다. 매도와 주문 취소는 할 수 있습니다.
