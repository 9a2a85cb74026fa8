### 예약 주문: 명령, 미리보기, 주문 정보, 미체결 목록.

command-limit = 지정한 가격 또는 더 유리한 가격에 체결되는 지정가 주문을 냅니다
    .about = 시장 가격이 지정가에 닿을 때까지 기다리며 그동안 주문에 필요한 금액이나 수량을 묶어 둡니다. 지정가 이내에서 바로 체결할 수 있는 수량은 즉시 체결됩니다. 옵션: gtc(취소할 때까지, 기본값), ioc(즉시 체결 후 나머지 취소), fok(전량 즉시 체결 아니면 취소), maker(즉시 체결되지 않는 주문), 유효 기간 1d 또는 2026-12-31.
    .symbol = 주문할 종목. 예: { COIN() }
    .side = 매수 또는 매도
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .price = 지정가: 65000, 7만, 또는 현재가 대비 -2%
    .life = gtc, ioc, fok, maker, 1d, 2026-12-31
    .examples =
        /limit { COIN() } 매수 1000{ $unit } @ 50000
        /limit { COIN() } 매도 50% 7만
        /limit { COIN(2) } 매수 0.5 -2% maker 1w

command-stop = 가격이 내리면 매도하거나 오르면 매수하는 스탑 주문을 냅니다
    .about = 손절 주문입니다. 스탑 가격에 거래가 체결되면 시장가로 체결됩니다. 매수는 스탑 가격보다 5%를 넘는 가격에는 체결되지 않습니다. 지정가(limit)를 붙이면 발동한 뒤 지정가 주문이 됩니다.
    .symbol = 주문할 종목. 예: { COIN() }
    .side = 매수 또는 매도
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .price = 스탑 가격: 50000, 5만, 또는 현재가 대비 -5%
    .limit = 발동 후의 지정가. 생략하면 시장가로 체결됩니다
    .life = gtc, 1d, 2026-12-31
    .examples =
        /stop { COIN() } 매도 50% @ 50000
        /stop { COIN() } 매도 50% @ 50000 지정가 49900

command-tp = 가격이 오르면 매도하거나 내리면 매수하는 익절 주문을 냅니다
    .about = 익절 주문입니다. 익절 가격에 거래가 체결되면 시장가로 체결됩니다. 매수는 익절 가격보다 5%를 넘는 가격에는 체결되지 않습니다. 지정가(limit)를 붙이면 발동한 뒤 지정가 주문이 됩니다.
    .symbol = 주문할 종목. 예: { COIN() }
    .side = 매수 또는 매도
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .price = 익절 가격: 75000, 7만5천, 또는 현재가 대비 +10%
    .limit = 발동 후의 지정가. 생략하면 시장가로 체결됩니다
    .life = gtc, 1d, 2026-12-31
    .examples =
        /tp { COIN() } 매도 50% @ 75000
        /tp { COIN() } 매도 50% +10% 지정가 +9%

command-trail = 가격을 일정 간격으로 따라가는 추적 손절 주문을 냅니다
    .about = 매도는 최고가를 따라가다가 가격이 최고가에서 지정한 간격만큼 내리면 매도합니다. 매수는 최저가를 따라가다가 그만큼 오르면 매수합니다. from(부터)을 붙이면 그 가격에 닿은 뒤부터 따라갑니다.
    .symbol = 주문할 종목. 예: { COIN() }
    .side = 매수 또는 매도
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .distance = 추적 간격: 3% 또는 300bips
    .activation = 추적을 시작할 가격. 예: 72000. 생략하면 바로 시작합니다
    .life = gtc, 1d, 2026-12-31
    .examples =
        /trail { COIN() } 매도 50% 3%
        /trail { COIN() } 매도 50% 3% from 72000

command-oco = 하나가 체결되면 다른 하나가 취소되는 익절·손절 주문을 냅니다
    .about = 같은 수량으로 익절 지정가와 손절을 함께 냅니다. 한쪽이 발동하거나 일부라도 체결되면 다른 쪽은 취소됩니다. 묶이는 금액은 한 건분입니다.
    .symbol = 주문할 종목. 예: { COIN() }
    .side = 매수 또는 매도
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .take_profit = 익절 지정가: 75000 또는 +10%
    .stop_loss = 손절 가격: 50000 또는 -5%
    .limit = 손절 발동 후의 지정가
    .examples =
        /oco { COIN() } 매도 50% 익절 75000 손절 50000
        /oco { COIN() } 매도 50% tp +10% sl -5% limit -6%

