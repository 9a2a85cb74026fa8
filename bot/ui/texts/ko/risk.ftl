### 위험과 스트레스 테스트.

## 위험
command-risk = 포트폴리오의 예상 손실과 예측 기록을 봅니다
    .about = 포트폴리오의 1일·10일 최대 예상 손실(VaR)과 기대 손실(ES), 종목별 위험 비중, 변동성, 집중도, 상관관계, 그리고 매일 밤 예측한 VaR이 얼마나 맞았는지 보여 줍니다.
    .examples = /risk
risk-title = 포트폴리오 위험
risk-nothing = 보유 종목이 없어 위험에 노출된 금액이 없습니다. 현금은 변동하지 않습니다. 먼저 /buy { COIN() } 1000{ $unit }처럼 매수해 보세요.
risk-short = { $days ->
    [0] 보유 종목의 일간 수익률이 아직 없습니다.
   *[other] 보유 종목의 일간 수익률이 { $days }일치뿐입니다.
} { $least }일부터 예상 손실을 보여 드립니다.
risk-leader = 위험이 가장 큰 종목: { $coin }. 전체 위험의 { $risk }, 총자산의 { $weight }입니다.
risk-var-title = 최대 예상 손실(VaR), 총자산 대비 %
risk-shortfall-title = 기대 손실(ES), 총자산 대비 %
risk-coins-title = 종목별 위험, %
risk-column = { $days }일 { $level }
risk-method-historical = 역사적
risk-method-gaussian = 정규분포
risk-method-cornish_fisher = 코니시-피셔
risk-method-filtered = EWMA 보정
risk-about = 손실은 양수로 표시합니다. 지금 보유한 종목의 일간 수익률 { $days }일치(UTC 자정 기준)로 계산했습니다. 95% VaR을 넘는 손실은 20일에 하루꼴로 예상되며, 기대 손실은 그런 손실의 평균입니다. 10일 값은 하루 값을 시간의 제곱근으로 환산한 것으로, 날마다 독립이라고 가정합니다. 종목별로는 총자산 비중, 95% 기대 손실에서 차지하는 비중, 종가와 30일 고저폭으로 계산한 연간 변동성을 보여 드립니다. 과거의 통계이며 투자 조언이 아닙니다.
risk-filled = 시세가 없는 날은 베타에 따라 시장을 따른 것으로 계산한 종목: { $coins }
risk-more = 비중이 작은 { $count }종목은 표시하지 않았습니다.
risk-unknown = { $sign }: 계산에 필요한 날이 부족하거나, 수익률이 정규분포에서 너무 벗어나 코니시-피셔 전개를 쓸 수 없습니다.
risk-unpriced = 시세를 알 수 없어 제외한 종목: { $coins }
risk-correlation-alt = 상관관계: { $coins }
risk-record-title = VaR 예측 기록
risk-record-few = VaR을 매일 밤(UTC) 저장해 다음 날 결과와 비교합니다. { $nights ->
    [0] 아직 평가한 날이 없습니다.
   *[other] 지금까지 { $nights }일을 평가했습니다.
} { $least }일부터 기록을 보여 드립니다.
risk-record-about = 매일 자정의 포트폴리오를 기준으로 하며 그날의 거래는 빼고 평가합니다. p값이 0.05보다 작으면 그 방법을 믿기 어렵습니다. 쿠픽 검정은 초과 횟수를, 크리스토퍼슨 검정은 초과가 연달아 나오는지도 봅니다. 구간은 바젤 위원회의 신호등입니다.
risk-record-left-out = 시세가 빠진 { $count }일은 제외했습니다.
risk-violations = { $nights }일 중 { $count }회
risk-zone-green = 녹색
risk-zone-yellow = 황색
risk-zone-red = 적색
label-risk-var = VaR 95%, 1일
label-risk-shortfall = 기대 손실 95%, 1일
label-risk-volatility = 변동성(1년)
label-risk-effective = 유효 종목 수
label-risk-method = 방법
label-risk-violations = 초과
label-risk-expected = 예상
label-risk-kupiec = 쿠픽 p
label-risk-christoffersen = 크리스토퍼슨 p
label-risk-zone = 구간
label-risk-weight = 비중
label-risk-share = 위험
label-risk-volatility-ewma = 변동성
label-risk-volatility-range = 고저폭 30일
button-risk = 위험

## 스트레스 테스트
command-stress = 급락 시 포트폴리오가 얼마나 남는지 봅니다
    .about = 2021년 4월, 2022년 11월, 2025년 10월의 급락을 내 포트폴리오에 재현하고, 모든 종목이 20% 또는 50% 하락하거나 함께 하락하는 경우, 모두 지금 호가에 매도하는 경우를 보여 줍니다. 시나리오를 지정하면 종목별 결과와 발동될 스탑 주문을 볼 수 있습니다.
    .scenario = 2021-04, 2022-11, 2025-10, 20, 50, together, liquidity 중 하나
    .examples =
        /stress
        /stress 2025-10
        /stress 50
parameter-scenario = 시나리오
stress-title = 스트레스 테스트
stress-about = 각 시나리오가 끝났을 때 남는 총자산이며 현금은 그대로입니다. 시나리오를 고르면 종목별 결과와 발동될 스탑 주문을 볼 수 있습니다.
stress-about-replay = { $begins }부터 { $ends }(UTC)까지의 시장 움직임을 따릅니다.
stress-about-20 = 모든 종목이 한꺼번에 20% 하락합니다.
stress-about-50 = 모든 종목이 한꺼번에 50% 하락합니다.
stress-about-together = 상관계수가 모두 1인 경우입니다. 모든 종목이 같은 날 각자의 99% VaR만큼 하락합니다.
stress-about-liquidity = 모두 지금 호가에 매도합니다(수수료 제외). 매수자가 없는 수량은 0으로 계산합니다.
stress-estimated-replay = 비트코인 베타나 당시 종목들의 중앙값으로 추정한 종목: { $coins }
stress-estimated-together = 과거 자료가 부족해 그대로 둔 종목: { $coins }
stress-estimated-liquidity = 최신 시세나 호가가 없어 그대로 둔 종목: { $coins }
stress-no-stops = 발동될 스탑 주문이 없습니다.
stress-stops = 발동될 스탑 주문 { $count }건
stress-stops-about = 잘 되면 발동 가격에 체결되고, 가격이 건너뛰면 최저가까지 내려갈 수 있습니다. 위의 종목별 결과는 스탑 주문이 발동되지 않은 경우입니다.
label-stress-scenario = 시나리오
label-stress-left = 남는 금액
label-stress-change = 변동
label-stress-now = 현재
label-stress-low = 최저
label-stress-end = 마지막
label-stress-trigger = 발동 가격
label-stress-lowest = 최저가
choice-stress-2021-04 = 2021년 4월
choice-stress-2022-11 = 2022년 11월
choice-stress-2025-10 = 2025년 10월
choice-stress-20 = 전체 -20%
choice-stress-50 = 전체 -50%
choice-stress-together = 모두 동반 하락
choice-stress-liquidity = 전량 매도
button-stress = 스트레스 테스트
chart-correlation = 상관관계
chart-correlation-note = 빨강: 함께 하락
