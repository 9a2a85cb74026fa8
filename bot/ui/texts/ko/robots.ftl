### 로봇: 규칙에 따라 모의로 거래합니다.

discord-command-robot = 로봇
command-robot = 전략이 계좌의 일부로 모의 거래하게 합니다
    .about = 로봇은 마감된 캔들에서 저장된 전략을 따르고, 마감 직후 첫 시세로 예산 안에서만 거래합니다. 내 한도가 그대로 적용되며 주문마다 체결 내역이 남습니다. 서비스가 다시 시작되어도 이어서 실행하지만, 놓친 캔들은 뒤늦게 거래하지 않습니다. 인자 없이 입력하면 로봇 목록을 보여 주며, 일시 정지, 재개, 중지하거나 백테스트와 비교할 수 있습니다. 규칙은 /strategy 에서 저장합니다.
    .strategy = 내 전략 이름, 또는 로봇 번호
    .budget = 최대로 쓸 금액. 1000{ $unit }, 또는 주문 가능 금액의 10%
    .examples =
        /robot

parameter-budget = 예산
parameter-strategy = 전략
parameter-robot_id = 번호

## 시작
robot-preview-title = “{ $name }” 전략을 모의로 실행할까요?
robot-ask-budget = “{ $name }” 전략이 얼마까지 쓸 수 있나요? 비율을 선택하거나 금액을 입력해 주세요.
robot-preview-about = 모두 { $budget }{ JOSA($budget, "과/와") } 매도로 들어온 금액까지만 씁니다. 금액을 묶어 두지 않으며 계좌를 내 주문과 함께 씁니다. 손절과 익절 주문은 /orders 에 표시됩니다.
robot-preview-limits = { $count ->
    [0] 설정한 한도가 없습니다. /limits 에서 설정하면 로봇도 지킵니다.
   *[other] 한도 { $count }개가 적용됩니다. 한도에 걸린 매수는 로봇을 일시 정지합니다.
}
robot-started = 시작했습니다: { $name }. 첫 캔들 마감: { $moment }
robot-started-about = 주문이 체결되거나 로봇이 멈추면 알려 드립니다.

## 조회
robots-title = 로봇
robots-none = 로봇이 없습니다. /strategy 에서 규칙을 저장한 뒤 카드의 “모의 실행”을 눌러 주세요.
robots-about = 시작 이후 손익이며, 보유 중인 포지션은 현재가로 계산하고 수수료를 포함합니다.
robot-title = 로봇 { $name }
robot-state-running = 실행 중
robot-state-paused = 일시 정지
robot-state-stopping = 중지하는 중
robot-state-stopped = 중지됨
robot-state-ended = 종료됨
robot-reason-user = 직접 설정
robot-reason-limit = 한도 도달
robot-reason-funds = 주문 가능 금액 부족
robot-reason-coins = 매도할 수량 부족
robot-reason-refused = 주문 거부
robot-reason-late = 캔들 마감 후 제때 시세가 없음
robot-reason-gone = 이미 매도됨
robot-reason-unprotected = 손절 주문 없음
robot-reason-linked = 계정 연결
robot-reason-parted = 계정 연결을 되돌림
robot-reason-sold = 포지션 매도
robot-reason-kept = 포지션 유지
robot-reason-delisted = 상장 폐지
robot-reason-reset = 계좌 초기화
robot-reason-action = 종목 변경
robot-reason-corrected = 운영자가 주문을 되돌림
robot-reason-uncomputed = 규칙을 계산할 수 없음
robot-reason-unreadable = 규칙을 읽을 수 없음
robot-of-strategy = 로봇 { $name }: { $state }, { $profit }
robot-no-position = 없음
robot-position = { $held }, 진입가 { $price }
robot-protected = 주문 { $orders }

## 기록
robot-log-title = 로봇 { $name } 기록
robot-log-trade = { $side ->
    [buy] { $quantity } 매수, { $price } (주문 { $order })
   *[sell] { $protective ->
        [yes] 손절 또는 익절: { $quantity } 매도, { $price } (주문 { $order })
       *[no] { $quantity } 매도, { $price } (주문 { $order })
    }
}
robot-log-missed = 캔들 { $count }개를 놓쳤습니다. 뒤늦게 거래하지 않습니다.
robot-log-dropped = 주문하지 않음: { $reason }

## 비교
robot-compare-title = 로봇 { $name }{ JOSA($name, "과/와") } 백테스트
robot-compare-same = 주문 { $count }건 중 { $same }건이 캔들, 수량, 가격까지 같습니다.
robot-compare-profit = 실현 손익: 로봇 { $forward }, 백테스트 { $tested }
robot-compare-none = 로봇도 백테스트도 아직 거래하지 않았습니다.
robot-compare-about = 백테스트는 같은 규칙과 예산을 같은 캔들(준비 구간을 포함해 { $candles }개)에 적용합니다. 일시 정지, 놓친 캔들, 실시간 호가는 반영하지 않습니다.

