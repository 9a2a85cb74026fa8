### 계정 연결과 개인정보.

command-link = Telegram과 Discord에서 계좌 하나를 함께 사용합니다
    .about = 일회용 코드를 발급합니다. 다른 플랫폼에서 코드를 입력하고 결과를 확인하면 두 플랫폼이 계좌 하나를 함께 사용합니다.
    .code = 다른 플랫폼에서 받은 코드. 입력하지 않으면 여기에서 코드를 발급합니다
    .examples = /link

command-unlink = 연결된 계좌에서 이 플랫폼을 해제합니다
    .about = 이 플랫폼은 계좌에서 해제되어 새 계좌로 시작합니다. 기존 계좌는 다른 플랫폼에 그대로 남습니다. 연결한 지 하루가 지나지 않았다면 가져온 계좌와 알림이 돌아옵니다.
    .examples = /unlink

command-privacy = 내 데이터를 보거나 내려받거나 삭제합니다
    .about = 무엇을 얼마나 오래 보관하는지 안내합니다. 버튼으로 전체를 파일로 내려받거나 삭제할 수 있습니다.
    .examples = /privacy

parameter-code = 코드
parameter-code_id = 연결번호
parameter-person_id = 사용자번호

## 연결
platform-telegram = Telegram
platform-discord = Discord
platform-console = 콘솔
link-title = 일회용 코드
link-code = { $code }
link-how =
    다른 플랫폼에서 이 봇과의 1:1 채팅에 다음을 입력해 주세요:
    { $line }
link-start =
    Telegram에서는 다음도 사용할 수 있습니다:
    { $start }
link-open-telegram = Telegram에서 열기
link-on-discord = Discord에서는 { $name }에게 다이렉트 메시지(DM)로 보내 주세요.
link-secret = { $minutes }분 동안 한 번만 사용할 수 있습니다. 다른 사람에게 보여 주지 마세요. 코드를 입력한 사람은 계좌 공유를 요청할 수 있습니다. /link 를 다시 입력하면 새 코드로 바뀝니다.
link-preview-title = 계정을 연결할까요?
link-preview-theirs = 코드를 만든 계정
link-preview-mine = 현재 계정
link-account = { $market } { $quote }
link-account-equity = 총자산 { $equity }, 보유 종목 { $positions }개, 거래 { $trades }건
link-account-cash = 현금 { $cash }, 보유 종목 { $positions }개, 거래 { $trades }건
link-no-account = 아직 없음
link-collected = 알림 { $alerts }개, 관심 종목 { $watched }개
link-explain-merge = 합치기: 하루 뒤 이 계좌의 자산이 모두 상대 계좌에 더해집니다. 그때까지는 따로 보관되며 거래할 수 없습니다. 보유 자산의 매수 원가는 유지되고 손익은 두 계좌의 합과 같습니다. 초기 자금은 한 번만 인정되므로 이 계좌의 초기 자금만큼 현금에서 차감됩니다.
link-explain-move = 옮기기: 앞으로 상대 계좌를 사용합니다. 하루 뒤 이 계좌는 영구적으로 닫히며, 남은 자산은 모두 소멸됩니다.
link-explain-rest = 어느 쪽이든 알림, 관심 종목, 알림을 받는 채팅방은 함께 옮겨집니다. 설정은 상대 계정을 따릅니다.
link-explain-empty = 여기에는 계좌가 없어 선택할 것이 없습니다. 앞으로 상대 계좌를 사용하며 알림, 관심 종목, 채팅방은 함께 옮겨집니다.
link-preview-opened = 링크로 열었습니다. 다른 사람에게 받은 링크라면 취소를 눌러 주세요. 연결하면 그 사람이 이 계좌의 자산을 거래할 수 있습니다. 코드를 만든 계정에서도 확인해야 합니다.
link-preview-warning = 이 코드를 직접 만든 경우에만 계속해 주세요. 연결된 사람은 모두 같은 자산을 보고 거래합니다. 연결은 하루 동안 /unlink 로 되돌릴 수 있습니다.
link-done-merge = 연결했습니다. 이제 { $platforms }에서 계좌 하나를 함께 사용합니다. 같은 마켓의 이 계좌 자산은 하루 뒤 합쳐지며, 그 전에는 /unlink 로 연결을 되돌릴 수 있습니다.
link-done-move = 연결했습니다. 이제 { $platforms }에서 계좌 하나를 함께 사용합니다. 이 계좌는 하루 뒤 닫히며, 그 전에는 /unlink 로 연결을 되돌릴 수 있습니다.
link-waits = 링크로 코드를 열었으므로 코드를 만든 사용자에게 확인을 요청했습니다. { $how ->
    [merge] 확인을 누르면 연결되고, 두 계좌는 하루 뒤 합쳐집니다.
   *[move] 확인을 누르면 상대 계좌를 사용하며 이 계좌는 하루 뒤 닫힙니다.
} 요청은 { $minutes }분 동안 유효합니다.
link-asked-title = { $platform }에서 내 계좌에 연결할까요?
link-asked-merge = { $platform }에서 내 코드가 담긴 링크를 열었습니다. 확인하면 내 계좌를 함께 사용하며, 상대 계좌의 자산은 하루 뒤 내 계좌에 합쳐집니다.
link-asked-move = { $platform }에서 내 코드가 담긴 링크를 열었습니다. 확인하면 내 계좌를 함께 사용하며, 상대 계좌는 하루 뒤 닫힙니다.
link-asked-warning = 본인이 연 경우에만 확인해 주세요. 연결된 사람은 모두 같은 자산을 보고 거래합니다. 아니라면 거절을 눌러 주세요. 요청은 { $minutes }분 동안 유효합니다.
link-allowed = 연결했습니다. 이제 { $platforms }에서 계좌 하나를 함께 사용합니다.
link-refused = 거절했습니다. 연결되지 않았으며 코드는 더 이상 사용할 수 없습니다.
link-cancelled = 취소했습니다. 연결되지 않았으며 코드는 더 이상 사용할 수 없습니다.

