### 운영자의 정정: 역분개와 조정.

kind-reversal = 체결 취소
kind-adjustment = 조정
history-reversal = { $order_id }번 주문 체결 취소
history-reason = { $trade } · { $reason }
history-undone = { $trade } · 취소됨
label-reason = 사유

push-reversal = { $order_id }번 주문의 체결이 취소되었습니다: { $trade }
push-adjustment = 현금이 조정되었습니다: { $amount }
push-correction-operator = Paperdesk 운영자가 정정한 내역이며, 손익에는 포함되지 않습니다.

## 명령줄
error-unknown-entry = 원장에 { $reference }에 해당하는 내역이 없습니다. /history에 표시되는 주문 번호, entry:번호, command:ID 중 하나를 입력해 주세요.
error-not-an-entry = { $text }{ JOSA($text, "은/는") } 원장의 내역을 가리키지 않습니다. /history에 표시되는 주문 번호, entry:번호, command:ID 중 하나를 입력해 주세요.
error-not-reversible = { $reference }{ JOSA($reference, "은/는") } 취소할 수 없습니다. { $kind ->
    [reversal] 이미 역분개입니다. `paperdesk adjust`로 정정해 주세요.
    [hold] 미체결 주문에 금액을 묶은 내역입니다. 주문한 사용자가 /cancel로 취소할 수 있습니다.
    [release] 묶였던 금액을 되돌린 내역입니다.
    [merge] 두 계좌를 합친 내역입니다. 사용자가 /unlink로 연결을 되돌릴 수 있습니다.
    [merged] 두 계좌를 합친 내역입니다. 사용자가 /unlink로 연결을 되돌릴 수 있습니다.
   *[other] 주문, 조정, 종목 변경 처리만 취소할 수 있습니다. `paperdesk adjust`로 정정해 주세요.
}
error-already-reversed = { $reference }{ JOSA($reference, "은/는") } 이미 { $reversal_id }번 분개로 취소되었습니다. 변경된 내용은 없습니다.
error-round-ended = { $account_id }번 계좌는 { $reference } 이후에 초기화되어 취소할 내용이 없습니다. 변경된 내용은 없습니다.
error-entry-of-former-unit = { $reference }{ JOSA($reference, "은/는") } { $action } 처리 이전 단위의 수량이라 취소할 수 없습니다. 종목 변경 처리를 먼저 취소하거나 `paperdesk adjust`로 계좌를 정정해 주세요. 변경된 내용은 없습니다.
error-account-ended = { $account_id }번 계좌는 해지되었거나 다른 계좌와 합쳐졌습니다. 자금이 있는 계좌를 `paperdesk adjust`로 정정해 주세요.
error-unknown-account = { $account_id }번 계좌가 없습니다. /audit에 사용자 번호를 입력하면 계좌가 표시됩니다.
error-correction-short = { $account_id }번 계좌의 주문 가능 수량이 { $missing } { $asset } 부족합니다{ $held ->
    [0] . 이를 사용한 이후 주문을 먼저 취소하거나, 남아 있는 만큼만 조정해 주세요.
   *[other] . { $held } { $asset }{ JOSA($asset, "이/가") } 미체결 주문에 묶여 있습니다. 사용자에게 주문 취소를 요청하거나, 나머지를 사용한 이후 주문을 먼저 취소해 주세요.
} 변경된 내용은 없습니다.
error-grant-exhausted = 차감 후에도 { $account_id }번 계좌에 지급액의 일부가 남아야 합니다. 손익은 지급액을 기준으로 계산됩니다. 변경된 내용은 없습니다.
error-no-reason = --reason에 1~{ $limit }자의 사유를 입력해 주세요. 사용자와 감사 기록에 표시됩니다.
error-not-an-adjustment = { $text }{ JOSA($text, "은/는") } 조정할 금액이 아닙니다. +100 또는 -25.50처럼 부호와 함께 입력해 주세요.
cli-reversed = { $entry_id }번 분개로 취소했습니다. 계좌 { $account_id }: { $moved }
cli-adjusted = { $entry_id }번 분개로 조정했습니다. 계좌 { $account_id }: { $moved }
