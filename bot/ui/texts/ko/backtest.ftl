### 규칙 백테스트.

discord-command-backtest = 백테스트
discord-option-test = 테스트
words-backtest = 백테스팅, 과거검증
command-backtest = 매매 규칙을 과거 캔들에서 체결·수수료·슬리피지까지 반영해 검증합니다
    .about = 규칙을 과거 캔들에 적용합니다. 캔들이 마감될 때 나온 신호는 다음 캔들의 시가에 체결되며, 이곳의 체결 규칙, 수수료, 거래소 규칙을 그대로 씁니다. 손절과 익절 주문도 같은 주문 엔진에서 대기합니다. 매수 후 보유, 비용이 없을 때와 두 배일 때의 결과, 수익이 0이 되는 비용을 함께 표시합니다. 결과를 믿을 만한지 한 문장으로 알려 주며, 마지막 20%는 검증용으로 남깁니다. rsi(5..20)처럼 범위를 쓰면 규칙을 400개까지 한꺼번에 테스트합니다.
    .test = 종목, 캔들 간격, 규칙. 원하면 since와 until
    .examples =
        /backtest { COIN() } 1h when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max since 90d
        /backtest { COIN() } 4h when sma(10) crosses above sma(30) buy max when sma(10) crosses below sma(30) sell max
        /backtest { COIN(2) } 1h when close crosses above sma(50) buy max stop 3% tp 9% since 30d
parameter-test = 종목 간격 규칙 since 기간
backtest-title = 백테스트 · { $pair } { $interval }
backtest-rule = 규칙
backtest-hold = 매수 후 보유
backtest-period = { $period }, 캔들 { $count }개
backtest-beside-hold = { $own } (보유 시 { $hold })
backtest-break-even = 주문당 { $even } (실제 { $paid })
backtest-costs-0 = 없음
backtest-costs-1 = 현재
backtest-costs-2 = 두 배
label-backtest-period = 기간
label-backtest-return = 순수익률
label-backtest-trades = 거래
label-backtest-exposure = 보유 시간 비율
label-backtest-break-even = 손익분기 비용
label-backtest-costs = 비용
backtest-name = 전략 이름을 한 단어로 입력해 주세요. 예: dip
button-backtest-save = 저장
button-backtest-trades = 거래 내역(CSV)
backtest-file = { $pair } 백테스트 거래 { $rows }건
backtest-alt = { $pair } 규칙과 매수 후 보유의 수익률, 거래와 낙폭, { $period }: { $names }
backtest-beats-hold = 이 기간에는 매수 후 보유보다 수익률이 높았습니다. 한 기간만으로는 알 수 있는 것이 적습니다.
backtest-behind-hold = 이 기간에는 매수 후 보유의 수익률이 더 높았습니다.
backtest-begins-late = { $interval } 캔들은 { $begins }부터 있어 그때부터 테스트했습니다. 더 넓은 간격은 더 오래된 기록이 있을 수 있습니다.
backtest-ends-early = 마지막 캔들은 { $ends }입니다. 그 뒤에는 이곳에서 거래되지 않았습니다.
backtest-missing = 캔들 { $count }개가 비어 있어, 그때의 주문은 다음 캔들의 시가에 체결됐습니다.
backtest-frozen = 캔들 { $count }개에는 거래가 없어 체결도 없었습니다.
backtest-open = 마지막 포지션은 아직 보유 중이며 마지막 종가로 계산했습니다.
backtest-waiting = 마지막 신호는 마지막 캔들에서 나와, 체결될 캔들이 없습니다.
backtest-refused = 주문 { $count }건은 거래소 규칙에 맞지 않거나 체결할 물량이 없어 거부됐습니다.
backtest-partial = 주문 { $count }건은 표시된 물량이 부족해 일부만 체결됐습니다.
backtest-about = 준비 캔들 { $needed }개 뒤에 { $cash }{ JOSA($cash, "으로/로") } 시작합니다. 마감 신호는 다음 시가에 체결되며, 수수료 { $fee }, 현재와 같은 스프레드 { $spread }, 주문 규모에 따른 가격 충격을 반영합니다. 한 캔들이 손절가와 익절가에 모두 닿으면 손절로 봅니다. 과거 통계이며 조언이 아닙니다.
error-too-few-candles = 이 규칙에는 캔들 { $needed }개가 필요한데 { $found }개뿐입니다. 기간을 늘리거나 간격을 좁혀 주세요.
error-history-too-short = { $found ->
    [0] 이 기간의 { $symbol } { $interval } 캔들이 없습니다. 다른 기간이나 간격을 선택해 주세요.
   *[other] 이 기간의 { $symbol } { $interval } 캔들은 { $since }부터 { $found }개뿐인데, 규칙에는 { $needed }개가 필요합니다. 간격을 좁히거나 기간을 늘리거나 더 짧은 지표를 써 주세요. 기록은 Paperdesk가 실행되는 동안 쌓입니다.
}
error-unexplained-jump = { $symbol } 가격이 { $at }에 { $before }에서 { $after }{ JOSA($after, "으로/로") } 급변했습니다. 액면 분할이나 단위 변경으로 보이며, 이를 포함한 테스트는 틀립니다. 그 뒤부터 테스트하려면 since 뒤에 { $day } 이후 날짜를 적어 주세요.
error-other-candles = { $at }의 { $interval } 캔들이 순서에 맞지 않아 테스트할 수 없습니다. 다른 기간이나 간격을 선택해 주세요.
error-too-many-trades = 이 기간에 규칙이 { $limit }번 넘게 거래합니다. 기간을 줄이거나 간격을 넓히거나 더 엄격한 규칙을 써 주세요.
error-backtest-forgotten = 이 백테스트는 더 이상 기억하지 않습니다. 명령을 다시 보내 주세요.
error-backtest-running = 지난 백테스트가 아직 실행 중입니다. 결과를 기다려 주세요.
error-backtest-too-long = { $interval } 캔들 { $count }개입니다. 테스트는 최대 { $limit }개, { $days }일입니다. since를 더 늦추거나 간격을 넓혀 주세요.
error-backtest-too-costly = 이 테스트의 계산량은 테스트 하나에 허용된 한도의 { $percent }%입니다. 지표나 값의 수 또는 지표 기간을 줄이거나, since를 더 늦추거나 간격을 넓혀 주세요.
