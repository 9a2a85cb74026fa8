### 명령 답변.

## 첫인사
welcome-title = Paperdesk에 오신 것을 환영합니다
welcome-what = 가상 자금으로 매매를 연습하는 곳입니다. 수수료와 슬리피지도 실제 거래소처럼 계산합니다.
welcome-account = 계좌가 개설되었습니다. 초기 자금은 { $grant }입니다.
welcome-first = 첫 거래는 세 번만 누르면 됩니다. 아래 “{ $price }” 버튼으로 시세를 보고, “{ $buy }” 버튼으로 주문을 미리 본 다음 “확인”을 누르세요.
account-opened = 계좌를 개설하고 가상 자금을 지급했습니다: { $grant }.

## 시세
source-note = { $source ->
    [simulator] { $label }: 모의로 만든 시세이며 실제 시장 가격이 아닙니다.
    [replay] { $label }: 기록된 과거 시세이며 오늘의 가격이 아닙니다.
   *[other] { $label }
}
stale-note = 시세가 지연되고 있습니다: { $symbols }({ $age } 전 시세). 새 시세가 들어오면 거래할 수 있습니다.
halted-note = { $status ->
    [DELISTED] { $symbols } 종목은 거래소에서 거래 지원이 종료되었습니다. 표시된 가격은 마지막 가격이며, 이 가격에 보유 수량을 정리할 수 있습니다.
    [HELD] { $symbols } 종목은 거래 중단 후 다른 코인의 시세일 수 있는 가격으로 재개되었습니다. 운영자가 판단할 때까지 거래, 알림, 주문이 보류됩니다. 표시된 가격은 중단 전 마지막 가격입니다.
   *[other] { $symbols } 종목은 거래소에서 거래가 중단되었습니다(상태: { $status }). 표시된 가격은 마지막 가격입니다.
}
chart-alt = { $symbol } { $interval } 캔들 { $count }개: 저가 { $low }, 고가 { $high }, 현재가 { $last }, 24시간 변동률 { $change }.
market-title = 24시간 거래대금 상위(전체 { $count }종목)
market-gainers = 24시간 상승률 상위
market-losers = 24시간 하락률 상위
market-nobody = 현재 없습니다.
market-more = 외 { $count }개가 더 있습니다. 이름을 더 입력하면 범위를 좁힐 수 있습니다.

## 주문
preview-title-buy = { $symbol } 매수 미리보기
preview-title-sell = { $symbol } 매도 미리보기
preview-partial = 현재 호가 잔량으로는 { $filled }까지만 체결되고, 나머지 { $unfilled } 물량은 취소됩니다.
preview-protected = 최우선 호가에 가까운 가격으로는 { $filled }까지만 체결되고(가격 보호), 나머지 { $unfilled } 물량은 취소됩니다.
preview-expires = 아직 주문되지 않았습니다. { $seconds }초 안에 확인해 주세요. 확인하는 순간의 시세로 체결됩니다.
size-bare = 단위 없는 숫자는 코인 수량이므로 { $quantity } 주문입니다. 금액으로 주문하려면 “{ $button }” 버튼을 누르세요.
preview-cancelled = 취소했습니다. 주문되지 않았습니다.
receipt-title-buy = 매수 체결: { $quantity }
receipt-title-sell = 매도 체결: { $quantity }
receipt-partial = 호가 잔량이 부족해 { $filled }만 체결되고, 나머지 { $unfilled } 물량은 취소되었습니다.
receipt-protected = 다음 호가가 최우선 호가에서 너무 멀어 { $filled }만 체결되고, 나머지 { $unfilled } 물량은 취소되었습니다(PROTECTION).
fills-from-book = 호가별 체결 내역:
fills-from-rule = 더 깊은 호가 정보가 없어 공개된 주문 규모 규칙에 따라 체결되었습니다.
fills-more = 외 호가 { $count }개

