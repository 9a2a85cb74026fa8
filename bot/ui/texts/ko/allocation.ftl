### 자산 배분.

discord-command-optimize = 배분
discord-option-allocation = 방법과_종목
words-optimize = 자산배분, 최적화, 비중
command-optimize = 목표에 따라 코인 비중을 계산하고 동일 비중과 비교합니다
    .about = 보유 종목이나 지정한 종목의 비중을 최근 90일로 계산합니다. 최소 분산(minvar), 최대 샤프(sharpe), 위험 균등(parity), 계층적 위험 균등(hrp), 최악 5% 평균 손실 최소화(cvar) 중에서 고르며, 상한으로 한 종목의 비중을 제한할 수 있습니다. 모든 방법을 계산에 쓰지 않은 기간에서 수수료를 반영해 동일 비중과 비교합니다. 비중을 맞추는 주문은 확인한 뒤에만 실행됩니다.
    .allocation = 방법, 종목, 상한. 예: hrp { COIN() } { COIN(2) } 상한 60%
    .examples =
        /optimize { COIN() } { COIN(2) } { COIN(3) }
        /optimize cvar { COIN() } { COIN(2) } { COIN(3) } cap 40%
        /optimize minvar { COIN() } { COIN(2) } cap 70%
parameter-allocation = 방법 종목 상한
choice-optimize-minvar = 최소 분산
choice-optimize-sharpe = 최대 샤프
choice-optimize-parity = 위험 균등
choice-optimize-hrp = 계층적 위험 균등
choice-optimize-cvar = 최소 CVaR
optimize-title = 자산 배분 · { $objective }
optimize-test-title = 표본 외 성과(수수료 반영)
optimize-verdict-equal = 동일 비중이 같거나 더 나았습니다. 계산에 쓰지 않은 { $days }일의 샤프 지수: 동일 비중 { $other }, { $objective } { $own }
optimize-verdict-better = 이 기간에는 동일 비중보다 나았습니다. 계산에 쓰지 않은 { $days }일의 샤프 지수: { $objective } { $own }, 동일 비중 { $other }. 한 기간의 결과로는 알 수 있는 것이 적습니다.
optimize-unknown = { $days ->
    [0] 아직 검증할 기간이 없습니다. 첫 비중을 계산하려면 { $window }일의 시세가 필요합니다.
   *[other] { $days }일을 검증했지만 샤프 지수를 비교할 수 없습니다. { $least }일 이상이고 가격이 움직였다면 비교할 수 있습니다.
}
optimize-about = 비중은 최근 일간 수익률 { $days }일치(UTC 자정 기준)로 계산했습니다. 검증에서는 { $every }일마다 직전 { $window }일로 다시 계산하고, 그 사이에는 가격에 따라 비중이 변하도록 둡니다. 사고판 금액에는 수수료를 반영했습니다. 수치는 연 기준이며, 회전율은 1년 동안 사고판 금액을 자산으로 나눈 배수입니다. 공분산과 평균은 축소 추정했습니다. 과거의 통계이며 투자 조언이 아닙니다.
optimize-refused = 오른 종목이 없는 등 비중을 계산하지 못한 때에는 현금으로 두었습니다. 전체 { $count }회 중: { $methods }
optimize-left-out = 시세가 { $days }일 미만이거나 마지막 날의 시세가 없어 제외한 종목: { $coins }
label-optimize-weight = 비중
label-optimize-equal = 동일
label-optimize-now = 현재
label-optimize-method = 방법
label-optimize-return = 수익률
label-optimize-volatility = 변동성
label-optimize-sharpe = 샤프
label-optimize-drawdown = 낙폭
label-optimize-turnover = 회전율
button-optimize = 자산 배분
error-no-allocation = 이 종목들의 비중을 계산할 수 없습니다. 다른 방법이나 다른 종목을 선택해 주세요.
error-caps-too-low = 이 상한으로는 { $count }종목에 { $share }까지만 배분할 수 있습니다. 상한을 높이거나 종목을 추가해 주세요.
error-nothing-above-risk-free = 평균적으로 오른 종목이 없어 최대 샤프 비중이 없습니다. 현금이 더 나았습니다. 다른 종목이나 minvar 같은 다른 방법을 선택해 주세요.
error-coin-stands-still = { $symbols ->
    [none] 가격이 움직이지 않는 종목이 있어 위험을 나눌 수 없습니다. 그 종목을 빼거나 minvar, cvar를 선택해 주세요.
   *[other] 가격이 움직이지 않아 위험을 나눌 수 없는 종목: { $symbols }. 빼거나 minvar, cvar를 선택해 주세요.
}
error-too-few-coins = { $symbols ->
    [none] { $least }종목 이상이 필요합니다. /optimize { COIN() } { COIN(2) }처럼 지정해 주세요.
   *[other] 마지막 날을 포함해 { $days }일의 시세가 있는 종목이 { $least }개 이상 필요합니다. 시세가 부족한 종목: { $symbols }. /optimize { COIN() } { COIN(2) }처럼 다른 종목을 지정해 주세요.
}
