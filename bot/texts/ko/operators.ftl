### 데스크 운영자가 할 수 있는 일.

command-status = 데스크 상태를 봅니다
    .about = 가동 시간, 시장과 시세가 얼마나 최신인지, 엔진의 응답 시간과 크기, 사람·계좌·오늘의 주문 수, 보낼 것이 얼마나 남았는지를 보여 줍니다.
    .examples = /status

command-broadcast = 모두에게 알립니다
    .about = 받는 사람이 보게 될 모습 그대로와 받을 사람 수를 먼저 보여 주고, 버튼을 누르면 한 번만 보냅니다. 각자의 개인 대화에 꾸밈없는 글로 가며, 진행 상황은 /status 에 나옵니다.
    .message = 보낼 글. 900자까지
    .examples = /broadcast 오늘 20시(UTC)에 서버를 옮깁니다. 10분쯤 뒤에 다시 열립니다.

command-halt = 모두의 거래를 멈춥니다
    .about = 그때부터 /resume 할 때까지 어느 프로세스도 주문을 받지 않으며, 다시 시작해도 그대로입니다. 시세, 차트, 알림은 계속됩니다. 거래하려는 사람에게는 사유가 보입니다.
    .reason = 사유. 모두가 읽습니다
    .examples =
        /halt
        /halt 거래소가 점검 중입니다

command-resume = 거래를 다시 엽니다
    .about = 거래 중지를 끝냅니다.
    .examples = /resume

command-ban = 이용을 막습니다
    .about = 그 사람의 명령에는 한 문장으로만 답하고, 더는 아무것도 보내지 않습니다. 계좌의 내용은 그대로 남습니다. 운영자는 막을 수 없습니다.
    .user = 누구: telegram:123, discord:456 또는 사람 번호
    .reason = 사유. 본인이 읽습니다
    .examples = /ban 1 도배

command-unban = 다시 이용하게 합니다
    .about = 이용 제한을 풉니다.
    .user = 누구: telegram:123, discord:456 또는 사람 번호
    .examples = /unban 1

command-audit = 장부 전체나 한 사람의 장부를 검증합니다
    .about = 사람을 적으면 그 사람의 계좌, 잔고, 최근 기록과 모든 숫자가 내역과 맞는지를 보여 줍니다. 적지 않으면 장부 전체를 뒤에서 검증합니다.
    .user = 누구: telegram:123, discord:456 또는 사람 번호
    .examples =
        /audit
        /audit 1

command-operations = 운영자가 한 일을 봅니다
    .about = 이 명령들을 누가 언제 어떻게 썼고 결과가 어땠는지, 최근 것부터 보여 줍니다.
    .examples = /operations

parameter-message = 내용
parameter-reason = 사유
parameter-user = 사용자

discord-command-status = 상태
discord-command-broadcast = 공지
discord-command-halt = 거래중지
discord-command-resume = 거래재개
discord-command-ban = 차단
discord-command-unban = 차단해제
discord-command-audit = 장부검증
discord-command-operations = 작업기록

help-operators = 운영자용
reference-operators = 운영자용
reference-operators-intro = 다른 사람에게는 없는 명령이며, 개인 대화에서만 쓸 수 있습니다. PAPERDESK_OPERATORS__TELEGRAM 과 PAPERDESK_OPERATORS__DISCORD 에 숫자 아이디로 정하고, 콘솔 앞에 앉은 사람도 운영자입니다. 쓸 때마다 기록됩니다.

## 상태
status-title = 데스크
label-version = 버전
label-uptime = 가동 시간
label-memory = 메모리
label-market = 시장
label-newest-price = 가장 최근 시세
label-symbols = 종목
label-postgres = PostgreSQL
label-redis = Redis
label-people = 사람
label-accounts = 계좌
label-orders-today = 오늘의 주문 (UTC)
label-outbox = 보낼 편지함
label-inbox = 받은 편지함
label-alerts = 기다리는 알림
label-trading = 거래
label-broadcast = 마지막 공지
status-symbols = 최신 { $fresh }, 오래됨 { $stale }, 시세 없음 { $silent }
status-engine = { $latency } ms, { $size }
status-down = 응답이 없습니다
status-people = { $people } (이용 제한 { $banned })
status-waiting = { $count }개 대기
status-outbox = 대기 { $pending }, 보내는 중 { $sending }, 보냄 { $sent }, 불확실 { $uncertain }, 실패 { $dead }
status-broadcast = { $chats }명 중 { $sent }명에게 보냄, 대기 { $waiting }, 전하지 못함 { $lost }
status-open = 열려 있음
status-halted = { $since }부터 중지: { $reason }

