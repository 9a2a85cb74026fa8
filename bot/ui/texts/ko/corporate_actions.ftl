### 보류된 종목과 종목 변경 처리.

kind-action = 종목 변경 처리
push-held-title = { $symbol } 거래 보류
push-held = { $known ->
    [yes] { $symbol } 종목이 거래 중단 후 이전 가격 { $price }에서 크게 벗어난 가격으로 재개되었습니다. 다른 코인일 수 있어 운영자가 판단할 때까지 거래, 체결, 알림이 보류됩니다. 보유 수량은 이전 가격으로 평가됩니다.
   *[no] 운영자가 { $symbol } 종목을 보류했습니다. 운영자가 판단할 때까지 거래, 체결, 알림이 보류됩니다. 보유 수량은 마지막 가격으로 평가됩니다.
}
push-action-title = { $what ->
    [rename] { $symbol } 종목명 변경
    [redenomination] { $symbol } 액면 변경
    [conversion] { $symbol } 코인 전환
   *[delisting] { $symbol } 거래 지원 종료 및 정산
}
push-action-became = { $given } → { $became }. 평균 단가도 함께 변경됩니다.
push-action-orders = 거래소와 같은 방식으로 { $symbol } 미체결 주문 { $count }건이 취소되었고, 묶였던 금액은 다시 사용할 수 있습니다.
push-action-alerts = { $symbol } 알림과 정기 매수 { $count }건이 종료되었습니다. 이전 코인의 가격을 기준으로 한 설정이므로 필요하면 다시 설정해 주세요.

## 명령줄
error-action-refused = { $why ->
    [reused] 조건이 다른 { $action } 처리가 이미 있습니다. 다른 이름을 사용하거나, 이어서 처리하려면 같은 조건을 입력해 주세요.
    [undone] { $action } 처리는 취소되었습니다. 다른 이름을 사용해 주세요.
    [not-held] 보류된 종목이 아닙니다. 먼저 `paperdesk corporate-action hold SYMBOL`로 보류해 주세요.
    [fresh] 보류한 지 15초가 지나지 않았습니다. 모든 프로세스에 반영된 뒤 다시 시도해 주세요.
    [busy] 이 종목에 끝나지 않은 처리가 있습니다. `paperdesk corporate-action list`에서 확인해 먼저 마쳐 주세요.
   *[other] { $action } 처리가 없습니다. `paperdesk corporate-action list`에서 확인해 주세요.
}
error-not-an-action = { $what ->
    [id] 처리 이름은 영문 소문자, 숫자, 점, 대시로 60자까지 입력해 주세요. 예: luna-2022
    [ratio] --ratio는 액면 변경(1 제외), 전환, 종목명 변경에만 0보다 큰 수로 입력해 주세요. 예: 1000, 0.001
    [into] --into는 종목명 변경과 전환에만 다른 종목으로 입력해 주세요.
    [asset] --asset은 종목명 변경과 전환에만 --into 종목의 코인으로 입력해 주세요.
    [price] --price는 거래 지원 종료에만 입력해 주세요. 예: 0.05
    [market] --market을 입력해 주세요. 이 종목은 여러 시장에 있거나 어느 시장에도 없습니다. `paperdesk corporate-action list`에서 확인할 수 있습니다.
   *[symbol] 거래소 표기대로 종목을 입력해 주세요. 예: LUNAUSDT
}
cli-action-dry-run = 변경된 내용은 없습니다. { $symbol } { $action } 처리 대상: 계좌 { $accounts }개(총 { $quantity }), 미체결 주문 { $orders }건, 알림과 정기 매수 { $alerts }건. 실행하려면 --confirm을 추가해 주세요.
cli-action-done = { $action } 처리를 마쳤습니다. 계좌 { $accounts }개. { $symbol } 보류를 해제했습니다.
cli-action-undo-dry-run = 변경된 내용은 없습니다. { $action } 처리를 취소하면 계좌 { $accounts }개의 분개가 취소됩니다. 실행하려면 --confirm을 추가해 주세요.
cli-action-undone = { $action }: 분개 { $accounts }건을 취소했습니다. { $left ->
    [0] 남은 분개가 없습니다.
   *[other] { $left }건은 취소하지 못했습니다. 아래 계좌를 `paperdesk adjust`로 정정하거나, 부족한 수량을 채운 뒤 다시 실행해 주세요.
}
cli-action-left = { $why ->
    [short] 계좌 { $account }: 받은 수량을 이미 사용하여 { $missing } { $asset } 부족
    [grant] 계좌 { $account }: 취소하면 지급액이 남지 않음
    [merged] 계좌 { $account }: { $target }번 계좌와 합쳐져 받은 수량이 그 계좌에 있음
    [closed] 계좌 { $account }: 해지됨
    [round] 계좌 { $account }: 초기화되어 남은 수량이 없음
   *[action] 계좌 { $account }: 이후 처리 { $asset }{ JOSA($asset, "으로/로") } 다시 변경됨. 이후 처리를 먼저 취소해야 함
}
cli-action-held = 지금부터 { $symbol } 종목을 보류합니다.
cli-action-held-already = 이미 보류된 종목입니다: { $symbol }