command-bracket = 진입 주문을 익절·손절 주문과 함께 냅니다
    .about = 진입 주문을 냅니다. 진입이 체결되면 받은 수량만큼 익절과 손절 주문이 함께 걸리고, 하나가 체결되면 다른 하나는 취소됩니다. 비율은 진입 가격 기준입니다. @ 가격을 생략하면 시장가로 진입합니다.
    .symbol = 주문할 종목. 예: { COIN() }
    .side = 매수 또는 매도
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .take_profit = 익절 가격: 75000 또는 진입 가격 대비 +5%
    .stop_loss = 손절 가격: 50000 또는 진입 가격 대비 -2%
    .entry = 진입 지정가. 생략하면 시장가로 진입합니다
    .limit = 손절 발동 후의 지정가
    .examples =
        /bracket { COIN() } 매수 1000{ $unit } 익절 +5% 손절 -2%
        /bracket { COIN() } 매수 1000{ $unit } @ 55000 tp +5% sl -2%

command-orders = 미체결 주문을 봅니다
    .about = 미체결 주문을 최근 주문부터 가격, 현재가와의 차이와 함께 보여 줍니다. 버튼으로 주문을 열거나 취소할 수 있습니다. 체결된 주문은 /history 에 있습니다.
    .symbol = 이 종목의 주문만
    .examples =
        /orders
        /orders { COIN() }

command-order = 주문 하나와 그 진행 과정을 봅니다
    .about = 미체결이거나 종료된 주문의 가격, 체결량과 미체결량, 묶인 금액, 진행 과정을 보여 줍니다.
    .order = 주문번호. /orders 에서 볼 수 있습니다
    .examples = /order 12

command-amend = 미체결 주문의 가격이나 수량을 정정합니다
    .about = 지정가(지정가가 없는 주문은 스탑 가격)나 수량을 정정합니다. 수량만 줄일 때만 대기 순서가 유지됩니다.
    .order = 주문번호. /orders 에서 볼 수 있습니다
    .price = 새 가격: 64000 또는 현재가 대비 -1%
    .quantity = 체결된 수량을 포함한 새 주문 수량: 0.05
    .examples =
        /amend 12 가격 54000
        /amend 12 수량 0.05

### 사용법에 표시되는 항목 이름.

parameter-price = @ 가격
parameter-limit = 지정가 가격
parameter-life = 옵션
parameter-distance = 간격
parameter-activation = from 가격
parameter-take_profit = 익절 가격
parameter-stop_loss = 손절 가격
parameter-entry = @ 가격
parameter-order = 주문번호
parameter-quantity = 수량 숫자
parameter-subject = 주문번호|전체|종목
parameter-line = 명령

## 주문 종류
order-kind-limit = 지정가 주문
order-kind-maker = 지정가 주문(메이커 전용)
order-kind-stop = 스탑 주문
order-kind-stop-limit = 스탑 지정가 주문
order-kind-take-profit = 익절 주문
order-kind-take-profit-limit = 익절 지정가 주문
order-kind-trailing = 추적 손절 주문
order-kind-oco = OCO 주문
order-kind-bracket = 브래킷 주문
order-role-working = 진입
order-role-limit = 익절
order-role-stop = 손절

## 미리보기
order-preview-title = { $symbol } { $kind } 미리보기
order-preview-expires = 아직 주문되지 않았습니다. { $seconds }초 안에 확인해 주세요.
order-entry-market = { $trade }, 시장가(현재 약 { $price })
order-at-once = { $quantity }, 체결가 { $price }
order-leg = { $trade }, { $price }
order-leg-then = { $price }, 발동 후 지정가 { $limit }
order-pending-note = 익절과 손절 주문은 진입이 체결되면 걸립니다. 그 전에는 묶이는 금액이 없습니다.
order-oco-note = 둘 중 하나가 발동하거나 체결되면 다른 하나는 취소됩니다.
order-far-note = 입력한 가격({ $price })이 시장 가격({ $market })에서 크게 벗어나 있습니다. 가격과 수량을 확인한 뒤 주문해 주세요.
order-protection-note = 발동하면 시장가로 체결됩니다. 매수는 발동 가격보다 5%를 넘는 가격에는 체결되지 않고, 남은 수량은 취소됩니다.