## 계좌
portfolio-title = 내 포트폴리오
portfolio-empty = 보유 중인 자산이 없습니다. /market 에서 종목을 둘러보세요.
portfolio-stale = 일부 시세가 지연되어 평가금액도 최신이 아닐 수 있습니다.
allocation-alt = 자산 구성: 현금 { $cash }, 보유 종목 { $count }개.
equity-alt = { $since } 이후 총자산 추이, 현재 { $equity }.
balance-title = 내 잔고
history-title = 거래 내역
history-empty = 거래 내역이 없습니다.
kind-buy = 매수
kind-sell = 매도
kind-grant = 지급
kind-reset = 초기화
reset-warning = 처음부터 다시 시작하면 현재 자산을 모두 반납합니다: 총자산 { $equity }, 보유 종목 { $positions }개, 손익 { $profit }. 이후 { $grant } 자금으로 새로 시작합니다. 거래 내역은 남지만 되돌릴 수는 없습니다.
reset-done = 초기화했습니다. { $grant } 자금으로 새로 시작합니다.

## 설정
settings-title = 내 설정
settings-ask-language = 어떤 언어를 사용할까요? 현재: { $current }
settings-ask-timezone = 어느 시간대를 사용할까요? 현재: { $current }. 다른 시간대는 /settings timezone Europe/Berlin 처럼 입력해 주세요.
settings-ask-confirm = 주문할 때마다 확인할까요? 현재: { $current }
settings-ask-theme = 어떤 차트 테마를 사용할까요? 현재: { $current }
settings-done = 저장했습니다. { $setting }: { $value }

## 선택
choice-language = 언어
choice-timezone = 시간대
choice-confirm = 주문 확인
choice-theme = 차트 테마
choice-en = English
choice-ko = 한국어
choice-on = 켜기
choice-off = 끄기
choice-dark = 어둡게
choice-light = 밝게
choice-movers = 등락 상위
choice-correlations = 상관관계
choice-search = 종목 검색
choice-buy = 매수
choice-sell = 매도
choice-max = 최대
choice-1m = 1분
choice-5m = 5분
choice-15m = 15분
choice-1h = 1시간
choice-4h = 4시간
choice-1d = 1일

## 버튼

button-as-it-is = 그대로 두기
button-buy = { $asset } 매수
button-buy-size = { $asset } { $size } 매수
button-cancel = 취소
button-chart = 차트
button-confirm = 확인
button-details = 상세 내역
button-help = 도움말
button-history = 거래 내역
button-keep = 그대로 두기
button-market = 시장
button-movers = 등락 상위
button-newest = 최신
button-older = 이전 내역
button-portfolio = 포트폴리오
button-preview-again = 다시 미리보기
button-receipt = 체결 상세 { $order_id }
button-refresh = 새로 고침
button-reset = 처음부터 다시 시작
button-settings = 설정
button-size-money = { $amount }어치로 변경
button-start = 계좌 개설
button-try-again = 다시 시도

## 항목
label-amount = 금액
label-amount-buy = 결제 금액
label-amount-sell = 매도 금액
label-ask = 매도 호가
label-asset = 자산
label-available = 주문 가능
label-average-cost = 매수평균가
label-average-price = 평균 체결가
label-balance = { $asset } 잔고
label-balance-after = 거래 후 { $asset } 잔고
label-bid = 매수 호가
label-cash = 현금
label-change = 24시간
label-done-quantity-buy = 매수 수량
label-done-quantity-sell = 매도 수량
label-done-amount-buy = 결제한 금액
label-done-amount-sell = 매도 금액
label-done-received-buy = 받은 수량
label-done-received-sell = 받은 금액
label-equity = 총자산
label-fee = 수수료
label-held = 거래 대기
label-high = 고가(24시간)
label-trade = 거래
label-low = 저가(24시간)
label-mid-price = 중간가
label-order = 주문번호
label-price = 현재가
label-price-age = 시세 경과 시간
label-price-time = 시세 시각
label-price-in = 가격({ $asset })
label-profit = 초기 자금 대비 손익
label-quantity = 수량
label-quantity-buy = 매수 수량
label-quantity-in = 수량({ $asset })
label-quantity-sell = 매도 수량
label-realised = 실현손익
label-fill-price = 체결가
label-received-buy = 받는 수량
label-received-sell = 받는 금액
label-slippage = 슬리피지
label-spread = 스프레드
label-symbol = 종목
label-time = 시각
label-total = 합계
label-unrealised = 평가손익
label-value = 평가금액
label-volume = 거래대금(24시간)
