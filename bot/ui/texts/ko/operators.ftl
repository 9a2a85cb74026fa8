### 운영자 명령.

command-status = Paperdesk 상태를 봅니다
    .about = 가동 시간, 시장과 시세 상태, 데이터베이스의 응답 시간과 크기, 사용자·계좌·오늘의 주문 수, 대기 중인 메시지 수를 보여 줍니다.
    .examples = /status

command-broadcast = 모든 사용자에게 공지를 보냅니다
    .about = 사용자가 보게 될 모습, 받을 사용자 수, 받지 못하는 사용자 수와 이유를 먼저 보여 주고, 버튼을 누르면 한 번만 보냅니다. 각자의 1:1 채팅에 서식 없는 텍스트로 보냅니다. 줄바꿈은 유지되며, 한 줄만 입력할 수 있는 곳에서는 \n 으로 줄을 바꿉니다. 진행 상황은 /status 에 나옵니다.
    .message = 보낼 내용. 최대 900자
    .examples = /broadcast 오늘 20시(UTC)에 서버를 이전합니다. 10분 뒤에 다시 이용할 수 있습니다.

command-halt = 모든 사용자의 거래를 중지합니다
    .about = /resume 할 때까지 어느 프로세스도 주문을 받지 않으며, 다시 시작해도 유지됩니다. 시세, 차트, 알림은 계속됩니다. 거래하려는 사용자에게 사유가 표시됩니다.
    .reason = 모두에게 표시되는 사유
    .examples =
        /halt
        /halt 거래소가 점검 중입니다

command-resume = 거래를 재개합니다
    .about = 거래 중지를 해제합니다.
    .examples = /resume

command-ban = 사용자를 차단합니다
    .about = 차단된 사용자의 명령에는 한 문장으로만 답변하고 알림을 보내지 않습니다. 계좌는 그대로 유지됩니다. 운영자는 차단할 수 없습니다.
    .user = telegram:123, discord:456 또는 사용자 번호
    .reason = 사용자에게 표시되는 사유
    .examples = /ban 1 도배

command-unban = 사용자 차단을 해제합니다
    .about = 차단을 해제합니다.
    .user = telegram:123, discord:456 또는 사용자 번호
    .examples = /unban 1

command-audit = 원장 전체나 한 사용자의 원장을 검증합니다
    .about = 사용자를 입력하면 계좌, 잔고, 최근 기록과 모든 숫자가 내역과 일치하는지 보여 줍니다. 입력하지 않으면 원장 전체를 백그라운드에서 검증합니다.
    .user = telegram:123, discord:456 또는 사용자 번호
    .examples =
        /audit
        /audit 1

command-adminlog = 운영자 작업 기록을 봅니다
    .about = 운영자 명령의 사용자, 시각, 내용, 결과를 최근 것부터 보여 줍니다.
    .examples = /adminlog

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
discord-command-adminlog = 작업기록

reference-operators = 운영자 명령
reference-operators-intro = 운영자에게만 보이며 1:1 채팅에서만 사용할 수 있습니다. PAPERDESK_OPERATORS__TELEGRAM 과 PAPERDESK_OPERATORS__DISCORD 에 숫자 ID로 지정하며, 콘솔 사용자도 운영자입니다. 모든 사용은 기록됩니다.

## 상태
status-title = 시스템 상태
label-version = 버전
label-uptime = 가동 시간
label-memory = 메모리
label-market = 시장
label-newest-price = 최근 시세
label-symbols = 종목
label-postgres = PostgreSQL
label-redis = Redis
label-people = 사용자
label-accounts = 계좌
label-orders-today = 오늘의 주문 (UTC)
label-outbox = 보낼 메시지
label-inbox = 받은 메시지
label-alerts = 설정된 알림
label-trading = 거래
label-broadcast = 마지막 공지
status-symbols = 최신 { $fresh }, 지연 { $stale }, 시세 없음 { $silent }
status-engine = { $latency } ms, { $size }
status-down = 응답 없음
status-platform-running = 작동 중{ $restarts ->
    [0] { "" }
   *[other] { "" }, 재시작 { $restarts }회
}
status-platform-restarting = { $reason } 오류로 다시 시작하는 중 (재시작 { $restarts }회)
status-platform-stopped = { $reason } 오류로 중지되었습니다. 로그를 확인해 주세요.
status-people = { $people } (차단 { $banned })
status-waiting = { $count }개 대기
status-outbox = 대기 { $pending }, 전송 중 { $sending }, 전송됨 { $sent }, 불확실 { $uncertain }, 실패 { $dead }
status-broadcast = { $chats }명 중 { $sent }명에게 전송, 대기 { $waiting }, 실패 { $lost }
status-open = 거래 중
status-halted = { $since }부터 중지: { $reason }