## 주문 정보
order-card-title = { $order_id }번 { $kind }
order-trade-buy = { $quantity } 매수
order-trade-sell = { $quantity } 매도
order-distance = { $price } (현재가와의 차이 { $distance })
order-filled = { $quantity } 중 { $filled } 체결, 미체결 { $left }
order-trailing-state = 발동 가격 { $price } (기준가 { $extreme }에서 { $distance })
order-trailing-waits = { $price }에 닿으면 추적 시작
order-trailing-begins = 다음 체결부터 추적
order-status-PENDING_NEW = 진입 대기
order-status-NEW = 미체결
order-status-TRIGGERED = 발동됨
order-status-PARTIALLY_FILLED = 일부 체결
order-status-FILLED = 체결 완료
order-status-CANCELED = 취소됨
order-status-EXPIRED = 만료됨
order-ended = { $status }: { $reason }
order-reason-user = 직접 취소
order-reason-list = 같은 묶음의 다른 주문이 발동·체결·종료됨
order-reason-time = 유효 기간 종료
order-reason-immediate = 즉시 체결되지 않은 수량
order-reason-protection = 시장 가격이 발동 가격에서 너무 멀어짐
order-reason-funds = 묶어 둔 금액 소진
order-reason-reset = 계좌 초기화
order-reason-merged = 계좌 연결
order-reason-closed = 계좌 종료
order-reason-delisted = 거래 지원 종료
order-reason-action = 종목 변경 처리
order-reason-fault = 서비스 오류
order-life-GTC = 취소할 때까지
order-life-IOC = 즉시 체결 후 나머지 취소(IOC)
order-life-FOK = 전량 즉시 체결 아니면 취소(FOK)
order-life-GTD = { $moment }까지
order-list-OCO = OCO(하나가 체결되면 다른 하나 취소)
order-list-OTO = 하나가 체결되면 다른 하나가 걸림
order-list-OTOCO = 브래킷
order-partner = { $role } { $order_id }번
order-event-accepted = 접수
order-event-activated = 주문 걸림
order-event-triggered = 발동
order-event-filled = 체결
order-event-amended = 정정
order-event-canceled = 취소
order-event-expired = 만료

order-placed-leg = { $order_id }번 { $trade }, { $price }, { $status }
order-nothing-now = 현재 지정가 이내에서 체결할 수 있는 수량이 없어 바로 취소됩니다.

## 목록
orders-title = { $count ->
    [0] 미체결 주문
   *[other] 미체결 주문 { $count }건
}
orders-title-symbol = { $count ->
    [0] { $symbol } 미체결 주문
   *[other] { $symbol } 미체결 주문 { $count }건
}
orders-none = 미체결 주문이 없습니다. /limit { COIN() } 매수 100{ $unit } -2% 처럼 주문해 보세요.
orders-none-symbol = { $symbol } 미체결 주문이 없습니다. 전체 종목은 /orders 에서 볼 수 있습니다.
orders-more = { $count }건은 표시하지 않았습니다. /orders { COIN() } 처럼 종목을 붙이면 그 종목만 볼 수 있습니다.
orders-pending = 진입 체결 대기: { $orders }
orders-cancel-ask = { $count ->
    [1] 이 주문을 취소할까요?
   *[other] 주문 { $count }건을 모두 취소할까요?
}
order-cancelled = { $count ->
    [1] { $orders }번 주문을 취소했습니다. 묶여 있던 금액은 다시 주문할 수 있습니다.
   *[other] 주문 { $count }건을 취소했습니다: { $orders }. 묶여 있던 금액은 다시 주문할 수 있습니다.
}
order-none-cancelled = 취소할 미체결 주문이 없습니다.
order-amended = { $order_id }번 주문을 정정했습니다.
order-placed = { $count ->
    [1] 주문을 접수했습니다.
   *[other] 주문 { $count }건을 접수했습니다.
}
order-price-trail = 추적 { $distance }
amend-ask = 무엇을 정정할까요? “가격 64000” 또는 “수량 0.05”처럼 입력해 주세요.
amend-title = { $order_id }번 주문을 정정할까요?
amend-row = { $before } → { $after }
amend-expires = 아직 정정되지 않았습니다. { $seconds }초 안에 확인해 주세요.

