### 정기 매수.

discord-command-dca = 정기매수
command-dca = 매일, 매주, 매월 정기 매수를 설정합니다
    .about = 내 시간대 기준으로 정한 시각에 매수하고 그때마다 알려 드립니다. 인자 없이 입력하면 정기 매수 목록을 보여 주며, 일시 정지, 재개, 삭제할 수 있습니다. 서비스가 중단된 동안 놓친 매수는 6시간 이내면 뒤늦게 실행하고, 3회 연속 실패하면 일시 정지하고 알려 드립니다.
    .symbol = 매수할 종목. 예: { COIN() }
    .size = 1회 매수량. 50{ $unit }, 0.001, 또는 주문 가능 금액의 5%
    .rhythm = 매일 9:00, 매주 월 9:00, 매월 15 9:00, 매월 말일처럼 입력합니다
    .examples =
        /dca { COIN() } 50{ $unit } 매일 9:00
        /dca
        /dca { COIN(2) } 5% 매주 금 18:30
        /dca { COIN(3) } 100{ $unit } 매월 말일

rhythms-offered =
    매일 9:00
    매주 월 9:00
    매월 1일 9:00
    매일 21:00
    매월 말일 9:00

parameter-rhythm = 언제
parameter-plan_id = 번호

## 설정과 목록
repeat-order = { $kind ->
    [base] { $size }
    [share] { $base }(주문 가능 { $quote }의 { $size })
   *[quote] { $base } { $size }어치
}
repeat-weekday = { $day ->
    [tue] 화요일
    [wed] 수요일
    [thu] 목요일
    [fri] 금요일
    [sat] 토요일
    [sun] 일요일
   *[mon] 월요일
}
repeat-rhythm = { $every ->
    [weekly] 매주 { $weekday } { $time }
    [monthly] { $day ->
        [last] 매월 말일 { $time }
       *[other] 매월 { $day }일 { $time }
    }
   *[daily] 매일 { $time }
}
repeat-made = 정기 매수를 설정했습니다: { $order }, { $rhythm }({ $timezone })
repeat-first = 첫 매수: { $moment }
repeat-told = 그 시각의 시세로 체결하며 다시 확인하지 않습니다. 매수할 때마다 /notifications here 로 선택한 채팅방이나 1:1 채팅으로 알려 드립니다.
repeat-title = 정기 매수
repeat-none = 정기 매수가 없습니다. /dca { COIN() } 50{ $unit } 매일 9:00 처럼 설정해 보세요.
repeat-zone = 시각은 { $timezone } 시간대 기준입니다. /settings timezone 에서 바꿀 수 있습니다.
repeat-paused = 일시 정지
repeat-stopped = 실패로 일시 정지
repeat-did-pause = 일시 정지했습니다: { $order }. 재개할 때까지 매수하지 않습니다.
repeat-did-resume = 재개했습니다: { $order }. 다음 매수: { $moment }
repeat-did-remove = 삭제했습니다: { $order }. 더 이상 매수하지 않습니다.

## 알림
push-repeat-title = { $count ->
    [one] 정기 매수에 실패했습니다
   *[other] 정기 매수 { $count }건에 실패했습니다
}
push-repeat-failed = { $day }, { $order }:
push-repeat-next = 다음 매수 시각인 { $moment }에 다시 시도합니다.
push-repeat-stopped = { $count }회 연속 실패하여 일시 정지했습니다. 원인이 해결되면 재개해 주세요.
push-repeat-missed-title = 서비스 중단으로 정기 매수를 놓쳤습니다
push-repeat-missed = { $count ->
    [one] { $day } 매수({ $order })는 너무 늦어 건너뛰었습니다. 다음 매수: { $moment }
   *[other] 매수({ $order })를 { $count }회 건너뛰었습니다. 마지막은 { $day }이며 너무 늦어 실행하지 않았습니다. 다음 매수: { $moment }
}

## 선택, 버튼, 이름
choice-monthly = 매월
button-repeats = 정기 매수
button-repeat-pause = { $plan_id }번 일시 정지
button-repeat-resume = { $plan_id }번 재개
button-repeat-remove = { $plan_id }번 삭제
label-repeat = 번호
label-repeat-order = 주문
label-repeat-rhythm = 주기
label-repeat-next = 다음 매수
held-repeats = 정기 매수

## 오류
error-too-many-plans = 정기 매수는 최대 { $limit }개까지 설정할 수 있습니다. /dca 에서 하나를 삭제한 뒤 다시 설정해 주세요.
error-unknown-plan = { $plan_id }번 정기 매수가 없습니다. /dca 에서 현재 목록을 확인해 주세요.