unlink-title = { $here } 연결을 해제할까요?
unlink-warning = { $here }에서는 다음에 메시지를 보낼 때 새 계좌로 시작합니다. 기존 계좌와 내역, 설정은 { $rest }에 남습니다. { $here }{ JOSA($here, "으로/로") } 보내던 알림은 그쪽으로 보내며, 보낼 곳이 없으면 취소됩니다.
unlink-undoes = { $here }{ JOSA($here, "을/를") } 연결한 지 하루가 지나지 않아 연결을 되돌립니다. 연결할 때 가져온 계좌 { $accounts }개, 알림 { $alerts }개, 정기 매수 { $repeats }개, 관심 종목 { $watched }개가 { $here }{ JOSA($here, "으로/로") } 돌아갑니다. 계좌는 현재 상태 그대로 돌아갑니다. { $rest ->
    [none] 다른 플랫폼이 없으므로 나머지는 삭제됩니다.
   *[other] 나머지는 { $rest }에 남습니다.
}
unlink-undone = 연결을 되돌렸습니다. 가져온 계좌와 알림이 { $here }{ JOSA($here, "으로/로") } 돌아왔습니다.
link-joined-title = { $platform } 계정이 연결되었습니다
link-joined-notice = 회원님의 코드를 { $platform }에서 입력했습니다. 이제 같은 자산을 함께 보고 거래합니다. 본인이 아니라면 하루 안에 연결 해제를 눌러 주세요. 상대가 가져온 자산과 알림은 상대에게 돌아갑니다.
link-undo-done = { $platform } 연결을 해제했습니다. 상대가 가져온 자산과 알림은 상대에게 돌아갔습니다.
link-undone-notice = { $platform } 연결이 하루 안에 취소되어, 가져온 계좌와 알림이 회원님의 계정에서 돌아갔습니다.
unlink-done = { $here } 연결을 해제했습니다. /start 로 새 계좌를 개설할 수 있습니다.
unlink-ended = 보낼 곳이 없어 알림 { $count }개를 취소했습니다.

## 개인정보
privacy-title = 보관 중인 내 데이터
privacy-ledger = 주문과 가상 자금의 입출금 기록은 원장을 수정하지 않으므로 계속 보관합니다. 데이터를 삭제하면 개인을 식별할 수 없는 번호로만 남습니다.
privacy-messages = 알림, 정기 매수, 관심 종목, 채팅방, 설정은 변경할 때까지 보관합니다. 보낸 알림은 30일 동안 보관합니다. Telegram 메시지는 답변할 때까지만 보관하고, 두 번 처리되지 않도록 메시지 번호만 48시간 더 보관합니다. 답변을 기다리는 질문은 15분 동안 보관합니다. Discord 명령은 답변할 때까지만 보관합니다.
privacy-short = 주문 미리보기는 { $seconds }초 동안 보관하고, 연결 코드는 10분 동안 해시값으로만 보관합니다. 차단된 사용자가 데이터를 삭제하면 차단을 유지하기 위해 사용자 ID의 해시값(비밀 키 사용)을 보관합니다. 이름은 Telegram 메시지에 포함된 것 외에는 저장하지 않으며, 사진과 전화번호는 저장하지 않습니다.
privacy-rights = 내려받기는 전체를 파일 하나로 제공하고, 삭제는 모두 지웁니다.
privacy-export = 보관 중인 내 데이터 전체입니다. JSON { $kilobytes } kB.
privacy-delete-title = 내 데이터를 모두 삭제할까요?
privacy-delete-warning = 모든 플랫폼의 연결, 설정, 알림, 정기 매수, 관심 종목, 채팅방, 보내지 않은 알림, 메시지 내용이 영구 삭제되고 계좌가 닫힙니다. 연결한 지 하루가 지나지 않은 다른 플랫폼이 가져온 계좌와 데이터는 삭제되지 않고 그 플랫폼으로 돌아갑니다. 되돌릴 수 없습니다.
privacy-delete-ledger = 원장 기록은 개인을 식별할 수 없는 번호로 남습니다. 두 번 답변하지 않도록 메시지 번호만 48시간 보관합니다. 다시 메시지를 보내면 새 사용자로 새 계좌를 시작합니다. 차단은 그대로 유지됩니다.
privacy-forgotten = 모든 데이터를 삭제했습니다. 다시 메시지를 보내면 새 사용자로 시작합니다.
privacy-forgotten-already = 이미 모두 삭제되어 남은 것이 없습니다.

