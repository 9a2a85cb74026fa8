### 여러 플랫폼의 한 사람, 그리고 보관하는 정보.

command-link = Telegram과 Discord에서 한 계좌를 함께 씁니다
    .about = 일회용 코드를 드립니다. 다른 플랫폼에서 그 코드를 입력하고 어떻게 되는지 확인하시면, 두 곳에서 한 계좌를 쓰는 한 사람이 됩니다.
    .code = 다른 플랫폼에서 받은 코드. 적지 않으면 여기서 코드를 드립니다
    .examples = /link

command-unlink = 연결된 계좌에서 이 플랫폼을 뺍니다
    .about = 이 플랫폼은 계좌에서 빠지고 처음부터 새로 시작합니다. 계좌는 다른 플랫폼에 그대로 남습니다.
    .examples = /unlink

command-privacy = 보관 중인 내 정보를 보고, 내려받고, 삭제합니다
    .about = 무엇을 얼마나 오래 보관하는지 쉬운 말로 알려 드립니다. 버튼으로 전부 파일로 받거나 삭제할 수 있습니다.
    .examples = /privacy

parameter-code = 코드
parameter-code_id = 연결번호
parameter-person_id = 사람번호

## 연결
platform-telegram = Telegram
platform-discord = Discord
platform-console = 콘솔
link-title = 일회용 코드
link-code = { $code }
link-how =
    다른 플랫폼에서 이 봇과의 개인 대화에 이렇게 적어 주세요:
    { $line }
    Telegram에서는 이렇게 하셔도 됩니다:
    { $start }
link-secret = { $minutes }분 동안 한 번만 쓸 수 있습니다. 아무에게도 보여 주지 마세요. 코드를 입력한 사람은 내 계좌를 함께 쓰겠다고 요청할 수 있습니다. /link 를 다시 쓰면 이 코드는 사라집니다.
link-preview-title = 한 사람으로 연결할까요?
link-preview-theirs = 코드를 만든 사람
link-preview-mine = 여기의 나
link-account = { $market } { $quote }
link-account-equity = 평가액 { $equity }, 포지션 { $positions }개, 거래 { $trades }건
link-account-cash = 현금 { $cash }, 포지션 { $positions }개, 거래 { $trades }건
link-no-account = 아직 없음
link-collected = 알림 { $alerts }개, 관심 종목 { $watched }개
link-explain-merge = 합치기: 여기 있는 것이 모두 상대 계좌에 더해집니다. 포지션의 매입 원가는 그대로이고 지급금도 더해지므로, 손익은 두 계좌의 합과 같습니다. 합친다고 얻거나 잃는 것은 없습니다.
link-explain-move = 옮기기: 앞으로 상대 계좌를 씁니다. 여기 계좌는 닫히고 다시 열 수 없으며, 안에 있는 것은 모두 반납됩니다.
link-explain-rest = 어느 쪽이든 알림, 관심 종목, 알림을 받는 대화는 함께 옮겨집니다. 설정은 상대의 것을 따릅니다.
link-explain-empty = 여기에는 계좌가 없어 고를 것이 없습니다. 앞으로 상대 계좌를 쓰며 알림, 관심 종목, 대화는 함께 옮겨집니다.
link-preview-warning = 이 코드를 직접 만드셨을 때만 계속해 주세요. 연결된 사람은 모두 같은 돈을 보고 거래합니다. 되돌릴 수 없으며 /unlink 로 나갈 수만 있습니다.
link-done-merge = 연결했습니다. 이제 { $platforms }에서 한 사람이며, 여기 있던 것은 계좌에 합쳐졌습니다.
link-done-move = 연결했습니다. 이제 { $platforms }에서 한 사람이며, 여기 있던 계좌는 닫혔습니다.
link-cancelled = 취소했습니다. 아무것도 연결되지 않았고 코드는 더는 쓸 수 없습니다.

unlink-title = { $here } 연결을 끊을까요?
unlink-warning = { $here }에서는 처음 온 사람이 되어 다음에 말을 거실 때 새 계좌로 시작합니다. 지금 계좌와 내역, 설정은 { $rest }에 남습니다. { $here }로 보내던 알림은 그쪽으로 보내거나, 보낼 곳이 없으면 취소됩니다.
unlink-done = { $here } 연결을 끊었습니다. /start 로 새 계좌를 열 수 있습니다.
unlink-ended = 보낼 곳이 없어진 알림 { $count }개를 취소했습니다.