## 변경
robot-did-pause = 일시 정지했습니다: { $name }. 주문하지 않으며, 포지션의 손절과 익절 주문은 남아 있습니다.
robot-did-resume = 재개했습니다: { $name }. 다음에 마감되는 캔들부터 거래합니다.
robot-ask-stop = { $name }{ JOSA($name, "이/가") } { $held }{ JOSA($held, "을/를") } 보유하고 있습니다. 매도할까요, 유지할까요?
robot-ask-stop-about = 매도하면 손절과 익절 주문을 취소하고 시장가로 팝니다. 유지하면 수량과 주문이 그대로 남습니다.
robot-did-stop = { $done ->
    [sell] { $name }{ JOSA($name, "을/를") } 중지하고 포지션을 매도합니다. 체결되면 알려 드립니다.
    [keep] { $name }{ JOSA($name, "을/를") } 중지합니다. 보유 수량과 손절, 익절 주문은 그대로 남습니다.
   *[none] { $name }{ JOSA($name, "을/를") } 중지합니다.
}

## 알림
push-robot-paused = 로봇 { $name }{ JOSA($name, "을/를") } 일시 정지했습니다
push-robot-stopped = 로봇 { $name }{ JOSA($name, "을/를") } 중지했습니다
push-robot-ended = 로봇 { $name }{ JOSA($name, "이/가") } 종료되었습니다
push-robot-why-limit = 한도에 걸려 매수하지 못했습니다.
push-robot-why-funds = 주문 가능 금액이 부족해 매수하지 못했습니다.
push-robot-why-coins = 매도할 수량이 없습니다. 이미 매도했거나 다른 주문에 묶여 있습니다.
push-robot-why-refused = 주문이 거부되었습니다.
push-robot-why-unprotected = 포지션에 손절이나 익절 주문이 없습니다. 주문이 끝났거나 넣을 수 없었습니다. 재개하면 다시 넣습니다.
push-robot-why-linked = 계좌가 다른 계정과 연결되었습니다. 계속하려면 재개해 주세요.
push-robot-why-parted = 다른 계정과의 연결을 되돌렸습니다.
push-robot-why-sold = 요청대로 중지하고 포지션을 매도했습니다.
push-robot-why-kept = 요청대로 중지했습니다. 보유 수량과 손절, 익절 주문은 그대로 남아 있습니다.
push-robot-why-delisted = 종목이 상장 폐지되었습니다.
push-robot-why-reset = 계좌가 초기화되었습니다.
push-robot-why-action = 종목의 이름이나 단위가 바뀌었거나 거래가 종료되었습니다. 바뀐 자산은 계좌에 있습니다.
push-robot-why-corrected = 운영자가 로봇의 주문 하나를 되돌렸습니다.
push-robot-why-uncomputed = 캔들에서 규칙을 계산할 수 없어 매수도 매도도 결정하지 못합니다. /orders 의 손절과 익절 주문은 남아 있습니다. 다시 시도하려면 로봇을 재개해 주세요.
push-robot-why-unreadable = 이 버전에서는 로봇이나 로봇의 규칙을 읽을 수 없습니다. 보유 수량은 계좌에 그대로 있습니다. 로봇을 중지하고 새로 시작해 주세요.
push-robot-holds = 보유 수량: { $held }
push-robot-profit = 지금까지 실현 손익: { $profit }

## 버튼, 이름
button-strategy-robot = 모의 실행
button-robots = 로봇 목록
button-robot = 로봇 { $number }
button-robot-pause = 일시 정지
button-robot-resume = 재개
button-robot-stop = 중지
button-robot-log = 기록
button-robot-compare = 비교
button-robot-sell = 중지하고 { $asset } 매도
button-robot-keep = 중지하고 { $asset } 유지
label-robot = 로봇
label-robot-market = 종목
label-robot-state = 상태
label-robot-budget = 예산
label-robot-cash = 남은 예산
label-robot-position = 포지션
label-robot-protection = 손절·익절
label-robot-profit = 손익
label-robot-trades = 주문 수
label-robot-event = 내용
label-robot-side = 구분
label-robot-forward = 로봇
label-robot-tested = 백테스트

## 오류
error-too-many-robots = 실행 중이거나 일시 정지한 로봇은 최대 { $limit }개입니다. /robot 에서 하나를 중지해 주세요.
error-robots-too-costly = 이 로봇까지 더하면 로봇들의 계산량이 사용자 한 명에게 허용된 한도의 { $percent }%입니다. /robot 에서 하나를 중지하거나 지표 수나 지표 기간을 줄여 주세요.
error-unknown-robot = { $robot_id }번 로봇이 없습니다. /robot 에서 목록을 확인해 주세요.
error-robot-ended = { $robot_id }번 로봇은 이미 중지되어 바꿀 수 없습니다. /robot 에서 목록을 확인해 주세요.
error-budget-out-of-range = 로봇 예산은 { $least } 이상, 주문 가능 금액인 { $most } { $asset } 이하여야 합니다.
error-over-budget = 로봇의 예산보다 큰 주문이라 넣지 않았습니다.
error-not-next-step = 그사이 로봇이 바뀌어 이 주문을 넣지 않았습니다.