held-platforms = 플랫폼
held-account = 계좌
held-accounts = 계좌
held-trades = 거래
held-alerts = 설정된 알림
held-watched = 관심 종목
held-chats = 알림을 받는 채팅방
held-notices = 알림 메시지
held-collected = 수집 항목
kind-merge = 합침
kind-close = 닫음

button-link = 계정 연결
button-refuse = 거절
button-link-merge = 합치기
button-link-move = 옮기기
button-unlink = 연결 해제
button-stay = 그대로 두기
button-back = 돌아가기
button-export = 내려받기
button-delete = 삭제…
button-forget = 모두 삭제

## 콘솔

## 오류
error-link-code-wrong = 일치하는 코드가 없습니다. 글자를 확인하거나, 다른 플랫폼에서 /link 로 새 코드를 받아 주세요.
error-link-code-expired = { $minutes }분이 지난 코드입니다. 다른 플랫폼에서 /link 로 새 코드를 받아 주세요.
error-link-code-used = 이미 사용된 코드입니다. 본인이 사용하지 않았다면 /link 로 새 코드를 받아 주세요.
error-link-code-revoked = 더 이상 사용할 수 없는 코드입니다. 취소되었거나, 여러 번 잘못 입력되었거나, 다른 사람이 볼 수 있는 곳에 공개되었습니다. /link 로 새 코드를 받아 주세요.
error-link-code-public = 다른 사람이 볼 수 있는 곳이라 코드를 폐기했으며, 연결하지 않았습니다. /link 로 새 코드를 받아 1:1 채팅에서 입력해 주세요.
error-link-blocked = 잘못된 코드를 너무 많이 입력했습니다. { $minutes }분 뒤에 새 코드를 입력해 주세요.
error-link-request-expired = 더 이상 유효하지 않은 연결입니다. 다른 플랫폼에서 /link 로 새 코드를 받아 주세요.
error-linked-already = 현재 계정에서 만든 코드입니다. 코드는 다른 플랫폼에서 입력해 주세요.
error-linked-meanwhile = 같은 시각에 계좌가 연결되었거나 삭제되어 코드를 만들지 않았습니다. /link 를 다시 보내 주세요.
error-link-unconfirmed = 코드를 만든 사용자가 아직 확인하지 않았습니다.
error-link-host-unreachable = 링크로 코드를 열었지만, 코드를 만든 계정에는 확인을 받을 1:1 채팅이 없습니다. 여기에서 /link 와 코드를 직접 보내 주세요.
error-merge-short = 합치려면 이 계좌의 초기 자금을 차감해야 하지만, 두 계좌의 현금을 합쳐도 { $missing } { $asset }{ JOSA($asset, "이/가") } 부족합니다. 둘 중 한 계좌에서 보유 자산을 매도한 뒤 다시 시도하거나 옮기기를 선택해 주세요.
error-linked-elsewhere = 이미 다른 플랫폼과 연결되어 있어, 그대로 진행하면 그쪽이 계좌를 잃습니다. 먼저 /unlink 로 이 플랫폼을 해제한 뒤 코드를 다시 입력해 주세요.
error-too-many-identities = 상대 계정에는 이미 최대 { $limit }개의 플랫폼 계정이 연결되어 있습니다.
error-only-identity = 하나뿐인 플랫폼이라 해제할 수 없습니다. 모든 데이터를 삭제하려면 /privacy 를 이용해 주세요.
error-account-no-longer-yours = 더 이상 내 계좌가 아닌 계좌의 버튼입니다. 아무것도 실행하지 않았습니다.
