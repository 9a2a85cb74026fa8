### 한 번 확인해 함께 실행하는 시장가 주문.

order-group-title = 비중을 맞추는 주문
order-group-none = 주문 단위와 최소 주문 금액을 고려하면 이미 이 비중입니다.
order-group-none-left = 이 비중에 더 가까워지는 주문이 없습니다.
order-group-order-sell = { $asset } 매도
order-group-order-buy = { $asset } 매수
order-group-left = { $asset }: { $reason }
order-group-cost = 수수료 { $fees }, 슬리피지 { $slippage }
order-group-about = { $cash ->
    [yes] 현금과 이 종목들에 들어 있는 금액을 나눕니다.
   *[no] 지금 이 종목들에 들어 있는 금액을 다시 나눕니다. 현금은 그대로입니다.
} 한 번 확인하면 모든 주문을 매도부터 차례로 실행합니다. 이때 주문마다 시세를 다시 확인하며, 거부되거나 시세가 불리하게 움직인 주문은 제외하고 사유를 알려 드립니다. 매수는 실제 매도 대금만큼만 합니다. 아직 주문되지 않았습니다. { $seconds }초 안에 확인해 주세요.
order-group-unfilled = { $order }: 이 가격대의 호가 잔량이 부족해 일부는 체결되지 않습니다.
order-group-placed = { $placed ->
    [none] 실행된 주문이 없습니다
    [all] 주문 { $count }건을 모두 실행했습니다
   *[some] 주문 { $count }건 중 { $number }건을 실행했습니다
}
order-group-refused = { $order } 주문은 실행되지 않았습니다. { $reason }
order-group-reduced = 매도 대금이 미리보기보다 적어 매수 금액을 그만큼 줄였습니다.
label-order-group-order = 주문
label-order-group-fee = 수수료
label-order-group-wished = 목표
label-order-group-after = 주문 후
label-order-group-before = 현재
button-order-group = 주문 { $count }건 모두 실행
push-order-group-scheduled = 예약된 리밸런싱으로 실행한 주문입니다.
push-order-group-interrupted = 주문을 실행하던 중에 중단되어, 이제 마무리했습니다.
error-change-too-small = 변화가 거래소 최소 주문 금액 미만입니다.
error-coin-on-hold = 미체결 주문에 일부가 묶여 있어 매도하지 않습니다. 매도하려면 해당 주문을 취소해 주세요.
error-nothing-to-pay-with = 매도 대금이 부족해 매수할 수 없습니다.
error-group-too-late = 확인한 지 너무 오래되었습니다. 미리보기를 다시 요청해 주세요.
error-group-outdated = 미리보기 이후 계좌가 초기화되었거나 다른 계정과 연결되었습니다. 미리보기를 다시 요청해 주세요.
error-group-in-progress = 지금 이 주문들을 실행하고 있습니다. 잠시 후 다시 눌러 결과를 확인해 주세요.
