### 되풀이해서 사는 것.

discord-command-repeat = 정기매수
command-repeat = 매일, 매주, 매월 같은 매수를 되풀이합니다
    .about = 말씀하신 시각에, 내 시간대 기준으로 매수하고 그때마다 알려 드립니다. 아무 말 없이 쓰면 정기 매수 목록을 보여 드리며, 거기서 멈추거나 다시 시작하거나 없앨 수 있습니다. 제가 꺼져 있던 동안의 매수는 여섯 시간 안이면 바로 하고, 세 번 이어서 실패하면 멈추고 알려 드립니다.
    .symbol = 매수할 종목. 예: BTC
    .size = 한 번에 살 만큼. 50{ $unit }, 0.001, 또는 그때 쓸 수 있는 돈의 5%
    .rhythm = 매일 9:00, 매주 월 9:00, 매월 15 9:00, 매월 말일처럼 적습니다
    .examples =
        /repeat BTC 50{ $unit } 매일 9:00
        /repeat
        /repeat ETH 5% 매주 금 18:30
        /repeat SOL 100{ $unit } 매월 말일

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
    [share] { $base }(쓸 수 있는 { $quote }의 { $size })
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
repeat-made = { $rhythm }({ $timezone })에 매수합니다: { $order }
repeat-first = 첫 매수: { $moment }
repeat-told = 매수할 때마다 /notify here 로 고르신 대화나 개인 대화로 알려 드립니다. 그 순간의 시세로 체결하며 다시 여쭙지 않습니다.
repeat-title = 정기 매수
repeat-none = 아직 없습니다. /repeat BTC 50{ $unit } 매일 9:00 이라고 쓰시면 시작합니다.
repeat-zone = 시각은 { $timezone } 시간대 기준입니다. /settings timezone 에서 바꿀 수 있습니다.
repeat-paused = 멈춤
repeat-stopped = 실패해서 멈춤
repeat-did-pause = 멈췄습니다: { $order }. 다시 시작하실 때까지 사지 않습니다.
repeat-did-resume = 다시 시작합니다: { $order }. 다음 매수: { $moment }
repeat-did-remove = 없앴습니다: { $order }. 더는 사지 않습니다.

## 알림
push-repeat-title = { $count ->
    [one] 정기 매수를 하지 못했습니다
   *[other] 정기 매수 { $count }건을 하지 못했습니다
}
push-repeat-failed = { $day }, { $order }:
push-repeat-next = 다음 차례인 { $moment }에 다시 해 보겠습니다.
push-repeat-stopped = { $count }번 이어서 실패해 멈췄습니다. 까닭이 풀리면 다시 시작해 주세요.
push-repeat-missed-title = 사려던 시각에 제가 꺼져 있었습니다
push-repeat-missed = { $count ->
    [one] { $day }의 매수({ $order })는 너무 늦어 건너뛰었습니다. 다음 매수: { $moment }
   *[other] 매수({ $order })를 { $count }번 건너뛰었습니다. 마지막은 { $day }이고, 너무 늦어 하지 않았습니다. 다음 매수: { $moment }
}

## 선택, 버튼, 이름
choice-monthly = 매월
button-repeats = 정기 매수
button-repeat-pause = { $plan_id }번 멈춤
button-repeat-resume = { $plan_id }번 다시 시작
button-repeat-remove = { $plan_id }번 없애기
label-repeat = 번호
label-repeat-order = 무엇을
label-repeat-rhythm = 언제
label-repeat-next = 다음
held-repeats = 정기 매수

## 오류
error-too-many-plans = 정기 매수는 { $limit }개까지 둘 수 있고 이미 다 차 있습니다. /repeat 에서 하나를 없애고 다시 해 주세요.
error-unknown-plan = { $plan_id }번 정기 매수가 더는 없습니다. /repeat 에서 지금 있는 것을 볼 수 있습니다.