## 선택, 버튼, 항목
choice-gtc = 취소할 때까지
choice-ioc = 즉시 체결, 나머지 취소
choice-fok = 전량 즉시 체결 아니면 취소
choice-maker = 즉시 체결되지 않음
choice-1w = 1주
choice-all-orders = 미체결 전체
button-order = 주문 { $order_id }
button-balance = 잔고
button-orders = 미체결
button-order-amend = 정정
button-order-cancel = 주문 취소
button-orders-cancel = 모두 취소
button-orders-cancel-now = 네, { $count }건 취소
label-order-number = #
label-order-trade = 주문
label-order-price = 가격
label-order-distance = 차이
label-order-limit = 지정가
label-order-trigger = 발동 가격
label-order-trailing = 추적 간격
label-order-follows = 추적
label-order-status = 상태
label-order-filled = 체결
label-order-held = 묶인 금액
label-order-holds = 묶일 금액
label-order-life = 유효 기간
label-order-list = 묶음
label-order-at-once = 즉시 체결
label-order-entry = 진입
label-order-placed = 접수
label-order-event = 진행
label-order-execution = 체결번호
label-order-rule = 체결 방식
label-order-remaining = 미체결
label-order-available-after = 주문 후 { $asset } 주문 가능
label-cash-available = 주문 가능 현금
label-cash-held = 묶인 현금

history-of-order = { $rule ->
    [maker] { $trade } · { $order_id }번 주문, 메이커
   *[taker] { $trade } · { $order_id }번 주문, 테이커
}

## 체결 내역: 예약 주문이 체결된 방식
order-rule-maker = 메이커, { $rule }
order-rule-taker = 테이커, { $rule }
order-rule-book = 호가창의 호가별 체결
order-rule-impact = 공개된 주문 규모 규칙
order-rule-trade-through = 시장 체결가가 지정가를 넘어섬
order-rule-queue = 앞선 대기 수량 이후 지정가에서 체결
order-rule-quote-through = 상대 호가가 지정가에 닿음
fills-from-trade-through = 시장 체결가가 지정가를 넘어서 지정가에 체결되었습니다.
fills-from-queue = 앞선 대기 수량이 모두 체결된 뒤 지정가에 체결되었습니다.
fills-from-quote-through = 상대 호가가 지정가에 닿아 지정가에 체결되었습니다.

## 체결 규칙
help-page-fills = 체결 규칙
help-fills =
    시장가 주문은 바로 체결됩니다. 호가창이 있으면 호가창에서, 없으면 공개된 수량별 가격 규칙으로 체결됩니다.
    지정가 주문은 지정가에 체결되고, 더 불리하게 체결되지 않습니다. 시장이 지정가를 넘어 거래되거나, 지정가에 거래되어 먼저 있던 수량이 모두 체결되었거나, 반대편 호가가 지정가에 닿으면 체결됩니다. 거래되거나 표시된 수량보다 많이 체결되지 않습니다.
    스탑과 익절 주문은 그 가격에 거래가 있으면 발동합니다. 발동하면 시장가로 체결됩니다. 매수는 발동 가격보다 5%를 넘는 가격에는 체결되지 않고, 남은 수량은 취소됩니다. 지정가를 정했다면 지정가 주문이 됩니다.
    추적 손절은 매도라면 최고가를, 매수라면 최저가를 따라가고, 그 가격에서 정한 간격만큼 벗어나면 발동합니다.
    OCO는 하나가 발동하거나 체결되면 다른 하나가 취소됩니다. 브래킷의 익절과 손절은 진입이 체결되면 받은 수량만큼 걸립니다.
    운영자는 지연 시간을 정할 수 있습니다. 그러면 주문이 그만큼 늦게 시장에 도착하고, 체결 내역에 지연 시간이 나옵니다.
    미체결 주문의 돈이나 코인은 체결되거나 취소되거나 만료될 때까지 묶입니다. 수수료는 받는 쪽에서 뺍니다.