## 공지
push-broadcast-title = 운영자 공지
broadcast-preview = { $count ->
    [0] 현재 받을 수 있는 사용자가 없습니다.
   *[other] { $count }명이 1:1 채팅에서 다음과 같이 받게 됩니다:
}
broadcast-direct = 이 중 { $count }명은 Discord 서버에서만 봇을 사용해 다이렉트 메시지(DM)로 받습니다. 메시지를 허용하지 않은 사용자는 받지 못합니다.
broadcast-missed-group = 받지 못함: 그룹에서만 봇을 사용한 { $count }명. 먼저 봇과 1:1 채팅을 시작해야 합니다.
broadcast-missed-blocked = 받지 못함: 봇을 차단했거나 메시지를 허용하지 않은 { $count }명.
broadcast-missed-off = 받지 못함: /notifications 에서 공지를 끈 { $count }명.
broadcast-missed-banned = 받지 못함: 차단된 { $count }명.
broadcast-missed-unknown = 받지 못함: 1:1 채팅이 없는 { $count }명.
broadcast-expires = 버튼은 { $minutes }분 안에 한 번만 사용할 수 있습니다.
broadcast-sent = { $count }명에게 보내고 있습니다. 진행 상황은 /status 에 나옵니다.
broadcast-dropped = 공지를 삭제했습니다. 아무에게도 보내지 않았습니다.
button-broadcast-send = 모두에게 보내기
button-broadcast-drop = 삭제

## 거래 중지
halt-done = 모든 사용자의 거래를 중지했습니다. /resume 할 때까지 주문을 받지 않습니다.
halt-already = 같은 사유로 이미 중지되어 있습니다.
resume-done = 거래를 재개했습니다.
resume-already = 거래가 중지되어 있지 않습니다.
button-resume = 거래 재개
button-status = 상태

## 이용 제한
ban-done = { $person }번 사용자를 차단했습니다. 계좌는 그대로 유지됩니다.
unban-done = { $person }번 사용자의 차단을 해제했습니다.
unban-none = { $person }번 사용자는 차단되어 있지 않습니다.

## 검증
audit-title = { $person }번 사용자
audit-no-accounts = 계좌가 없습니다.
audit-account = { $market } 시장의 계좌 { $account }
audit-clean = 모든 숫자가 내역과 일치합니다.
audit-broken = 내역과 일치하지 않는 숫자가 { $count }개 있습니다:
audit-all-clean = 원장에 이상이 없습니다.
audit-all-broken = 원장에서 { $count }곳이 일치하지 않습니다:
audit-all-running = 원장 전체를 { $age }째 검증하고 있습니다. 다른 기능은 계속 사용할 수 있습니다.
audit-all-failed = 원장 전체 검증에 실패했습니다: { $why }
audit-all-slow = 원장 전체 검증을 { $age } 만에 중단했습니다. “paperdesk audit”에는 시간 제한이 없습니다.
button-audit-result = 결과 보기
label-account-round = 회차
label-granted = 지급액
label-opened = 개설
label-entries = 기록
label-uncompared-orders = 시세 기록이 없는 주문
label-duration = 소요 시간
label-entry = 기록

## 기록
operations-title = 운영자 작업 기록
operations-none = 작업 기록이 없습니다.
label-operator = 운영자
label-line = 명령
label-result = 결과

## 오류
error-trading-halted = { $reason ->
    [none] 현재 거래가 중지되었습니다. 주문되지 않았으며 계좌는 그대로입니다. 시세, 차트, 알림은 계속 사용할 수 있습니다.
   *[other] 현재 거래가 중지되었습니다: { $reason }. 주문되지 않았으며 계좌는 그대로입니다. 시세, 차트, 알림은 계속 사용할 수 있습니다.
}
error-banned = { $reason ->
    [none] 이용이 제한된 계정입니다. 데이터 내려받기와 삭제는 /privacy 에서 할 수 있습니다.{ $joins ->
        [1] {" "}다른 계정과 연결한 지 하루가 지나지 않았으므로 /unlink 로 본인 계정을 되찾을 수 있습니다.
       *[other] {""}
    }
   *[other] 이용이 제한된 계정입니다(사유: { $reason }). 데이터 내려받기와 삭제는 /privacy 에서 할 수 있습니다.{ $joins ->
        [1] {" "}다른 계정과 연결한 지 하루가 지나지 않았으므로 /unlink 로 본인 계정을 되찾을 수 있습니다.
       *[other] {""}
    }
}
error-only-in-private = 1:1 채팅에서만 사용할 수 있는 명령입니다.
error-not-a-person = “{ $text }”{ JOSA($text, "은/는") } 올바른 사용자가 아닙니다. telegram:123, discord:456 또는 사용자 번호를 입력해 주세요.
error-unknown-person = “{ $text }”에 해당하는 사용자가 없습니다. telegram:123, discord:456 또는 사용자 번호를 입력해 주세요.
error-operator-protected = { $text }{ JOSA($text, "은/는") } 운영자이므로 차단할 수 없습니다.
error-broadcast-expired = 이미 보냈거나 삭제했거나 만료된 공지입니다. /broadcast 를 다시 입력해 새 미리보기를 확인해 주세요.
error-text-too-long = { $length }자입니다. 최대 { $limit }자까지 입력할 수 있습니다.
error-too-long-to-audit = 기록이 { $limit }개를 넘어 여기에서 검증하기에는 너무 많습니다. “paperdesk audit”를 사용해 주세요.
