### 거래소 최소 주문에 못 미치는 잔고.

command-dust = 최소 주문에 못 미치는 소액 자산을 한 번에 매도합니다
    .about = 거래소 최소 주문에 못 미치는 보유 자산을 찾아 예상 매도 대금을 보여 주고, 한 번 확인하면 모두 매도합니다. 하나만 매도하려면 /sell 명령에 max를 쓰면 됩니다.
    .examples = /dust

dust-title = 소액 자산 { $count }개 매도 미리보기: { $amount }
dust-explained = 거래소 최소 주문에 못 미치는 자산입니다. 아직 매도하지 않았습니다. { $seconds }초 안에 확인해 주세요. 확인하는 순간의 시세로 체결됩니다.
dust-more = 소액 자산 { $count }개가 더 남아 있습니다. /dust 명령으로 이어서 매도할 수 있습니다.
dust-none = 소액 자산이 없습니다. 보유 자산은 /sell 명령으로 매도할 수 있습니다.
dust-sold = 소액 자산 { $count }개 매도 체결: { $amount }
dust-not-sold = 매도하지 않았습니다.
dust-realised = 실현 손익: { $amount }
dust-kept = { $reason ->
    [symbol-halted] { $asset } 매도 제외: 지금은 거래소에서 거래가 중단되었습니다.
    [stale-price] { $asset } 매도 제외: 시세가 최신이 아닙니다.
    [no-price-yet] { $asset } 매도 제외: 아직 시세가 없습니다.
    [no-liquidity] { $asset } 매도 제외: 지금은 매수 물량이 없습니다.
    [price-moved] { $asset } 매도 제외: 미리보기 이후 시세가 내렸습니다. /dust 명령으로 새 시세를 확인해 주세요.
    [balance-changed] { $asset } 매도 제외: 미리보기 이후 잔고가 바뀌었습니다. /dust 명령으로 새 잔고를 확인해 주세요.
   *[other] { $asset } 매도 제외: 지금은 거래할 수 없습니다.
}
dust-left-buy = 거래 후 잔고 { $left }: 거래소 최소 주문에 못 미칩니다. 일부만 팔 수는 없고, /sell { $short } max 또는 /dust 명령으로 전량 매도할 수 있습니다.
dust-left-sell = 남는 수량 { $left }: 거래소 최소 주문에 못 미칩니다. 일부만 팔 수는 없고, /sell { $short } max 또는 /dust 명령으로 전량 매도할 수 있습니다.

button-dust = 소액 자산 매도
button-sell-all = { $asset } 전량 매도

error-sale-too-small = 최소 매도 수량에 못 미칩니다. 지금 시세의 { $asset } 최소 매도 수량은 { $smallest } { $asset }입니다. 수량을 늘리거나 /sell { $asset } max 명령으로 전량 매도해 주세요.
error-no-dust = 소액 자산이 없습니다. 보유 자산은 /sell 명령으로 매도할 수 있습니다.
error-balance-changed = 미리보기 이후 { $asset } 잔고가 바뀌어 매도하지 않았습니다.