## 알림
push-order-fill-buy = { $order_id }번 주문 매수 체결: { $quantity }, 체결가 { $price }
push-order-fill-sell = { $order_id }번 주문 매도 체결: { $quantity }, 체결가 { $price }
push-order-triggered = { $count ->
    [1] 발동 가격에 도달했습니다
   *[other] 주문 { $count }건이 발동 가격에 도달했습니다
}
push-order-triggered-line = { $order_id }번 주문({ $trade })이 { $price }에 발동되었습니다.
push-order-ended = { $count ->
    [1] 주문이 종료되었습니다
   *[other] 주문 { $count }건이 종료되었습니다
}
push-order-ended-line = { $reason ->
    [user] { $order_id }번 주문({ $trade })을 취소했습니다. { $progress }
    [list] 같은 묶음의 다른 주문이 발동·체결되었거나 종료되어 { $order_id }번 주문({ $trade })이 취소되었습니다. { $progress }
    [time] 유효 기간이 끝나 { $order_id }번 주문({ $trade })이 만료되었습니다. { $progress }
    [immediate] 즉시 체결되지 않은 수량이 있어 { $order_id }번 주문({ $trade })이 만료되었습니다. { $progress }
    [protection] 시장 가격이 발동 가격에서 5% 넘게 멀어져 { $order_id }번 주문({ $trade })이 만료되었습니다. { $progress }
    [funds] 묶어 둔 금액이 모두 쓰여 { $order_id }번 주문({ $trade })이 만료되었습니다. { $progress }
    [reset] 계좌를 초기화하여 { $order_id }번 주문({ $trade })이 취소되었습니다. { $progress }
    [merged] 계좌를 연결하여 { $order_id }번 주문({ $trade })이 취소되었습니다. { $progress }
    [closed] 계좌를 종료하여 { $order_id }번 주문({ $trade })이 취소되었습니다. { $progress }
    [delisted] 거래소가 거래 지원을 종료하여 { $order_id }번 주문({ $trade })이 취소되었습니다. { $progress }
    [action] 종목 변경 처리로 { $order_id }번 주문({ $trade })이 취소되었습니다. { $progress }
    [fault] 서비스 오류로 { $order_id }번 주문({ $trade })이 만료되었습니다. 묶어 둔 자산은 다시 사용할 수 있습니다. { $progress }
   *[other] { $order_id }번 주문({ $trade })이 종료되었습니다. { $progress }
}
push-order-progress = { $filled ->
    [none] 체결된 수량은 없습니다.
   *[other] 체결된 수량: { $filled }.
}

