### 보관하는 목표 비중.

discord-command-rebalance = 리밸런싱
discord-option-target = 목표
words-rebalance = 리밸런싱, 목표비중
phrases-rebalance = 포트폴리오 리밸런싱, 비중 맞추기
command-rebalance = 목표 비중을 정해 두고, 벗어난 정도를 확인하고 다시 맞춥니다
    .about = 원하는 비중을 목표로 저장합니다. 합계가 100%에 못 미치는 나머지는 현금입니다. “현금 제외”를 붙이면 종목에 들어 있는 금액만 나눕니다. 비중마다 벗어난 정도와 다시 맞추는 주문을 보여 주며, 한 번 확인하면 모두 실행합니다. 비중이 허용폭(기본 5%p)을 벗어나면 한 번 알려 드리며, 매시간 확인합니다. 주기를 정하면 그 시각에 허용폭을 벗어난 경우에만 한도 안에서 자동으로 주문합니다. “수동”은 주기를 끝내고 “해제”는 목표를 삭제합니다.
    .target = { COIN() } 50% { COIN(2) } 30% 같은 비중, 허용 3%, 매주 월 9:00, 수동 또는 해제
    .examples =
        /rebalance { COIN() } 50% { COIN(2) } 30%
        /rebalance
        /rebalance { COIN() } 60% { COIN(2) } 40% 현금 제외 허용 3%
        /rebalance 매주 월 9:00
        /rebalance 수동
parameter-target = 종목 비중 … 허용 폭
rebalance-title = 목표 비중과 현재 비중
rebalance-none = 아직 목표 비중이 없습니다. /rebalance { COIN() } 50% { COIN(2) } 30%처럼 입력하면 나머지는 현금입니다. /optimize 명령으로 비중을 계산해 목표로 저장할 수도 있습니다.
rebalance-saved = 목표 비중을 저장했습니다.
rebalance-kept = 이 비중을 목표로 저장했습니다. 많이 벗어나면 알려 드립니다.
rebalance-removed = 목표 비중과 주기를 삭제했습니다. 보유 자산은 그대로입니다.
rebalance-outside = 허용폭(±{ $band })을 벗어난 종목: { $coins }
rebalance-inside = 모든 비중이 목표에서 ±{ $band } 안에 있습니다.
rebalance-stale = 시세가 없거나 지연되어 지금은 벗어난 정도를 알 수 없습니다.
rebalance-nothing = 이 종목을 보유하고 있지 않아 나눌 금액이 없습니다. 현금을 포함하거나 먼저 한 종목을 매수해 주세요.
rebalance-manual = 자동으로 주문하지 않습니다. /rebalance 매주 월 9:00처럼 입력하면 그 시각에 허용폭을 벗어난 경우 주문합니다.
rebalance-scheduled = 허용폭을 벗어나면 { $rhythm }({ $timezone }) 자동으로 주문합니다. 다음: { $moment }
label-rebalance-drift = 차이
button-rebalance = 리밸런싱
button-rebalance-keep = 이 비중을 목표로 저장
button-rebalance-weekly = 매주 월요일 9:00
button-rebalance-manual = 주기 해제
button-rebalance-band = 허용폭 ±{ $band }
button-rebalance-with-cash = 현금 포함
button-rebalance-without-cash = 현금 제외
button-rebalance-remove = 목표 삭제
notice-drift = 목표 비중 이탈
push-rebalance-title = 비중이 허용폭을 벗어났습니다
push-rebalance-failed = { $day } 리밸런싱을 실행하지 못했습니다
push-rebalance-missed = { $day } 리밸런싱 시각에 오프라인이었고, 이제는 너무 늦어 실행하지 않습니다
push-rebalance-next = 다음: { $moment }
push-rebalance-ended = 3회 연속 실패하여 주기를 해제했습니다. 목표 비중은 그대로입니다.
error-no-target = 아직 목표 비중이 없습니다. /rebalance { COIN() } 50% { COIN(2) } 30%처럼 원하는 비중을 입력해 주세요.
error-weight-twice = { $symbol } 비중이 두 번 입력되었습니다. 종목마다 한 번만 입력해 주세요.
error-weights-above-one = 비중의 합계({ $share })가 100%를 넘습니다. 비중을 낮춰 주세요.
error-weights-below-one = 비중의 합계가 { $share }입니다. 현금을 제외하려면 합계가 100%여야 합니다.
error-band-out-of-range = “{ $text }” 값은 허용폭으로 쓸 수 없습니다. 0.1%에서 100% 사이로 입력해 주세요. 예: 허용 5%