## 개인정보
privacy-title = 보관 중인 내 정보
privacy-ledger = 주문과 가상 자금의 모든 움직임은 계속 보관합니다. 장부는 절대 고치지 않기 때문입니다. 삭제하시면 누구도 가리키지 않는 번호로만 남습니다.
privacy-messages = 알림, 정기 매수, 관심 종목, 대화, 설정은 바꾸실 때까지 보관합니다. 보내 드린 알림은 30일, Telegram으로 보내신 메시지는 빠뜨리거나 두 번 처리하지 않도록 48시간, 답을 기다리는 질문은 15분 동안 보관합니다. Discord에서 물으신 것은 답할 때까지만 기억합니다.
privacy-short = 주문 미리보기는 { $seconds }초, 연결 코드는 10분 동안 지문으로만 보관합니다. 이름은 그 Telegram 메시지에 적혀 온 것 말고는 저장하지 않으며, 사진과 전화번호는 전혀 저장하지 않습니다.
privacy-rights = 내려받기는 전부를 파일 하나로 드리고, 삭제는 모두 지웁니다.
privacy-export = 보관 중인 내 정보 전부입니다. JSON { $kilobytes } kB.
privacy-delete-title = 내 정보를 모두 삭제할까요?
privacy-delete-warning = 모든 플랫폼에서 연결, 설정, 알림, 정기 매수, 관심 종목, 대화, 보낼 알림, 메시지 내용이 영구히 지워지고 계좌는 닫힙니다. 되돌릴 수 없습니다.
privacy-delete-ledger = 장부의 움직임은 누구도 가리키지 않는 번호로 남습니다. 메시지에 답했다는 사실은 번호로만 48시간 기억합니다. 다시 말을 거시면 새 사람으로서 새 계좌로 시작합니다.
privacy-forgotten = 모든 정보를 삭제했습니다. 다시 말을 거시면 처음 뵙는 분으로 맞이하겠습니다.
privacy-forgotten-already = 이미 모두 삭제되어 남은 것이 없습니다.

held-platforms = 플랫폼
held-account = 계좌
held-accounts = 계좌
held-trades = 거래
held-alerts = 기다리는 알림
held-watched = 관심 종목
held-chats = 알림을 받는 대화
held-notices = 보낸·보낼 알림
held-collected = 모아 둔 것
kind-merge = 합침
kind-close = 닫음

button-link = 한 사람으로 연결
button-link-merge = 합치기
button-link-move = 옮기기
button-unlink = 연결 끊기
button-stay = 그대로 두기
button-back = 돌아가기
button-export = 내려받기
button-delete = 삭제…
button-forget = 모두 삭제

## 콘솔

## 오류
error-link-code-wrong = 그런 코드는 없습니다. 글자를 하나씩 확인하시거나, 다른 플랫폼에서 /link 로 새 코드를 받아 주세요.
error-link-code-expired = { $minutes }분이 지난 코드입니다. 다른 플랫폼에서 /link 로 새 코드를 받아 주세요.
error-link-code-used = 이미 쓰였거나 다른 사람이 먼저 입력한 코드입니다. 본인이 아니라면 /link 로 새 코드를 받아 주세요.
error-link-code-burned = 더는 쓸 수 없는 코드입니다. 취소되었거나, 여러 번 잘못 입력되었거나, 남들이 보는 곳에 적혔습니다. /link 로 새 코드를 받아 주세요.
error-link-code-public = 다른 사람도 볼 수 있는 곳에 적으셔서 코드를 폐기했고, 아무것도 연결하지 않았습니다. /link 로 새 코드를 받아 개인 대화에서 입력해 주세요.
error-link-blocked = 잘못된 코드를 너무 많이 입력하셨습니다. { $minutes }분 뒤에 새 코드를 입력해 주세요.
error-link-gone = 더는 열려 있지 않은 연결입니다. 다른 플랫폼에서 /link 로 새 코드를 받아 주세요.
error-linked-already = 이미 같은 사람, 같은 계좌입니다. 코드는 다른 플랫폼에서 입력해 주세요.
error-linked-elsewhere = 이미 다른 플랫폼과 연결되어 있어, 그대로 하면 그쪽이 계좌를 잃습니다. 먼저 /unlink 로 이 플랫폼을 뺀 뒤 코드를 다시 입력해 주세요.
error-too-many-identities = 상대는 이미 최대치인 { $limit }개의 계정을 연결했습니다.
error-only-identity = 하나뿐인 플랫폼이라 뺄 수 없습니다. 모든 정보를 삭제하려면 /privacy 를 이용해 주세요.
error-not-yours-any-more = 더는 내 계좌가 아닌 계좌의 버튼입니다. 아무것도 하지 않았습니다.