## 오류
error-not-an-order-price = “{ $text }”{ JOSA($text, "은/는") } 가격이 아닙니다. 65000, 7만 같은 가격이나 현재가 대비 -2% 같은 차이를 입력해 주세요.
error-not-a-trailing-distance = “{ $text }”{ JOSA($text, "은/는") } 추적 간격이 아닙니다. 3%처럼 0% 초과 100% 미만, 소수 둘째 자리까지 입력해 주세요.
error-trailing-distance-without-unit = “{ $text }”에 단위가 없습니다. 퍼센트는 %, 베이시스포인트는 bips(100bips가 1%)를 붙여 주세요: { $choices }
error-not-an-order-number = “{ $text }”{ JOSA($text, "은/는") } 주문번호가 아닙니다. /orders 에서 미체결 주문과 번호를 확인해 주세요.
error-options-conflict = “{ $first }”{ JOSA($first, "과/와") } “{ $second }”{ JOSA($second, "은/는") } 함께 사용할 수 없습니다. 하나만 입력해 주세요.
error-unknown-order-id = 이 계좌에는 { $order_id }번 주문이 없습니다. /orders 에서 미체결 주문을 확인해 주세요.
error-order-not-open = { $status ->
    [FILLED] { $order_id }번 주문은 이미 체결되었습니다. /order { $order_id } 에서 확인해 주세요.
    [CANCELED] { $order_id }번 주문은 이미 취소되었습니다. /orders 에서 미체결 주문을 확인해 주세요.
    [EXPIRED] { $order_id }번 주문은 이미 만료되었습니다. /orders 에서 미체결 주문을 확인해 주세요.
   *[other] { $order_id }번 주문은 이미 종료되었습니다. /orders 에서 미체결 주문을 확인해 주세요.
}
error-price-off-tick = { $symbol } 호가 단위는 { $tick }입니다. { $price } 대신 { $below } 또는 { $above }{ JOSA($above, "을/를") } 입력해 주세요.
error-price-out-of-range = { $price }{ JOSA($price, "은/는") } { $symbol } 시세에서 너무 먼 가격입니다. { $lowest }부터 { $highest }까지 주문할 수 있으니 자릿수를 확인해 주세요.
error-stop-on-wrong-side = { $above ->
    [yes] { $symbol } 현재가가 { $last_price }{ JOSA($last_price, "이라/라") } { $stop_price }에는 바로 발동됩니다. 현재가보다 높은 가격을 입력해 주세요.
   *[no] { $symbol } 현재가가 { $last_price }{ JOSA($last_price, "이라/라") } { $stop_price }에는 바로 발동됩니다. 현재가보다 낮은 가격을 입력해 주세요.
}
error-prices-in-wrong-order = { $entry ->
    [yes] { $lower ->
        [stop] { $symbol } 진입 가격이 { $last_price }{ JOSA($last_price, "이면/면") } 손절 가격은 그보다 낮고 익절 가격은 그보다 높아야 합니다. 두 가격을 확인해 주세요.
       *[other] { $symbol } 진입 가격이 { $last_price }{ JOSA($last_price, "이면/면") } 익절 가격은 그보다 낮고 손절 가격은 그보다 높아야 합니다. 두 가격을 확인해 주세요.
    }
   *[no] { $lower ->
        [stop] { $symbol } 매도에서는 손절 가격이 현재가 { $last_price }보다 낮고 익절 가격은 그보다 높아야 합니다. 두 가격을 확인해 주세요.
       *[other] { $symbol } 매수에서는 익절 가격이 현재가 { $last_price }보다 낮고 손절 가격은 그보다 높아야 합니다. 두 가격을 확인해 주세요.
    }
}
error-would-take-liquidity = { $amended ->
    [yes] { $symbol } 최우선 호가가 { $best_price }{ JOSA($best_price, "이라/라") } { $price }에는 바로 체결됩니다. 다른 가격을 입력하거나, 주문을 취소하고 다시 주문해 주세요.
   *[no] { $symbol } 최우선 호가가 { $best_price }{ JOSA($best_price, "이라/라") } { $price } 메이커 전용 주문은 바로 체결됩니다. 가격을 바꾸거나 maker를 빼고 입력해 주세요.
}
error-cannot-fill-whole = { $some ->
    [yes] 지정가 이내에서 바로 체결할 수 있는 수량이 { $wanted } { $asset } 중 { $available } { $asset }뿐이라 주문하지 않았습니다. 수량을 줄이거나 가격을 바꾸거나, fok 대신 ioc를 사용해 주세요.
   *[no] 지정가 이내에서 바로 체결할 수 있는 수량이 없어 주문하지 않았습니다. 가격을 바꾸거나, fok를 빼고 체결을 기다리는 주문을 내 주세요.
}
error-trailing-delta-out-of-range = { $symbol } 추적 간격은 { $lowest }부터 { $highest }까지 입력할 수 있습니다. { $delta }{ JOSA($delta, "은/는") } 사용할 수 없습니다.
error-expiry-in-past = 유효 기간은 지금부터 1분 이상 { $days }일 이하여야 합니다. 날짜를 바꾸거나 생략해 주세요.
error-too-many-orders = { $waiting ->
    [yes] 거래소 규칙상 한 종목에 발동 가격이 있는 미체결 주문은 최대 { $limit }건까지 가능합니다. /orders 에서 그중 하나를 취소한 뒤 다시 주문해 주세요.
   *[no] 미체결 주문은 최대 { $limit }건까지 가능합니다. /orders 에서 일부를 취소한 뒤 다시 주문해 주세요.
}
error-too-many-amendments = 주문 정정은 한 주문당 최대 { $limit }회까지 가능하며, { $order_id }번 주문은 이미 모두 사용했습니다. /cancel { $order_id } 로 취소한 뒤 새로 주문해 주세요.
error-amend-below-filled = { $order_id }번 주문은 이미 { $filled } { $asset } 체결되었습니다. 더 큰 수량을 입력하거나 /cancel { $order_id } 로 나머지를 취소해 주세요.
error-amend-nothing = { $order_id }번 주문에서 바뀌는 것이 없습니다. 다른 가격이나 수량을 입력해 주세요. 현재 값은 /order { $order_id } 에서 볼 수 있습니다.
