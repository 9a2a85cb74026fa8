### 거래소 최소 주문 금액 미만인 잔고.

command-dust = 최소 주문 금액 미만의 소액 자산을 한 번에 매도합니다
    .about = 거래소 최소 주문 금액 미만인 보유 자산과 예상 매도 대금을 보여 주고, 한 번 확인하면 모두 매도합니다. 하나만 매도하려면 /sell 명령에 max를 입력해 주세요.
    .examples = /dust

dust-title = 소액 자산 { $count }개 매도 미리보기: { $amount }
dust-explained = 거래소 최소 주문 금액 미만인 자산입니다. 아직 매도되지 않았습니다. { $seconds }초 안에 확인해 주세요. 확인하는 순간의 시세로 체결됩니다.
dust-more = 소액 자산 { $count }개는 이번 매도에 포함되지 않습니다. /dust 명령을 다시 입력하면 매도할 수 있습니다.
dust-none = 소액 자산이 없습니다. 보유 자산은 /sell 명령으로 매도할 수 있습니다.
dust-sold = 소액 자산 { $count }개 매도 체결: { $amount }
dust-not-sold = 매도된 자산이 없습니다.
dust-realised = 실현손익: { $amount }
dust-kept = { $reason ->
    [symbol-halted] { $asset } 매도 제외: 지금은 거래소에서 거래가 중단되었습니다.
    [stale-price] { $asset } 매도 제외: 시세가 지연되고 있습니다.
    [no-price-yet] { $asset } 매도 제외: 아직 시세가 없습니다.
    [no-liquidity] { $asset } 매도 제외: 지금은 매수 호가가 없습니다.
    [price-moved] { $asset } 매도 제외: 미리보기 이후 시세가 내렸습니다. /dust 명령으로 현재 시세를 확인해 주세요.
    [balance-changed] { $asset } 매도 제외: 미리보기 이후 잔고가 바뀌었습니다. /dust 명령으로 현재 잔고를 확인해 주세요.
   *[other] { $asset } 매도 제외: 지금은 거래할 수 없습니다.
}
dust-left-buy = 거래 후 잔고 { $left }{ JOSA($left, "은/는") } 거래소 최소 주문 금액 미만이어서 일부만 매도할 수 없습니다. 전량 매도는 /sell { $short } max 또는 /dust 명령으로 할 수 있습니다.
dust-left-sell = 남는 수량 { $left }{ JOSA($left, "은/는") } 거래소 최소 주문 금액 미만이어서 일부만 매도할 수 없습니다. 전량 매도는 /sell { $short } max 또는 /dust 명령으로 할 수 있습니다.

button-dust = 소액 자산 매도
button-sell-all = { $asset } 전량 매도

error-sale-too-small = 주문 금액이 너무 적습니다. 현재 시세에서 최소 매도 수량은 { $smallest } { $asset }입니다. 수량을 늘리거나 /sell { $asset } max 명령으로 전량 매도해 주세요.
error-no-dust = 소액 자산이 없습니다. 보유 자산은 /sell 명령으로 매도할 수 있습니다.
error-balance-changed = 미리보기 이후 { $asset } 잔고가 바뀌어 매도하지 않았습니다.