## 공지
push-broadcast-title = 데스크에서 알려 드립니다
broadcast-preview = { $count ->
    [0] 지금은 받을 수 있는 사람이 없습니다.
   *[other] { $count }명이 개인 대화에서 이렇게 받게 됩니다:
}
broadcast-expires = 버튼은 { $minutes }분 안에 한 번만 쓸 수 있습니다.
broadcast-sent = { $count }명에게 보내고 있습니다. 진행 상황은 /status 에 나옵니다.
broadcast-dropped = 공지를 지웠습니다. 아무에게도 가지 않았습니다.
button-broadcast-send = 모두에게 보내기
button-broadcast-drop = 지우기

## 거래 중지
halt-done = 모두의 거래를 멈췄습니다. /resume 할 때까지 주문을 받지 않습니다.
halt-already = 같은 사유로 이미 멈춰 있습니다.
resume-done = 거래를 다시 열었습니다.
resume-already = 거래는 열려 있었습니다.
button-resume = 거래 다시 열기
button-status = 상태

## 이용 제한
ban-done = { $person }번 사람의 이용을 막았습니다. 계좌는 그대로 남습니다.
unban-done = { $person }번 사람이 다시 이용할 수 있습니다.
unban-none = { $person }번 사람은 막혀 있지 않았습니다.

## 검증
audit-title = { $person }번 사람
audit-no-accounts = 계좌가 없습니다.
audit-account = { $market } 시장의 계좌 { $account }
audit-clean = 모든 숫자가 내역과 맞습니다.
audit-broken = 내역과 맞지 않는 숫자가 { $count }개 있습니다:
audit-all-clean = 장부에 이상이 없습니다.
audit-all-broken = 장부에서 { $count }곳이 맞지 않습니다:
audit-all-running = 장부 전체를 { $age }째 검증하고 있습니다. 그동안에도 다른 일은 계속됩니다.
audit-all-failed = 장부 전체의 검증을 끝내지 못했습니다: { $why }
audit-all-slow = 장부 전체의 검증을 { $age } 만에 그만두었습니다. “paperdesk audit”은 필요한 만큼 시간을 씁니다.
button-audit-result = 결과 보기
label-account-round = 회차
label-granted = 지급액
label-opened = 개설
label-entries = 기록
label-duration = 걸린 시간
label-entry = 기록

## 기록
operations-title = 운영자가 한 일
operations-none = 아직 없습니다.
label-operator = 누가
label-line = 명령
label-result = 결과

## 오류
error-trading-halted = { $reason ->
    [none] 지금은 거래를 잠시 멈추었습니다. 주문하지 않았고 계좌는 그대로입니다. 시세, 차트, 알림은 계속 쓰실 수 있어요.
   *[other] 지금은 거래를 잠시 멈추었습니다: { $reason }. 주문하지 않았고 계좌는 그대로입니다. 시세, 차트, 알림은 계속 쓰실 수 있어요.
}
error-banned = { $reason ->
    [none] 지금은 이 데스크를 이용하실 수 없습니다.
   *[other] 지금은 이 데스크를 이용하실 수 없습니다: { $reason }
}
error-only-in-private = 개인 대화에서만 쓸 수 있는 명령입니다.
error-not-a-person = “{ $text }”은(는) 사람을 가리키지 않습니다. telegram:123, discord:456 또는 사람 번호를 적어 주세요.
error-unknown-person = 여기에 “{ $text }”에 해당하는 사람이 없습니다. telegram:123, discord:456 또는 사람 번호를 적어 주세요.
error-operator-protected = { $text }은(는) 이 데스크의 운영자라서 막을 수 없습니다.
error-broadcast-gone = 이미 보냈거나 지운 공지이거나 시간이 지났습니다. /broadcast 로 새로 미리 보기를 만들어 주세요.
error-text-too-long = { $length }자입니다. { $limit }자까지 쓸 수 있습니다.
error-too-long-to-audit = 기록이 { $limit }개를 넘어 기다리시는 동안 검증하기에는 너무 많습니다. “paperdesk audit”은 필요한 만큼 시간을 씁니다.
