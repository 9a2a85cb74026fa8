### 계좌 점검.

discord-command-checkup = 점검
words-checkup = 점검, 계좌점검, 진단
phrases-checkup = 내 계좌 점검, 계좌 점검해 줘
command-checkup = 내 계좌에서 눈에 띄는 문제를 찾아 바로잡습니다
    .about = 종목 쏠림, 함께 움직이는 종목, 스탑 주문이 없는 보유 종목, 매도 비용이 큰 종목, 수수료, 잦은 거래, 한도 근접, 이익만 실현하고 손실을 오래 보유하는 습관, 소액 자산을 점검합니다. 눈에 띄는 항목만 심각한 순서로 수치, 이유, 버튼과 함께 보여 줍니다. 매수할 종목을 권하지 않습니다.
    .examples = /checkup
checkup-title = 계좌 점검
checkup-nothing = 눈에 띄는 문제가 없습니다.
checkup-empty = 계좌가 비어 있어 점검할 내용이 없습니다.
checkup-finding = { $number }. { $said }
checkup-passed = 이상 없음: { $checks }
checkup-unknown = 아직 점검하지 못한 항목: { $checks }
checkup-unmeasured = { $check }({ $missing })
checkup-about = 거래는 최근 { $days }일을 기준으로 합니다. 기준값은 서비스 운영자가 정합니다. 과거의 통계이며 투자 조언이 아닙니다.

## 찾은 항목
checkup-paused = 한도에 도달해 매수가 중지되었습니다: { $limit }
    .why = 설정한 한도 또는 서비스 한도에 도달했습니다. 매도는 계속할 수 있습니다.
checkup-limits = { $symbol ->
    [none] { $limit }: 현재 { $used }, 한도 { $value }
   *[other] { $limit }: { $symbol } { $used }, 한도 { $value }
}
    .why = 다음 주문이 거부될 수 있고, 주문이 없어도 시세 변동만으로 한도를 넘을 수 있습니다.
checkup-no-limits = 설정한 거래 한도가 없습니다
    .why = 한도를 미리 정해 두면 손실이 나는 동안 매수를 멈출지 고민하지 않아도 됩니다.
checkup-stops = 스탑 주문 없음: { $symbols }, 계좌의 { $share }
    .why = 자리를 비운 사이 가격이 하락해도 매도할 주문이 없어 손실이 계속 커질 수 있습니다.
checkup-concentration = { $risk_share ->
    [none] 종목 쏠림: { $symbol }, 계좌의 { $share }
   *[other] 종목 쏠림: { $symbol }, 계좌의 { $share }, 위험의 { $risk_share }
}
    .why = 한 종목이 크게 하락하면 계좌 전체가 함께 하락합니다.
checkup-correlation = 함께 움직이는 종목: { $symbols }, 계좌의 { $share }(상관계수 { $lowest } 이상)
    .why = 같은 날 함께 하락하는 종목은 여러 개를 보유해도 한 종목과 다름없어 분산 효과가 작습니다.
checkup-liquidity = { $symbol } 전량을 지금 매도하면 평가액의 { $cost } 손실이 예상됩니다
    .why = 이 수량에 비해 호가 잔량이 적어 화면의 가격으로 전량을 매도할 수 없습니다.
checkup-fees = { $days }일 동안 수수료로 계좌의 { $share } 지출
    .why = 수수료는 시세와 관계없이 나가므로 모든 거래는 먼저 그만큼을 벌어야 합니다.
checkup-trades = { $days }일 동안 거래 { $executions }건{ $turnover ->
    [none] {""}
   *[other] {", "}회전율은 계좌의 { $turnover }배
}
    .why = 거래할 때마다 비용이 들어 평균적으로 거래가 가장 잦은 계좌의 수익이 가장 낮습니다.
checkup-disposition = 이익은 { $gains_realised }, 손실은 { $losses_realised } 실현했습니다
    .why = 오른 종목은 팔고 내린 종목은 계속 보유하는 처분 효과입니다. 이익은 작게 확정되고 손실은 커지기 쉽습니다.
checkup-dust = 최소 주문 금액 미만 자산 { $count }종목
    .why = 일부만 매도할 수는 없지만 한 번의 확인으로 모두 매도할 수 있습니다.

## 점검 항목
checkup-check-limits = 거래 한도
checkup-check-stops = 스탑 주문
checkup-check-concentration = 종목 쏠림
checkup-check-correlation = 함께 움직이는 종목
checkup-check-liquidity = 매도 비용
checkup-check-fees = 수수료
checkup-check-trades = 거래 횟수
checkup-check-disposition = 이익과 손실 실현
checkup-check-dust = 소액 자산
checkup-missing-returns = 일간 수익률 { $known }/{ $least }일
checkup-missing-trades = 체결 { $known }/{ $least }건
checkup-missing-sales = 매도 { $known }/{ $least }건
checkup-missing-outcomes = 이익과 손실 각각 { $known }/{ $least }건
checkup-missing-prices = 최신 시세 없음
checkup-missing-report = 기록이 너무 길어 계산할 수 없음

## 버튼
button-checkup = 계좌 점검
button-checkup-stop = { $coin } 스탑 주문
button-checkup-sell = { $coin } 지정가 매도
button-checkup-limit = 최대 낙폭 한도 설정
button-checkup-pause = 연속 손실 후 매수 중지
